// What commands share: for their .cc files only, because it brings in CLI11.
#pragma once

#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <CLI/Validators.hpp>

#include "daemon/tools/commands.h"
#include "rules/base/result.h"

namespace cellvigil::tools {

// A subcommand with the `--json` flag that every command has. `json` must outlive parsing.
CLI::App* add_command(CLI::App& app, const std::string& name, const std::string& description, bool& json);

// Says on `err` what went wrong, as text or as {"error":{"code":..,"detail":..}}; for `return failed(...)`.
ExitCode failed(Console& console, const Error& error, bool json, ExitCode code = ExitCode::findings);

}  // namespace cellvigil::tools
