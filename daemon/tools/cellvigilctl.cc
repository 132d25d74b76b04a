#include <iostream>

#include "daemon/tools/commands.h"

int main(int argc, char** argv) {
    std::ios::sync_with_stdio(false);
    cellvigil::tools::Console console{std::cin, std::cout, std::cerr};
    return cellvigil::tools::run_command_line({argv + 1, argv + argc}, console);
}
