// What a payload other than an observation states, straight from its bytes: enough to tell whether it keeps every
// limit, which nearly all do, and nothing of the many fields that it does not state.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "daemon/wire/decode.h"

namespace cellvigil::wire {

// A field that is stated. Of a repeated one the whole, not its elements.
struct StatedField {
    const SentField* field = nullptr;  // as it is listed when absent: its names, kind and ordinal
    std::uint32_t count = 0;           // elements of a repeated one
    std::string_view text;
    double number = 0;  // as in SentField
};

// A message among them: the payload itself, the value of a field, or an element of a repeated one.
struct StatedMessage {
    const std::vector<SentField>* fields = nullptr;  // its fields as listed when absent, in the order of declaration
    const SentField* of = nullptr;                   // whose value it is; nullptr: the payload itself
    std::uint64_t stated = 0;                        // bit i: the i-th field is
    bool states(std::size_t place) const { return (stated >> place & 1U) != 0; }
};

// In the order of the bytes; the first message is the payload itself.
struct StatedPayload {
    std::vector<StatedField> fields;
    std::vector<StatedMessage> messages;
};

// `bytes` are those of the envelope's field `number`. False: they are not exactly what a serialiser writes, with ASCII
// text and known enumerators only, and `to` is in no particular state. Its texts are parts of `bytes`.
bool list_stated(std::uint32_t number, std::string_view bytes, StatedPayload& to);

}  // namespace cellvigil::wire
