#include "daemon/tools/command.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <ostream>

namespace cellvigil::tools {

CLI::App* add_command(CLI::App& app, const std::string& name, const std::string& description, bool& json) {
    CLI::App* command = app.add_subcommand(name, description);
    command->add_flag("--json", json, "Print JSON instead of text");
    return command;
}

ExitCode failed(Console& console, const Error& error, bool json, ExitCode code) {
    if (json) {
        const boost::json::object body{{"code", name_of(error.code)}, {"detail", error.detail}};
        console.err << boost::json::serialize(boost::json::object{{"error", body}}) << '\n';
    } else {
        console.err << "cellvigilctl: " << error.detail << " (" << name_of(error.code) << ")\n";
    }
    return code;
}

}  // namespace cellvigil::tools
