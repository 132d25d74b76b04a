#include "daemon/tools/commands/notify.h"

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/clock.h"
#include "daemon/config/config_yaml.h"
#include "daemon/configured_sinks.h"
#include "daemon/tools/command.h"

namespace cellvigil::tools {
namespace {

struct NotifyOptions {
    bool json = false;
    std::string config;
    std::string sink;
};

using Sinks = std::vector<std::unique_ptr<alerts::Sink>>;

Result<Sinks> configured(const std::string& file) {
    const config::Loaded loaded = config::load({.file = file,
                                                .environment = config::environment_of_process(),
                                                .credentials = config::credentials_of_process()});
    std::string problems;
    for (const auto& problem : loaded.problems) problems += (problems.empty() ? "" : "\n") + config::to_text(problem);
    if (!problems.empty()) return fail(Errc::invalid, std::move(problems));
    return make_sinks(loaded.config.sinks);
}

std::string names_of(const Sinks& sinks) {
    std::string names;
    for (const auto& sink : sinks) names += (names.empty() ? "" : ", ") + sink->name();
    return names;
}

ExitCode test(const NotifyOptions& options, Console& console) {
    const auto sinks = configured(options.config);
    if (!sinks) return failed(console, sinks.error(), options.json, ExitCode::configuration);
    for (const auto& sink : *sinks) {
        if (sink->name() != options.sink) continue;
        const Instant now = wall_clock();
        alerts::Announcement announcement;
        announcement.id = "test." + std::to_string(now.time_since_epoch().count());
        announcement.at = now;
        announcement.title = "Test notification: nothing has happened to anybody";
        announcement.facts = {{"sink", sink->name()}, {"asked_for_with", "cellvigilctl notify test"}};
        const alerts::Attempt attempt = sink->announce(announcement);
        const bool taken = attempt.fate == alerts::Fate::delivered;
        if (!taken)
            return failed(console, {Errc::unavailable, sink->name() + " did not take it: " + attempt.detail},
                          options.json);
        if (options.json) {
            console.out << boost::json::serialize(
                               boost::json::object{{"sink", sink->name()}, {"taken", true}, {"id", announcement.id}})
                        << '\n';
        } else {
            console.out << sink->name() << " took " << announcement.id << '\n';
        }
        return ExitCode::fine;
    }
    return failed(console, {Errc::not_found, "no such sink; configured are: " + names_of(*sinks)}, options.json,
                  ExitCode::usage);
}

}  // namespace

void add_notify(CLI::App& app, Action& chosen) {
    CLI::App* group = app.add_subcommand("notify", "Tries the ways of alerts");
    group->require_subcommand(1);
    auto options = std::make_shared<NotifyOptions>();
    CLI::App* command =
        add_command(*group, "test", "Sends a test notification through one sink, beside the daemon", options->json);
    command->add_option("--sink", options->sink, "The sink, such as webhook:safety or email:office")->required();
    command->add_option("--config", options->config, "The daemon's configuration");
    command->callback([options, &chosen] { chosen = [options](Console& console) { return test(*options, console); }; });
}

}  // namespace cellvigil::tools
