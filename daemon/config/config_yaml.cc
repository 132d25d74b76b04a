#include "daemon/config/config_yaml.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "daemon/config/effective.h"
#include "rules/base/ensure.h"
#include "rules/base/hash.h"

namespace cellvigil::config {
namespace {

constexpr std::string_view kPrefix = "CELLVIGIL_";
constexpr std::string_view kFileVariable = "CELLVIGIL_CONFIG";  // read by the program: which file

void take_defaults(Effective& effective) {
    for (std::size_t i = 0; i < keys().size(); ++i) {
        const Key& key = keys()[i];
        if (has_names(key)) continue;
        auto value = read_value(key.expected, key.fallback);
        ensure(value.has_value(), "a key's default is a value of its kind");
        effective.insert_or_assign({i, {}}, Given{std::move(*value), "default"});
    }
}

void take_files(const std::string& file, Effective& effective, std::vector<Problem>& problems) {
    if (file.empty()) return;
    read_yaml(file, effective, problems);
    std::vector<std::filesystem::path> more;
    std::error_code error;
    const auto folder = std::filesystem::path(file).parent_path() / "conf.d";
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (at->path().extension() == ".yaml") more.push_back(at->path());
    std::ranges::sort(more);
    for (const auto& path : more) read_yaml(path.string(), effective, problems);
}

bool begins_like_a_setting(const std::string& name) {
    return std::ranges::any_of(keys(), [&](const Key& key) {
        const std::string own = environment_name(key);
        const std::string section = own.substr(0, own.find('_', kPrefix.size()));
        return name == section || name.starts_with(section + "_");
    });
}

void take_environment(const std::map<std::string, std::string>& environment, Effective& effective, Loaded& loaded) {
    std::map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < keys().size(); ++i)
        if (!has_names(keys()[i])) known.emplace(environment_name(keys()[i]), i);
    for (const auto& [name, text] : environment) {
        if (!name.starts_with(kPrefix) || name == kFileVariable) continue;
        const std::string where = "environment " + name;
        const auto place = known.find(name);
        if (place == known.end() &&
            !begins_like_a_setting(name)) {  // Kubernetes sets CELLVIGIL_SERVICE_HOST and the like
            loaded.ignored.push_back(name);
            continue;
        }
        if (place == known.end()) {
            loaded.problems.push_back({where, "", "no setting has this name; docs/configuration.md lists them"});
            continue;
        }
        const Key& key = keys()[place->second];
        auto value = read_value(key.expected, text);
        if (!value) {
            loaded.problems.push_back({where, std::string(key.path), value.error().detail});
        } else {
            effective.insert_or_assign({place->second, {}}, Given{std::move(*value), where});
        }
    }
}

// The embedded study, spelt as settings, unless the operator names studies.
void take_embedded_studies(Effective& effective) {
    const std::size_t cohorts = place_of("studies.<study>.cohorts");
    const std::size_t site = place_of("studies.<study>.sites.<site>");
    const std::size_t offset = place_of("studies.<study>.sites.<site>.utc_offset");
    for (const auto& [id, given] : effective)
        if (keys()[id.first].path.starts_with("studies.")) return;
    for (const auto& [study_id, study] : embedded_studies()) {
        Value list;
        list.list.assign(study.cohorts.begin(), study.cohorts.end());
        effective.emplace(std::pair(cohorts, Names{study_id}), Given{std::move(list), "default"});
        for (const auto& [site_id, known] : study.sites) {
            Value at;
            at.offset = known.offset.value_or(UtcOffset{});
            effective.emplace(std::pair(site, Names{study_id, site_id}), Given{Value{}, "default"});
            effective.emplace(std::pair(offset, Names{study_id, site_id}), Given{at, "default"});
        }
    }
}

// A secret that may stand in a file: where it goes, and what names the file.
struct SecretPlace {
    std::string_view file_key;  // "sinks.webhooks.<name>.secret_file"
    std::string name;
    std::string file;
    std::string* secret = nullptr;
};

std::vector<SecretPlace> secret_places(Sinks& sinks) {
    std::vector<SecretPlace> places;
    for (WebhookSink& sink : sinks.webhooks) {
        places.push_back({"sinks.webhooks.<name>.url_file", sink.name, sink.url_file, &sink.url});
        places.push_back({"sinks.webhooks.<name>.secret_file", sink.name, sink.secret_file, &sink.secret});
    }
    for (PostedSink& sink : sinks.slack)
        places.push_back({"sinks.slack.<name>.url_file", sink.name, sink.url_file, &sink.url});
    for (PostedSink& sink : sinks.teams)
        places.push_back({"sinks.teams.<name>.url_file", sink.name, sink.url_file, &sink.url});
    for (AlertmanagerSink& sink : sinks.alertmanagers) {
        places.push_back({"sinks.alertmanager.<name>.url_file", sink.name, sink.url_file, &sink.url});
        places.push_back({"sinks.alertmanager.<name>.token_file", sink.name, sink.token_file, &sink.token});
    }
    for (EmailSink& sink : sinks.emails)
        places.push_back({"sinks.email.<name>.password_file", sink.name, sink.password_file, &sink.password});
    std::erase_if(places, [](const SecretPlace& place) { return place.file.empty(); });
    return places;
}

void read_secret_files(const Effective& effective, const std::string& credentials, Config& config,
                       std::vector<Problem>& problems) {
    for (const SecretPlace& place : secret_places(config.sinks)) {
        const std::size_t row = place_of(place.file_key);
        const auto& given = effective.at({row, {place.name}});
        const std::string key = path_of(keys()[row], {place.name});
        const std::string plain =
            key.substr(key.rfind('.') + 1, key.size() - key.rfind('.') - 1 - std::string_view("_file").size());
        if (!place.secret->empty())
            problems.push_back({given.origin, key, fmt::format("either {0} or {0}_file, not both", plain)});
        const bool is_credential = !credentials.empty() && place.file.find('/') == std::string::npos;
        std::ifstream file(is_credential ? credentials + "/" + place.file : place.file);
        std::ostringstream content;
        if (!file || !(content << file.rdbuf())) {
            problems.push_back({given.origin, key, "the file cannot be read or is empty"});
            continue;
        }
        std::string& secret = *place.secret;
        secret = content.str();
        while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r' || secret.back() == ' '))
            secret.pop_back();
    }
}

void read_metrics_token(const Effective& effective, Http& http, std::vector<Problem>& problems) {
    if (http.metrics_token_file.empty()) return;
    std::ifstream file(http.metrics_token_file);
    file >> http.metrics_token;
    if (http.metrics_token.size() < 16)
        problems.push_back({effective.at({place_of("http.metrics_token_file"), {}}).origin, "http.metrics_token_file",
                            "the file cannot be read or holds a token of less than 16 characters"});
}

std::string hash_of(const Effective& effective, const Config& config) {
    std::string all;
    for (const auto& [id, given] : effective) {
        const Key& key = keys()[id.first];
        all += path_of(key, id.second) + "=" + to_yaml(key.expected.kind, given.value);
        if (is_secret(key, id.second)) all += given.value.text;
        all += '\n';
    }
    Sinks sinks = config.sinks;
    for (const SecretPlace& place : secret_places(sinks)) all += *place.secret + "\n";
    return fmt::format("{:016x}", hash64(all));
}

}  // namespace

std::vector<std::string> segments_with(const Key& key, const Names& names) {
    std::vector<std::string> segments = segments_of(key.path);
    std::size_t used = 0;
    for (std::string& segment : segments)
        if (segment.front() == '<') segment = names.at(used++);
    return segments;
}

std::string path_of(const Key& key, const Names& names) {
    return fmt::format("{}", fmt::join(segments_with(key, names), "."));
}

std::size_t place_of(std::string_view path) {
    const auto all = keys();
    const auto found = std::ranges::find(all, path, &Key::path);
    ensure(found != all.end(), "the table has this key");
    return static_cast<std::size_t>(found - all.begin());
}

std::string to_text(const Problem& problem) {
    return fmt::format("{}: {}{}{}", problem.where, problem.key, problem.key.empty() ? "" : ": ", problem.what);
}

std::map<std::string, std::string> environment_of_process() {
    std::map<std::string, std::string> found;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (text.starts_with(kPrefix) && equals != std::string_view::npos)
            found.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return found;
}

std::string credentials_of_process() {
    constexpr std::string_view kName = "CREDENTIALS_DIRECTORY=";
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
        if (std::string_view(*entry).starts_with(kName)) return std::string(*entry).substr(kName.size());
    return {};
}

Loaded load(const Sources& sources) {
    Loaded loaded;
    Effective effective;
    take_defaults(effective);
    take_files(sources.file, effective, loaded.problems);
    take_environment(sources.environment, effective, loaded);
    take_embedded_studies(effective);
    for (const auto& [id, given] : effective) keys()[id.first].apply(loaded.config, id.second, given.value);
    loaded.config.input.properties.insert(loaded.config.kafka.begin(), loaded.config.kafka.end());
    if (loaded.config.sinks.kafka)
        loaded.config.sinks.kafka->properties.insert(loaded.config.kafka.begin(), loaded.config.kafka.end());
    read_secret_files(effective, sources.credentials, loaded.config, loaded.problems);
    read_metrics_token(effective, loaded.config.http, loaded.problems);
    check(effective, loaded.config, loaded.problems);
    for (const auto& [id, given] : effective) {
        const Key& key = keys()[id.first];
        const bool hidden = is_secret(key, id.second);
        loaded.settings.push_back({segments_with(key, id.second),
                                   to_yaml(hidden ? Kind::secret : key.expected.kind, given.value), given.origin});
    }
    sort_as_tree(loaded.settings);
    loaded.hash = hash_of(effective, loaded.config);
    return loaded;
}

}  // namespace cellvigil::config
