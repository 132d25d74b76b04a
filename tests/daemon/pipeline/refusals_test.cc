#include "daemon/pipeline/refusals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

#include "daemon/journal/frame.h"
#include "daemon/pipeline/committer.h"
#include "daemon/store/memory.h"
#include "tests/daemon/store/store_story.h"

namespace cellvigil::pipeline {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

ingest::Refusal refusal(std::string head) {
    return {.content_type = "application/json",
            .head = std::move(head),
            .length = 40'000,
            .sha256 = "ab12",
            .issues = {{.path = "observation.code", .reason = Reason::bad_field, .detail = "text was expected"},
                       {.path = "", .reason = Reason::unparsable, .detail = "no JSON"}}};
}

class RefusalsKept : public testing::Test {
  protected:
    Refusals make(std::size_t most_bytes = 1U << 20U) {
        return {{.submit = [this](Batch batch) { submitted_.push_back(std::move(batch)); },
                 .now = [] { return Instant(seconds(7)); },
                 .most_bytes_under_way = most_bytes},
                process_};
    }
    std::function<void(Result<void>)> listen() {
        return [this](Result<void> told) { told_.push_back(std::move(told)); };
    }
    std::uint64_t counted(Reason reason) { return process_.refused_at_inlet[static_cast<std::size_t>(reason)].get(); }

    metrics::ProcessCounters process_;
    std::vector<Batch> submitted_;
    std::vector<Result<void>> told_;
};

TEST_F(RefusalsKept, are_dead_letters_with_what_is_told_of_the_whole_text) {
    Refusals refusals = make();
    refusals.keep({refusal("{\"observation\"")}, listen());
    ASSERT_THAT(submitted_, SizeIs(1));
    ASSERT_THAT(submitted_[0].commit.dead_letters, SizeIs(1));
    const store::DeadLetter& letter = submitted_[0].commit.dead_letters[0];
    EXPECT_EQ(letter.partition, store::kNoPartition);
    EXPECT_LT(letter.position, 0);
    EXPECT_EQ(letter.reason, "bad_field");
    EXPECT_THAT(letter.detail, HasSubstr(R"({"path":"observation.code","reason":"bad_field")"));
    EXPECT_THAT(letter.detail, HasSubstr(R"("reason":"unparsable")"));
    EXPECT_EQ(letter.failed_at, Instant(seconds(7)));
    EXPECT_TRUE(letter.oversize) << "not all of it is here";
    journal::Frame frame;
    ASSERT_TRUE(journal::FrameReader(letter.frame).next(frame));
    EXPECT_EQ(frame.value, "{\"observation\"");
    ASSERT_THAT(frame.headers, SizeIs(3));
    EXPECT_EQ(frame.headers[0].value, "application/json");
    EXPECT_EQ(frame.headers[1].value, "40000");
    EXPECT_EQ(frame.headers[2].value, "ab12");
}

TEST_F(RefusalsKept, are_told_of_and_counted_when_they_are_durable) {
    Refusals refusals = make();
    refusals.keep({refusal("a"), refusal("b")}, listen());
    EXPECT_THAT(told_, SizeIs(0));
    EXPECT_EQ(counted(Reason::bad_field), 0U);
    settle_all(submitted_[0].waiters);
    ASSERT_THAT(told_, SizeIs(1));
    EXPECT_TRUE(told_[0]);
    EXPECT_EQ(counted(Reason::bad_field), 2U);
}

TEST_F(RefusalsKept, that_were_not_stored_are_neither) {
    Refusals refusals = make();
    refusals.keep({refusal("a")}, listen());
    fail_all(submitted_[0].waiters, {Errc::unavailable, "stopping"});
    ASSERT_THAT(told_, SizeIs(1));
    EXPECT_FALSE(told_[0]);
    EXPECT_EQ(counted(Reason::bad_field), 0U);
}

TEST_F(RefusalsKept, have_a_bound_while_the_store_is_away) {
    Refusals refusals = make(1000);
    refusals.keep({refusal(std::string(500, 'x'))}, listen());
    refusals.keep({refusal(std::string(500, 'x'))}, listen());
    ASSERT_THAT(told_, SizeIs(1));
    EXPECT_EQ(told_[0].error().code, Errc::unavailable);
    settle_all(submitted_[0].waiters);
    refusals.keep({refusal(std::string(500, 'x'))}, listen());
    EXPECT_THAT(submitted_, SizeIs(2)) << "there is room again";
}

TEST_F(RefusalsKept, are_not_taken_after_the_end) {
    Refusals refusals = make();
    refusals.close();
    refusals.keep({refusal("a")}, listen());
    EXPECT_THAT(submitted_, SizeIs(0));
    ASSERT_THAT(told_, SizeIs(1));
    EXPECT_EQ(told_[0].error().code, Errc::unavailable);
}

// Whatever becomes of the partitions in the same transaction.
TEST_F(RefusalsKept, are_stored_even_when_partitions_were_lost) {
    Refusals refusals = make();
    refusals.keep({refusal("a")}, listen());
    forget_partitions(submitted_[0], {0, 1, 2});
    EXPECT_THAT(submitted_[0].commit.dead_letters, SizeIs(1));
    EXPECT_THAT(submitted_[0].waiters, SizeIs(1));
}

TEST_F(RefusalsKept, of_the_same_text_are_letters_each) {
    const auto database = std::make_shared<store::MemoryDatabase>();
    CommitterOptions options;
    options.give_back = [](const Receipt&) {};
    Committer committer(store::open_memory(database), process_, std::move(options));
    Refusals refusals(
        {.submit = [&](Batch batch) { committer.submit(std::move(batch)); }, .now = [] { return Instant(seconds(7)); }},
        process_);
    refusals.keep({refusal("a"), refusal("a")}, listen());
    committer.stop(seconds(10));
    ASSERT_THAT(told_, SizeIs(1));
    EXPECT_TRUE(told_[0]);
    const auto letters = store::open_memory(database)->dead_letters(0, 10);
    ASSERT_TRUE(letters);
    EXPECT_THAT(*letters, SizeIs(2));
}

}  // namespace
}  // namespace cellvigil::pipeline
