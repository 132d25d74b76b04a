// What was told of an alert, read back from its body: equal to what is derived now, or what it said then.
#include "daemon/alert_message.h"

#include <gtest/gtest.h>

namespace cellvigil {
namespace {

SubjectAlert shock() {
    SubjectAlert alert;
    alert.rule = SubjectRule::crs_grade_3;
    alert.infusion = 1;
    alert.ordinal = 2;
    alert.at = Instant(hours(500'000));
    alert.day = 4;
    alert.worst_at = alert.at + hours(3);
    alert.worst_day = 4;
    alert.grade = static_cast<Grade>(3);
    alert.grade_upper = static_cast<Grade>(4);
    alert.deciding.add(Component::hypotension);
    alert.scale = Scale::astct_crs_2019;
    alert.urgency = Urgency::immediate;
    alert.weight = 7;
    alert.evidence = {"ehr/1", "ehr/2"};
    return alert;
}

std::string told(const SubjectAlert& alert, std::uint32_t revision = 2, const char* pack = "older") {
    const AlertChange change{AlertChangeKind::changed, revision, alert, "00ff", false};
    return alert_message({.change = change,
                          .subject_key = "S/1",
                          .cohort = "S/C",
                          .site = "a",
                          .at = Instant(hours(500'001)),
                          .partition = 3,
                          .position = 9,
                          .pack = pack,
                          .pack_hash = pack,
                          .sentence = pack,
                          .keys = {{"crs.fever_recent_h", pack}}});
}

TEST(ToldBefore, the_same_whenever_wherever_and_by_whichever_pack_it_was_told) {
    const SubjectAlert now = shock();
    for (const char* pack : {"older", "present"}) {
        const auto before = told_before(told(now, 5, pack), &now);
        ASSERT_TRUE(before);
        EXPECT_EQ(*before, now) << "what the body does not say (worst time, weight) is not news either";
    }
}

TEST(ToldBefore, what_said_less_is_what_it_said_so_that_more_is_news_and_worse) {
    const SubjectAlert now = shock();
    SubjectAlert milder = now;
    milder.grade = static_cast<Grade>(2);
    const auto before = told_before(told(milder), &now);
    ASSERT_TRUE(before);
    EXPECT_NE(*before, now);
    EXPECT_TRUE(is_worse(now, *before));
}

TEST(ToldBefore, what_is_not_derived_any_more_keeps_its_identity) {
    const SubjectAlert then = shock();
    const auto before = told_before(told(then), nullptr);
    ASSERT_TRUE(before);
    EXPECT_EQ(alert_id("S/1", *before), alert_id("S/1", then));
    EXPECT_EQ(before->urgency, then.urgency);
    EXPECT_EQ(before->grade, then.grade);
    EXPECT_EQ(before->evidence, then.evidence);
    EXPECT_TRUE(before->deciding.has(Component::hypotension));
}

TEST(ToldBefore, what_is_no_alert_is_an_error) { EXPECT_FALSE(told_before("\xff\xff", nullptr)); }

}  // namespace
}  // namespace cellvigil
