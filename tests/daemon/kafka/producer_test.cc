#include "daemon/kafka/producer.h"

#include <gtest/gtest.h>

#include <future>
#include <set>

#include "rules/base/hash.h"
#include "tests/daemon/kafka/mock_cluster.h"
#include "tests/support/case_name.h"

namespace cellvigil::kafka {
namespace {

constexpr int kPartitions = 4;

std::unique_ptr<Producer> producer(const MockCluster& cluster, int timeout_ms = 10'000) {
    auto made = make_producer({.topic = "t", .properties = cluster.properties(), .delivery_timeout_ms = timeout_ms});
    EXPECT_TRUE(made.has_value()) << made.error().detail;
    return std::move(*made);
}

std::map<int, std::int64_t> from_the_start() {
    std::map<int, std::int64_t> from;
    for (int i = 0; i < kPartitions; ++i) from[i] = 0;
    return from;
}

TEST(Producer, what_was_sent_is_read_back_in_order_and_in_the_partition_of_its_key) {
    MockCluster cluster(1, "t", kPartitions);
    std::vector<Record> records;
    for (int i = 0; i < 200; ++i) {
        records.push_back({.key = "S/p" + std::to_string(i % 17), .value = std::to_string(i), .headers = {{"h", "x"}}});
    }
    ASSERT_TRUE(producer(cluster)->send(records).has_value());
    const auto read = read_topic(cluster.properties(), "t", from_the_start(), 1000);
    ASSERT_TRUE(read.has_value()) << read.error().detail;
    ASSERT_EQ(read->size(), records.size());
    std::map<int, int> last;
    for (const auto& record : *read) {
        EXPECT_EQ(record.partition, static_cast<int>(partition_of(record.key, kPartitions)));
        const int number = std::stoi(record.value);
        if (last.contains(record.partition)) {
            EXPECT_GT(number, last[record.partition]);
        }
        last[record.partition] = number;
    }
}

TEST(Producer, reads_back_from_an_offset_and_at_most_so_many) {
    MockCluster cluster(1, "t", 1);
    std::vector<Record> records;
    for (int i = 0; i < 10; ++i) records.push_back({.key = "k", .value = std::to_string(i), .headers = {}});
    ASSERT_TRUE(producer(cluster)->send(records).has_value());
    const auto tail = read_topic(cluster.properties(), "t", {{0, 7}}, 100);
    ASSERT_TRUE(tail.has_value());
    ASSERT_EQ(tail->size(), 3U);
    EXPECT_EQ(tail->front().value, "7");
    EXPECT_EQ(read_topic(cluster.properties(), "t", {{0, 0}}, 4)->size(), 4U);
    EXPECT_TRUE(read_topic(cluster.properties(), "t", {{0, 10}}, 4)->empty());
}

TEST(Producer, is_unavailable_when_the_broker_does_not_answer_in_time) {
    MockCluster cluster(1, "t", 1);
    const auto sending = producer(cluster, 1500);
    rd_kafka_mock_broker_set_down(cluster.get(), 1);
    const auto sent = sending->send({{.key = "k", .value = "v", .headers = {}}});
    ASSERT_FALSE(sent.has_value());
    EXPECT_EQ(sent.error().code, Errc::unavailable);
}

TEST(Producer, retries_what_the_broker_refuses_for_now) {
    MockCluster cluster(1, "t", 1);
    const auto sending = producer(cluster);
    rd_kafka_mock_push_request_errors(cluster.get(), 0, 3, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
                                      RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                                      RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS);
    EXPECT_TRUE(sending->send({{.key = "k", .value = "v", .headers = {}}}).has_value());
    EXPECT_EQ(read_topic(cluster.properties(), "t", {{0, 0}}, 100)->size(), 1U);
}

TEST(Producer, goes_on_after_a_fatal_error_of_librdkafka) {
    MockCluster cluster(1, "t", 1);
    const auto sending = producer(cluster);
    ASSERT_TRUE(sending->send({{.key = "k", .value = "1", .headers = {}}}).has_value());
    rd_kafka_mock_push_request_errors(cluster.get(), 0, 1, RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID);
    static_cast<void>(sending->send({{.key = "k", .value = "2", .headers = {}}}));
    bool sent = false;
    for (int i = 0; i < 5 && !sent; ++i) sent = sending->send({{.key = "k", .value = "3", .headers = {}}}).has_value();
    EXPECT_TRUE(sent);
}

TEST(Producer, tells_the_fate_of_each_record_sent_without_waiting) {
    MockCluster cluster(1, "t", 1);
    const auto sending = producer(cluster);
    std::promise<Result<void>> told;
    sending->send_async({.key = "k", .value = "v", .headers = {}},
                        [&](Result<void> fate) { told.set_value(std::move(fate)); });
    EXPECT_TRUE(told.get_future().get().has_value());
}

struct RefusedProperty {
    const char* name;
    const char* property;
    const char* value;
};
class ProducerProperty : public testing::TestWithParam<RefusedProperty> {};

TEST_P(ProducerProperty, is_refused_by_name) {
    const auto& refused = GetParam();
    const auto made = make_producer(
        {.topic = "t", .properties = {{"bootstrap.servers", "127.0.0.1:1"}, {refused.property, refused.value}}});
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().code, Errc::invalid);
    EXPECT_NE(made.error().detail.find(refused.property), std::string::npos) << made.error().detail;
    EXPECT_EQ(made.error().detail.find("s3cret"), std::string::npos) << made.error().detail;
}
INSTANTIATE_TEST_SUITE_P(Conf, ProducerProperty,
                         testing::Values(RefusedProperty{"acks_are_ours", "acks", "1"},
                                         RefusedProperty{"partitioner_is_ours", "partitioner", "random"},
                                         RefusedProperty{"unknown", "no.such.property", "1"},
                                         RefusedProperty{"wrong_value_is_not_repeated", "security.protocol", "s3cret"}),
                         CaseName{});

}  // namespace
}  // namespace cellvigil::kafka
