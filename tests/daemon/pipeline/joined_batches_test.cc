// What the committer makes of several batches that wait: one transaction where that is possible, and everybody's memory
// back.
#include "daemon/pipeline/committer.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "daemon/journal/frame.h"
#include "daemon/store/memory.h"

namespace cellvigil::pipeline {
namespace {

constexpr seconds kPatience{20};

// A committer that is kept from writing until the batches of a test wait together.
class Desk {
  public:
    Desk() {
        session_ = store::open_memory(database_);
        EXPECT_TRUE(session_->bind("embedded", 2));
        CommitterOptions options;
        options.first_wait = options.longest_wait = milliseconds(1);
        options.committed = [this](const store::Commit& commit, const std::vector<Batch>&) {
            advances_.push_back(commit.advances.size());
            const std::lock_guard lock(mutex_);
            ++commits_;
        };
        options.give_back = [this](Receipt receipt) {
            const std::lock_guard lock(mutex_);
            receipts_.push_back(std::move(receipt));
            changed_.notify_one();
        };
        options.fatal = [this](const Error&) { fatal_ = true; };
        options_ = std::move(options);
    }

    store::Claim claim(std::uint32_t partition) {
        auto claim = session_->claim(partition, "test");
        EXPECT_TRUE(claim.has_value());
        return claim.value_or(store::Claim{});
    }

    // `messages` further messages of the claimed partition, from `from` on.
    static Batch batch(const store::Claim& claim, std::int64_t from, std::int64_t messages) {
        Batch batch;
        store::Segment segment;
        segment.partition = claim.partition;
        segment.base = from;
        segment.next = from + messages;
        segment.messages = static_cast<std::uint32_t>(messages);
        for (std::int64_t i = 0; i < messages; ++i) {
            journal::append_frame(
                segment.frames,
                {.partition = claim.partition, .position = from + i, .key = "S/1", .headers = {}, .value = "v"});
        }
        batch.commit.segments.push_back(std::move(segment));
        batch.commit.advances.push_back({.partition = claim.partition,
                                         .expected = from,
                                         .next = from + messages,
                                         .epoch = claim.epoch,
                                         .log_time = Instant{},
                                         .watermark = kAlways});
        return batch;
    }

    // All that are given wait while the first one cannot be written; then all are let through.
    void commit(std::vector<Batch> batches) {
        database_->fail_writes(store::WriteFault::unavailable, 1'000'000);
        committer_ = std::make_unique<Committer>(store::open_memory(database_), process_, options_);
        const std::size_t expected = batches.size();
        for (Batch& batch : batches) committer_->submit(std::move(batch));
        database_->stop_failing();
        std::unique_lock lock(mutex_);
        EXPECT_TRUE(changed_.wait_for(lock, kPatience, [&] { return receipts_.size() == expected || fatal_; }));
        lock.unlock();
        committer_->stop(kPatience);
    }

    std::int64_t next(std::uint32_t partition) {
        for (const auto& row : session_->positions().value_or(std::vector<store::Claim>{})) {
            if (row.partition == partition) return row.next;
        }
        return -1;
    }
    const std::vector<Receipt>& receipts() const { return receipts_; }
    std::uint64_t commits() const { return commits_; }
    bool fatal() const { return fatal_; }

  private:
    std::shared_ptr<store::MemoryDatabase> database_ = std::make_shared<store::MemoryDatabase>();
    std::unique_ptr<store::Store> session_;
    metrics::ProcessCounters process_;
    CommitterOptions options_;
    std::unique_ptr<Committer> committer_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Receipt> receipts_;
    std::vector<std::size_t> advances_;
    std::uint64_t commits_ = 0;
    bool fatal_ = false;
};

TEST(JoinedBatches, batches_that_follow_one_another_are_committed_in_order_and_join) {
    Desk desk;
    const auto claim = desk.claim(0);
    std::vector<Batch> batches;
    for (std::int64_t i = 0; i < 6; ++i) batches.push_back(Desk::batch(claim, i * 10, 10));
    desk.commit(std::move(batches));
    EXPECT_FALSE(desk.fatal());
    EXPECT_EQ(desk.next(0), 60);
    ASSERT_EQ(desk.receipts().size(), 6U);
    // Some may be taken before the others are there; those that wait meanwhile go together.
    EXPECT_LE(desk.commits(), 2U);
    for (const Receipt& receipt : desk.receipts()) {
        EXPECT_TRUE(receipt.committed);
        EXPECT_TRUE(receipt.fenced.empty());
        ASSERT_EQ(receipt.batch.spent.size(), 1U) << "a segment's memory comes back with its batch";
        EXPECT_TRUE(receipt.batch.spent.front().empty());
        EXPECT_GT(receipt.batch.spent.front().capacity(), 15U);
    }
}

TEST(JoinedBatches, a_partition_lost_and_claimed_again_is_not_joined_with_its_past) {
    Desk desk;
    const auto before = desk.claim(0);
    const auto other = desk.claim(1);
    Batch old = Desk::batch(before, 0, 10);
    const auto after = desk.claim(0);  // the epoch has risen: the old batch is another owner's
    std::vector<Batch> batches;
    batches.push_back(Desk::batch(other, 0, 5));
    batches.push_back(std::move(old));
    batches.push_back(Desk::batch(after, 0, 7));
    desk.commit(std::move(batches));
    EXPECT_FALSE(desk.fatal());
    EXPECT_EQ(desk.next(0), 7);
    EXPECT_EQ(desk.next(1), 5);
}

}  // namespace
}  // namespace cellvigil::pipeline
