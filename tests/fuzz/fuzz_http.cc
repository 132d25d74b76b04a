// What a client says in a request's line, headers and body, as far as it is read by us: target, bearer token,
// encodings, tags, cursors, gzip.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/auth/token.h"
#include "daemon/http/authenticator.h"
#include "daemon/http/gzip.h"
#include "daemon/http/reads.h"
#include "daemon/http/repeats.h"
#include "daemon/http/router.h"
#include "daemon/http/shape.h"

using namespace cellvigil;
using namespace cellvigil::http;

namespace {

constexpr std::size_t kLimit = 100'000;

void must(bool claim) {
    if (!claim) std::abort();
}

void target(std::string_view text) {
    static const Router router({{Method::get, "/api/v1/subjects/{study}/{subject}/timeline", {}, open_to_all()},
                                {Method::post, "/api/v1/events", {}, open_to_all()}});
    Request request;
    std::vector<std::string> segments;
    if (!read_target(text, request, segments)) return;
    const auto found = router.find(Method::get, segments);
    if (found.route != nullptr) must(found.captures.size() == 2 && !found.captures[0].empty());
    (void)page_of(request, "alerts");
    (void)time_in(request, "at");
}

void headers(std::string_view text) {
    if (const auto token = bearer_token(text)) {
        must(!token->empty() && token->find(' ') == std::string_view::npos);
        const auth::Checked checked = auth::check_token(*token, {}, {}, Instant{});
        must(!checked.identity.has_value());  // there are no keys
    }
    (void)accepts_gzip(text);
    (void)names_tag(text, "\"1\"");
    (void)is_idempotency_key(text);
    if (const auto place = place_of("alerts", text)) must(place_of("alerts", cursor_of("alerts", *place)) == *place);
}

void body(std::string_view text) {
    if (const auto plain = gunzip(text, kLimit)) must(plain->size() <= kLimit);
    must(gunzip(gzip(text), text.size()) == std::string(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(static_cast<const char*>(static_cast<const void*>(bytes)) + 1, size - 1);
    switch (bytes[0] % 3) {
        case 0:
            target(text);
            break;
        case 1:
            headers(text);
            break;
        default:
            body(text);
            break;
    }
    return 0;
}
