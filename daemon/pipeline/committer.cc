#include "daemon/pipeline/committer.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace cellvigil::pipeline {
namespace {

using Clock = std::chrono::steady_clock;

template <typename Row>
void move_into(std::vector<Row>& to, std::vector<Row>& from) {
    if (to.empty()) {
        to = std::move(from);
    } else {
        to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    }
    from.clear();
}

bool has_rows(const store::Commit& commit) {
    return !commit.advances.empty() || !commit.audit.empty() || !commit.dead_letters.empty() || !commit.looks.empty();
}

store::Advance* advance_of(store::Commit& commit, std::uint32_t partition) {
    const auto found = std::find_if(commit.advances.begin(), commit.advances.end(),
                                    [&](const store::Advance& advance) { return advance.partition == partition; });
    return found == commit.advances.end() ? nullptr : &*found;
}

// May both stand in one transaction? Not when a partition was lost and claimed again in between.
bool follows(store::Commit& earlier, const store::Commit& later) {
    return std::all_of(later.advances.begin(), later.advances.end(), [&](const store::Advance& next) {
        const store::Advance* known = advance_of(earlier, next.partition);
        return known == nullptr || (known->epoch == next.epoch && known->next == next.expected);
    });
}

// One advance per partition: batches of one worker follow one another, so the later one only goes further.
void join_advances(store::Commit& to, store::Commit& from) {
    for (const store::Advance& next : from.advances) {
        if (store::Advance* known = advance_of(to, next.partition)) {
            const auto expected = known->expected;
            *known = next;
            known->expected = expected;
        } else {
            to.advances.push_back(next);
        }
    }
    from.advances.clear();
}

void move_rows(store::Commit& to, store::Commit& from) {
    move_into(to.segments, from.segments);
    join_advances(to, from);
    move_into(to.snapshots, from.snapshots);
    move_into(to.cells, from.cells);
    move_into(to.alerts, from.alerts);
    move_into(to.outbox, from.outbox);
    move_into(to.dead_letters, from.dead_letters);
    move_into(to.held, from.held);
    move_into(to.audit, from.audit);
    move_into(to.actions, from.actions);
    move_into(to.signal_steps, from.signal_steps);
    move_into(to.cases, from.cases);
    move_into(to.day_closes, from.day_closes);
    move_into(to.looks, from.looks);
}

// Several batches in one transaction. Their rows are in `whole`, everything else stays with them.
struct Group {
    std::vector<Batch> batches;
    std::vector<std::size_t> segments;  // of each batch
    Batch whole;
    Fenced fenced;
};

}  // namespace

class Committer::Impl {
  public:
    Impl(std::unique_ptr<store::Store> session, metrics::ProcessCounters& process, CommitterOptions options)
        : session_(std::move(session)), process_(process), options_(std::move(options)), thread_([this] { run(); }) {}

    ~Impl() { stop(milliseconds(0)); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void submit(Batch batch) {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(batch));
        changed_.notify_one();
    }

    milliseconds silent_for() const {
        const Clock::rep asked = asked_at_;
        if (asked == 0) return milliseconds(0);
        return std::chrono::duration_cast<milliseconds>(Clock::now().time_since_epoch() - Clock::duration(asked));
    }

    void stop(milliseconds at_most) {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            give_up_at_ = Clock::now() + at_most;
            changed_.notify_one();
        }
        if (thread_.joinable()) thread_.join();
    }

  private:
    void run() {
        pthread_setname_np(pthread_self(), "cv:committer");
        while (auto group = next_group()) {
            if (!failed_ && write(*group)) {
                conclude(*group);
            } else {
                for (Batch& batch : group->batches) give_back_uncommitted(std::move(batch));
            }
        }
        for (Batch& batch : std::exchange(waiting_, {})) give_back_uncommitted(std::move(batch));
        store_marks(milliseconds(0));
    }

    // All that wait and may stand in one transaction; none: stop.
    std::optional<Group> next_group() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return std::nullopt;
        Group group;
        while (!waiting_.empty() && follows(group.whole.commit, waiting_.front().commit)) {
            group.batches.push_back(std::move(waiting_.front()));
            waiting_.pop_front();
            group.segments.push_back(group.batches.back().commit.segments.size());
            move_rows(group.whole.commit, group.batches.back().commit);
        }
        return group;
    }

    // The segments' memory goes back to those who filled it, as much as each gave.
    static void give_back_memory(Group& group) {
        auto segment = group.whole.commit.segments.begin();
        for (std::size_t i = 0; i < group.batches.size(); ++i) {
            for (std::size_t n = group.segments[i]; n > 0 && segment != group.whole.commit.segments.end();
                 --n, ++segment) {
                segment->frames.clear();
                group.batches[i].spent.push_back(std::move(segment->frames));
            }
        }
    }

    bool write(Group& group) {
        milliseconds wait = options_.first_wait;
        while (has_rows(group.whole.commit)) {
            const auto started = Clock::now();
            asked_at_ = started.time_since_epoch().count();
            const auto written = session_->write(group.whole.commit);
            asked_at_ = 0;
            process_.commit_seconds.observe(std::chrono::duration<double>(Clock::now() - started).count());
            if (written) break;
            process_.commit_failures.add();
            if (written.error().code == Errc::conflict) {
                if (!cut_out_fenced(group, written.error())) return false;
            } else if (written.error().code == Errc::unavailable) {
                tell_away(true, written.error());
                if (!pause(wait)) return false;
                wait = std::min(wait * 2, options_.longest_wait);
            } else {
                return give_up(written.error());
            }
        }
        tell_away(false, {});
        process_.commits.add();
        return true;
    }

    // Which partitions have another owner is in the position rows. None of ours: the store contradicts itself.
    bool cut_out_fenced(Group& group, const Error& conflict) {
        const auto rows = session_->positions();
        if (!rows) {
            tell_away(true, rows.error());
            return pause(options_.first_wait);
        }
        std::set<std::uint32_t> lost;
        for (const auto& advance : group.whole.commit.advances) {
            const auto row = std::find_if(rows->begin(), rows->end(), [&](const store::Claim& claim) {
                return claim.partition == advance.partition;
            });
            if (row != rows->end() && row->epoch == advance.epoch && row->next == advance.expected) continue;
            lost.insert(advance.partition);
            group.fenced[advance.partition] = advance.epoch;
        }
        if (lost.empty()) return give_up(conflict);
        forget_partitions(group.whole, lost);
        for (Batch& batch : group.batches) forget_partitions(batch, lost);
        return true;
    }

    void conclude(Group& group) {
        for (Batch& batch : group.batches) {
            for (const Mark& mark : batch.recovery_points) marks_[mark.partition].position = mark.position;
        }
        for (const auto& advance : group.whole.commit.advances) {
            if (const auto mark = marks_.find(advance.partition); mark != marks_.end())
                mark->second.next = advance.next;
        }
        if (options_.committed) options_.committed(group.whole.commit, group.batches);
        give_back_memory(group);
        for (Batch& batch : group.batches) {
            settle_all(batch.waiters);
            if (options_.give_back) options_.give_back({.batch = std::move(batch), .fenced = group.fenced});
        }
        for (const auto& entry : group.fenced) marks_.erase(entry.first);
        store_marks(options_.mark_interval);
    }

    // They only spare a restart some reading, so not with every commit.
    void store_marks(milliseconds not_within) {
        const auto now = Clock::now();
        for (auto& [partition, mark] : marks_) {
            if (mark.position == mark.stored || now - mark.stored_at < not_within) continue;
            mark.stored_at = now;
            if (session_->set_recovery_point(partition, mark.position)) mark.stored = mark.position;
        }
        std::int64_t backlog = 0;
        for (const auto& [partition, mark] : marks_) backlog += std::max<std::int64_t>(0, mark.next - mark.stored);
        process_.recovery_backlog.set(backlog);
    }

    void give_back_uncommitted(Batch batch) {
        fail_all(batch.waiters, {Errc::unavailable, "the daemon is stopping"});
        batch.commit = {};
        if (options_.give_back) options_.give_back({.batch = std::move(batch), .fenced = {}, .committed = false});
    }

    void tell_away(bool away, const Error& error) {
        if (away == away_) return;
        away_ = away;
        if (options_.store_away) options_.store_away(away, error);
    }

    bool give_up(const Error& error) {
        failed_ = true;  // from now on everything is given back
        if (options_.fatal) options_.fatal(error);
        return false;
    }

    // false: stopped for good.
    bool pause(milliseconds wait) {
        std::unique_lock lock(mutex_);
        if (!stopping_) changed_.wait_for(lock, wait, [this] { return stopping_; });
        if (!stopping_) return true;
        lock.unlock();
        std::this_thread::sleep_for(std::min(wait, milliseconds(20)));
        return Clock::now() < give_up_at_;
    }

    struct StoredMark {
        std::int64_t position = 0;
        std::int64_t stored = -1;
        std::int64_t next = 0;  // committed
        Clock::time_point stored_at{};
    };

    std::unique_ptr<store::Store> session_;
    metrics::ProcessCounters& process_;
    const CommitterOptions options_;
    std::atomic<Clock::rep> asked_at_{0};  // when the store was given the commit under way; 0: none is
    std::mutex mutex_;                     // guards the next four
    std::condition_variable changed_;
    std::deque<Batch> waiting_;
    bool stopping_ = false;
    Clock::time_point give_up_at_{};
    bool failed_ = false;  // the thread's own, as is what follows
    bool away_ = false;
    std::map<std::uint32_t, StoredMark> marks_;
    std::thread thread_;
};

Committer::Committer(std::unique_ptr<store::Store> session, metrics::ProcessCounters& process, CommitterOptions options)
    : impl_(std::make_unique<Impl>(std::move(session), process, std::move(options))) {}
Committer::~Committer() = default;
void Committer::submit(Batch batch) { impl_->submit(std::move(batch)); }
milliseconds Committer::silent_for() const { return impl_->silent_for(); }
void Committer::stop(milliseconds at_most) { impl_->stop(at_most); }

}  // namespace cellvigil::pipeline
