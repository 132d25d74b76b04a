// A request between its header's arrival and its handler: which route it is, what it asks of the answer, and whether it
// can be taken at all. Pure. Private to the server.
#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include <cstdint>
#include <optional>
#include <string>

#include "daemon/http/router.h"
#include "daemon/http/shape.h"

namespace cellvigil::http {

struct Exchange {
    const Route* route = nullptr;
    Request request;
    std::optional<Response> refusal;           // then nothing else counts
    std::optional<std::string> authorization;  // empty text: more than one
    Wishes wishes;
    bool packed = false;  // the body is gzip
    bool head_only = false;
    std::string pattern = "none";  // the metrics' label
    const char* method = "get";
};

Exchange exchange_of(const boost::beast::http::request_header<boost::beast::http::fields>& header,
                     const Router& router);

// Puts the plain body into the request; or the refusal. `at_most` bytes may come out of a packed one.
std::optional<Response> take_body(Exchange& exchange, std::string body, std::size_t at_most);

// "instance" into a problem's body: what to ask the operator about.
void name_request(Response& response, const std::string& id);

}  // namespace cellvigil::http
