// Surgery on a serialised protobuf message, to make the broken ones that no encoder would write. Knows tags and lengths
// and nothing of the contract. Pure.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace cellvigil::simulate {

// One field as bytes: tag and value.
std::string varint_field(std::uint32_t number, std::uint64_t value);
std::string double_field(std::uint32_t number, double value);
std::string bytes_field(std::uint32_t number, std::string_view value);

// The message with every occurrence of the field at `path` (field numbers from the outermost message in) taken out and
// `replacement` appended in its place; an empty replacement removes. Messages on the way that are missing are created.
// The message must be well-formed.
std::string edited(std::string_view message, std::initializer_list<std::uint32_t> path, std::string_view replacement);

}  // namespace cellvigil::simulate
