#include "daemon/http/session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <string>

#include "daemon/http/event_source.h"
#include "daemon/http/exchange.h"
#include "daemon/log/log.h"

namespace cellvigil::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using Clock = std::chrono::steady_clock;
using Parser = bhttp::request_parser<bhttp::string_body>;

constexpr milliseconds kShortGoodbye(100);  // for a client's part of the end of TLS, when the server stops
constexpr std::uint64_t kSmallBody = 64U << 10U;
constexpr auto await = asio::as_tuple(asio::use_awaitable);  // errors come back, nothing is thrown

// Where a handler's answer arrives: from another thread through the mailbox, seen on the io thread.
struct Pending {
    explicit Pending(const asio::any_io_executor& executor) : signal(executor) {}
    asio::steady_timer signal;
    std::optional<Response> answer;
};

Reply reply_to(const std::shared_ptr<Pending>& pending, const std::shared_ptr<Mailbox>& mailbox, Wishes wishes) {
    return [pending = std::weak_ptr(pending), mailbox, wishes = std::move(wishes)](Response response) {
        shape(response, wishes);
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

asio::awaitable<Response> answer(const Route* route, Request request, Wishes wishes, std::shared_ptr<Shared> shared) {
    const auto executor = co_await asio::this_coro::executor;
    const auto pending = std::make_shared<Pending>(executor);
    pending->signal.expires_after(shared->options.answer_timeout);
    call(route->handler, std::move(request), reply_to(pending, shared->mailbox, std::move(wishes)));
    co_await pending->signal.async_wait(await);
    if (pending->answer) co_return std::move(*pending->answer);
    co_return problem(504, "timeout", "No answer in time",
                      "the request may still take effect; ask again under the same ids");
}

// The answer, or that of the same request before.
asio::awaitable<Response> answer_once(const Route* route, Request request, Wishes wishes,
                                      std::shared_ptr<Shared> shared) {
    if (request.idempotency_key.empty()) {
        Response plain = co_await answer(route, std::move(request), std::move(wishes), shared);
        co_return plain;
    }
    const std::string key = request.identity.person + "\n" + request.path + "\n" + request.idempotency_key;
    Repeats::Found found = shared->repeats.begin(key, sha256_hex(request.body), Clock::now());
    if (found.standing == Repeats::Standing::known) {
        found.answer->headers.emplace_back("idempotency-replayed", "true");
        co_return std::move(*found.answer);
    }
    if (found.standing == Repeats::Standing::running)
        co_return problem(409, "repeat-running", "The first request with this Idempotency-Key is not answered yet", "");
    if (found.standing == Repeats::Standing::other)
        co_return problem(422, "repeat-differs", "The Idempotency-Key came with another request", "");
    wishes.gzip = false;  // the repeat may not take it
    Response fresh = co_await answer(route, std::move(request), std::move(wishes), shared);
    shared->repeats.finish(key, fresh, Clock::now());
    co_return fresh;
}

// Whether the route is for whoever asks; sets the identity, or the refusal. A key that is not known is asked for once.
asio::awaitable<void> admit(Exchange& exchange, const Peer& peer, std::shared_ptr<Shared> shared) {
    const Authenticator::Asked asked{exchange.route->guard, exchange.request.captures, exchange.authorization, peer};
    Authenticator::Verdict verdict = shared->authenticator.judge(asked);
    if (verdict.unknown_key) {
        const auto executor = co_await asio::this_coro::executor;
        const auto pending = std::make_shared<Pending>(executor);
        pending->signal.expires_after(shared->options.header_timeout);
        const Reply reply = reply_to(pending, shared->mailbox, {});
        if (shared->authenticator.keys()->refresh([reply] { reply(Response{}); })) {
            co_await pending->signal.async_wait(await);
            verdict = shared->authenticator.judge(asked);
        }
    }
    exchange.request.identity = std::move(verdict.identity);
    exchange.refusal = std::move(verdict.refusal);
}

template <typename Stream>
asio::awaitable<bool> write(Stream& stream, Response response, unsigned version, bool keep, bool head_only,
                            std::string id, std::string_view cache_control, std::shared_ptr<Shared> shared) {
    bhttp::response<bhttp::string_body> message;
    message.version(version);
    message.result(static_cast<unsigned>(response.status));
    name_request(response, id);
    if (response.status != 304) message.set(bhttp::field::content_type, response.content_type);
    message.set(bhttp::field::cache_control, cache_control);
    message.set("x-content-type-options", "nosniff");
    message.set("x-request-id", id);
    if (shared->tls) message.set("strict-transport-security", "max-age=31536000");
    for (const auto& [name, value] : response.headers) message.set(name, value);
    message.keep_alive(keep);
    if (response.status != 304) message.content_length(response.body.size());
    if (!head_only) message.body() = std::move(response.body);
    beast::get_lowest_layer(stream).expires_after(shared->options.body_timeout);
    const auto [error, sent] = co_await bhttp::async_write(stream, message, await);
    co_return !error;
}

// What wakes a stream's coroutine: from any thread through the mailbox.
std::function<void()> waker_of(const std::shared_ptr<Pending>& pending, const std::shared_ptr<Mailbox>& mailbox) {
    return [pending = std::weak_ptr(pending), mailbox] {
        const std::lock_guard lock(mailbox->mutex);
        if (mailbox->io == nullptr) return;
        asio::post(*mailbox->io, [pending] {
            if (const auto alive = pending.lock()) alive->signal.cancel();
        });
    };
}

template <typename Stream>
asio::awaitable<bool> write_chunk(Stream& stream, std::string text, std::shared_ptr<Shared> shared) {
    beast::get_lowest_layer(stream).expires_after(shared->options.body_timeout);
    const auto [error, sent] = co_await asio::async_write(stream, bhttp::make_chunk(asio::buffer(text)), await);
    co_return !error;
}

// Goes on until the client leaves or is too slow, the source is over, or the server stops.
template <typename Stream>
asio::awaitable<void> write_events(Stream& stream, std::shared_ptr<EventSource> source, std::string id,
                                   std::shared_ptr<Shared> shared, Connection& connection) {
    bhttp::response<bhttp::empty_body> header(bhttp::status::ok, 11);
    header.set(bhttp::field::content_type, "text/event-stream");
    header.set(bhttp::field::cache_control, "no-store");
    header.set("x-content-type-options", "nosniff");
    header.set("x-request-id", id);
    header.chunked(true);
    header.keep_alive(false);
    bhttp::response_serializer<bhttp::empty_body> serializer(header);
    beast::get_lowest_layer(stream).expires_after(shared->options.body_timeout);
    const auto [failed, sent] = co_await bhttp::async_write_header(stream, serializer, await);
    if (failed) co_return;
    const auto pending = std::make_shared<Pending>(co_await asio::this_coro::executor);
    source->on_ready(waker_of(pending, shared->mailbox));
    connection.waits = &pending->signal;
    std::string text = "retry: 2000\n\n";
    bool goes_on = true;
    while (goes_on && !shared->stopping) {
        text += source->take();
        if (text.empty() && source->over()) break;
        if (text.empty()) {
            pending->signal.expires_after(shared->options.heartbeat);
            const auto [woken] = co_await pending->signal.async_wait(await);
            if (!woken) text = "event: heartbeat\ndata: {}\n\n";
            continue;
        }
        goes_on = co_await write_chunk(stream, std::exchange(text, {}), shared);
    }
    connection.waits = nullptr;
    source->on_ready({});
    if (!goes_on) co_return;
    beast::get_lowest_layer(stream).expires_after(shared->options.body_timeout);
    co_await asio::async_write(stream, bhttp::make_chunk_last(), await);
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
template <typename Stream>
asio::awaitable<beast::error_code> read_header(Stream& stream, beast::flat_buffer& buffer, Parser& parser,
                                               std::shared_ptr<Shared> shared, Connection& connection) {
    const ServerOptions& options = shared->options;
    if (buffer.size() == 0) {
        beast::get_lowest_layer(stream).expires_after(options.idle_timeout);
        const auto [error, count] = co_await stream.async_read_some(buffer.prepare(4096), await);
        if (error) co_return error;
        buffer.commit(count);
    }
    connection.busy = true;
    parser.header_limit(options.max_header_bytes);
    parser.body_limit(options.max_body_bytes);
    beast::get_lowest_layer(stream).expires_after(options.header_timeout);
    const auto [error, count] = co_await bhttp::async_read_header(stream, buffer, parser, await);
    co_return error;
}

template <typename Stream>
asio::awaitable<beast::error_code> read_body(Stream& stream, beast::flat_buffer& buffer, Parser& parser,
                                             std::shared_ptr<Shared> shared) {
    beast::get_lowest_layer(stream).expires_after(shared->options.body_timeout);
    if (beast::iequals(parser.get()[bhttp::field::expect], "100-continue")) {
        bhttp::response<bhttp::empty_body> go_on(bhttp::status::continue_, 11);
        const auto [error, sent] = co_await bhttp::async_write(stream, go_on, await);
        if (error) co_return error;
    }
    const auto [bad_body, body_bytes] = co_await bhttp::async_read(stream, buffer, parser, await);
    co_return bad_body;
}

void tell(const Shared& shared, const Exchange& exchange, int status, Clock::time_point began) {
    if (shared.options.observe)
        shared.options.observe(exchange.pattern, exchange.method, status,
                               std::chrono::duration<double>(Clock::now() - began).count());
    if (shared.options.accessed && exchange.route != nullptr && exchange.route->guard.kind == Guard::Kind::permitted &&
        exchange.route->guard.permission != auth::Permission::read_aggregates)
        shared.options.accessed(exchange.request, *exchange.route, status);
}

// The refusal, or the handler's answer; the request keeps who asked, without its body.
asio::awaitable<Response> settle(Exchange& exchange, std::shared_ptr<Shared> shared) {
    if (exchange.refusal) co_return std::move(*exchange.refusal);
    Request given = exchange.request;
    exchange.request.body.clear();
    Response response = co_await answer_once(exchange.route, std::move(given), exchange.wishes, shared);
    co_return response;
}

// One request and its answer; false: the connection ends.
template <typename Stream>
asio::awaitable<bool> serve_one(Stream& stream, beast::flat_buffer& buffer, std::shared_ptr<Shared> shared,
                                Connection& connection) {
    Parser parser;
    connection.busy = false;
    beast::error_code error = co_await read_header(stream, buffer, parser, shared, connection);
    const std::string id = shared->run + "-" + std::to_string(++shared->last_request);
    Exchange exchange;
    bool read_whole = false;
    if (!error) {
        exchange = exchange_of(parser.get(), shared->router);
        exchange.request.id = id;
        if (!exchange.refusal) co_await admit(exchange, connection.peer, shared);
        read_whole = parser.is_done();
        // What is small comes along with the refusal: the connection can go on.
        if (!exchange.refusal || parser.content_length().value_or(0) <= kSmallBody) {
            error = co_await read_body(stream, buffer, parser, shared);
            read_whole = !error;
        }
    }
    const auto began = Clock::now();
    if (error) {
        auto refusal = refusal_of(error);
        if (!refusal) co_return false;
        const int status = refusal->status;
        if (!exchange.refusal) exchange.refusal = std::move(*refusal);
        co_await write(stream, std::move(*exchange.refusal), 11, false, false, id, "no-store", shared);
        tell(*shared, exchange, status, began);
        co_return false;
    }
    const bool keep = parser.get().keep_alive() && read_whole;
    const unsigned version = parser.get().version();
    if (!exchange.refusal) {
        exchange.refusal = take_body(exchange, std::move(parser.get().body()), shared->options.max_body_bytes);
        beast::get_lowest_layer(stream).expires_never();
    }
    Response response = co_await settle(exchange, shared);
    const int status = response.status;
    if (response.events && !exchange.head_only && shared->streams >= shared->options.max_streams) {
        response = problem(503, "streams", "Too many streams", "");
        response.headers.emplace_back("retry-after", "10");
    } else if (response.events && !exchange.head_only) {
        ++shared->streams;
        co_await write_events(stream, response.events, id, shared, connection);
        --shared->streams;
        tell(*shared, exchange, status, began);
        co_return false;
    }
    const std::string_view cache = exchange.route != nullptr ? cache_control_of(exchange.route->guard) : "no-store";
    const bool written = co_await write(stream, std::move(response), version, keep && !shared->stopping,
                                        exchange.head_only, id, cache, shared);
    tell(*shared, exchange, status, began);
    co_return written&& keep;
}

template <typename Stream>
asio::awaitable<void> run(Stream& stream, std::shared_ptr<Shared> shared, Connection& connection) {
    beast::flat_buffer buffer(shared->options.max_header_bytes + (64U << 10U));
    bool goes_on = true;
    while (goes_on && !shared->stopping) goes_on = co_await serve_one(stream, buffer, shared, connection);
}

using TlsStream = beast::ssl_stream<beast::tcp_stream>;

asio::awaitable<void> run_encrypted(TlsStream& stream, std::shared_ptr<Shared> shared, Connection& connection) {
    beast::get_lowest_layer(stream).expires_after(shared->options.header_timeout);
    const auto [refused] = co_await stream.async_handshake(asio::ssl::stream_base::server, await);
    if (refused) {
        log::debug({"http", "handshake_failed", "a TLS handshake failed"}, {{"err", refused.message()}});
        co_return;
    }
    connection.peer = peer_of(stream.native_handle());
    co_await run(stream, shared, connection);
    beast::get_lowest_layer(stream).expires_after(shared->stopping ? kShortGoodbye : shared->options.header_timeout);
    co_await stream.async_shutdown(await);
}

}  // namespace

asio::awaitable<void> serve_connection(asio::ip::tcp::socket socket, std::shared_ptr<Shared> shared) {
    const std::uint64_t id = ++shared->last_connection;
    Connection& connection = shared->connections[id];
    ++shared->open;
    beast::error_code ignored;
    if (shared->tls) {
        TlsStream stream(std::move(socket), *shared->tls);
        connection.stream = &beast::get_lowest_layer(stream);
        co_await run_encrypted(stream, shared, connection);
        beast::get_lowest_layer(stream).socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    } else {
        beast::tcp_stream stream(std::move(socket));
        connection.stream = &stream;
        co_await run(stream, shared, connection);
        stream.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    }
    shared->connections.erase(id);
    --shared->open;
}

// Under TLS it is just closed: the handshake would cost what there is none of.
asio::awaitable<void> refuse_connection(asio::ip::tcp::socket socket, std::shared_ptr<Shared> shared) {
    if (!shared->tls) {
        beast::tcp_stream stream(std::move(socket));
        Response response = problem(503, "connections", "Too many connections", "");
        response.headers.emplace_back("retry-after", "1");
        co_await write(stream, std::move(response), 11, false, false, shared->run + "-0", "no-store", shared);
        beast::error_code ignored;
        stream.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    }
    --shared->refusals;
}

}  // namespace cellvigil::http
