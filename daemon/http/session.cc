#include "daemon/http/session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <string>

#include "daemon/http/identity.h"
#include "daemon/log/log.h"

namespace cellvigil::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using Clock = std::chrono::steady_clock;
using Parser = bhttp::request_parser<bhttp::string_body>;

constexpr auto await = asio::as_tuple(asio::use_awaitable);  // errors come back, nothing is thrown

// Where a handler's answer arrives: from another thread through the mailbox, seen on the io thread.
struct Pending {
    explicit Pending(const asio::any_io_executor& executor) : signal(executor) {}
    asio::steady_timer signal;
    std::optional<Response> answer;
};

Reply reply_to(const std::shared_ptr<Pending>& pending, const std::shared_ptr<Mailbox>& mailbox) {
    return [pending = std::weak_ptr(pending), mailbox](Response response) {
        const std::lock_guard lock(mailbox->mutex);
        if (mailbox->io == nullptr) return;
        asio::post(*mailbox->io, [pending, response = std::move(response)]() mutable {
            const auto alive = pending.lock();
            if (!alive || alive->answer) return;
            alive->answer = std::move(response);
            alive->signal.cancel();
        });
    };
}

// A handler that throws (a library below it ran out of memory) costs its request only.
void call(const Handler& handler, Request request, const Reply& reply) {
    try {
        handler(std::move(request), reply);
    } catch (const std::exception& failure) {
        log::error({"http", "handler_failed", "a request's handler failed"}, {{"err", failure.what()}});
        reply(problem(500, "internal", "Internal error", ""));
    }
}

asio::awaitable<Response> answer(const Route* route, Request request, std::shared_ptr<Shared> shared) {
    const auto executor = co_await asio::this_coro::executor;
    const auto pending = std::make_shared<Pending>(executor);
    pending->signal.expires_after(shared->options.answer_timeout);
    call(route->handler, std::move(request), reply_to(pending, shared->mailbox));
    co_await pending->signal.async_wait(await);
    if (pending->answer) co_return std::move(*pending->answer);
    co_return problem(504, "timeout", "No answer in time",
                      "the request may still take effect; ask again under the same ids");
}

struct Routed {
    const Route* route = nullptr;
    Request request;
    Response refusal;  // without a route
};

std::string lower_media_type(std::string_view field) {
    std::string type(field.substr(0, field.find(';')));
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
    std::ranges::transform(type, type.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return type;
}

Routed route(const bhttp::request<bhttp::string_body>& message, const Router& router) {
    Routed routed;
    std::vector<std::string> segments;
    if (!read_target(message.target(), routed.request, segments)) {
        routed.refusal = problem(400, "bad-target", "Bad request target", "");
        return routed;
    }
    const bool reads = message.method() == bhttp::verb::get || message.method() == bhttp::verb::head;
    const bool known = reads || message.method() == bhttp::verb::post;
    routed.request.method = reads ? Method::get : Method::post;
    Router::Found found = router.find(routed.request.method, segments);
    if (!known && found.route != nullptr) found.allow = found.route->method == Method::get ? "GET, HEAD" : "POST";
    if (!known || found.route == nullptr) {
        routed.refusal = found.allow.empty() ? problem(404, "not-found", "No such resource", "")
                                             : problem(405, "method", "Method not allowed", "");
        if (!found.allow.empty()) routed.refusal.headers.emplace_back("allow", found.allow);
        return routed;
    }
    if (message.count(bhttp::field::content_encoding) != 0 && message[bhttp::field::content_encoding] != "identity") {
        routed.refusal = problem(415, "content-encoding", "Content encoding not supported", "send the body as it is");
        return routed;
    }
    routed.route = found.route;
    routed.request.captures = std::move(found.captures);
    routed.request.content_type = lower_media_type(message[bhttp::field::content_type]);
    routed.request.identity = local_identity();
    routed.request.if_match = message[bhttp::field::if_match];
    routed.request.idempotency_key = message["idempotency-key"];
    routed.request.accept = message[bhttp::field::accept];
    return routed;
}

asio::awaitable<bool> write(beast::tcp_stream& stream, Response response, unsigned version, bool keep, bool head_only,
                            std::shared_ptr<Shared> shared) {
    bhttp::response<bhttp::string_body> message;
    message.version(version);
    message.result(static_cast<unsigned>(response.status));
    message.set(bhttp::field::content_type, response.content_type);
    message.set(bhttp::field::cache_control, "no-store");
    message.set("x-content-type-options", "nosniff");
    message.set("x-request-id", std::to_string(++shared->last_request));
    for (const auto& [name, value] : response.headers) message.set(name, value);
    message.keep_alive(keep);
    message.content_length(response.body.size());
    if (!head_only) message.body() = std::move(response.body);
    stream.expires_after(shared->options.body_timeout);
    const auto [error, sent] = co_await bhttp::async_write(stream, message, await);
    co_return !error;
}

// What to tell a client whose request cannot be read; nullopt: it is gone, or too slow for an answer to make sense.
std::optional<Response> refusal_of(beast::error_code error) {
    if (error == bhttp::error::header_limit || error == bhttp::error::buffer_overflow)
        return problem(431, "header-limit", "Request headers too long", "");
    if (error == bhttp::error::body_limit)
        return problem(413, "body-limit", "Request body too long", "send fewer messages at once");
    if (error == bhttp::error::end_of_stream || error == bhttp::error::partial_message) return std::nullopt;
    if (error.category() == bhttp::make_error_code(bhttp::error::bad_method).category())
        return problem(400, "bad-request", "Not an HTTP request", error.message());
    return std::nullopt;
}

// The first byte may take as long as a connection may idle; from then on the headers have their own time.
asio::awaitable<beast::error_code> read_request(beast::tcp_stream& stream, beast::flat_buffer& buffer, Parser& parser,
                                                std::shared_ptr<Shared> shared, Connection& connection) {
    const ServerOptions& options = shared->options;
    if (buffer.size() == 0) {
        stream.expires_after(options.idle_timeout);
        const auto [error, count] = co_await stream.async_read_some(buffer.prepare(4096), await);
        if (error) co_return error;
        buffer.commit(count);
    }
    connection.busy = true;
    parser.header_limit(options.max_header_bytes);
    parser.body_limit(options.max_body_bytes);
    stream.expires_after(options.header_timeout);
    const auto [bad_header, header_bytes] = co_await bhttp::async_read_header(stream, buffer, parser, await);
    if (bad_header) co_return bad_header;
    stream.expires_after(options.body_timeout);
    if (beast::iequals(parser.get()[bhttp::field::expect], "100-continue")) {
        bhttp::response<bhttp::empty_body> go_on(bhttp::status::continue_, 11);
        const auto [error, sent] = co_await bhttp::async_write(stream, go_on, await);
        if (error) co_return error;
    }
    const auto [bad_body, body_bytes] = co_await bhttp::async_read(stream, buffer, parser, await);
    co_return bad_body;
}

asio::awaitable<void> run(beast::tcp_stream& stream, std::shared_ptr<Shared> shared, Connection& connection) {
    beast::flat_buffer buffer(shared->options.max_header_bytes + (64U << 10U));
    while (!shared->stopping) {
        Parser parser;
        connection.busy = false;
        const beast::error_code error = co_await read_request(stream, buffer, parser, shared, connection);
        const auto began = Clock::now();
        if (error) {
            auto refusal = refusal_of(error);
            if (!refusal) co_return;
            const int status = refusal->status;
            co_await write(stream, std::move(*refusal), 11, false, false, shared);
            if (shared->options.observe) shared->options.observe("none", "none", status, 0.0);
            co_return;
        }
        Routed routed = route(parser.get(), shared->router);
        const bool keep = parser.get().keep_alive();
        const bool head_only = parser.get().method() == bhttp::verb::head;
        const unsigned version = parser.get().version();
        const std::string pattern = routed.route != nullptr ? routed.route->pattern : "none";
        const char* method = routed.request.method == Method::get ? "get" : "post";
        Response response = std::move(routed.refusal);
        if (routed.route != nullptr) {
            routed.request.body = std::move(parser.get().body());
            stream.expires_never();
            response = co_await answer(routed.route, std::move(routed.request), shared);
        }
        const int status = response.status;
        const bool written =
            co_await write(stream, std::move(response), version, keep && !shared->stopping, head_only, shared);
        if (shared->options.observe)
            shared->options.observe(pattern, method, status,
                                    std::chrono::duration<double>(Clock::now() - began).count());
        if (!written || !keep) co_return;
    }
}

}  // namespace

asio::awaitable<void> serve_connection(asio::ip::tcp::socket socket, std::shared_ptr<Shared> shared) {
    beast::tcp_stream stream(std::move(socket));
    const std::uint64_t id = ++shared->last_connection;
    Connection& connection = shared->connections[id];
    connection.stream = &stream;
    ++shared->open;
    co_await run(stream, shared, connection);
    beast::error_code ignored;
    stream.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    shared->connections.erase(id);
    --shared->open;
}

asio::awaitable<void> refuse_connection(asio::ip::tcp::socket socket, std::shared_ptr<Shared> shared) {
    beast::tcp_stream stream(std::move(socket));
    Response response = problem(503, "connections", "Too many connections", "");
    response.headers.emplace_back("retry-after", "1");
    co_await write(stream, std::move(response), 11, false, false, shared);
    beast::error_code ignored;
    stream.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    --shared->refusals;
}

}  // namespace cellvigil::http
