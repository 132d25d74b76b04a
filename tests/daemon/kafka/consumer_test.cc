// The group consumer over mock brokers: nothing is missed and nothing is read twice by those who own a partition,
// through rebalances, lost assignments and failing brokers.
#include "daemon/kafka/consumer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "daemon/kafka/producer.h"
#include "daemon/kafka/statistics.h"
#include "tests/daemon/kafka/mock_cluster.h"

namespace cellvigil::kafka {
namespace {

constexpr std::uint32_t kPartitions = 8;
constexpr seconds kPatience{60};

// What a store would hold: positions guarded by epochs, and every applied range.
class Positions {
  public:
    struct Row {
        std::int64_t next = 0;
        int epoch = 0;
    };
    Row claim(std::uint32_t partition) {
        const std::lock_guard lock(mutex_);
        auto& row = rows_[partition];
        ++row.epoch;
        return row;
    }
    bool advance(std::uint32_t partition, int epoch, std::int64_t position) {
        const std::lock_guard lock(mutex_);
        auto& row = rows_[partition];
        if (row.epoch != epoch) return false;
        if (row.next != position)
            gaps_.push_back(std::to_string(partition) + ": " + std::to_string(row.next) + " then " +
                            std::to_string(position));
        row.next = position + 1;
        total_.fetch_add(1);
        return true;
    }
    std::int64_t total() const { return total_; }
    std::vector<std::string> gaps() const {
        const std::lock_guard lock(mutex_);
        return gaps_;
    }
    std::int64_t next(std::uint32_t partition) {
        const std::lock_guard lock(mutex_);
        return rows_[partition].next;
    }

  private:
    mutable std::mutex mutex_;
    std::map<std::uint32_t, Row> rows_;
    std::vector<std::string> gaps_;
    std::atomic<std::int64_t> total_{0};
};

// One instance: a consumer with two workers that write what they take straight into Positions.
class Member : public PartitionOwner {
  public:
    Member(const MockCluster& cluster, Positions& positions, std::map<std::string, std::string> more = {},
           std::uint32_t partitions_known = kPartitions)
        : positions_(positions), partitions_known_(partitions_known) {
        ConsumerOptions options;
        options.topic = "t";
        options.properties = cluster.properties("g");
        for (auto& [name, value] : more) options.properties[name] = value;
        options.workers = 2;
        options.commit_interval = seconds(1);
        auto opened = Consumer::open(options, {.log = nullptr, .fatal = [this](const Error& error) {
                                                   const std::lock_guard lock(mutex_);
                                                   fatal_.push_back(error.detail);
                                               }});
        EXPECT_TRUE(opened.has_value()) << opened.error().detail;
        consumer_ = std::move(*opened);
        for (std::uint32_t i = 0; i < 2; ++i) workers_.emplace_back([this, i] { work(i); });
        consumer_->start(*this);
    }
    ~Member() override { leave(); }
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;

    void leave() {
        if (!consumer_) return;
        EXPECT_TRUE(consumer_->close(seconds(15)));
        stopping_ = true;
        for (auto& worker : workers_) worker.join();
        consumer_.reset();
    }

    Result<void> sized(std::uint32_t partitions) override {
        if (partitions != partitions_known_) return fail(Errc::invalid, "was another number");
        return {};
    }
    Result<std::vector<Placement>> assigned(const std::vector<std::uint32_t>& partitions) override {
        if (store_away_ > 0 && store_away_-- > 0) return fail(Errc::unavailable, "away");
        const std::lock_guard lock(mutex_);
        std::vector<Placement> placements;
        for (const auto partition : partitions) {
            const auto row = positions_.claim(partition);
            owned_[partition] = row.epoch;
            placements.push_back({.worker = partition % 2, .next = row.next});
        }
        return placements;
    }
    void revoked(const std::vector<std::uint32_t>& partitions, bool lost) override {
        const std::lock_guard lock(mutex_);
        for (const auto partition : partitions) owned_.erase(partition);
        if (lost) ++lost_;
    }
    std::vector<Position> committed() override {
        const std::lock_guard lock(mutex_);
        std::vector<Position> positions;
        for (const auto& entry : owned_) positions.push_back({entry.first, positions_.next(entry.first)});
        return positions;
    }

    std::size_t owned() const {
        const std::lock_guard lock(mutex_);
        return owned_.size();
    }
    int lost() const {
        const std::lock_guard lock(mutex_);
        return lost_;
    }
    std::vector<std::string> fatal() const {
        const std::lock_guard lock(mutex_);
        return fatal_;
    }
    std::vector<std::uint32_t> broken() const {
        const std::lock_guard lock(mutex_);
        return broken_;
    }
    Consumer& consumer() { return *consumer_; }
    std::atomic<int> store_away_{0};
    std::atomic<bool> paused_{false};

  private:
    class Taker : public ingest::Receiver {
      public:
        explicit Taker(Member& member) : member_(member) {}
        void expect(const ingest::MessageView&) override {}
        void prepare(const ingest::MessageView&) override {}
        bool receive(const ingest::Received& received) override {
            const auto& message = received.message;
            const std::lock_guard lock(member_.mutex_);
            const auto owned = member_.owned_.find(message.partition);
            if (owned == member_.owned_.end() || message.position < member_.positions_.next(message.partition))
                return true;
            member_.positions_.advance(message.partition, owned->second, message.position);
            return true;
        }
        void broken(std::uint32_t partition, const Error&) override {
            const std::lock_guard lock(member_.mutex_);
            member_.broken_.push_back(partition);
        }

      private:
        Member& member_;
    };

    void work(std::uint32_t index) {
        Taker taker(*this);
        while (!stopping_) {
            if (paused_) {
                std::this_thread::sleep_for(milliseconds(5));
            } else {
                consumer_->source(index).take(500, milliseconds(20), taker);
            }
        }
    }

    Positions& positions_;
    const std::uint32_t partitions_known_;
    std::unique_ptr<Consumer> consumer_;
    mutable std::mutex mutex_;
    std::map<std::uint32_t, int> owned_;
    std::vector<std::string> fatal_;
    std::vector<std::uint32_t> broken_;
    int lost_ = 0;
    std::atomic<bool> stopping_{false};
    std::vector<std::thread> workers_;
};

template <typename Condition>
bool comes_true(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(milliseconds(20));
    }
    return true;
}

void produce(const MockCluster& cluster, int from, int until) {
    auto producer = make_producer({.topic = "t", .properties = cluster.properties()});
    ASSERT_TRUE(producer.has_value());
    std::vector<Record> records;
    for (int i = from; i < until; ++i)
        records.push_back({.key = "S/p" + std::to_string(i % 101), .value = std::to_string(i), .headers = {}});
    ASSERT_TRUE((*producer)->send(records).has_value());
}

TEST(Consumer, reads_everything_from_the_positions_of_the_store) {
    MockCluster cluster(2, "t", kPartitions);
    produce(cluster, 0, 5000);
    Positions positions;
    {
        Member member(cluster, positions);
        ASSERT_TRUE(comes_true([&] { return positions.total() == 5000; }));
        EXPECT_EQ(member.owned(), kPartitions);
        EXPECT_TRUE(comes_true([&] {
            const auto status = member.consumer().status();
            std::int64_t known = 0;
            for (const auto& end : status.ends) known += end.high;
            return status.connected && known == 5000;
        }));
    }
    produce(cluster, 5000, 6000);
    Member member(cluster, positions);
    ASSERT_TRUE(comes_true([&] { return positions.total() == 6000; }));
    EXPECT_EQ(positions.gaps(), std::vector<std::string>{});
}

TEST(Consumer, loses_and_repeats_nothing_while_members_come_and_go) {
    MockCluster cluster(2, "t", kPartitions);
    Positions positions;
    std::atomic<bool> produced{false};
    std::thread producing([&] {
        for (int i = 0; i < 40; ++i) {
            produce(cluster, i * 500, (i + 1) * 500);
            std::this_thread::sleep_for(milliseconds(200));
        }
        produced = true;
    });
    Member first(cluster, positions);
    ASSERT_TRUE(comes_true([&] { return first.owned() == kPartitions; }));
    {
        Member second(cluster, positions);
        ASSERT_TRUE(comes_true([&] { return second.owned() == kPartitions / 2 && first.owned() == kPartitions / 2; }));
    }
    ASSERT_TRUE(comes_true([&] { return first.owned() == kPartitions; }));
    producing.join();
    ASSERT_TRUE(comes_true([&] { return positions.total() == 20'000; })) << positions.total();
    EXPECT_EQ(positions.gaps(), std::vector<std::string>{});
}

TEST(Consumer, claims_again_what_it_lost) {
    MockCluster cluster(1, "t", kPartitions);
    produce(cluster, 0, 1000);
    Positions positions;
    Member member(cluster, positions);
    ASSERT_TRUE(comes_true([&] { return positions.total() == 1000; }));
    rd_kafka_mock_push_request_errors(cluster.get(), 12, 1, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID);  // Heartbeat
    ASSERT_TRUE(comes_true([&] { return member.lost() == 1; }));
    ASSERT_TRUE(comes_true([&] { return member.owned() == kPartitions; }));
    produce(cluster, 1000, 2000);
    ASSERT_TRUE(comes_true([&] { return positions.total() == 2000; }));
    EXPECT_EQ(positions.gaps(), std::vector<std::string>{});
    EXPECT_EQ(member.consumer().status().lost_assignments, 1U);
}

TEST(Consumer, goes_on_when_a_broker_was_away) {
    MockCluster cluster(1, "t", kPartitions);
    produce(cluster, 0, 1000);
    Positions positions;
    Member member(cluster, positions);
    ASSERT_TRUE(comes_true([&] { return positions.total() == 1000; }));
    rd_kafka_mock_broker_set_down(cluster.get(), 1);
    ASSERT_TRUE(comes_true([&] { return !member.consumer().status().connected; }));
    rd_kafka_mock_broker_set_up(cluster.get(), 1);
    produce(cluster, 1000, 2000);
    ASSERT_TRUE(comes_true([&] { return positions.total() == 2000; }));
    EXPECT_EQ(positions.gaps(), std::vector<std::string>{});
}

TEST(Consumer, waits_for_a_store_that_is_away) {
    MockCluster cluster(1, "t", kPartitions);
    produce(cluster, 0, 100);
    Positions positions;
    Member member(cluster, positions);
    member.store_away_ = 3;
    ASSERT_TRUE(comes_true([&] { return positions.total() == 100; }));
}

TEST(Consumer, holds_back_when_nobody_takes) {
    MockCluster cluster(1, "t", kPartitions);
    Positions positions;
    Member member(cluster, positions, {{"queued.min.messages", "100"}, {"queued.max.messages.kbytes", "64"}});
    ASSERT_TRUE(comes_true([&] { return member.owned() == kPartitions; }));
    member.paused_ = true;
    std::this_thread::sleep_for(milliseconds(50));
    const auto waiting = [&] { return member.consumer().source(0).waiting() + member.consumer().source(1).waiting(); };
    // A fetch under way may bring whatever the topic holds: the queues are over their bound before the rest is sent.
    produce(cluster, 0, 5000);
    ASSERT_TRUE(comes_true([&] { return waiting() >= kPartitions * 100; }));
    std::this_thread::sleep_for(milliseconds(1500));
    const auto held = waiting();
    produce(cluster, 5000, 50'000);
    std::this_thread::sleep_for(milliseconds(1500));
    EXPECT_EQ(waiting(), held);
    member.paused_ = false;
    ASSERT_TRUE(comes_true([&] { return positions.total() == 50'000; }));
    EXPECT_EQ(positions.gaps(), std::vector<std::string>{});
}

TEST(Consumer, reports_a_partition_whose_position_is_gone) {
    MockCluster cluster(1, "t", kPartitions);
    produce(cluster, 0, 100);
    Positions positions;
    auto row = positions.claim(3);
    for (std::int64_t i = 0; i < 5000; ++i) positions.advance(3, row.epoch, i);  // the topic ends long before
    Member member(cluster, positions);
    ASSERT_TRUE(comes_true([&] { return member.broken() == std::vector<std::uint32_t>{3}; }));
}

TEST(Consumer, ends_when_the_topic_has_another_number_of_partitions) {
    MockCluster cluster(1, "t", kPartitions);
    Positions positions;
    Member member(cluster, positions, {}, kPartitions / 2);
    ASSERT_TRUE(comes_true([&] { return member.fatal() == std::vector<std::string>{"was another number"}; }));
    EXPECT_EQ(member.owned(), 0U);
}

TEST(Consumer, wake_ends_a_wait) {
    MockCluster cluster(1, "t", kPartitions);
    Positions positions;
    auto consumer = Consumer::open({.topic = "t", .properties = cluster.properties("g")}, {});
    ASSERT_TRUE(consumer.has_value());
    class Nobody : public ingest::Receiver {
        void expect(const ingest::MessageView&) override {}
        void prepare(const ingest::MessageView&) override {}
        bool receive(const ingest::Received&) override { return true; }
        void broken(std::uint32_t, const Error&) override {}
    } nobody;
    std::thread waking([&] {
        std::this_thread::sleep_for(milliseconds(50));
        (*consumer)->source(0).wake();
    });
    const auto started = std::chrono::steady_clock::now();
    EXPECT_EQ((*consumer)->source(0).take(1, seconds(30), nobody), 0U);
    EXPECT_LT(std::chrono::steady_clock::now() - started, seconds(10));
    waking.join();
    EXPECT_TRUE((*consumer)->close(seconds(10)));
}

TEST(ConsumerProperties, ours_cannot_be_overridden) {
    const auto opened =
        Consumer::open({.topic = "t", .properties = {{"group.id", "g"}, {"enable.auto.commit", "true"}}}, {});
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().detail, "kafka.enable.auto.commit: fixed to false");
}

TEST(Statistics, reads_queues_and_round_trips) {
    const auto read = read_statistics(R"({"brokers":{"h:9092/1":{"nodeid":1,"req_timeouts":2,"rtt":{"p99":1500}},
        "h:9092/bootstrap":{"nodeid":-1}},"topics":{"t":{"partitions":{"0":{"fetchq_cnt":3,"fetchq_size":400},
        "1":{"fetchq_cnt":1,"fetchq_size":50},"-1":{}}}}})");
    EXPECT_EQ(read.fetched_messages, 4);
    EXPECT_EQ(read.fetched_bytes, 450);
    ASSERT_EQ(read.brokers.size(), 1U);
    EXPECT_EQ(read.brokers[0].rtt_p99_us, 1500);
    EXPECT_EQ(read.brokers[0].request_timeouts, 2);
    EXPECT_TRUE(read_statistics("not json").brokers.empty());
}

}  // namespace
}  // namespace cellvigil::kafka
