#include "daemon/kafka/conf.h"
#include "daemon/kafka/producer.h"

namespace cellvigil::kafka {
namespace {

constexpr int kAnswerTimeoutMs = 10'000;

}  // namespace

Result<int> partition_count(const std::map<std::string, std::string>& properties, const std::string& topic) {
    static const ConfPlan plan{.fixed = {}, .usual = {{"allow.auto.create.topics", "false"}}, .optional = {}};
    auto conf = make_conf(plan, properties);
    if (!conf) return fail(conf.error());
    rd_kafka_conf_set_log_cb(conf->get(), nullptr);
    const auto client = make_client(RD_KAFKA_CONSUMER, std::move(*conf));
    if (!client) return fail(client.error());
    const TopicHandle handle(rd_kafka_topic_new(client->get(), topic.c_str(), nullptr));
    if (!handle) return fail(Errc::invalid, "kafka: not a topic's name");
    const rd_kafka_metadata_t* metadata = nullptr;
    const auto error = rd_kafka_metadata(client->get(), 0, handle.get(), &metadata, kAnswerTimeoutMs);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(Errc::unavailable, rd_kafka_err2str(error));
    const bool known = metadata->topic_cnt == 1 && metadata->topics[0].err == RD_KAFKA_RESP_ERR_NO_ERROR;
    const int count = known ? metadata->topics[0].partition_cnt : 0;
    rd_kafka_metadata_destroy(metadata);
    if (count == 0) return fail(Errc::not_found, "kafka: no topic " + topic);
    return count;
}

}  // namespace cellvigil::kafka
