#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <thread>

#include "daemon/alerts/backoff.h"
#include "daemon/alerts/http_client.h"
#include "daemon/alerts/sinks.h"
#include "daemon/alerts/standard_webhook.h"
#include "tests/daemon/alerts/receiver.h"

namespace cellvigil::alerts {
namespace {

using testing::HasSubstr;

constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

// The vector that the reference libraries of Standard Webhooks are tested with.
TEST(StandardWebhook, signs_as_the_reference_does) {
    EXPECT_EQ(webhook_signature(webhook_key(kSecret).value(), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                                R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

struct SecretCase {
    const char* name;
    std::string secret;
    int bytes;  // -1: refused
};
void PrintTo(const SecretCase& row, std::ostream* out) { *out << row.name; }
class WebhookSecret : public testing::TestWithParam<SecretCase> {};
TEST_P(WebhookSecret, is_read) {
    const auto key = webhook_key(GetParam().secret);
    EXPECT_EQ(key ? static_cast<int>(key->size()) : -1, GetParam().bytes);
}
INSTANTIATE_TEST_SUITE_P(Limits, WebhookSecret,
                         testing::ValuesIn(std::vector<SecretCase>{
                             {"reference", kSecret, 24},
                             {"twenty_three_bytes", "whsec_" + std::string(30, 'A') + "A=", -1},
                             {"twenty_four_bytes", "whsec_" + std::string(32, 'A'), 24},
                             {"twenty_five_bytes", "whsec_" + std::string(34, 'A') + "==", 25},
                             {"without_padding", "whsec_" + std::string(34, 'A'), 25},
                             {"sixty_four_bytes", "whsec_" + std::string(86, 'A') + "==", 64},
                             {"sixty_five_bytes", "whsec_" + std::string(87, 'A') + "=", -1},
                             {"other_prefix", "whsk_" + std::string(32, 'A'), -1},
                             {"not_base64", "whsec_" + std::string(31, 'A') + "!", -1},
                             {"empty", "", -1},
                         }),
                         [](const auto& row) { return row.param.name; });

struct AddressCase {
    const char* name;
    const char* url;
    const char* read;  // "secure host port target"; empty: refused
};
void PrintTo(const AddressCase& row, std::ostream* out) { *out << row.name; }
class WebhookAddress : public testing::TestWithParam<AddressCase> {};
TEST_P(WebhookAddress, is_read) {
    const auto address = address_of(GetParam().url);
    EXPECT_EQ(address ? std::string(address->secure ? "s " : "- ") + address->host + " " + address->port + " " +
                            address->target
                      : "",
              GetParam().read);
}
INSTANTIATE_TEST_SUITE_P(Urls, WebhookAddress,
                         testing::ValuesIn(std::to_array<AddressCase>({
                             {"https", "https://h.example/a?b=c", "s h.example 443 /a?b=c"},
                             {"http_with_port", "http://h:81/", "- h 81 /"},
                             {"no_path", "http://h", "- h 80 /"},
                             {"query_only", "http://h?x=1", "- h 80 /?x=1"},
                             {"ipv6", "http://[::1]:8/x", "- ::1 8 /x"},
                             {"fragment_is_not_sent", "http://h/x#y", "- h 80 /x"},
                             {"user_name", "http://u:p@h/", ""},
                             {"other_scheme", "ftp://h/", ""},
                             {"no_host", "http:///x", ""},
                             {"not_a_url", "hello", ""},
                         })),
                         [](const auto& row) { return row.param.name; });

struct RetryCase {
    const char* name;
    const char* header;
    int seconds;  // -1: says nothing
};
void PrintTo(const RetryCase& row, std::ostream* out) { *out << row.name; }
class RetryAfter : public testing::TestWithParam<RetryCase> {};
TEST_P(RetryAfter, is_read) {
    const Instant now = Instant(std::chrono::sys_days(std::chrono::year(2026) / 1 / 5)) + hours(6);
    const auto wait = retry_after(GetParam().header, now);
    EXPECT_EQ(wait ? static_cast<int>(wait->count() / 1000) : -1, GetParam().seconds);
}
INSTANTIATE_TEST_SUITE_P(Headers, RetryAfter,
                         testing::ValuesIn(std::to_array<RetryCase>({
                             {"seconds", "120", 120},
                             {"zero", "0", 0},
                             {"date", "Mon, 05 Jan 2026 06:00:30 GMT", 30},
                             {"past_date", "Mon, 05 Jan 2026 05:00:30 GMT", 0},
                             {"negative", "-3", -1},
                             {"empty", "", -1},
                             {"words", "soon", -1},
                             {"no_such_day", "Mon, 31 Feb 2026 06:00:30 GMT", -1},
                         })),
                         [](const auto& row) { return row.param.name; });

TEST(BackOff, doubles_up_to_the_longest_and_keeps_at_least_half) {
    EXPECT_EQ(wait_before(1, seconds(1), minutes(5), 1.0), seconds(1));
    EXPECT_EQ(wait_before(1, seconds(1), minutes(5), 0.0), milliseconds(500));
    EXPECT_EQ(wait_before(4, seconds(1), minutes(5), 1.0), seconds(8));
    EXPECT_EQ(wait_before(9, seconds(1), minutes(5), 1.0), seconds(256));
    EXPECT_EQ(wait_before(10, seconds(1), minutes(5), 1.0), minutes(5));
    EXPECT_EQ(wait_before(4'000'000'000U, seconds(1), minutes(5), 1.0), minutes(5));
}

Result<Thin> describe(std::string_view body) {
    if (body == "unreadable") return fail(Errc::invalid, "cut");
    Thin thin;
    thin.state = body == "withdrawn" ? "withdrawn" : "raised";
    thin.revision = 2;
    thin.rule = "crs_grade_3";
    thin.severity = "immediate";
    thin.study = "CCAR039-SIM";
    thin.cohort = "C-CAR039";
    thin.sites = 1;
    thin.event_time = Instant(seconds(60));
    thin.title = "CRS of grade 3 or more";
    return thin;
}

class NoMarks final : public Marks {
  public:
    Result<std::int64_t> get(std::string_view) override { return 0; }
    Result<void> set(std::string_view, std::int64_t) override { return {}; }
    Result<std::vector<Notification>> raised() override { return {}; }
};

class Webhook : public testing::Test {
  protected:
    std::unique_ptr<Sink> sink(const std::string& url, milliseconds timeout = seconds(5),
                               const std::string& ca_file = {}) {
        WebhookOptions options;
        options.name = "safety";
        options.url = url;
        options.secret = kSecret;
        options.timeout = timeout;
        options.link_base = "https://console.example/alerts/";
        options.ca_file = ca_file;
        options.now = [] { return Instant(seconds(1614265330)); };
        auto made = make_webhook_sink(std::move(options), describe);
        EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().detail);
        return std::move(*made);
    }
    static Notification notification(const std::string& id, const std::string& body = "raised") {
        return {1, id, id.substr(0, id.find('.')), body, Instant(seconds(90))};
    }
    NoMarks marks_;
};

TEST_F(Webhook, sends_the_headers_of_the_standard_and_a_thin_payload) {
    const Receiver receiver([](const Received&, std::size_t) { return Answered{}; });
    const auto hook = sink(receiver.url("/hook?token=x"));
    EXPECT_EQ(hook->name(), "webhook:safety");
    const Attempt attempt = hook->deliver({notification("a1.2"), notification("a1.3", "withdrawn")}, marks_);
    EXPECT_EQ(attempt.delivered, 2U);
    EXPECT_EQ(attempt.fate, Fate::delivered);
    const auto received = receiver.received();
    ASSERT_EQ(received.size(), 2U);
    const Received& first = received[0];
    EXPECT_EQ(first.target, "/hook?token=x");
    EXPECT_EQ(first.headers.at("webhook-id"), "a1.2");
    EXPECT_EQ(first.headers.at("webhook-timestamp"), "1614265330");
    EXPECT_EQ(first.headers.at("webhook-signature"),
              webhook_signature(webhook_key(kSecret).value(), "a1.2", 1614265330, first.body));
    EXPECT_EQ(first.headers.at("content-type"), "application/json");
    EXPECT_EQ(first.headers.at("host"), "127.0.0.1:" + std::to_string(receiver.port()));
    EXPECT_EQ(
        first.body,
        R"({"type":"cellvigil.alert.raised","timestamp":"1970-01-01T00:01:30Z","data":{"alert_id":"a1","revision":2,)"
        R"("rule":"crs_grade_3","rule_version":0,"severity":"immediate","study":"CCAR039-SIM","cohort":"C-CAR039",)"
        R"("sites":1,"event_time":"1970-01-01T00:01:00Z","title":"CRS of grade 3 or more",)"
        R"("link":"https://console.example/alerts/a1"}})");
    EXPECT_THAT(received[1].body, HasSubstr("cellvigil.alert.withdrawn"));
    EXPECT_EQ(receiver.connections(), 1U) << "the connection is kept";
}

TEST_F(Webhook, a_kept_connection_that_ended_is_opened_anew) {
    const Receiver receiver(
        [](const Received&, std::size_t number) { return Answered{.status = 200, .hang_up = number == 1}; });
    const auto hook = sink(receiver.url());
    EXPECT_EQ(hook->deliver({notification("a.1")}, marks_).delivered, 1U);
    EXPECT_EQ(hook->deliver({notification("b.1")}, marks_).delivered, 1U);
    EXPECT_EQ(receiver.received().size(), 3U) << "the second was sent twice, under one id";
    EXPECT_EQ(receiver.received()[1].headers.at("webhook-id"), receiver.received()[2].headers.at("webhook-id"));
    EXPECT_EQ(receiver.connections(), 2U);
}

struct FateCase {
    const char* name;
    int status;
    Fate fate;
};
void PrintTo(const FateCase& row, std::ostream* out) { *out << row.name; }
class WebhookFate : public Webhook, public testing::WithParamInterface<FateCase> {};
TEST_P(WebhookFate, follows_from_the_status) {
    const Receiver receiver([](const Received&, std::size_t) {
        return Answered{.status = GetParam().status, .headers = "Location: http://127.0.0.1:1/\r\nRetry-After: 7\r\n"};
    });
    const Attempt attempt = sink(receiver.url())->deliver({notification("a.1"), notification("b.1")}, marks_);
    EXPECT_EQ(attempt.fate, GetParam().fate);
    EXPECT_EQ(attempt.delivered, GetParam().fate == Fate::delivered ? 2U : 0U);
    EXPECT_EQ(receiver.received().size(), GetParam().fate == Fate::delivered ? 2U : 1U)
        << "the next waits for the one before";
    EXPECT_EQ(attempt.retry_after.has_value(), GetParam().fate != Fate::delivered);
}
INSTANTIATE_TEST_SUITE_P(Statuses, WebhookFate,
                         testing::ValuesIn(std::to_array<FateCase>({
                             {"ok", 200, Fate::delivered},
                             {"accepted", 202, Fate::delivered},
                             {"no_content", 204, Fate::delivered},
                             {"moved", 301, Fate::again},
                             {"temporary", 307, Fate::again},
                             {"bad_request", 400, Fate::refused},
                             {"unauthorised", 401, Fate::again},
                             {"not_found", 404, Fate::again},
                             {"gone", 410, Fate::gone},
                             {"too_large", 413, Fate::refused},
                             {"unprocessable", 422, Fate::refused},
                             {"too_many", 429, Fate::again},
                             {"server_error", 500, Fate::again},
                             {"bad_gateway", 502, Fate::again},
                         })),
                         [](const auto& row) { return row.param.name; });

TEST_F(Webhook, nobody_there_is_tried_again) {
    std::uint16_t port = 0;
    {
        port = Receiver([](const Received&, std::size_t) { return Answered{}; }).port();
    }
    const Attempt attempt =
        sink("http://127.0.0.1:" + std::to_string(port) + "/")->deliver({notification("a.1")}, marks_);
    EXPECT_EQ(attempt.fate, Fate::again);
    EXPECT_THAT(attempt.detail, HasSubstr("connect: "));
}

TEST_F(Webhook, a_slow_endpoint_costs_the_time_limit_and_no_more) {
    const Receiver receiver([](const Received&, std::size_t) { return Answered{.wait = std::chrono::seconds(4)}; });
    const auto began = std::chrono::steady_clock::now();
    const Attempt attempt = sink(receiver.url(), milliseconds(100))->deliver({notification("a.1")}, marks_);
    EXPECT_EQ(attempt.fate, Fate::again);
    EXPECT_EQ(attempt.detail, "no answer in time");
    EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(2));
}

TEST_F(Webhook, cancel_ends_a_running_delivery) {
    const Receiver receiver([](const Received&, std::size_t) { return Answered{.wait = std::chrono::seconds(4)}; });
    const auto hook = sink(receiver.url(), seconds(30));
    std::thread other([&] {
        EXPECT_TRUE(receiver.wait_for(1));
        hook->cancel();
    });
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(hook->deliver({notification("a.1")}, marks_).fate, Fate::again);
    EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(3));
    other.join();
    EXPECT_EQ(hook->deliver({notification("a.1")}, marks_).detail, "cancelled");
}

TEST_F(Webhook, an_alert_that_cannot_be_read_is_refused) {
    const Receiver receiver([](const Received&, std::size_t) { return Answered{}; });
    const Attempt attempt =
        sink(receiver.url())->deliver({notification("a.1"), notification("b.1", "unreadable")}, marks_);
    EXPECT_EQ(attempt.delivered, 1U);
    EXPECT_EQ(attempt.fate, Fate::refused);
}

class SecureWebhook : public Webhook {
  protected:
    SecureWebhook()
        : certificate_(make_certificate()),
          ca_file_(testing::TempDir() + "/ca-" + std::to_string(::getpid()) + ".pem") {
        std::signal(SIGPIPE, SIG_IGN);  // as the daemon does: a peer that hangs up is an error, not the end
        std::ofstream(ca_file_) << certificate_.certificate_pem;
    }
    ~SecureWebhook() override { std::remove(ca_file_.c_str()); }
    const Certificate certificate_;
    const std::string ca_file_;
};

TEST_F(SecureWebhook, is_sent_where_the_certificate_is_trusted) {
    const Receiver receiver([](const Received&, std::size_t) { return Answered{}; }, certificate_.certificate_pem,
                            certificate_.key_pem);
    const auto hook = sink(receiver.url(), seconds(5), ca_file_);
    EXPECT_EQ(hook->deliver({notification("a.1"), notification("b.1")}, marks_).delivered, 2U);
    EXPECT_EQ(receiver.connections(), 1U);
}

TEST_F(SecureWebhook, is_not_sent_where_it_is_not) {
    const Receiver receiver([](const Received&, std::size_t) { return Answered{}; }, certificate_.certificate_pem,
                            certificate_.key_pem);
    const Attempt unknown = sink(receiver.url())->deliver({notification("a.1")}, marks_);
    EXPECT_EQ(unknown.fate, Fate::again);
    EXPECT_THAT(unknown.detail, HasSubstr("tls: "));
    const std::string other_name = "https://localhost:" + std::to_string(receiver.port()) + "/";
    EXPECT_THAT(sink(other_name, seconds(5), ca_file_)->deliver({notification("a.1")}, marks_).detail,
                HasSubstr("tls: "));
    EXPECT_TRUE(receiver.received().empty());
}

TEST_F(SecureWebhook, needs_authorities_that_can_be_read) {
    WebhookOptions options;
    options.url = "https://h/";
    options.secret = kSecret;
    options.ca_file = "/nowhere.pem";
    options.now = [] { return Instant{}; };
    EXPECT_FALSE(make_webhook_sink(options, describe).has_value());
}

}  // namespace
}  // namespace cellvigil::alerts
