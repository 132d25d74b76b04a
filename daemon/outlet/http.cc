#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>

#include "daemon/outlet/outlet.h"

namespace cellvigil::outlet {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
namespace json = boost::json;
using boost::system::error_code;

constexpr const char* kPath = "/api/v1/events?answers=none";
constexpr const char* kContentType = "application/vnd.cellvigil.events";
constexpr auto kPostTimeout = std::chrono::seconds(120);
constexpr auto kFirstWait = milliseconds(50);
constexpr auto kLongestWait = milliseconds(2000);

struct Answered {
    unsigned status = 0;
    std::string body;
};

// One kept-alive connection, opened anew when it is lost.
class Connection {
  public:
    explicit Connection(const Target& target) : target_(target) {}

    Result<Answered> post(const std::string& body) {
        if (!stream_)
            if (auto connected = connect(); !connected) return fail(connected.error());
        bhttp::request<bhttp::string_body> request(bhttp::verb::post, kPath, 11);
        request.set(bhttp::field::host, target_.host + ":" + target_.port);
        request.set(bhttp::field::content_type, kContentType);
        request.keep_alive(true);
        request.body() = body;
        request.prepare_payload();
        error_code error;
        run([&] { bhttp::async_write(*stream_, request, [&](const error_code& done, std::size_t) { error = done; }); });
        bhttp::response<bhttp::string_body> response;
        if (!error) {
            run([&] {
                bhttp::async_read(*stream_, buffer_, response,
                                  [&](const error_code& done, std::size_t) { error = done; });
            });
        }
        if (error) return lost(error);
        if (!response.keep_alive()) close();
        return Answered{response.result_int(), std::move(response.body())};
    }

  private:
    // Asynchronous underneath, because only that has a time limit.
    template <typename Start>
    void run(Start start) {
        stream_->expires_after(kPostTimeout);
        start();
        io_.restart();
        io_.run();
    }
    void close() {
        stream_.reset();
        buffer_.clear();
    }
    tl::unexpected<Error> lost(const error_code& error) {
        close();
        return fail(Errc::unavailable, "the connection was lost: " + error.message());
    }
    Result<void> connect() {
        error_code error;
        asio::ip::tcp::resolver resolver(io_);
        const auto found = resolver.resolve(target_.host, target_.port, error);
        if (error) return fail(Errc::unavailable, "the host is not known: " + error.message());
        stream_.emplace(io_);
        run([&] { stream_->async_connect(found, [&](const error_code& done, const auto&) { error = done; }); });
        if (error) return lost(error);
        stream_->socket().set_option(asio::ip::tcp::no_delay(true), error);
        return {};
    }

    const Target target_;
    asio::io_context io_;
    std::optional<beast::tcp_stream> stream_;
    beast::flat_buffer buffer_;
};

void append_varint(std::string& out, std::size_t value) {
    while (value >= 0x80) {
        out.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
        value >>= 7U;
    }
    out.push_back(static_cast<char>(value));
}

// The counts in {"outcomes":{"accepted":10}}; false when the body says none.
bool add_outcomes(const std::string& body, std::map<std::string, std::uint64_t>& outcomes) {
    error_code error;
    const json::value parsed = json::parse(body, error);
    const json::object* object = error ? nullptr : parsed.if_object();
    const json::value* counts = object == nullptr ? nullptr : object->if_contains("outcomes");
    if (counts == nullptr || !counts->is_object()) return false;
    for (const auto& [name, count] : counts->get_object()) {
        if (const std::int64_t* number = count.if_int64())
            outcomes[std::string(name)] += static_cast<std::uint64_t>(*number);
    }
    return true;
}

class HttpOutlet final : public Outlet {
  public:
    HttpOutlet(const Target& target, const Options& options) : connection_(target), options_(options) {}

    Result<void> put(const Message& message) override {
        if (batch_.size() + message.value.size() > options_.most_bytes && batched_ > 0)
            if (auto flushed = flush(); !flushed) return flushed;
        append_varint(batch_, message.value.size());
        batch_.append(message.value);
        ++batched_;
        ++sent_.messages;
        sent_.bytes += message.value.size();
        if (batched_ < options_.most_messages) return {};
        return flush();
    }

    // The same messages again after a lost connection or a 503: their ids make repeats harmless.
    Result<void> flush() override {
        if (batched_ == 0) return {};
        milliseconds wait = kFirstWait;
        const auto since = std::chrono::steady_clock::now();
        while (true) {
            const auto answered = connection_.post(batch_);
            const bool later = !answered || answered->status == 503 || answered->status == 429;
            if (!later) return take(*answered);
            if (std::chrono::steady_clock::now() - since > options_.give_up) {
                return fail(Errc::unavailable, answered ? "the daemon answers " + std::to_string(answered->status)
                                                        : answered.error().detail);
            }
            ++sent_.retries;
            std::this_thread::sleep_for(wait);
            wait = std::min(wait * 2, kLongestWait);
        }
    }
    Result<void> finish() override { return flush(); }
    const Sent& sent() const override { return sent_; }

  private:
    Result<void> take(const Answered& answered) {
        ++sent_.posts;
        batch_.clear();
        batched_ = 0;
        // 400 with outcomes: every message of the batch was rejected.
        if (add_outcomes(answered.body, sent_.outcomes) && (answered.status == 202 || answered.status == 400))
            return {};
        return fail(Errc::invalid,
                    "the daemon answers " + std::to_string(answered.status) + ": " + answered.body.substr(0, 300));
    }

    Connection connection_;
    Options options_;
    std::string batch_;
    std::size_t batched_ = 0;
    Sent sent_;
};

}  // namespace

Result<std::unique_ptr<Outlet>> open_http(const Target& target, const Options& options) {
    return std::make_unique<HttpOutlet>(target, options);
}

}  // namespace cellvigil::outlet
