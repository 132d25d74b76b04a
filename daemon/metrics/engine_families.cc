#include <algorithm>

#include "daemon/metrics/state.h"

namespace cellvigil::metrics {
namespace {

double seconds_of(Instant at) { return static_cast<double>(at.time_since_epoch().count()) / 1000.0; }
double seconds_between(Instant from, Instant until) {
    return std::max(0.0, static_cast<double>((until - from).count()) / 1000.0);
}

void add_kafka(Families& out, const State& state, Instant now) {
    out.gauge("cellvigil_kafka_consumer_lag_messages", "Messages between a partition's end and what is committed.");
    std::map<std::string, Instant> oldest;
    for (const auto& [id, gauges] : state.partitions) {
        out.add({{"topic", id.first}, {"partition", std::to_string(id.second)}}, gauges.lag);
        Instant& first = oldest.try_emplace(id.first, kNever).first->second;
        if (gauges.oldest != kAlways) first = std::min(first, gauges.oldest);
    }
    out.gauge("cellvigil_kafka_oldest_unprocessed_age_seconds", "Age of the oldest message that waits; 0: none does.");
    for (const auto& [topic, first] : oldest)
        out.add({{"topic", topic}}, first == kNever ? 0.0 : seconds_between(first, now));
    out.counter("cellvigil_kafka_rebalances_total", "Changes of the partitions assigned to this instance.");
    for (const Rebalance reason : {Rebalance::assigned, Rebalance::revoked, Rebalance::lost})
        out.add({{"reason", name_of(reason)}}, state.process.rebalances[static_cast<std::size_t>(reason)].get());
    out.counter("cellvigil_kafka_commit_failures_total", "Advisory commits to the consumer group that failed.");
    out.add({}, state.process.kafka_commit_failures.get());
    out.counter("cellvigil_kafka_broker_errors_total", "Errors told by the Kafka client.");
    for (const BrokerError reason :
         {BrokerError::transport, BrokerError::timeout, BrokerError::authentication, BrokerError::other})
        out.add({{"reason", name_of(reason)}}, state.process.broker_errors[static_cast<std::size_t>(reason)].get());
}

void add_store(Families& out, const State& state, std::int64_t free_bytes) {
    const ProcessCounters& process = state.process;
    out.counter("cellvigil_store_commits_total", "Batches committed to the store.");
    out.add({}, process.commits.get());
    out.counter("cellvigil_store_commit_failures_total", "Commits that failed and were tried again or given up.");
    out.add({}, process.commit_failures.get());
    out.histogram("cellvigil_store_commit_seconds", "Time of one commit, durable.");
    HistogramSum<kProcessingBounds> total;
    total.take(process.commit_seconds);
    total.add_to(out, {});
    out.counter("cellvigil_subject_loads_total", "Subjects read back from the store into memory.");
    out.add({}, process.subject_loads.get());
    out.counter("cellvigil_subject_evictions_total", "Subjects written back to make room in memory.");
    out.add({}, process.subject_evictions.get());
    out.gauge("cellvigil_subjects_in_memory", "Subjects kept in memory.");
    out.add({}, process.subjects_in_memory.get());
    out.gauge("cellvigil_subject_memory_bytes", "Memory of the subjects kept, against memory.limit_bytes.");
    out.add({}, process.subject_bytes.get());
    out.gauge("cellvigil_inlet_queue_entries", "Messages from the HTTP interface that wait for a worker.");
    out.add({}, process.inlet_queue.get());
    out.gauge("cellvigil_partitions_owned", "Partitions that this instance processes.");
    out.add({}, process.partitions_owned.get());
    out.gauge("cellvigil_replay_remaining_messages", "Messages still to be replayed at the start.");
    out.add({}, process.replay_remaining.get());
    out.gauge("cellvigil_rebuild_remaining_subjects",
              "Subjects still to be derived anew after a change of their stored form.");
    out.add({}, process.rebuild_remaining.get());
    out.gauge("cellvigil_recovery_backlog_messages", "Messages that a start would read again if the daemon ended now.");
    out.add({}, process.recovery_backlog.get());
    out.gauge("cellvigil_state_store_free_bytes", "Room left on the disk that the store is on.");
    if (free_bytes >= 0) out.add({}, free_bytes);
}

void add_sites(Families& out, const State& state) {
    out.gauge("cellvigil_site_last_message_timestamp_seconds", "Append time of a site's latest message.");
    for (const auto& [id, times] : state.sites)
        if (times.last_message != kAlways)
            out.add({{"study", id.first}, {"site", id.second}}, seconds_of(times.last_message));
    out.gauge("cellvigil_site_data_complete_through_timestamp_seconds",
              "Event time up to which a site says that it has reported.");
    for (const auto& [id, times] : state.sites)
        if (times.complete_through != kAlways)
            out.add({{"study", id.first}, {"site", id.second}}, seconds_of(times.complete_through));
}

}  // namespace

void add_engine(Families& out, const State& state, Instant now, std::int64_t free_bytes) {
    add_kafka(out, state, now);
    add_store(out, state, free_bytes);
    add_sites(out, state);
}

}  // namespace cellvigil::metrics
