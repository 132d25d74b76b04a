// The plain numbers behind /metrics. The hot path adds to these and never touches a metrics library; the scrape reads
// them. Own*: written by one thread, read by any, costs a load and a store. Shared*: written by any.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "rules/event/admit.h"
#include "rules/event/body.h"
#include "rules/event/event.h"

namespace cellvigil::metrics {

template <typename T>
class Own {
  public:
    void add(T amount = 1) { value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed); }
    T get() const { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<T> value_{0};
};

template <typename T>
class Shared {
  public:
    void add(T amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
    void set(T value) { value_.store(value, std::memory_order_relaxed); }
    T get() const { return value_.load(std::memory_order_relaxed); }

  private:
    std::atomic<T> value_{0};
};

// Upper limits of the buckets, in seconds; a value equal to a limit is in its bucket.
inline constexpr std::array kProcessingBounds{50e-6, 100e-6, 200e-6, 500e-6, 1e-3, 2e-3, 5e-3,
                                              10e-3, 20e-3,  50e-3,  0.1,    0.2,  0.5,  1.0};
inline constexpr std::array kDelayBounds{0.01, 0.02, 0.05, 0.1,  0.2,   0.5,   1.0,   2.0,
                                         5.0,  10.0, 30.0, 60.0, 300.0, 900.0, 3600.0};
inline constexpr std::array kReportingBounds{3600.0,   21600.0,   86400.0,   259200.0,
                                             604800.0, 1209600.0, 2592000.0, 7776000.0};

template <const auto& Bounds, template <typename> typename Cell>
class Histogram {
  public:
    static constexpr std::size_t kBuckets = Bounds.size() + 1;  // the last has no upper limit
    void observe(double seconds, std::uint64_t times = 1) {
        const auto bound = std::lower_bound(Bounds.begin(), Bounds.end(), seconds);
        buckets_[static_cast<std::size_t>(bound - Bounds.begin())].add(times);
        sum_.add(seconds * static_cast<double>(times));
    }
    std::uint64_t bucket(std::size_t index) const { return buckets_[index].get(); }  // not cumulated
    double sum() const { return sum_.get(); }

  private:
    std::array<Cell<std::uint64_t>, kBuckets> buckets_;
    Cell<double> sum_;
};

inline constexpr std::size_t kPayloads = static_cast<std::size_t>(FactKind::retraction) + 2;  // the last: not known
inline constexpr std::size_t kUnknownPayload = kPayloads - 1;
inline constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::values_disagree) + 1;
inline constexpr std::size_t kFlags = static_cast<std::size_t>(EventFlag::offset_missing) + 1;
inline constexpr std::size_t kActions = static_cast<std::size_t>(RecordAction::retract) + 1;
inline constexpr std::size_t kMaxTopics = 16;
constexpr std::size_t index_of(FactKind kind) { return static_cast<std::size_t>(kind); }

enum class Processed : std::uint8_t { applied, duplicate, superseded, flagged, quarantined, rejected };
inline constexpr std::size_t kProcessed = 6;
const char* name_of(Processed outcome);

// One per worker thread, written by it alone. `flagged` of `processed` counts applied messages that carry a flag (they
// are not in `applied`), so the outcomes of a payload add up to its messages.
struct WorkerCounters {
    std::array<Own<std::uint64_t>, kMaxTopics> consumed;  // by the topic's place in MetricsOptions::topics
    std::array<std::array<Own<std::uint64_t>, kProcessed>, kPayloads> processed;
    std::array<Own<std::uint64_t>, kReasons> rejected;
    std::array<Own<std::uint64_t>, kReasons> quarantined;
    std::array<Own<std::uint64_t>, kReasons> dead_letters;
    std::array<std::array<Own<std::uint64_t>, kActions>, kPayloads> corrections;  // amend and retract
    std::array<Own<std::uint64_t>, kFlags> flags;
    Own<std::uint64_t> late_facts;  // of days that were closed when they came
    std::array<Histogram<kProcessingBounds, Own>, kPayloads>
        processing;                             // may be sampled: observe(batch mean, batch size)
    Histogram<kDelayBounds, Own> ingest_delay;  // append time to applied
    std::array<Histogram<kReportingBounds, Own>, kPayloads> reporting_delay;  // effective to recorded

    void count(std::size_t payload, Processed outcome, std::uint64_t times = 1) {
        processed[payload][static_cast<std::size_t>(outcome)].add(times);
    }
};

enum class Rebalance : std::uint8_t { assigned, revoked, lost };
enum class BrokerError : std::uint8_t { transport, timeout, authentication, other };
enum class AlertChange : std::uint8_t { raised, updated, withdrawn };
const char* name_of(Rebalance reason);
const char* name_of(BrokerError reason);
const char* name_of(AlertChange change);

// One per process, written by any thread: what happens rarely.
struct ProcessCounters {
    std::array<Shared<std::uint64_t>, 3> rebalances;
    std::array<Shared<std::uint64_t>, 4> broker_errors;
    std::array<Shared<std::uint64_t>, kReasons>
        refused_at_inlet;  // never became a message: counted with the rejected ones and the dead letters
    Shared<std::uint64_t> kafka_commit_failures;
    Shared<std::uint64_t> commits;
    Shared<std::uint64_t> commit_failures;  // store commits that had to be tried again or given up
    Shared<std::uint64_t> subject_loads;    // subjects read back from the store
    Shared<std::uint64_t> subject_evictions;
    Histogram<kProcessingBounds, Shared> commit_seconds;
    Shared<std::int64_t> subjects_in_memory;
    Shared<std::int64_t> subject_bytes;  // of the memory limit
    Shared<std::int64_t> inlet_queue;    // submissions waiting
    Shared<std::int64_t> partitions_owned;
    Shared<std::int64_t> replay_remaining;     // messages, while starting
    Shared<std::int64_t> rebuild_remaining;    // subjects of another version's form, while starting
    Shared<std::int64_t> recovery_backlog;     // positions that a start would read again if the process ended now
    Shared<std::int64_t> config_reload_ok{};   // 1 or 0
    Shared<std::int64_t> config_reload_at_ms;  // of the last success; 0: never

    void count(Rebalance reason) { rebalances[static_cast<std::size_t>(reason)].add(); }
    void count(BrokerError reason) { broker_errors[static_cast<std::size_t>(reason)].add(); }
};

// One per sink, written by the dispatcher.
enum class Delivery : std::uint8_t { delivered, retried, failed, suppressed };
const char* name_of(Delivery outcome);
struct ChannelCounters {
    std::array<Shared<std::uint64_t>, 4> notifications;
    Histogram<kDelayBounds, Shared> delay;   // created to delivered
    Shared<std::int64_t> queue_entries;      // not yet delivered; at the bound: at least so many
    Shared<std::int64_t> oldest_created_ms;  // of the first not delivered; 0: none
    Shared<std::int64_t> disabled;           // 1: the endpoint said it is gone
    void count(Delivery outcome) { notifications[static_cast<std::size_t>(outcome)].add(); }
};

}  // namespace cellvigil::metrics
