#include "daemon/auth/jwk.h"
#include "daemon/http/reads.h"

namespace cellvigil::http {

// base64url of "list:place": opaque, and of no use with another list.
std::string cursor_of(std::string_view list, std::string_view place) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const std::string plain = std::string(list) + ":" + std::string(place);
    std::string cursor;
    std::uint32_t bits = 0;
    unsigned have = 0;
    for (const char c : plain) {
        bits = (bits << 8U) | static_cast<unsigned char>(c);
        for (have += 8; have >= 6; have -= 6) cursor += kDigits[(bits >> (have - 6)) & 63U];
    }
    if (have > 0) cursor += kDigits[(bits << (6 - have)) & 63U];
    return cursor;
}

Result<std::string> place_of(std::string_view list, std::string_view cursor) {
    const auto plain = auth::from_base64url(cursor);
    const std::string prefix = std::string(list) + ":";
    if (!plain || !plain->starts_with(prefix))
        return fail(Errc::invalid, "after: expected the next of the page before");
    return plain->substr(prefix.size());
}

}  // namespace cellvigil::http
