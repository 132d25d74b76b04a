#include "daemon/pipeline/pipeline.h"

#include <map>
#include <mutex>
#include <utility>

#include "daemon/pipeline/checkpointer.h"
#include "daemon/pipeline/refusals.h"
#include "rules/base/hash.h"

namespace cellvigil::pipeline {

class Pipeline::Impl {
  public:
    Impl(PipelineOptions options, metrics::Metrics& metrics)
        : options_(std::move(options)), metrics_(metrics), partitions_(options_.partitions) {}

    Result<void> make(const std::vector<ingest::Source*>& sources);
    ~Impl() { stop(seconds(1)); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    std::uint32_t worker_of(std::uint32_t partition) const {
        return partition % static_cast<std::uint32_t>(workers_.size());
    }
    // The partitions of each worker, in the order given.
    std::map<std::uint32_t, std::vector<std::uint32_t>> by_worker(const std::vector<std::uint32_t>& partitions) const {
        std::map<std::uint32_t, std::vector<std::uint32_t>> split;
        for (const auto partition : partitions) split[worker_of(partition)].push_back(partition);
        return split;
    }

    Result<std::vector<store::Claim>> claim(const std::vector<std::uint32_t>& partitions);
    void revoke(const std::vector<std::uint32_t>& partitions, bool lost, bool write_back);
    Result<void> reload(Settings settings);
    void ask(std::string key, Question question);
    void keep_refused(const std::vector<ingest::Refusal>& refusals, const std::function<void(Result<void>)>& done) {
        refusals_->keep(refusals, done);
    }
    PipelineStatus status() const;
    std::shared_ptr<const Looked> looked() const { return looks_ ? looks_->latest() : nullptr; }
    milliseconds looks_wait() const { return looks_ ? looks_->waiting() : milliseconds(0); }
    void stop(milliseconds at_most);
    void set_partitions(std::uint32_t partitions) {
        const std::lock_guard lock(mutex_);
        partitions_ = partitions;
    }

  private:
    CommitterOptions committer_options();
    WorkerOptions worker_options(std::uint32_t worker, std::size_t of);
    void note_committed(const store::Commit& commit, const std::vector<Batch>& batches);
    void tell(const SiteBeat& beat);
    void tell(const Behind& behind, Instant log_time);
    void note_claimed(const std::vector<store::Claim>& claims);
    void forget(std::uint32_t partition);

    const PipelineOptions options_;
    metrics::Metrics& metrics_;
    mutable std::mutex mutex_;  // guards the next three
    std::uint32_t partitions_;
    std::map<std::uint32_t, PartitionStatus> committed_;
    bool store_away_ = false;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::unique_ptr<Refusals> refusals_;
    std::unique_ptr<Committer> committer_;
    std::unique_ptr<Checkpointer> checkpointer_;
    std::unique_ptr<Looks> looks_;
};

Result<void> Pipeline::Impl::make(const std::vector<ingest::Source*>& sources) {
    auto for_committer = options_.open_store();
    if (!for_committer) return fail(for_committer.error());
    auto for_checkpointer = options_.open_store();
    if (!for_checkpointer) return fail(for_checkpointer.error());
    refusals_ = std::make_unique<Refusals>(
        RefusalOptions{.submit = [this](Batch batch) { committer_->submit(std::move(batch)); },
                       .now = options_.worker.now},
        metrics_.process());
    committer_ = std::make_unique<Committer>(std::move(*for_committer), metrics_.process(), committer_options());
    checkpointer_ = std::make_unique<Checkpointer>(std::move(*for_checkpointer), options_.checkpoint_every,
                                                   options_.checkpoint_restart_bytes);
    if (options_.encode_signal) {
        auto for_looks = options_.open_store();
        if (!for_looks) return fail(for_looks.error());
        looks_ = std::make_unique<Looks>(
            LookOptions{.settings = options_.worker.shard.settings,
                        .encode = options_.encode_signal,
                        .encode_screen = options_.encode_screen,
                        .submit = [this](Batch batch) { committer_->submit(std::move(batch)); },
                        .tick = [this](const Behind& behind, Instant log_time) { tell(behind, log_time); },
                        .every = options_.look_every},
            std::move(*for_looks));
    }
    for (std::uint32_t i = 0; i < sources.size(); ++i) {
        auto session = options_.open_store();
        if (!session) return fail(session.error());
        workers_.push_back(std::make_unique<Worker>(worker_options(i, sources.size()), std::move(*session), *sources[i],
                                                    *committer_, metrics_.add_worker(), metrics_.process()));
    }
    for (auto& worker : workers_) worker->start();
    return {};
}

CommitterOptions Pipeline::Impl::committer_options() {
    CommitterOptions options;
    options.give_back = [this](Receipt receipt) {
        if (receipt.batch.worker == kLooksWorker) return looks_->settled(receipt.committed);
        if (receipt.batch.worker == kRefusalsWorker) return;
        workers_[receipt.batch.worker]->receive_receipt(std::move(receipt));
    };
    options.committed = [this](const store::Commit& commit, const std::vector<Batch>& batches) {
        note_committed(commit, batches);
    };
    options.store_away = [this](bool away, const Error& error) {
        {
            const std::lock_guard lock(mutex_);
            store_away_ = away;
        }
        if (options_.events.store_away) options_.events.store_away(away, error);
    };
    options.fatal = options_.events.fatal;
    return options;
}

WorkerOptions Pipeline::Impl::worker_options(std::uint32_t worker, std::size_t of) {
    WorkerOptions options = options_.worker;
    options.shard.worker = worker;
    options.shard.memory_limit /= of;
    options.shard.replay_bytes /= of;
    options.broken = options_.events.broken;
    options.fatal = options_.events.fatal;
    options.fenced = [this](const Fenced& fenced) {
        for (const auto& entry : fenced) {
            forget(entry.first);
            if (options_.events.fenced) options_.events.fenced(entry.first);
        }
    };
    return options;
}

void Pipeline::Impl::note_committed(const store::Commit& commit, const std::vector<Batch>& batches) {
    {
        const std::lock_guard lock(mutex_);
        for (const auto& advance : commit.advances) {
            const auto found = committed_.find(advance.partition);
            if (found == committed_.end()) continue;
            found->second.next = advance.next;
            found->second.log_time = advance.log_time;
        }
    }
    for (const Batch& batch : batches) {
        for (const RaisedCount& alert : batch.alerts) metrics_.count_alert(alert.rule, alert.severity, alert.change);
    }
    for (const Batch& batch : batches) {
        for (const SiteBeat& beat : batch.beats) tell(beat);
    }
    if (looks_ && concerns_looks(commit)) looks_->wake();
    if (!commit.outbox.empty() && options_.events.outbox_grew) options_.events.outbox_grew();
}

// The heartbeat is durable in its own partition: the others' owners take note.
void Pipeline::Impl::tell(const SiteBeat& beat) {
    for (auto& worker : workers_) {
        worker->ask([beat](Shard* shard) {
            if (shard != nullptr) shard->heed_elsewhere(beat);
        });
    }
}

void Pipeline::Impl::tell(const Behind& behind, Instant log_time) {
    workers_[worker_of(behind.partition)]->ask([behind, log_time](Shard* shard) {
        if (shard != nullptr) shard->tick(behind.partition, behind.through, log_time);
    });
}

void Pipeline::Impl::note_claimed(const std::vector<store::Claim>& claims) {
    const std::lock_guard lock(mutex_);
    for (const auto& claim : claims) {
        committed_[claim.partition] = {.partition = claim.partition, .next = claim.next, .log_time = claim.log_time};
    }
}

void Pipeline::Impl::forget(std::uint32_t partition) {
    const std::lock_guard lock(mutex_);
    committed_.erase(partition);
}

Result<std::vector<store::Claim>> Pipeline::Impl::claim(const std::vector<std::uint32_t>& partitions) {
    std::map<std::uint32_t, store::Claim> claimed;
    for (const auto& [worker, own] : by_worker(partitions)) {
        auto claims = workers_[worker]->claim(own);
        if (!claims) {
            std::vector<std::uint32_t> undo;
            for (const auto& entry : claimed) undo.push_back(entry.first);
            revoke(undo, true, false);
            return fail(claims.error());
        }
        note_claimed(*claims);
        for (const auto& claim : *claims) claimed[claim.partition] = claim;
    }
    std::vector<store::Claim> answer;
    for (const auto partition : partitions) answer.push_back(claimed.at(partition));
    return answer;
}

void Pipeline::Impl::revoke(const std::vector<std::uint32_t>& partitions, bool lost, bool write_back) {
    for (const auto& [worker, own] : by_worker(partitions)) {
        workers_[worker]->revoke(own, lost, write_back, options_.revoke_limit);
    }
    for (const auto partition : partitions) forget(partition);
}

Result<void> Pipeline::Impl::reload(Settings settings) {
    for (auto& worker : workers_) {
        if (auto done = worker->reload(settings, minutes(10)); !done) return done;
    }
    if (looks_) looks_->replace(std::move(settings));
    return {};
}

void Pipeline::Impl::ask(std::string key, Question question) {
    std::uint32_t partitions = 0;
    {
        const std::lock_guard lock(mutex_);
        partitions = partitions_;
    }
    if (partitions == 0) return question(fail(Errc::unavailable, "the input is not known yet"));
    const auto partition = partition_of(key, partitions);
    workers_[worker_of(partition)]->ask(
        [partition, key = std::move(key), question = std::move(question)](Shard* shard) {
            if (shard == nullptr) return question(fail(Errc::unavailable, "the daemon is stopping"));
            const auto timeline = shard->look_at(partition, key);
            if (!timeline) return question(fail(timeline.error()));
            if (*timeline == nullptr) return question(fail(Errc::not_found, "no such subject"));
            question(Found{**timeline, shard->rules(), shard->find(partition)->log_time()});
        });
}

PipelineStatus Pipeline::Impl::status() const {
    PipelineStatus status;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& entry : committed_) status.partitions.push_back(entry.second);
        status.store_away = store_away_;
    }
    for (const auto& worker : workers_) {
        const auto of_worker = worker->status();
        status.recovering += of_worker.recovering;
        status.store_away = status.store_away || of_worker.store_away;
        status.turns.push_back(of_worker.turns);
    }
    if (committer_) status.store_silent = committer_->silent_for();
    return status;
}

void Pipeline::Impl::stop(milliseconds at_most) {
    const auto until = std::chrono::steady_clock::now() + at_most;
    const auto left = [&] {
        const auto rest = std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
        return std::max(rest, milliseconds(0));
    };
    for (auto& worker : workers_) worker->stop(left());
    if (looks_) looks_->stop();
    if (refusals_) refusals_->close();
    if (committer_) committer_->stop(left());
    checkpointer_.reset();
}

// ---- the public face
// ------------------------------------------------------------------------------------------------------

Pipeline::Pipeline(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Pipeline::~Pipeline() = default;

Result<std::unique_ptr<Pipeline>> Pipeline::open(PipelineOptions options, std::vector<ingest::Source*> sources,
                                                 metrics::Metrics& metrics) {
    auto impl = std::make_unique<Impl>(std::move(options), metrics);
    if (auto made = impl->make(sources); !made) return fail(made.error());
    return std::unique_ptr<Pipeline>(new Pipeline(std::move(impl)));
}

void Pipeline::set_partitions(std::uint32_t partitions) { impl_->set_partitions(partitions); }
std::uint32_t Pipeline::worker_of(std::uint32_t partition) const { return impl_->worker_of(partition); }
Result<std::vector<store::Claim>> Pipeline::claim(const std::vector<std::uint32_t>& partitions) {
    return impl_->claim(partitions);
}
void Pipeline::revoke(const std::vector<std::uint32_t>& partitions, bool lost, bool write_back) {
    impl_->revoke(partitions, lost, write_back);
}
Result<void> Pipeline::reload(Settings settings) { return impl_->reload(std::move(settings)); }
void Pipeline::ask(std::string subject_key, Question question) {
    impl_->ask(std::move(subject_key), std::move(question));
}
void Pipeline::keep_refused(const std::vector<ingest::Refusal>& refusals,
                            const std::function<void(Result<void>)>& done) {
    impl_->keep_refused(refusals, done);
}
std::shared_ptr<const Looked> Pipeline::looked() const { return impl_->looked(); }
milliseconds Pipeline::looks_wait() const { return impl_->looks_wait(); }
PipelineStatus Pipeline::status() const { return impl_->status(); }
void Pipeline::stop(milliseconds at_most) { impl_->stop(at_most); }

}  // namespace cellvigil::pipeline
