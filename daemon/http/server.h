// The HTTP server: one thread, one io_context, HTTP/1.1 with keep-alive. Bounded in every direction: connections,
// header and body bytes, time for header, body, handler and answer. A client that is slow or goes away costs its own
// connection only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/authenticator.h"
#include "daemon/http/message.h"
#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::http {

struct TlsOptions {
    std::string certificate_file;  // PEM, the chain in order; empty: plain HTTP
    std::string key_file;          // PEM
    std::string client_ca_file;    // authorities of client certificates; empty: none are asked for
};

struct ServerOptions {
    std::string listen = "127.0.0.1";  // an address, not a name
    std::uint16_t port = 0;            // 0: any free one
    bool allow_remote = false;         // without it, beyond the loopback only with authentication and TLS
    TlsOptions tls;                    // the handshake has header_timeout
    AuthOptions auth;
    std::uint64_t max_body_bytes = 16U << 20U;
    std::uint32_t max_header_bytes = 16U << 10U;
    std::uint32_t max_connections = 256;
    milliseconds header_timeout = seconds(10);
    milliseconds body_timeout = seconds(30);  // for the whole body, and for writing an answer
    milliseconds idle_timeout = seconds(60);
    milliseconds answer_timeout = seconds(30);  // then 504
    std::uint32_t max_streams = 64;             // of the connections, those that may be event streams
    milliseconds heartbeat = seconds(15);       // of a stream on which nothing happens
    // An answer about subjects has been given, or refused by the guard: who, what, which request, status. On the io
    // thread.
    std::function<void(const Request&, const Route&, int)> accessed;
    // route pattern ("none" where no route fits), method, status, seconds; on the io thread.
    std::function<void(std::string_view, std::string_view, int, double)> observe;
};

class Server {
  public:
    virtual ~Server() = default;  // stops
    virtual std::uint16_t port() const = 0;
    virtual std::string address() const = 0;  // "http://127.0.0.1:8080"
    // Takes no new connections, lets running requests finish for at most `grace`, then closes. Idempotent.
    virtual void stop(milliseconds grace) = 0;
    virtual milliseconds loop_lag() const = 0;  // how late the io thread's own heartbeat is: liveness
};

// `invalid`: the address is not one, or beyond the loopback without what that needs, or TLS files are not usable;
// `unavailable`: the port is taken.
Result<std::unique_ptr<Server>> serve(ServerOptions options, std::vector<Route> routes);

}  // namespace cellvigil::http
