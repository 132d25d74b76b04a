#include "daemon/http/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "daemon/http/reads.h"
#include "daemon/http/server.h"
#include "daemon/store/memory.h"
#include "tests/daemon/http/raw_client.h"

namespace cellvigil::http {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Takes messages and answers as it is told, at once.
class ToldInlet final : public ingest::Inlet {
  public:
    void submit(std::vector<ingest::Submission> messages,
                std::function<void(Result<std::vector<ingest::Answer>>)> done) override {
        const std::lock_guard lock(mutex);
        submitted.insert(submitted.end(), messages.begin(), messages.end());
        if (away) return done(fail(Errc::unavailable, "the queue is full"));
        std::vector<ingest::Answer> answers;
        for (const ingest::Submission& message : messages) {
            ingest::Answer answer;
            answer.outcome = message.value == "bad" ? ingest::Outcome::rejected : ingest::Outcome::accepted;
            if (message.value == "bad") answer.issues.push_back({"observation.code", Reason::missing_field, "a code"});
            if (message.value == "odd") answer.flags = bit(EventFlag::unusual) | bit(EventFlag::offset_missing);
            answer.partition = 3;
            answer.position = static_cast<std::int64_t>(submitted.size());
            answers.push_back(std::move(answer));
        }
        done(std::move(answers));
    }
    std::mutex mutex;
    std::vector<ingest::Submission> submitted;
    bool away = false;
};

class ToldViews final : public SubjectViews {
  public:
    void assessments(std::string study, std::string subject, Done done) override {
        if (subject == "nobody") return done(fail(Errc::not_found, "no such subject"));
        done("[\"" + study + "|" + subject + "\"]");
    }
    void explanation(std::string, std::string, std::optional<Instant> at, std::optional<Instant> known_at,
                     Done done) override {
        done("\"" + told(at) + (known_at ? ", known " + told(known_at) : "") + "\"");
    }
    void changes(std::string, std::string, Instant since, std::optional<Instant> known_at, std::optional<Instant> at,
                 Done done) override {
        done("\"" + to_rfc3339(since) + " to " + told(known_at) + ", at " + told(at) + "\"");
    }

    void timeline(std::string, std::string, std::optional<Instant> known_at, Done done) override {
        done("\"facts, known " + told(known_at) + "\"");
    }

  private:
    static std::string told(std::optional<Instant> at) { return at ? to_rfc3339(*at) : "now"; }
};

// JSON stand-in: one message per line, "?" is none.
std::vector<ingest::JsonItem> lines_of(std::string_view text) {
    std::vector<ingest::JsonItem> items;
    while (!text.empty()) {
        const auto end = text.find('\n');
        ingest::JsonItem item;
        if (text.substr(0, end) == "?") {
            item.issues.push_back({"", Reason::unparsable, "not JSON"});
            item.text = text.substr(0, end);
        } else {
            item.envelope = text.substr(0, end);
        }
        items.push_back(std::move(item));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    return items;
}

class HttpApi : public testing::Test {
  protected:
    HttpApi() {
        api_.inlet = &inlet_;
        api_.key_of = [](std::string_view value) { return "S/" + std::string(value.substr(0, 3)); };
        api_.envelopes_of_json = lines_of;
        api_.keep_refused = [this](std::vector<ingest::Refusal> refusals, std::function<void(Result<void>)> done) {
            if (keeper_away_) return done(fail(Errc::unavailable, "the store is away"));
            for (auto& refusal : refusals) refused_.push_back(std::move(refusal));
            done({});
        };
        api_.reader = std::make_shared<Reader>([this]() -> Result<std::unique_ptr<store::Store>> {
            if (away_) return fail(Errc::unavailable, "the store is away");
            return store::open_memory(database_);
        });
        api_.desk.now = [] { return Instant(hours(1)); };
        api_.subjects = &views_;
        api_.metrics_text = [] { return std::string("cellvigil_up 1\n"); };
        api_.live = [] { return std::vector<Check>{{"loop", true, ""}}; };
        api_.ready = [] {
            return std::vector<Check>{{"store_writable", true, ""}, {"replay_done", false, "1204 messages left"}};
        };
    }

    std::uint16_t start() {
        ServerOptions options;
        options.answer_timeout = seconds(5);
        auto made = serve(options, api_routes(api_));
        EXPECT_TRUE(made.has_value());
        server_ = std::move(*made);
        return server_->port();
    }
    std::string send(std::string_view type, std::string_view body, std::string_view target = "/api/v1/events") {
        return post(start(), target, type, body);
    }
    void write(const store::Commit& commit) {
        const auto written = store::open_memory(database_)->write(commit);
        ASSERT_TRUE(written.has_value()) << written.error().detail;
    }

    std::shared_ptr<store::MemoryDatabase> database_ = std::make_shared<store::MemoryDatabase>();
    bool away_ = false;
    bool keeper_away_ = false;
    std::vector<ingest::Refusal> refused_;
    ToldInlet inlet_;
    ToldViews views_;
    Api api_;
    std::unique_ptr<Server> server_;
};

TEST_F(HttpApi, one_protobuf_message_is_taken_under_its_key) {
    const std::string answer = send("application/x-protobuf", "abcdef");
    EXPECT_EQ(status_of(answer), 202);
    EXPECT_EQ(
        body_of(answer),
        R"({"received":1,"outcomes":{"accepted":1},"messages":[{"index":0,"outcome":"accepted","partition":3,"position":1}]})"
        "\n");
    ASSERT_EQ(inlet_.submitted.size(), 1U);
    EXPECT_EQ(inlet_.submitted[0].key, "S/abc");
    EXPECT_EQ(inlet_.submitted[0].value, "abcdef");
}

TEST_F(HttpApi, delimited_messages_are_answered_one_by_one) {
    using namespace std::string_literals;
    const std::string answer = send("application/vnd.cellvigil.events",
                                    "\x03one\x03"
                                    "bad\x00\x05three"s);
    EXPECT_EQ(status_of(answer), 202);
    EXPECT_THAT(
        body_of(answer),
        AllOf(
            HasSubstr(R"("received":4)"), HasSubstr(R"("outcomes":{"accepted":3,"rejected":1})"),
            HasSubstr(
                R"({"index":1,"outcome":"rejected","issues":[{"path":"observation.code","reason":"missing_field","detail":"a code"}])")));
    EXPECT_EQ(inlet_.submitted.size(), 4U) << "an empty message is a message";
}

TEST_F(HttpApi, flags_of_a_message_that_was_taken_are_named) {
    const std::string answer = send("application/x-ndjson", "one\nodd", "/api/v1/events?answers=problems");
    EXPECT_EQ(status_of(answer), 202);
    EXPECT_THAT(body_of(answer),
                HasSubstr(R"("messages":[{"index":1,"outcome":"accepted","flags":["unusual","offset_missing"],)"));
}

TEST_F(HttpApi, long_lengths_are_read) {
    const std::string message(300, 'x');
    EXPECT_EQ(status_of(send("application/vnd.cellvigil.events", "\xAC\x02" + message)), 202);
    EXPECT_EQ(inlet_.submitted.at(0).value, message);
}

struct CutCase {
    const char* name;
    std::string body;
    const char* told;
};
void PrintTo(const CutCase& row, std::ostream* out) { *out << row.name; }
class CutBodies : public HttpApi, public testing::WithParamInterface<CutCase> {};
TEST_P(CutBodies, are_refused_whole) {
    const std::string answer = send("application/vnd.cellvigil.events", GetParam().body);
    EXPECT_EQ(status_of(answer), 400);
    EXPECT_THAT(answer,
                AllOf(HasSubstr("application/problem+json"), HasSubstr("/problems/body"), HasSubstr(GetParam().told)));
    EXPECT_THAT(inlet_.submitted, IsEmpty());
    if (GetParam().body.empty()) {
        EXPECT_THAT(refused_, IsEmpty()) << "there is nothing to keep";
        return;
    }
    ASSERT_EQ(refused_.size(), 1U);
    EXPECT_EQ(refused_[0].content_type, "application/vnd.cellvigil.events");
    EXPECT_EQ(refused_[0].head, GetParam().body);
    EXPECT_EQ(refused_[0].issues.at(0).reason, Reason::unparsable);
    EXPECT_THAT(refused_[0].issues.at(0).detail, HasSubstr(GetParam().told));
}
INSTANTIATE_TEST_SUITE_P(Delimited, CutBodies,
                         testing::ValuesIn(std::vector<CutCase>{
                             {"empty", "", "the body is empty"},
                             {"cut_length", "\x03one\x83", "message 1: its length is cut"},
                             {"cut_message", "\x03one\x05thr", "message 1 is 5 bytes long, the body ends after 3"},
                             {"endless_length", "\xFF\xFF\xFF\xFF\xFF\xFF\x01x",
                              "message 0: its length is cut or too large"},
                         }),
                         [](const auto& row) { return row.param.name; });

TEST_F(HttpApi, json_that_is_no_message_is_answered_with_its_reasons_beside_the_others) {
    const std::string answer = send("application/x-ndjson", "one\n?\nthree");
    EXPECT_EQ(status_of(answer), 202);
    EXPECT_THAT(
        body_of(answer),
        HasSubstr(
            R"({"index":1,"outcome":"rejected","issues":[{"path":"","reason":"unparsable","detail":"not JSON"}]})"));
    EXPECT_THAT(body_of(answer), HasSubstr(R"({"index":2,"outcome":"accepted")"));
    EXPECT_EQ(inlet_.submitted.size(), 2U);
    ASSERT_EQ(refused_.size(), 1U);
    EXPECT_EQ(refused_[0].content_type, "application/json");
    EXPECT_EQ(refused_[0].head, "?");
    EXPECT_EQ(refused_[0].length, 1U);
    EXPECT_EQ(refused_[0].sha256, "8a8de823d5ed3e12746a62ef169bcf372be0ca44f0a1236abc35df05d96928e1");
    EXPECT_EQ(refused_[0].issues.at(0).reason, Reason::unparsable);
}

TEST_F(HttpApi, lines_are_items_even_when_none_looks_like_an_object) {
    api_.envelopes_of_json = [](std::string_view all) {
        if (all.empty()) return std::vector<ingest::JsonItem>{};
        return std::vector<ingest::JsonItem>{{{}, {{"", Reason::unparsable, "not JSON"}}, all}};
    };
    const std::uint16_t port = start();
    const std::string lines = post(port, "/api/v1/events", "application/x-ndjson", "words\n\nmore words\n");
    EXPECT_THAT(body_of(lines), HasSubstr(R"("received":2,"outcomes":{"rejected":2})"));
    ASSERT_EQ(refused_.size(), 2U);
    EXPECT_EQ(refused_[0].head, "words");
    EXPECT_EQ(refused_[1].head, "more words");
    const std::string json = post(port, "/api/v1/events", "application/json", "words\nmore words\n");
    EXPECT_THAT(body_of(json), HasSubstr(R"("received":1)"));
}

TEST_F(HttpApi, of_a_long_text_only_the_beginning_is_kept_with_length_and_hash_of_the_whole) {
    const std::string text(ingest::kMostRefusedBytes + 1, '?');
    api_.envelopes_of_json = [](std::string_view all) {
        return std::vector<ingest::JsonItem>{{{}, {{"", Reason::unparsable, "not JSON"}}, all}};
    };
    EXPECT_EQ(status_of(send("application/json", text)), 400);
    ASSERT_EQ(refused_.size(), 1U);
    EXPECT_EQ(refused_[0].head.size(), ingest::kMostRefusedBytes);
    EXPECT_EQ(refused_[0].length, text.size());
    EXPECT_EQ(refused_[0].sha256.size(), 64U);
}

TEST_F(HttpApi, an_answer_waits_until_what_was_refused_is_stored) {
    keeper_away_ = true;
    const std::uint16_t port = start();
    EXPECT_EQ(status_of(post(port, "/api/v1/events", "application/x-ndjson", "one\n?")), 503);
    EXPECT_EQ(status_of(post(port, "/api/v1/events", "application/json", "?")), 503);
    EXPECT_EQ(status_of(post(port, "/api/v1/events", "application/x-ndjson", "one")), 202);
}

TEST_F(HttpApi, a_request_that_could_not_be_taken_leaves_no_dead_letter) {
    inlet_.away = true;
    EXPECT_EQ(status_of(send("application/x-ndjson", "one\n?")), 503);
    EXPECT_THAT(refused_, IsEmpty());
}

TEST_F(HttpApi, when_nothing_was_taken_the_answer_is_400) {
    EXPECT_EQ(status_of(send("application/json", "?\n?")), 400);
    EXPECT_EQ(status_of(send("application/json", "bad\n?")), 400);
    EXPECT_EQ(status_of(send("application/json; charset=utf-8", "bad\nfine")), 202);
}

TEST_F(HttpApi, answers_can_be_left_out) {
    const std::string problems =
        body_of(send("application/x-ndjson", "one\nbad\n?", "/api/v1/events?answers=problems"));
    EXPECT_THAT(problems, AllOf(HasSubstr(R"("received":3)"), Not(HasSubstr(R"("index":0)")), HasSubstr(R"("index":1)"),
                                HasSubstr(R"("index":2)")));
    const std::string none = body_of(send("application/x-ndjson", "one\nbad\n?", "/api/v1/events?answers=none"));
    EXPECT_EQ(none, R"({"received":3,"outcomes":{"accepted":1,"rejected":2},"messages":[]})"
                    "\n");
    EXPECT_EQ(status_of(send("application/x-ndjson", "one", "/api/v1/events?answers=some")), 400);
}

TEST_F(HttpApi, many_messages_are_answered_in_their_order) {
    std::string body;
    for (int i = 0; i < 500; ++i) body += i % 7 == 3 ? "?\n" : "message\n";
    const std::string answer = body_of(send("application/x-ndjson", body));
    EXPECT_THAT(answer, HasSubstr(R"("received":500,"outcomes":{"accepted":429,"rejected":71})"));
    std::size_t at = 0;
    for (int i = 0; i < 500; ++i) {
        at = answer.find("\"index\":" + std::to_string(i) + ",", at);
        ASSERT_NE(at, std::string::npos) << i;
    }
}

TEST_F(HttpApi, other_content_types_are_415) {
    for (const char* type : {"text/plain", "", "application/octet-stream"})
        EXPECT_EQ(status_of(send(type, "x")), 415) << type;
    EXPECT_THAT(inlet_.submitted, IsEmpty());
}

TEST_F(HttpApi, too_many_messages_are_refused_whole) {
    api_.max_messages = 2;
    EXPECT_THAT(send("application/x-ndjson", "1\n2\n3"), HasSubstr("3 messages, at most 2 at once"));
    ASSERT_EQ(refused_.size(), 1U);
    EXPECT_EQ(refused_[0].issues.at(0).reason, Reason::oversize);
    EXPECT_EQ(status_of(send("application/x-ndjson", "1\n2")), 202);
}

TEST_F(HttpApi, an_inlet_that_is_away_is_503) {
    inlet_.away = true;
    const std::string answer = send("application/x-protobuf", "abc");
    EXPECT_EQ(status_of(answer), 503);
    EXPECT_THAT(answer, AllOf(HasSubstr("retry-after: 1"), HasSubstr("the queue is full")));
    api_.inlet = nullptr;
    EXPECT_EQ(status_of(send("application/x-protobuf", "abc")), 503);
}

TEST_F(HttpApi, probes_say_ok_or_what_failed) {
    const std::uint16_t port = start();
    EXPECT_EQ(body_of(get(port, "/livez")), "ok\n");
    EXPECT_EQ(body_of(get(port, "/livez?verbose")), "[+]loop ok\nok\n");
    EXPECT_EQ(status_of(get(port, "/readyz")), 503);
    EXPECT_EQ(body_of(get(port, "/readyz?verbose")),
              "[+]store_writable ok\n[-]replay_done failed: 1204 messages left\nfailed\n");
    EXPECT_EQ(status_of(get(port, "/startupz")), 200);
}

TEST_F(HttpApi, the_tables_of_a_cohort_are_asked_for_with_their_times) {
    std::vector<CohortQuestion> asked;
    std::mutex mutex;
    api_.slow_reader = api_.reader;
    api_.cohort_tables = [&](store::Store&, const CohortQuestion& question) -> Result<std::string> {
        const std::lock_guard lock(mutex);
        asked.push_back(question);
        if (question.table == "nonsense") return fail(Errc::not_found, "no such table");
        return std::string("{\"cost\":{\"subjects_read\":3}}\n");
    };
    const auto port = start();
    const std::string path = "/api/v1/cohorts/S/c1/tables";
    EXPECT_EQ(body_of(get(port, path)), "{\"cost\":{\"subjects_read\":3}}\n");
    EXPECT_EQ(status_of(get(port, path + "/rates?as_of=2026-01-05T00:00:00Z&known_at=2026-02-05T00:00:00Z")), 200);
    EXPECT_EQ(status_of(get(port, path + "/nonsense")), 404);
    EXPECT_EQ(status_of(get(port, path + "?as_of=yesterday")), 400);
    EXPECT_EQ(status_of(get(port, path + "/rates?known_at=yesterday")), 400);
    const std::lock_guard lock(mutex);
    ASSERT_EQ(asked.size(), 3U);
    EXPECT_EQ(asked[0].cohort, "S/c1");
    EXPECT_EQ(asked[0].table, "");
    EXPECT_FALSE(asked[0].as_of || asked[0].known_at);
    EXPECT_EQ(asked[1].table, "rates");
    EXPECT_EQ(to_rfc3339(asked[1].as_of.value_or(kAlways)), "2026-01-05T00:00:00Z");
    EXPECT_EQ(to_rfc3339(asked[1].known_at.value_or(kAlways)), "2026-02-05T00:00:00Z");
}

TEST_F(HttpApi, metrics_are_served_even_when_the_store_is_away) {
    away_ = true;
    const std::string answer = get(start(), "/metrics");
    EXPECT_THAT(answer, AllOf(HasSubstr("text/plain; version=0.0.4"), HasSubstr("cellvigil_up 1\n")));
}

TEST_F(HttpApi, reads_are_503_while_the_store_is_away_and_recover) {
    away_ = true;
    const std::uint16_t port = start();
    EXPECT_EQ(status_of(get(port, "/api/v1/alerts")), 503);
    away_ = false;
    EXPECT_EQ(body_of(get(port, "/api/v1/alerts")), "{\"alerts\":[],\"next\":null}\n");
}

TEST_F(HttpApi, alerts_come_in_pages) {
    store::Commit commit;
    for (const char* id : {"a", "b", "c"}) {
        store::AlertRow row;
        row.alert_id = id;
        row.rule = "crs_grade_3";
        row.severity = "immediate";
        row.subject_key = "S/001";
        row.cohort = "S/A";
        row.site = "site-01";
        row.event_time = Instant(seconds(60));
        commit.alerts.push_back(row);
    }
    write(commit);
    commit.alerts = {commit.alerts.back()};
    commit.alerts.front().state = store::AlertState::withdrawn;
    commit.alerts.front().revision = 2;
    write(commit);
    const std::uint16_t port = start();
    EXPECT_THAT(
        body_of(get(port, "/api/v1/alerts?limit=1")),
        AllOf(
            HasSubstr(
                R"({"alerts":[{"alert_id":"a","revision":1,"state":"raised","rule":"crs_grade_3","severity":"immediate","cohort":"S/A",)"
                R"("site":"site-01","subject":"S/001","event_time":"1970-01-01T00:01:00Z","partition":0,"position":0,"stage":"active","waiting":true,)"),
            HasSubstr("\"next\":\"" + cursor_of("alerts", "a") + "\"}\n")));
    EXPECT_THAT(body_of(get(port, "/api/v1/alerts?after=" + cursor_of("alerts", "a"))),
                AllOf(HasSubstr("withdrawn"), HasSubstr(R"("next":null)")));
    for (const char* query : {"limit=0", "limit=1001", "limit=x", "limit="})
        EXPECT_EQ(status_of(get(port, std::string("/api/v1/alerts?") + query)), 400) << query;
}

TEST_F(HttpApi, dead_letters_carry_their_reasons) {
    store::Commit commit;
    commit.dead_letters = {{1, 4, "missing_field", R"([{"path":"record_id"}])", Instant(seconds(5)), "frame", false},
                           {1, 5, "oversize", "not json", Instant(seconds(6)), "frame", true},
                           {store::kNoPartition, -1, "unparsable", "[]", Instant(seconds(7)), "frame", false}};
    write(commit);
    const std::uint16_t port = start();
    EXPECT_THAT(
        body_of(get(port, "/api/v1/dead-letters?limit=1")),
        AllOf(
            HasSubstr(R"("reason":"missing_field","issues":[{"path":"record_id"}],"failed_at":"1970-01-01T00:00:05Z")"),
            HasSubstr("\"next\":\"" + cursor_of("dead-letters", "1") + "\"")));
    EXPECT_THAT(body_of(get(port, "/api/v1/dead-letters?after=" + cursor_of("dead-letters", "1"))),
                AllOf(HasSubstr(R"("issues":"not json")"), HasSubstr(R"("oversize":true)")));
    EXPECT_THAT(body_of(get(port, "/api/v1/dead-letters?after=" + cursor_of("dead-letters", "2"))),
                HasSubstr(R"("partition":null,"position":null,"reason":"unparsable")"));
    EXPECT_EQ(status_of(get(port, "/api/v1/dead-letters?after=x")), 400);
}

TEST_F(HttpApi, the_quarantine_comes_in_pages_over_partitions) {
    const auto session = store::open_memory(database_);
    ASSERT_TRUE(session->claim(0, "me").has_value() && session->claim(2, "me").has_value());
    store::Commit commit;
    for (const auto& [partition, position] : {std::pair{0U, 4}, std::pair{2U, 1}, std::pair{2U, 7}})
        commit.held.push_back(
            {partition, position, "unknown_site", "[]", "S/001", Instant(seconds(4)), store::HeldState::held, "frame"});
    write(commit);
    const std::uint16_t port = start();
    EXPECT_THAT(body_of(get(port, "/api/v1/quarantine?limit=2")),
                AllOf(HasSubstr(R"("partition":0,"position":4)"),
                      HasSubstr("\"next\":\"" + cursor_of("quarantine", "2/1") + "\"")));
    const std::string rest = body_of(get(port, "/api/v1/quarantine?after=" + cursor_of("quarantine", "2/1")));
    EXPECT_THAT(rest,
                AllOf(HasSubstr(R"("position":7)"), Not(HasSubstr(R"("position":1)")), HasSubstr(R"("next":null)")));
    EXPECT_EQ(status_of(get(port, "/api/v1/quarantine?after=2")), 400);
}

TEST_F(HttpApi, the_summary_carries_numerator_denominator_interval_and_times) {
    const auto session = store::open_memory(database_);
    const auto claim = session->claim(0, "me");
    ASSERT_TRUE(claim.has_value());
    store::Commit commit;
    commit.cells = {{0, "S/A", "infused", 0, 0, 48}, {0, "S/A", "crs_max", 3, 0, 7}, {0, "S/A", "crs_max", 0, 0, 41}};
    commit.advances = {{0, 0, 0, claim->epoch, Instant(seconds(100)), Instant(seconds(50))}};
    write(commit);
    const std::string body = body_of(get(start(), "/api/v1/summary"));
    EXPECT_THAT(body, HasSubstr(R"("as_of":"1970-01-01T00:01:40Z","complete_through":"1970-01-01T00:00:50Z")"));
    EXPECT_THAT(body, HasSubstr(R"("cohort":"S/A")"));
    EXPECT_THAT(body, HasSubstr(R"({"n":7,"N":48,"rate":1.4583333333333)"));
    EXPECT_THAT(body, HasSubstr(R"("grade":3)"));
}

TEST_F(HttpApi, subjects_are_asked_by_decoded_names) {
    const std::uint16_t port = start();
    EXPECT_EQ(body_of(get(port, "/api/v1/subjects/S%201/00%2F1/assessments")), "[\"S 1|00/1\"]");
    EXPECT_EQ(status_of(get(port, "/api/v1/subjects/S/nobody/assessments")), 404);
    EXPECT_EQ(body_of(get(port, "/api/v1/subjects/S/001/explanation")), "\"now\"");
    EXPECT_EQ(body_of(get(port, "/api/v1/subjects/S/001/explanation?at=2026-01-05T14:20:00%2B08:00")),
              "\"2026-01-05T06:20:00Z\"");
    EXPECT_EQ(body_of(get(port, "/api/v1/subjects/S/001/explanation?at=2026-01-05T14:20:00+08:00")),
              "\"2026-01-05T06:20:00Z\"");
    EXPECT_EQ(status_of(get(port, "/api/v1/subjects/S/001/explanation?at=yesterday")), 400);
    EXPECT_EQ(body_of(get(port, "/api/v1/subjects/S/001/explanation?known_at=2026-03-01T00:00:00Z")),
              "\"now, known 2026-03-01T00:00:00Z\"");
    EXPECT_EQ(status_of(get(port, "/api/v1/subjects/S/001/explanation?known_at=then")), 400);
}

TEST_F(HttpApi, changes_are_asked_between_two_times_of_knowledge) {
    const std::uint16_t port = start();
    const std::string path = "/api/v1/subjects/S/001/changes";
    EXPECT_EQ(body_of(get(port, path + "?since=2026-03-01T00:00:00Z")), "\"2026-03-01T00:00:00Z to now, at now\"");
    EXPECT_EQ(
        body_of(get(port, path + "?since=2026-03-01T00:00:00Z&known_at=2026-03-02T00:00:00Z&at=2026-02-01T00:00:00Z")),
        "\"2026-03-01T00:00:00Z to 2026-03-02T00:00:00Z, at 2026-02-01T00:00:00Z\"");
    EXPECT_EQ(status_of(get(port, path)), 400);
    EXPECT_EQ(status_of(get(port, path + "?since=2026-03-02T00:00:00Z&known_at=2026-03-01T00:00:00Z")), 400);
}

TEST(HttpReader, a_full_queue_takes_no_more) {
    std::mutex held;
    const auto lock = std::make_unique<std::unique_lock<std::mutex>>(held);
    Reader reader([]() -> Result<std::unique_ptr<store::Store>> { return store::open_memory(); }, 2);
    std::atomic<int> done{0};
    std::atomic<bool> began{false};
    ASSERT_TRUE(reader.run([&](Result<store::Store*>) {
        began = true;
        const std::lock_guard wait(held);
        ++done;
    }));
    while (!began) std::this_thread::yield();
    EXPECT_TRUE(reader.run([&](Result<store::Store*>) { ++done; }));
    EXPECT_TRUE(reader.run([&](Result<store::Store*>) { ++done; }));
    EXPECT_FALSE(reader.run([&](Result<store::Store*>) { ++done; }));
    lock->unlock();
}

}  // namespace
}  // namespace cellvigil::http
