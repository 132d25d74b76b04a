#include "daemon/http/server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <thread>

#include "daemon/http/session.h"
#include "daemon/http/shape.h"

namespace cellvigil::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr auto await = asio::as_tuple(asio::use_awaitable);
constexpr milliseconds kBeat(100);
constexpr std::uint32_t kMostRefusals = 64;  // connections beyond the limit that are told so; more are just closed

asio::awaitable<void> accept(std::shared_ptr<tcp::acceptor> acceptor, std::shared_ptr<Shared> shared) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer pause(executor);
    while (acceptor->is_open()) {
        auto [error, socket] = co_await acceptor->async_accept(await);
        if (error == asio::error::operation_aborted || !acceptor->is_open()) co_return;
        if (error) {  // out of descriptors: connections will end, wait for that
            pause.expires_after(kBeat);
            co_await pause.async_wait(await);
            continue;
        }
        if (shared->connections.size() < shared->options.max_connections) {
            asio::co_spawn(executor, serve_connection(std::move(socket), shared), asio::detached);
        } else if (shared->refusals < kMostRefusals) {
            ++shared->refusals;
            asio::co_spawn(executor, refuse_connection(std::move(socket), shared), asio::detached);
        }
    }
}

asio::awaitable<void> beat(std::shared_ptr<std::atomic<Clock::rep>> last) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (true) {
        last->store(Clock::now().time_since_epoch().count());
        timer.expires_after(kBeat);
        const auto [error] = co_await timer.async_wait(await);
        if (error) co_return;
    }
}

// Beyond the loopback nobody listens unprotected by mistake.
Result<void> may_listen(const asio::ip::address& address, const ServerOptions& options) {
    if (address.is_loopback() || options.allow_remote) return {};
    const bool encrypted = !options.tls.certificate_file.empty();
    if (options.auth.required && encrypted) return {};
    const char* missing = encrypted ? "authentication" : options.auth.required ? "TLS" : "authentication and TLS";
    return fail(Errc::invalid, "listening on " + options.listen + " reaches beyond the loopback, that needs " +
                                   missing +
                                   " (http.authentication, http.tls), or http.allow_remote where something in front "
                                   "provides them");
}

class AsioServer final : public Server {
  public:
    AsioServer(ServerOptions options, std::vector<Route> routes)
        : shared_(std::make_shared<Shared>(std::move(options), std::move(routes))),
          acceptor_(std::make_shared<tcp::acceptor>(io_)) {}
    ~AsioServer() override { stop(milliseconds(0)); }

    Result<void> start(const asio::ip::address& address) {
        if (!shared_->options.tls.certificate_file.empty()) {
            auto context = tls_context(shared_->options.tls);
            if (!context) return fail(context.error());
            shared_->tls = std::move(*context);
        }
        shared_->run = random_hex();
        const tcp::endpoint endpoint(address, shared_->options.port);
        boost::system::error_code error;
        acceptor_->open(endpoint.protocol(), error);
        if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
        if (!error) acceptor_->bind(endpoint, error);
        if (!error) acceptor_->listen(asio::socket_base::max_listen_connections, error);
        if (error) return fail(Errc::unavailable, "cannot listen on " + text_of(endpoint) + ": " + error.message());
        endpoint_ = acceptor_->local_endpoint(error);
        shared_->mailbox->io = &io_;
        last_beat_->store(Clock::now().time_since_epoch().count());
        asio::co_spawn(io_, accept(acceptor_, shared_), asio::detached);
        asio::co_spawn(io_, beat(last_beat_), asio::detached);
        thread_ = std::thread([this] { io_.run(); });
        return {};
    }

    std::uint16_t port() const override { return endpoint_.port(); }
    std::string address() const override { return (shared_->tls ? "https://" : "http://") + text_of(endpoint_); }

    milliseconds loop_lag() const override {
        const Clock::time_point last{Clock::duration(last_beat_->load())};
        const auto late = std::chrono::floor<milliseconds>(Clock::now() - last) - kBeat;
        return std::max(late, milliseconds(0));
    }

    void stop(milliseconds grace) override {
        if (!thread_.joinable()) return;
        asio::post(io_, [this] { close_idle(); });
        const auto deadline = Clock::now() + grace;
        while (Clock::now() < deadline && (shared_->open != 0 || !closing_))
            std::this_thread::sleep_for(milliseconds(2));
        {
            const std::lock_guard lock(shared_->mailbox->mutex);
            shared_->mailbox->io = nullptr;
        }
        io_.stop();
        thread_.join();
    }

  private:
    static std::string text_of(const tcp::endpoint& endpoint) {
        return host_and_port(endpoint.address().to_string(), endpoint.port());
    }

    void close_idle() {
        boost::system::error_code ignored;
        acceptor_->close(ignored);
        shared_->stopping = true;
        for (auto& [id, connection] : shared_->connections)
            if (connection.waits != nullptr) {
                connection.waits->cancel();
            } else if (!connection.busy) {
                connection.stream->cancel();
            }
        closing_ = true;
    }

    asio::io_context io_{1};
    std::shared_ptr<Shared> shared_;
    std::shared_ptr<tcp::acceptor> acceptor_;
    std::shared_ptr<std::atomic<Clock::rep>> last_beat_ = std::make_shared<std::atomic<Clock::rep>>(0);
    tcp::endpoint endpoint_;
    std::atomic<bool> closing_{false};
    std::thread thread_;
};

}  // namespace

std::string host_and_port(std::string_view address, std::uint16_t port) {
    const bool version_6 = address.find(':') != std::string_view::npos;
    return (version_6 ? "[" + std::string(address) + "]" : std::string(address)) + ":" + std::to_string(port);
}

Result<std::unique_ptr<Server>> serve(ServerOptions options, std::vector<Route> routes) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(options.listen, error);
    if (error) return fail(Errc::invalid, "\"" + options.listen + "\" is not an address to listen on");
    if (auto may = may_listen(address, options); !may) return fail(may.error());
    auto server = std::make_unique<AsioServer>(std::move(options), std::move(routes));
    if (auto started = server->start(address); !started) return fail(std::move(started).error());
    return server;
}

}  // namespace cellvigil::http
