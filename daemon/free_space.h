// Room on the disk that a folder is on.
#pragma once

#include <cstdint>
#include <string>

namespace cellvigil {

// Bytes that this process may still write there; -1: the system does not say.
std::int64_t free_bytes_of(const std::string& folder);

}  // namespace cellvigil
