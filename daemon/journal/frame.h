// The one on-disk form of a received message: journal segments, exported logs and replay files are sequences of frames.
//
//   frame  := varint(length of rest) kind:u8 varint(partition) varint(position) zigzag(append_time_ms)
//             varint(len) key  varint(header count) { varint(len) name varint(len) value }*  varint(len) value
//   kind   := 1 message | 2 message with null value (tombstone) | 3 control record (value: docs/store.md, "Control
//   records")
//
// Unsigned LEB128 varints. A file of frames begins with the eight bytes "CVLOG\0\0\1". No thread state: safe from any
// thread on separate objects.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
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

// Appends one frame to `out`. The position must not be negative; a tombstone has no value.
void append_frame(std::string& out, const Frame& frame);
// The same with these headers instead of the frame's own.
void append_frame(std::string& out, const Frame& frame, std::span<const Header> headers);

// Bytes the frame at the start of `bytes` takes, its length prefix included; nullopt when the prefix is not all there
// yet; `corrupt` when it is malformed.
Result<std::optional<std::size_t>> frame_size(std::string_view bytes);

// Reads frames one after the other. Every varint has one spelling (the shortest) and every byte belongs to a field, so
// that what reads well is byte for byte what append_frame would write.
class FrameReader {
  public:
    // `offset` says where in a larger whole the bytes begin; errors then name bytes of the whole.
    explicit FrameReader(std::string_view bytes, std::uint64_t offset = 0)
        : rest_(bytes), end_(offset + bytes.size()) {}
    bool at_end() const { return rest_.empty(); }
    std::uint64_t offset() const { return end_ - rest_.size(); }  // of the next frame
    // The next frame, or `corrupt` when the bytes are cut or malformed; the reader then stays where it is. The frame's
    // views live as long as the bytes; `frame` is reused to spare allocations.
    Result<void> next(Frame& frame);

  private:
    std::string_view rest_;
    std::uint64_t end_;
};

}  // namespace cellvigil::journal
