// Any bytes as a block of frames, and any bytes made one: what reads is of the size asked for, and what was written
// reads back as it was. The first bytes say which, and how large the block says that it is.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/store/frame_block.h"
#include "rules/base/ensure.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using cellvigil::ensure;
    using namespace cellvigil::store;
    if (size < 3) return 0;
    const std::string_view rest(reinterpret_cast<const char*>(bytes) + 3, size - 3);
    if (bytes[0] % 2 == 0) {
        const std::size_t raw_size = bytes[1] | static_cast<std::size_t>(bytes[2]) << 8;
        const auto read = read_frame_block(rest, raw_size);
        ensure(!read || read->size() == raw_size, "a block reads as the size asked for");
        return 0;
    }
    static FrameBlockWriter writer;
    std::string block(FrameBlockWriter::bound(rest.size()), '\0');
    block.resize(writer.write(rest, block.data()));
    const auto read = read_frame_block(block, rest.size());
    ensure(static_cast<bool>(read), "what was written reads");
    ensure(*read == rest, "what was written reads as it was");
    return 0;
}
