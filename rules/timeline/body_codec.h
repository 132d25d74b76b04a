// A Body to compact bytes and back, for the core's own snapshots and its canonical form. Not the wire format. Pure.
#pragma once

#include "rules/base/bytes.h"
#include "rules/event/body.h"

namespace cellvigil {

inline constexpr std::uint8_t kBodyCodecVersion = 2;

void write_body(ByteWriter& out, const Body& body);
// A reader that failed, or a kind that is not known, gives a Retraction; ask in.failed().
Body read_body(ByteReader& in);

}  // namespace cellvigil
