#include "daemon/progress.h"

#include <gtest/gtest.h>

namespace cellvigil {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Progress::Time at(milliseconds since_start) { return Progress::Time(since_start); }

TEST(ProgressOfLoops, one_that_turns_goes_on_however_long) {
    Progress progress(seconds(60));
    for (std::uint64_t i = 0; i < 100; ++i) EXPECT_EQ(progress.standing_still({i}, at(seconds(59) * i)), 0U);
}

TEST(ProgressOfLoops, one_that_does_not_turn_stands_still_from_the_limit_on) {
    Progress progress(seconds(60));
    EXPECT_EQ(progress.standing_still({7}, at(seconds(0))), 0U);
    EXPECT_EQ(progress.standing_still({7}, at(milliseconds(59'999))), 0U);
    EXPECT_EQ(progress.standing_still({7}, at(seconds(60))), 1U);
    EXPECT_EQ(progress.standing_still({7}, at(seconds(300))), 1U);
}

TEST(ProgressOfLoops, one_that_turns_again_goes_on) {
    Progress progress(seconds(60));
    progress.standing_still({7}, at(seconds(0)));
    EXPECT_EQ(progress.standing_still({7}, at(seconds(100))), 1U);
    EXPECT_EQ(progress.standing_still({8}, at(seconds(101))), 0U);
    EXPECT_EQ(progress.standing_still({8}, at(seconds(160))), 0U);
    EXPECT_EQ(progress.standing_still({8}, at(seconds(161))), 1U);
}

TEST(ProgressOfLoops, others_that_turn_do_not_hide_one_that_does_not) {
    Progress progress(seconds(60));
    for (std::uint64_t i = 0; i < 3; ++i) progress.standing_still({i, 5, i}, at(seconds(i)));
    EXPECT_EQ(progress.standing_still({9, 5, 9}, at(seconds(60))), 1U);
}

TEST(ProgressOfLoops, a_loop_counts_from_when_it_was_first_seen) {
    Progress progress(seconds(60));
    progress.standing_still({1}, at(seconds(1000)));
    EXPECT_EQ(progress.standing_still({1, 0}, at(seconds(1059))), 0U);
    EXPECT_EQ(progress.standing_still({1, 0}, at(seconds(1119))), 2U);
}

}  // namespace
}  // namespace cellvigil
