// Runs cellvigilctl in process.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

struct Ran {
    int code = 0;
    std::string out;
    std::string err;
};

inline Ran run(const std::vector<std::string>& arguments) {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    Console console{in, out, err};
    const int code = run_command_line(arguments, console);
    return {code, out.str(), err.str()};
}

}  // namespace cellvigil::tools
