// What the versions of a site's report are for the clocks: the restart matrix as messages bring it.
#include "rules/alert/case_report.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace cellvigil {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr UtcOffset kZone{60};

Instant day(int n) { return *parse_rfc3339("2026-03-02T10:00:00Z") + days(n); }
SiteDate date_of(int n) { return site_date(day(n), kZone); }

CaseState state(bool serious, bool fatal) {
    CaseState state;
    state.valid = true;
    state.serious = serious;
    state.fatal_or_life_threatening = fatal;
    state.unexpected = true;
    state.related_by_investigator = true;
    return state;
}
const CaseState kNotSerious = state(false, false);
const CaseState kSerious = state(true, false);
const CaseState kFatal = state(true, true);
CaseState expected_one() {
    CaseState known = kSerious;
    known.unexpected = false;
    return known;
}

CaseVersion version(std::uint32_t number, int recorded, const CaseState& state, std::uint64_t said,
                    std::uint64_t judged = 1) {
    CaseVersion version;
    version.number = number;
    version.recorded_at = day(recorded);
    version.appended_at = day(recorded) + hours(1);
    version.state = state;
    version.said = said;
    version.judged = judged;
    return version;
}
CaseVersion retraction(std::uint32_t number, int recorded) {
    CaseVersion version;
    version.number = number;
    version.retracted = true;
    version.recorded_at = day(recorded);
    version.appended_at = day(recorded) + hours(1);
    return version;
}

CaseEvent sent(int n, Jurisdiction to) {
    CaseEvent event;
    event.kind = CaseEventKind::report_sent;
    event.at = day(n);
    event.jurisdiction = to;
    return event;
}

CaseClocks clocks(const std::vector<CaseVersion>& versions, Jurisdiction jurisdiction = Jurisdiction::eu_trial,
                  std::optional<CaseEvent> report = std::nullopt) {
    std::vector<CaseEvent> events = case_events(versions, kNever);
    if (report) {
        events.push_back(*report);
        std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    }
    const std::vector<ReportingRule> rules{default_rule(jurisdiction)};
    return clocks_of(events, rules, kZone);
}
std::vector<std::pair<std::string, int>> due(const CaseClocks& clocks) {
    std::vector<std::pair<std::string, int>> all;
    for (const Deadline& one : clocks.deadlines)
        if (one.open()) all.emplace_back(name_of(one.kind), static_cast<int>((one.due - date_of(0)).count()));
    return all;
}

struct MatrixCase {
    const char* name;
    std::vector<CaseVersion> versions;
    bool after_report;  // sent on day 10
    std::vector<std::pair<std::string, int>> open;
    int most_recent;  // day of C.1.5
};
class Matrix : public testing::TestWithParam<MatrixCase> {};
TEST_P(Matrix, of_corrections_in_an_eu_trial) {
    const MatrixCase& row = GetParam();
    const CaseClocks found = clocks(row.versions, Jurisdiction::eu_trial,
                                    row.after_report ? std::optional(sent(10, Jurisdiction::eu_trial)) : std::nullopt);
    EXPECT_EQ(due(found), row.open);
    EXPECT_EQ(found.most_recent, day(row.most_recent));
    EXPECT_EQ(found.first_awareness, day(0));
}
INSTANTIATE_TEST_SUITE_P(
    Rows, Matrix,
    testing::ValuesIn(std::vector<MatrixCase>{
        {"first", {version(1, 0, kSerious, 1)}, false, {{"serious", 15}}, 0},
        {"information_before_the_report_leaves_the_day",
         {version(1, 0, kSerious, 1), version(2, 8, kSerious, 2)},
         false,
         {{"serious", 15}},
         8},
        {"information_after_the_report_asks_for_a_follow_up",
         {version(1, 0, kSerious, 1), version(2, 20, kSerious, 2)},
         true,
         {{"follow_up", 35}},
         20},
        {"the_same_again_starts_nothing", {version(1, 0, kSerious, 1), version(2, 20, kSerious, 1)}, true, {}, 20},
        {"a_recoding_moves_no_date", {version(1, 0, kSerious, 1), version(2, 20, kSerious, 1, 2)}, true, {}, 0},
        {"an_upgrade_starts_its_own_clock",
         {version(1, 0, kNotSerious, 1), version(2, 21, kSerious, 2)},
         false,
         {{"serious", 36}},
         21},
        {"fatal_opens_seven_days_beside_the_fifteen",
         {version(1, 0, kSerious, 1), version(2, 3, kFatal, 2)},
         false,
         {{"fatal", 10}, {"serious", 15}},
         3},
        {"a_downgrade_before_any_report_ends_the_clock",
         {version(1, 0, kSerious, 1), version(2, 5, kNotSerious, 2)},
         false,
         {},
         5},
        {"a_downgrade_after_the_report_asks_for_a_closing_one",
         {version(1, 0, kSerious, 1), version(2, 20, kNotSerious, 2)},
         true,
         {{"closing", 35}},
         20},
        {"a_retraction_ends_all", {version(1, 0, kSerious, 1), retraction(2, 4)}, false, {}, 0},
    }),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(CaseReport, a_review_that_changes_what_is_reportable_is_sent_without_delay_and_moves_no_date) {
    const CaseClocks found = clocks({version(1, 0, expected_one(), 1, 1), version(2, 20, kSerious, 1, 2)});
    EXPECT_TRUE(found.send_without_delay);
    EXPECT_EQ(found.most_recent, day(0));
}

TEST(CaseReport, a_version_after_a_retraction_is_information_again) {
    const auto events =
        case_events(std::vector{version(1, 0, kSerious, 1), retraction(2, 4), version(3, 6, kSerious, 1)}, kNever);
    ASSERT_EQ(events.size(), 3U);
    EXPECT_EQ(events[1].kind, CaseEventKind::nullified);
    EXPECT_EQ(events[2].kind, CaseEventKind::information);
}

TEST(CaseReport, awareness_is_when_it_was_written_at_the_latest_when_the_log_took_it) {
    CaseVersion ahead = version(1, 0, kSerious, 1);
    ahead.recorded_at = day(9);  // its clock is wrong
    EXPECT_EQ(case_events(std::vector{ahead}, kNever)[0].at, day(0) + hours(1));
}

TEST(CaseReport, versions_that_claim_to_be_older_never_go_back_and_the_first_counts_from_the_earliest) {
    const auto events = case_events(std::vector{version(1, 5, kNotSerious, 1), version(2, 3, kSerious, 2)}, kNever);
    EXPECT_EQ(events[0].at, day(3));
    EXPECT_EQ(events[1].at, day(3));
}

TEST(CaseReport, what_the_log_did_not_hold_yet_does_not_count) {
    const std::vector<CaseVersion> versions{version(1, 0, kNotSerious, 1), version(2, 21, kSerious, 2)};
    EXPECT_EQ(case_events(versions, day(20)).size(), 1U);
    EXPECT_THAT(case_events(versions, day(-1)), IsEmpty());
}

TEST(CaseReport, what_people_said_stays_until_a_version_says_otherwise) {
    CaseState people = kSerious;
    people.unexpected = false;
    EXPECT_EQ(taken_over(people, kSerious, kSerious).unexpected, false) << "a repeat is no news";
    EXPECT_EQ(taken_over(people, kSerious, expected_one()).unexpected, false);
    EXPECT_EQ(taken_over(people, expected_one(), kSerious).unexpected, true) << "the site has changed its mind";
}

TEST(CaseReport, bytes_come_back_and_garbage_does_not) {
    const std::vector<CaseVersion> versions{version(1, 0, kNotSerious, 1), retraction(2, 4),
                                            version(3, 9, kFatal, 7, 8)};
    const std::string bytes = case_bytes(versions);
    EXPECT_EQ(case_versions(bytes), versions);
    EXPECT_EQ(case_versions(bytes.substr(0, bytes.size() - 1)), std::nullopt);
    EXPECT_EQ(case_versions(bytes + "x"), std::nullopt);
    EXPECT_EQ(case_versions(""), std::nullopt);
}

}  // namespace
}  // namespace cellvigil
