// Alerts of CRS and ICANS: on the upper grade, once per episode, changed when either grade rises.
#include <vector>

#include <gtest/gtest.h>

#include "tests/rules/grade/icans_ward.h"

namespace cellvigil {
namespace {

using namespace icans_ward;

std::vector<AlertChange> changes_of(const Story& story) {
    SubjectTimeline timeline("STUDY/S-001");
    std::vector<AlertChange> changes;
    for (const story::Told& told : story.told()) {
        if (!timeline.apply(story::event_of(told), {}).alerts_changed) continue;
        for (AlertChange& change : timeline.publish()) changes.push_back(std::move(change));
    }
    return changes;
}

TEST(IcansAlert, is_raised_on_the_upper_grade) {
    Story told;
    adult(told).ice(d(5, 8), 0, Consciousness::unspecified);
    const auto changes = changes_of(told);
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].alert.rule, SubjectRule::icans_grade_3);
    EXPECT_EQ(int{changes[0].alert.grade}, 3);
    EXPECT_EQ(int{changes[0].alert.grade_upper}, 4);
    EXPECT_TRUE(changes[0].alert.flags.has(Flag::ice0_loc_missing));
}

TEST(IcansAlert, says_so_when_what_was_only_possible_turns_out_true) {
    Story told;
    adult(told).starts(d(5, 8), Agent::propofol).ice(d(5, 20), 1);
    const auto changes = changes_of(told);
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(int{changes[0].alert.grade}, int{kNotGradable});
    EXPECT_EQ(int{changes[0].alert.grade_upper}, 4);
    EXPECT_EQ(changes[1].kind, AlertChangeKind::changed);
    EXPECT_EQ(int{changes[1].alert.grade}, 3);
    EXPECT_EQ(changes[1].alert.deciding, Components{Component::ice});
    EXPECT_EQ(changes[0].alert_id, changes[1].alert_id);
}

TEST(IcansAlert, once_per_episode) {
    Story told;
    adult(told).ice(d(4, 8), 2);
    for (int day = 5; day <= 7; ++day) told.ice(d(day, 8), 10).ice(d(day, 20), 10);
    told.ice(d(9, 8), 2).ice(d(9, 20), 2);
    const auto changes = changes_of(told);
    ASSERT_EQ(changes.size(), 2U);
    EXPECT_EQ(changes[0].alert.ordinal, 1);
    EXPECT_EQ(changes[1].alert.ordinal, 2);
    EXPECT_NE(changes[0].alert_id, changes[1].alert_id);
}

TEST(IcansAlert, grade_2_raises_none) {
    Story told;
    adult(told).ice(d(4, 8), 3);
    EXPECT_TRUE(changes_of(told).empty());
}

TEST(IcansAlert, a_delayed_palsy_raises_none) {
    Story told;
    adult(told).ice(d(25, 8), 10).neuro(d(25, 8), finding(NeuroKind::cranial_nerve_palsy));
    EXPECT_TRUE(changes_of(told).empty());
}

}  // namespace
}  // namespace cellvigil
