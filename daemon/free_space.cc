#include "daemon/free_space.h"

#include <filesystem>
#include <system_error>

namespace cellvigil {

std::int64_t free_bytes_of(const std::string& folder) {
    std::error_code error;
    const auto space = std::filesystem::space(folder, error);
    return error ? -1 : static_cast<std::int64_t>(space.available);
}

}  // namespace cellvigil
