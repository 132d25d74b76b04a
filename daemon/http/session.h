// One connection, as coroutines. Private to the server; the one place that instantiates Beast's reading and writing.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

#include "daemon/http/authenticator.h"
#include "daemon/http/repeats.h"
#include "daemon/http/router.h"
#include "daemon/http/server.h"
#include "daemon/http/tls.h"

namespace cellvigil::http {

// Where answers from other threads are posted; `io` is null once the server is gone.
struct Mailbox {
    std::mutex mutex;
    boost::asio::io_context* io = nullptr;
};

struct Connection {
    boost::beast::tcp_stream* stream = nullptr;
    bool busy = false;                           // between the first byte of a request and the last of its answer
    boost::asio::steady_timer* waits = nullptr;  // of a stream: cancelled when the server stops
    Peer peer;
};

// What the connections of one server share. Touched on the io thread only, but for the atomics.
struct Shared {
    Shared(ServerOptions given, std::vector<Route> routes)
        : options(std::move(given)), router(std::move(routes)), authenticator(options.auth) {}
    ServerOptions options;
    Router router;
    Authenticator authenticator;
    TlsContext tls;  // null: plain
    Repeats repeats;
    std::string run;  // what this process's request ids begin with
    std::uint32_t streams = 0;
    std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>();
    std::map<std::uint64_t, Connection> connections;
    std::uint64_t last_connection = 0;
    std::uint32_t refusals = 0;  // being told 503
    std::uint64_t last_request = 0;
    bool stopping = false;
    std::atomic<std::size_t> open{0};
};

// Serves requests until the client leaves, is too slow, or the server stops.
boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<Shared> shared);
// Says 503 to a connection beyond the limit.
boost::asio::awaitable<void> refuse_connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<Shared> shared);

}  // namespace cellvigil::http
