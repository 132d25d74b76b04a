// Who sends a request: an OpenID Connect access token (JWT, RFC 7519; JWS compact, RFC 7515) checked against the
// provider's keys. The algorithm is the key's, never the token's word alone; "none" and symmetric algorithms do not
// exist here. Pure but for the key's arithmetic; the time is an argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/auth/jwk.h"
#include "rules/alert/lifecycle.h"
#include "rules/base/time.h"

namespace cellvigil::auth {

struct TokenPolicy {
    std::string issuer;    // `iss`, exactly
    std::string audience;  // one of `aud`
    std::vector<Algorithm> algorithms{Algorithm::rs256, Algorithm::es256, Algorithm::eddsa};
    std::chrono::seconds leeway{60};        // for clocks that differ
    std::chrono::hours longest_life{24};    // exp - iat above this is refused
    std::string roles_claim = "roles";      // a list of texts, or one text with spaces; dots reach into objects
    std::map<std::string, Role> roles;      // the provider's names for ours; deny by default
    std::string studies_claim = "studies";  // the studies whose subjects a reviewer may see; "*": all
};

struct Identity {
    std::string person;                // `sub`
    std::vector<Role> roles;           // ascending, at least one
    std::vector<std::string> studies;  // ascending; "*" alone: all
    Instant expires{};
    bool has(Role role) const;
    bool sees(std::string_view study) const;
};

enum class Refusal : std::uint8_t {
    malformed,    // not three parts, not JSON, too long
    algorithm,    // not allowed, or not the key's
    unknown_key,  // no key of that kid: the set may be old
    signature,
    issuer,
    audience,
    expired,
    not_yet_valid,
    too_long_lived,
    no_role,  // a good token of somebody who has no role here
};
const char* name_of(Refusal refusal);

struct Checked {
    std::optional<Identity> identity;  // absent: refused
    Refusal refusal = Refusal::malformed;
    std::string detail;  // for the log at debug level; never the token
};

inline constexpr std::size_t kMostTokenBytes = 16384;
Checked check_token(std::string_view token, const KeySet& keys, const TokenPolicy& policy, Instant now);

}  // namespace cellvigil::auth
