// One worker's queue: the partitions assigned to it are forwarded here. Inside daemon/kafka only.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "daemon/ingest/lookahead.h"
#include "daemon/ingest/source.h"
#include "daemon/kafka/consumer.h"
#include "daemon/kafka/handle.h"

namespace cellvigil::kafka {

class Feed : public ingest::Source {
  public:
    Feed(rd_kafka_t* client, const ConsumerEvents& events);

    std::size_t take(std::size_t at_most, milliseconds wait, ingest::Receiver& receiver) override;
    std::size_t waiting() const override;
    void wake() override;

    void set_partition_count(std::uint32_t count) { partition_count_ = count; }
    // From now on the partition's messages come here. Before its position is assigned.
    void forward(const std::string& topic, std::uint32_t partition);
    std::uint64_t taken() const { return taken_.load(std::memory_order_relaxed); }
    std::uint64_t errors() const { return errors_.load(std::memory_order_relaxed); }
    // Gives the queue back, waiting for a take() that is under way; later ones find nothing. Before the client is
    // destroyed.
    void release();

  private:
    std::shared_ptr<rd_kafka_queue_t> queue() const;
    void serve(rd_kafka_queue_t* queue, std::size_t at_most, milliseconds wait, ingest::Receiver& receiver);
    void arrive(const rd_kafka_message_t& message, ingest::Receiver& receiver);
    void report(const rd_kafka_message_t& message, ingest::Receiver& receiver);
    void read_headers(const rd_kafka_message_t& message);

    static constexpr std::size_t kShort = 32U << 20U;  // bytes, of a queue that is not long

    rd_kafka_t* client_;
    const ConsumerEvents& events_;
    std::mutex serving_;                       // held by take(): nobody takes the queue away under it
    mutable std::mutex handle_;                // guards the pointer; nobody but take() uses the queue without it
    std::shared_ptr<rd_kafka_queue_t> queue_;  // empty once released
    ingest::Lookahead ahead_;                  // within take() only
    std::size_t mean_bytes_ = kShort;          // of a message, in the last take(); at first a queue of one is long
    std::size_t taken_bytes_ = 0;              // in this one
    std::vector<journal::Header> headers_;     // of the message at hand
    std::atomic<std::uint32_t> partition_count_{0};
    std::atomic<std::uint64_t> taken_{0};
    std::atomic<std::uint64_t> errors_{0};
};

}  // namespace cellvigil::kafka
