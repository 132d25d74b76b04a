// What a courier does by the clock for people: levels that nobody answered, and floods.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "daemon/alerts/escalation_round.h"
#include "daemon/alerts/flood_gate.h"
#include "daemon/alerts/quiet_gate.h"
#include "daemon/log/log.h"
#include "daemon/store/memory.h"

namespace cellvigil::alerts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Told final : public Sink {
  public:
    std::string name() const override { return "webhook:pager"; }
    std::size_t batch() const override { return 4; }
    Attempt deliver(const std::vector<Notification>&, Marks&) override { return {}; }
    void cancel() override {}
    bool is_read_by_people() const override { return people; }
    Attempt announce(const Announcement& announcement) override {
        Attempt attempt;
        attempt.fate = fate;
        if (fate == Fate::delivered) told.push_back(announcement.id + ": " + announcement.title);
        if (fate == Fate::delivered) facts = announcement.facts;
        return attempt;
    }
    bool people = true;
    Fate fate = Fate::delivered;
    std::vector<std::string> told;
    std::vector<std::pair<std::string, std::string>> facts;
};

class KeptMarks final : public Marks {
  public:
    Result<std::vector<Notification>> raised() override { return std::vector<Notification>{}; }
    Result<std::int64_t> get(std::string_view name) override { return kept[std::string(name)]; }
    Result<void> set(std::string_view name, std::int64_t value) override {
        kept[std::string(name)] = value;
        return {};
    }
    std::map<std::string, std::int64_t> kept;
};

class Rounds : public testing::Test {
  protected:
    Rounds() {
        log::Options quiet;
        quiet.sink = [](std::string_view) {};
        log::configure(quiet);
        options_.now = [this] { return now_; };
        options_.escalation = {
            .due = [this](store::Store&, std::string_view sink, Instant) -> Result<std::vector<EscalationDue>> {
                asked_.emplace_back(sink);
                return due_;
            }};
        options_.flood = {.most = 2, .within = minutes(10)};
        options_.severity_of = [](std::string_view body) {
            return severity_named(body.substr(0, body.find(' '))).value();
        };
        options_.kind_of = [](std::string_view body) {
            return std::string(body.substr(std::min(body.size(), body.find(' ') + 1)));
        };
    }
    ~Rounds() override { log::configure({}); }
    void escalate(std::vector<EscalationDue> due) {
        due_ = std::move(due);
        now_ += seconds(5);
        round_.turn(*store_, marks_);
    }
    static EscalationDue due(std::size_t level, Instant fired) {
        return {"a1", level, fired,
                Announcement{.id = {}, .at = {}, .title = "level " + std::to_string(level), .facts = {}}};
    }
    // The notification as the outbox has it, and whether it goes out at once.
    bool passes(std::int64_t sequence, const std::string& body) { return passes(gate_, sequence, body); }
    bool passes(FloodGate& gate, std::int64_t sequence, const std::string& body) {
        for (; written_ < sequence; ++written_) {
            store::Commit commit;
            const std::string id = "n" + std::to_string(written_ + 1);
            commit.outbox = {{id, id, body, now_}};
            EXPECT_TRUE(store_->write(commit).has_value());
        }
        return gate.passes({.sequence = sequence, .id = "n", .alert_id = "a", .body = body, .created_at = {}}, marks_)
            .value();
    }

    Instant now_{hours(100)};
    DispatcherOptions options_;
    std::vector<EscalationDue> due_;
    std::vector<std::string> asked_;
    std::int64_t written_ = 0;  // to the outbox
    Told sink_;
    KeptMarks marks_;
    metrics::ChannelCounters counters_;
    std::unique_ptr<store::Store> store_ = store::open_memory(std::make_shared<store::MemoryDatabase>());
    EscalationRound round_{options_, sink_, counters_};
    FloodGate gate_{options_, sink_, counters_};
};

TEST_F(Rounds, a_level_is_told_once_per_firing_also_over_a_restart) {
    escalate({due(0, Instant(hours(99)))});
    escalate({due(0, Instant(hours(99))), due(1, Instant(hours(99)))});
    EXPECT_THAT(sink_.told, ElementsAre("a1.escalation.0.356400000: level 0", "a1.escalation.1.356400000: level 1"));
    EscalationRound after_restart(options_, sink_, counters_);
    now_ += seconds(5);
    after_restart.turn(*store_, marks_);
    EXPECT_EQ(sink_.told.size(), 2U);
    escalate({due(0, Instant(hours(100)))});
    EXPECT_EQ(sink_.told.size(), 3U) << "it fired again";
    EXPECT_THAT(asked_, testing::Each("webhook:pager"));
}

TEST_F(Rounds, a_level_that_was_not_taken_is_told_later) {
    sink_.fate = Fate::again;
    escalate({due(0, Instant(hours(99)))});
    EXPECT_THAT(sink_.told, IsEmpty());
    sink_.fate = Fate::delivered;
    escalate({due(0, Instant(hours(99)))});
    EXPECT_EQ(sink_.told.size(), 1U);
}

TEST_F(Rounds, between_two_looks_nobody_asks) {
    escalate({});
    round_.turn(*store_, marks_);
    EXPECT_EQ(asked_.size(), 1U);
}

TEST_F(Rounds, a_flood_is_held_and_told_in_one_message_when_there_is_room) {
    EXPECT_TRUE(passes(1, "high"));
    EXPECT_TRUE(passes(2, "high"));
    EXPECT_FALSE(passes(3, "high"));
    EXPECT_FALSE(passes(3, "high")) << "asked again, it is one";
    EXPECT_TRUE(passes(4, "immediate")) << "never held";
    EXPECT_FALSE(passes(5, "medium"));
    EXPECT_TRUE(passes(2, "high")) << "a retry passes";
    gate_.turn(*store_, marks_);
    EXPECT_THAT(sink_.told, IsEmpty()) << "no room yet";
    now_ += minutes(10);
    gate_.turn(*store_, marks_);
    EXPECT_THAT(sink_.told, ElementsAre(HasSubstr("2 notifications were held back")));
    gate_.turn(*store_, marks_);
    EXPECT_EQ(sink_.told.size(), 1U);
    EXPECT_TRUE(passes(6, "high"));
}

TEST_F(Rounds, a_flood_is_told_by_severity_and_kind) {
    passes(1, "high P04 zoster");
    passes(2, "high P04 zoster");
    EXPECT_FALSE(passes(3, "high P04 zoster"));
    EXPECT_FALSE(passes(4, "high P07 death"));
    EXPECT_TRUE(passes(5, "immediate crs_grade_3 severe CRS")) << "told, so not among what was held";
    EXPECT_FALSE(passes(6, "medium P08 cytopenia"));
    EXPECT_FALSE(passes(7, "high P04 zoster"));
    now_ += minutes(10);
    gate_.turn(*store_, marks_);
    const auto facts = sink_.facts;
    EXPECT_THAT(facts, ElementsAre(testing::Pair("held_back", "4"), testing::Pair("since", testing::_),
                                   testing::Pair("limit", "2 in 10 minutes"),
                                   testing::Pair("high", "P04 zoster (2), P07 death (1)"),
                                   testing::Pair("medium", "P08 cytopenia (1)"),
                                   testing::Pair("where_they_are", "in the list of alerts")));
    for (std::int64_t next = 8; next <= 10; ++next) passes(next, "info P16 late data");
    now_ += minutes(10);
    gate_.turn(*store_, marks_);
    EXPECT_THAT(sink_.facts, testing::Contains(testing::Pair("info", "P16 late data (2)"))) << "one took the summary's";
    EXPECT_THAT(sink_.facts, testing::Not(testing::Contains(testing::Key("high")))) << "told already";
}

TEST_F(Rounds, the_kinds_of_a_flood_outlive_restarts) {
    for (int i = 1; i <= 4; ++i) passes(i, "high P04 zoster");
    FloodGate second(options_, sink_, counters_);
    EXPECT_FALSE(passes(second, 4, "high P04 zoster")) << "judged before, its cursor not moved: counted once";
    for (int i = 5; i <= 6; ++i) EXPECT_TRUE(passes(second, i, "high P07 death"));
    EXPECT_FALSE(passes(second, 7, "high P04 zoster"));
    EXPECT_FALSE(passes(second, 8, "medium P08 cytopenia"));
    FloodGate third(options_, sink_, counters_);
    third.turn(*store_, marks_);
    EXPECT_THAT(sink_.told, ElementsAre(HasSubstr("4 notifications were held back")));
    EXPECT_THAT(sink_.facts, testing::Contains(testing::Pair("high", "P04 zoster (3)")));
    EXPECT_THAT(sink_.facts, testing::Contains(testing::Pair("medium", "P08 cytopenia (1)")));
    FloodGate fourth(options_, sink_, counters_);
    now_ += minutes(10);
    fourth.turn(*store_, marks_);
    EXPECT_EQ(sink_.told.size(), 1U) << "once";
}

TEST_F(Rounds, held_notifications_that_the_outbox_no_longer_has_are_told_by_number) {
    for (int i = 1; i <= 3; ++i) passes(i, "high P04 zoster");
    now_ += minutes(10);
    const auto emptied = store::open_memory(std::make_shared<store::MemoryDatabase>());
    gate_.turn(*emptied, marks_);
    EXPECT_THAT(sink_.facts, testing::Contains(testing::Pair("held_back", "1")));
    EXPECT_THAT(sink_.facts, testing::Contains(testing::Pair("of_a_kind_no_longer_kept", "1")));
}

TEST_F(Rounds, what_was_held_before_a_restart_is_told_after_it) {
    passes(1, "high");
    passes(2, "high");
    passes(3, "high");
    FloodGate after_restart(options_, sink_, counters_);
    after_restart.turn(*store_, marks_);
    EXPECT_THAT(sink_.told, ElementsAre(HasSubstr("1 notifications were held back")));
    EXPECT_EQ(marks_.kept["flood/held"], 0);
}

TEST_F(Rounds, a_summary_that_was_not_taken_is_told_later) {
    for (int i = 1; i < 4; ++i) passes(i, "high");
    now_ += minutes(10);
    sink_.fate = Fate::again;
    gate_.turn(*store_, marks_);
    now_ += seconds(1);
    sink_.fate = Fate::delivered;
    gate_.turn(*store_, marks_);
    EXPECT_THAT(sink_.told, ElementsAre(HasSubstr("1 notifications")));
}

TEST_F(Rounds, nothing_is_held_without_a_limit_or_from_what_is_no_person) {
    sink_.people = false;
    for (int i = 1; i < 9; ++i) EXPECT_TRUE(passes(i, "info"));
    sink_.people = true;
    options_.flood.most = 0;
    for (int i = 9; i < 19; ++i) EXPECT_TRUE(passes(i, "info"));
}

// ---- quiet hours: Saturday 1970-01-10 to Monday 1970-01-12, 08:00 UTC

class QuietHours : public Rounds {
  protected:
    QuietHours() { options_.quiet = QuietPlan{TeamCalendar{}, Severity::high}; }
    // The notification as the outbox has it, and whether it goes out at once.
    bool comes(const std::string& body) {
        store::Commit commit;
        const std::string id = "n" + std::to_string(++sent_);
        commit.outbox = {{id, id, body, now_}};
        EXPECT_TRUE(store_->write(commit).has_value());
        return quiet_.passes({.sequence = sent_, .id = id, .alert_id = id, .body = body, .created_at = now_}, marks_)
            .value();
    }
    static constexpr Instant kSaturday{hours(24 * 9 + 10)};
    static constexpr Instant kMonday{hours(24 * 11 + 8)};
    std::int64_t sent_ = 0;
    QuietGate quiet_{options_, sink_, counters_};
};

TEST_F(QuietHours, low_severities_wait_for_their_end_and_are_told_by_number_and_kind) {
    now_ = kSaturday;
    EXPECT_FALSE(comes("medium P08"));
    EXPECT_TRUE(comes("immediate crs_grade_3")) << "never held";
    EXPECT_TRUE(comes("high P07")) << "at the limit it is told";
    EXPECT_FALSE(comes("info P16"));
    EXPECT_FALSE(comes("medium P08"));
    now_ = kMonday - milliseconds(1);
    quiet_.turn(*store_, marks_);
    EXPECT_THAT(sink_.told, IsEmpty());
    now_ = kMonday;
    quiet_.turn(*store_, marks_);
    EXPECT_THAT(sink_.told, ElementsAre(HasSubstr("3 notifications came in quiet hours")));
    EXPECT_THAT(sink_.facts, testing::Contains(testing::Pair("medium", "P08 (2)")));
    EXPECT_THAT(sink_.facts, testing::Contains(testing::Pair("info", "P16 (1)")));
    quiet_.turn(*store_, marks_);
    EXPECT_EQ(sink_.told.size(), 1U) << "once";
    EXPECT_TRUE(comes("info P16")) << "at work it is told at once";
}

TEST_F(QuietHours, an_immediate_one_is_never_held_whatever_is_configured) {
    options_.quiet->below = Severity::immediate;
    now_ = kSaturday;
    EXPECT_FALSE(comes("high P07"));
    EXPECT_TRUE(comes("immediate crs_grade_3"));
}

TEST_F(QuietHours, what_waits_is_told_after_a_restart) {
    now_ = kSaturday;
    EXPECT_FALSE(comes("medium P08"));
    QuietGate after_restart(options_, sink_, counters_);
    now_ = kMonday;
    after_restart.turn(*store_, marks_);
    EXPECT_THAT(sink_.told, ElementsAre(HasSubstr("1 notifications came in quiet hours")));
}

TEST_F(QuietHours, a_digest_that_was_not_taken_is_told_later) {
    now_ = kSaturday;
    EXPECT_FALSE(comes("medium P08"));
    now_ = kMonday;
    sink_.fate = Fate::again;
    quiet_.turn(*store_, marks_);
    EXPECT_THAT(sink_.told, IsEmpty());
    sink_.fate = Fate::delivered;
    now_ += options_.first_wait;
    quiet_.turn(*store_, marks_);
    EXPECT_EQ(sink_.told.size(), 1U);
}

TEST_F(QuietHours, programs_are_told_at_any_hour) {
    sink_.people = false;
    now_ = kSaturday;
    EXPECT_TRUE(comes("info P16"));
}

}  // namespace
}  // namespace cellvigil::alerts
