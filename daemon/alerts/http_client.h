// Posts to one address, http or https, and tells what came back. Keeps the connection between posts. One deadline per
// post covers name, connection, TLS, request and answer. No redirects. One thread posts; another may cancel.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/alerts/reach.h"
#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::alerts {

struct Address {
    bool secure = false;
    std::string host;
    std::string port;
    std::string target;  // path and query, encoded
};
// `invalid` when it is not an http or https address, or holds a user name.
Result<Address> address_of(std::string_view url);

struct HttpAnswer {
    int status = 0;
    std::string retry_after;  // the header as sent; empty: none
};

class HttpClient {
  public:
    virtual ~HttpClient() = default;
    // `unavailable`: no answer was read; whether the request arrived is not known.
    virtual Result<HttpAnswer> post(const std::string& body, const std::map<std::string, std::string>& headers,
                                    milliseconds deadline) = 0;
    virtual void cancel() = 0;  // a running post returns soon, later ones at once
};
// `ca_file` empty: the system's authorities. `invalid` when it cannot be used. A name is looked up once for each
// connection, and only addresses that `reach` allows are connected to.
Result<std::unique_ptr<HttpClient>> make_http_client(Address address, const std::string& ca_file, Reach reach);

// The wait that a Retry-After asks for: seconds, or an HTTP date. nullopt: it says neither.
std::optional<milliseconds> retry_after(std::string_view header, Instant now);

}  // namespace cellvigil::alerts
