// What an inspector would try on the reporting of a case, through the book: the alert's own steps and what people say.
// The scenarios' numbers are those of docs/reporting-clocks.md; the others of that list are system tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/book/book.h"
#include "daemon/book/case_words.h"
#include "daemon/book/deadlines.h"
#include "daemon/book/signals.h"
#include "daemon/store/memory.h"

namespace cellvigil::book {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

SiteDate date(int day) { return SiteDate(std::chrono::days(day)); }
Instant noon(int day) { return Instant(hours(24 * day + 12)); }

class Inspection : public testing::Test {
  protected:
    Inspection() {
        for (const Jurisdiction one : {Jurisdiction::eu_trial, Jurisdiction::us_trial})
            reporting_.rules.push_back(default_rule(one));
    }
    void raise(int day, const char* rule = "zoster", const char* subject = "S/001", std::uint32_t revision = 1) {
        store::AlertRow row;
        row.alert_id = "a1";
        row.rule = rule;
        row.severity = "medium";
        row.subject_key = subject;
        row.cohort = "S/A";
        row.revision = revision;
        row.worse = revision > 1;
        write(row, day);
    }
    void withdraw(int day, std::uint32_t revision) {
        store::AlertRow row;
        row.alert_id = "a1";
        row.rule = "zoster";
        row.severity = "medium";
        row.subject_key = "S/001";
        row.revision = revision;
        row.state = store::AlertState::withdrawn;
        write(row, day);
    }
    Outcome say(int day, const char* reason, const char* comment = "as the site wrote") {
        Ask ask;
        ask.alert_id = "a1";
        ask.action.kind = ActionKind::assess;
        ask.action.at = noon(day);
        ask.action.by = {"kim", Role::case_assessor};
        ask.action.reason = reason;
        ask.action.comment = comment;
        return act(*store_, ask, {}).value();
    }
    CaseClocks clocks(std::optional<Instant> as_of = std::nullopt) {
        return clocks_of(*store_, standing_of(*store_, "a1", as_of).value(), as_of, reporting_).value();
    }
    std::optional<SiteDate> due(Jurisdiction where, DeadlineKind kind, std::optional<Instant> as_of = std::nullopt) {
        for (const Deadline& one : clocks(as_of).deadlines)
            if (one.jurisdiction == where && one.kind == kind && one.open()) return one.due;
        return std::nullopt;
    }
    void judge(int day, SignalStage to, const char* person) {
        SignalStep step;
        step.to = to;
        step.at = noon(day);
        step.by = {person, Role::safety_lead};
        step.reason = "reviewed";
        step.checklist = {true, true, true, false};
        const auto taken = take_step(*store_, "a1", step, "");
        ASSERT_EQ(taken->verdict, StepVerdict::done) << taken->detail;
    }

    void write(const store::AlertRow& row, int day) {
        store::Commit commit;
        commit.alerts = {row};
        commit.outbox = {{row.alert_id + "." + std::to_string(row.revision), row.alert_id, "", noon(day)}};
        ASSERT_TRUE(store_->write(commit).has_value());
    }
    Reporting reporting_;
    std::unique_ptr<store::Store> store_ = store::open_memory(std::make_shared<store::MemoryDatabase>());
};

TEST_F(Inspection, scenario_1_a_case_known_to_a_partner_four_days_earlier_is_due_from_then) {
    raise(14);
    ASSERT_EQ(due(Jurisdiction::eu_trial, DeadlineKind::serious), date(29));
    EXPECT_EQ(say(15, "case.duplicate:1970-01-11T09:00:00Z").verdict, Verdict::done);  // day 10
    EXPECT_EQ(due(Jurisdiction::eu_trial, DeadlineKind::serious), date(25));
    EXPECT_THAT(next_due(clocks())->because, HasSubstr("duplicate"));
    EXPECT_EQ(due(Jurisdiction::eu_trial, DeadlineKind::serious, noon(14)), date(29)) << "as it was known before";
}

TEST_F(Inspection, scenario_2_an_upgrade_starts_a_clock_of_its_own) {
    raise(1);
    EXPECT_EQ(say(2, "case.information:serious=no,fatal_or_life_threatening=no").verdict, Verdict::done);
    EXPECT_EQ(due(Jurisdiction::eu_trial, DeadlineKind::serious), std::nullopt)
        << "not serious: nothing is due in a trial";
    EXPECT_EQ(say(22, "case.information:serious=yes,unexpected=yes", "admitted for intravenous aciclovir").verdict,
              Verdict::done);
    EXPECT_EQ(due(Jurisdiction::eu_trial, DeadlineKind::serious), date(37));
    EXPECT_EQ(say(23, "case.information:fatal_or_life_threatening=yes").verdict, Verdict::done);
    EXPECT_EQ(due(Jurisdiction::eu_trial, DeadlineKind::fatal), date(30));
}

TEST_F(Inspection, scenario_3_a_review_moves_no_clock_and_its_reason_is_kept) {
    raise(1);
    const CaseClocks before = clocks();
    EXPECT_EQ(say(5, "case.review:", "recoded: disseminated").verdict, Verdict::done);
    const CaseClocks after = clocks();
    EXPECT_EQ(after.most_recent, before.most_recent) << "most recent information from a source";
    EXPECT_EQ(after.deadlines, before.deadlines);
    EXPECT_EQ(store_->actions_of("a1")->back().action.comment, "recoded: disseminated");
}

TEST_F(Inspection, scenario_4_a_wrong_patient_nullifies_and_deletes_nothing) {
    raise(1);
    withdraw(4, 2);
    EXPECT_EQ(next_due(clocks()), nullptr);
    EXPECT_THAT(clocks().deadlines, Not(IsEmpty()));
    EXPECT_EQ(stage_of(standing_of(*store_, "a1", std::nullopt)->record, noon(5)), Stage::withdrawn);
    EXPECT_NE(next_due(clocks(noon(3))), nullptr) << "as it stood before the correction";
}

TEST_F(Inspection, scenario_8_related_by_either_is_reportable_and_our_review_cannot_speak_for_the_investigator) {
    raise(1);
    EXPECT_EQ(say(2, "case.information:related_by_investigator=yes").verdict, Verdict::done);
    EXPECT_EQ(say(3, "case.review:related_by_sponsor=no").verdict, Verdict::done);
    EXPECT_NE(due(Jurisdiction::eu_trial, DeadlineKind::serious), std::nullopt);
    const Outcome refused = say(4, "case.review:related_by_investigator=no");
    EXPECT_EQ(refused.verdict, Verdict::incomplete);
    EXPECT_THAT(refused.detail, HasSubstr("does not change what the investigator said"));
}

TEST_F(Inspection, a_report_that_was_sent_ends_its_clock_and_an_incomplete_one_leaves_eight_days) {
    raise(1, "toxicity_death");
    EXPECT_EQ(due(Jurisdiction::eu_trial, DeadlineKind::fatal), date(8));
    EXPECT_EQ(say(6, "case.report_sent_incomplete:eu_trial").verdict, Verdict::done);
    EXPECT_EQ(due(Jurisdiction::eu_trial, DeadlineKind::fatal), std::nullopt);
    EXPECT_EQ(due(Jurisdiction::eu_trial, DeadlineKind::completion), date(16));
    EXPECT_NE(due(Jurisdiction::us_trial, DeadlineKind::fatal), std::nullopt) << "the other authority still waits";
}

TEST_F(Inspection, words_that_are_none_are_refused_with_what_was_expected) {
    raise(1);
    for (const char* reason : {"case.", "case.sent", "case.information:serious", "case.information:serious=maybe",
                               "case.information:colour=yes", "case.duplicate:yesterday", "case.report_sent:moon",
                               "case.report_sent", "case.determination:now"}) {
        const Outcome refused = say(2, reason);
        EXPECT_EQ(refused.verdict, Verdict::incomplete) << reason;
        EXPECT_THAT(refused.detail, HasSubstr("reason:")) << reason;
    }
    EXPECT_EQ(store_->actions_of("a1")->size(), 1U);
}

TEST_F(Inspection, an_increased_rate_is_due_fifteen_days_after_a_second_person_confirmed_it) {
    raise(1, "cohort_zoster", "");
    store::Commit opened;
    opened.signal_steps = {open_signal("a1", noon(1), "crossed its limit")};
    ASSERT_TRUE(store_->write(opened).has_value());
    ASSERT_TRUE(store_->write(opened).has_value()) << "opening what is open changes nothing";
    ASSERT_EQ(clocks().deadlines.size(), 1U);
    EXPECT_EQ(clocks().deadlines.front().due, date(16));
    EXPECT_THAT(clocks().deadlines.front().assumed, Contains("determination"));
    judge(5, SignalStage::validated, "kim");
    judge(9, SignalStage::confirmed, "lee");
    EXPECT_EQ(clocks().deadlines.front().due, date(24));
    EXPECT_THAT(clocks().deadlines.front().assumed, IsEmpty());
    EXPECT_EQ(clocks(noon(5)).deadlines.front().due, date(16)) << "as it was then";
    EXPECT_EQ(say(12, "case.report_sent:us_trial").verdict, Verdict::done);
    EXPECT_EQ(next_due(clocks()), nullptr);
    reporting_.rules = {default_rule(Jurisdiction::eu_trial)};
    EXPECT_THAT(clocks().deadlines, IsEmpty()) << "a rule of US trials";
}

// Day 1 is Friday 2 January 1970.
TEST_F(Inspection, an_emerging_safety_issue_is_due_three_working_days_after_somebody_called_it_one) {
    reporting_.rules = {default_rule(Jurisdiction::eu_marketed)};
    raise(1, "cohort_zoster", "");
    store::Commit opened;
    opened.signal_steps = {open_signal("a1", noon(1), "crossed its limit")};
    ASSERT_TRUE(store_->write(opened).has_value());
    EXPECT_THAT(clocks().deadlines, IsEmpty()) << "an alarm alone is none";
    EXPECT_EQ(say(1, "case.report_sent:eu_marketed").verdict, Verdict::done);
    EXPECT_EQ(say(2, "case.emerging_issue:yes").verdict, Verdict::done);
    EXPECT_EQ(due(Jurisdiction::eu_marketed, DeadlineKind::emerging_issue), date(6)) << "from a Saturday";
    EXPECT_THAT(clocks().deadlines.front().assumed, IsEmpty());
    EXPECT_TRUE(clocks().deadlines.front().open()) << "what was sent before was of something else";
    EXPECT_EQ(say(3, "emerging_issue:yes", "again").verdict, Verdict::done);
    EXPECT_EQ(due(Jurisdiction::eu_marketed, DeadlineKind::emerging_issue), date(6)) << "saying it twice moves nothing";
    EXPECT_EQ(say(5, "case.report_sent:eu_marketed").verdict, Verdict::done);
    EXPECT_EQ(next_due(clocks()), nullptr);
    EXPECT_NE(next_due(clocks(noon(4))), nullptr) << "as it was then";
    EXPECT_EQ(say(6, "case.emerging_issue:no").verdict, Verdict::done);
    EXPECT_THAT(clocks().deadlines, IsEmpty());
    EXPECT_EQ(say(7, "case.emerging_issue:yes").verdict, Verdict::done);
    EXPECT_EQ(due(Jurisdiction::eu_marketed, DeadlineKind::emerging_issue), date(12)) << "another one, from then";
    reporting_.rules = {default_rule(Jurisdiction::us_trial)};
    EXPECT_EQ(due(Jurisdiction::eu_marketed, DeadlineKind::emerging_issue), std::nullopt) << "a rule of the EU";
}

TEST_F(Inspection, a_confirmed_signal_counts_as_an_emerging_issue_until_somebody_says_that_it_is_none) {
    reporting_.rules = {default_rule(Jurisdiction::eu_marketed)};
    reporting_.calendar.holidays = {date(13)};
    raise(1, "cohort_zoster", "");
    store::Commit opened;
    opened.signal_steps = {open_signal("a1", noon(1), "crossed its limit")};
    ASSERT_TRUE(store_->write(opened).has_value());
    judge(5, SignalStage::validated, "kim");
    EXPECT_THAT(clocks().deadlines, IsEmpty());
    judge(9, SignalStage::confirmed, "lee");  // Saturday
    EXPECT_EQ(due(Jurisdiction::eu_marketed, DeadlineKind::emerging_issue), date(14))
        << "Monday, not Tuesday, Thursday";
    EXPECT_THAT(clocks().deadlines.front().assumed, testing::ElementsAre("emerging"));
    EXPECT_EQ(say(10, "case.emerging_issue:no", "known, in the label").verdict, Verdict::done);
    EXPECT_THAT(clocks().deadlines, IsEmpty());
}

TEST_F(Inspection, of_one_person_nobody_says_emerging_issue) {
    raise(1);
    EXPECT_EQ(say(2, "case.emerging_issue:yes").verdict, Verdict::incomplete);
    EXPECT_EQ(say(2, "case.emerging_issue:maybe").verdict, Verdict::incomplete);
}

TEST_F(Inspection, a_signal_that_was_not_validated_needs_no_report) {
    raise(1, "cohort_zoster", "");
    store::Commit opened;
    opened.signal_steps = {open_signal("a1", noon(1), "crossed its limit")};
    ASSERT_TRUE(store_->write(opened).has_value());
    judge(5, SignalStage::not_validated, "kim");
    EXPECT_THAT(clocks().deadlines, IsEmpty());
    EXPECT_EQ(clocks(noon(2)).deadlines.size(), 1U);
}

// ---- a case that the site's messages tell: its report's versions, whatever came first

CaseVersion report(std::uint32_t number, int day, std::optional<bool> serious, std::uint64_t said) {
    CaseVersion version;
    version.number = number;
    version.recorded_at = noon(day);
    version.appended_at = noon(day) + hours(2);
    version.state.valid = true;
    version.state.serious = serious;
    version.state.fatal_or_life_threatening = false;
    version.state.unexpected = true;
    version.state.related_by_investigator = true;
    version.state.related_by_sponsor = false;
    version.said = said;
    return version;
}

class Reported : public Inspection {
  protected:
    void told(const std::vector<CaseVersion>& versions, int day, std::uint32_t revision) {
        raise(day, "adverse_event", "S/001", revision);
        store::Commit commit;
        commit.cases = {{"a1", case_bytes(versions)}};
        ASSERT_TRUE(store_->write(commit).has_value());
    }
    CaseState known(std::optional<Instant> as_of = std::nullopt) {
        return case_known(*store_, standing_of(*store_, "a1", as_of).value(), as_of)->value();
    }
};

TEST_F(Reported, clocks_start_when_the_site_wrote_it_and_not_when_the_alert_was_raised) {
    told({report(1, 1, true, 1)}, 5, 1);
    EXPECT_EQ(due(Jurisdiction::eu_trial, DeadlineKind::serious), date(16));
}

TEST_F(Reported, scenario_2_the_sites_upgrade_starts_a_clock_with_the_expectedness_of_that_version) {
    told({report(1, 1, false, 1)}, 1, 1);
    EXPECT_EQ(next_due(clocks()), nullptr);
    told({report(1, 1, false, 1), report(2, 22, true, 2)}, 22, 2);
    EXPECT_EQ(due(Jurisdiction::eu_trial, DeadlineKind::serious), date(37));
    EXPECT_EQ(due(Jurisdiction::eu_trial, DeadlineKind::serious, noon(21)), std::nullopt) << "as it was known before";
}

TEST_F(Reported, scenario_8_both_judgements_are_kept_and_one_is_enough) {
    told({report(1, 1, true, 1)}, 1, 1);
    EXPECT_EQ(known().related_by_investigator, true);
    EXPECT_EQ(known().related_by_sponsor, false);
    EXPECT_NE(due(Jurisdiction::eu_trial, DeadlineKind::serious), std::nullopt);
}

TEST_F(Reported, what_an_assessor_says_holds_until_the_site_says_otherwise) {
    told({report(1, 1, true, 1)}, 1, 1);
    EXPECT_EQ(say(3, "review:unexpected=no", "listed in the brochure, edition 4").verdict, Verdict::done);
    EXPECT_EQ(next_due(clocks()), nullptr);
    told({report(1, 1, true, 1), report(2, 6, true, 2)}, 6, 2);
    EXPECT_EQ(known().unexpected, false) << "the site repeats what it said before the review";
    EXPECT_EQ(next_due(clocks()), nullptr);
}

TEST_F(Reported, scenario_4_a_retraction_ends_the_clocks_and_a_later_version_begins_anew) {
    CaseVersion gone = report(2, 4, std::nullopt, 0);
    gone.retracted = true;
    gone.state = {};
    told({report(1, 1, true, 1), gone}, 4, 1);
    EXPECT_EQ(next_due(clocks()), nullptr);
    told({report(1, 1, true, 1), gone, report(3, 8, true, 1)}, 8, 2);
    EXPECT_EQ(due(Jurisdiction::eu_trial, DeadlineKind::serious), date(23));
}

TEST_F(Reported, a_report_that_was_sent_between_two_versions_makes_the_second_a_follow_up) {
    told({report(1, 1, true, 1)}, 1, 1);
    EXPECT_EQ(say(6, "report_sent:eu_trial").verdict, Verdict::done);
    told({report(1, 1, true, 1), report(2, 10, true, 2)}, 10, 2);
    EXPECT_EQ(due(Jurisdiction::eu_trial, DeadlineKind::follow_up), date(25));
}

TEST_F(Reported, what_was_written_before_the_report_went_out_and_learnt_after_it_is_a_follow_up) {
    told({report(1, 1, true, 1)}, 1, 1);
    EXPECT_EQ(say(6, "report_sent:eu_trial").verdict, Verdict::done);
    CaseVersion late = report(2, 5, true, 2);
    late.appended_at = noon(12);
    told({report(1, 1, true, 1), late}, 12, 2);
    EXPECT_EQ(due(Jurisdiction::eu_trial, DeadlineKind::follow_up), date(20)) << "counted from when the site wrote it";
}

TEST_F(Inspection, only_a_case_assessor_may_say_what_is_known_of_a_case) {
    raise(1);
    for (int role = 0; role < kRoles; ++role) {
        Ask ask;
        ask.alert_id = "a1";
        ask.action.kind = ActionKind::assess;
        ask.action.at = noon(2);
        ask.action.by = {"kim", static_cast<Role>(role)};
        ask.action.reason = "information:serious=no";
        ask.action.comment = "as the site wrote";
        const bool assessor = ask.action.by.role == Role::case_assessor;
        EXPECT_EQ(act(*store_, ask, {})->verdict, assessor ? Verdict::done : Verdict::forbidden)
            << name_of(ask.action.by.role);
        ask.action.kind = ActionKind::comment;
        ask.action.reason = "case.information:serious=no";
        EXPECT_NE(act(*store_, ask, {})->verdict, Verdict::done) << name_of(ask.action.by.role);
    }
}

}  // namespace
}  // namespace cellvigil::book
