// The book's numbers are read behind those who ask for them.
#include "daemon/book_gauges.h"

#include <gtest/gtest.h>

#include <future>

#include "daemon/store/memory.h"

namespace cellvigil {
namespace {

const Instant kNow = Instant(hours(48));

class BookGaugesRead : public testing::Test {
  protected:
    void raise(const std::string& id) {
        store::AlertRow row;
        row.alert_id = id;
        row.rule = "toxicity_death";
        row.severity = "immediate";
        row.subject_key = "S/001";
        store::Commit commit;
        commit.alerts = {row};
        commit.outbox = {{id + ".1", id, "", Instant(hours(24))}};
        ASSERT_TRUE(store::open_memory(database_)->write(commit).has_value());
    }
    BookGauges::Options options(milliseconds patience, milliseconds every = seconds(5)) {
        BookGauges::Options made;
        made.open = [this] {
            const auto opened = gate_.get_future();
            opened.wait();
            gate_ = {};
            return Result<std::unique_ptr<store::Store>>(store::open_memory(database_));
        };
        made.now = [] { return kNow; };
        made.every = every;
        made.patience = patience;
        return made;
    }
    static book::Reporting by(std::initializer_list<Jurisdiction> jurisdictions) {
        book::Reporting reporting;
        for (const Jurisdiction one : jurisdictions) reporting.rules.push_back(default_rule(one));
        return reporting;
    }

    std::shared_ptr<store::MemoryDatabase> database_ = std::make_shared<store::MemoryDatabase>();
    std::promise<void> gate_;  // the store opens once it is kept
};

TEST_F(BookGaugesRead, nobody_waits_for_the_first_reading_longer_than_patience) {
    raise("a");
    BookGauges gauges(options(milliseconds(0)), by({Jurisdiction::eu_trial}));
    EXPECT_EQ(gauges.at(kNow), std::nullopt);
    EXPECT_EQ(gauges.waiting(kNow), std::nullopt);
    gate_.set_value();
}

TEST_F(BookGaugesRead, who_asks_early_is_answered_when_it_has_been_read) {
    raise("a");
    BookGauges gauges(options(minutes(1)), by({Jurisdiction::eu_trial}));
    gate_.set_value();
    const auto read = gauges.at(kNow);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->oldest_waiting[Severity::immediate], hours(24));
    EXPECT_EQ(read->reports.count("eu_trial"), 1U);
    EXPECT_EQ(gauges.waiting(kNow), std::vector<std::string>{"a"});
}

TEST_F(BookGaugesRead, by_other_rules_all_is_read_anew_and_what_was_read_is_shown_until_then) {
    raise("a");
    BookGauges gauges(options(minutes(1)), by({Jurisdiction::eu_trial}));
    gate_.set_value();
    ASSERT_TRUE(gauges.at(kNow));
    gauges.replace(by({Jurisdiction::us_trial}));
    const auto meanwhile = gauges.at(kNow);
    ASSERT_TRUE(meanwhile);
    EXPECT_EQ(meanwhile->reports.count("eu_trial"), 1U);
    gate_.set_value();
    while (gauges.at(kNow)->reports.count("us_trial") == 0) std::this_thread::yield();
    EXPECT_EQ(gauges.at(kNow)->reports.count("eu_trial"), 0U);
    EXPECT_EQ(gauges.waiting(kNow), std::vector<std::string>{"a"});
}

TEST_F(BookGaugesRead, a_store_that_does_not_open_is_tried_again) {
    raise("a");
    auto made = options(minutes(1), milliseconds(1));
    int tries = 0;
    made.open = [&]() -> Result<std::unique_ptr<store::Store>> {
        if (++tries < 3) return fail(Errc::unavailable, "away");
        return store::open_memory(database_);
    };
    BookGauges gauges(std::move(made), {});
    ASSERT_TRUE(gauges.at(kNow));
    EXPECT_EQ(gauges.waiting(kNow), std::vector<std::string>{"a"});
}

}  // namespace
}  // namespace cellvigil
