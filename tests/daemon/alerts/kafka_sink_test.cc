#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "daemon/alerts/sinks.h"
#include "tests/daemon/kafka/mock_cluster.h"

namespace cellvigil::alerts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// A topic of two partitions that remembers; alerts go by the first letter of their id.
struct Topic {
    std::vector<std::vector<kafka::ReadBack>> partitions{2};
    int fail_after = -1;  // records taken before a send fails; -1: none fails
    bool away = false;
    int read_backs = 0;
    std::map<int, std::int64_t> last_from;

    Result<void> send(const std::vector<kafka::Record>& records) {
        for (const kafka::Record& record : records) {
            if (fail_after == 0) return fail(Errc::unavailable, "broker away");
            if (fail_after > 0) --fail_after;
            const int partition = record.key[0] % 2;
            auto& log = partitions[static_cast<std::size_t>(partition)];
            log.push_back({partition, static_cast<std::int64_t>(log.size()), record.key, record.value});
            EXPECT_THAT(record.headers, ElementsAre(Pair("webhook-id", testing::StartsWith(record.key + "."))));
        }
        return {};
    }
    std::vector<std::string> values() const {
        std::vector<std::string> all;
        for (const auto& log : partitions)
            for (const auto& record : log) all.push_back(record.value);
        std::ranges::sort(all);
        return all;
    }
};

class TopicProducer final : public kafka::Producer {
  public:
    explicit TopicProducer(Topic& topic) : topic_(topic) {}
    Result<void> send(const std::vector<kafka::Record>& records) override { return topic_.send(records); }
    void send_async(kafka::Record record, std::function<void(Result<void>)> done) override {
        done(topic_.send({std::move(record)}));
    }
    Result<void> flush(int) override { return {}; }

  private:
    Topic& topic_;
};

class KeptMarks final : public Marks {
  public:
    Result<std::vector<Notification>> raised() override { return {}; }
    Result<std::int64_t> get(std::string_view name) override { return kept[std::string(name)]; }
    Result<void> set(std::string_view name, std::int64_t value) override {
        kept[std::string(name)] = value;
        return {};
    }
    std::map<std::string, std::int64_t> kept;
};

class KafkaAlerts : public testing::Test {
  protected:
    std::unique_ptr<Sink> sink() {
        KafkaSinkOptions options;
        options.topic = "cellvigil.alerts.v1";
        options.make_producer = [this](const kafka::ProducerOptions&) -> Result<std::unique_ptr<kafka::Producer>> {
            return std::make_unique<TopicProducer>(topic_);
        };
        options.partition_count = [this](const auto&, const auto&) -> Result<int> {
            if (topic_.away) return fail(Errc::unavailable, "broker away");
            return 2;
        };
        options.read_topic = [this](const auto&, const auto&, const std::map<int, std::int64_t>& from,
                                    std::size_t) -> Result<std::vector<kafka::ReadBack>> {
            ++topic_.read_backs;
            topic_.last_from = from;
            std::vector<kafka::ReadBack> found;
            for (const auto& [partition, offset] : from)
                for (const auto& record : topic_.partitions[static_cast<std::size_t>(partition)])
                    if (record.offset >= offset) found.push_back(record);
            return found;
        };
        return make_kafka_sink(std::move(options));
    }
    static Notification notification(const std::string& id) {
        return {1, id, id.substr(0, id.find('.')), "alert " + id, Instant{}};
    }

    Topic topic_;
    KeptMarks marks_;
};

TEST_F(KafkaAlerts, are_keyed_by_alert_and_carry_their_id) {
    const auto alerts = sink();
    EXPECT_EQ(alerts->name(), "kafka:cellvigil.alerts.v1");
    const Attempt attempt = alerts->deliver({notification("a.1"), notification("b.1")}, marks_);
    EXPECT_EQ(attempt.delivered, 2U);
    EXPECT_EQ(attempt.fate, Fate::delivered);
    EXPECT_THAT(topic_.values(), ElementsAre("alert a.1", "alert b.1"));
    EXPECT_EQ(topic_.read_backs, 1);
    EXPECT_EQ(alerts->deliver({notification("c.1")}, marks_).delivered, 1U);
    EXPECT_EQ(topic_.read_backs, 1) << "once at the start";
}

TEST_F(KafkaAlerts, taken_before_a_crash_are_not_sent_again) {
    EXPECT_EQ(sink()->deliver({notification("a.1"), notification("b.1")}, marks_).delivered, 2U);
    const Attempt again = sink()->deliver({notification("a.1"), notification("b.1"), notification("a.2")}, marks_);
    EXPECT_EQ(again.delivered, 3U) << "the cursor moves past those that are there";
    EXPECT_THAT(topic_.values(), ElementsAre("alert a.1", "alert a.2", "alert b.1"));
}

TEST_F(KafkaAlerts, after_an_unknown_outcome_the_topic_is_read_back) {
    const auto alerts = sink();
    topic_.fail_after = 1;
    const Attempt failed = alerts->deliver({notification("a.1"), notification("b.1")}, marks_);
    EXPECT_EQ(failed.delivered, 0U);
    EXPECT_EQ(failed.fate, Fate::again);
    topic_.fail_after = -1;
    EXPECT_EQ(alerts->deliver({notification("a.1"), notification("b.1")}, marks_).delivered, 2U);
    EXPECT_EQ(topic_.read_backs, 2);
    EXPECT_THAT(topic_.values(), ElementsAre("alert a.1", "alert b.1"));
}

// The offsets are kept only once the cursor has passed what they cover: until then a crash must find it again.
TEST_F(KafkaAlerts, a_later_start_reads_only_what_is_new) {
    sink()->deliver({notification("a.1"), notification("b.1")}, marks_);
    EXPECT_THAT(marks_.kept, testing::Each(Pair(testing::_, 0)));
    const auto second = sink();
    second->deliver({notification("a.1"), notification("b.1"), notification("c.1")}, marks_);
    EXPECT_THAT(marks_.kept, testing::Each(Pair(testing::_, 0))) << "the cursor has not moved yet";
    second->deliver({notification("d.1")}, marks_);
    EXPECT_THAT(marks_.kept, ElementsAre(Pair("offset/0", 1), Pair("offset/1", 1)));
    sink()->deliver({notification("e.1")}, marks_);
    EXPECT_THAT(topic_.last_from, ElementsAre(Pair(0, 1), Pair(1, 1)));
}

TEST_F(KafkaAlerts, of_a_topic_compacted_meanwhile_are_not_sent_out_of_order) {
    sink()->deliver({notification("a.1"), notification("a.2")}, marks_);
    topic_.partitions[1].erase(topic_.partitions[1].begin());  // 'a' is odd: revision 1 is gone, 2 stays
    EXPECT_EQ(sink()->deliver({notification("a.1"), notification("a.2"), notification("a.3")}, marks_).delivered, 3U);
    EXPECT_THAT(topic_.values(), ElementsAre("alert a.2", "alert a.3"));
}

TEST_F(KafkaAlerts, wait_for_the_broker) {
    topic_.away = true;
    const auto alerts = sink();
    const Attempt attempt = alerts->deliver({notification("a.1")}, marks_);
    EXPECT_EQ(attempt.fate, Fate::again);
    EXPECT_EQ(attempt.detail, "broker away");
    EXPECT_THAT(topic_.values(), IsEmpty());
    topic_.away = false;
    EXPECT_EQ(alerts->deliver({notification("a.1")}, marks_).delivered, 1U);
}

// librdkafka starts its threads in a way that clang 14's thread sanitizer does not see, and dies in.
bool under_thread_sanitizer() {
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
    return true;
#endif
#endif
    return false;
}

// The same over librdkafka and its mock of a cluster.
TEST(KafkaAlertsOnABroker, taken_before_a_restart_are_not_sent_again) {
    if (under_thread_sanitizer()) GTEST_SKIP() << "librdkafka";
    kafka::MockCluster cluster(1, "alerts", 3);
    KeptMarks marks;
    const auto sink = [&] {
        KafkaSinkOptions options;
        options.topic = "alerts";
        options.properties = cluster.properties();
        return make_kafka_sink(std::move(options));
    };
    std::vector<Notification> all;
    for (int i = 0; i < 20; ++i) {
        const std::string alert = "alert-" + std::to_string(i);
        all.push_back({i + 1, alert + ".1", alert, "body " + alert, Instant{}});
    }
    const std::vector<Notification> first(all.begin(), all.begin() + 12);
    EXPECT_EQ(sink()->deliver(first, marks).delivered, 12U);
    const Attempt again = sink()->deliver(all, marks);
    EXPECT_EQ(again.delivered, 20U) << again.detail;
    const auto records = kafka::read_topic(cluster.properties(), "alerts", {{0, 0}, {1, 0}, {2, 0}}, 1000);
    ASSERT_TRUE(records.has_value());
    std::set<std::string> keys;
    for (const kafka::ReadBack& record : *records) keys.insert(record.key);
    EXPECT_EQ(records->size(), 20U);
    EXPECT_EQ(keys.size(), 20U);
}

TEST(KafkaAlertsOnABroker, the_partitions_of_the_topic_are_counted) {
    if (under_thread_sanitizer()) GTEST_SKIP() << "librdkafka";
    kafka::MockCluster cluster(1, "alerts", 3);
    EXPECT_EQ(kafka::partition_count(cluster.properties(), "alerts").value(), 3);
}

}  // namespace
}  // namespace cellvigil::alerts
