#include "daemon/store/memory.h"

#include <gtest/gtest.h>

#include "tests/daemon/store/store_story.h"

namespace cellvigil::store {
namespace {

class MemoryFaults : public testing::Test {
  protected:
    std::shared_ptr<MemoryDatabase> database_ = std::make_shared<MemoryDatabase>();
    std::unique_ptr<Store> store_ = open_memory(database_);
    Claim claim_ = take(store_->claim(0, "worker"));

    std::int64_t position() { return take(store_->positions()).at(0).next; }
};

TEST_F(MemoryFaults, unavailable_writes_nothing_and_a_retry_succeeds) {
    database_->fail_writes(WriteFault::unavailable, 2);
    const Commit commit = messages(claim_, 5);
    EXPECT_EQ(code_of(store_->write(commit)), Errc::unavailable);
    EXPECT_EQ(code_of(store_->write(commit)), Errc::unavailable);
    EXPECT_EQ(position(), 0);
    EXPECT_TRUE(fine(store_->write(commit)));
    EXPECT_EQ(position(), 5);
    EXPECT_EQ(database_->writes(), 1U);
}

TEST_F(MemoryFaults, conflict_and_corrupt_write_nothing) {
    const Commit commit = messages(claim_, 5);
    database_->fail_writes(WriteFault::conflict);
    EXPECT_EQ(code_of(store_->write(commit)), Errc::conflict);
    database_->fail_writes(WriteFault::corrupt);
    EXPECT_EQ(code_of(store_->write(commit)), Errc::corrupt);
    EXPECT_EQ(position(), 0);
}

TEST_F(MemoryFaults, an_unknown_outcome_is_told_as_it_was) {
    database_->fail_writes(WriteFault::unknown_applied);
    EXPECT_TRUE(fine(store_->write(messages(claim_, 5))));
    EXPECT_EQ(position(), 5);
    database_->fail_writes(WriteFault::unknown_not_applied);
    EXPECT_EQ(code_of(store_->write(messages(claim_, 9))), Errc::unavailable);
    EXPECT_EQ(position(), 5);
}

TEST_F(MemoryFaults, some_writes_may_pass_first) {
    database_->fail_writes(WriteFault::conflict, 1, 2);
    EXPECT_TRUE(fine(store_->write(messages(claim_, 1))));
    EXPECT_TRUE(fine(store_->write(messages(claim_, 2))));
    EXPECT_EQ(code_of(store_->write(messages(claim_, 3))), Errc::conflict);
    EXPECT_EQ(position(), 2);
}

TEST_F(MemoryFaults, stop_failing_ends_it) {
    database_->fail_writes(WriteFault::unavailable, 1000);
    database_->stop_failing();
    EXPECT_TRUE(fine(store_->write(messages(claim_, 1))));
}

}  // namespace
}  // namespace cellvigil::store
