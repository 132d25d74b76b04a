// Day closes and looks, on every store.
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "daemon/store/memory.h"
#include "daemon/store/store.h"
#include "tests/daemon/store/store_story.h"

namespace cellvigil::store {
namespace {

const Instant kAt = Instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / 11)) + milliseconds(7);

class Days : public testing::TestWithParam<bool> {
  protected:
    void SetUp() override { open(); }
    void open() {
        store_.reset();
        if (GetParam()) {
            store_ = open_memory(memory_);
            return;
        }
        auto opened = open_sqlite({.folder = folder_.path()});
        ASSERT_TRUE(opened) << opened.error().detail;
        store_ = std::move(*opened);
    }

    TemporaryFolder folder_;
    std::shared_ptr<MemoryDatabase> memory_ = std::make_shared<MemoryDatabase>();
    std::unique_ptr<Store> store_;
};

DayCloseRow close(std::uint32_t partition, std::int32_t first, std::int32_t through, std::vector<CellDelta> deltas) {
    return {partition, first, through, 10 * through, kAt, through, partition == 1, "hash", std::move(deltas)};
}

TEST_P(Days, closes_are_kept_in_order_and_add_up) {
    Commit commit;
    commit.day_closes = {
        close(0, 5, 5, {{"all", "calendar/crs_3/infused", 4, 2}, {"all", "calendar/zoster/entered", 9, 1}}),
        close(1, 3, 5, {{"all", "calendar/crs_3/infused", 4, 7}})};
    ASSERT_TRUE(store_->write(commit));
    commit.day_closes = {
        close(0, 6, 8, {{"all", "calendar/crs_3/infused", 4, -1}, {"all", "calendar/zoster/entered", 9, -1}})};
    ASSERT_TRUE(store_->write(commit));
    open();
    const auto all = store_->day_closes(0, 100);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 3U);
    EXPECT_EQ((*all)[1].row, close(1, 3, 5, {{"all", "calendar/crs_3/infused", 4, 7}}));
    EXPECT_EQ((*all)[2].row, commit.day_closes[0]);
    const auto later = store_->day_closes((*all)[0].sequence, 1);
    ASSERT_TRUE(later);
    ASSERT_EQ(later->size(), 1U);
    EXPECT_EQ((*later)[0].sequence, (*all)[1].sequence);
    const auto closed = store_->closed_cells(0);
    ASSERT_TRUE(closed);
    EXPECT_EQ(closed->through, 8);
    EXPECT_EQ(closed->late, 8);
    EXPECT_EQ(closed->cells, (std::vector<CellDelta>{{"all", "calendar/crs_3/infused", 4, 1}}));
    const auto none = store_->closed_cells(7);
    ASSERT_TRUE(none);
    EXPECT_FALSE(none->through);
}

TEST_P(Days, a_close_that_is_there_is_never_changed) {
    Commit commit;
    commit.day_closes = {close(0, 5, 5, {{"all", "m", 4, 2}})};
    ASSERT_TRUE(store_->write(commit));
    commit.day_closes = {close(0, 4, 5, {{"all", "m", 4, 3}})};
    ASSERT_TRUE(store_->write(commit));
    const auto all = store_->day_closes(0, 100);
    ASSERT_TRUE(all);
    ASSERT_EQ(all->size(), 1U);
    EXPECT_EQ((*all)[0].row, close(0, 5, 5, {{"all", "m", 4, 2}}));
}

TEST_P(Days, looks_are_kept_once_per_day) {
    EXPECT_EQ(store_->last_look().value(), std::nullopt);
    const LookRow first{5, kAt, 3, "pack", "hash", "sums", "a\tb\tcrossed\n"};
    const LookRow second{6, kAt + hours(24), 4, "pack", "hash", "other", ""};
    Commit commit;
    commit.looks = {first, second};
    ASSERT_TRUE(store_->write(commit));
    commit.looks[0].sums = "somebody else's";
    commit.looks.resize(1);
    ASSERT_TRUE(store_->write(commit));
    open();
    EXPECT_EQ(store_->looks(-1, 10).value(), (std::vector<LookRow>{first, second}));
    EXPECT_EQ(store_->looks(5, 10).value(), std::vector<LookRow>{second});
    EXPECT_EQ(store_->looks(-1, 1).value(), std::vector<LookRow>{first});
    EXPECT_EQ(store_->last_look().value(), second);
}

INSTANTIATE_TEST_SUITE_P(Stores, Days, testing::Values(false, true),
                         [](const auto& tested) { return tested.param ? "memory" : "sqlite"; });

}  // namespace
}  // namespace cellvigil::store
