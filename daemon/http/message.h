// Requests and answers as handlers see them; no Boost here.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/auth/token.h"
#include "daemon/http/guard.h"
#include "rules/base/result.h"
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
    std::string last_event_id;    // the same
    std::string id;               // x-request-id of the answer
    auth::Identity identity;      // read it through identity_of (identity.h)
    bool packed = false;          // the body is gzip still; only at routes that unpack themselves
    std::string body;
};

class EventSource;

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::shared_ptr<EventSource> events;  // instead of a body: a stream that goes on (event_source.h)
};

// One thing that is wrong with a request: where, as a JSON pointer ("#/comment"), a query parameter ("?limit") or a
// header ("if-match"), and what was expected.
struct Fault {
    std::string where;
    std::string detail;
};

// RFC 9457 problem+json. `slug` is stable: its type is "/problems/<slug>" in docs/http-api.md.
Response problem(int status, std::string_view slug, std::string_view title, std::string_view detail);
// With `errors`: {"pointer"|"parameter"|"header", "detail"} each.
Response problem(int status, std::string_view slug, std::string_view title, std::string_view detail,
                 const std::vector<Fault>& faults);
// 413 or 400 for what gunzip said of a body.
Response unpacking_refused(const Error& error);

// Called once, from any thread; further calls are ignored.
using Reply = std::function<void(Response)>;
// Runs on the io thread and must not block: work that reads the store goes through a Reader (reader.h).
using Handler = std::function<void(Request, Reply)>;

struct Route {
    Method method = Method::get;
    std::string pattern;  // "/api/v1/subjects/{study}/{subject}/assessments"; its text is the metric's label
    Handler handler;
    Guard guard = {};      // named nothing: refused to everybody
    bool unpacks = false;  // takes gzip bodies as they came and unpacks them on a thread of its own
};

}  // namespace cellvigil::http
