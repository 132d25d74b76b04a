#include "daemon/alerts/http_client.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <atomic>
#include <vector>

namespace cellvigil::alerts {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using asio::ip::tcp;
using Request = bhttp::request<bhttp::string_body>;
using Plain = beast::tcp_stream;
using Secure = beast::ssl_stream<beast::tcp_stream>;

constexpr auto await = asio::as_tuple(asio::use_awaitable);
constexpr std::uint64_t kMostAnswerBytes = 64U << 10U;

// What one post comes to. `reused`: it went over a kept connection, which the other side may have closed meanwhile.
struct Outcome {
    Result<HttpAnswer> answer = fail(Errc::unavailable, "no answer");
    bool reused = false;
    bool answered = false;
};

struct Line {  // to the address; at most one of the streams is open
    explicit Line(asio::io_context& io) : resolver(io) {}
    tcp::resolver resolver;
    std::unique_ptr<Plain> plain;
    std::unique_ptr<Secure> secure;

    Plain* lowest() { return secure ? &secure->next_layer() : plain.get(); }
    void drop() {
        plain.reset();
        secure.reset();
    }
    void abort() {
        resolver.cancel();
        if (Plain* stream = lowest()) stream->close();
    }
};

struct Target {
    Address address;
    Reach reach;
    asio::ssl::context* context = nullptr;
};

tl::unexpected<Error> away(const char* step, const beast::error_code& error) {
    return fail(Errc::unavailable, std::string(step) + ": " + error.message());
}

// What of a name's addresses may be connected to.
std::vector<tcp::endpoint> allowed(const tcp::resolver::results_type& found, const Reach& reach) {
    std::vector<tcp::endpoint> endpoints;
    for (const auto& entry : found)
        if (reach.allows(entry.endpoint().address().to_string())) endpoints.push_back(entry.endpoint());
    return endpoints;
}

asio::awaitable<Result<void>> connect(std::shared_ptr<Line> line, std::shared_ptr<const Target> target) {
    const Address* address = &target->address;
    asio::ssl::context* context = target->context;
    const auto [bad_name, found] = co_await line->resolver.async_resolve(address->host, address->port, await);
    if (bad_name) co_return away("name", bad_name);
    const std::vector<tcp::endpoint> endpoints = allowed(found, target->reach);
    if (endpoints.empty())
        co_return fail(Errc::unavailable, "the address is in a network that sinks.private_networks does not allow");
    const auto executor = line->resolver.get_executor();
    if (address->secure) {
        line->secure = std::make_unique<Secure>(executor, *context);
        std::string name = address->host;
        beast::error_code not_an_address;
        asio::ip::make_address(address->host, not_an_address);
        if (not_an_address)  // names only: what the macro SSL_set_tlsext_host_name does
            SSL_ctrl(line->secure->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                     name.data());
        line->secure->set_verify_callback(asio::ssl::host_name_verification(address->host));
    } else {
        line->plain = std::make_unique<Plain>(executor);
    }
    const auto [refused, endpoint] = co_await line->lowest()->async_connect(endpoints, await);
    if (refused) co_return away("connect", refused);
    line->lowest()->socket().set_option(tcp::no_delay(true));
    if (address->secure) {
        const auto [untrusted] = co_await line->secure->async_handshake(asio::ssl::stream_base::client, await);
        if (untrusted) co_return away("tls", untrusted);
    }
    co_return Result<void>{};
}

template <typename Stream>
asio::awaitable<void> exchange(Stream* stream, std::shared_ptr<const Request> request, std::shared_ptr<Outcome> outcome,
                               std::shared_ptr<bool> keep) {
    const auto [unsent, sent] = co_await bhttp::async_write(*stream, *request, await);
    if (unsent) {
        outcome->answer = away("send", unsent);
        co_return;
    }
    beast::flat_buffer buffer;
    bhttp::response_parser<bhttp::string_body> parser;
    parser.body_limit(kMostAnswerBytes);
    const auto [silent, head] = co_await bhttp::async_read_header(*stream, buffer, parser, await);
    if (silent && parser.is_header_done() == false) {
        outcome->answer = away("answer", silent);
        co_return;
    }
    outcome->answered = true;
    outcome->answer =
        HttpAnswer{static_cast<int>(parser.get().result_int()), std::string(parser.get()[bhttp::field::retry_after])};
    const auto [unread, body] =
        co_await bhttp::async_read(*stream, buffer, parser, await);  // for the next post's sake only
    *keep = !unread && parser.get().keep_alive();
}

asio::awaitable<void> post_once(std::shared_ptr<Line> line, std::shared_ptr<const Target> target,
                                std::shared_ptr<const Request> request, std::shared_ptr<Outcome> outcome) {
    outcome->reused = line->lowest() != nullptr;
    if (!outcome->reused) {
        const Result<void> connected = co_await connect(line, target);
        if (!connected) {
            outcome->answer = fail(connected.error());
            line->drop();
            co_return;
        }
    }
    const auto keep = std::make_shared<bool>(false);
    if (line->secure) {
        co_await exchange(line->secure.get(), request, outcome, keep);
    } else {
        co_await exchange(line->plain.get(), request, outcome, keep);
    }
    if (!*keep) line->drop();
    co_return;
}

asio::awaitable<void> post_within(std::shared_ptr<Line> line, std::shared_ptr<const Target> target,
                                  std::shared_ptr<const Request> request, std::shared_ptr<Outcome> outcome,
                                  std::shared_ptr<asio::steady_timer> deadline) {
    co_await post_once(line, target, request, outcome);
    if (outcome->reused && !outcome->answered && deadline->expiry() > asio::steady_timer::clock_type::now())
        co_await post_once(line, target, request, outcome);  // the kept connection had ended: once more, on a new one
    deadline->cancel();
    co_return;
}

class AsioClient final : public HttpClient {
  public:
    AsioClient(Address address, Reach reach)
        : target_(std::make_shared<const Target>(Target{std::move(address), std::move(reach), &context_})) {}

    Result<void> trust(const std::string& ca_file) {
        beast::error_code error;
        context_.set_verify_mode(asio::ssl::verify_peer);
        context_.set_options(asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
        if (ca_file.empty()) {
            context_.set_default_verify_paths(error);
        } else {
            context_.load_verify_file(ca_file, error);
        }
        if (error) return fail(Errc::invalid, "the certificate authorities cannot be read: " + error.message());
        return {};
    }

    Result<HttpAnswer> post(const std::string& body, const std::map<std::string, std::string>& headers,
                            milliseconds deadline) override {
        const Address& address = target_->address;
        const auto request = std::make_shared<Request>(bhttp::verb::post, address.target, 11, body);
        const bool usual_port = address.port == (address.secure ? "443" : "80");
        request->set(bhttp::field::host, usual_port ? address.host : address.host + ":" + address.port);
        for (const auto& [name, value] : headers) request->set(name, value);
        request->prepare_payload();
        const auto outcome = std::make_shared<Outcome>();
        const auto timer = std::make_shared<asio::steady_timer>(io_, deadline);
        const auto timed_out = std::make_shared<bool>(false);
        timer->async_wait([line = line_, timed_out](const beast::error_code& error) {
            if (error) return;
            *timed_out = true;
            line->abort();
        });
        asio::co_spawn(io_, post_within(line_, target_, request, outcome, timer), asio::detached);
        io_.restart();
        if (cancelled_) return fail(Errc::unavailable, "cancelled");  // from here on cancel() ends run()
        io_.run();
        if (cancelled_) return fail(Errc::unavailable, "cancelled");
        if (*timed_out && !outcome->answered) return fail(Errc::unavailable, "no answer in time");
        return outcome->answer;
    }

    void cancel() override {
        cancelled_ = true;
        io_.stop();
    }

  private:
    asio::io_context io_{1};
    asio::ssl::context context_{asio::ssl::context::tls_client};
    const std::shared_ptr<const Target> target_;
    std::shared_ptr<Line> line_ = std::make_shared<Line>(io_);
    std::atomic<bool> cancelled_{false};
};

}  // namespace

Result<std::unique_ptr<HttpClient>> make_http_client(Address address, const std::string& ca_file, Reach reach) {
    auto client = std::make_unique<AsioClient>(std::move(address), std::move(reach));
    if (auto trusted = client->trust(ca_file); !trusted) return fail(std::move(trusted).error());
    return client;
}

}  // namespace cellvigil::alerts
