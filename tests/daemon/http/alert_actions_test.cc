#include "daemon/http/api.h"
#include "daemon/http/audit_reads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "daemon/http/call.h"
#include "daemon/http/identity.h"
#include "daemon/http/reads.h"
#include "daemon/http/server.h"
#include "daemon/store/memory.h"

namespace cellvigil::http {
namespace {

using testing::HasSubstr;
using testing::Not;

class AlertActions : public testing::Test {
  protected:
    AlertActions() {
        const auto open = [this] { return Result<std::unique_ptr<store::Store>>(store::open_memory(database_)); };
        desk_.reader = std::make_shared<Reader>(open);
        desk_.writer = std::make_shared<Reader>(open);
        desk_.trail = std::make_shared<book::Trail>(open);
        desk_.now = [] { return Instant(hours(48)); };
        desk_.local_operator = LocalOperator{"kim", {Role::safety_lead}};
        report_by(default_rule(Jurisdiction::eu_trial));
        store::AlertRow row;
        row.alert_id = "a1";
        row.rule = "toxicity_death";
        row.severity = "immediate";
        row.subject_key = "S/001";
        store::Commit commit;
        commit.alerts = {row};
        EXPECT_TRUE(store_->write(commit).has_value());
    }
    void report_by(const ReportingRule& rule) {
        DeskRules rules;
        rules.reporting.rules = {rule};
        desk_.rules->replace(std::move(rules));
    }
    std::vector<Route> routes() const {
        Api api;
        api.desk = desk_;
        api.reader = desk_.reader;
        return api_routes(api);
    }
    void start() {
        ServerOptions options;
        options.answer_timeout = seconds(5);
        auto made = serve(options, routes());
        ASSERT_TRUE(made.has_value());
        server_ = std::move(*made);
    }
    Answer send(const char* method, const std::string& target, const std::string& body = "",
                std::map<std::string, std::string> headers = {}) {
        if (!server_) start();
        Call wanted;
        wanted.host = "127.0.0.1";
        wanted.port = std::to_string(server_->port());
        wanted.method = method;
        wanted.target = target;
        wanted.body = body;
        wanted.headers = std::move(headers);
        const auto answer = call(wanted);
        EXPECT_TRUE(answer.has_value()) << (answer ? "" : answer.error().detail);
        return answer ? *answer : Answer{};
    }
    Answer act(const std::string& verb, const std::string& body, std::map<std::string, std::string> headers = {}) {
        return send("POST", "/api/v1/alerts/a1/" + verb, body, std::move(headers));
    }
    std::vector<std::string> audited() {
        std::vector<std::string> whats;
        const auto rows = store_->audit(100);
        EXPECT_TRUE(rows.has_value());
        for (const store::AuditRow& row : *rows) whats.push_back(row.what);
        return whats;
    }

    std::shared_ptr<store::MemoryDatabase> database_ = std::make_shared<store::MemoryDatabase>();
    std::unique_ptr<store::Store> store_ = store::open_memory(database_);
    AlertDesk desk_;
    std::unique_ptr<Server> server_;
};

TEST_F(AlertActions, every_verb_reaches_the_lifecycle) {
    struct VerbCase {
        const char* verb;
        const char* body;
        int status;
        const char* part;
    };
    const VerbCase cases[] = {
        {"acknowledge", "{}", 422, "with a comment"},
        {"unshelve", "{}", 409, "not shelved"},
        {"shelve", R"({"reason":"x","until":"1970-01-03T12:00:00Z"})", 422, "cannot be shelved"},
        {"close", R"({"reason":"x","comment":"y"})", 409, "acknowledge it first; possible now: acknowledge"},
        {"acknowledge", R"({"comment":"seen at the bedside"})", 200, R"("stage":"acknowledged")"},
        {"comment", R"({"comment":"family told"})", 200, R"("comments":1)"},
        {"assign", R"({"assignee":"lee"})", 200, R"("assignee":"lee")"},
        {"close", R"({"reason":"x","comment":"y"})", 200, R"("stage":"closing")"},
        {"reject", R"({"comment":"not yet"})", 200, R"("stage":"acknowledged")"},
        {"close", R"({"reason":"x","comment":"y"})", 200, R"("stage":"closing")"},
        {"confirm", "{}", 422, "another person"},
        {"reopen", R"({"reason":"x"})", 409, "it is open"},
    };
    for (const VerbCase& one : cases) {
        const Answer answer = act(one.verb, one.body);
        EXPECT_EQ(answer.status, one.status) << one.verb << ": " << answer.body;
        EXPECT_THAT(answer.body, HasSubstr(one.part)) << one.verb;
    }
}

TEST_F(AlertActions, if_match_is_heeded_and_told) {
    const Answer shown = send("GET", "/api/v1/alerts/a1");
    EXPECT_EQ(shown.etag, "\"1-1\"");
    const Answer done = act("comment", R"({"comment":"x"})", {{"if-match", "\"1-1\""}});
    EXPECT_EQ(done.status, 200);
    EXPECT_EQ(done.etag, "\"1-2\"");
    const Answer stale = act("comment", R"({"comment":"x"})", {{"if-match", "\"1-1\""}});
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(stale.etag, "\"1-2\"");
    EXPECT_EQ(act("comment", R"({"comment":"x"})", {{"if-match", "*"}}).status, 200);
}

TEST_F(AlertActions, a_repeated_key_does_it_once) {
    const std::map<std::string, std::string> key{{"idempotency-key", "k-1"}};
    EXPECT_EQ(act("comment", R"({"comment":"x"})", key).status, 200);
    EXPECT_THAT(act("comment", R"({"comment":"x"})", key).body, HasSubstr(R"("comments":1)"));
    EXPECT_EQ(act("comment", R"({"comment":"other"})", key).status, 422);
}

TEST_F(AlertActions, bodies_that_are_none_are_400) {
    for (const char* body : {"x", "[]", R"({"coment":"x"})", R"({"comment":1})", R"({"until":"tomorrow"})"})
        EXPECT_EQ(act("comment", body).status, 400) << body;
    EXPECT_EQ(send("POST", "/api/v1/alerts/none/comment", R"({"comment":"x"})").status, 404);
}

TEST_F(AlertActions, without_an_operator_nobody_acts_and_the_answer_says_what_to_configure) {
    desk_.local_operator.reset();
    const Answer refused = act("acknowledge", R"({"comment":"x"})");
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.body, HasSubstr("http.local_operator.person"));
    EXPECT_EQ(store_->actions_of("a1")->size(), 1U);
}

TEST_F(AlertActions, a_role_that_may_not_is_403) {
    desk_.local_operator = LocalOperator{"dana", {Role::data_manager}};
    EXPECT_EQ(act("acknowledge", R"({"comment":"x"})").status, 403);
    EXPECT_EQ(act("comment", R"({"comment":"x"})").status, 200);
}

TEST_F(AlertActions, the_past_reads_as_it_was) {
    act("acknowledge", R"({"comment":"seen"})");
    EXPECT_THAT(send("GET", "/api/v1/alerts").body, HasSubstr(R"("stage":"acknowledged")"));
    EXPECT_THAT(send("GET", "/api/v1/alerts?as_of=1970-01-02T23:00:00Z").body, HasSubstr(R"("stage":"active")"));
    EXPECT_THAT(send("GET", "/api/v1/alerts?stage=active").body, HasSubstr(R"("alerts":[])"));
    EXPECT_THAT(send("GET", "/api/v1/alerts?waiting=true").body, HasSubstr(R"("alerts":[])"));
    EXPECT_EQ(send("GET", "/api/v1/alerts?stage=odd").status, 400);
    EXPECT_EQ(send("GET", "/api/v1/alerts?waiting=null").status, 400);
    EXPECT_EQ(send("GET", "/api/v1/alerts?as_of=odd").status, 400);
    const std::string history = send("GET", "/api/v1/alerts/a1/history").body;
    EXPECT_THAT(history, HasSubstr(R"("action":"raise")"));
    EXPECT_THAT(history, HasSubstr(R"("person":"kim")"));
    EXPECT_THAT(send("GET", "/api/v1/alerts/a1/history?as_of=1970-01-02T23:00:00Z").body, Not(HasSubstr("kim")));
    EXPECT_EQ(send("GET", "/api/v1/alerts/none").status, 404);
}

TEST_F(AlertActions, an_alert_shows_when_its_reports_are_due) {
    EXPECT_THAT(send("GET", "/api/v1/alerts/a1").body, HasSubstr(R"("jurisdiction":"eu_trial","kind":"fatal")"));
}

TEST_F(AlertActions, reads_are_entered_with_who_what_and_why_before_they_are_answered) {
    send("GET", "/api/v1/alerts/a1?why=weekly+review");
    const auto rows = store_->audit(1).value();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].what, "read.alerts");
    EXPECT_EQ(rows[0].who, "local");
    EXPECT_EQ(rows[0].object, "a1");
    EXPECT_EQ(rows[0].at, Instant(hours(48)));
    EXPECT_THAT(rows[0].detail, HasSubstr("weekly review"));
    database_->fail_writes(store::WriteFault::unavailable, 1, 0);
    const Answer unread = send("GET", "/api/v1/alerts/a1");
    EXPECT_EQ(unread.status, 503) << "what cannot be entered is not shown";
    EXPECT_THAT(unread.body, Not(HasSubstr("S/001")));
}

TEST_F(AlertActions, every_read_above_aggregates_is_entered_under_its_own_name) {
    int entered = 0;
    for (const Route& route : routes()) {
        const bool above = route.method == Method::get && route.guard.kind == Guard::Kind::permitted &&
                           route.guard.permission != auth::Permission::read_aggregates;
        if (!above) continue;
        std::string path = route.pattern;
        for (auto at = path.find('{'); at != std::string::npos; at = path.find('{'))
            path.replace(at, path.find('}') + 1 - at, "x");
        send("GET", path);
        EXPECT_EQ(audited().front(), audit_name_of(route)) << route.pattern;
        ++entered;
    }
    EXPECT_GE(entered, 11);
    const std::size_t before = audited().size();
    send("GET", "/api/v1/summary");
    EXPECT_EQ(audited().size(), before) << "aggregates name nobody";
}

TEST_F(AlertActions, a_reason_for_reading_is_kept_up_to_its_length) {
    EXPECT_EQ(send("GET", "/api/v1/alerts?why=" + std::string(1000, 'x')).status, 200);
    EXPECT_EQ(send("GET", "/api/v1/alerts?why=" + std::string(1001, 'x')).status, 400);
    std::string characters;
    for (int i = 0; i < 1000; ++i) characters += "%C3%A9";
    EXPECT_EQ(send("GET", "/api/v1/alerts?why=" + characters).status, 200);
    EXPECT_EQ(send("GET", "/api/v1/alerts?why=x" + characters).status, 400);
}

TEST_F(AlertActions, an_alarm_of_a_cohort_is_seen_by_who_sees_its_study_and_opens_no_subject) {
    store::AlertRow row;
    row.alert_id = "c1";
    row.rule = "cohort_zoster";
    row.severity = "high";
    row.cohort = "S/A";
    store::Commit commit;
    commit.alerts = {row};
    ASSERT_TRUE(store_->write(commit).has_value());
    auth::Identity identity;
    identity.studies = {"S"};
    EXPECT_TRUE(may_see(identity, row));
    identity.studies = {"T"};
    EXPECT_FALSE(may_see(identity, row));
    EXPECT_THAT(send("GET", "/api/v1/alerts/c1/evidence").body, HasSubstr(R"("explanation":"/api/v1/signals")"));
}

// The explanation of a cohort's alarm names subjects of every study.
TEST_F(AlertActions, what_a_revision_told_is_shown_to_those_who_may_read_it) {
    desk_.told = [](std::string_view body) {
        return Result<boost::json::object>({{"title", "a title"}, {"explanation", std::string(body)}});
    };
    store::AlertRow row;
    row.alert_id = "c1";
    row.rule = "C01";
    row.severity = "high";
    row.cohort = "S/A";
    row.body = "with S/001 and T/002";
    store::Commit commit;
    commit.alerts = {row};
    ASSERT_TRUE(store_->write(commit).has_value());
    const auto seen = [&](const std::string& path, std::vector<std::string> studies) {
        const auto all = routes();
        const auto route = std::ranges::find_if(all, [&](const Route& one) {
            return one.method == Method::get && one.pattern == "/api/v1/alerts/{alert}" + path;
        });
        Request request;
        request.captures = {"c1"};
        request.identity = local_identity();
        request.identity.studies = std::move(studies);
        std::promise<std::string> answer;
        route->handler(request, [&](Response response) { answer.set_value(response.body); });
        return answer.get_future().get();
    };
    for (const std::string path : {"", "/evidence"}) {
        EXPECT_THAT(seen(path, {"*"}), HasSubstr(R"("explanation":"with S/001 and T/002")")) << path;
        EXPECT_THAT(seen(path, {"S"}), AllOf(HasSubstr("a title"), Not(HasSubstr("T/002")))) << path;
        EXPECT_THAT(seen(path, {"T"}), Not(HasSubstr("a title"))) << path;
    }
}

// What can be done next is named as the paths are.
TEST_F(AlertActions, what_is_possible_can_be_asked_for) {
    ASSERT_EQ(act("acknowledge", R"({"comment":"seen"})").status, 200);
    EXPECT_THAT(send("GET", "/api/v1/alerts/a1").body,
                HasSubstr(R"("possible":["comment","assign","close","assess"])"));
    ASSERT_EQ(act("close", R"({"reason":"over","comment":"done"})").status, 200);
    const std::string proposed = send("GET", "/api/v1/alerts/a1").body;
    EXPECT_THAT(proposed, HasSubstr(R"("confirm","reject")"));
    for (const std::string verb : {"confirm", "reject"}) EXPECT_NE(act(verb, "{}").status, 404) << verb;
}

TEST_F(AlertActions, an_emerging_safety_issue_is_shown_with_its_due_date) {
    report_by(default_rule(Jurisdiction::eu_marketed));
    desk_.local_operator = LocalOperator{"kim", {Role::case_assessor}};
    store::AlertRow row;
    row.alert_id = "c1";
    row.rule = "C01";
    row.severity = "high";
    row.cohort = "S/A";
    store::Commit commit;
    commit.alerts = {row};
    ASSERT_TRUE(store_->write(commit).has_value());
    const std::string alarm = "/api/v1/alerts/c1";
    EXPECT_THAT(send("GET", alarm).body, HasSubstr(R"("deadlines":[])"));
    const std::string said = R"({"reason":"emerging_issue:yes","comment":"safety board"})";
    EXPECT_EQ(act("assess", said).status, 422) << "of one subject's alert";
    EXPECT_EQ(send("POST", alarm + "/assess", said).status, 200);
    const std::string shown = send("GET", alarm).body;
    // Saturday 3 January 1970: Monday, Tuesday, Wednesday.
    EXPECT_THAT(shown, HasSubstr(R"("jurisdiction":"eu_marketed","kind":"emerging_issue","clock_start":"1970-01-03",)"
                                 R"("due":"1970-01-07","due_in_days":4,"overdue":false,"open":true)"));
}

TEST_F(AlertActions, signals_are_judged_and_the_trail_is_read) {
    const std::string steps = "/api/v1/signal-reviews/rate-1/steps";
    EXPECT_EQ(send("GET", "/api/v1/signal-reviews/rate-1").status, 404);
    EXPECT_EQ(send("POST", steps, R"({"to":"detected","reason":"above the boundary"})").status, 200);
    EXPECT_EQ(send("POST", steps, R"({"to":"validated","reason":"checked"})").status, 422);
    EXPECT_EQ(send("POST", steps, R"({"to":"validated","reason":"checked","checklist":{"already_known":"no"}})").status,
              400);
    EXPECT_EQ(send("POST", steps, R"({"to":"odd"})").status, 400);
    const Answer done =
        send("POST", steps,
             R"({"to":"validated","reason":"checked","checklist":{"already_known":false,"duplicates_removed":true,)"
             R"("data_quality_sufficient":true,"alternative_causes_considered":true}})");
    EXPECT_EQ(done.status, 200) << done.body;
    EXPECT_THAT(done.body, HasSubstr(R"("stage":"validated")"));
    EXPECT_EQ(send("POST", steps, R"({"to":"confirmed","reason":"agreed"})").status, 422) << "the same person";
    EXPECT_EQ(send("POST", steps, R"({"to":"assessed","reason":"x"})").status, 409);
    EXPECT_THAT(send("GET", "/api/v1/signal-reviews").body, HasSubstr("rate-1"));
    const std::string trail = send("GET", "/api/v1/audit?limit=1").body;
    EXPECT_THAT(trail, HasSubstr(R"("what":"signal.detected")"));
    EXPECT_THAT(trail, HasSubstr("\"next\":\"" + cursor_of("audit", "0") + "\""));
    EXPECT_THAT(send("GET", "/api/v1/audit?limit=1&after=" + cursor_of("audit", "0")).body,
                HasSubstr("signal.validated"));
    EXPECT_EQ(send("GET", "/api/v1/audit?after=x").status, 400);
}

}  // namespace
}  // namespace cellvigil::http
