#include "daemon/alerts/dispatcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "daemon/alerts/sinks.h"
#include "daemon/log/log.h"
#include "daemon/store/memory.h"

namespace cellvigil::alerts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Clock = std::chrono::steady_clock;

// A sink that does as it is told and remembers what it took.
class ToldSink final : public Sink {
  public:
    struct Memory {
        std::mutex mutex;
        std::vector<std::string> taken;
        std::vector<std::string> tried;  // the first of every deliver
        std::function<Attempt(const std::vector<Notification>&)> behave;
        std::size_t batch = 4;
        bool digest = false;
        Fate announces = Fate::delivered;
        std::vector<std::string> announced;
        std::size_t standing = 0;
        std::optional<Attempt> upkeep;
    };
    ToldSink(std::string name, std::shared_ptr<Memory> memory) : name_(std::move(name)), memory_(std::move(memory)) {}
    std::string name() const override { return name_; }
    std::size_t batch() const override { return memory_->batch; }
    void cancel() override { cancelled_ = true; }
    bool takes_digest() const override { return memory_->digest; }
    Attempt announce(const Announcement& announcement) override {
        const std::lock_guard lock(memory_->mutex);
        memory_->announced.push_back(announcement.id + " " + announcement.title);
        Attempt attempt;
        attempt.fate = memory_->announces;
        return attempt;
    }
    std::optional<Attempt> upkeep(Marks& marks) override {
        const std::lock_guard lock(memory_->mutex);
        memory_->standing = marks.raised()->size();
        return memory_->upkeep;
    }
    Attempt deliver(const std::vector<Notification>& batch, Marks&) override {
        std::unique_lock lock(memory_->mutex);
        memory_->tried.push_back(batch.front().id);
        const auto behave = memory_->behave;
        lock.unlock();
        Attempt attempt;
        if (behave) {
            attempt = behave(batch);
        } else {
            attempt.delivered = batch.size();
        }
        lock.lock();
        for (std::size_t i = 0; i < attempt.delivered; ++i) memory_->taken.push_back(batch[i].id);
        return attempt;
    }

  private:
    const std::string name_;
    const std::shared_ptr<Memory> memory_;
    bool cancelled_ = false;
};

Attempt failing(Fate fate, std::optional<milliseconds> retry_after = std::nullopt) {
    Attempt attempt;
    attempt.fate = fate;
    attempt.retry_after = retry_after;
    attempt.detail = "told so";
    return attempt;
}

class Dispatching : public testing::Test {
  protected:
    Dispatching() {
        log::Options quiet;
        quiet.sink = [this](std::string_view line) {
            const std::lock_guard lock(mutex_);
            log_.emplace_back(line);
        };
        log::configure(quiet);
    }
    ~Dispatching() override {
        dispatcher_.reset();
        log::configure({});
    }

    std::shared_ptr<ToldSink::Memory> sink(const std::string& name) {
        auto memory = std::make_shared<ToldSink::Memory>();
        sinks_.push_back(std::make_unique<ToldSink>(name, memory));
        return memory;
    }
    void start() {
        DispatcherOptions options;
        options.open_store = [this]() -> Result<std::unique_ptr<store::Store>> {
            return store::open_memory(database_);
        };
        options.counters = [this](std::string_view name) -> metrics::ChannelCounters& {
            const std::lock_guard lock(mutex_);
            return counters_[std::string(name)];
        };
        options.poll = milliseconds(20);
        options.first_wait = milliseconds(4);
        options.longest_wait = milliseconds(40);
        options.refusals = 3;
        options.give_up = give_up_;
        options.keep = keep_;
        options.digest = {
            .hour = 6, .offset = minutes(120), .make = [](store::Store& store) -> Result<Announcement> {
                return Announcement{
                    .id = {}, .at = {}, .title = std::to_string(store.counts()->alerts.size()), .facts = {}};
            }};
        options.now = [this] { return Instant(milliseconds(now_.load())); };
        dispatcher_ = std::make_unique<Dispatcher>(std::move(options), std::exchange(sinks_, {}));
        dispatcher_->start();
    }
    void write(const std::vector<std::string>& ids) {
        store::Commit commit;
        for (const std::string& id : ids)
            commit.outbox.push_back({id, id.substr(0, id.find('.')), "body " + id, Instant(seconds(99))});
        ASSERT_TRUE(store::open_memory(database_)->write(commit).has_value());
        if (dispatcher_) dispatcher_->wake();
    }
    static std::vector<std::string> taken(ToldSink::Memory& memory) {
        const std::lock_guard lock(memory.mutex);
        return memory.taken;
    }
    static std::vector<std::string> announced(ToldSink::Memory& memory) {
        const std::lock_guard lock(memory.mutex);
        return memory.announced;
    }
    static void behave(ToldSink::Memory& memory, std::function<Attempt(const std::vector<Notification>&)> how) {
        const std::lock_guard lock(memory.mutex);
        memory.behave = std::move(how);
    }
    static bool eventually(const std::function<bool()>& holds) {
        for (const auto until = Clock::now() + seconds(5); Clock::now() < until;
             std::this_thread::sleep_for(milliseconds(1)))
            if (holds()) return true;
        return false;
    }
    std::int64_t delivered_upto(const std::string& name) {
        return store::open_memory(database_)->delivered_upto(name).value();
    }
    std::string log() {
        const std::lock_guard lock(mutex_);
        std::string all;
        for (const std::string& line : log_) all += line;
        return all;
    }

    std::shared_ptr<store::MemoryDatabase> database_ = std::make_shared<store::MemoryDatabase>();
    std::mutex mutex_;
    std::vector<std::string> log_;
    std::map<std::string, metrics::ChannelCounters> counters_;
    std::atomic<std::int64_t> now_{100'000};
    milliseconds give_up_ = hours(1);
    milliseconds keep_{0};
    std::vector<std::unique_ptr<Sink>> sinks_;
    std::unique_ptr<Dispatcher> dispatcher_;
};

TEST_F(Dispatching, every_sink_gets_everything_in_order_and_the_cursor_follows) {
    const auto a = sink("a");
    const auto b = sink("b");
    write({"1.1", "2.1", "3.1"});
    start();
    write({"4.1", "5.1", "6.1"});
    EXPECT_TRUE(dispatcher_->drain(seconds(5)));
    EXPECT_THAT(taken(*a), ElementsAre("1.1", "2.1", "3.1", "4.1", "5.1", "6.1"));
    EXPECT_EQ(taken(*a), taken(*b));
    EXPECT_EQ(delivered_upto("a"), delivered_upto("b"));
    EXPECT_EQ(counters_["a"].notifications[0].get(), 6U);
    EXPECT_EQ(counters_["a"].delay.bucket(6), 6U) << "a second each";
    EXPECT_EQ(counters_["a"].queue_entries.get(), 0);
    EXPECT_EQ(counters_["a"].oldest_created_ms.get(), 0);
}

TEST_F(Dispatching, goes_on_where_it_stood_after_a_restart) {
    auto a = sink("a");
    write({"1.1", "2.1"});
    start();
    EXPECT_TRUE(dispatcher_->drain(seconds(5)));
    dispatcher_.reset();
    a = sink("a");
    const auto fresh = sink("fresh");
    write({"3.1"});
    start();
    EXPECT_TRUE(dispatcher_->drain(seconds(5)));
    EXPECT_THAT(taken(*a), ElementsAre("3.1"));
    EXPECT_THAT(taken(*fresh), ElementsAre("1.1", "2.1", "3.1"));
}

TEST_F(Dispatching, a_sink_that_is_down_delays_no_other_and_loses_nothing) {
    const auto down = sink("down");
    const auto up = sink("up");
    down->behave = [](const auto&) { return failing(Fate::again); };
    start();
    write({"1.1", "2.1"});
    EXPECT_TRUE(eventually([&] { return taken(*up).size() == 2; }));
    EXPECT_TRUE(eventually([&] { return counters_["down"].notifications[1].get() >= 3; }));
    EXPECT_EQ(counters_["down"].queue_entries.get(), 2);
    EXPECT_EQ(counters_["down"].oldest_created_ms.get(), 99'000);
    EXPECT_FALSE(dispatcher_->drain(milliseconds(20)));
    EXPECT_GE(dispatcher_->status()[0].failures, 3U);
    EXPECT_EQ(dispatcher_->status()[0].last_error, "told so");
    behave(*down, nullptr);
    EXPECT_TRUE(dispatcher_->drain(seconds(5)));
    EXPECT_THAT(taken(*down), ElementsAre("1.1", "2.1"));
    EXPECT_EQ(dispatcher_->status()[0].failures, 0U);
}

TEST_F(Dispatching, what_was_taken_before_a_failure_is_not_sent_again) {
    const auto a = sink("a");
    a->behave = [first = std::make_shared<bool>(true)](const std::vector<Notification>& batch) {
        Attempt attempt = *first ? failing(Fate::again) : Attempt{};
        attempt.delivered = *first ? 2 : batch.size();
        *first = false;
        return attempt;
    };
    write({"1.1", "2.1", "3.1", "4.1"});
    start();
    EXPECT_TRUE(dispatcher_->drain(seconds(5)));
    EXPECT_THAT(taken(*a), ElementsAre("1.1", "2.1", "3.1", "4.1"));
}

TEST_F(Dispatching, a_refused_notification_is_tried_then_passed_over_and_told) {
    const auto a = sink("a");
    a->batch = 1;
    a->behave = [](const std::vector<Notification>& batch) {
        if (batch[0].id == "2.1") return failing(Fate::refused);
        Attempt attempt;
        attempt.delivered = 1;
        return attempt;
    };
    write({"1.1", "2.1", "3.1"});
    start();
    EXPECT_TRUE(dispatcher_->drain(seconds(5)));
    EXPECT_THAT(taken(*a), ElementsAre("1.1", "3.1"));
    EXPECT_THAT(a->tried, ElementsAre("1.1", "2.1", "2.1", "2.1", "3.1"));
    EXPECT_EQ(counters_["a"].notifications[static_cast<std::size_t>(metrics::Delivery::failed)].get(), 1U);
    EXPECT_THAT(log(), HasSubstr(R"("event":"notification_passed_over")"));
    EXPECT_EQ(delivered_upto("a"), 3);
    EXPECT_EQ(dispatcher_->status()[0].passed_over, 1U);
    const auto audit = store::open_memory(database_)->audit(10).value();
    ASSERT_THAT(audit, SizeIs(1));
    EXPECT_EQ(audit[0].what, "notification.passed_over");
    EXPECT_EQ(audit[0].object, "2.1");
    EXPECT_EQ(audit[0].detail, R"({"channel":"a","why":"told so"})");
}

TEST_F(Dispatching, what_an_endpoint_that_is_there_does_not_take_for_days_is_passed_over) {
    const auto there = sink("there");
    const auto away = sink("away");
    there->batch = 1;
    there->behave = [](const std::vector<Notification>& batch) {
        Attempt attempt = failing(Fate::again);
        attempt.answered = true;
        if (batch[0].id == "2.1") {
            attempt = Attempt{};
            attempt.delivered = 1;
        }
        return attempt;
    };
    away->behave = [](const auto&) { return failing(Fate::again); };
    start();
    write({"1.1", "2.1"});
    EXPECT_TRUE(eventually([&] { return counters_["there"].notifications[1].get() >= 2; }));
    EXPECT_THAT(taken(*there), IsEmpty());
    now_ += 3'600'000;
    EXPECT_TRUE(eventually([&] { return taken(*there).size() == 1; }));
    EXPECT_THAT(taken(*there), ElementsAre("2.1"));
    EXPECT_THAT(taken(*away), IsEmpty());
    EXPECT_EQ(delivered_upto("away"), 0) << "nobody said anything: tried for ever";
}

TEST_F(Dispatching, one_digest_a_day_from_its_hour_on_over_restarts) {
    const auto a = sink("a");
    const auto none = sink("none");
    a->digest = true;
    now_ = 86'400'000LL * 20'000 + 3'600'000LL * 3;  // 05:00 by the offset
    start();
    EXPECT_TRUE(eventually([&] { return !announced(*a).empty(); })) << "yesterday's was not told yet";
    EXPECT_TRUE(dispatcher_->drain(seconds(5)));
    EXPECT_THAT(announced(*a), ElementsAre("digest.2024-10-03 0"));
    dispatcher_.reset();
    const auto again = sink("a");
    again->digest = true;
    start();
    EXPECT_TRUE(dispatcher_->drain(seconds(5)));
    EXPECT_THAT(announced(*again), IsEmpty());
    now_ += 3'600'000;  // 06:00
    EXPECT_TRUE(eventually([&] { return announced(*again).size() == 1; }));
    EXPECT_THAT(announced(*again), ElementsAre("digest.2024-10-04 0"));
    EXPECT_THAT(announced(*none), IsEmpty());
}

TEST_F(Dispatching, a_digest_that_is_refused_is_tried_some_times_and_delays_no_alert) {
    const auto a = sink("a");
    a->digest = true;
    a->announces = Fate::refused;
    now_ = 86'400'000LL * 20'000 + 3'600'000LL * 5;
    start();
    write({"1.1"});
    EXPECT_TRUE(dispatcher_->drain(seconds(5)));
    EXPECT_THAT(taken(*a), ElementsAre("1.1"));
    EXPECT_TRUE(eventually([&] {
        now_ += 100;
        return announced(*a).size() == 3;
    }));
    now_ += 1000;
    EXPECT_TRUE(dispatcher_->drain(seconds(5)));
    EXPECT_THAT(announced(*a), SizeIs(3));
    EXPECT_THAT(log(), HasSubstr(R"("event":"digest_given_up")"));
}

TEST_F(Dispatching, upkeep_sees_what_stands_and_its_failure_delays_no_alert) {
    const auto a = sink("a");
    a->upkeep = failing(Fate::again);
    store::Commit commit;
    commit.alerts.resize(2);
    commit.alerts[0].alert_id = "1";
    commit.alerts[1].alert_id = "2";
    commit.alerts[1].state = store::AlertState::withdrawn;
    ASSERT_TRUE(store::open_memory(database_)->write(commit).has_value());
    start();
    write({"1.1"});
    EXPECT_TRUE(dispatcher_->drain(seconds(5)));
    EXPECT_THAT(taken(*a), ElementsAre("1.1"));
    const std::lock_guard lock(a->mutex);
    EXPECT_EQ(a->standing, 1U);
}

TEST_F(Dispatching, old_notifications_are_pruned_once_every_sink_is_past_them) {
    keep_ = hours(24);
    const auto a = sink("a");
    const auto slow = sink("slow");
    slow->behave = [](const auto&) { return failing(Fate::again); };
    start();
    write({"1.1"});
    EXPECT_TRUE(eventually([&] { return taken(*a).size() == 1; }));
    const auto left = [&] { return store::open_memory(database_)->outbox_after(0, 10)->size(); };
    now_ += 86'400'000LL * 2;
    EXPECT_TRUE(dispatcher_->status()[1].failures > 0 ||
                eventually([&] { return dispatcher_->status()[1].failures > 0; }));
    EXPECT_EQ(left(), 1U) << "the slow one has not had it";
    behave(*slow, nullptr);
    EXPECT_TRUE(dispatcher_->drain(seconds(5)));
    now_ += 3'600'000;  // the pruner's next turn
    EXPECT_TRUE(eventually([&] { return left() == 0; }));
}

TEST_F(Dispatching, an_endpoint_that_is_gone_is_disabled_and_told) {
    const auto gone = sink("gone");
    const auto up = sink("up");
    gone->behave = [](const auto&) { return failing(Fate::gone); };
    start();
    write({"1.1"});
    EXPECT_TRUE(dispatcher_->drain(seconds(5)));
    write({"2.1"});
    EXPECT_TRUE(dispatcher_->drain(seconds(5)));
    EXPECT_TRUE(eventually([&] { return taken(*up).size() == 2; }));
    EXPECT_THAT(gone->tried, SizeIs(1));
    EXPECT_TRUE(dispatcher_->status()[0].disabled);
    EXPECT_EQ(counters_["gone"].disabled.get(), 1);
    EXPECT_EQ(delivered_upto("gone"), 0) << "sent after the next start";
    EXPECT_THAT(log(), HasSubstr(R"("event":"sink_disabled")"));
}

TEST_F(Dispatching, a_retry_after_is_heeded_up_to_the_longest_wait) {
    const auto a = sink("a");
    a->behave = [](const auto&) { return failing(Fate::again, hours(1)); };
    start();
    write({"1.1"});
    EXPECT_TRUE(eventually([&] { return counters_["a"].notifications[1].get() == 1; }));
    const auto began = Clock::now();
    EXPECT_TRUE(eventually([&] { return counters_["a"].notifications[1].get() == 2; }));
    EXPECT_GE(Clock::now() - began, milliseconds(25)) << "longest_wait is 40 ms; without the header 4 ms";
}

TEST_F(Dispatching, stopping_does_not_wait_for_a_back_off) {
    const auto a = sink("a");
    a->behave = [](const auto&) { return failing(Fate::again); };
    start();
    write({"1.1"});
    EXPECT_TRUE(eventually([&] { return counters_["a"].notifications[1].get() >= 1; }));
    const auto began = Clock::now();
    dispatcher_->stop();
    EXPECT_LT(Clock::now() - began, seconds(1));
}

TEST_F(Dispatching, rows_are_found_without_being_woken) {
    const auto a = sink("a");
    start();
    store::Commit commit;
    commit.outbox.push_back({"1.1", "1", "body", Instant{}});
    ASSERT_TRUE(store::open_memory(database_)->write(commit).has_value());
    EXPECT_TRUE(eventually([&] { return taken(*a).size() == 1; }));
}

TEST_F(Dispatching, drain_waits_for_what_is_written_before_it) {
    const auto a = sink("a");
    a->behave = [](const std::vector<Notification>& batch) {
        std::this_thread::sleep_for(milliseconds(10));
        Attempt attempt;
        attempt.delivered = batch.size();
        return attempt;
    };
    start();
    for (int i = 1; i <= 10; ++i) {
        write({std::to_string(i) + ".1"});
        EXPECT_TRUE(dispatcher_->drain(seconds(5)));
        EXPECT_THAT(taken(*a), SizeIs(i));
    }
}

TEST_F(Dispatching, the_log_sink_tells_every_alert) {
    sinks_.push_back(make_log_sink([](std::string_view body) -> Result<Thin> {
        Thin thin;
        thin.state = body == "body 2.1" ? "withdrawn" : "raised";
        thin.rule = "herpes_zoster";
        return thin;
    }));
    std::vector<std::string> many{"1.1", "2.1"};
    for (int i = 3; i <= 40; ++i) many.push_back(std::to_string(i) + ".1");
    write(many);
    start();
    EXPECT_TRUE(dispatcher_->drain(seconds(5)));
    const std::string text = log();
    EXPECT_EQ(std::ranges::count(text, '\n'), 40) << "none is left out as a repeat";
    EXPECT_THAT(
        text, HasSubstr(R"("event":"alert_withdrawn","msg":"corrections took an alert's cause away","alert_id":"2")"));
    EXPECT_THAT(
        text,
        HasSubstr(
            R"("event":"alert_raised","msg":"an alert was raised","alert_id":"3","revision":1,"rule":"herpes_zoster")"));
}

}  // namespace
}  // namespace cellvigil::alerts
