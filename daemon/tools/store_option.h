// The option by which commands find a store, and the opening of it.
#pragma once

#include <memory>
#include <string>

#include "daemon/store/store.h"
#include "rules/base/result.h"

namespace CLI {
class App;
}

namespace cellvigil::tools {

inline constexpr const char* kDefaultFolder = "cellvigil-data";

// `--data FOLDER`, by default the daemon's.
void add_data_option(CLI::App& command, std::string& folder);

// Reading only, all of it of one moment: the daemon may be running.
Result<std::unique_ptr<store::Store>> open_to_read(const std::string& folder);
// To mark what was done, beside a daemon that may be running.
Result<std::unique_ptr<store::Store>> open_beside(const std::string& folder);

}  // namespace cellvigil::tools
