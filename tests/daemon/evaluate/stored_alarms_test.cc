#include "daemon/evaluate/stored_alarms.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/store/memory.h"
#include "rules/monitor/watch_plan.h"

namespace cellvigil::oracle {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const char* const kId = "alarm";

Instant midnight(std::int32_t day) { return start_of(SiteDate(std::chrono::days(day)), UtcOffset(0)); }

std::vector<PreparedWatch> watches() {
    PreparedWatch watch;
    watch.alarm_id = kId;
    watch.watch.monitor.id = "zoster";
    watch.watch.monitor.cohort = "all";
    watch.watch.monitor.endpoint = ReportedEndpoint::zoster_past_day_90;
    return {watch};
}

store::LookRow look(std::int32_t day, int events, const char* told, const char* said) {
    store::LookRow row;
    row.day = day;
    row.log_time = midnight(day + 1);
    row.outcome = std::string("other\tcrs\tall\t0\t9\t0\t0\t0\t-\t-\n") + kId + "\tzoster\tall\t" +
                  std::to_string(events) + "\t40\t5000\t1.25\t0.30000000000000004\t" + told + "\t" + said + "\n";
    return row;
}
// Crossed on day 20, no longer on day 22 (a correction), again on day 24, by further events on day 26.
std::vector<store::LookRow> looks() {
    return {look(19, 2, "-", "-"),       look(20, 3, "3", "crossed"), look(21, 3, "3", "crossed"),
            look(22, 2, "-", "-"),       look(23, 2, "-", "-"),       look(24, 4, "4", "crossed"),
            look(25, 3, "4", "crossed"), look(26, 6, "6", "crossed")};
}

struct Alarm {
    store::AlertRow row;
    std::vector<std::string> details;  // by revision
};
std::string detail(int revision, std::int32_t day, int events, bool crossed) {
    return R"({"rule":"C01","revision":)" + std::to_string(revision) + R"(,"through_day":)" + std::to_string(day) +
           R"(,"events":)" + std::to_string(events) +
           R"(,"subjects":40,"person_days":5000,"statistic":1.25E0,"threshold":3.0000000000000004E-1)" +
           (crossed ? R"(,"crossing":{"events":3}})" : "}");
}
Alarm as_written() {
    Alarm alarm;
    alarm.row.alert_id = kId;
    alarm.row.rule = cohort_rule_of(ReportedEndpoint::zoster_past_day_90);
    alarm.row.severity = "high";
    alarm.row.cohort = "all";
    alarm.row.revision = 4;
    alarm.row.event_time = midnight(26);
    alarm.details = {detail(1, 20, 3, true), detail(2, 22, 2, false), detail(3, 24, 4, true), detail(4, 26, 6, true)};
    return alarm;
}

std::vector<std::string> faults_of(const std::optional<Alarm>& alarm, const std::vector<store::LookRow>& taken) {
    const auto store = store::open_memory();
    store::Commit commit;
    if (alarm) {
        commit.alerts.push_back(alarm->row);
        for (const std::string& text : alarm->details)
            commit.audit.push_back(
                {.at = {}, .who = "cellvigild", .what = "alert.raised", .object = kId, .detail = text});
        // What people did and what is told of others is passed over.
        commit.audit.push_back({.at = {}, .who = "somebody", .what = "alert.ack", .object = kId, .detail = "{}"});
        commit.audit.push_back({.at = {}, .who = "cellvigild", .what = "alert.raised", .object = "x", .detail = "{"});
    }
    EXPECT_TRUE(store->write(commit));
    std::vector<std::string> faults;
    const auto compared = compare_alarms(*store, taken, watches(), faults);
    EXPECT_TRUE(compared) << compared.error().detail;
    return faults;
}

TEST(StoredAlarms, what_the_daemon_writes_is_what_the_looks_bring) {
    EXPECT_THAT(faults_of(as_written(), looks()), IsEmpty());
    EXPECT_THAT(faults_of(std::nullopt, {look(19, 2, "-", "-"), look(20, 2, "-", "cannot_signal")}), IsEmpty());
}

struct FaultCase {
    const char* name;
    std::function<void(Alarm&)> change;
    const char* says;
};
class StoredAlarmFault : public testing::TestWithParam<FaultCase> {};
TEST_P(StoredAlarmFault, is_named) {
    Alarm alarm = as_written();
    GetParam().change(alarm);
    EXPECT_THAT(faults_of(alarm, looks()), ElementsAre(HasSubstr(GetParam().says)));
}
INSTANTIATE_TEST_SUITE_P(
    Each, StoredAlarmFault,
    testing::Values(
        FaultCase{"a_revision_too_many", [](Alarm& a) { a.row.revision = 5; }, "5 revisions, the looks bring 4"},
        FaultCase{"a_revision_too_few", [](Alarm& a) { a.row.revision = 3; }, "3 revisions, the looks bring 4"},
        FaultCase{"another_time", [](Alarm& a) { a.row.event_time = midnight(24); }, "its time"},
        FaultCase{"another_cohort", [](Alarm& a) { a.row.cohort = "none"; }, "its cohort or its rule"},
        FaultCase{"another_rule", [](Alarm& a) { a.row.rule = "C07"; }, "its cohort or its rule"},
        FaultCase{"withdrawn", [](Alarm& a) { a.row.state = store::AlertState::withdrawn; }, "its state"},
        FaultCase{"cleared", [](Alarm& a) { a.row.state = store::AlertState::cleared; }, "its state"},
        FaultCase{"not_in_the_audit", [](Alarm& a) { a.details.pop_back(); }, "revision 4 is not in the audit"},
        FaultCase{"another_day", [](Alarm& a) { a.details[1] = detail(2, 23, 2, false); }, "the day of revision 2"},
        FaultCase{"other_events", [](Alarm& a) { a.details[2] = detail(3, 24, 5, true); }, "the events of revision 3"},
        FaultCase{"no_crossing", [](Alarm& a) { a.details[0] = detail(1, 20, 3, false); },
                  "the crossing of revision 1"},
        FaultCase{"a_crossing_where_none_was", [](Alarm& a) { a.details[1] = detail(2, 22, 2, true); },
                  "the crossing of revision 2"},
        FaultCase{"other_subjects", [](Alarm& a) { a.details[0].replace(a.details[0].find("40"), 2, "41"); },
                  "the subjects of revision 1"},
        FaultCase{"other_person_days", [](Alarm& a) { a.details[0].replace(a.details[0].find("5000"), 4, "5001"); },
                  "the person-days of revision 1"},
        FaultCase{"another_statistic", [](Alarm& a) { a.details[0].replace(a.details[0].find("1.25E0"), 6, "1.24E0"); },
                  "the statistic of revision 1"},
        FaultCase{"another_threshold", [](Alarm& a) { a.details[0].replace(a.details[0].find("3.00"), 4, "3.01"); },
                  "the threshold of revision 1"}),
    [](const auto& one) { return one.param.name; });

TEST(StoredAlarms, an_alarm_that_no_longer_stands_has_cleared) {
    Alarm alarm = as_written();
    alarm.row.revision = 2;
    alarm.row.event_time = midnight(22);
    alarm.details.resize(2);
    const std::vector<store::LookRow> all = looks();
    const std::vector<store::LookRow> first(all.begin(), all.begin() + 5);
    EXPECT_THAT(faults_of(alarm, first), ElementsAre(HasSubstr("its state")));
    alarm.row.state = store::AlertState::cleared;
    EXPECT_THAT(faults_of(alarm, first), IsEmpty());
}

TEST(StoredAlarms, presence_goes_with_the_looks) {
    EXPECT_THAT(faults_of(std::nullopt, looks()), ElementsAre(HasSubstr("a look crossed, not stored")));
    EXPECT_THAT(faults_of(as_written(), {look(19, 2, "-", "-")}),
                ElementsAre(HasSubstr("stored, but no look crossed")));
}

}  // namespace
}  // namespace cellvigil::oracle
