#include "daemon/book/trail.h"

#include <gtest/gtest.h>

#include <future>

#include "daemon/store/memory.h"

namespace cellvigil::book {
namespace {

store::AuditRow row(int number) { return {Instant(seconds(number)), "kim", "read", std::to_string(number), "{}"}; }

class AuditTrail : public testing::Test {
  protected:
    Trail::Open open() {
        return [this] { return Result<std::unique_ptr<store::Store>>(store::open_memory(database_)); };
    }
    std::size_t stored() { return store::open_memory(database_)->audit(1000)->size(); }
    std::shared_ptr<store::MemoryDatabase> database_ = std::make_shared<store::MemoryDatabase>();
};

TEST_F(AuditTrail, tells_only_after_the_row_is_stored) {
    Trail trail(open());
    std::promise<std::size_t> told;
    ASSERT_TRUE(trail.enter(row(1), [&](const Result<void>& written) { told.set_value(written ? stored() : 0); }));
    EXPECT_EQ(told.get_future().get(), 1U);
}

TEST_F(AuditTrail, says_so_when_the_store_is_away) {
    database_->fail_writes(store::WriteFault::unavailable, 1, 0);
    Trail trail(open());
    std::promise<bool> told;
    ASSERT_TRUE(trail.enter(row(1), [&](const Result<void>& written) { told.set_value(written.has_value()); }));
    EXPECT_FALSE(told.get_future().get());
    EXPECT_EQ(stored(), 0U);
}

TEST_F(AuditTrail, writes_what_waits_before_it_ends_and_takes_no_more_than_its_limit) {
    std::size_t taken = 0;
    {
        std::promise<void> go;
        Trail trail(open(), 5);
        std::promise<void> held;
        ASSERT_TRUE(trail.enter(row(0), [&](const Result<void>&) {
            held.set_value();
            go.get_future().wait();
        }));
        held.get_future().wait();
        for (int i = 1; i <= 10; ++i) taken += trail.enter(row(i), {}) ? 1U : 0U;
        go.set_value();
    }
    EXPECT_EQ(taken, 5U);
    EXPECT_EQ(stored(), 6U);
}

}  // namespace
}  // namespace cellvigil::book
