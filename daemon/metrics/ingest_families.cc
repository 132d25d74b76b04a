#include "daemon/metrics/state.h"

namespace cellvigil::metrics {
namespace {

std::string payload_name(std::size_t payload) {
    return payload == kUnknownPayload ? "unknown" : name_of(static_cast<FactKind>(payload));
}

template <typename Read>
std::uint64_t sum(const State& state, Read read) {
    std::uint64_t total = 0;
    for (const WorkerCounters& worker : state.workers) total += read(worker);
    return total;
}

void add_by_reason(Families& out, const State& state,
                   std::array<Own<std::uint64_t>, kReasons> WorkerCounters::*counters, bool rejections) {
    for (std::size_t i = 0; i < kReasons; ++i) {
        const auto reason = static_cast<Reason>(i);
        if (is_rejection(reason) != rejections) continue;
        std::uint64_t total = sum(state, [&](const WorkerCounters& w) { return (w.*counters)[i].get(); });
        if (counters == &WorkerCounters::rejected || counters == &WorkerCounters::dead_letters)
            total += state.process.refused_at_inlet[i].get();
        out.add({{"reason", name_of(reason)}}, total);
    }
}

void add_messages(Families& out, const State& state) {
    out.counter("cellvigil_messages_consumed_total", "Messages taken from the log, whatever became of them.");
    for (std::size_t t = 0; t < state.options.topics.size(); ++t)
        out.add({{"topic", state.options.topics[t]}},
                sum(state, [&](const WorkerCounters& w) { return w.consumed[t].get(); }));
    out.counter("cellvigil_messages_processed_total",
                "Messages by payload and what became of them; flagged: applied with a data quality flag.");
    for (std::size_t p = 0; p < kPayloads; ++p)
        for (std::size_t o = 0; o < kProcessed; ++o)
            out.add({{"payload", payload_name(p)}, {"outcome", name_of(static_cast<Processed>(o))}},
                    sum(state, [&](const WorkerCounters& w) { return w.processed[p][o].get(); }));
    out.counter("cellvigil_messages_rejected_total", "Messages refused, by the first reason.");
    add_by_reason(out, state, &WorkerCounters::rejected, true);
    out.counter("cellvigil_messages_quarantined_total", "Messages put into quarantine, by the first reason.");
    add_by_reason(out, state, &WorkerCounters::quarantined, false);
    out.counter("cellvigil_dead_letters_total", "Dead letters stored, by the first reason.");
    add_by_reason(out, state, &WorkerCounters::dead_letters, true);
}

void add_quality(Families& out, const State& state) {
    out.counter("cellvigil_corrections_total", "Messages that amend or retract a fact.");
    for (std::size_t p = 0; p < kPayloads; ++p)
        for (const auto& [action, name] :
             {std::pair{RecordAction::amend, "amend"}, std::pair{RecordAction::retract, "retract"}})
            out.add({{"payload", payload_name(p)}, {"action", name}},
                    sum(state, [&, place = static_cast<std::size_t>(action)](const WorkerCounters& w) {
                        return w.corrections[p][place].get();
                    }));
    out.counter("cellvigil_late_facts_total",
                "Facts of days that were already closed when they came; they count in the next look.");
    out.add({}, sum(state, [](const WorkerCounters& w) { return w.late_facts.get(); }));
    out.counter("cellvigil_messages_flagged_total", "Data quality flags put on applied messages.");
    for (std::size_t f = 0; f < kFlags; ++f)
        out.add({{"flag", name_of(static_cast<EventFlag>(f))}},
                sum(state, [&](const WorkerCounters& w) { return w.flags[f].get(); }));
}

void add_delays(Families& out, const State& state) {
    out.histogram("cellvigil_message_processing_seconds",
                  "Time to decode, check, apply and grade one message; of observations that are applied together, to "
                  "apply and grade, the mean of each.");
    for (std::size_t p = 0; p < kPayloads; ++p) {
        HistogramSum<kProcessingBounds> total;
        for (const WorkerCounters& worker : state.workers) total.take(worker.processing[p]);
        total.add_to(out, {{"payload", payload_name(p)}});
    }
    out.histogram("cellvigil_ingest_delay_seconds", "From a message's append to the log until it was applied.");
    HistogramSum<kDelayBounds> ingest;
    for (const WorkerCounters& worker : state.workers) ingest.take(worker.ingest_delay);
    ingest.add_to(out, {});
    out.histogram("cellvigil_reporting_delay_seconds",
                  "From when a fact was true of the patient until the source recorded it.");
    for (std::size_t p = 0; p < kPayloads; ++p) {
        HistogramSum<kReportingBounds> total;
        for (const WorkerCounters& worker : state.workers) total.take(worker.reporting_delay[p]);
        total.add_to(out, {{"payload", payload_name(p)}});
    }
}

}  // namespace

void add_ingest(Families& out, const State& state) {
    add_messages(out, state);
    add_quality(out, state);
    add_delays(out, state);
}

}  // namespace cellvigil::metrics
