// The HTTP outlet against a small server of the test's own: batches, retries, answers.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "daemon/outlet/outlet.h"

namespace cellvigil::outlet {
namespace {

std::string answer(int status, const std::string& body, bool keep = true) {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\ncontent-length: " + std::to_string(body.size()) +
           (keep ? "" : "\r\nconnection: close") + "\r\n\r\n" + body;
}
std::string accepted(int count) {
    return answer(202, R"({"received":)" + std::to_string(count) + R"(,"outcomes":{"accepted":)" +
                           std::to_string(count) + R"(},"messages":[]})");
}

// Gives one scripted answer per request, then ends. An empty answer closes the connection without one.
class Script {
  public:
    explicit Script(std::vector<std::string> answers) : answers_(std::move(answers)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        EXPECT_EQ(::bind(listener_, generic, sizeof address), 0);
        EXPECT_EQ(::listen(listener_, 8), 0);
        socklen_t size = sizeof address;
        ::getsockname(listener_, generic, &size);
        port_ = ntohs(address.sin_port);
        const timeval limit{20, 0};
        ::setsockopt(listener_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        thread_ = std::thread([this] { serve(); });
    }
    ~Script() {
        thread_.join();
        ::close(listener_);
    }
    std::string target() const { return "http://127.0.0.1:" + std::to_string(port_); }
    std::vector<std::string> bodies() {
        const std::lock_guard lock(mutex_);
        return bodies_;
    }
    int connections() const { return connections_; }

  private:
    static std::string body_of(int connection) {
        std::string request;
        char buffer[4096];
        std::size_t head = std::string::npos;
        std::size_t length = 0;
        while (true) {
            if (head == std::string::npos && (head = request.find("\r\n\r\n")) != std::string::npos) {
                const auto field = request.find("Content-Length: ");
                for (std::size_t at = field + 16; request[at] >= '0' && request[at] <= '9'; ++at)
                    length = length * 10 + static_cast<std::size_t>(request[at] - '0');
            }
            if (head != std::string::npos && request.size() >= head + 4 + length)
                return request.substr(head + 4, length);
            const auto got = ::recv(connection, buffer, sizeof buffer, 0);
            if (got <= 0) return {};
            request.append(buffer, static_cast<std::size_t>(got));
        }
    }
    void serve() {
        int connection = -1;
        for (const std::string& one : answers_) {
            std::string body;
            while (body.empty()) {
                if (connection < 0) {
                    connection = ::accept(listener_, nullptr, nullptr);
                    if (connection < 0) return;
                    ++connections_;
                }
                body = body_of(connection);
                if (body.empty()) {
                    ::close(connection);
                    connection = -1;
                }
            }
            {
                const std::lock_guard lock(mutex_);
                bodies_.push_back(body);
            }
            EXPECT_EQ(::send(connection, one.data(), one.size(), MSG_NOSIGNAL), static_cast<ssize_t>(one.size()));
            if (one.empty() || one.find("connection: close") != std::string::npos) {
                ::close(connection);
                connection = -1;
            }
        }
        if (connection >= 0) ::close(connection);
    }

    std::vector<std::string> answers_;
    int listener_ = -1;
    int port_ = 0;
    int connections_ = 0;
    std::mutex mutex_;
    std::vector<std::string> bodies_;
    std::thread thread_;
};

std::unique_ptr<Outlet> outlet_to(const Script& script, std::size_t most_messages = 1000) {
    Options options;
    options.most_messages = most_messages;
    options.give_up = seconds(10);
    auto opened = open_outlet(*target_of(script.target()), options);
    EXPECT_TRUE(opened);
    return std::move(*opened);
}

TEST(HttpOutlet, posts_batches_of_length_delimited_messages_over_one_connection) {
    Script script({accepted(2), accepted(1)});
    const auto outlet = outlet_to(script, 2);
    for (const char* value : {"one", "", "three"}) ASSERT_TRUE(outlet->put({Instant{}, "k", value}));
    ASSERT_TRUE(outlet->finish());
    EXPECT_EQ(script.bodies(), (std::vector<std::string>{std::string("\x03one\x00", 5), std::string("\x05three", 6)}));
    EXPECT_EQ(script.connections(), 1);
    EXPECT_EQ(outlet->sent().messages, 3U);
    EXPECT_EQ(outlet->sent().posts, 2U);
    EXPECT_EQ(outlet->sent().outcomes.at("accepted"), 3U);
}

TEST(HttpOutlet, sends_the_same_batch_again_after_503_and_after_a_lost_connection) {
    Script script({answer(503, "{}"), "", accepted(1)});
    const auto outlet = outlet_to(script);
    ASSERT_TRUE(outlet->put({Instant{}, "k", "one"}));
    const auto finished = outlet->finish();
    ASSERT_TRUE(finished) << finished.error().detail;
    EXPECT_EQ(script.bodies(), std::vector<std::string>(3, std::string("\x03one", 4)));
    EXPECT_EQ(outlet->sent().retries, 2U);
    EXPECT_EQ(outlet->sent().posts, 1U);
}

TEST(HttpOutlet, a_batch_of_rejected_messages_is_answered_400_and_goes_on) {
    Script script({answer(400, R"({"received":1,"outcomes":{"rejected":1},"messages":[]})"), accepted(1)});
    const auto outlet = outlet_to(script, 1);
    ASSERT_TRUE(outlet->put({Instant{}, "k", "bad"}));
    ASSERT_TRUE(outlet->put({Instant{}, "k", "good"}));
    EXPECT_EQ(outlet->sent().outcomes.at("rejected"), 1U);
    EXPECT_EQ(outlet->sent().outcomes.at("accepted"), 1U);
}

TEST(HttpOutlet, connects_anew_when_the_other_side_closes) {
    Script script({answer(202, R"({"outcomes":{"accepted":1}})", false), accepted(1)});
    const auto outlet = outlet_to(script, 1);
    ASSERT_TRUE(outlet->put({Instant{}, "k", "one"}));
    ASSERT_TRUE(outlet->put({Instant{}, "k", "two"}));
    EXPECT_EQ(script.connections(), 2);
}

TEST(HttpOutlet, any_other_answer_is_an_error_and_no_retry) {
    Script script({answer(415, R"({"title":"no"})")});
    const auto outlet = outlet_to(script, 1);
    const auto put = outlet->put({Instant{}, "k", "one"});
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, Errc::invalid);
    EXPECT_NE(put.error().detail.find("415"), std::string::npos);
}

}  // namespace
}  // namespace cellvigil::outlet
