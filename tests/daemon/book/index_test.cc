// The book's numbers as they are kept: those of folding everything anew, at the cost of what changed.
#include "daemon/book/index.h"

#include <gtest/gtest.h>

#include <random>

#include "daemon/book/book.h"
#include "daemon/store/memory.h"

namespace cellvigil::book {
namespace {

Instant hour(int n) { return Instant(hours(n)); }

class Indexed : public testing::Test {
  protected:
    Indexed() { reporting_.rules = {default_rule(Jurisdiction::eu_trial)}; }
    void raise(const std::string& id, const char* severity, int at, std::uint32_t revision = 1) {
        store::AlertRow row;
        row.alert_id = id;
        row.rule = "crs_grade_3";
        row.severity = severity;
        row.subject_key = "S/001";
        row.cohort = "S/A";
        row.revision = revision;
        row.worse = revision > 1;
        store::Commit commit;
        commit.alerts = {row};
        commit.outbox = {{id + "." + std::to_string(revision), id, "", hour(at)}};
        ASSERT_TRUE(store_->write(commit).has_value());
    }
    Verdict acts(const std::string& id, ActionKind kind, int at, int until = 0) {
        Ask ask;
        ask.alert_id = id;
        ask.action.kind = kind;
        ask.action.at = hour(at);
        ask.action.by = {"kim", Role::safety_lead};
        ask.action.reason = "r";
        ask.action.comment = "c";
        if (until > 0) ask.action.until = hour(until);
        return act(*store_, ask, {})->verdict;
    }
    void refresh(Index& index, int now) { ASSERT_TRUE(index.refresh(*store_, hour(now)).has_value()); }
    std::int64_t in(const Index& index, Stage stage) { return index.stages()[static_cast<std::size_t>(stage)]; }

    Reporting reporting_;
    std::unique_ptr<store::Store> store_ = store::open_memory(std::make_shared<store::MemoryDatabase>());
};

TEST_F(Indexed, a_refresh_folds_what_changed_and_nothing_else) {
    for (int i = 0; i < 2500; ++i) raise("a" + std::to_string(i), "high", 1);
    Index index(reporting_);
    refresh(index, 2);
    EXPECT_EQ(index.folded(), 2500U);
    refresh(index, 3);
    EXPECT_EQ(index.folded(), 2500U) << "nothing changed";
    ASSERT_EQ(acts("a7", ActionKind::acknowledge, 4), Verdict::done);
    refresh(index, 5);
    EXPECT_EQ(index.folded(), 2501U);
    EXPECT_EQ(in(index, Stage::active), 2499);
    EXPECT_EQ(in(index, Stage::acknowledged), 1);
    EXPECT_EQ(index.waiting().size(), 2499U);
}

TEST_F(Indexed, a_shelf_ends_by_itself) {
    raise("a", "medium", 1);
    ASSERT_EQ(acts("a", ActionKind::shelve, 2, 10), Verdict::done);
    Index index(reporting_);
    refresh(index, 3);
    EXPECT_EQ(in(index, Stage::shelved), 1);
    EXPECT_TRUE(index.waiting().empty());
    refresh(index, 10);
    EXPECT_EQ(in(index, Stage::active), 1) << "at its end it is over";
    EXPECT_EQ(index.waiting().size(), 1U);
}

// Whatever people do, the index says what one that is made now says.
TEST_F(Indexed, kept_or_made_anew_it_is_the_same) {
    std::mt19937 random(7);
    Index kept(reporting_);
    std::map<std::string, std::uint32_t> revisions;
    for (int now = 1; now < 400; ++now) {
        const std::string id = "a" + std::to_string(random() % 12);
        const auto kind = static_cast<ActionKind>(random() % kActionKinds);
        if (revisions[id] == 0 || kind == ActionKind::worsen) {
            raise(id, random() % 2 == 0 ? "high" : "medium", now, ++revisions[id]);
        } else if (!is_of_engine(kind)) {
            static_cast<void>(acts(id, kind, now, now + 1 + static_cast<int>(random() % 20)));
        }
        if (now % 5 != 0) continue;
        refresh(kept, now);
        Index fresh(reporting_);
        refresh(fresh, now);
        ASSERT_EQ(kept.stages(), fresh.stages()) << now;
        ASSERT_EQ(kept.waiting(), fresh.waiting()) << now;
        ASSERT_EQ(kept.due(), fresh.due()) << now;
        for (std::size_t i = 0; i < kSeverities; ++i)
            ASSERT_EQ(kept.waiting_since()[static_cast<Severity>(i)], fresh.waiting_since()[static_cast<Severity>(i)]);
    }
}

}  // namespace
}  // namespace cellvigil::book
