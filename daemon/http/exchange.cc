#include "daemon/http/exchange.h"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <utility>

#include "daemon/http/gzip.h"
#include "daemon/http/repeats.h"

namespace cellvigil::http {
namespace {

namespace bhttp = boost::beast::http;
using Header = bhttp::request_header<bhttp::fields>;

constexpr std::size_t kMostUnpackedHere = 1U << 20U;  // on the io thread; larger bodies are for handlers with threads

std::string lower_media_type(std::string_view field) {
    std::string type(field.substr(0, field.find(';')));
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
    std::ranges::transform(type, type.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return type;
}

void refuse(Exchange& exchange, Response response) { exchange.refusal = std::move(response); }

void find_route(const Header& header, const Router& router, Exchange& exchange) {
    std::vector<std::string> segments;
    if (!read_target(header.target(), exchange.request, segments))
        return refuse(exchange, problem(400, "bad-target", "Bad request target", ""));
    const bool reads = header.method() == bhttp::verb::get || header.method() == bhttp::verb::head;
    const bool known = reads || header.method() == bhttp::verb::post;
    exchange.request.method = reads ? Method::get : Method::post;
    exchange.method = reads ? "get" : "post";
    Router::Found found = router.find(exchange.request.method, segments);
    if (!known && found.route != nullptr) found.allow = found.route->method == Method::get ? "GET, HEAD" : "POST";
    if (!known || found.route == nullptr) {
        Response refusal = found.allow.empty() ? problem(404, "not-found", "No such resource", "")
                                               : problem(405, "method", "Method not allowed", "");
        if (!found.allow.empty()) refusal.headers.emplace_back("allow", found.allow);
        return refuse(exchange, std::move(refusal));
    }
    exchange.route = found.route;
    exchange.pattern = found.route->pattern;
    exchange.request.captures = std::move(found.captures);
}

void read_wishes(const Header& header, Exchange& exchange) {
    exchange.wishes.read = exchange.request.method == Method::get;
    exchange.wishes.gzip = accepts_gzip(header[bhttp::field::accept_encoding]);
    exchange.wishes.if_none_match = header[bhttp::field::if_none_match];
    exchange.request.content_type = lower_media_type(header[bhttp::field::content_type]);
    exchange.request.accept = header[bhttp::field::accept];
    exchange.request.if_match = header[bhttp::field::if_match];
    exchange.request.last_event_id = header["last-event-id"];
    if (header.count(bhttp::field::authorization) > 0)
        exchange.authorization = header.count(bhttp::field::authorization) == 1
                                     ? std::string(header[bhttp::field::authorization])
                                     : std::string();
}

}  // namespace

Exchange exchange_of(const Header& header, const Router& router) {
    Exchange exchange;
    exchange.head_only = header.method() == bhttp::verb::head;
    find_route(header, router, exchange);
    if (exchange.refusal) return exchange;
    read_wishes(header, exchange);
    const auto encoding = header[bhttp::field::content_encoding];
    exchange.packed = boost::beast::iequals(encoding, "gzip");
    if (!encoding.empty() && !exchange.packed && encoding != "identity") {
        refuse(exchange, problem(415, "content-encoding", "Content encoding not supported", "gzip, or as it is"));
        exchange.refusal->headers.emplace_back("accept-encoding", "gzip");
        return exchange;
    }
    if (header.count("idempotency-key") == 0 || exchange.wishes.read) return exchange;
    exchange.request.idempotency_key = header["idempotency-key"];
    if (!is_idempotency_key(exchange.request.idempotency_key))
        refuse(exchange,
               problem(400, "idempotency-key", "Bad Idempotency-Key", "expected 1 to 255 visible characters"));
    return exchange;
}

std::optional<Response> take_body(Exchange& exchange, std::string body, std::size_t at_most) {
    exchange.request.packed = exchange.packed;
    exchange.request.body = std::move(body);
    if (!exchange.packed || exchange.route->unpacks) return std::nullopt;
    auto plain = gunzip(exchange.request.body, std::min(at_most, kMostUnpackedHere));
    if (!plain) return unpacking_refused(plain.error());
    exchange.request.body = std::move(*plain);
    exchange.request.packed = false;
    return std::nullopt;
}

void name_request(Response& response, const std::string& id) {
    if (response.content_type != "application/problem+json" || !response.body.ends_with("}\n")) return;
    response.body.resize(response.body.size() - 2);
    response.body += ",\"instance\":\"urn:cellvigil:request:" + id + "\"}\n";
}

}  // namespace cellvigil::http
