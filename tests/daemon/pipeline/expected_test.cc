#include "daemon/pipeline/expected.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace cellvigil::pipeline {
namespace {

ingest::MessageView message(std::uint32_t partition, std::int64_t position) {
    return {.partition = partition,
            .partition_count = 8,
            .position = position,
            .appended_at = {},
            .key = {},
            .headers = {},
            .value = {}};
}

class Announced : public testing::Test {
  protected:
    void announce(std::uint32_t partition, std::int64_t position) {
        expected.add(message(partition, position), &subject);
    }
    void judge(std::uint32_t partition, std::int64_t position) {
        Expected::Entry* entry = expected.to_prepare(message(partition, position));
        ASSERT_NE(entry, nullptr) << partition << "/" << position;
        entry->judged = true;
        entry->admitted.event.version = static_cast<std::uint32_t>(partition * 1000 + position);
    }
    // What was judged of the message; 0: nothing was.
    std::uint32_t judged(std::uint32_t partition, std::int64_t position) {
        const Expected::Entry* entry = expected.next(message(partition, position));
        return entry != nullptr && entry->judged ? entry->admitted.event.version : 0;
    }

    Subject subject{1, SubjectTimeline("S/s")};
    Expected expected;
};

TEST_F(Announced, each_finds_its_own) {
    for (const std::uint32_t partition : {1U, 2U}) announce(partition, 5);
    for (const std::uint32_t partition : {1U, 2U}) judge(partition, 5);
    EXPECT_EQ(judged(1, 5), 1005U);
    EXPECT_EQ(judged(2, 5), 2005U);
    EXPECT_EQ(expected.next(message(2, 6)), nullptr);
}

TEST_F(Announced, one_that_is_not_prepared_for_takes_nobody_elses_answer) {
    announce(1, 5);
    announce(2, 5);
    judge(2, 5);
    EXPECT_EQ(judged(1, 5), 0U);
    EXPECT_EQ(judged(2, 5), 2005U);
    announce(1, 6);
    announce(2, 6);
    judge(1, 6);
    EXPECT_EQ(judged(1, 6), 1006U);
    EXPECT_EQ(judged(2, 6), 0U);
}

TEST_F(Announced, one_that_never_comes_or_was_not_announced_does_no_harm) {
    for (const std::int64_t position : {5, 6, 7}) announce(1, position);
    EXPECT_EQ(expected.to_prepare(message(3, 5)), nullptr);
    for (const std::int64_t position : {5, 6, 7}) judge(1, position);
    EXPECT_EQ(judged(3, 5), 0U);
    EXPECT_EQ(judged(1, 6), 1006U);
    EXPECT_EQ(judged(1, 5), 0U) << "it is past";
    EXPECT_EQ(judged(1, 7), 1007U);
}

TEST_F(Announced, more_than_there_is_room_for_are_forgotten) {
    constexpr auto kMost = static_cast<std::int64_t>(Expected::kMost);
    for (std::int64_t position = 0; position < kMost + 32; ++position) announce(1, position);
    EXPECT_EQ(expected.to_prepare(message(1, 31)), nullptr);
    EXPECT_NE(expected.to_prepare(message(1, 32)), nullptr);
    EXPECT_EQ(judged(1, 31), 0U);
    judge(1, kMost + 31);
    EXPECT_EQ(judged(1, kMost + 31), 1000 + kMost + 31);
}

TEST_F(Announced, there_is_room_again_when_those_that_have_come_are_released) {
    constexpr auto kMost = static_cast<std::int64_t>(Expected::kMost);
    for (std::int64_t position = 0; position < kMost; ++position) {
        EXPECT_FALSE(expected.full()) << position;
        announce(1, position);
    }
    EXPECT_TRUE(expected.full());
    expected.release();
    EXPECT_TRUE(expected.full()) << "none has come";
    judge(1, 2);
    EXPECT_EQ(judged(1, 2), 1002U);  // and with it those before
    EXPECT_TRUE(expected.full());
    expected.release();
    for (const std::int64_t position : {0, 1, 2}) {
        EXPECT_FALSE(expected.full()) << position;
        announce(1, kMost + position);
    }
    EXPECT_TRUE(expected.full());
}

TEST_F(Announced, a_subject_that_is_not_known_is_nobody) {
    expected.add(message(1, 5), nullptr);
    EXPECT_EQ(expected.to_prepare(message(1, 5)), nullptr);
    EXPECT_EQ(expected.next(message(1, 5)), nullptr);
    announce(1, 6);
    expected.forget();
    EXPECT_EQ(expected.next(message(1, 6)), nullptr);
}

}  // namespace
}  // namespace cellvigil::pipeline
