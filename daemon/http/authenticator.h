// Who a request comes from and whether its route is for them: the bearer token, else the client's certificate, else
// nobody. Pure but for the clock and the keys, which are given. Safe from any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/auth/access.h"
#include "daemon/auth/token.h"
#include "daemon/http/guard.h"
#include "daemon/http/key_source.h"
#include "daemon/http/message.h"

namespace cellvigil::http {

// What a client's verified certificate says.
struct Peer {
    bool certified = false;
    std::string subject;                         // RFC 2253: "CN=lis,O=Hospital"
    std::vector<std::string> alternative_names;  // "DNS:lis.example", "URI:spiffe://..", "EMAIL:.."
};

struct Machine {           // a client that is known by its certificate
    std::string name;      // its person is "machine:<name>"
    std::string presents;  // the certificate's subject, or one of its alternative names; exactly
    std::vector<Role> roles;
    std::vector<std::string> studies;
};

struct AuthOptions {
    bool required = false;  // false: everybody is the local identity
    std::optional<auth::TokenPolicy> tokens;
    std::shared_ptr<KeySource> keys;  // with `tokens`
    std::vector<Machine> machines;
    std::string metrics_token;  // opens /metrics only; empty: none
    std::function<Instant()> now;
};

class Authenticator {
  public:
    explicit Authenticator(AuthOptions options);

    struct Asked {
        const Guard& guard;
        const std::vector<std::string>& captures;
        std::optional<std::string> authorization;  // the header; nullopt: none
        const Peer& peer;
    };
    struct Verdict {
        auth::Identity identity;          // with no refusal; empty at open routes and for the scraper's token
        std::optional<Response> refusal;  // 401, 403 or 503
        bool unknown_key = false;         // fresh keys might let it in
    };
    Verdict judge(const Asked& asked) const;
    KeySource* keys() const { return options_.keys.get(); }

  private:
    Verdict of_token(const Asked& asked, std::string_view token) const;
    AuthOptions options_;
};

// The token of "Bearer <token>" (RFC 6750); nullopt: another scheme, or not one token.
std::optional<std::string_view> bearer_token(std::string_view authorization);

}  // namespace cellvigil::http
