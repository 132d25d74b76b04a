// From messages to committed state: N workers that own partitions, one committer, one thread that empties the
// write-ahead log. Whoever assigns partitions (the Kafka group, or the start of an embedded deployment) calls claim and
// revoke; what happened is told through PipelineEvents. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ingest/refusal.h"
#include "daemon/ingest/source.h"
#include "daemon/metrics/metrics.h"
#include "daemon/pipeline/looks.h"
#include "daemon/pipeline/worker.h"

namespace cellvigil::pipeline {

struct PipelineEvents {
    std::function<void()> outbox_grew;                                  // after the commit
    std::function<void(std::uint32_t partition, const Error&)> broken;  // cannot be read on: something is missing
    std::function<void(std::uint32_t partition)> fenced;                // another owner took it
    std::function<void(bool away, const Error&)> store_away;
    std::function<void(const Error&)> fatal;  // must stop
};

struct PipelineOptions {
    std::uint32_t workers = 1;
    std::uint32_t partitions = 0;  // of the deployment; may become known later: set_partitions()
    WorkerOptions worker;          // for each; memory_limit and replay_bytes are shared out among them
    OpenStore open_store;
    milliseconds checkpoint_every{100};
    std::int64_t checkpoint_restart_bytes = 160 << 20;
    milliseconds revoke_limit = seconds(10);
    PipelineEvents events;
    EncodeSignal encode_signal;    // empty: monitors are not looked at
    EncodeScreen encode_screen;    // of screens; wanted when encode_signal is there
    milliseconds look_every{500};  // at most so often
};

struct PartitionStatus {
    std::uint32_t partition = 0;
    std::int64_t next = 0;  // committed: one past the last
    Instant log_time = kAlways;
};

struct PipelineStatus {
    std::vector<PartitionStatus> partitions;  // owned
    std::uint32_t recovering = 0;
    bool store_away = false;
    milliseconds store_silent{0};      // how long the store has not answered the commit under way; 0: none is
    std::vector<std::uint64_t> turns;  // per worker: liveness
};

struct Found {  // a subject, for the time of the question
    const SubjectTimeline& timeline;
    const RuleSet& rules;
    Instant log_time;  // of its partition
};

class Pipeline {
  public:
    // One source per worker; they and `metrics` outlive the pipeline.
    static Result<std::unique_ptr<Pipeline>> open(PipelineOptions options, std::vector<ingest::Source*> sources,
                                                  metrics::Metrics& metrics);
    ~Pipeline();
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    void set_partitions(std::uint32_t partitions);
    std::uint32_t worker_of(std::uint32_t partition) const;
    // In the order of `partitions`. Recovery goes on after the return; no message is taken before it is done.
    Result<std::vector<store::Claim>> claim(const std::vector<std::uint32_t>& partitions);
    void revoke(const std::vector<std::uint32_t>& partitions, bool lost, bool write_back);
    // Directory and rules, for all workers; blocks until held messages are judged anew.
    Result<void> reload(Settings settings);
    // Asks about one subject ("study/subject"). `question` runs on the owning worker's thread with its history, or with
    // `not_found`, or `unavailable`: the partition is not here, or not now. Returns at once.
    using Question = std::function<void(const Result<Found>&)>;
    void ask(std::string subject_key, Question question);
    // Dead letters of what was refused before it became a message; `done` once, when they are durable, or
    // `unavailable`.
    void keep_refused(const std::vector<ingest::Refusal>& refusals, const std::function<void(Result<void>)>& done);
    PipelineStatus status() const;
    // What the monitors last said; nullptr: they have not been looked at yet.
    std::shared_ptr<const Looked> looked() const;
    milliseconds looks_wait() const;  // see Looks::waiting(); 0: nothing is monitored
    // Finishes, commits, lets everything go.
    void stop(milliseconds at_most);

  private:
    class Impl;
    explicit Pipeline(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace cellvigil::pipeline
