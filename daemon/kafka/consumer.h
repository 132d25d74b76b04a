// A member of a consumer group whose positions belong to the store, not to Kafka: on assignment the owner of partitions
// claims each one and says from where to read; on revocation it finishes and commits, or discards when the assignment
// was lost. What Kafka is told about positions is for lag tools only and never read back.
//
// Threads: one poll thread (group events; calls the PartitionOwner), one expendable thread that asks for the ends of
// the partitions (lag, and it wakes librdkafka 2.0.2 out of its one-second fetch stall), and the workers, each serving
// the queue of its own partitions through its Source. Batch consumption is not used: it loses messages on 2.0.2
// (docs/decisions).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ingest/source.h"
#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::kafka {

struct Placement {
    std::uint32_t worker = 0;
    std::int64_t next = 0;  // the first position wanted; 0: from the oldest that is there
};

struct Position {
    std::uint32_t partition = 0;
    std::int64_t next = 0;
};

// Who owns the partitions' state. Called from the poll thread only, one call at a time.
class PartitionOwner {
  public:
    virtual ~PartitionOwner() = default;
    // The topic has so many partitions. `invalid` ends the consumer: a subject would change partition.
    virtual Result<void> sized(std::uint32_t partitions) = 0;
    // One placement per partition, in their order. `unavailable`: asked again.
    virtual Result<std::vector<Placement>> assigned(const std::vector<std::uint32_t>& partitions) = 0;
    // Returns when the owner has let go: everything committed, or (lost, or out of time) discarded.
    virtual void revoked(const std::vector<std::uint32_t>& partitions, bool lost) = 0;
    // What is durably done, of the partitions owned now.
    virtual std::vector<Position> committed() = 0;
};

struct ConsumerOptions {
    std::string topic;
    std::map<std::string, std::string> properties;  // bootstrap.servers, group.id, and what librdkafka takes
    std::uint32_t workers = 1;
    milliseconds commit_interval = seconds(10);    // advisory positions; 0: never
    milliseconds poke_interval = milliseconds(5);  // 0: never (librdkafka >= 2.2 has fetch.queue.backoff.ms)
    std::size_t low_queue = 40'000;                // poke only while fewer messages wait in a worker's queue
};

// What the consumer has to say; called from its threads.
struct ConsumerEvents {
    // syslog's levels, 3 = error .. 7 = debug.
    std::function<void(int level, std::string_view event, std::string_view text)> log;
    // It cannot go on: the topic changed its shape, another member took our group.instance.id, librdkafka gave up.
    std::function<void(const Error&)> fatal;
};

struct PartitionLag {
    std::uint32_t partition = 0;
    std::int64_t high = -1;  // one past the last message in the topic; -1: not known yet
};
struct BrokerStatistics {
    std::string name;
    std::int64_t rtt_p99_us = 0;
    std::int64_t request_timeouts = 0;
};
struct ConsumerStatus {
    bool connected = false;  // some broker answered since the last time that all were down
    std::uint64_t messages = 0;
    std::uint64_t rebalances = 0;
    std::uint64_t lost_assignments = 0;
    std::uint64_t commit_failures = 0;
    std::uint64_t broker_errors = 0;
    std::uint64_t pokes = 0;
    std::int64_t fetched_messages = 0;  // waiting in librdkafka's queues
    std::int64_t fetched_bytes = 0;
    std::vector<PartitionLag> ends;  // of the assigned partitions
    std::vector<BrokerStatistics> brokers;
};

class Consumer {
  public:
    static Result<std::unique_ptr<Consumer>> open(ConsumerOptions options, ConsumerEvents events);
    virtual ~Consumer() = default;  // close() first

    virtual ingest::Source& source(std::uint32_t worker) = 0;
    // Subscribes as soon as the topic is found; returns at once. `owner` outlives close().
    virtual void start(PartitionOwner& owner) = 0;
    // Leaves the group: the owner is asked to let go of everything. false: librdkafka did not finish in time (2.0.2 may
    // hang here); then nothing of it is freed and the process should end. Workers may no longer use their sources
    // afterwards.
    virtual bool close(milliseconds limit) = 0;
    virtual ConsumerStatus status() const = 0;
};

}  // namespace cellvigil::kafka
