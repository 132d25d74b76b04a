// cellvigild: the daemon's command line.
#include <CLI/CLI.hpp>
#include <iostream>

#include "daemon/allocator.h"
#include "daemon/app.h"

namespace {

using cellvigil::CommandLine;
using cellvigil::ExitStatus;

int check_config(const CommandLine& line) {
    const auto deployment = cellvigil::read_deployment(line);
    if (deployment) {
        std::cout << "the configuration is good\n";
        return static_cast<int>(ExitStatus::fine);
    }
    std::cerr << deployment.error().detail << '\n';
    return static_cast<int>(ExitStatus::configuration);
}

int print_config(const CommandLine& line) {
    const auto loaded = cellvigil::load_configuration(line);
    for (const auto& problem : loaded.problems) std::cerr << cellvigil::config::to_text(problem) << '\n';
    if (!loaded.problems.empty()) return static_cast<int>(ExitStatus::configuration);
    std::cout << cellvigil::config::print_config(loaded);
    return static_cast<int>(ExitStatus::fine);
}

}  // namespace

int main(int argc, char** argv) {
    cellvigil::keep_freed_memory();
    CLI::App app{"Watches the safety of CAR-T therapies: grades patients as messages come in and raises alerts."};
    CommandLine line;
    bool check = false;
    bool print = false;
    bool reference = false;
    app.add_option("--config", line.config_file, "configuration file (YAML); without it the embedded defaults hold");
    app.add_option("--data", line.data_folder, "data folder, instead of the configured one");
    app.add_option("--http", line.http, "HOST:PORT to listen on, instead of the configured one; port 0: any free one");
    app.add_flag("--check-config", check, "checks the configuration and ends: 0 good, 78 not");
    app.add_flag("--print-config", print, "prints the effective configuration with the origin of each value, and ends");
    app.add_flag("--print-config-reference", reference, "prints every setting with its meaning, and ends");
    app.set_version_flag("--version", "cellvigild " CELLVIGIL_VERSION " (" CELLVIGIL_REVISION ")");
    CLI11_PARSE(app, argc, argv);
    if (reference) {
        std::cout << cellvigil::config::config_reference();
        return 0;
    }
    if (check) return check_config(line);
    if (print) return print_config(line);
    return static_cast<int>(cellvigil::run_daemon(line));
}
