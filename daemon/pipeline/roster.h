// The subjects of one partition that are in memory. Bounded by bytes: those not used lately are written back and leave;
// only a subject whose state the store holds in a snapshot may go. Not thread-safe; one worker owns it.
#pragma once

#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ingest/admission.h"
#include "rules/base/short_bytes.h"
#include "rules/findings/findings.h"
#include "rules/monitor/watch_share.h"
#include "rules/timeline/subject_timeline.h"

namespace cellvigil::pipeline {

// The first bytes of a key, beside what is looked at anyway: a comparison goes to the timeline's memory for longer ones
// only.
class ShortKey {
  public:
    explicit ShortKey(std::string_view key) : size_(static_cast<std::uint32_t>(key.size())) {
        std::copy_n(key.begin(), std::min(key.size(), kRoom), text_.begin());
    }
    bool is(std::string_view key, const SubjectTimeline& whole) const {
        if (key.size() != size_) return false;
        if (size_ > kRoom) return key == whole.key();
        return same_short(text_.data(), key);
    }

  private:
    static constexpr std::size_t kRoom = 44;
    std::array<char, kRoom> text_{};
    std::uint32_t size_;
};

inline constexpr std::uint32_t kNoneWaits = 0xffffffff;

struct alignas(64) Subject {
    Subject(std::uint64_t key_hash, SubjectTimeline history)
        : hash(key_hash), timeline(std::move(history)), short_key(timeline.key()) {}

    bool dirty() const { return dirty_since >= 0; }
    bool may_leave() const { return !dirty() && snapshots_in_flight == 0; }

    // An accepted message came before under the key, in this partition of so many.
    bool is_here(const ingest::MessageView& message) const {
        return message.partition_count != 0 && partitions == message.partition_count;
    }

    std::uint64_t hash;
    SubjectTimeline timeline;
    ShortKey short_key;  // up to here: one cache line
    // What its messages have in common; of one in some that differ the head is taken.
    ingest::Head head;
    std::uint32_t unlike_head = 0;
    // An accepted message came under the key in this partition of so many; 0: none yet.
    std::uint32_t partitions = 0;
    std::uint32_t site_clock = 0;  // where the day clock had its site's last
    // The first and last of its events that wait to be applied: see waiting.h.
    std::uint32_t first_waiting = kNoneWaits;
    std::uint32_t last_waiting = kNoneWaits;
    std::int64_t dirty_since = -1;  // position of the first change that no snapshot has; -1: none
    // Up to here: what every message looks at when it comes.
    // What it counts as in the cells; an empty cohort: not counted.
    std::string counted_cohort;
    SubjectSummary counted;
    bool uncounted_summary = false;  // listed: to be counted anew before the next commit
    // What it counts as in what monitors look at. Of a subject that came from the store it is what its facts give,
    // asked when the next event comes.
    WatchShare share;
    bool share_known = false;
    bool share_stale = false;          // listed: to be computed anew before the next commit
    Instant due = kNever;              // as the partition's list of what is due has it
    std::int64_t restored_upto = 0;    // the snapshot it came from ends before this position; 0: from none
    std::uint64_t dirty_at_bytes = 0;  // the partition's journal when that happened
    std::uint32_t snapshots_in_flight = 0;
    bool used = true;           // since the clock's hand last passed
    std::size_t bytes = 0;      // as last counted
    std::size_t uncounted = 0;  // events since
    std::size_t place = 0;      // in the clock
    Subject* dirty_before = nullptr;
    Subject* dirty_after = nullptr;
};

class Roster {
  public:
    Roster() = default;
    Roster(const Roster&) = delete;
    Roster& operator=(const Roster&) = delete;

    // nullptr: not in memory. `hash` is hash64(key).
    Subject* find(std::string_view key, std::uint64_t hash);
    // The key must not be there yet.
    Subject& add(std::uint64_t hash, SubjectTimeline timeline);

    // The subject has changed at `position`; positions never go back.
    void mark_dirty(Subject& subject, std::int64_t position);
    // A snapshot of its present state is on its way to the store.
    void mark_written(Subject& subject);
    // The subject that was left dirty longest; nullptr: all are clean.
    Subject* longest_dirty() { return first_dirty_; }
    std::size_t dirty_count() const { return dirty_count_; }

    // The timeline took an event. Counting its bytes takes as long as it is long, so it happens only now and then.
    void grew(Subject& subject);
    void recount(Subject& subject);
    std::size_t bytes() const { return bytes_; }
    std::size_t size() const { return clock_.size(); }

    // Lets subjects go until `bytes()` is at most `limit`, or nobody more may leave. Those in the way because they are
    // dirty are appended to `wanted` (at most `at_most` of them): write them and come again. The number that left.
    std::size_t evict(std::size_t limit, std::size_t at_most, std::vector<Subject*>& wanted);

    template <typename Visit>
    void each(Visit&& visit) {
        for (const auto& subject : clock_) visit(*subject);
    }

  private:
    struct Entry {
        std::uint64_t hash = 0;
        Subject* subject = nullptr;
    };
    struct Sought {
        std::uint64_t hash = 0;
        std::string_view key;
    };
    struct Hash {
        using is_transparent = void;
        using is_avalanching = void;  // xxHash3's values need no further mixing
        std::size_t operator()(const Entry& entry) const { return entry.hash; }
        std::size_t operator()(const Sought& sought) const { return sought.hash; }
    };
    struct Same {
        using is_transparent = void;
        bool operator()(const Entry& a, const Entry& b) const { return a.subject == b.subject; }
        bool operator()(const Sought& a, const Entry& b) const {
            return a.hash == b.hash && b.subject->short_key.is(a.key, b.subject->timeline);
        }
        bool operator()(const Entry& a, const Sought& b) const { return (*this)(b, a); }
    };

    void remove(Subject& subject);
    void unlink_dirty(Subject& subject);

    boost::unordered_flat_set<Entry, Hash, Same> entries_;
    std::vector<std::unique_ptr<Subject>> clock_;
    std::size_t hand_ = 0;
    Subject* first_dirty_ = nullptr;
    Subject* last_dirty_ = nullptr;
    std::size_t dirty_count_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace cellvigil::pipeline
