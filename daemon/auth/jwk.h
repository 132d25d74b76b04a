// The public keys of an identity provider, from its JSON Web Key Set (RFC 7517, 7518, 8037). Only keys that can check a
// signature of an allowed algorithm are kept: RSA of at least 2048 bits for RS256, P-256 for ES256, Ed25519 for EdDSA.
// Symmetric keys are never taken. Immutable and safe from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.h"

namespace cellvigil::auth {

enum class Algorithm : std::uint8_t { rs256, es256, eddsa };
const char* name_of(Algorithm algorithm);  // "RS256", "ES256", "EdDSA"

class PublicKey {
  public:
    virtual ~PublicKey() = default;
    // `signature` as JWS has it (ES256: r and s, 32 bytes each).
    virtual bool verifies(std::string_view signed_text, std::string_view signature) const = 0;
};

struct Jwk {
    std::string kid;  // empty: none stated
    Algorithm algorithm = Algorithm::rs256;
    std::shared_ptr<const PublicKey> key;
};

struct KeySet {
    std::vector<Jwk> keys;
    std::vector<std::string> passed_over;  // why a key of the set is not used, a line each
};

// `invalid`: not a key set, or none of its keys can be used.
Result<KeySet> read_jwks(std::string_view json);

// base64url without padding; `invalid` for anything else.
Result<std::string> from_base64url(std::string_view text);

}  // namespace cellvigil::auth
