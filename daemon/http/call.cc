#include "daemon/http/call.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>

namespace cellvigil::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

constexpr std::uint64_t kLongestAnswer = 64U << 20U;

// What one call holds while its steps follow each other on its own loop.
struct Exchange {
    asio::io_context loop;
    asio::ip::tcp::resolver resolver{loop};
    beast::tcp_stream stream{loop};
    beast::flat_buffer buffer;
    bhttp::request<bhttp::string_body> request;
    bhttp::response_parser<bhttp::string_body> parser;
    std::optional<beast::error_code> ended;

    void send() {
        bhttp::async_write(stream, request, [this](beast::error_code error, std::size_t) {
            if (error) return void(ended = error);
            bhttp::async_read(stream, buffer, parser, [this](beast::error_code read, std::size_t) { ended = read; });
        });
    }
    void begin(const Call& call) {
        resolver.async_resolve(call.host, call.port, [this](beast::error_code error, const auto& found) {
            if (error) return void(ended = error);
            stream.async_connect(found, [this](beast::error_code connected, const asio::ip::tcp::endpoint&) {
                if (connected) return void(ended = connected);
                send();
            });
        });
    }
};

}  // namespace

Result<Answer> call(const Call& wanted) {
    Exchange exchange;
    exchange.parser.body_limit(kLongestAnswer);
    exchange.request.method_string(wanted.method);
    exchange.request.target(wanted.target);
    exchange.request.version(11);
    exchange.request.set(bhttp::field::host, wanted.host + ":" + wanted.port);
    exchange.request.set(bhttp::field::connection, "close");
    for (const auto& [name, value] : wanted.headers) exchange.request.set(name, value);
    exchange.request.body() = wanted.body;
    exchange.request.prepare_payload();
    exchange.stream.expires_after(wanted.deadline);
    exchange.begin(wanted);
    exchange.loop.run_for(wanted.deadline);
    if (!exchange.ended) return fail(Errc::unavailable, wanted.host + ":" + wanted.port + ": no answer in time");
    if (*exchange.ended)
        return fail(Errc::unavailable, wanted.host + ":" + wanted.port + ": " + exchange.ended->message());
    const auto& message = exchange.parser.get();
    return Answer{static_cast<int>(message.result_int()), std::string(message[bhttp::field::etag]), message.body()};
}

Result<Call> call_to(std::string_view address) {
    constexpr std::string_view kScheme = "http://";
    const auto wrong = fail(Errc::invalid, "expected an address such as http://127.0.0.1:8080");
    if (!address.starts_with(kScheme)) return wrong;
    address.remove_prefix(kScheme.size());
    while (address.ends_with('/')) address.remove_suffix(1);
    const auto colon = address.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == address.size()) return wrong;
    Call made;
    made.host = address.substr(0, colon);
    made.port = address.substr(colon + 1);
    if (made.host.find_first_of("/?#@") != std::string::npos ||
        made.port.find_first_not_of("0123456789") != std::string::npos)
        return wrong;
    return made;
}

std::string encoded(std::string_view text) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                           (byte >= 'a' && byte <= 'z') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
        } else {
            out += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
        }
    }
    return out;
}

}  // namespace cellvigil::http
