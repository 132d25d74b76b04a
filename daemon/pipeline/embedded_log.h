// The input of a deployment without a broker: messages handed over in the process, waiting in bounded queues until a
// worker puts them into the journal, which makes them durable. A key always goes to the same partition, murmur2 modulo
// their number; positions count from 0 in each partition; the append time is the wall clock, never earlier than the one
// before.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "daemon/ingest/inlet.h"
#include "daemon/ingest/source.h"

namespace cellvigil::pipeline {

struct EmbeddedLogOptions {
    std::uint32_t partitions = 4;
    std::uint32_t workers = 1;
    std::size_t max_waiting_messages = 200'000;   // over all workers; more is `unavailable`
    std::size_t max_waiting_bytes = 128U << 20U;  // of keys and values
    std::function<Instant()> now;
};

class EmbeddedLog : public ingest::Inlet {
  public:
    explicit EmbeddedLog(EmbeddedLogOptions options);
    ~EmbeddedLog() override;  // close(), refuse_rest()
    EmbeddedLog(const EmbeddedLog&) = delete;
    EmbeddedLog& operator=(const EmbeddedLog&) = delete;

    void submit(std::vector<ingest::Submission> messages,
                std::function<void(Result<std::vector<ingest::Answer>>)> done) override;
    // Takes no more submissions; what waits is still handed out.
    void close();
    // Tells `unavailable` to whoever still waits. After the workers have stopped.
    void refuse_rest();
    std::size_t waiting() const;

    std::uint32_t worker_of(std::uint32_t partition) const { return partition % options_.workers; }
    ingest::Source& source(std::uint32_t worker);
    // The partition goes on at `next`. From the worker's thread, between two calls of take().
    void place(std::uint32_t partition, std::int64_t next, Instant log_time);

  private:
    struct Queued;
    struct State;
    class Lane;

    const EmbeddedLogOptions options_;
    std::unique_ptr<State> state_;
    std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace cellvigil::pipeline
