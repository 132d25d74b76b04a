// One partition as its owner holds it: the position and epoch by which it commits, its subjects and cohort counts, and
// the frames that wait for the next commit. Everything here is a function of the store and of the messages since; when
// the ownership is lost it is dropped and nothing is missing. Not thread-safe; one worker owns it.
//
// Recovery is: claim (the epoch rises, a former owner's commits fail), the counts and the index of snapshots, then the
// segments after the recovery point applied on top of the snapshots, each subject from where its snapshot ends. What
// the journal said of a message then is kept now, whatever the configuration has become: a message that is not listed
// as held was accepted.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/ingest/admission.h"
#include "daemon/journal/frame.h"
#include "daemon/metrics/counters.h"
#include "daemon/pipeline/batch.h"
#include "daemon/pipeline/buffers.h"
#include "daemon/pipeline/cells.h"
#include "daemon/pipeline/rebuilding.h"
#include "daemon/pipeline/roster.h"
#include "daemon/pipeline/rows.h"
#include "daemon/store/store.h"
#include "rules/base/fetch_ahead.h"
#include "rules/base/hash.h"
#include "rules/monitor/day_clock.h"
#include "rules/pack/rule_set.h"

namespace cellvigil::pipeline {

// How many subjects are written back with a commit. The journal pays: for every byte it grew, so many of snapshots may
// be written, which keeps the cost per message the same however long the histories are.
struct WriteBack {
    std::uint64_t after_bytes = 32U << 20U;   // journal since a subject became dirty, before it is written
    double share = 0.5;                       // bytes of snapshots per byte of journal
    std::uint64_t at_most_bytes = 4U << 20U;  // in one commit, from saved-up shares
    std::size_t memory_limit = 256U << 20U;   // subjects of this partition
};

// Names the rules and the program that counted a partition's subjects.
std::string judged_as(const RuleSet& rules);

// Where a message stands in its log, and what time it was there by then.
struct LogPlace {
    std::int64_t position = 0;
    Instant time{};
};

class Partition {
  public:
    // `buffers` outlives it.
    Partition(const store::Claim& claim, Buffers& buffers);

    std::uint32_t id() const { return id_; }
    std::int64_t epoch() const { return epoch_; }
    std::int64_t next() const { return next_; }  // position wanted next
    // What monitors look at is counted by this plan; until then, and by an empty one, nothing is.
    void watch(std::shared_ptr<const WatchPlan> plan) { plan_ = std::move(plan); }
    // Before recover(): what to do about subjects stored in another version's form. Outlives it.
    void rebuild_by(const Rebuilding& how) { rebuilding_ = &how; }
    Instant log_time() const { return log_time_; }
    bool broken() const { return broken_; }  // its input cannot be read on
    void set_broken() { broken_ = true; }
    const Roster& roster() const { return roster_; }

    // `unavailable`: nothing is usable, start from the claim again. `corrupt`: stop.
    Result<void> recover(store::Store& store, ingest::Admission& admission, const RuleSet& rules,
                         metrics::ProcessCounters& process);

    // The subject, from memory or the store; a new one when neither has it. Changes nothing when it fails.
    Result<Subject*> subject(std::string_view key, store::Store& store, const RuleSet& rules);
    // The same, but nullptr when there is none.
    Result<Subject*> known_subject(std::string_view key, store::Store& store, const RuleSet& rules);

    // The subject, if it is in memory; nullptr: subject() has to look further. Its memory is asked for.
    Subject* expect(std::string_view key) {
        Subject* here = roster_.find(key, hash64(key));
        if (here != nullptr) fetch_ahead(&here->head, sizeof here->head + kCacheLine);
        return here;
    }

    // Takes the message into the journal and moves on past it. The answer is its frame, valid until the next call.
    std::string_view record(const ingest::MessageView& message, bool tombstone);
    // reach() has something to do.
    bool reaches(Instant recorded, Instant appended) const {
        return std::min(recorded, appended) >= reached_ + hours(24) ||
               (!due_.empty() && due_.begin()->first <= reached_);
    }
    // Log time goes on to this day, if it is a later one: what is due of any subject by its first instant fires, before
    // the message at `position`. Once it has failed with `unavailable`, call it again: nothing is lost or done twice.
    Result<void> reach(Instant recorded, Instant appended, std::int64_t position, store::Store& store,
                       const RuleSet& rules, const EncodeAlert& encode, Batch& batch);
    // ---- the days that monitors look at: rules/monitor/day_clock.h
    // A site wrote its record at that time and the log took it at that: reports are there up to the earlier of the two.
    // After the message is recorded and applied: a day that it closes has it in. `site_clock`: where that site's clock
    // may be, and then where it is.
    // True: a day is over, to be closed when everything recorded is applied.
    bool see_recorded(const Event& event, Instant appended, std::uint32_t& site_clock, const RuleSet& rules);
    void close_days(const RuleSet& rules, Batch& batch);
    // The same of a site's heartbeat that came in another partition: recorded as a control when it moves a clock.
    void heed_elsewhere(const SiteBeat& beat, const RuleSet& rules, Batch& batch);
    // The others have closed `through`, this one is silent: recorded before it has an effect.
    void tick(CalendarDay through, Instant log_time, const RuleSet& rules, Batch& batch);
    // A fact of a day that is closed already; late ones are counted.
    bool is_late(Instant at) const { return closed_ && utc_day(at) <= *closed_; }
    void count_late() { ++late_; }
    std::optional<CalendarDay> closed() const { return closed_; }

    // A record of ours that stands before the next message: JSON.
    void record_control(std::string_view json);

    // Applies an accepted event that stands at `position`, `keys` being its keys_of(); alerts go to `batch`.
    ApplyOutcome apply(Subject& subject, const Event& event, const EventKeys& keys, LogPlace at, const RuleSet& rules,
                       const EncodeAlert& encode, Batch& batch);
    // A recorded message will change the subject: before any later one does.
    void mark_dirty(Subject& subject, std::int64_t position);
    // The journal's part that is not yet handed over.
    std::size_t open_bytes() const { return open_.frames.size(); }
    std::string_view open_frame(std::size_t at, std::size_t size) const {
        return std::string_view(open_.frames).substr(at, size);
    }
    // The subject is written with the next commit, whatever the budget.
    void write_soon(Subject& subject) { wanted_.push_back(&subject); }

    // Whether anything waits to be committed.
    bool touched() const { return open_.messages > 0 || open_.controls > 0 || cells_changed_ || !wanted_.empty(); }
    // Adds segment, advance, counts and snapshots to the batch.
    void contribute(Batch& batch, const WriteBack& policy, const RuleSet& rules);
    // Adds snapshots of subjects that are dirty although nothing happens, up to the policy's bytes; false: none was.
    bool contribute_idle(Batch& batch, const WriteBack& policy, const RuleSet& rules);
    void settled(const Written& written);
    // Lets subjects go that memory has no room for; the number.
    std::size_t make_room(std::size_t limit);

    // ---- change of rules: every subject is judged anew, some at a time; counts are held back until all are through.
    bool judged_by(const RuleSet& rules) const;
    Result<void> begin_judging_anew(store::Store& store);
    // true: finished.
    Result<bool> judge_some(std::size_t at_most, store::Store& store, ingest::Admission& admission,
                            const RuleSet& rules, const EncodeAlert& encode, Batch& batch);
    std::size_t to_rebuild() const { return other_form_.size(); }  // subjects; judge_some() does it

  private:
    static constexpr std::int64_t kNoDay = 0;
    struct Replay;
    using Keys = std::set<std::string, std::less<>>;
    Result<void> find_stale(const std::vector<store::SubjectIndex>& index, store::Store& store);
    Result<void> rebuild(const Keys& keys, store::Store& store, ingest::Admission& admission, const RuleSet& rules);
    Result<SubjectTimeline> told_again(SubjectTimeline timeline, store::Store& store, const RuleSet& rules) const;
    void tell_rebuilt(Batch& batch);
    Result<void> replay(const store::SegmentRow& row, Replay& with);
    Result<void> replay_frame(const journal::Frame& frame, Replay& with);
    Result<Subject*> find_or_load(std::string_view key, std::uint64_t hash, store::Store& store, const RuleSet& rules);
    void publish(Subject& subject, LogPlace at, const RuleSet& rules, const EncodeAlert& encode, Batch& batch);
    void list_uncounted(Subject& subject);
    void count_summaries();
    void count_anew(Subject& subject);
    bool watches() const { return plan_ != nullptr && !plan_->empty(); }
    void put_recorded_day();
    void note_due(Subject& subject, const RuleSet& rules);
    void heed_time(Subject& subject, LogPlace at, const RuleSet& rules, const EncodeAlert& encode, Batch& batch);
    void see_day(Instant recorded, Instant appended);
    std::optional<CalendarDay> day_over(const RuleSet& rules) const;
    void put_clocks();
    Result<void> recover_days(store::Store& store, const std::vector<store::Cell>& cells);
    void learn_share(Subject& subject, const RuleSet& rules);
    void list_stale(Subject& subject);
    void count_shares(const RuleSet& rules);
    void count_share(const WatchShare& share, std::int64_t sign);
    void name_in(const std::vector<std::uint16_t>& tables, std::string_view subject, std::int64_t value);
    void write(Subject& subject, Batch& batch);
    void advance_in(Batch& batch);

    std::uint32_t id_;
    std::int64_t epoch_;
    std::int64_t expected_;  // where the store will stand when what was handed over is committed
    std::int64_t next_;
    Instant log_time_;
    Instant watermark_;
    bool broken_ = false;

    Roster roster_;
    boost::unordered_flat_map<std::uint64_t, std::int64_t>
        stored_;  // hash of key to the snapshot's upto; a hit may be another's
    Cells cells_;
    bool cells_changed_ = false;
    bool counting_held_back_ = false;
    std::vector<std::string> to_judge_;
    std::shared_ptr<const WatchPlan> plan_;
    std::vector<Subject*> stale_;
    std::vector<Subject*> uncounted_;
    std::vector<store::Cell> named_;  // who stands where with an event, or no longer: for the next commit
    std::int64_t recorded_day_ = kNoDay;
    Instant reached_ = kAlways;                      // first instant of the last day that reach() was through with
    std::set<std::pair<Instant, std::string>> due_;  // subjects, in memory or not, by when something is due
    DayClock clock_;
    bool clock_moved_ = false;  // since it was put into the cells
    std::optional<CalendarDay> closed_;
    std::int64_t late_ = 0;

    const Rebuilding* rebuilding_ = nullptr;
    std::map<std::string, Instant, std::less<>> other_form_;  // key to when something is due
    std::size_t rebuilt_ = 0;

    Buffers& buffers_;
    store::Segment open_;
    std::uint64_t journal_bytes_ = 0;
    double write_credit_ = 0;
    std::vector<Subject*> wanted_;
};

}  // namespace cellvigil::pipeline
