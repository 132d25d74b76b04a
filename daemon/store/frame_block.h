// Blocks of journal frames, written as what is new in each (docs/store.md, "Blocks of frames"). A ward's messages are
// mostly alike: the same subject, the next position, a few bytes of a reading. What a frame shares with the one before
// of the same key is said in a byte, and ids that are UUIDs lie as 16 bytes. A third of what LZ4 takes for it, in half
// the bytes. Any bytes may be given, frames or not: they read back as they were.
//
// Bytes of frames take a good part of LZ4's time when they are nothing of the sort; the caller then asks LZ4 instead.
// Not thread-safe: one writer per session, one block at a time. The reader has no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "rules/base/result.h"

namespace cellvigil::store {

class FrameBlockWriter {
  public:
    FrameBlockWriter();
    ~FrameBlockWriter();
    FrameBlockWriter(const FrameBlockWriter&) = delete;
    FrameBlockWriter& operator=(const FrameBlockWriter&) = delete;

    // Bytes that `write` may touch.
    static std::size_t bound(std::size_t raw_size) { return 2 * raw_size + 256; }
    // Into memory of the caller's, which holds bound(raw.size()); the bytes written. At most 4 GB.
    std::size_t write(std::string_view raw, char* to);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

// The inverse; `corrupt` unless the bytes are one whole block of just raw_size bytes.
Result<std::string> read_frame_block(std::string_view block, std::size_t raw_size);

}  // namespace cellvigil::store
