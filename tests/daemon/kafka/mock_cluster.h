// librdkafka's own mock brokers, in this process. Its limits: the first join of a group waits three seconds, sessions
// must be at least four seconds long, and each partition keeps 5 MiB.
#pragma once

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <map>
#include <string>

namespace cellvigil::kafka {

class MockCluster {
  public:
    MockCluster(int brokers, const std::string& topic, int partitions) {
        rd_kafka_conf_t* conf = rd_kafka_conf_new();
        rd_kafka_conf_set_log_cb(conf, nullptr);
        client_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nullptr, 0);
        cluster_ = rd_kafka_mock_cluster_new(client_, brokers);
        rd_kafka_mock_topic_create(cluster_, topic.c_str(), partitions, brokers);
    }
    ~MockCluster() {
        rd_kafka_mock_cluster_destroy(cluster_);
        rd_kafka_destroy(client_);
    }
    MockCluster(const MockCluster&) = delete;
    MockCluster& operator=(const MockCluster&) = delete;

    std::string bootstrap() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
    std::map<std::string, std::string> properties(const std::string& group = "") const {
        std::map<std::string, std::string> properties{{"bootstrap.servers", bootstrap()}};
        if (!group.empty()) {
            properties["group.id"] = group;
            properties["session.timeout.ms"] = "6000";
            properties["heartbeat.interval.ms"] = "500";
        }
        return properties;
    }
    rd_kafka_mock_cluster_t* get() { return cluster_; }

  private:
    rd_kafka_t* client_;
    rd_kafka_mock_cluster_t* cluster_;
};

}  // namespace cellvigil::kafka
