#include "daemon/kafka/statistics.h"

#include <boost/json.hpp>

namespace cellvigil::kafka {
namespace {

namespace json = boost::json;

std::int64_t integer(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

const json::object* member(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr ? value->if_object() : nullptr;
}

void read_brokers(const json::object& all, Statistics& out) {
    for (const auto& entry : all) {
        const auto* broker = entry.value().if_object();
        if (broker == nullptr || integer(*broker, "nodeid") < 0) continue;
        const auto* rtt = member(*broker, "rtt");
        out.brokers.push_back({.name = std::string(entry.key()),
                               .rtt_p99_us = rtt != nullptr ? integer(*rtt, "p99") : 0,
                               .request_timeouts = integer(*broker, "req_timeouts")});
    }
}

void read_partitions(const json::object& topics, Statistics& out) {
    for (const auto& topic : topics) {
        const auto* object = topic.value().if_object();
        const auto* partitions = object != nullptr ? member(*object, "partitions") : nullptr;
        if (partitions == nullptr) continue;
        for (const auto& entry : *partitions) {
            const auto* partition = entry.value().if_object();
            if (partition == nullptr) continue;
            out.fetched_messages += integer(*partition, "fetchq_cnt");
            out.fetched_bytes += integer(*partition, "fetchq_size");
        }
    }
}

}  // namespace

Statistics read_statistics(std::string_view text) {
    Statistics out;
    boost::system::error_code error;
    const auto parsed = json::parse(text, error);
    const auto* root = error ? nullptr : parsed.if_object();
    if (root == nullptr) return out;
    if (const auto* brokers = member(*root, "brokers")) read_brokers(*brokers, out);
    if (const auto* topics = member(*root, "topics")) read_partitions(*topics, out);
    return out;
}

}  // namespace cellvigil::kafka
