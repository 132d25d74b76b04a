// The threads around the shard: who is told what and when, under a store that fails, owners that change, and reloads.
#include "daemon/pipeline/worker.h"

#include <gtest/gtest.h>

#include <future>
#include <map>

#include "daemon/journal/frame.h"
#include "daemon/pipeline/embedded_log.h"
#include "daemon/store/memory.h"
#include "rules/base/hash.h"
#include "tests/daemon/pipeline/ward.h"
#include "tests/support/case_name.h"

namespace cellvigil::pipeline {
namespace {

constexpr std::uint32_t kPartitions = 4;
constexpr seconds kPatience{20};

using Answers = Result<std::vector<ingest::Answer>>;

template <typename T>
T value_of(Result<T> result) {
    EXPECT_TRUE(result.has_value());
    return result ? std::move(*result) : T{};
}

std::string encode(const AlertNews& news) { return name_of(news.change.alert.rule); }

// Two workers, a committer and an embedded log over a memory store.
class Engine {
  public:
    explicit Engine(std::shared_ptr<store::MemoryDatabase> database = std::make_shared<store::MemoryDatabase>(),
                    Settings settings = {ward::directory(), std::make_shared<RuleSet>()})
        : database_(std::move(database)),
          log_({.partitions = kPartitions, .workers = 2, .now = [] { return ward::kStart + hours(1); }}) {
        EXPECT_TRUE(store::open_memory(database_)->bind("embedded", kPartitions));
        CommitterOptions committing;
        committing.first_wait = milliseconds(1);
        committing.longest_wait = milliseconds(5);
        committing.mark_interval = milliseconds(0);
        committing.give_back = [this](Receipt receipt) {
            workers_[receipt.batch.worker]->receive_receipt(std::move(receipt));
        };
        committing.fatal = [this](const Error& error) { fatal_.push_back(error); };
        committer_ = std::make_unique<Committer>(store::open_memory(database_), process_, std::move(committing));
        for (std::uint32_t i = 0; i < 2; ++i) add_worker(i, settings);
        for (auto& worker : workers_) worker->start();
        for (std::uint32_t i = 0; i < 2; ++i) EXPECT_TRUE(workers_[i]->claim({i, i + 2}).has_value());
    }
    ~Engine() { stop(); }
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    void stop() {
        log_.close();
        for (auto& worker : workers_) worker->stop(kPatience);
        committer_->stop(kPatience);
        log_.refuse_rest();
    }

    std::future<Answers> submit(const std::vector<ward::Line>& lines) {
        auto promise = std::make_shared<std::promise<Answers>>();
        auto future = promise->get_future();
        std::vector<ingest::Submission> messages;
        for (const auto& line : lines) messages.push_back({line.key, line.value});
        log_.submit(std::move(messages), [promise](Answers answers) { promise->set_value(std::move(answers)); });
        return future;
    }
    Answers answer(const std::vector<ward::Line>& lines) {
        auto future = submit(lines);
        EXPECT_EQ(future.wait_for(kPatience), std::future_status::ready);
        return future.get();
    }

    Worker& worker(std::uint32_t index) { return *workers_[index]; }
    store::MemoryDatabase& database() { return *database_; }
    std::unique_ptr<store::Store> session() { return store::open_memory(database_); }
    const std::vector<std::uint32_t>& fenced() const { return fenced_; }
    const std::vector<Error>& fatal() const { return fatal_; }

  private:
    void add_worker(std::uint32_t index, const Settings& settings) {
        WorkerOptions options;
        options.shard.worker = index;
        options.shard.settings = settings;
        options.shard.encode_alert = encode;
        options.owner = "test";
        options.now = [] { return ward::kStart + hours(1); };
        options.write_back_after = milliseconds(5);
        options.placed = [this](const store::Claim& claim) { log_.place(claim.partition, claim.next, claim.log_time); };
        options.fenced = [this](const Fenced& fenced) {
            for (const auto& entry : fenced) fenced_.push_back(entry.first);
        };
        options.fatal = [this](const Error& error) { fatal_.push_back(error); };
        workers_.push_back(std::make_unique<Worker>(std::move(options), store::open_memory(database_),
                                                    log_.source(index), *committer_, counters_[index], process_));
    }

    std::shared_ptr<store::MemoryDatabase> database_;
    EmbeddedLog log_;
    metrics::ProcessCounters process_;
    std::array<metrics::WorkerCounters, 2> counters_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::unique_ptr<Committer> committer_;
    std::vector<std::uint32_t> fenced_;
    std::vector<Error> fatal_;
};

std::vector<ward::Line> some_lines() { return ward::lines(11, 10, 30); }

// Every message of the journal, by partition; ranges must lie end to end.
std::map<std::uint32_t, std::vector<std::string>> journal(store::Store& session) {
    std::map<std::uint32_t, std::vector<std::string>> values;
    for (std::uint32_t partition = 0; partition < kPartitions; ++partition) {
        std::int64_t next = 0;
        EXPECT_TRUE(session.read_segments(partition, 0, [&](const store::SegmentRow& row) -> Result<void> {
            EXPECT_EQ(row.base, next);
            next = row.next;
            journal::FrameReader reader(row.frames);
            journal::Frame frame;
            while (!reader.at_end() && reader.next(frame)) {
                if (frame.kind == journal::FrameKind::message) values[partition].emplace_back(frame.value);
            }
            return {};
        }));
    }
    return values;
}

std::size_t messages_in(const std::map<std::uint32_t, std::vector<std::string>>& journal) {
    std::size_t count = 0;
    for (const auto& entry : journal) count += entry.second.size();
    return count;
}

TEST(Worker, answers_each_message_of_a_submission_in_its_order) {
    Engine engine;
    const auto answers = value_of(engine.answer({{"S/p1", "m1|e|1|c|a|c1|-9000|-9000|enrol|40"},
                                                 {"S/p1", "m1|e|1|c|a|c1|-9000|-9000|enrol|40"},
                                                 {"S/p1", "!"},
                                                 {"S/p2", "m2|e|1|c|z|c1|-9000|-9000|enrol|40"}}));
    ASSERT_EQ(answers.size(), 4U);
    EXPECT_EQ(answers[0].outcome, ingest::Outcome::accepted);
    EXPECT_EQ(answers[1].outcome, ingest::Outcome::duplicate);
    EXPECT_EQ(answers[2].outcome, ingest::Outcome::rejected);
    EXPECT_EQ(answers[2].issues.at(0).reason, Reason::unparsable);
    EXPECT_EQ(answers[3].outcome, ingest::Outcome::quarantined);
    EXPECT_EQ(answers[3].issues.at(0).path, "site_id");
    EXPECT_EQ(answers[0].partition, partition_of("S/p1", kPartitions));
    EXPECT_EQ(answers[0].position, 0);
    EXPECT_EQ(answers[2].position, 2);
}

TEST(Worker, answers_only_what_is_durable) {
    Engine engine;
    engine.database().fail_writes(store::WriteFault::unavailable, 1'000'000);
    auto future = engine.submit(some_lines());
    EXPECT_EQ(future.wait_for(milliseconds(200)), std::future_status::timeout);
    EXPECT_EQ(messages_in(journal(*engine.session())), 0U);
    engine.database().stop_failing();
    ASSERT_EQ(future.wait_for(kPatience), std::future_status::ready);
    EXPECT_EQ(value_of(future.get()).size(), some_lines().size());
    EXPECT_EQ(messages_in(journal(*engine.session())), some_lines().size());
}

struct FaultCase {
    const char* name;
    store::WriteFault fault;
};
class WorkerFault : public testing::TestWithParam<FaultCase> {};

TEST_P(WorkerFault, loses_and_repeats_nothing) {
    Engine engine;
    const auto lines = some_lines();
    std::vector<std::future<Answers>> futures;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i % 20 == 7) engine.database().fail_writes(GetParam().fault, 1, i % 3);
        futures.push_back(engine.submit({lines[i]}));
    }
    for (auto& future : futures) {
        ASSERT_EQ(future.wait_for(kPatience), std::future_status::ready);
        EXPECT_TRUE(future.get().has_value());
    }
    EXPECT_EQ(messages_in(journal(*engine.session())), lines.size());
    EXPECT_TRUE(engine.fatal().empty());
}
INSTANTIATE_TEST_SUITE_P(Store, WorkerFault,
                         testing::Values(FaultCase{"away", store::WriteFault::unavailable},
                                         FaultCase{"outcome_unknown_but_written", store::WriteFault::unknown_applied},
                                         FaultCase{"outcome_unknown_not_written",
                                                   store::WriteFault::unknown_not_applied}),
                         CaseName{});

TEST(Worker, stops_the_daemon_when_the_store_is_corrupt) {
    Engine engine;
    engine.database().fail_writes(store::WriteFault::corrupt);
    auto future = engine.submit(some_lines());
    engine.stop();
    ASSERT_EQ(future.wait_for(kPatience), std::future_status::ready);
    EXPECT_FALSE(future.get().has_value());
    ASSERT_EQ(engine.fatal().size(), 1U);
    EXPECT_EQ(engine.fatal().front().code, Errc::corrupt);
}

TEST(Worker, a_partition_that_another_owner_took_is_given_up_and_the_others_go_on) {
    Engine engine;
    ASSERT_TRUE(engine.answer(some_lines()).has_value());
    const auto lost = partition_of("S/p1", kPartitions);
    const auto before = journal(*engine.session());
    ASSERT_TRUE(engine.session()->claim(lost, "somebody else").has_value());

    const auto again = engine.answer({{"S/p1", "n1|x|1|c|b|c1|1|1|temp|380"}});
    EXPECT_FALSE(again.has_value());
    EXPECT_EQ(again.error().code, Errc::unavailable);
    std::string elsewhere = "S/p2";
    for (int i = 3; partition_of(elsewhere, kPartitions) == lost; ++i) elsewhere = "S/p" + std::to_string(i);
    EXPECT_TRUE(engine.answer({{elsewhere, "n2|x|1|c|a|c1|1|1|temp|380"}}).has_value());
    engine.stop();
    EXPECT_EQ(engine.fenced(), std::vector{lost});
    EXPECT_EQ(journal(*engine.session())[lost], before.at(lost));
}

TEST(Worker, a_revoked_partition_is_committed_first) {
    Engine engine;
    auto future = engine.submit(some_lines());
    for (std::uint32_t i = 0; i < 2; ++i) engine.worker(i).revoke({i, i + 2}, false, true, kPatience);
    const auto session = engine.session();
    for (const auto& row : value_of(session->positions())) {
        const auto found = journal(*session);
        EXPECT_EQ(row.next,
                  static_cast<std::int64_t>(found.contains(row.partition) ? found.at(row.partition).size() : 0));
    }
    ASSERT_EQ(future.wait_for(kPatience), std::future_status::ready);
}

TEST(Worker, an_orderly_stop_leaves_nothing_to_replay) {
    const auto database = std::make_shared<store::MemoryDatabase>();
    {
        Engine engine(database);
        ASSERT_TRUE(engine.answer(some_lines()).has_value());
    }
    const auto session = store::open_memory(database);
    for (const auto& row : value_of(session->positions())) {
        EXPECT_EQ(value_of(session->recovery_point(row.partition)), row.next);
    }
}

TEST(Worker, a_reload_releases_what_the_new_directory_knows) {
    const auto database = std::make_shared<store::MemoryDatabase>();
    const auto rules = std::make_shared<RuleSet>();
    const auto lines = some_lines();
    std::size_t held = 0;
    {
        Engine engine(database);
        ASSERT_TRUE(engine.answer(lines).has_value());
        const auto session = engine.session();
        for (std::uint32_t i = 0; i < kPartitions; ++i) {
            for (const auto& row : value_of(session->held(i))) held += row.reason == "unknown_site" ? 1U : 0U;
        }
        ASSERT_GT(held, 0U);
        for (std::uint32_t i = 0; i < 2; ++i) {
            ASSERT_TRUE(engine.worker(i).reload({ward::wider_directory(), rules}, kPatience).has_value());
        }
        for (std::uint32_t i = 0; i < kPartitions; ++i) {
            for (const auto& row : value_of(session->held(i))) EXPECT_NE(row.reason, "unknown_site");
        }
    }
    // The same as if the site had been known from the start, also after a restart.
    Engine again(database, {ward::wider_directory(), rules});
    const auto fresh = std::make_shared<store::MemoryDatabase>();
    Engine knowing(fresh, {ward::wider_directory(), rules});
    ASSERT_TRUE(knowing.answer(lines).has_value());
    std::map<std::string, std::string> expected;
    std::map<std::string, std::string> found;
    for (const auto& line : lines) {
        const auto partition = partition_of(line.key, kPartitions);
        const auto look = [&](Engine& engine, std::map<std::string, std::string>& into) {
            std::promise<void> done;
            engine.worker(partition % 2).ask([&](Shard* shard) {
                const auto timeline = shard->look_at(partition, line.key);
                if (timeline && *timeline != nullptr) into[line.key] = (*timeline)->canonical(shard->rules());
                done.set_value();
            });
            done.get_future().wait();
        };
        look(again, found);
        look(knowing, expected);
    }
    EXPECT_EQ(found, expected);
    std::map<std::string, std::int64_t> counts;
    for (const auto& cell : value_of(knowing.session()->cell_sums()))
        counts[cell.measure + std::to_string(cell.x)] += cell.value;
    for (const auto& cell : value_of(again.session()->cell_sums()))
        counts[cell.measure + std::to_string(cell.x)] -= cell.value;
    for (const auto& [measure, difference] : counts) EXPECT_EQ(difference, 0) << measure;
}

TEST(Worker, new_rules_judge_everybody_anew) {
    const auto database = std::make_shared<store::MemoryDatabase>();
    auto strict = std::make_shared<RuleSet>();
    strict->crs.systolic_adult = whole(130);  // every pressure of the ward is low
    strict->hash = "strict";
    const auto lines = some_lines();
    Engine engine(database);
    ASSERT_TRUE(engine.answer(lines).has_value());
    for (std::uint32_t i = 0; i < 2; ++i) {
        ASSERT_TRUE(engine.worker(i).reload({ward::directory(), strict}, kPatience).has_value());
    }
    const auto fresh = std::make_shared<store::MemoryDatabase>();
    Engine strict_from_the_start(fresh, {ward::directory(), strict});
    ASSERT_TRUE(strict_from_the_start.answer(lines).has_value());
    const auto sums = [](Engine& of) {
        std::map<std::string, std::int64_t> counts;
        for (const auto& cell : value_of(of.session()->cell_sums())) {
            if (cell.value != 0) counts[cell.cohort + cell.measure + std::to_string(cell.x)] = cell.value;
        }
        return counts;
    };
    const auto states = [](Engine& of) {
        std::map<std::string, store::AlertState> found;
        for (const auto& row : value_of(of.session()->alerts(10'000))) found[row.alert_id] = row.state;
        std::erase_if(found, [](const auto& entry) { return entry.second == store::AlertState::withdrawn; });
        return found;
    };
    EXPECT_EQ(sums(engine), sums(strict_from_the_start));
    EXPECT_EQ(states(engine), states(strict_from_the_start));
}

TEST(EmbeddedLog, refuses_at_once_what_it_has_no_room_for) {
    EmbeddedLog log({.partitions = 2, .workers = 1, .max_waiting_messages = 2, .now = [] { return Instant{}; }});
    int refused = 0;
    int taken = 0;
    const auto count = [&](const Answers& answers) { answers ? ++taken : ++refused; };
    log.submit({{"a/1", "x"}, {"a/2", "x"}}, count);
    log.submit({{"a/3", "x"}}, count);
    EXPECT_EQ(refused, 1);
    EXPECT_EQ(taken, 0);
    EXPECT_EQ(log.waiting(), 2U);
}

}  // namespace
}  // namespace cellvigil::pipeline
