#include "daemon/digest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/store/memory.h"

namespace cellvigil {
namespace {

constexpr Instant kNow{hours(24 * 20'000)};

std::string fact(const alerts::Announcement& digest, const std::string& name) {
    for (const auto& [key, text] : digest.facts)
        if (key == name) return text;
    return "no fact " + name;
}

class Digests : public testing::Test {
  protected:
    Digests() {
        ingest::Study study;
        study.cohorts = {"C1", "C2"};
        study.sites["fresh"];
        study.sites["old"];
        study.sites["never"];
        config_.studies["S"] = study;
    }
    alerts::Announcement digest() {
        const std::vector<metrics::SiteSeen> sites{{"S", "fresh", kNow - kSilentAfter + milliseconds(1)},
                                                   {"S", "old", kNow - kSilentAfter},
                                                   {"elsewhere", "never", kNow}};
        return make_digest(*store_, config_, sites, kNow).value();
    }
    config::Config config_;
    std::unique_ptr<store::Store> store_ = store::open_memory(std::make_shared<store::MemoryDatabase>());
};

TEST_F(Digests, an_empty_store_is_told_as_such) {
    EXPECT_EQ(digest().title, "Still watching: 0 alerts stand");
    EXPECT_EQ(fact(digest(), "alerts_standing"), "0");
    EXPECT_EQ(fact(digest(), "latest_message"), "none");
    EXPECT_EQ(fact(digest(), "subjects"), "0, infused 0");
    EXPECT_EQ(fact(digest(), "studies"), "1: S");
    EXPECT_EQ(fact(digest(), "cohorts"), "2: S/C1, S/C2");
}

TEST_F(Digests, a_site_is_silent_from_the_limit_on_or_when_never_heard_of) {
    EXPECT_EQ(fact(digest(), "sites_silent_for_72_hours"), "2: S/never, S/old");
}

TEST_F(Digests, counts_what_stands_and_names_no_subject) {
    store::Commit commit;
    commit.alerts.resize(3);
    for (std::size_t i = 0; i < 3; ++i) {
        commit.alerts[i].alert_id = std::to_string(i);
        commit.alerts[i].severity = i == 0 ? "high" : "immediate";
        commit.alerts[i].subject_key = "S/PSEUDONYM";
    }
    commit.alerts[2].state = store::AlertState::withdrawn;
    ASSERT_TRUE(store_->write(commit).has_value());
    EXPECT_EQ(fact(digest(), "alerts_standing"), "2, high 1, immediate 1");
    for (const auto& [name, text] : digest().facts) EXPECT_EQ(text.find("PSEUDONYM"), std::string::npos) << name;
}

}  // namespace
}  // namespace cellvigil
