// Compressed blocks and the hashes that chain them. Not thread-safe: one Codec per session.
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
};

class Codec {
  public:
    Codec();
    ~Codec();
    Codec(const Codec&) = delete;
    Codec& operator=(const Codec&) = delete;

    // zstd level 1.
    Result<std::string> compress(std::string_view raw);
    // `corrupt` unless the bytes are one whole zstd frame of just raw_size bytes.
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
