// Alertmanager, chats and mail: what they are sent, and what comes of their answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "daemon/alerts/chat_payload.h"
#include "daemon/alerts/mail_message.h"
#include "daemon/alerts/sinks.h"
#include "daemon/alerts/wording.h"
#include "tests/daemon/alerts/receiver.h"

namespace cellvigil::alerts {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

// "<state> <severity> <revision>"
Result<Thin> describe(std::string_view body) {
    if (body == "unreadable") return fail(Errc::invalid, "cut");
    Thin thin;
    const std::string text(body);
    thin.state = text.substr(0, text.find(' '));
    thin.severity = text.substr(text.find(' ') + 1, text.rfind(' ') - text.find(' ') - 1);
    thin.revision = static_cast<std::uint32_t>(std::stoul(text.substr(text.rfind(' ') + 1)));
    thin.rule = "herpes_zoster";
    thin.study = "CCAR039-SIM";
    thin.cohort = "C-CAR039";
    thin.sites = 1;
    thin.event_time = Instant(seconds(60));
    thin.title = "Herpes zoster <after> the infusion";
    return thin;
}
Result<Inside> inside(std::string_view) { return Inside{"CCAR039-SIM/P-0007", "site-01", "Zoster on day 120"}; }

Notification notification(const std::string& alert, std::uint32_t revision, const std::string& body) {
    return {1, alert + "." + std::to_string(revision), alert, body + " " + std::to_string(revision),
            Instant(seconds(90))};
}

class Standing final : public Marks {
  public:
    Result<std::int64_t> get(std::string_view) override { return 0; }
    Result<void> set(std::string_view, std::int64_t) override { return {}; }
    Result<std::vector<Notification>> raised() override { return standing; }
    std::vector<Notification> standing;
};

class Alertmanagers : public testing::Test {
  protected:
    std::unique_ptr<Sink> sink(DescribeInside told = {}) {
        AlertmanagerOptions options;
        options.name = "main";
        options.url = receiver_.url("/am/");
        options.token = "t0ken";
        options.link_base = "https://console.example/alerts/";
        options.inside = std::move(told);
        options.now = [this] { return now_; };
        auto made = make_alertmanager_sink(std::move(options), describe);
        EXPECT_TRUE(made.has_value());
        return std::move(*made);
    }
    json::array post(std::size_t index) { return json::parse(receiver_.received().at(index).body).as_array(); }
    static std::string text(const json::value& alert, const char* part, const char* name) {
        return std::string(alert.at(part).at(name).as_string());
    }

    Instant now_ = Instant(seconds(1'000'000));
    std::atomic<int> status_{200};
    Receiver receiver_{[this](const Received& request, std::size_t) {
        return Answered{.status = request.body.find("poison") != std::string::npos ? 400 : status_.load()};
    }};
    Standing marks_;
};

TEST_F(Alertmanagers, an_alert_is_its_labels_and_lives_five_minutes) {
    EXPECT_EQ(sink()->deliver({notification("a", 1, "raised high")}, marks_).delivered, 1U);
    const Received request = receiver_.received().at(0);
    EXPECT_EQ(request.target, "/am/api/v2/alerts");
    EXPECT_EQ(request.headers.at("authorization"), "Bearer t0ken");
    const json::value alert = post(0).at(0);
    EXPECT_EQ(json::serialize(alert.at("labels")),
              R"({"alertname":"herpes_zoster","plane":"clinical","severity":"high","study":"CCAR039-SIM",)"
              R"("cohort":"C-CAR039","alert_id":"a"})");
    EXPECT_EQ(alert.at("startsAt").as_string(), to_rfc3339(Instant(seconds(60))).c_str());
    EXPECT_EQ(alert.at("endsAt").as_string(), to_rfc3339(now_ + minutes(5)).c_str());
    EXPECT_EQ(alert.at("generatorURL").as_string(), "https://console.example/alerts/a");
    EXPECT_THAT(request.body, Not(HasSubstr("P-0007")));
}

TEST_F(Alertmanagers, tells_again_every_minute_what_stands_and_for_a_while_what_ended) {
    const auto manager = sink();
    EXPECT_FALSE(manager->upkeep(marks_)) << "nothing stands";
    EXPECT_EQ(
        manager->deliver({notification("a", 1, "raised high"), notification("b", 1, "raised high")}, marks_).delivered,
        2U);
    now_ += seconds(59);
    EXPECT_FALSE(manager->upkeep(marks_));
    now_ += seconds(1);
    ASSERT_TRUE(manager->upkeep(marks_));
    EXPECT_EQ(post(1).size(), 2U);
    EXPECT_EQ(post(1).at(0).at("endsAt").as_string(), to_rfc3339(now_ + minutes(5)).c_str());
    const Instant withdrawn = now_;
    EXPECT_EQ(manager->deliver({notification("a", 2, "withdrawn high")}, marks_).delivered, 1U);
    EXPECT_EQ(post(2).at(0).at("endsAt").as_string(), to_rfc3339(withdrawn).c_str());
    now_ += minutes(1);
    ASSERT_TRUE(manager->upkeep(marks_));
    EXPECT_EQ(post(3).size(), 2U);
    EXPECT_EQ(post(3).at(0).at("endsAt").as_string(), to_rfc3339(withdrawn).c_str());
    now_ += minutes(15);
    ASSERT_TRUE(manager->upkeep(marks_));
    ASSERT_EQ(post(4).size(), 1U);
    EXPECT_EQ(text(post(4).at(0), "labels", "alert_id"), "b");
}

TEST_F(Alertmanagers, another_severity_ends_the_old_identity) {
    const auto manager = sink();
    EXPECT_EQ(manager->deliver({notification("a", 1, "raised medium")}, marks_).delivered, 1U);
    EXPECT_EQ(manager->deliver({notification("a", 2, "updated immediate")}, marks_).delivered, 1U);
    ASSERT_EQ(post(1).size(), 2U);
    EXPECT_EQ(text(post(1).at(0), "labels", "severity"), "medium");
    EXPECT_EQ(post(1).at(0).at("endsAt").as_string(), to_rfc3339(now_).c_str());
    EXPECT_EQ(text(post(1).at(1), "labels", "severity"), "immediate");
    EXPECT_EQ(post(1).at(1).at("endsAt").as_string(), to_rfc3339(now_ + minutes(5)).c_str());
}

TEST_F(Alertmanagers, after_a_start_what_stands_is_told_at_once) {
    marks_.standing = {notification("a", 3, "updated high"), notification("b", 1, "raised high")};
    const auto manager = sink();
    ASSERT_TRUE(manager->upkeep(marks_));
    EXPECT_EQ(post(0).size(), 2U);
}

TEST_F(Alertmanagers, a_failure_is_told_and_tried_again_soon) {
    marks_.standing = {notification("a", 1, "raised high")};
    const auto manager = sink();
    status_ = 500;
    const auto failed = manager->upkeep(marks_);
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->fate, Fate::again);
    const Attempt attempt = manager->deliver({notification("b", 1, "raised high")}, marks_);
    EXPECT_EQ(attempt.delivered, 0U);
    EXPECT_TRUE(attempt.answered);
    status_ = 200;
    now_ += seconds(10);
    ASSERT_TRUE(manager->upkeep(marks_));
    EXPECT_EQ(post(2).size(), 1U) << "b was not taken";
}

TEST_F(Alertmanagers, what_cannot_be_read_is_refused_after_the_rest_was_told) {
    const Attempt attempt =
        sink()->deliver({notification("a", 1, "raised high"), {2, "b.1", "b", "unreadable", Instant{}}}, marks_);
    EXPECT_EQ(attempt.delivered, 1U);
    EXPECT_EQ(attempt.fate, Fate::refused);
    EXPECT_EQ(post(0).size(), 1U);
}

TEST_F(Alertmanagers, one_that_is_refused_takes_no_other_with_it) {
    const Attempt attempt =
        sink()->deliver({notification("a", 1, "raised high"), notification("poison", 1, "raised high"),
                         notification("c", 1, "raised high")},
                        marks_);
    EXPECT_EQ(attempt.delivered, 1U);
    EXPECT_EQ(attempt.fate, Fate::refused);
    EXPECT_EQ(attempt.detail, "answered 400");
}

TEST_F(Alertmanagers, a_test_is_an_alert_of_its_own_plane) {
    EXPECT_EQ(sink()->announce({.id = "test.1", .at = now_, .title = "t", .facts = {}}).delivered, 1U);
    EXPECT_EQ(json::serialize(post(0).at(0).at("labels")),
              R"({"alertname":"CellvigilTest","plane":"test","severity":"info"})");
}

TEST_F(Alertmanagers, an_internal_one_learns_of_whom) {
    EXPECT_EQ(sink(inside)->deliver({notification("a", 1, "raised high")}, marks_).delivered, 1U);
    EXPECT_EQ(text(post(0).at(0), "annotations", "subject"), "CCAR039-SIM/P-0007");
    EXPECT_FALSE(post(0).at(0).at("labels").as_object().contains("subject"));
}

// ---- chats

class Chats : public testing::TestWithParam<ChatKind> {
  protected:
    std::string sent(DescribeInside told) {
        const Receiver receiver([](const Received&, std::size_t) { return Answered{.status = 202}; });
        ChatOptions options;
        options.kind = GetParam();
        options.name = "ward";
        options.url = receiver.url();
        options.link_base = "https://console.example/alerts/";
        options.inside = std::move(told);
        options.now = [] { return Instant(seconds(100)); };
        auto made = make_chat_sink(std::move(options), describe);
        EXPECT_TRUE(made.has_value());
        Standing marks;
        EXPECT_EQ((*made)->deliver({notification("a", 1, "raised high")}, marks).delivered, 1U);
        return receiver.received().at(0).body;
    }
};
INSTANTIATE_TEST_SUITE_P(Both, Chats, testing::Values(ChatKind::slack, ChatKind::teams),
                         [](const auto& row) { return row.param == ChatKind::slack ? "slack" : "teams"; });

TEST_P(Chats, a_message_is_thin_unless_the_sink_is_internal) {
    const std::string thin = sent({});
    EXPECT_THAT(thin, HasSubstr("https://console.example/alerts/a"));
    for (const char* secret : {"P-0007", "site-01", "day 120"}) EXPECT_THAT(thin, Not(HasSubstr(secret)));
    const std::string full = sent(inside);
    for (const char* secret : {"P-0007", "site-01", "day 120"}) EXPECT_THAT(full, HasSubstr(secret));
}

TEST(ChatPayload, slack_reads_no_markup_in_our_words_and_no_block_is_too_long) {
    Wording wording{.headline = "a <!channel> & b"};
    wording.facts = {{"Why", std::string(5000, 'x')}};
    const json::value message = json::parse(slack_payload(wording));
    EXPECT_EQ(message.at("text").as_string(), "a &lt;!channel&gt; &amp; b");
    EXPECT_EQ(message.at("blocks").as_array().size(), 2U);
    for (const json::value& block : message.at("blocks").as_array())
        EXPECT_LT(block.at("text").at("text").as_string().size(), 3000U);
}

TEST(ChatPayload, teams_gets_one_adaptive_card) {
    const json::value message =
        json::parse(teams_payload({.headline = "h", .facts = {{"State", "raised"}}, .link = "https://c/a"}));
    const json::value& attachment = message.at("attachments").as_array().at(0);
    EXPECT_EQ(attachment.at("contentType").as_string(), "application/vnd.microsoft.card.adaptive");
    EXPECT_EQ(attachment.at("content").at("type").as_string(), "AdaptiveCard");
    EXPECT_EQ(attachment.at("content").at("body").at(1).at("facts").at(0).at("value").as_string(), "raised");
    EXPECT_EQ(attachment.at("content").at("actions").at(0).at("url").as_string(), "https://c/a");
}

// ---- mail

MailHead head() {
    return {.from = "cellvigil@hospital.example",
            .to = {"safety@hospital.example", "ward@hospital.example"},
            .message_id = "a.3@hospital.example",
            .references = {"a.1@hospital.example", "a.2@hospital.example"},
            .date = Instant(seconds(1'767'928'364))};
}

TEST(MailMessage, has_the_headers_that_keep_a_thread_together_and_robots_quiet) {
    const std::string mail = mail_message(head(), {.headline = "HIGH: Herpes zoster", .facts = {{"State", "raised"}}});
    EXPECT_THAT(mail, HasSubstr("Date: Fri, 09 Jan 2026 03:12:44 +0000\r\n"));
    EXPECT_THAT(mail, HasSubstr("To: safety@hospital.example,\r\n ward@hospital.example\r\n"));
    EXPECT_THAT(mail, HasSubstr("Subject: [Cellvigil] HIGH: Herpes zoster\r\n"));
    EXPECT_THAT(mail, HasSubstr("Message-ID: <a.3@hospital.example>\r\nIn-Reply-To: <a.2@hospital.example>\r\n"
                                "References: <a.1@hospital.example>\r\n <a.2@hospital.example>\r\n"));
    EXPECT_THAT(mail, HasSubstr("Auto-Submitted: auto-generated\r\n"));
    EXPECT_EQ(mail, mail_message(head(), {.headline = "HIGH: Herpes zoster", .facts = {{"State", "raised"}}}))
        << "the same bytes at every attempt";
}

TEST(MailMessage, no_header_can_be_smuggled_in_and_no_line_is_too_long) {
    const std::string mail =
        mail_message(head(), {.headline = "x\r\nBcc: all@evil.example\r\n" + std::string(2000, 'y'),
                              .facts = {{"Why", std::string(5000, 'z')}}});
    EXPECT_THAT(mail, Not(HasSubstr("Bcc:")));
    std::size_t start = 0;
    while (start < mail.size()) {
        const std::size_t end = mail.find("\r\n", start);
        ASSERT_NE(end, std::string::npos);
        EXPECT_LE(end - start, 998U);
        start = end + 2;
    }
}

TEST(MailMessage, addresses_are_checked) {
    EXPECT_TRUE(is_mail_address("a@b"));
    for (const char* bad : {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\nX: y", "<a@b>", "a@b,c@d"})
        EXPECT_FALSE(is_mail_address(bad)) << bad;
}

TEST(Wordings, the_headline_names_no_subject_even_inside) {
    const Inside of{"CCAR039-SIM/P-0007", "site-01", "why"};
    const Wording wording = wording_of(notification("a", 2, "withdrawn high"), *describe("withdrawn high 2"), "", &of);
    EXPECT_EQ(wording.headline, "WITHDRAWN: Herpes zoster <after> the infusion (CCAR039-SIM, C-CAR039)");
    EXPECT_THAT(wording.facts, testing::Contains(std::pair<std::string, std::string>("Subject", "CCAR039-SIM/P-0007")));
}

// ---- bytes without what is not for outside

TEST(Thinned, the_inner_sink_gets_other_bytes_and_what_cannot_be_read_is_refused) {
    class Keeps final : public Sink {
      public:
        explicit Keeps(std::vector<std::string>& bodies) : bodies_(bodies) {}
        std::string name() const override { return "kafka:t"; }
        std::size_t batch() const override { return 4; }
        void cancel() override {}
        Attempt deliver(const std::vector<Notification>& batch, Marks&) override {
            for (const Notification& one : batch) bodies_.push_back(one.body);
            Attempt attempt;
            attempt.delivered = batch.size();
            return attempt;
        }

      private:
        std::vector<std::string>& bodies_;
    };
    std::vector<std::string> bodies;
    const auto sink =
        make_thinned_sink(std::make_unique<Keeps>(bodies), [](std::string_view body) -> Result<std::string> {
            if (body == "bad 1") return fail(Errc::invalid, "cut");
            return std::string("thin");
        });
    Standing marks;
    const Attempt attempt =
        sink->deliver({notification("a", 1, "good"), notification("b", 1, "bad"), notification("c", 1, "good")}, marks);
    EXPECT_EQ(bodies, std::vector<std::string>{"thin"});
    EXPECT_EQ(attempt.delivered, 1U);
    EXPECT_EQ(attempt.fate, Fate::refused);
}

}  // namespace
}  // namespace cellvigil::alerts
