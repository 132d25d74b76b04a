#include "daemon/tools/store_option.h"

#include "daemon/tools/command.h"

namespace cellvigil::tools {

void add_data_option(CLI::App& command, std::string& folder) {
    folder = kDefaultFolder;
    command.add_option("--data", folder, "The daemon's data folder (it may be running)")->capture_default_str();
}

Result<std::unique_ptr<store::Store>> open_to_read(const std::string& folder) {
    store::SqliteOptions options;
    options.folder = folder;
    options.read_only = true;
    options.one_moment = true;
    return store::open_sqlite(options);
}

Result<std::unique_ptr<store::Store>> open_beside(const std::string& folder) {
    store::SqliteOptions options;
    options.folder = folder;
    options.beside = true;
    return store::open_sqlite(options);
}

}  // namespace cellvigil::tools
