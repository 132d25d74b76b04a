#include <algorithm>
#include <chrono>

#include "daemon/kafka/conf.h"
#include "daemon/kafka/producer.h"
#include "rules/base/time.h"

namespace cellvigil::kafka {
namespace {

constexpr int kAnswerTimeoutMs = 10'000;
constexpr seconds kSilenceLimit{30};  // no message and no end of partition for so long: the broker is away

const ConfPlan& reader_plan() {
    static const ConfPlan plan{
        .fixed = {{"enable.auto.commit", "false"},
                  {"enable.auto.offset.store", "false"},
                  {"enable.partition.eof", "true"},
                  {"auto.offset.reset", "error"}},
        .usual = {{"group.id", "cellvigil-read-back"},
                  {"isolation.level", "read_committed"},
                  {"allow.auto.create.topics", "false"},
                  {"fetch.wait.max.ms", "20"}},
        .optional = {},
    };
    return plan;
}

std::string_view bytes_of(const void* data, std::size_t size) {
    return data == nullptr ? std::string_view{} : std::string_view(static_cast<const char*>(data), size);
}

// Assigns every asked partition that has something after its offset; the number of them.
Result<int> assign_from(rd_kafka_t* client, const std::string& topic, const std::map<int, std::int64_t>& from) {
    PartitionsHandle list(rd_kafka_topic_partition_list_new(static_cast<int>(from.size())));
    for (const auto& [partition, offset] : from) {
        std::int64_t low = 0;
        std::int64_t high = 0;
        const auto error =
            rd_kafka_query_watermark_offsets(client, topic.c_str(), partition, &low, &high, kAnswerTimeoutMs);
        if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(Errc::unavailable, rd_kafka_err2str(error));
        if (high <= offset || high == low) continue;
        rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = std::max(offset, low);
    }
    if (list->cnt == 0) return 0;
    const auto error = rd_kafka_assign(client, list.get());
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(Errc::unavailable, rd_kafka_err2str(error));
    return list->cnt;
}

Result<std::vector<ReadBack>> read_assigned(rd_kafka_t* client, int open, std::size_t limit) {
    std::vector<ReadBack> found;
    auto last_sign = std::chrono::steady_clock::now();
    while (open > 0 && found.size() < limit) {
        const MessageHandle message(rd_kafka_consumer_poll(client, 200));
        const auto now = std::chrono::steady_clock::now();
        if (!message) {
            if (now - last_sign > kSilenceLimit) return fail(Errc::unavailable, "kafka: no answer while reading back");
            continue;
        }
        last_sign = now;
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            --open;
        } else if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            found.push_back({.partition = message->partition,
                             .offset = message->offset,
                             .key = std::string(bytes_of(message->key, message->key_len)),
                             .value = std::string(bytes_of(message->payload, message->len))});
        } else if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
            return fail(Errc::not_found, "kafka: records were removed while reading back");
        }
    }
    return found;
}

}  // namespace

Result<std::vector<ReadBack>> read_topic(const std::map<std::string, std::string>& properties, const std::string& topic,
                                         const std::map<int, std::int64_t>& from, std::size_t limit) {
    auto conf = make_conf(reader_plan(), properties);
    if (!conf) return fail(conf.error());
    rd_kafka_conf_set_log_cb(conf->get(), nullptr);
    auto client = make_client(RD_KAFKA_CONSUMER, std::move(*conf));
    if (!client) return fail(client.error());
    rd_kafka_poll_set_consumer(client->get());
    const auto open = assign_from(client->get(), topic, from);
    if (!open) return fail(open.error());
    auto found = read_assigned(client->get(), *open, limit);
    rd_kafka_assign(client->get(), nullptr);
    rd_kafka_consumer_close(client->get());
    if (!found) return found;
    std::stable_sort(found->begin(), found->end(),
                     [](const ReadBack& a, const ReadBack& b) { return a.partition < b.partition; });
    return found;
}

}  // namespace cellvigil::kafka
