// Requests and answers as handlers see them; no Boost here.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/auth/token.h"
#include "daemon/http/guard.h"
#include "rules/event/admit.h"

namespace cellvigil::http {

enum class Method : std::uint8_t { get, post };

struct Request {
    Method method = Method::get;
    std::string path;                          // decoded, without the query
    std::map<std::string, std::string> query;  // decoded; the last of a repeated name counts
    std::vector<std::string> captures;         // what the route's {..} segments stand for, decoded
    std::string content_type;                  // lower case, without parameters; empty: none
    std::string accept;
    std::string if_match;         // as sent; empty: none
    std::string idempotency_key;  // the same
    std::string id;               // x-request-id of the answer
    auth::Identity identity;      // read it through identity_of (identity.h)
    std::string body;
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

// RFC 9457 problem+json. `slug` is stable: its type is "/problems/<slug>" in docs/http-api.md.
Response problem(int status, std::string_view slug, std::string_view title, std::string_view detail);

// Called once, from any thread; further calls are ignored.
using Reply = std::function<void(Response)>;
// Runs on the io thread and must not block: work that reads the store goes through a Reader (reader.h).
using Handler = std::function<void(Request, Reply)>;

struct Route {
    Method method = Method::get;
    std::string pattern;  // "/api/v1/subjects/{study}/{subject}/assessments"; its text is the metric's label
    Handler handler;
    Guard guard = {};  // named nothing: refused to everybody
};

}  // namespace cellvigil::http
