#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "daemon/config/effective.h"

namespace cellvigil::config {
namespace {

constexpr std::string_view kIntroduction = R"(# Configuration

This page is printed by the program (`cellvigild --print-config-reference`); a test compares it with the program's own table.

Settings come from, in this order, each overriding single settings of those before it:

1. the defaults below: the daemon runs without any file;
2. one YAML file, given by `--config` or `CELLVIGIL_CONFIG`;
3. the files `conf.d/*.yaml` beside that file, in the order of their names;
4. the environment, by the names below. Lists are words between commas there. Settings with a `<name>` of your own have no
   variable. A variable that begins like a section but names no setting is an error; any other CELLVIGIL_ variable is ignored and
   told in the log.

A key that is not listed here, a value of another kind or outside its range, and a combination that makes no sense are errors:
`cellvigild --check-config` prints all of them, each with file, line, column and what was expected, and ends with status 78 (0
when there are none). `cellvigild --print-config` prints the effective configuration with the origin of every value. Secrets are
never printed: keep them in files that only the daemon may read.

Settings marked *reload* take effect at SIGHUP; a reload is refused as a whole when anything is wrong with it. The others are read
at the start.

A site's own spellings of units (`units`) and its own codes (`codes`) are translated at the door, before anything is judged, and
only for that site. A unit's alias comes before our table of spellings and means a UCUM unit of
[units.md](clinical/units.md). A code's alias is asked for codes that name no public system and that our tables do not know; it
means a LOINC or ATC code of [codes.md](clinical/codes.md), or a name from there. The alias changes what arrives from then on:
messages that are already in the log were read by the table of their time.

A small example:

```yaml
data_folder: /var/lib/cellvigil
studies:
  CCAR039-P1:
    cohorts: [C-CAR039]
    sites:
      site-01:
        utc_offset: "+08:00"
        units:
          THOU/uL: "10*3/uL"
        codes:
          ANC: neutrophils
          KREA: "2160-0"
sinks:
  webhooks:
    safety:
      url: https://safety.example/hooks/cellvigil
      secret_file: /run/credentials/cellvigil/webhook
```
)";

std::string range_of(const Key& key) {
    const Expected& expected = key.expected;
    switch (expected.kind) {
        case Kind::integer:
            return fmt::format("{} to {}", expected.first, expected.last);
        case Kind::bytes: {
            Value first;
            Value last;
            first.number = expected.first;
            last.number = expected.last;
            return to_yaml(Kind::bytes, first) + " to " + to_yaml(Kind::bytes, last);
        }
        case Kind::boolean:
        case Kind::choice: {
            std::string text = to_text(expected);
            return text;
        }
        case Kind::list:
            return expected.may_be_empty ? "list" : "list, not empty";
        case Kind::offset:
            return "`\"-14:00\"` to `\"+14:00\"`";
        case Kind::text:
            return expected.may_be_empty ? "text" : "text, not empty";
        case Kind::property:
            return "text";
        case Kind::secret:
            return "secret";
        case Kind::group:
            return "map";
    }
    return "";
}

void append_section(std::string& page, std::string_view section) {
    page += fmt::format("\n## {}\n\n", section);
    page += "| setting | default | unit | range | meaning |\n|---|---|---|---|---|\n";
    for (const Key& key : keys()) {
        if (segments_of(key.path).front() != section) continue;
        std::string fallback = has_names(key)         ? "none"
                               : key.fallback.empty() ? "empty"
                                                      : fmt::format("`{}`", key.fallback);
        std::string name = fmt::format("`{}`", key.path);
        if (!has_names(key)) name += fmt::format("<br>`{}`", environment_name(key));
        std::string range = range_of(key);
        page += fmt::format("| {} | {} | {} | {} | {}{} |\n", name, fallback, key.unit, range, key.meaning,
                            key.reloads ? " *reload*" : "");
    }
}

std::string as_key(const std::string& segment) {
    Value value;
    value.text = segment;
    return to_yaml(Kind::text, value);
}

std::size_t shared_length(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

}  // namespace

void sort_as_tree(std::vector<Setting>& settings) {
    using Path = std::vector<std::string>;
    std::map<Path, std::size_t> seen;  // prefix to its first appearance
    std::vector<std::pair<std::vector<std::size_t>, std::size_t>> ranks;
    for (std::size_t i = 0; i < settings.size(); ++i) {
        std::vector<std::size_t> rank;
        const Path& path = settings[i].path;
        for (auto end = path.begin(); end != path.end(); ++end)
            rank.push_back(seen.try_emplace(Path(path.begin(), end + 1), i).first->second);
        ranks.emplace_back(std::move(rank), i);
    }
    std::ranges::sort(ranks);
    std::vector<Setting> sorted;
    sorted.reserve(settings.size());
    for (const auto& [rank, place] : ranks) sorted.push_back(std::move(settings[place]));
    settings = std::move(sorted);
}

std::string print_config(const Loaded& loaded) {
    std::string out = fmt::format("# effective configuration {}\n", loaded.hash);
    std::vector<std::string> open;
    for (const Setting& setting : loaded.settings) {
        const auto shared = shared_length(setting.path, open);
        for (std::size_t depth = shared; depth + 1 < setting.path.size(); ++depth)
            out += fmt::format("{:{}}{}:\n", "", depth * 2, as_key(setting.path[depth]));
        const bool group = setting.value == "{}";  // the keys of its map follow, if any
        out += fmt::format("{:{}}{}:{}{}  # {}\n", "", (setting.path.size() - 1) * 2, as_key(setting.path.back()),
                           group ? "" : " ", group ? "" : setting.value, setting.origin);
        open = setting.path;
        if (!group) open.pop_back();
    }
    return out;
}

std::string config_reference() {
    std::string page(kIntroduction);
    std::vector<std::string> sections;
    for (const Key& key : keys()) {
        const std::string section = segments_of(key.path).front();
        if (std::ranges::find(sections, section) == sections.end()) sections.push_back(section);
    }
    for (const std::string& section : sections) append_section(page, section);
    return page;
}

}  // namespace cellvigil::config
