#include "daemon/http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/daemon/http/raw_client.h"

namespace cellvigil::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kGet = "GET /echo/a HTTP/1.1\r\nHost: t\r\n\r\n";

class HttpServer : public testing::Test {
  protected:
    HttpServer() {
        options_.observe = [this](std::string_view route, std::string_view method, int status, double) {
            const std::lock_guard lock(mutex_);
            observed_.push_back(std::string(method) + " " + std::string(route) + " " + std::to_string(status));
        };
    }
    ~HttpServer() override {
        server_.reset();
        for (std::thread& thread : threads_) thread.join();
    }

    std::uint16_t start() {
        std::vector<Route> routes{
            {Method::get, "/echo/{word}",
             [](const Request& request, const Reply& reply) {
                 Response response;
                 response.content_type = "text/plain";
                 response.body = request.captures[0] + "?";
                 for (const auto& [name, value] : request.query) response.body += name + "=" + value + ";";
                 reply(std::move(response));
                 reply(problem(500, "twice", "a second answer is ignored", ""));
             }},
            {Method::post, "/length",
             [](const Request& request, const Reply& reply) {
                 Response response;
                 response.body = std::to_string(request.body.size()) + " " + request.content_type;
                 reply(std::move(response));
             }},
            {Method::get, "/later",
             [this](const Request&, const Reply& reply) {
                 threads_.emplace_back([reply] {
                     std::this_thread::sleep_for(milliseconds(30));
                     reply(Response{});
                 });
             }},
            {Method::get, "/never", [this](const Request&, const Reply& reply) { kept_.push_back(reply); }},
            {Method::get, "/throws", [](const Request&, const Reply&) { std::vector<int>().at(1) = 0; }},
            {Method::get, "/large",
             [](const Request&, const Reply& reply) {
                 Response response;
                 response.body.assign(64U << 20U, 'x');
                 reply(std::move(response));
             }},
        };
        for (Route& route : routes) route.guard = open_to_all();
        auto made = serve(options_, std::move(routes));
        EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().detail);
        server_ = std::move(*made);
        return server_->port();
    }

    std::vector<std::string> observed() {
        const std::lock_guard lock(mutex_);
        return observed_;
    }
    bool sees(const std::string& what) {  // told after the answer has been written
        for (const auto until = Clock::now() + seconds(5); Clock::now() < until;
             std::this_thread::sleep_for(milliseconds(2)))
            if (std::ranges::count(observed(), what) != 0) return true;
        return false;
    }

    ServerOptions options_;
    std::mutex mutex_;
    std::vector<std::string> observed_;
    std::vector<std::thread> threads_;
    std::vector<Reply> kept_;
    std::unique_ptr<Server> server_;
};

TEST_F(HttpServer, a_route_gets_what_its_segments_stand_for) {
    const std::string answer = get(start(), "/echo/a%2Fb?x=1&y=%20z&x=2");
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_EQ(body_of(answer), "a/b?x=2;y= z;");
    EXPECT_THAT(answer, AllOf(HasSubstr("Cache-Control: no-store"), HasSubstr("x-request-id: ")));
    EXPECT_TRUE(sees("get /echo/{word} 200"));
}

struct AnswerCase {
    const char* name;
    const char* request;
    int status;
    const char* told;
};
void PrintTo(const AnswerCase& row, std::ostream* out) { *out << row.name; }
class Answers : public HttpServer, public testing::WithParamInterface<AnswerCase> {};
TEST_P(Answers, as_expected) {
    const std::string answer = exchange(start(), GetParam().request);
    EXPECT_EQ(status_of(answer), GetParam().status) << answer;
    EXPECT_THAT(answer, HasSubstr(GetParam().told));
}
INSTANTIATE_TEST_SUITE_P(
    Requests, Answers,
    testing::ValuesIn(std::to_array<AnswerCase>({
        {"no_such_path", "GET /nothing HTTP/1.1\r\n\r\n", 404, "/problems/not-found"},
        {"empty_capture", "GET /echo/ HTTP/1.1\r\n\r\n", 404, "/problems/not-found"},
        {"trailing_slash", "GET /later/ HTTP/1.1\r\n\r\n", 404, "/problems/not-found"},
        {"other_method", "POST /later HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 405, "allow: GET, HEAD"},
        {"get_on_post", "GET /length HTTP/1.1\r\n\r\n", 405, "allow: POST"},
        {"unknown_method", "DELETE /length HTTP/1.1\r\n\r\n", 405, "allow: POST"},
        {"bad_target", "GET /%zz HTTP/1.1\r\n\r\n", 400, "/problems/bad-target"},
        {"absolute_target", "GET http://h/later HTTP/1.1\r\n\r\n", 400, "/problems/bad-target"},
        {"not_http", "hello\r\n\r\n", 400, "/problems/bad-request"},
        {"two_lengths", "POST /length HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400,
         "/problems/bad-request"},
        {"media_type",
         "POST /length HTTP/1.1\r\nContent-Type: Application/JSON ; charset=utf-8\r\nContent-Length: 2\r\n\r\nab", 200,
         "2 application/json"},
        {"chunked", "POST /length HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 200, "3 "},
        {"compressed", "POST /length HTTP/1.1\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nab", 415,
         "/problems/content-encoding"},
        {"not_gzip", "POST /length HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nab", 400,
         "/problems/content-encoding"},
        {"handler_that_throws", "GET /throws HTTP/1.1\r\n\r\n", 500, "/problems/internal"},
    })),
    [](const auto& row) { return row.param.name; });

TEST_F(HttpServer, a_connection_is_kept_and_requests_may_be_pipelined) {
    RawClient client(start());
    client.send(std::string(kGet) + std::string(kGet));
    EXPECT_EQ(status_of(client.answer()), 200);
    EXPECT_EQ(status_of(client.answer()), 200);
    client.send(kGet);
    EXPECT_EQ(body_of(client.answer()), "a?");
}

TEST_F(HttpServer, head_is_answered_without_a_body) {
    RawClient client(start());
    client.send("HEAD /echo/a HTTP/1.1\r\n\r\n");
    EXPECT_THAT(client.answer(true), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("Content-Length: 2")));
    client.send(kGet);
    EXPECT_EQ(status_of(client.answer()), 200) << "nothing of a body stands before the next answer";
}

TEST_F(HttpServer, a_handler_may_answer_later_from_another_thread) {
    EXPECT_EQ(status_of(get(start(), "/later")), 200);
}

TEST_F(HttpServer, a_handler_that_does_not_answer_is_504) {
    options_.answer_timeout = milliseconds(50);
    EXPECT_EQ(status_of(get(start(), "/never")), 504);
    ASSERT_EQ(kept_.size(), 1U);
    kept_[0](Response{});  // too late: nobody waits
    server_.reset();
    kept_[0](Response{});  // the server is gone
}

TEST_F(HttpServer, a_body_beyond_the_limit_is_413_whether_announced_or_not) {
    options_.max_body_bytes = 10;
    const std::uint16_t port = start();
    EXPECT_EQ(status_of(post(port, "/length", "a/b", "0123456789")), 200);
    EXPECT_EQ(status_of(post(port, "/length", "a/b", "0123456789a")), 413);
    EXPECT_EQ(status_of(exchange(
                  port, "POST /length HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n0123456789a\r\n0\r\n\r\n")),
              413);
    EXPECT_TRUE(sees("post /length 413"));
}

TEST_F(HttpServer, headers_beyond_the_limit_are_431) {
    options_.max_header_bytes = 1024;
    EXPECT_EQ(status_of(exchange(start(), "GET /echo/a HTTP/1.1\r\nX: " + std::string(2000, 'a') + "\r\n\r\n")), 431);
}

TEST_F(HttpServer, a_client_that_expects_it_is_told_to_go_on) {
    RawClient client(start());
    client.send("POST /length HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_THAT(client.answer(), StartsWith("HTTP/1.1 100"));
    client.send("ab");
    EXPECT_THAT(client.answer(), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("2 ")));
}

TEST_F(HttpServer, slow_clients_lose_their_connection_only) {
    options_.header_timeout = milliseconds(80);
    options_.body_timeout = milliseconds(80);
    options_.idle_timeout = milliseconds(80);
    const std::uint16_t port = start();
    RawClient idle(port);
    RawClient slow_header(port);
    RawClient slow_body(port);
    slow_header.send("GET /echo");
    slow_body.send("POST /length HTTP/1.1\r\nContent-Length: 5\r\n\r\nab");
    EXPECT_EQ(status_of(get(port, "/echo/a")), 200);
    EXPECT_TRUE(idle.is_closed());
    EXPECT_TRUE(slow_header.is_closed());
    EXPECT_TRUE(slow_body.is_closed());
    EXPECT_EQ(status_of(get(port, "/echo/a")), 200);
}

TEST_F(HttpServer, a_client_that_does_not_take_its_answer_is_dropped) {
    options_.body_timeout = milliseconds(100);
    const std::uint16_t port = start();
    RawClient reader(port);
    reader.send("GET /large HTTP/1.1\r\n\r\n");
    const auto until = Clock::now() + seconds(5);
    while (observed().empty() && Clock::now() < until) std::this_thread::sleep_for(milliseconds(5));
    EXPECT_EQ(observed().size(), 1U);
    EXPECT_EQ(reader.answer(), "") << "cut off";
}

TEST_F(HttpServer, connections_beyond_the_limit_are_told_503) {
    options_.max_connections = 2;
    const std::uint16_t port = start();
    RawClient first(port);
    RawClient second(port);
    first.send(kGet);
    second.send(kGet);
    EXPECT_EQ(status_of(first.answer()), 200);
    EXPECT_EQ(status_of(second.answer()), 200);
    RawClient third(port);
    EXPECT_THAT(third.answer(), AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("retry-after: 1")));
    EXPECT_TRUE(third.is_closed());
    first.close();
    int status = 0;
    for (const auto until = Clock::now() + seconds(5); status != 200 && Clock::now() < until;)
        status = status_of(get(port, "/echo/a"));
    EXPECT_EQ(status, 200) << "the place is free again";
}

TEST_F(HttpServer, stopping_lets_a_running_request_finish) {
    const std::uint16_t port = start();
    RawClient idle(port);
    RawClient busy(port);
    idle.send(kGet);
    EXPECT_EQ(status_of(idle.answer()), 200);
    busy.send("GET /later HTTP/1.1\r\n\r\n");
    std::this_thread::sleep_for(milliseconds(10));
    server_->stop(seconds(5));
    EXPECT_THAT(busy.answer(), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("Connection: close")));
    EXPECT_TRUE(idle.is_closed());
    EXPECT_EQ(get(port, "/echo/a"), "");
}

TEST_F(HttpServer, stopping_does_not_wait_beyond_the_grace) {
    RawClient client(start());
    client.send("GET /never HTTP/1.1\r\n\r\n");
    std::this_thread::sleep_for(milliseconds(10));
    const auto began = Clock::now();
    server_->stop(milliseconds(50));
    EXPECT_LT(Clock::now() - began, seconds(2));
    server_->stop(milliseconds(50));
}

TEST_F(HttpServer, many_clients_at_once_are_answered) {
    const std::uint16_t port = start();
    std::atomic<int> answered{0};
    std::vector<std::thread> clients;
    for (int c = 0; c < 4; ++c)
        clients.emplace_back([&answered, port] {
            RawClient client(port);
            for (int i = 0; i < 250; ++i) {
                client.send(kGet);
                if (status_of(client.answer()) == 200) ++answered;
            }
        });
    for (std::thread& client : clients) client.join();
    EXPECT_EQ(answered, 1000);
}

TEST_F(HttpServer, the_loop_that_turns_is_not_late) {
    start();
    std::this_thread::sleep_for(milliseconds(150));
    EXPECT_LT(server_->loop_lag(), seconds(1));
}

TEST(HttpListen, beyond_the_loopback_it_names_what_is_missing) {
    ServerOptions options;
    options.listen = "0.0.0.0";
    EXPECT_THAT(serve(options, {}).error().detail, HasSubstr("needs authentication and TLS"));
    options.auth.required = true;
    EXPECT_THAT(serve(options, {}).error().detail, HasSubstr("needs TLS"));
    options.tls.certificate_file = "/nowhere/certificate.pem";
    EXPECT_THAT(serve(options, {}).error().detail, HasSubstr("/nowhere/certificate.pem"));
    options.auth.required = false;
    EXPECT_THAT(serve(options, {}).error().detail, HasSubstr("needs authentication (http."));
}

TEST(HttpListen, beyond_the_loopback_only_when_allowed) {
    ServerOptions options;
    options.listen = "0.0.0.0";
    auto refused = serve(options, {});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::invalid);
    options.allow_remote = true;
    EXPECT_TRUE(serve(options, {}).has_value());
    options.listen = "localhost";
    EXPECT_FALSE(serve(options, {}).has_value());
}

TEST(HttpListen, a_port_in_use_is_unavailable) {
    const auto first = serve({}, {});
    ASSERT_TRUE(first.has_value());
    ServerOptions options;
    options.port = (*first)->port();
    const auto second = serve(options, {});
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().code, Errc::unavailable);
    EXPECT_THAT(second.error().detail, HasSubstr("cannot listen on 127.0.0.1:"));
}

TEST(HttpListen, ipv6_loopback) {
    ServerOptions options;
    options.listen = "::1";
    const auto server = serve(options, {});
    if (!server.has_value()) GTEST_SKIP() << server.error().detail;
    EXPECT_THAT((*server)->address(), StartsWith("http://[::1]:"));
}

}  // namespace
}  // namespace cellvigil::http
