#include "daemon/http/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace cellvigil::http {
namespace {

constexpr int kGzip = 15 + 16;  // the largest window, in gzip's own frame
constexpr int kQuick = 1;
constexpr int kMemory = 8;
constexpr std::size_t kStep = 64U << 10U;

Bytef* in_of(std::string_view text) {                                                // zlib reads it only
    return static_cast<Bytef*>(static_cast<void*>(const_cast<char*>(text.data())));  // NOLINT
}
Bytef* out_of(std::string& text, std::size_t at) { return static_cast<Bytef*>(static_cast<void*>(text.data() + at)); }

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

bool is_zero(std::string_view weight) {  // "q=0", "q=0.00"
    weight = trimmed(weight);
    if (!weight.starts_with("q=") && !weight.starts_with("Q=")) return false;
    weight.remove_prefix(2);
    return !weight.empty() && weight.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

std::string gzip(std::string_view plain) {
    z_stream stream{};
    if (plain.size() > std::numeric_limits<uInt>::max() ||
        deflateInit2(&stream, kQuick, Z_DEFLATED, kGzip, kMemory, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    std::string packed(deflateBound(&stream, plain.size()), '\0');
    stream.next_in = in_of(plain);
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = out_of(packed, 0);
    stream.avail_out = static_cast<uInt>(packed.size());
    const int done = deflate(&stream, Z_FINISH);
    packed.resize(done == Z_STREAM_END ? stream.total_out : 0);
    deflateEnd(&stream);
    return packed;
}

Result<std::string> gunzip(std::string_view packed, std::size_t at_most) {
    z_stream stream{};
    if (packed.size() > std::numeric_limits<uInt>::max() || inflateInit2(&stream, kGzip) != Z_OK)
        return fail(Errc::invalid, "cannot be unpacked");
    stream.next_in = in_of(packed);
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string plain;
    int done = Z_OK;
    while (done == Z_OK) {
        const std::size_t had = plain.size();
        plain.resize(std::min(had + kStep, at_most + 1));
        stream.next_out = out_of(plain, had);
        stream.avail_out = static_cast<uInt>(plain.size() - had);
        done = inflate(&stream, Z_NO_FLUSH);
        plain.resize(plain.size() - stream.avail_out);
        if (plain.size() > at_most) done = Z_MEM_ERROR;
        if (done == Z_OK && stream.avail_in == 0 && stream.avail_out != 0) done = Z_BUF_ERROR;  // cut
    }
    const bool rest = stream.avail_in != 0;
    inflateEnd(&stream);
    if (plain.size() > at_most)
        return fail(Errc::conflict, "unpacks to more than " + std::to_string(at_most) + " bytes");
    if (done != Z_STREAM_END) return fail(Errc::invalid, "is not gzip, or cut");
    if (rest) return fail(Errc::invalid, "goes on after the end of its gzip member");
    return plain;
}

bool accepts_gzip(std::string_view accept_encoding) {
    bool any = false;
    while (!accept_encoding.empty()) {
        const auto comma = std::min(accept_encoding.find(','), accept_encoding.size());
        const std::string_view one = accept_encoding.substr(0, comma);
        accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
        const auto semicolon = std::min(one.find(';'), one.size());
        const std::string_view name = trimmed(one.substr(0, semicolon));
        const bool taken = semicolon == one.size() || !is_zero(one.substr(semicolon + 1));
        if (name == "gzip" || name == "x-gzip") return taken;
        if (name == "*") any = taken;
    }
    return any;
}

}  // namespace cellvigil::http
