// The commands of cellvigilctl. Each lives in commands/<name>.{h,cc} and registers itself through one function; to add
// one, declare nothing here: include its header in commands.cc and add a line to the table there.
//
//   void add_verify(CLI::App& app, Action& chosen) {
//       auto options = std::make_shared<VerifyOptions>();
//       CLI::App* command = add_command(app, "verify", "Checks the journal's hash chain", options->json);  // command.h
//       command->add_option("--store", options->folder, "The data folder")->required();
//       command->callback([options, &chosen] { chosen = [options](Console& console) { return run(*options, console); };
//       });
//   }
//
// A command prints for people by default and JSON with `--json`: its answer to `out`, progress and faults to `err`.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cellvigil::tools {

enum class ExitCode : int {
    fine = 0,
    findings = 1,        // the command ran and found faults, or could not do what was asked
    usage = 2,           // the command line is wrong
    configuration = 78,  // a configuration or rule file is wrong (EX_CONFIG)
};

// Where a command reads and writes: the standard streams, or a test's.
struct Console {
    std::istream& in;
    std::ostream& out;
    std::ostream& err;
};

// What the command line asks for: set while parsing by the command whose turn it is, run after parsing.
using Action = std::function<ExitCode(Console&)>;
using AddCommand = void (*)(CLI::App& app, Action& chosen);

// Every command there is, in the order of `--help`.
const std::vector<AddCommand>& all_commands();

// The whole program: parses `arguments` (without the program's name) and runs the command. The exit code.
int run_command_line(const std::vector<std::string>& arguments, Console& console);

}  // namespace cellvigil::tools
