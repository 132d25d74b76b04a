#include "daemon/tools/commands/simulate.h"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <memory>
#include <ostream>

#include "daemon/clock.h"
#include "daemon/simulate/simulation.h"
#include "daemon/simulate/ward_load.h"
#include "daemon/tools/command.h"
#include "daemon/tools/sending.h"

namespace cellvigil::tools {
namespace {

struct SimulateOptions {
    bool json = false;
    std::string preset = "c-car039";
    std::string scenario = "none";
    std::string scenario_from;
    std::string density = "charted";
    std::string now;
    std::string truth;
    std::string study;
    std::string cohort;
    std::uint32_t subjects = 48;
    std::uint32_t sites = 4;
    std::uint64_t seed = 1;
    double malformed = -1;
    double paediatric = -1;
    std::uint64_t load = 0;
    SendingOptions sending;
};

// "charted", "monitor", or minutes.
Result<int> minutes_between_readings(const std::string& density) {
    if (density == "charted") return 240;
    if (density == "monitor") return 5;
    int minutes_between = 0;
    const char* end = density.data() + density.size();
    const auto [stopped, error] = std::from_chars(density.data(), end, minutes_between);
    if (error != std::errc{} || stopped != end || minutes_between < 1 || minutes_between > 1440)
        return fail(Errc::invalid, "--density takes charted, monitor or minutes from 1 to 1440");
    return minutes_between;
}

// Over HTTP the daemon makes the key from the message, so that a wrong one cannot be sent.
bool carries_keys(const std::string& target) { return !target.starts_with("http://"); }

Result<simulate::Parameters> parameters_of(const SimulateOptions& options, Instant now) {
    auto parameters = simulate::preset(options.preset);
    if (!parameters) return parameters;
    const auto every = minutes_between_readings(options.density);
    if (!every) return fail(every.error());
    const auto scenario = simulate::scenario_of(options.scenario);
    if (!scenario) return fail(scenario.error());
    parameters->now = now;
    parameters->scenario = *scenario;
    if (!options.scenario_from.empty()) {
        const auto from = parse_rfc3339(options.scenario_from);
        if (!from) return fail(Errc::invalid, "--scenario-from: " + from.error().detail);
        parameters->scenario_from = *from;
    }
    parameters->vitals.every_minutes = *every;
    parameters->subjects = options.subjects;
    parameters->sites = options.sites;
    parameters->seed = options.seed;
    if (!options.study.empty()) parameters->study = options.study;
    if (!options.cohort.empty()) parameters->cohort = options.cohort;
    if (options.malformed >= 0) parameters->stream.malformed = options.malformed;
    if (options.paediatric >= 0) parameters->paediatric = options.paediatric;
    parameters->stream.wrong_keys = carries_keys(options.sending.target);
    return parameters;
}

Result<void> write_truth(const std::string& path, std::string_view ledger) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << ledger;
    file.flush();
    if (!file.good()) return fail(Errc::unavailable, path + " cannot be written");
    return {};
}

std::string totals_as_text(const simulate::Totals& totals) {
    return fmt::format(
        "{} subjects: {} messages ({} created, {} amended, {} retracted, {} heartbeats, {} sent twice, {} malformed), "
        "{} not yet sent by now\n",
        totals.subjects, totals.messages, totals.creates, totals.amends, totals.retracts, totals.heartbeats,
        totals.repeats, totals.malformed, totals.not_yet_sent);
}

ExitCode tell(const Sending& sending, const SimulateOptions& options, Console& console) {
    std::ostream& out = options.sending.target == "-" ? console.err : console.out;
    out << (options.json ? sent_as_json(sending.sent()) + "\n" : sent_as_text(sending.sent()));
    return ExitCode::fine;
}

ExitCode run_cohort(const SimulateOptions& options, Console& console, Instant now) {
    auto parameters = parameters_of(options, now);
    if (!parameters) return failed(console, parameters.error(), options.json, ExitCode::usage);
    auto simulation = simulate::Simulation::make(*parameters);
    if (!simulation) return failed(console, simulation.error(), options.json, ExitCode::usage);
    const auto style = options.sending.quiet ? Progress::Style::quiet : Progress::style_of_stderr();
    Progress drawing(console.err, style, "drawing", "subjects", parameters->subjects);
    while (simulation->draw_next()) drawing.update(simulation->drawn());
    simulation->finish();
    drawing.finish(simulation->drawn());
    if (!options.truth.empty()) {
        if (auto written = write_truth(options.truth, simulation->ledger()); !written)
            return failed(console, written.error(), options.json);
    }
    if (!options.sending.quiet && !options.json) console.err << totals_as_text(simulation->totals());

    auto sending = Sending::open(options.sending, console, simulation->totals().messages);
    if (!sending) return failed(console, sending.error(), options.json);
    auto sent = simulation->emit([&](const simulate::Outgoing& one) {
        return sending->put({one.at, one.key, one.value});
    });
    if (sent) sent = sending->finish();
    if (!sent) return failed(console, sent.error(), options.json);
    return tell(*sending, options, console);
}

ExitCode run_load(const SimulateOptions& options, Console& console, Instant now) {
    simulate::WardLoad load;
    load.messages = options.load;
    load.subjects = options.subjects;
    load.sites = options.sites;
    load.seed = options.seed;
    load.now = now;
    if (!options.study.empty()) load.study = options.study;
    if (!options.cohort.empty()) load.cohort = options.cohort;
    auto sending = Sending::open(options.sending, console, load.messages);
    if (!sending) return failed(console, sending.error(), options.json);
    simulate::WardGenerator generator(load);
    simulate::Outgoing one;
    while (generator.next(one)) {
        if (auto put = sending->put({one.at, one.key, one.value}); !put)
            return failed(console, put.error(), options.json);
    }
    if (auto finished = sending->finish(); !finished) return failed(console, finished.error(), options.json);
    return tell(*sending, options, console);
}

ExitCode run(const SimulateOptions& options, Console& console) {
    Instant now = wall_clock();
    if (!options.now.empty()) {
        const auto given = parse_rfc3339(options.now);
        if (!given)
            return failed(console, {Errc::invalid, "--now: " + given.error().detail}, options.json, ExitCode::usage);
        now = *given;
    }
    return options.load > 0 ? run_load(options, console, now) : run_cohort(options, console, now);
}

}  // namespace

void add_simulate(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<SimulateOptions>();
    CLI::App* command =
        add_command(app, "simulate", "Streams a simulated cohort, with its truth beside it", options->json);
    command->add_option("--preset", options->preset, "c-car039, axi-cel or relma-cel")->capture_default_str();
    command->add_option("--subjects", options->subjects, "Subjects")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    command->add_option("--sites", options->sites, "Sites, site-01 on")
        ->check(CLI::Range(1, 99))
        ->capture_default_str();
    command->add_option("--seed", options->seed, "The same seed gives the same bytes")->capture_default_str();
    command
        ->add_option("--scenario", options->scenario,
                     "none, hazard-doubled, lot-doubled, site-tripled, prophylaxis-shortened, crs-tripled or "
                     "icans-tripled")
        ->capture_default_str();
    command->add_option("--scenario-from", options->scenario_from,
                        "When hazard-doubled begins (RFC 3339); else two years before now");
    command
        ->add_option("--density", options->density,
                     "Vital signs: charted (every 4 h), monitor (every 5 min), or minutes")
        ->capture_default_str();
    command->add_option("--now", options->now, "Nothing is recorded at or after it (RFC 3339); else the present");
    command->add_option("--truth", options->truth, "Where the truth ledger goes (lines of JSON)");
    command->add_option("--study", options->study, "Another study id than the preset's");
    command->add_option("--cohort", options->cohort, "Another cohort id than the preset's");
    command->add_option("--malformed", options->malformed, "Share of malformed messages")->check(CLI::Range(0.0, 1.0));
    command->add_option("--paediatric", options->paediatric, "Share of subjects under 12 years")
        ->check(CLI::Range(0.0, 1.0));
    command->add_option("--load", options->load,
                        "Instead of a cohort: so many messages in a ward's mix, for benchmarks");
    add_sending_options(*command, "--out", options->sending);
    command->callback([options, &chosen] { chosen = [options](Console& console) { return run(*options, console); }; });
}

}  // namespace cellvigil::tools
