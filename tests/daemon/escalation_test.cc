#include "daemon/escalation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/book/book.h"
#include "daemon/book_gauges.h"
#include "daemon/store/memory.h"
#include "daemon/zone.h"

namespace cellvigil {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Instant at(const char* text) { return parse_rfc3339(text).value(); }
const Instant kSaturday = at("2026-06-06T10:00:00Z");  // 12:00 in Berlin

class Waiting : public testing::Test {
  protected:
    Waiting() {
        config_.zone = "Europe/Berlin";
        config_.levels["1-ward"] = {BySeverity<minutes>{{minutes(60), minutes(60), minutes(60), minutes(15)}},
                                    {"webhook:pager"}};
        config_.levels["2-lead"] = {BySeverity<minutes>{{minutes(99), minutes(99), minutes(90), minutes(30)}},
                                    {"email:leads", "log"}};
    }
    void raise(const char* id, const char* severity, Instant when, const char* rule = "crs_grade_3") {
        store::Commit commit;
        store::AlertRow row;
        row.alert_id = id;
        row.rule = rule;
        row.severity = severity;
        row.subject_key = "S/PSEUDONYM";
        row.cohort = "S/A";
        commit.alerts = {row};
        commit.outbox = {{std::string(id) + ".1", id, "", when}};
        ASSERT_TRUE(store_->write(commit).has_value());
    }
    void acknowledge(const char* id, Instant when) {
        book::Ask ask;
        ask.alert_id = id;
        ask.action.kind = ActionKind::acknowledge;
        ask.action.comment = "seen";
        ask.action.by = {"kim", Role::safety_lead};
        ask.action.at = when;
        EXPECT_EQ(book::act(*store_, ask, {})->verdict, book::Verdict::done);
    }
    std::vector<std::string> due(const char* sink, Instant now) {
        std::vector<std::string> told;
        book::Index index({});
        EXPECT_TRUE(index.refresh(*store_, now).has_value());
        const std::vector<std::string> waiting(index.waiting().begin(), index.waiting().end());
        const auto steps = escalations_due(*store_, team_of(config_).value(), waiting, sink, now);
        EXPECT_TRUE(steps.has_value());
        for (const auto& one : steps.value_or(std::vector<alerts::EscalationDue>{})) {
            told.push_back(one.alert_id + " " + std::to_string(one.level));
            for (const auto& [name, text] : one.announcement.facts)
                EXPECT_THAT(text, testing::Not(HasSubstr("PSEUDONYM"))) << name;
        }
        return told;
    }
    config::Escalation config_;
    std::unique_ptr<store::Store> store_ = store::open_memory(std::make_shared<store::MemoryDatabase>());
};

TEST_F(Waiting, an_immediate_alert_climbs_the_levels_at_any_hour) {
    raise("a", "immediate", kSaturday);
    EXPECT_THAT(due("webhook:pager", kSaturday + minutes(15) - milliseconds(1)), IsEmpty());
    EXPECT_THAT(due("webhook:pager", kSaturday + minutes(15)), ElementsAre("a 0"));
    EXPECT_THAT(due("email:leads", kSaturday + minutes(29)), IsEmpty());
    EXPECT_THAT(due("email:leads", kSaturday + minutes(30)), ElementsAre("a 1"));
    EXPECT_THAT(due("log", kSaturday + minutes(30)), ElementsAre("a 1"));
    EXPECT_THAT(due("webhook:other", kSaturday + hours(30)), IsEmpty());
}

TEST_F(Waiting, others_wait_for_the_teams_hours_in_its_own_zone) {
    raise("a", "high", kSaturday);
    EXPECT_THAT(due("webhook:pager", at("2026-06-08T05:59:59Z")), IsEmpty());
    EXPECT_THAT(due("webhook:pager", at("2026-06-08T06:00:00Z")), ElementsAre("a 0"))
        << "Monday, 08:00 in Berlin in summer";
    config_.holidays = {"2026-06-08"};
    EXPECT_THAT(due("webhook:pager", at("2026-06-08T12:00:00Z")), IsEmpty());
    config_.ignores_quiet_hours_from = Severity::high;
    EXPECT_THAT(due("webhook:pager", kSaturday + hours(1)), ElementsAre("a 0"));
}

TEST_F(Waiting, an_acknowledgement_ends_it) {
    raise("a", "immediate", kSaturday);
    acknowledge("a", kSaturday + minutes(5));
    EXPECT_THAT(due("webhook:pager", kSaturday + hours(5)), IsEmpty());
}

TEST_F(Waiting, a_zone_that_is_none_is_refused) {
    for (const char* name : {"Europe/Nowhere", "/etc/passwd", "../passwd", ""})
        EXPECT_FALSE(offsets_of_zone(name).has_value()) << name;
}

TEST(Zone, changes_are_those_of_the_zone) {
    TeamCalendar berlin;
    berlin.offsets = offsets_of_zone("Europe/Berlin").value();
    EXPECT_EQ(offset_at(berlin, at("2026-03-29T00:59:59Z")), minutes(60));
    EXPECT_EQ(offset_at(berlin, at("2026-03-29T01:00:00Z")), minutes(120));
    EXPECT_EQ(offset_at(berlin, at("2026-10-25T01:00:00Z")), minutes(60));
    EXPECT_EQ(offset_at(berlin, at("2036-07-01T00:00:00Z")), minutes(120));
    TeamCalendar shanghai;
    shanghai.offsets = offsets_of_zone("Asia/Shanghai").value();
    EXPECT_EQ(offset_at(shanghai, at("2026-07-01T00:00:00Z")), minutes(480));
    TeamCalendar new_york;
    new_york.offsets = offsets_of_zone("America/New_York").value();
    EXPECT_EQ(offset_at(new_york, at("2026-01-01T00:00:00Z")), minutes(-300));
}

TEST(Zone, a_file_that_is_cut_off_or_another_is_refused) {
    const std::string good = std::string("TZif") + std::string(11 + 5, '\0') + std::string(24, '\0');
    for (const std::string& bytes : {std::string(), std::string("TZif2"), good, std::string("ELF") + good})
        EXPECT_FALSE(offsets_in(bytes).has_value()) << bytes.size();
}

TEST_F(Waiting, an_emerging_safety_issue_is_counted_among_the_reports_due) {
    book::Reporting reporting;
    reporting.rules = {default_rule(Jurisdiction::eu_marketed)};
    book::Index index(reporting);
    const auto numbers = [&](Instant now) {
        EXPECT_TRUE(index.refresh(*store_, now).has_value());
        return gauges_of(index, now).reports.at("eu_marketed");
    };
    store::AlertRow row;
    row.alert_id = "c1";
    row.rule = "C01";
    row.severity = "high";
    row.cohort = "S/A";
    store::Commit commit;
    commit.alerts = {row};
    commit.outbox = {{"c1.1", "c1", "", kSaturday}};
    ASSERT_TRUE(store_->write(commit).has_value());
    EXPECT_EQ(numbers(kSaturday).open, 0);
    book::Ask ask;
    ask.alert_id = "c1";
    ask.action.kind = ActionKind::assess;
    ask.action.at = kSaturday + hours(1);
    ask.action.by = {"lee", Role::case_assessor};
    ask.action.reason = "case.emerging_issue:yes";
    ask.action.comment = "safety board";
    ASSERT_EQ(book::act(*store_, ask, {})->verdict, book::Verdict::done);
    const auto open = numbers(kSaturday + hours(2));
    EXPECT_EQ(open.open, 1);
    const Instant thursday = start_of(site_date(kSaturday, UtcOffset(0)) + days(5), UtcOffset(0));
    EXPECT_EQ(open.next_due, thursday) << "the end of Wednesday";
    EXPECT_EQ(numbers(thursday).overdue, 1);
}

TEST_F(Waiting, the_book_is_counted_by_stage_age_and_reports_due) {
    book::Reporting reporting;
    reporting.rules = {default_rule(Jurisdiction::eu_trial), default_rule(Jurisdiction::uk_trial)};
    book::Index index(reporting);
    const auto numbers = [&](Instant now) {
        EXPECT_TRUE(index.refresh(*store_, now).has_value());
        return gauges_of(index, now);
    };
    const auto empty = numbers(kSaturday);
    EXPECT_EQ(empty.reports.size(), 2U) << "a jurisdiction that runs is there with 0";
    raise("a", "immediate", kSaturday, "toxicity_death");
    raise("b", "high", kSaturday + hours(1));
    acknowledge("b", kSaturday + hours(2));
    const auto one = numbers(kSaturday + hours(3));
    EXPECT_EQ(one.stages[static_cast<std::size_t>(Stage::active)], 1);
    EXPECT_EQ(one.stages[static_cast<std::size_t>(Stage::acknowledged)], 1);
    EXPECT_EQ(one.oldest_waiting[Severity::immediate], hours(3));
    EXPECT_EQ(one.oldest_waiting[Severity::high], milliseconds(0));
    EXPECT_GT(one.reports.at("eu_trial").open, 0);
    EXPECT_EQ(one.reports.at("eu_trial").overdue, 0);
    ASSERT_TRUE(one.reports.at("eu_trial").next_due.has_value());
    const Instant due = *one.reports.at("eu_trial").next_due;
    EXPECT_EQ(numbers(due - milliseconds(1)).reports.at("eu_trial").overdue, 0);
    EXPECT_GT(numbers(due).reports.at("eu_trial").overdue, 0);
}

}  // namespace
}  // namespace cellvigil
