// What Metrics holds, and the parts of the catalogue that are made of it. Private to this folder.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>

#include "daemon/metrics/families.h"
#include "daemon/metrics/metrics.h"

namespace cellvigil::metrics {

struct PartitionGauges {
    std::int64_t lag = 0;
    Instant oldest = kAlways;  // kAlways: nothing waits
};
struct SiteTimes {
    Instant last_message = kAlways;
    Instant complete_through = kAlways;
};
using RequestSeconds = Histogram<kProcessingBounds, Own>;

// Guarded by the mutex of Metrics, but for the counters, which are their own guard.
struct State {
    MetricsOptions options;
    std::deque<WorkerCounters> workers;
    ProcessCounters process;
    std::map<std::string, ChannelCounters, std::less<>> channels;
    std::map<std::pair<std::string, std::uint32_t>, PartitionGauges> partitions;
    std::map<std::pair<std::string, std::string>, SiteTimes> sites;
    std::map<std::tuple<std::string, std::string, AlertChange>, std::uint64_t> alerts;
    std::map<std::tuple<std::string, std::string, int>, std::uint64_t> requests;
    std::map<std::string, RequestSeconds> request_seconds;
    std::uint64_t read_failures = 0;
};

void add_ingest(Families& out, const State& state);  // messages, quality, delays
// Kafka, store, memory; -1: the room left is not known.
void add_engine(Families& out, const State& state, Instant now, std::int64_t free_bytes);
void add_delivery(Families& out, const State& state, Instant now);  // alerts, notifications, HTTP
void add_committed(Families& out, const Committed& committed, std::uint32_t min_cell);
void add_signals(Families& out, const Signals& signals, std::uint32_t min_cell, Instant now);
void add_tables(Families& out, const Tables& tables, std::uint32_t min_cell);  // what whole histories give
void add_book(Families& out, const BookGauges& book);                          // stages, waiting, reports
// Build, configuration, checks, process_*.
void add_process(Families& out, const State& state, const std::vector<ProbeCheck>& checks, Instant now);

}  // namespace cellvigil::metrics
