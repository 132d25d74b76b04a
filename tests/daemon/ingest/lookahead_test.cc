#include "daemon/ingest/lookahead.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace cellvigil::ingest {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// What happened, in order.
class Witness : public Receiver {
  public:
    void expect(const MessageView& message) override { note("expect", message); }
    void prepare(const MessageView& message) override { note("prepare", message); }
    bool receive(const Received& received) override {
        note("receive", received.message);
        return ++received_ != enough;
    }
    void handed_over() override { seen_.emplace_back("handed over"); }
    void broken(std::uint32_t, const Error&) override {}

    std::vector<std::string> take() { return std::exchange(seen_, {}); }
    std::size_t enough = 0;

  private:
    void note(const std::string& what, const MessageView& message) {
        seen_.push_back(what + " " + std::string(message.key) + "=" + std::string(message.value));
    }
    std::vector<std::string> seen_;
    std::size_t received_ = 0;
};

MessageView message(std::string_view key, std::string_view value) {
    return {.partition = 1,
            .partition_count = 2,
            .position = 3,
            .appended_at = {},
            .key = key,
            .headers = {},
            .value = value};
}

TEST(Lookahead, all_are_announced_then_prepared_for_then_handed_over) {
    Witness witness;
    Lookahead ahead;
    ahead.begin(witness);
    for (const char* key : {"a", "b"}) {
        std::string value = std::string("of ") + key;
        ahead.add(message(key, value));
        value = "overwritten";  // what waits is a copy
    }
    EXPECT_THAT(witness.take(), IsEmpty());
    EXPECT_EQ(ahead.messages(), 2U);
    ahead.hand_over_all();
    EXPECT_THAT(witness.take(), ElementsAre("expect a=of a", "expect b=of b", "prepare a=of a", "prepare b=of b",
                                            "receive a=of a", "receive b=of b", "handed over"));
    ahead.hand_over_all();
    EXPECT_THAT(witness.take(), IsEmpty());
    EXPECT_EQ(ahead.messages(), 2U);
}

TEST(Lookahead, does_not_hold_more_than_it_has_room_for) {
    Witness witness;
    Lookahead ahead;
    ahead.begin(witness);
    constexpr std::size_t kMany = 2 * Lookahead::kMost + 100;
    for (std::size_t i = 0; i < kMany; ++i) ahead.add(message("k", std::to_string(i)));
    ahead.hand_over_all();
    std::vector<std::string> received;
    std::size_t at_once = 0;
    std::size_t most_at_once = 0;
    for (const std::string& line : witness.take()) {
        if (line == "handed over") at_once = 0;
        if (!line.starts_with("receive")) continue;
        received.push_back(line);
        most_at_once = std::max(most_at_once, ++at_once);
    }
    ASSERT_EQ(received.size(), kMany);
    for (std::size_t i = 0; i < kMany; ++i) EXPECT_EQ(received[i], "receive k=" + std::to_string(i));
    EXPECT_EQ(most_at_once, Lookahead::kMost);
}

// The bytes of what was announced are there until the receiver has heard that it was all.
TEST(Lookahead, bytes_stay_until_all_is_handed_over) {
    class Keeper : public Receiver {
      public:
        void expect(const MessageView&) override {}
        void prepare(const MessageView&) override {}
        bool receive(const Received& received) override {
            kept_.emplace_back(&received.message, std::string(received.message.value));
            return true;
        }
        void handed_over() override {
            for (const auto& [message, value] : kept_) EXPECT_EQ(message->value, value);
            checked += kept_.size();
            kept_.clear();
        }
        void broken(std::uint32_t, const Error&) override {}
        std::size_t checked = 0;

      private:
        std::vector<std::pair<const MessageView*, std::string>> kept_;
    } keeper;
    Lookahead ahead;
    ahead.begin(keeper);
    for (std::size_t i = 0; i < 1000; ++i) ahead.add(message("k", std::string(1 + i, 'a' + static_cast<char>(i % 26))));
    ahead.hand_over_all();
    EXPECT_EQ(keeper.checked, 1000U);
}

TEST(Lookahead, what_cannot_wait_comes_after_what_waits) {
    Witness witness;
    Lookahead ahead;
    ahead.begin(witness);
    ahead.add(message("a", "1"));
    const MessageView tombstone = message("b", "");
    ahead.pass({.message = tombstone, .tombstone = true});
    EXPECT_THAT(witness.take(),
                ElementsAre("expect a=1", "prepare a=1", "receive a=1", "handed over", "receive b=", "handed over"));
    EXPECT_EQ(ahead.messages(), 2U);
}

TEST(Lookahead, goes_on_to_the_end_when_the_receiver_has_enough) {
    Witness witness;
    witness.enough = 1;
    Lookahead ahead;
    ahead.begin(witness);
    for (const char* key : {"a", "b", "c"}) ahead.add(message(key, ""));
    ahead.hand_over_all();
    EXPECT_EQ(witness.take().size(), 10U);
    EXPECT_FALSE(ahead.more());
    ahead.begin(witness);
    EXPECT_TRUE(ahead.more());
    EXPECT_EQ(ahead.messages(), 0U);
}

TEST(Lookahead, has_no_room_for_long_messages_and_those_with_headers) {
    const std::string long_value(1024, 'x');
    EXPECT_TRUE(Lookahead::has_room_for(message("", long_value)));
    EXPECT_FALSE(Lookahead::has_room_for(message("k", long_value)));
    MessageView with_headers = message("k", "v");
    const std::vector<journal::Header> headers{{.name = "n", .value = "v"}};
    with_headers.headers = headers;
    EXPECT_FALSE(Lookahead::has_room_for(with_headers));
}

}  // namespace
}  // namespace cellvigil::ingest
