#include "daemon/tools/commands/backtest.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <ostream>

#include <fmt/core.h>

#include "daemon/backtest/picture.h"
#include "daemon/packs/rule_pack.h"
#include "daemon/tools/command.h"
#include "daemon/tools/progress.h"

namespace cellvigil::tools {
namespace {

using simulate::Scenario;

struct BacktestOptions {
    bool json = false;
    bool quiet = false;
    bool markdown = false;
    std::string pack;
    std::string scenario = "all";
    std::string base = "at-limit";
    std::string preset;
    std::string csv;
    std::string svg;
    std::string png;
    std::uint32_t runs = 1000;
    std::uint32_t subjects = 0;
    std::uint32_t sites = 4;
    std::uint32_t excess_months = 48;
    std::uint32_t threads = 1;
    std::uint64_t seed = 1;
};

Result<void> write_file(const std::string& path, const std::string& content) {
    const std::string beside = path + ".part";
    std::ofstream file(beside, std::ios::binary);
    file << content;
    file.close();
    if (!file || std::rename(beside.c_str(), path.c_str()) != 0)
        return fail(Errc::unavailable, "cannot write " + path + ": does its folder exist, and is there room?");
    return {};
}

// librsvg's converter, when it is installed: nothing else here draws pixels.
Result<void> convert(const std::string& svg, const std::string& png) {
    std::string arguments[] = {"rsvg-convert", "--output", png, svg};
    char* argv[] = {arguments[0].data(), arguments[1].data(), arguments[2].data(), arguments[3].data(), nullptr};
    pid_t child = 0;
    if (posix_spawnp(&child, argv[0], nullptr, nullptr, argv, environ) != 0)
        return fail(Errc::unavailable, "--png needs rsvg-convert (Debian: librsvg2-bin), or take --svg");
    int status = 0;
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail(Errc::unavailable, "rsvg-convert did not write " + png);
    return {};
}

Result<void> write_png(const std::string& png, const std::string& picture) {
    const std::string beside = png + ".svg.part";
    if (auto written = write_file(beside, picture); !written) return written;
    auto converted = convert(beside, png);
    std::remove(beside.c_str());
    return converted;
}

Result<std::vector<Scenario>> scenarios_of(const std::string& name) {
    std::vector<Scenario> scenarios;
    if (name == "all") {
        for (int i = 0; i < simulate::kScenarios; ++i) scenarios.push_back(static_cast<Scenario>(i));
        return scenarios;
    }
    const auto one = simulate::scenario_of(name);
    if (!one) return fail(Errc::invalid, "--scenario: " + one.error().detail + "; or all");
    scenarios.push_back(*one);
    return scenarios;
}

// The simulated product that the pack is about, else the first of the presets.
std::string preset_for(const std::string& pack) {
    for (const std::string& name : simulate::preset_names())
        if (pack.find(name) != std::string::npos) return name;
    return simulate::preset_names().front();
}

std::uint32_t planned_subjects(const Catalogue& catalogue) {
    std::int64_t most = 0;
    for (const MonitorSpec& monitor : catalogue.monitors) most = std::max(most, monitor.planned_subjects);
    return most > 0 ? static_cast<std::uint32_t>(most) : 48;
}

Result<backtest::Design> design_of(const BacktestOptions& options, const packs::Pack& pack) {
    auto parameters = simulate::preset(options.preset.empty() ? preset_for(pack.rules.pack) : options.preset);
    if (!parameters) return fail(Errc::invalid, "--preset: " + parameters.error().detail);
    backtest::Design design;
    design.parameters = *parameters;
    design.parameters.seed = options.seed;
    design.parameters.sites = options.sites;
    design.parameters.subjects = options.subjects > 0 ? options.subjects : planned_subjects(pack.catalogue);
    // Any day does: a cohort is drawn backwards from its data cut.
    design.parameters.now = *parse_rfc3339("2026-01-01T00:00:00Z");
    constexpr double kDaysPerMonth = 365.25 / 12;
    design.parameters.scenario_from =
        design.parameters.now - days(static_cast<int>(options.excess_months * kDaysPerMonth));
    if (options.base != "at-limit" && options.base != "product")
        return fail(Errc::invalid, "--base takes at-limit or product");
    design.base = options.base == "product" ? backtest::Base::product : backtest::Base::at_limit;
    design.runs = options.runs;
    design.threads = options.threads;
    return design;
}

// With all scenarios only the monitors that a scenario concerns: for the others it is the null once more.
Result<std::vector<backtest::Characteristics>> run_all(backtest::Design design,
                                                       const std::vector<backtest::Watched>& watched,
                                                       const std::vector<Scenario>& scenarios, Progress& progress) {
    std::vector<backtest::Characteristics> rows;
    std::uint64_t done = 0;
    for (const Scenario scenario : scenarios) {
        design.parameters.scenario = scenario;
        const auto concerned = [&](const backtest::Watched& one) {
            return scenarios.size() == 1 || scenario == Scenario::none ||
                   backtest::is_raised(one.monitor.endpoint, scenario);
        };
        const bool anybody = std::any_of(watched.begin(), watched.end(), concerned);
        if (anybody) {
            auto found = backtest::backtest(
                design, watched, [&](std::uint64_t runs) { progress.update(done + runs, name_of(scenario)); });
            if (!found) return found;
            for (std::size_t i = 0; i < found->size(); ++i)
                if (concerned(watched[i])) rows.push_back(std::move((*found)[i]));
        }
        done += design.runs;
    }
    progress.finish(done);
    return rows;
}

Result<void> write_files(const BacktestOptions& options, const backtest::Heading& heading,
                         const std::vector<backtest::Characteristics>& rows) {
    if (!options.csv.empty()) {
        if (auto written = write_file(options.csv, as_csv(heading, rows)); !written) return written;
    }
    if (options.svg.empty() && options.png.empty()) return {};
    const std::string picture = as_svg(heading, rows);
    if (!options.svg.empty()) {
        if (auto written = write_file(options.svg, picture); !written) return written;
    }
    return options.png.empty() ? Result<void>{} : write_png(options.png, picture);
}

ExitCode run(const BacktestOptions& options, Console& console) {
    const auto scenarios = scenarios_of(options.scenario);
    if (!scenarios) return failed(console, scenarios.error(), options.json, ExitCode::usage);
    const auto pack = packs::load_pack(options.pack);
    if (!pack) return failed(console, pack.error(), options.json, ExitCode::configuration);
    const auto design = design_of(options, *pack);
    if (!design) return failed(console, design.error(), options.json, ExitCode::usage);
    const backtest::Selection selection = backtest::monitors_of(pack->catalogue, design->base);
    for (const std::string& reason : selection.left_out) console.err << "left out: " << reason << '\n';
    if (selection.watched.empty())
        return failed(console, {Errc::not_found, options.pack + " has no monitor that can be simulated"}, options.json);

    Progress progress(console.err, options.quiet ? Progress::Style::quiet : Progress::style_of_stderr(), "simulating",
                      "cohorts", static_cast<std::uint64_t>(design->runs) * scenarios->size());
    auto rows = run_all(*design, selection.watched, *scenarios, progress);
    if (!rows) return failed(console, rows.error(), options.json, ExitCode::usage);
    std::stable_sort(rows->begin(), rows->end(),
                     [](const auto& one, const auto& other) { return one.monitor < other.monitor; });
    const backtest::Heading heading{pack->rules.pack, design->parameters.preset,   design->base,
                                    design->runs,     design->parameters.subjects, options.seed};
    if (auto written = write_files(options, heading, *rows); !written)
        return failed(console, written.error(), options.json);
    console.out << (options.json       ? as_json(heading, *rows)
                    : options.markdown ? backtest::as_markdown(*rows)
                                       : as_text(heading, *rows));
    return ExitCode::fine;
}

}  // namespace

void add_backtest(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<BacktestOptions>();
    CLI::App* command = add_command(
        app, "backtest", "False alarms, power and delay of a rule pack's monitors, by simulation", options->json);
    command->add_option("--pack", options->pack, "Rule pack file (YAML)")->required();
    command
        ->add_option("--scenario", options->scenario,
                     "all, or one: none (null), hazard-doubled, lot-doubled (one-lot), site-tripled (one-site), "
                     "prophylaxis-shortened, crs-tripled, icans-tripled")
        ->capture_default_str();
    command
        ->add_option("--base", options->base,
                     "Rates of the null: at-limit (each endpoint at its monitor's limit) or product (of the preset)")
        ->capture_default_str();
    command->add_option("--preset", options->preset,
                        "Simulated product: c-car039, axi-cel or relma-cel; else by the pack's name");
    command->add_option("--runs", options->runs, "Simulated cohorts per scenario")
        ->check(CLI::Range(1U, backtest::kMostRuns))
        ->capture_default_str();
    command->add_option("--subjects", options->subjects, "Subjects per cohort; else the largest planned number")
        ->check(CLI::Range(1, 100'000));
    command->add_option("--sites", options->sites, "Sites")->check(CLI::Range(1, 99))->capture_default_str();
    command
        ->add_option("--excess-months", options->excess_months,
                     "hazard-doubled begins so many months before the data cut")
        ->check(CLI::Range(1, 120))
        ->capture_default_str();
    command->add_option("--seed", options->seed, "The same seed gives the same figures")->capture_default_str();
    command->add_option("--threads", options->threads, "Threads; the figures do not depend on it")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    command->add_option("--csv", options->csv, "Writes the table to this file");
    command->add_option("--svg", options->svg, "Draws the cumulative probability of an alarm into this file");
    command->add_option("--png", options->png, "The same as PNG; needs rsvg-convert");
    command->add_flag("--markdown", options->markdown, "Prints the table for a document");
    command->add_flag("--quiet", options->quiet, "No progress bar");
    command->callback([options, &chosen] { chosen = [options](Console& console) { return run(*options, console); }; });
}

}  // namespace cellvigil::tools
