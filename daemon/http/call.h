// One request to a daemon's API and its answer: for tools. Plain HTTP, one connection, one deadline over all of it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::http {

struct Call {
    std::string host;
    std::string port;
    std::string method = "GET";
    std::string target;  // path and query, encoded
    std::map<std::string, std::string> headers;
    std::string body;
    milliseconds deadline = seconds(30);
};
struct Answer {
    int status = 0;
    std::string etag;
    std::string body;
};

// `unavailable`: nobody answered; whether a POST arrived is not known (send it again with its Idempotency-Key).
Result<Answer> call(const Call& request);

// "http://host:port": its parts; `invalid` for anything else.
Result<Call> call_to(std::string_view address);
// A path segment or a query's value, percent-encoded.
std::string encoded(std::string_view text);

}  // namespace cellvigil::http
