// What the contract's descriptors say about an envelope: every field of it, or why bytes are none. For the sources of
// this folder only.
#pragma once

#include <string_view>
#include <vector>

#include "daemon/wire/decode.h"

namespace cellvigil::v1 {
class EventEnvelope;
}  // namespace cellvigil::v1

namespace google::protobuf {
class Descriptor;
}  // namespace google::protobuf

namespace cellvigil::wire {

// The ordinal of the first field of a message that an envelope can hold; its others follow in the order of their
// declaration.
std::uint32_t first_ordinal(const google::protobuf::Descriptor& descriptor);
FieldKind kind_of_type(int cpp_type);  // FieldDescriptor::CppType

void list_fields(const v1::EventEnvelope& envelope, std::vector<SentField>& all);
// The innermost field at which bytes cease to be an envelope. `detail` holds no content.
Issue why_unreadable(std::string_view bytes);

}  // namespace cellvigil::wire
