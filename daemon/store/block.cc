#include "daemon/store/block.h"

#include <lz4.h>
#include <openssl/evp.h>
#include <zstd.h>

#include <algorithm>
#include <initializer_list>

#include "daemon/store/frame_block.h"
#include "rules/base/ensure.h"

namespace cellvigil::store {
namespace {

constexpr int kLevel = 1;
constexpr std::uint64_t kMaxRaw =
    900'000'000;  // bytes; SQLite takes values of up to 10^9, compressed bytes may be a few more than raw

// A block of frames that is no smaller than this part of them may be smaller in LZ4.
constexpr std::size_t kUsualShare = 3;

std::size_t lz4_bound(std::size_t raw_size) {
    return static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(std::min<std::uint64_t>(raw_size, kMaxRaw))));
}

std::size_t compress_lz4(std::string_view raw, char* to) {
    const int raw_size = static_cast<int>(raw.size());
    const int size = LZ4_compress_default(raw.data(), to, raw_size, LZ4_compressBound(raw_size));
    ensure(size > 0, "LZ4 fits into its own bound");
    return static_cast<std::size_t>(size);
}

// Fixed width, little endian.
void put(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}
void put_signed(std::string& out, std::int64_t value) { put(out, static_cast<std::uint64_t>(value), 8); }
void put_instant(std::string& out, Instant at) { put_signed(out, at.time_since_epoch().count()); }
void put_text(std::string& out, std::string_view text) {
    put(out, text.size(), 8);
    out.append(text);
}

std::string encoded(const SegmentHeader& header) {
    std::string out;
    put(out, header.partition, 4);
    put_signed(out, header.number);
    put_signed(out, header.base);
    put_signed(out, header.next);
    put(out, header.messages, 4);
    put(out, header.controls, 4);
    put_instant(out, header.first_append);
    put_instant(out, header.last_append);
    put(out, header.raw_size, 8);
    put(out, static_cast<std::uint64_t>(header.codec), 1);
    return out;
}

std::string encoded(std::int64_t number, const AuditRow& row) {
    std::string out;
    put_signed(out, number);
    put_instant(out, row.at);
    put_text(out, row.who);
    put_text(out, row.what);
    put_text(out, row.object);
    put_text(out, row.detail);
    return out;
}

}  // namespace

struct Codec::Contexts {
    ZSTD_CCtx* compressor = ZSTD_createCCtx();
    ZSTD_DCtx* decompressor = ZSTD_createDCtx();
    EVP_MD_CTX* hash = EVP_MD_CTX_new();
    FrameBlockWriter frames;
    EVP_MD* sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);

    Contexts() = default;
    Contexts(const Contexts&) = delete;
    Contexts& operator=(const Contexts&) = delete;
    ~Contexts() {
        ZSTD_freeCCtx(compressor);
        ZSTD_freeDCtx(decompressor);
        EVP_MD_CTX_free(hash);
        EVP_MD_free(sha256);
    }

    Result<Digest> digest(std::initializer_list<std::string_view> parts) const {
        bool fine = EVP_DigestInit_ex2(hash, sha256, nullptr) == 1;
        for (const std::string_view part : parts) fine = fine && EVP_DigestUpdate(hash, part.data(), part.size()) == 1;
        std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
        unsigned size = 0;
        fine = fine && EVP_DigestFinal_ex(hash, out.data(), &size) == 1;
        Digest digest{};
        if (!fine || size != digest.size()) return fail(Errc::unavailable, "SHA-256 failed in the crypto library");
        std::copy_n(out.begin(), digest.size(), digest.begin());
        return digest;
    }
};

Codec::Codec() : contexts_(std::make_unique<Contexts>()) {
    ensure(contexts_->compressor != nullptr, "zstd has memory for a compressor");
    ensure(contexts_->decompressor != nullptr, "zstd has memory for a decompressor");
    ensure(contexts_->hash != nullptr && contexts_->sha256 != nullptr, "the crypto library has SHA-256");
    ZSTD_CCtx_setParameter(contexts_->compressor, ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(contexts_->compressor, ZSTD_c_checksumFlag, 1);  // what no chain covers is checked by this
}

Codec::~Codec() = default;

Result<Digest> digest_of(std::string_view bytes) {
    Digest digest{};
    if (bytes.size() != digest.size()) return fail(Errc::corrupt, "a hash is not 32 bytes long");
    std::copy(bytes.begin(), bytes.end(), digest.begin());
    return digest;
}

Result<std::string> Codec::compress(std::string_view raw) {
    if (raw.size() > kMaxRaw) return fail(Errc::invalid, "a block of more than 900 MB");
    std::string out(ZSTD_compressBound(raw.size()), '\0');
    const std::size_t size = ZSTD_compress2(contexts_->compressor, out.data(), out.size(), raw.data(), raw.size());
    if (ZSTD_isError(size) != 0) return fail(Errc::unavailable, std::string("zstd: ") + ZSTD_getErrorName(size));
    out.resize(size);
    return out;
}

Result<std::string> Codec::decompress(std::string_view compressed, std::uint64_t raw_size) {
    if (raw_size > kMaxRaw) return fail(Errc::corrupt, "a block says it holds more than 900 MB");
    if (ZSTD_getFrameContentSize(compressed.data(), compressed.size()) != raw_size) {
        return fail(Errc::corrupt, "a block's size is not what was written");
    }
    std::string out(raw_size, '\0');
    const std::size_t size =
        ZSTD_decompressDCtx(contexts_->decompressor, out.data(), out.size(), compressed.data(), compressed.size());
    if (ZSTD_isError(size) != 0) return fail(Errc::corrupt, std::string("zstd: ") + ZSTD_getErrorName(size));
    if (size != raw_size) return fail(Errc::corrupt, "a block's size is not what was written");
    return out;
}

Result<std::string> Codec::compress_block(std::string_view raw, BlockCodec codec) {
    if (codec == BlockCodec::zstd) return compress(raw);
    if (raw.size() > kMaxRaw) return fail(Errc::invalid, "a block of more than 900 MB");
    std::string out;
    if (codec == BlockCodec::frames) {
        out.resize(FrameBlockWriter::bound(raw.size()));
        out.resize(contexts_->frames.write(raw, out.data()));
    } else {
        out.resize(lz4_bound(raw.size()));
        out.resize(compress_lz4(raw, out.data()));
    }
    return out;
}

std::size_t Codec::pack_bound(std::size_t raw_size) { return FrameBlockWriter::bound(raw_size) + lz4_bound(raw_size); }

Result<PackedBlock> Codec::pack_block(std::string_view raw, char* to) {
    if (raw.size() > kMaxRaw) return fail(Errc::invalid, "a block of more than 900 MB");
    const std::size_t size = contexts_->frames.write(raw, to);
    if (size <= raw.size() / kUsualShare) return PackedBlock{BlockCodec::frames, {to, size}};
    const std::size_t lz4_size = compress_lz4(raw, to + size);
    if (size <= lz4_size) return PackedBlock{BlockCodec::frames, {to, size}};
    return PackedBlock{BlockCodec::lz4, {to + size, lz4_size}};
}

Result<std::string> Codec::decompress_block(std::string_view block, BlockCodec codec, std::uint64_t raw_size) {
    if (codec == BlockCodec::zstd) return decompress(block, raw_size);
    if (codec != BlockCodec::lz4 && codec != BlockCodec::frames)
        return fail(Errc::corrupt, "a block of an unknown codec");
    if (raw_size > kMaxRaw || block.size() > kMaxRaw + (kMaxRaw >> 7)) {
        return fail(Errc::corrupt, "a block says it holds more than 900 MB");
    }
    if (codec == BlockCodec::frames) return read_frame_block(block, raw_size);
    std::string out(raw_size, '\0');
    const int size =
        LZ4_decompress_safe(block.data(), out.data(), static_cast<int>(block.size()), static_cast<int>(raw_size));
    if (size < 0 || static_cast<std::uint64_t>(size) != raw_size)
        return fail(Errc::corrupt, "a block's size is not what was written");
    return out;
}

Result<Digest> Codec::sha256(std::string_view bytes) { return contexts_->digest({bytes}); }

Result<Digest> Codec::chain(const Digest& previous, const SegmentHeader& header, std::string_view compressed) {
    return contexts_->digest({view(previous), encoded(header), compressed});
}

Result<Digest> Codec::chain(const Digest& previous, std::int64_t number, const AuditRow& row) {
    return contexts_->digest({view(previous), encoded(number, row)});
}

}  // namespace cellvigil::store
