#include "daemon/http/shape.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <span>

#include "daemon/http/gzip.h"

namespace cellvigil::http {
namespace {

constexpr std::size_t kLeastPacked = 1400;  // below it one packet takes it as it is
constexpr std::size_t kTagDigits = 32;

bool has(const Response& response, std::string_view name) {
    return std::ranges::any_of(response.headers, [&](const auto& header) { return header.first == name; });
}
std::string_view value_of(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return {};
}
std::string hex_of(std::span<const unsigned char> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (const unsigned char byte : bytes) {
        hex += kDigits[byte >> 4U];
        hex += kDigits[byte & 15U];
    }
    return hex;
}
std::string_view without_weakness(std::string_view tag) {
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    return tag;
}

}  // namespace

bool names_tag(std::string_view header, std::string_view tag) {
    while (!header.empty()) {
        while (header.starts_with(' ') || header.starts_with(',') || header.starts_with('\t')) header.remove_prefix(1);
        std::string_view one = header.substr(0, std::min(header.find(','), header.size()));
        header.remove_prefix(one.size());
        while (one.ends_with(' ') || one.ends_with('\t')) one.remove_suffix(1);
        if (one == "*") return true;
        if (!one.empty() && without_weakness(one) == without_weakness(tag)) return true;
    }
    return false;
}

std::string sha256_hex(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) return {};
    return hex_of({digest.data(), size});
}

std::string random_hex() {
    std::array<unsigned char, 4> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) bytes = {};
    return hex_of(bytes);
}

void shape(Response& response, const Wishes& wishes) {
    if (response.events) return;
    const bool good = response.status == 200;
    // Weak: the same tag with and without gzip.
    if (good && wishes.read && !has(response, "etag"))
        response.headers.emplace_back("etag", "W/\"" + sha256_hex(response.body).substr(0, kTagDigits) + "\"");
    if (wishes.read) response.headers.emplace_back("vary", "accept-encoding");
    if (good && wishes.read && names_tag(wishes.if_none_match, value_of(response, "etag"))) {
        response.status = 304;
        response.body.clear();
        return;
    }
    const bool problem = response.content_type == "application/problem+json";
    if (!wishes.gzip || problem || response.body.size() < kLeastPacked || has(response, "content-encoding")) return;
    std::string packed = gzip(response.body);
    if (packed.empty() || packed.size() >= response.body.size()) return;
    response.body = std::move(packed);
    response.headers.emplace_back("content-encoding", "gzip");
}

std::string_view cache_control_of(const Guard& guard) {
    const bool aggregates =
        guard.kind == Guard::Kind::permitted && guard.permission == auth::Permission::read_aggregates;
    return aggregates ? "private, no-cache" : "no-store";
}

}  // namespace cellvigil::http
