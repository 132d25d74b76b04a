// What must hold of the state, the alerts and the journal, whatever the batches, restarts and faults: one pass and many
// passes agree.
#include "daemon/pipeline/shard.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "daemon/pipeline/calendar_cells.h"
#include "daemon/store/memory.h"
#include "rules/base/hash.h"
#include "tests/daemon/pipeline/ward.h"

namespace cellvigil::pipeline {
namespace {

constexpr std::uint32_t kPartitions = 3;
const std::shared_ptr<const RuleSet> kRules = std::make_shared<RuleSet>();

MonitorSpec monitor(ReportedEndpoint endpoint, MonitorMethod method) {
    MonitorSpec spec;
    spec.id = row_of(endpoint).name;
    spec.cohort = "*";
    spec.endpoint = endpoint;
    spec.method = method;
    spec.limit_millionths = 50'000;
    spec.planned_subjects = 50;
    spec.planned_person_days = 10'000;
    return spec;
}
std::shared_ptr<const WatchPlan> watched() {
    Catalogue catalogue;
    catalogue.cohorts.push_back({.id = "all", .products = {}, .studies = {}, .cohorts = {}, .sites = {}, .lots = {}});
    catalogue.cohorts.push_back(
        {.id = "site-a", .products = {}, .studies = {}, .cohorts = {}, .sites = {"a"}, .lots = {}});
    catalogue.monitors = {monitor(ReportedEndpoint::crs_3, MonitorMethod::beta_binomial),
                          monitor(ReportedEndpoint::zoster_any, MonitorMethod::gamma_poisson),
                          monitor(ReportedEndpoint::death_day_30, MonitorMethod::beta_binomial)};
    for (const ScreenMethod method : {ScreenMethod::site_outlier, ScreenMethod::lot_scan, ScreenMethod::reporting_delay,
                                      ScreenMethod::completeness, ScreenMethod::prr}) {
        ScreenSpec screen;
        screen.id = name_of(method);
        screen.cohort = "*";
        screen.method = method;
        screen.endpoint = ReportedEndpoint::zoster_any;
        catalogue.screens.push_back(screen);
    }
    return std::make_shared<const WatchPlan>(watch_plan(catalogue));
}
const std::shared_ptr<const WatchPlan> kPlan = watched();

std::string encode(const AlertNews& news) {
    return std::string(name_of(news.change.alert.rule)) + " revision " + std::to_string(news.change.revision) +
           " grade " + std::to_string(news.change.alert.grade_upper);
}

template <typename T>
T value_of(Result<T> result) {
    EXPECT_TRUE(result.has_value());
    return result ? std::move(*result) : T{};
}

ShardOptions options(std::shared_ptr<const ingest::Directory> directory) {
    ShardOptions options;
    options.settings = {.directory = std::move(directory), .rules = kRules, .plan = kPlan};
    options.encode_alert = encode;
    return options;
}

// Everything a deployment must agree on in the end.
struct Outcome {
    std::map<std::string, std::string> subjects;  // canonical bytes
    std::map<std::string, std::string> alerts;    // id -> state, revision, position, body
    std::vector<std::string> outbox;              // in any order of partitions
    std::map<std::string, std::int64_t> cells;
    std::set<std::pair<std::uint32_t, std::int64_t>> dead, held;
    std::map<std::uint32_t, std::int64_t> next;
    std::map<std::pair<std::uint32_t, std::int32_t>, std::string> closes;  // partition and day -> what it closed with
    bool operator==(const Outcome&) const = default;
};

// A deployment on a memory store: a shard that may be thrown away and made again at any time.
class Deployment {
  public:
    explicit Deployment(std::shared_ptr<const ingest::Directory> directory = ward::directory())
        : directory_(std::move(directory)), database_(std::make_shared<store::MemoryDatabase>()) {
        EXPECT_TRUE(store::open_memory(database_)->bind("embedded", kPartitions));
        start();
    }

    void start() {
        session_ = store::open_memory(database_);
        counters_ = std::make_unique<metrics::WorkerCounters>();
        process_ = std::make_unique<metrics::ProcessCounters>();
        ShardOptions shard_options = options(directory_);
        shard_options.replay_bytes = replay_bytes_;
        shard_ = std::make_unique<Shard>(std::move(shard_options), *session_, *counters_, *process_);
        for (std::uint32_t i = 0; i < kPartitions; ++i) {
            EXPECT_TRUE(shard_->claim(i, "test"));
            const auto recovered = shard_->recover(i);
            EXPECT_TRUE(recovered) << recovered.error().detail;
        }
    }
    // A crash: what was not committed is gone; the log is read again from the committed positions.
    void restart() { start(); }

    void offer(const std::vector<ward::Line>& log, std::size_t from, std::size_t until) {
        std::map<std::uint32_t, std::int64_t> counts;
        for (std::size_t i = 0; i < until; ++i) {
            const auto partition = partition_of(log[i].key, kPartitions);
            const auto position = counts[partition]++;
            if (i < from && position >= shard_->find(partition)->next()) ADD_FAILURE() << "a gap before " << i;
            if (position < shard_->find(partition)->next()) continue;
            announced_.push_back({.partition = partition,
                                  .partition_count = kPartitions,
                                  .position = position,
                                  .appended_at = ward::kStart + pace_ * i,
                                  .key = log[i].key,
                                  .headers = {},
                                  .value = log[i].value});
            if (announced_.size() >= ahead_) take_announced();
        }
        take_announced();
    }
    // From one message to the next, by the log's clock.
    void set_pace(seconds pace) { pace_ = pace; }
    // So many messages are announced before the first is taken, most of them prepared for; 1: none are.
    void set_ahead(std::size_t messages) { ahead_ = messages; }
    // Everything up to `until` is offered, from wherever the partitions stand.
    void offer_upto(const std::vector<ward::Line>& log, std::size_t until) { offer(log, 0, until); }

    Result<void> commit() {
        Batch batch = shard_->close();
        auto written = session_->write(batch.commit);
        if (!written) return written;
        finish(batch);
        return {};
    }
    void commit_idle() {
        Batch batch = shard_->close_idle();
        if (batch.written.empty()) return;
        ASSERT_TRUE(session_->write(batch.commit));
        finish(batch);
    }

    Shard& shard() { return *shard_; }
    store::Store& session() { return *session_; }
    std::shared_ptr<store::MemoryDatabase> database() { return database_; }
    void set_directory(std::shared_ptr<const ingest::Directory> directory) { directory_ = std::move(directory); }
    void set_replay_bytes(std::uint64_t bytes) { replay_bytes_ = bytes; }

    Outcome outcome(const std::set<std::string>& keys);
    // Messages by payload and by what became of them.
    std::vector<std::uint64_t> counted() const {
        std::vector<std::uint64_t> all;
        for (const auto& payload : counters_->processed) {
            for (const auto& outcome : payload) all.push_back(outcome.get());
        }
        return all;
    }

  private:
    void take_announced() {
        if (ahead_ > 1) {
            for (const auto& message : announced_) shard_->expect(message);
            for (std::size_t i = 0; i < announced_.size(); ++i) {
                if (i % 4 != 3) shard_->prepare(announced_[i]);
            }
        }
        for (const auto& message : announced_) EXPECT_EQ(shard_->take({.message = message}), Taken::done);
        shard_->settle();
        announced_.clear();
    }

    seconds pace_{1};
    std::size_t ahead_ = 1;
    std::vector<ingest::MessageView> announced_;
    void finish(Batch& batch) {
        shard_->settled(batch, {});
        for (const Mark& mark : batch.recovery_points) {
            EXPECT_TRUE(session_->set_recovery_point(mark.partition, mark.position));
        }
    }

    std::shared_ptr<const ingest::Directory> directory_;
    std::uint64_t replay_bytes_ = 1 << 20;
    std::shared_ptr<store::MemoryDatabase> database_;
    std::unique_ptr<store::Store> session_;
    std::unique_ptr<metrics::WorkerCounters> counters_;
    std::unique_ptr<metrics::ProcessCounters> process_;
    std::unique_ptr<Shard> shard_;
};

Outcome Deployment::outcome(const std::set<std::string>& keys) {
    Outcome out;
    for (const auto& key : keys) {
        const auto timeline = shard_->look_at(partition_of(key, kPartitions), key);
        if (timeline && *timeline != nullptr) out.subjects[key] = (*timeline)->canonical(*kRules);
    }
    for (const auto& row : value_of(session_->alerts(100'000))) {
        out.alerts[row.alert_id] = std::to_string(static_cast<int>(row.state)) + " " + std::to_string(row.revision) +
                                   " " + std::to_string(row.position) + " " + row.body;
    }
    for (const auto& entry : value_of(session_->outbox_after(0, 100'000)))
        out.outbox.push_back(entry.row.id + " " + entry.row.body);
    std::sort(out.outbox.begin(), out.outbox.end());
    for (const auto& cell : value_of(session_->cell_sums())) {
        if (cell.cohort != "-") out.cells[cell.cohort + " " + cell.measure + " " + std::to_string(cell.x)] = cell.value;
    }
    for (std::uint32_t i = 0; i < kPartitions; ++i) {
        for (const auto& cell : value_of(session_->cells_of(i))) {
            if (cell.measure.starts_with(store::kWho)) out.cells[cell.cohort + " " + cell.measure] = cell.value;
        }
    }
    for (const auto& row : value_of(session_->dead_letters(0, 100'000)))
        out.dead.emplace(row.letter.partition, row.letter.position);
    for (std::uint32_t i = 0; i < kPartitions; ++i) {
        for (const auto& row : value_of(session_->held(i))) out.held.emplace(row.partition, row.position);
        out.next[i] = shard_->find(i)->next();
    }
    for (const auto& close : value_of(session_->day_closes(0, 100'000))) {
        const store::DayCloseRow& row = close.row;
        std::string& text = out.closes[{row.partition, row.through}];
        text = std::to_string(row.first_day) + " at " + std::to_string(row.position) + " late " +
               std::to_string(row.late) + " log " + std::to_string(row.log_time.time_since_epoch().count());
        for (const auto& delta : row.deltas)
            text += "; " + delta.cohort + " " + delta.measure + " " + std::to_string(delta.x) + " " +
                    std::to_string(delta.by);
    }
    return out;
}

std::set<std::string> keys_of(const std::vector<ward::Line>& log) {
    std::set<std::string> keys;
    for (const auto& line : log) keys.insert(line.key);
    return keys;
}

Outcome in_one_pass(const std::vector<ward::Line>& log,
                    const std::shared_ptr<const ingest::Directory>& directory = ward::directory(),
                    seconds pace = seconds(1)) {
    Deployment deployment(directory);
    deployment.set_pace(pace);
    deployment.offer_upto(log, log.size());
    EXPECT_TRUE(deployment.commit());
    return deployment.outcome(keys_of(log));
}

TEST(Shard, the_ward_of_these_tests_raises_withdraws_holds_and_refuses) {
    const auto log = ward::lines(7, 12, 60);
    const Outcome outcome = in_one_pass(log);
    EXPECT_GT(outcome.alerts.size(), 5U);
    EXPECT_GT(outcome.outbox.size(), outcome.alerts.size());  // some were changed or withdrawn
    EXPECT_GT(outcome.dead.size(), 3U);
    EXPECT_GT(outcome.held.size(), 3U);
    EXPECT_EQ(outcome.subjects.size(), 12U);
    EXPECT_GT(outcome.cells.at("S/c1 infused 0"), 0);
}

// The oracle of the calendar tables: every subject's share, from its facts alone.
TEST(Shard, calendar_tables_are_what_the_subjects_add_up_to) {
    const auto log = ward::lines(7, 12, 60);
    Deployment deployment;
    for (std::size_t at = 0; at < log.size(); at += 13) {
        deployment.offer_upto(log, at);
        ASSERT_TRUE(deployment.commit());
    }
    deployment.offer_upto(log, log.size());
    ASSERT_TRUE(deployment.commit());
    std::vector<CalendarTable> expected(kPlan->tables.size());
    for (const std::string& key : keys_of(log)) {
        const auto timeline = deployment.shard().look_at(partition_of(key, kPartitions), key);
        if (!timeline || *timeline == nullptr) continue;
        for (const CalendarCount& one :
             calendar_share(subject_facts(**timeline, *kRules, std::nullopt, std::nullopt), *kPlan, *kRules))
            in(expected[one.table].at(one.day), one.column) += one.count;
    }
    for (CalendarTable& table : expected) table.drop_zeros();
    const auto tables = tables_of(*kPlan, value_of(deployment.session().cell_sums()));
    EXPECT_EQ(tables, expected);
    std::int64_t events = 0;
    std::int64_t deaths = 0;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        if (kPlan->tables[i].endpoint == ReportedEndpoint::zoster_any) {
            for (const auto& [day, row] : tables[i].rows()) events += row.entered;
        }
        if (kPlan->tables[i].endpoint == ReportedEndpoint::death_day_30) {
            for (const auto& [day, row] : tables[i].rows()) deaths += row.infused;
        }
    }
    EXPECT_GT(events, 0);
    EXPECT_GT(deaths, 0);
    EXPECT_TRUE(last_whole_day(value_of(deployment.session().cell_sums()), value_of(deployment.session().positions())));
}

TEST(Shard, screen_tables_and_names_are_what_the_subjects_add_up_to) {
    const auto log = ward::lines(7, 12, 60);
    Deployment deployment;
    for (std::size_t at = 0; at < log.size(); at += 17) {
        deployment.offer_upto(log, at);
        ASSERT_TRUE(deployment.commit());
    }
    deployment.offer_upto(log, log.size());
    ASSERT_TRUE(deployment.commit());
    std::map<std::string, std::int64_t> expected;
    std::map<std::size_t, std::set<std::string>> named;
    for (const std::string& key : keys_of(log)) {
        const auto timeline = deployment.shard().look_at(partition_of(key, kPartitions), key);
        if (!timeline || *timeline == nullptr) continue;
        const WatchShare share =
            watch_share(subject_facts(**timeline, *kRules, std::nullopt, std::nullopt), *kPlan, *kRules);
        for (const ScreenCount& one : share.screens)
            expected[kPlan->screens.tables[one.table].cohort.id + " " +
                     screen_measure(kPlan->screens.tables[one.table], one.column, one.unit) + " " +
                     std::to_string(one.x)] += one.count;
        for (const std::uint16_t table : tables_with_event(share.calendar)) named[table].insert(key);
    }
    std::erase_if(expected, [](const auto& entry) { return entry.second == 0; });
    std::map<std::string, std::int64_t> stored;
    for (const auto& cell : value_of(deployment.session().cell_sums())) {
        EXPECT_FALSE(cell.measure.starts_with(store::kWho));
        if (cell.measure.starts_with("screen/") && cell.value != 0)
            stored[cell.cohort + " " + cell.measure + " " + std::to_string(cell.x)] = cell.value;
    }
    EXPECT_EQ(stored, expected);
    EXPECT_FALSE(expected.empty());
    std::size_t names = 0;
    for (std::size_t i = 0; i < kPlan->tables.size(); ++i) {
        const WatchedTable& table = kPlan->tables[i];
        if (table.upper) continue;
        const auto found = value_of(deployment.session().named(table.cohort.id, name_of(table), 100));
        EXPECT_EQ(std::set<std::string>(found.begin(), found.end()), named[i]) << name_of(table);
        names += found.size();
    }
    EXPECT_GT(names, 0U);
    const auto tables = screen_tables_of(kPlan->screens, value_of(deployment.session().cell_sums()));
    EXPECT_TRUE(
        std::any_of(tables.begin(), tables.end(), [](const ScreenTable& table) { return !table.units().empty(); }));
}

// Row for row what is told when each message is applied before the next one is taken.
TEST(Shard, what_is_applied_by_subject_is_told_in_the_order_of_the_log) {
    const auto log = ward::lines(11, 9, 200);
    using Row = std::tuple<std::string, std::string, std::string, std::string>;
    const auto told = [&](std::size_t ahead) {
        Deployment deployment;
        deployment.set_ahead(ahead);
        deployment.set_pace(minutes(10));
        deployment.offer_upto(log, log.size());
        const Batch batch = deployment.shard().close();
        const auto& commit = batch.commit;
        EXPECT_EQ(commit.alerts.size(), commit.outbox.size());
        EXPECT_EQ(commit.alerts.size(), commit.audit.size());
        std::map<std::uint32_t, std::vector<Row>> rows;
        for (std::size_t i = 0; i < commit.alerts.size(); ++i) {
            const auto& alert = commit.alerts[i];
            rows[alert.partition].emplace_back(
                alert.alert_id + " " + std::to_string(alert.revision) + " " + std::to_string(alert.position),
                alert.body,
                commit.outbox[i].id + " " + std::to_string(commit.outbox[i].created_at.time_since_epoch().count()),
                commit.audit[i].object + " " + std::to_string(commit.audit[i].at.time_since_epoch().count()));
        }
        return rows;
    };
    const auto one_by_one = told(1);
    std::size_t alerts = 0;
    for (const auto& [partition, rows] : one_by_one) alerts += rows.size();
    EXPECT_GT(alerts, 20U);
    for (const std::size_t ahead : {16U, 64U, 500U, 5000U}) EXPECT_EQ(told(ahead), one_by_one) << ahead;
}

// A week and a half of a ward: days close with what was applied before, late facts are counted, time brings alerts.
TEST(Shard, days_close_alike_whatever_waits) {
    const auto log = ward::lines(5, 9, 150);
    const auto outcome = [&](std::size_t ahead) {
        Deployment deployment;
        deployment.set_pace(minutes(10));
        deployment.set_ahead(ahead);
        deployment.offer_upto(log, log.size());
        EXPECT_TRUE(deployment.commit());
        return deployment.outcome(keys_of(log));
    };
    const Outcome one_by_one = outcome(1);
    EXPECT_GT(one_by_one.closes.size(), 3U);
    const auto is_late = [](const auto& close) { return close.second.find(" late 0 ") == std::string::npos; };
    EXPECT_TRUE(std::any_of(one_by_one.closes.begin(), one_by_one.closes.end(), is_late));
    for (const std::size_t ahead : {16U, 64U, 5000U}) {
        const Outcome found = outcome(ahead);
        EXPECT_EQ(found.closes, one_by_one.closes) << ahead;
        EXPECT_EQ(found.alerts, one_by_one.alerts) << ahead;
        EXPECT_TRUE(found == one_by_one) << ahead;
    }
}

// A message that ends a day is counted as what it is, although others are applied before it.
TEST(Shard, what_waits_is_counted_as_what_it_is) {
    const auto log = ward::lines(5, 9, 150);
    const auto counted = [&](std::size_t ahead) {
        Deployment deployment;
        deployment.set_pace(minutes(10));
        deployment.set_ahead(ahead);
        deployment.offer_upto(log, log.size());
        return deployment.counted();
    };
    const auto one_by_one = counted(1);
    EXPECT_GT(std::count_if(one_by_one.begin(), one_by_one.end(), [](std::uint64_t times) { return times > 0; }), 8);
    EXPECT_EQ(counted(64), one_by_one);
    EXPECT_EQ(counted(5000), one_by_one);
}

// P09 falls due an hour after a fever whose neutrophils nobody knows; a healthy result waits when the log reaches the
// next day.
TEST(Shard, what_falls_due_has_seen_what_waits) {
    std::string other = "S/q1";
    for (int i = 2; partition_of(other, kPartitions) != partition_of("S/p1", kPartitions); ++i)
        other = "S/q" + std::to_string(i);
    std::vector<ward::Line> log;
    const auto tell = [&](const std::string& key, minutes at, minutes recorded, const std::string& what) {
        const std::string number = std::to_string(log.size());
        log.push_back({key, "m" + number + "|r" + number + "|1|c|a|c1|" + std::to_string(at.count()) + "|" +
                                std::to_string(recorded.count()) + "|" + what});
    };
    for (const std::string& key : {std::string("S/p1"), other}) {
        tell(key, -hours(170), -hours(170), "enrol|60");
        tell(key, hours(0), hours(0), "infuse|");
    }
    const minutes midnight = hours(10 * 24 - 2);  // minutes count from two o'clock
    const minutes fever = midnight - minutes(90);
    tell("S/p1", fever, fever, "temp|390");
    const std::size_t known = log.size();
    tell("S/p1", fever - minutes(30), fever + minutes(20), "anc|1500");
    tell(other, midnight + minutes(10), midnight + minutes(10), "temp|370");
    const auto told = [&](std::size_t ahead, std::size_t until) {
        Deployment deployment;
        deployment.set_pace(days(15));  // appended later than recorded
        deployment.offer_upto(log, known);
        EXPECT_TRUE(deployment.commit());
        deployment.set_ahead(ahead);
        deployment.offer(log, known, until);
        EXPECT_TRUE(deployment.commit());
        return deployment.outcome(keys_of(log));
    };
    const Outcome one_by_one = told(1, log.size());
    EXPECT_TRUE(one_by_one.alerts.empty());
    EXPECT_TRUE(told(16, log.size()) == one_by_one);
    log.erase(log.end() - 2);  // without the result
    EXPECT_EQ(told(16, log.size()).alerts.size(), 1U);
}

RC_GTEST_PROP(ShardLaw, batches_and_restarts_do_not_matter, ()) {
    const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
    const auto log = ward::lines(seed, *rc::gen::inRange(1, 8), *rc::gen::inRange(1, 40));
    // From within the hour to a week and more: days end, and what time alone brings falls due.
    const seconds pace(*rc::gen::element(1, 900, 7200));
    const Outcome expected = in_one_pass(log, ward::directory(), pace);

    Deployment deployment;
    deployment.set_pace(pace);
    // From "written back at once" to "never".
    deployment.set_replay_bytes(*rc::gen::element<std::uint64_t>(0, 2'000, 20'000, 1 << 30));
    deployment.restart();
    for (std::size_t at = 0; at < log.size();) {
        deployment.set_ahead(*rc::gen::element<std::size_t>(1, 2, 5, 16, 64, 1000));
        at = std::min(log.size(), at + *rc::gen::inRange<std::size_t>(1, 120));
        deployment.offer_upto(log, at);
        switch (*rc::gen::inRange(0, 5)) {
            case 0:
                deployment.restart();
                break;  // before the commit: all of it again
            case 1:
                break;  // the batch goes on
            case 2:
                RC_ASSERT(deployment.commit().has_value());
                deployment.restart();
                break;
            case 3:
                RC_ASSERT(deployment.commit().has_value());
                deployment.commit_idle();
                break;
            default:
                RC_ASSERT(deployment.commit().has_value());
        }
        deployment.offer_upto(log, at);
    }
    RC_ASSERT(deployment.commit().has_value());
    const Outcome found = deployment.outcome(keys_of(log));
    RC_ASSERT(found.subjects == expected.subjects);
    RC_ASSERT(found.alerts == expected.alerts);
    RC_ASSERT(found.outbox == expected.outbox);
    RC_ASSERT(found.cells == expected.cells);
    RC_ASSERT(found.closes == expected.closes);
    RC_ASSERT(found == expected);

    deployment.restart();
    RC_ASSERT(deployment.outcome(keys_of(log)) == expected);
}

}  // namespace
}  // namespace cellvigil::pipeline
