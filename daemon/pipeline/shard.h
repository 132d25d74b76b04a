// What one worker does, without its thread: takes messages of the partitions it owns, admits and applies them, and
// gathers what they changed into one batch. Deterministic: the same messages give the same rows, however they fall into
// batches. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "daemon/ingest/source.h"
#include "daemon/pipeline/expected.h"
#include "daemon/pipeline/partition.h"
#include "daemon/pipeline/waiting.h"

namespace cellvigil::pipeline {

using OpenStore = std::function<Result<std::unique_ptr<store::Store>>()>;

// The deployment's part that a reload replaces as a whole.
struct Settings {
    std::shared_ptr<const ingest::Directory> directory;
    std::shared_ptr<const RuleSet> rules;
    std::shared_ptr<const WatchPlan> plan = {};  // of the same pack; empty: nothing is watched
};

struct ShardOptions {
    std::uint32_t worker = 0;
    Settings settings;
    EncodeAlert encode_alert;
    Rebuilding rebuilding = {};
    // A message of a site, and up to when the site says its reports are complete (kAlways: it does not say).
    std::function<void(std::string_view study, std::string_view site, Instant last_message, Instant complete)> see_site;
    bool tells_heartbeats = false;             // a log that does not carry them to every partition itself: Batch::beats
    std::uint64_t memory_limit = 1U << 30U;    // subjects, over all partitions
    std::uint64_t replay_bytes = 256U << 20U;  // journal that a restart should have to read again, over all partitions
    double write_share = 0.08;                 // see WriteBack::share
    std::uint64_t write_bytes = 4U << 20U;     // snapshots in one commit
};

enum class Taken : std::uint8_t {
    done,
    store_away,  // nothing happened: offer the same message again later
    corrupt,     // a stored subject cannot be read: stop
};

class Shard {
  public:
    Shard(ShardOptions options, store::Store& store, metrics::WorkerCounters& counters,
          metrics::ProcessCounters& process);

    // ---- ownership
    Result<store::Claim> claim(std::uint32_t partition, std::string_view owner);  // then recover
    Result<void> recover(std::uint32_t partition);
    // Gives the partition up: what is not handed over is forgotten, whoever waits for it is told.
    void drop(std::uint32_t partition);
    bool owns(std::uint32_t partition) const { return find(partition) != nullptr; }
    std::vector<std::uint32_t> owned() const;
    Partition* find(std::uint32_t partition) const {
        return partition < partitions_.size() ? partitions_[partition].get() : nullptr;
    }

    // ---- messages
    Taken take(const ingest::Received& received);
    // Such a message comes soon: what it will touch is asked for. See ingest::Receiver.
    void expect(const ingest::MessageView& message) {
        Partition* here = find(message.partition);
        if (here == nullptr) return;
        if (expected_.full()) settle();
        expected_.add(message, here->expect(message.key));
    }
    void prepare(const ingest::MessageView& message);
    // Of every message that was announced before: what was put by is applied. Before anything but take() is called, and
    // before the bytes of those messages go.
    void settle();
    std::size_t waiting() const { return waiting_.size(); }  // put by
    // A heartbeat of another partition; a day that is over elsewhere. Of partitions that are not here nothing happens.
    void heed_elsewhere(const SiteBeat& beat);
    void tick(std::uint32_t partition, CalendarDay through, Instant log_time);
    const Error& failure() const { return failure_; }  // of the last take that was not done
    std::size_t last_payload() const {
        return last_payload_;
    }  // of the last message taken, as the counters number them
    void set_broken(std::uint32_t partition);

    // ---- the batch that is open
    std::uint64_t messages() const { return open_.messages; }
    std::uint64_t bytes() const { return open_.bytes; }
    bool urgent() const { return urgent_; }  // an alert waits
    bool awaited() const { return !open_.waiters.empty(); }
    bool anything() const;
    std::chrono::steady_clock::time_point opened() const { return open_.opened; }
    Batch close();
    // Snapshots of subjects that are dirty while nothing else is to do; no messages: nothing is.
    Batch close_idle();
    // Takes the batch's memory back.
    void settled(Batch& batch, const Fenced& fenced);

    // ---- reload: with nothing open and nothing under way
    void replace(Settings settings);
    // Judges held messages by the present directory; those now valid are applied. The number.
    Result<std::size_t> release_held(std::uint32_t partition);
    bool judged_by_present_rules(std::uint32_t partition) const;
    Result<void> begin_judging_anew(std::uint32_t partition);
    Result<bool> judge_some(std::uint32_t partition, std::size_t at_most);

    const RuleSet& rules() const { return *options_.settings.rules; }
    // nullptr: no such subject.
    Result<const SubjectTimeline*> look_at(std::uint32_t partition, std::string_view key);

  private:
    Taken reach(Partition& partition, Instant recorded, Instant appended, std::int64_t position);
    // `like_head`: the message was like its subject's head.
    Taken accept(Partition& partition, const ingest::Received& received, const ingest::Admitted& admitted,
                 Subject* subject, bool like_head);
    // Records a message that was judged ahead; it is applied with others of its subject.
    Taken accept_ahead(Partition& partition, const ingest::Received& received, const Expected::Entry& entry);
    void put_by(Partition& partition, const ingest::Received& received, const Expected::Entry& entry);
    ApplyOutcome apply(Partition& partition, Subject& subject, const Event& event, const EventKeys& keys, LogPlace at);
    void apply_waiting(Partition& partition, Subject& subject);
    void arrange_alerts();
    void see_recorded(Partition& partition, const ingest::Received& received, const Event& event,
                      std::uint32_t& site_clock);
    void get_to_know(Subject& subject);
    Taken take_copy(Partition& partition, const ingest::Received& received);
    void heed_heartbeat(Partition& partition, const ingest::Received& received, const Event& event);
    void hold(Partition& partition, const ingest::Received& received, const ingest::Admitted& admitted);
    void reject(Partition& partition, const ingest::Received& received, const ingest::Admitted& admitted);
    std::string_view record(Partition& partition, const ingest::Received& received);
    void answer(const Partition& partition, const ingest::Received& received, ingest::Outcome outcome,
                std::vector<Issue> issues, EventFlags flags = 0);
    void count(const Event& event, const ApplyOutcome& outcome);
    void conclude(Partition& partition, const ingest::Received& received, std::string_view frame, const Event& event,
                  const ApplyOutcome& outcome);
    Result<bool> release(Partition& partition, store::Held held);
    WriteBack write_back() const;

    ShardOptions options_;
    store::Store& store_;
    metrics::WorkerCounters& counters_;
    metrics::ProcessCounters& process_;
    ingest::Admission admission_;
    std::size_t owned_ = 0;
    std::int64_t told_subjects_ = 0;
    std::int64_t told_bytes_ = 0;
    Buffers buffers_;
    std::vector<std::unique_ptr<Partition>> partitions_;  // by number; empty: not ours
    EventKeys keys_;                                      // of the message that is being taken
    Batch open_;
    Expected expected_;
    Waiting waiting_;
    Partition* waiting_in_ = nullptr;
    std::size_t alerts_before_ = 0;  // in the open batch when the first that waits was put by
    bool urgent_ = false;
    std::size_t last_payload_ = metrics::kUnknownPayload;
    Error failure_;
};

}  // namespace cellvigil::pipeline
