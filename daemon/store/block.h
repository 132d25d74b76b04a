// Compressed blocks and the hashes that chain them. Journal blocks say what is new in each frame, or are LZ4 where that
// is shorter (docs/decisions/0039-journal-blocks-say-what-is-new.md). What is kept singly and read by hand is zstd with
// its checksum. Not thread-safe: one Codec per session.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/store/store.h"
#include "rules/base/result.h"

namespace cellvigil::store {

using Digest = std::array<char, 32>;  // SHA-256

inline std::string_view view(const Digest& digest) { return {digest.data(), digest.size()}; }
// 32 bytes as a digest; `corrupt` for any other size.
Result<Digest> digest_of(std::string_view bytes);

// How a journal block is compressed. Stored: numbers are never given anew.
enum class BlockCodec : std::uint8_t { zstd = 1, lz4 = 2, frames = 3 };

// What is hashed beside a segment's bytes (docs/store.md, "The chain"): where it stands and what it says it holds.
struct SegmentHeader {
    std::uint32_t partition = 0;
    std::int64_t number = 0;  // of the segment in its partition, from 0
    std::int64_t base = 0;
    std::int64_t next = 0;
    std::uint32_t messages = 0;
    std::uint32_t controls = 0;
    Instant first_append{};
    Instant last_append{};
    std::uint64_t raw_size = 0;  // bytes of the frames before compression
    BlockCodec codec = BlockCodec::lz4;
};

struct PackedBlock {
    BlockCodec codec = BlockCodec::lz4;
    std::string_view bytes;
};

class Codec {
  public:
    Codec();
    ~Codec();
    Codec(const Codec&) = delete;
    Codec& operator=(const Codec&) = delete;

    // A journal block in the codec that suits it, into memory of the caller's, which holds pack_bound(raw.size()).
    Result<PackedBlock> pack_block(std::string_view raw, char* to);
    static std::size_t pack_bound(std::size_t raw_size);
    // In the codec asked for. The inverse is `corrupt` unless the bytes are one whole block of just raw_size bytes.
    Result<std::string> compress_block(std::string_view raw, BlockCodec codec);
    Result<std::string> decompress_block(std::string_view block, BlockCodec codec, std::uint64_t raw_size);

    // zstd level 1 with a checksum, the inverse alike.
    Result<std::string> compress(std::string_view raw);
    Result<std::string> decompress(std::string_view compressed, std::uint64_t raw_size);

    Result<Digest> sha256(std::string_view bytes);
    // SHA-256(previous || header || compressed)
    Result<Digest> chain(const Digest& previous, const SegmentHeader& header, std::string_view compressed);
    Result<Digest> chain(const Digest& previous, std::int64_t number, const AuditRow& row);

  private:
    struct Contexts;
    std::unique_ptr<Contexts> contexts_;
};

}  // namespace cellvigil::store
