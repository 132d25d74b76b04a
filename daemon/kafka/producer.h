// A producer that waits for the broker's word: idempotent, acks=all, partitioner murmur2_random. Used by the HTTP inlet
// in Kafka mode, the alerts topic, the dead-letter topic and `cellvigilctl send`. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rules/base/result.h"

namespace cellvigil::kafka {

struct Record {
    std::string key;
    std::string value;
    std::vector<std::pair<std::string, std::string>> headers;
};

struct ProducerOptions {
    std::string topic;
    std::map<std::string, std::string> properties;  // bootstrap.servers and what librdkafka takes; acks etc. are fixed
    int delivery_timeout_ms = 10'000;
};

class Producer {
  public:
    virtual ~Producer() = default;
    // Blocks until every record is acknowledged, in order; `unavailable` when the broker did not take all of them in
    // time (some may have arrived: send again under the same ids).
    virtual Result<void> send(const std::vector<Record>& records) = 0;
    // Queues one record (blocking while the local queue is full) and calls `done` with its fate, from another thread.
    virtual void send_async(Record record, std::function<void(Result<void>)> done) = 0;
    virtual Result<void> flush(int timeout_ms) = 0;
};

Result<std::unique_ptr<Producer>> make_producer(ProducerOptions options);

// How many partitions a topic has; `not_found`: no such topic; `unavailable`: no broker answers.
Result<int> partition_count(const std::map<std::string, std::string>& properties, const std::string& topic);

// Every record of a topic from the given offset per partition to its present end, in partition order; for reading back
// what was already written. At most `limit` records.
struct ReadBack {
    int partition = 0;
    std::int64_t offset = 0;
    std::string key;
    std::string value;
};
Result<std::vector<ReadBack>> read_topic(const std::map<std::string, std::string>& properties, const std::string& topic,
                                         const std::map<int, std::int64_t>& from, std::size_t limit);

}  // namespace cellvigil::kafka
