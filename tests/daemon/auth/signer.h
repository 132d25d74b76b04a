// An identity provider in a test: a fresh key pair of each algorithm, its key set, tokens signed with it.
#pragma once

#include <memory>
#include <string>

#include "daemon/auth/jwk.h"

namespace cellvigil::auth {

class Signer {
  public:
    Signer(Algorithm algorithm, std::string kid, int rsa_bits = 2048);
    ~Signer();
    Signer(const Signer&) = delete;
    Signer& operator=(const Signer&) = delete;

    std::string jwk() const;                          // of the public key, as JSON
    std::string sign(const std::string& text) const;  // raw JWS signature
    // header.payload.signature with these JSON texts.
    std::string token(const std::string& header, const std::string& claims) const;
    std::string token(const std::string& claims) const;  // with its own alg and kid

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

std::string base64url(const std::string& bytes);

}  // namespace cellvigil::auth
