// Looks and alarms are the same whatever the batches and kills between: the closes they are taken from are at places of
// the log.
#include "daemon/pipeline/look_taker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "daemon/store/memory.h"
#include "rules/base/hash.h"
#include "tests/daemon/pipeline/ward.h"

namespace cellvigil::pipeline {
namespace {

constexpr std::uint32_t kPartitions = 3;

std::shared_ptr<const RuleSet> rules() {
    auto rules = std::make_shared<RuleSet>();
    rules->day_close = {.lateness_h = 6, .grace_h = 2, .activity_h = 48};
    return rules;
}

MonitorSpec monitor(ReportedEndpoint endpoint, MonitorMethod method, std::int64_t limit) {
    MonitorSpec spec;
    spec.id = row_of(endpoint).name;
    spec.cohort = "*";
    spec.endpoint = endpoint;
    spec.method = method;
    spec.limit_millionths = limit;
    spec.planned_subjects = 50;
    spec.planned_person_days = 10'000;
    return spec;
}
std::shared_ptr<const WatchPlan> watched(std::optional<std::int64_t> prior_thousandths = std::nullopt) {
    Catalogue catalogue;
    catalogue.cohorts.push_back({.id = "all", .products = {}, .studies = {}, .cohorts = {}, .sites = {}, .lots = {}});
    catalogue.cohorts.push_back(
        {.id = "site-a", .products = {}, .studies = {}, .cohorts = {}, .sites = {"a"}, .lots = {}});
    catalogue.monitors = {monitor(ReportedEndpoint::crs_any, MonitorMethod::beta_binomial, 300'000),
                          monitor(ReportedEndpoint::zoster_any, MonitorMethod::gamma_poisson, 50'000),
                          monitor(ReportedEndpoint::zoster_any, MonitorMethod::evalue_poisson, 50'000)};
    catalogue.monitors[2].id = "zoster-evalue";
    catalogue.monitors[2].alternative_millionths = 2'000'000;
    if (prior_thousandths)
        for (MonitorSpec& one : catalogue.monitors) one.prior_thousandths = prior_thousandths;
    return std::make_shared<const WatchPlan>(watch_plan(catalogue));
}

const Settings kSettings{.directory = ward::directory(), .rules = rules(), .plan = watched()};

std::string encode_alert(const AlertNews& news) { return name_of(news.change.alert.rule); }
std::string encode_signal(const SignalNews& news) {
    return std::string(news.watch.watch.monitor.id) + " " + std::to_string(static_cast<int>(news.standing)) + " " +
           std::to_string(news.through) + " " + std::to_string(news.found.signal.events) + " " +
           std::to_string(static_cast<int>(news.telling));
}

template <typename T>
T value_of(Result<T> result) {
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().detail);
    return result ? std::move(*result) : T{};
}

// A message as the log of its partition holds it; a copy stands in the others' logs without a position.
struct Entry {
    std::uint32_t partition = 0;
    std::int64_t position = 0;
    Instant appended{};
    ward::Line line;
    bool copy = false;
};

std::string beat_of(int number, const std::string& site, int minute) {
    return "b" + std::to_string(number) + "|h|1|c|" + site + "|c1|" + std::to_string(minute) + "|" +
           std::to_string(minute) + "|beat|";
}

// A ward's messages at the time they were written, and a heartbeat of each site every six hours in every partition's
// log.
std::vector<std::vector<Entry>> logs_of(std::uint64_t seed, int subjects, int facts) {
    std::vector<std::vector<Entry>> logs(kPartitions);
    Instant now = ward::kStart;
    Instant beat_at = ward::kStart;
    int beats = 0;
    const auto append = [&](std::uint32_t partition, const ward::Line& line, bool copy) {
        auto& log = logs[partition];
        const auto positions = std::count_if(log.begin(), log.end(), [](const Entry& one) { return !one.copy; });
        log.push_back({partition, positions, now, line, copy});
    };
    for (const ward::Line& line : ward::lines(seed, subjects, facts)) {
        std::vector<std::string> fields{""};
        for (const char c : line.value) {
            if (c == '|') {
                fields.emplace_back();
            } else {
                fields.back().push_back(c);
            }
        }
        if (fields.size() > 7) now = std::max(now, ward::kStart + minutes(std::stoi(fields[7])));
        for (; beat_at <= now; beat_at += hours(6)) {
            const int minute = static_cast<int>(std::chrono::duration_cast<minutes>(beat_at - ward::kStart).count());
            for (const std::string site : {"a", "b"}) {
                const ward::Line beat{"S/site/" + site, beat_of(beats++, site, minute)};
                const auto home = partition_of(beat.key, kPartitions);
                for (std::uint32_t i = 0; i < kPartitions; ++i) append(i, beat, i != home);
            }
        }
        append(partition_of(line.key, kPartitions), line, false);
    }
    return logs;
}

struct Outcome {
    std::vector<store::LookRow> looks;
    std::vector<store::DayCloseRow> closes;
    std::map<std::string, std::vector<std::string>> alarms;  // bodies by revision
    bool operator==(const Outcome&) const = default;
};

class Deployment {
  public:
    explicit Deployment(std::vector<std::vector<Entry>> logs)
        : logs_(std::move(logs)), database_(std::make_shared<store::MemoryDatabase>()), read_(kPartitions) {
        EXPECT_TRUE(store::open_memory(database_)->bind("embedded", kPartitions));
        restart();
    }

    // A crash: what was not committed is gone, copies among it, and is read again.
    void restart() {
        session_ = store::open_memory(database_);
        counters_ = std::make_unique<metrics::WorkerCounters>();
        process_ = std::make_unique<metrics::ProcessCounters>();
        ShardOptions options;
        options.settings = kSettings;
        options.encode_alert = encode_alert;
        shard_ = std::make_unique<Shard>(std::move(options), *session_, *counters_, *process_);
        taker_ = std::make_unique<LookTaker>(*session_, encode_signal);
        for (std::uint32_t i = 0; i < kPartitions; ++i) {
            EXPECT_TRUE(shard_->claim(i, "test"));
            EXPECT_TRUE(shard_->recover(i));
        }
        read_ = committed_;
    }

    bool done() const {
        for (std::uint32_t i = 0; i < kPartitions; ++i) {
            if (read_[i] < logs_[i].size()) return false;
        }
        return true;
    }
    // Some more of one partition's log.
    void offer(std::uint32_t partition, std::size_t at_most) {
        for (std::size_t n = 0; n < at_most && read_[partition] < logs_[partition].size(); ++n) {
            const Entry& entry = logs_[partition][read_[partition]++];
            const ingest::MessageView view{.partition = partition,
                                           .partition_count = kPartitions,
                                           .position = entry.position,
                                           .appended_at = entry.appended,
                                           .key = entry.line.key,
                                           .headers = {},
                                           .value = entry.line.value};
            EXPECT_EQ(shard_->take({.message = view, .copy = entry.copy}), Taken::done);
        }
    }
    void commit() {
        Batch batch = shard_->close();
        ASSERT_TRUE(session_->write(batch.commit));
        shard_->settled(batch, {});
        for (const Mark& mark : batch.recovery_points)
            EXPECT_TRUE(session_->set_recovery_point(mark.partition, mark.position));
        committed_ = read_;
    }
    // `kept` false: the process ended before the commit.
    std::size_t look(std::size_t at_most = 1000, bool kept = true) {
        const Batch batch = value_of(taker_->take(kSettings, at_most));
        if (!kept) {
            taker_ = std::make_unique<LookTaker>(*session_, encode_signal);
            return 0;
        }
        EXPECT_TRUE(session_->write(batch.commit));
        return batch.commit.looks.size();
    }
    std::uint64_t late() const { return counters_->late_facts.get(); }
    LookTaker& taker() { return *taker_; }
    Shard& shard() { return *shard_; }
    store::Store& session() { return *session_; }

    Outcome outcome() {
        Outcome out;
        out.looks = value_of(session_->looks(-1, 100'000));
        for (auto& close : value_of(session_->day_closes(0, 100'000))) out.closes.push_back(std::move(close.row));
        std::sort(out.closes.begin(), out.closes.end(), [](const auto& a, const auto& b) {
            return std::pair(a.partition, a.through) < std::pair(b.partition, b.through);
        });
        for (const auto& row : value_of(session_->alerts_of(""))) {
            for (const auto& revision : value_of(session_->alert_history(row.alert_id)))
                out.alarms[row.alert_id].push_back(revision.row.body);
        }
        return out;
    }

  private:
    std::vector<std::vector<Entry>> logs_;
    std::shared_ptr<store::MemoryDatabase> database_;
    std::vector<std::size_t> read_;
    std::vector<std::size_t> committed_ = std::vector<std::size_t>(kPartitions);
    std::unique_ptr<store::Store> session_;
    std::unique_ptr<metrics::WorkerCounters> counters_;
    std::unique_ptr<metrics::ProcessCounters> process_;
    std::unique_ptr<Shard> shard_;
    std::unique_ptr<LookTaker> taker_;
};

// Everything at once, one partition after the other, and all looks at the end.
Outcome in_one_pass(const std::vector<std::vector<Entry>>& logs) {
    Deployment deployment(logs);
    for (std::uint32_t i = 0; i < kPartitions; ++i) deployment.offer(i, 1'000'000);
    deployment.commit();
    deployment.look();
    return deployment.outcome();
}

// From a broker the number of partitions is learnt with the first assignment, after the first look at what is there.
TEST(LookTaker, looked_at_before_the_partitions_are_known_it_looks_when_they_are) {
    const auto database = std::make_shared<store::MemoryDatabase>();
    const auto session = store::open_memory(database);
    LookTaker taker(*session, encode_signal);
    EXPECT_TRUE(value_of(taker.take(kSettings, 100)).commit.looks.empty());
    ASSERT_TRUE(store::open_memory(database)->bind("kafka:events", 2));
    store::Commit commit;
    for (const std::uint32_t partition : {0U, 1U}) {
        store::DayCloseRow close;
        close.partition = partition;
        close.first_day = close.through = 20'000;
        commit.day_closes.push_back(close);
    }
    ASSERT_TRUE(store::open_memory(database)->write(commit));
    const Batch batch = value_of(taker.take(kSettings, 100));
    ASSERT_EQ(batch.commit.looks.size(), 1U);
    EXPECT_EQ(batch.commit.looks[0].day, 20'000);
}

TEST(LookTaker, the_ward_of_these_tests_closes_days_and_crosses) {
    const Outcome outcome = in_one_pass(logs_of(11, 14, 120));
    EXPECT_GT(outcome.looks.size(), 4U);
    EXPECT_GT(outcome.closes.size(), 3 * outcome.looks.size() - 1);
    EXPECT_FALSE(outcome.alarms.empty());
    EXPECT_GT(outcome.looks.back().late, 0);
    for (std::size_t i = 1; i < outcome.looks.size(); ++i)
        EXPECT_EQ(outcome.looks[i].day, outcome.looks[i - 1].day + 1);
    std::set<std::string> sums;
    for (const auto& look : outcome.looks) sums.insert(look.sums);
    EXPECT_GT(sums.size(), 3U);
}

class LookTakerLaw : public testing::TestWithParam<std::uint64_t> {};

TEST_P(LookTakerLaw, batches_kills_and_the_pace_of_looks_do_not_matter) {
    std::mt19937_64 random(GetParam());
    const auto roll = [&](std::size_t below) { return std::size_t{random() % below}; };
    const auto logs = logs_of(GetParam(), static_cast<int>(2 + roll(8)), static_cast<int>(30 + roll(70)));
    const Outcome expected = in_one_pass(logs);
    EXPECT_GT(expected.looks.size(), 0U);
    Deployment deployment(logs);
    const std::size_t most = 20 + roll(200);  // messages of a batch
    while (!deployment.done()) {
        deployment.offer(static_cast<std::uint32_t>(roll(kPartitions)), 1 + roll(most));
        switch (roll(8)) {
            case 0:
                deployment.restart();
                break;
            case 1:
            case 2:
                deployment.commit();
                break;
            case 3:
                deployment.commit();
                deployment.restart();
                break;
            case 4:
                deployment.look(1);
                break;
            case 5:
                deployment.look(1000, false);
                break;
            case 6:
                deployment.look();
                break;
            default:
                break;
        }
    }
    deployment.commit();
    while (deployment.look(3) > 0) {
    }
    const Outcome found = deployment.outcome();
    ASSERT_EQ(found.closes.size(), expected.closes.size());
    for (std::size_t i = 0; i < found.closes.size(); ++i) {
        ASSERT_EQ(found.closes[i], expected.closes[i])
            << "partition " << found.closes[i].partition << " through " << found.closes[i].through << " at "
            << found.closes[i].position << " and " << expected.closes[i].position << ", late " << found.closes[i].late
            << " and " << expected.closes[i].late;
    }
    EXPECT_EQ(found.looks, expected.looks);
    EXPECT_EQ(found.alarms, expected.alarms);
}
INSTANTIATE_TEST_SUITE_P(Seeds, LookTakerLaw, testing::Range<std::uint64_t>(1, 21));

// Nobody has written into the partition: it closes with the others, by a record that stands before it counts.
TEST(LookTaker, a_partition_without_sites_is_ticked_and_closes_with_the_others) {
    auto logs = logs_of(5, 10, 80);
    std::erase_if(logs[1], [](const Entry&) { return true; });
    Deployment deployment(logs);
    for (std::uint32_t i = 0; i < kPartitions; ++i) deployment.offer(i, 1'000'000);
    deployment.commit();
    EXPECT_EQ(deployment.look(), 0U);
    const auto behind = deployment.taker().behind(kSettings.rules->day_close);
    ASSERT_EQ(behind.size(), 1U);
    EXPECT_EQ(behind[0].partition, 1U);
    deployment.shard().tick(1, behind[0].through, ward::kStart + hours(24 * 30));
    deployment.commit();
    EXPECT_GT(deployment.look(), 0U);
    EXPECT_TRUE(deployment.taker().behind(kSettings.rules->day_close).empty());
    const auto closes = deployment.outcome().closes;
    const auto silent =
        std::find_if(closes.begin(), closes.end(), [](const auto& close) { return close.partition == 1; });
    ASSERT_NE(silent, closes.end());
    EXPECT_TRUE(silent->silent);
    EXPECT_EQ(silent->through, behind[0].through);
}

// What crosses between two looks stands as provisional; the next look confirms it, with the formal alarm beside it, or
// withdraws it.
TEST(LookTaker, provisional_alarms_are_settled_by_the_next_look) {
    const auto logs = logs_of(11, 14, 120);
    const Outcome whole = in_one_pass(logs);
    ASSERT_FALSE(whole.alarms.empty());
    Deployment deployment(logs);
    std::vector<WatchSignal> live;
    std::set<std::string> raised;
    while (!deployment.done()) {
        for (std::uint32_t i = 0; i < kPartitions; ++i) deployment.offer(i, 15);
        deployment.commit();
        deployment.look();
        const auto prepared = deployment.taker().prepared(kSettings);
        live.assign(prepared->watches.size(), {});
        for (auto& signal : live) signal.signal.crossed = Crossing{1, 1, 0, 1};  // as if everything crossed
        const Batch batch = value_of(deployment.taker().provisional(kSettings, live, 20'000, ward::kStart));
        for (const auto& row : batch.commit.alerts) {
            EXPECT_EQ(row.revision, 1U);
            EXPECT_TRUE(raised.insert(row.alert_id).second) << "raised twice";
        }
        ASSERT_TRUE(deployment.session().write(batch.commit));
    }
    ASSERT_FALSE(raised.empty());
    std::size_t confirmed = 0;
    std::size_t withdrawn = 0;
    for (const std::string& id : raised) {
        const auto history = value_of(deployment.session().alert_history(id));
        ASSERT_FALSE(history.empty());
        EXPECT_NE(history[0].row.body.find(" 1 "), std::string::npos);
        if (history.size() < 2) continue;  // since the last look
        EXPECT_EQ(history.size(), 2U);
        EXPECT_EQ(history[0].row.state, store::AlertState::provisional);
        EXPECT_EQ(history[1].row.state, store::AlertState::withdrawn);
        confirmed += history[1].row.body.find(" 2 ") != std::string::npos ? 1U : 0U;
        withdrawn += history[1].row.body.find(" 3 ") != std::string::npos ? 1U : 0U;
    }
    EXPECT_GT(confirmed, 0U);
    EXPECT_GT(withdrawn, 0U);
    const Outcome outcome = deployment.outcome();
    EXPECT_EQ(outcome.looks, whole.looks);
    for (const auto& [id, bodies] : whole.alarms) EXPECT_EQ(outcome.alarms.at(id), bodies);
}

// A day of one partition: so many infused and with CRS more (or, by a correction, less) than the day before.
void close_day(store::Store& session, CalendarDay day, std::int64_t infused, std::int64_t events) {
    store::DayCloseRow close;
    close.partition = 0;
    close.first_day = close.through = day;
    close.log_time = start_of(SiteDate(days(day + 1)), UtcOffset(0));
    if (infused != 0) close.deltas.push_back({"all", "calendar/crs_any/infused", 19'000, infused});
    if (events != 0) close.deltas.push_back({"all", "calendar/crs_any/known_events", 19'000, events});
    store::Commit commit;
    commit.day_closes.push_back(close);
    ASSERT_TRUE(session.write(commit));
}

// Each look by a taker of its own, as after a restart.
TEST(LookTaker, an_alarm_fires_again_by_further_events_and_by_a_crossing_after_it_had_cleared) {
    const auto database = std::make_shared<store::MemoryDatabase>();
    ASSERT_TRUE(store::open_memory(database)->bind("embedded", 1));
    const auto session = store::open_memory(database);
    CalendarDay day = 20'000;
    const auto look = [&](std::int64_t infused, std::int64_t events) {
        close_day(*session, day++, infused, events);
        LookTaker taker(*session, encode_signal);
        const Batch batch = value_of(taker.take(kSettings, 10));
        ASSERT_EQ(batch.commit.looks.size(), 1U);
        ASSERT_TRUE(session->write(batch.commit));
    };
    const std::string id = LookTaker(*session, encode_signal).prepared(kSettings)->watches[0].alarm_id;
    look(20, 2);
    look(0, 16);   // crosses
    look(0, -1);   // still
    look(0, 1);    // as many as before
    look(10, 1);   // further
    look(0, -18);  // corrected
    look(0, 0);
    look(0, 18);  // again
    const auto rows = value_of(session->actions_of(id));
    std::vector<ActionKind> kinds;
    for (const store::ActionRow& row : rows) kinds.push_back(row.action.kind);
    using enum ActionKind;
    EXPECT_EQ(kinds, (std::vector{raise, worsen, clear, raise}));
    const auto history = value_of(session->alert_history(id));
    ASSERT_EQ(history.size(), 4U);
    using enum store::AlertState;
    EXPECT_EQ(history[1].row.state, raised);
    EXPECT_EQ(history[2].row.state, cleared);
    EXPECT_EQ(history[3].row.state, raised);
}

// What an inspector would try: the prior is changed after an alarm. The alarm keeps the prior of its day, and the
// present one says of the same counts what it says.
TEST(LookTaker, scenario_10_another_prior_after_the_alarm_leaves_the_alarm_as_it_was_and_is_heard_beside_it) {
    Deployment deployment(logs_of(11, 14, 120));
    for (std::uint32_t i = 0; i < kPartitions; ++i) deployment.offer(i, 1'000'000);
    deployment.commit();
    while (deployment.outcome().alarms.empty()) ASSERT_EQ(deployment.look(1), 1U) << "no alarm with the first prior";
    const auto alarms = deployment.outcome().alarms;
    const auto raised_in = [&] {
        std::vector<store::AuditRow> rows;
        for (const store::AuditEntry& entry : value_of(deployment.session().audit_from(0, 10'000)))
            if (entry.row.what == "alert.raised" && alarms.contains(entry.row.object)) rows.push_back(entry.row);
        return rows;
    };
    const auto entries = raised_in();
    ASSERT_FALSE(entries.empty());
    EXPECT_NE(entries[0].detail.find(R"("pack_hash":"built-in")"), std::string::npos);

    auto second = std::make_shared<RuleSet>(*kSettings.rules);
    second->pack = "second";
    second->hash = "of-the-second";
    const Settings changed{.directory = kSettings.directory,
                           .rules = second,
                           .plan = watched(400'000)};  // as if 400 subjects were known before
    const Batch batch = value_of(deployment.taker().take(changed, 1000));
    ASSERT_TRUE(deployment.session().write(batch.commit));
    ASSERT_FALSE(batch.commit.looks.empty()) << "days are left to be looked at";
    for (const store::LookRow& look : batch.commit.looks) EXPECT_EQ(look.pack_hash, "of-the-second");

    const auto now = deployment.outcome().alarms;
    for (const auto& [alarm, revisions] : alarms) {
        ASSERT_TRUE(now.contains(alarm)) << "nothing is deleted";
        EXPECT_EQ(now.at(alarm)[0], revisions[0]) << "as it was raised";
    }
    EXPECT_EQ(raised_in()[0].detail, entries[0].detail);
    EXPECT_EQ(raised_in()[0].detail.find("of-the-second"), std::string::npos);

    // The same counts under the one and the other prior.
    const DayLook& last = *deployment.taker().last();
    const auto prepared = deployment.taker().prepared(changed);
    Deployment before(logs_of(11, 14, 120));
    for (std::uint32_t i = 0; i < kPartitions; ++i) before.offer(i, 1'000'000);
    before.commit();
    before.look();
    const DayLook& first = *before.taker().last();
    ASSERT_EQ(last.signals.size(), first.signals.size());
    bool other = false;
    for (std::size_t i = 0; i < last.signals.size(); ++i) {
        EXPECT_EQ(last.signals[i].signal.events, first.signals[i].signal.events);
        other = other || last.signals[i].signal.posterior != first.signals[i].signal.posterior;
    }
    EXPECT_TRUE(other) << "the new prior has its own word on them";
    EXPECT_TRUE(std::any_of(prepared->watches.begin(), prepared->watches.end(),
                            [&](const PreparedWatch& one) { return one.watch.monitor.prior_thousandths == 400'000; }));
}

}  // namespace
}  // namespace cellvigil::pipeline
