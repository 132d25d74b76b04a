// The one on-disk form of a received message: journal segments, exported logs and replay files are sequences of frames.
//
//   frame  := varint(length of rest) kind:u8 varint(partition) varint(position) zigzag(append_time_ms)
//             varint(len) key  varint(header count) { varint(len) name varint(len) value }*  varint(len) value
//   kind   := 1 message | 2 message with null value (tombstone) | 3 control record (value: docs/store.md, "Control records")
//
// Unsigned LEB128 varints. A file of frames begins with the eight bytes "CVLOG\0\0\1". No thread state: safe from any thread
// on separate objects.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::journal {

inline constexpr std::string_view kFileMagic{"CVLOG\0\0\1", 8};

enum class FrameKind : std::uint8_t { message = 1, tombstone = 2, control = 3 };

struct Header {
    std::string_view name;
    std::string_view value;
};

// Views into the bytes the frame was read from (or is written from).
struct Frame {
    FrameKind kind = FrameKind::message;
    std::uint32_t partition = 0;
    std::int64_t position = 0;
    Instant appended_at{};
    std::string_view key;
    std::vector<Header> headers;
    std::string_view value;
};

// Appends one frame to `out`.
void append_frame(std::string& out, const Frame& frame);

// Reads frames one after the other.
class FrameReader {
  public:
    explicit FrameReader(std::string_view bytes) : rest_(bytes) {}
    bool at_end() const { return rest_.empty(); }
    // The next frame, or `corrupt` when the bytes are cut or malformed. The frame's views live as long as the bytes; `frame`
    // is reused to spare allocations.
    Result<void> next(Frame& frame);

  private:
    std::string_view rest_;
};

}  // namespace cellvigil::journal
