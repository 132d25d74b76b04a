#include "daemon/evaluate/day_replay.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>
#include <variant>

#include "daemon/journal/control.h"
#include "daemon/wire/decode.h"
#include "rules/monitor/day_clock.h"
#include "rules/monitor/day_looks.h"
#include "rules/timeline/subject_timeline.h"

namespace cellvigil::oracle {
namespace {

constexpr CalendarDay kMostDaysAtOnce = 4000;  // as the daemon has it

std::string name_of_day(CalendarDay day) { return to_rfc3339(end_of(day - 1)).substr(0, 10); }

DayClose close_of(const store::DayCloseRow& row) {
    DayClose close{row.partition, row.first_day, row.through, row.position, row.log_time, row.late,
                   row.silent,    row.rules,     {}};
    for (const store::CellDelta& delta : row.deltas)
        close.changes.push_back({delta.cohort, delta.measure, delta.x, delta.by});
    return close;
}

}  // namespace

void note_released(const journal::Frame& frame, std::set<Place>& released) {
    if (frame.kind != journal::FrameKind::control) return;
    const auto control = journal::read_control(frame.value);
    if (!control) return;
    if (const auto* release = std::get_if<journal::Release>(&*control))
        released.insert({release->partition, release->position});
}

class DayReplay::Impl {
  public:
    Impl(std::shared_ptr<const ingest::Directory> directory, RuleSet rules, WatchPlan plan, DayReplayOptions options)
        : admission_(std::move(directory), wire::Reading::reference),
          rules_(std::move(rules)),
          plan_(std::move(plan)),
          options_(std::move(options)) {}

    void take(const journal::Frame& frame) {
        highest_ = std::max(highest_, frame.partition + 1);
        if (plan_.empty()) return;
        if (options_.retrospective) return keep(frame);
        Journal& journal = journals_[frame.partition];
        switch (frame.kind) {
            case journal::FrameKind::tombstone:
                journal.next = frame.position + 1;
                break;
            case journal::FrameKind::control:
                heed(frame, journal);
                return;
            case journal::FrameKind::message:
                take_message(frame, journal);
                break;
        }
    }

    void finish() {
        std::stable_sort(kept_.begin(), kept_.end(),
                         [](const Kept& a, const Kept& b) { return a.written < b.written; });
        journal::Frame frame;
        frame.partition = 0;
        for (const Kept& one : kept_) {
            frame.position = journals_[0].next;
            frame.appended_at = one.written;
            frame.key = one.key;
            frame.value = one.value;
            take_message(frame, journals_[0]);
        }
    }

    const std::vector<DayClose>& closes() const { return closes_; }
    std::vector<std::string> faults() const {
        std::vector<std::string> all = faults_;
        if (!erased_) all.insert(all.end(), close_faults_.begin(), close_faults_.end());
        return all;
    }
    std::uint64_t not_comparable() const {
        return erased_ ? std::max<std::uint64_t>(closes_.size(), 1) : by_other_rules_;
    }
    std::uint32_t partitions() const { return highest_; }
    const WatchPlan& plan() const { return plan_; }
    const RuleSet& rules() const { return rules_; }

  private:
    struct Subject {
        explicit Subject(std::string key) : timeline(std::move(key)) {}
        SubjectTimeline timeline;
        CalendarShare share;
        bool touched = false;
    };
    struct HeldBack {
        std::string key;
        std::string value;
        Instant appended{};
    };
    struct Kept {  // for its turn, by the time at which it was written
        Instant written{};
        std::string key;
        std::string value;
    };
    using CellPlace = std::pair<std::pair<std::string, std::string>, CalendarDay>;
    struct Journal {
        std::int64_t next = 0;
        Instant log_time = kAlways;
        DayClock clock;
        std::optional<CalendarDay> closed;
        std::int64_t late = 0;
        std::map<std::string, Subject> subjects;
        std::vector<Subject*> touched;
        std::map<CellPlace, std::int64_t> changes;  // since the last close
        std::map<std::int64_t, HeldBack> held;      // by position: released later
        std::optional<DayClose> unconfirmed;        // derived; the journal's own record of it comes next
    };

    const ingest::Admitted& admit(std::uint32_t partition, std::int64_t position, Instant appended,
                                  std::string_view key, std::string_view value) {
        ingest::MessageView message;
        message.partition = partition;
        message.partition_count = options_.retrospective ? 0 : options_.partition_count;
        message.position = position;
        message.appended_at = appended;
        message.key = key;
        message.value = value;
        return admission_.admit(message);
    }

    void keep(const journal::Frame& frame) {
        if (frame.kind != journal::FrameKind::message) return;
        const ingest::Admitted& admitted =
            admit(frame.partition, frame.position, frame.appended_at, frame.key, frame.value);
        if (admitted.intake != Intake::accepted) return;
        kept_.push_back({admitted.event.recorded_at, std::string(frame.key), std::string(frame.value)});
    }

    void take_message(const journal::Frame& frame, Journal& journal) {
        journal.next = frame.position + 1;
        journal.log_time = std::max(journal.log_time, frame.appended_at);
        if (options_.released.contains({frame.partition, frame.position})) {
            journal.held.emplace(frame.position,
                                 HeldBack{std::string(frame.key), std::string(frame.value), frame.appended_at});
            return;
        }
        const ingest::Admitted& admitted =
            admit(frame.partition, frame.position, frame.appended_at, frame.key, frame.value);
        if (admitted.intake != Intake::accepted) return;
        const Event& event = admitted.event;
        if (!event.subject.empty()) apply(event, journal, true);
        const bool backfill = event.origin == DataOrigin::backfill;
        if (backfill && !options_.retrospective) return;
        if (journal.clock.see(event.study, event.site, event.recorded_at, frame.appended_at))
            close(frame.partition, journal);
    }

    void apply(const Event& event, Journal& journal, bool counts_as_late) {
        std::string key = std::string(event.study) + "/" + std::string(event.subject);
        const auto found = journal.subjects.try_emplace(key, key).first;
        Subject& subject = found->second;
        const Applied applied = subject.timeline.collect(event);
        if (!std::exchange(subject.touched, true)) journal.touched.push_back(&subject);
        const bool late = journal.closed && utc_day(event.effective.from) <= *journal.closed;
        if (counts_as_late && late && applied == Applied::applied) ++journal.late;
    }

    void heed(const journal::Frame& frame, Journal& journal) {
        const auto control = journal::read_control(frame.value);
        if (!control) {
            faults_.push_back("partition " + std::to_string(frame.partition) + ": " + control.error().detail);
            return;
        }
        if (const auto* beat = std::get_if<journal::HeartbeatElsewhere>(&*control)) {
            journal.log_time = std::max(journal.log_time, beat->appended);
            if (journal.clock.see(beat->study, beat->site, beat->recorded, beat->appended))
                close(frame.partition, journal);
        } else if (const auto* tick = std::get_if<journal::Tick>(&*control)) {
            journal.log_time = std::max(journal.log_time, tick->log_time);
            if (journal.clock.tick(tick->through, tick->log_time, rules_.day_close)) close(frame.partition, journal);
        } else if (const auto* release = std::get_if<journal::Release>(&*control)) {
            const auto held = journal.held.find(release->position);
            if (held == journal.held.end()) return;
            const HeldBack& message = held->second;
            const auto& admitted =
                admit(frame.partition, release->position, message.appended, message.key, message.value);
            if (admitted.intake == Intake::accepted && !admitted.event.subject.empty())
                apply(admitted.event, journal, false);
            journal.held.erase(held);
        } else if (std::holds_alternative<journal::Erasure>(*control)) {
            erased_ = true;
        } else if (const auto* said = std::get_if<journal::DayClosed>(&*control)) {
            compare(frame, *said, journal);
        }
    }

    void close(std::uint32_t partition, Journal& journal) {
        const auto over = journal.clock.over(rules_.day_close);
        if (!over || (journal.closed && *over <= *journal.closed)) return;
        for (Subject* subject : std::exchange(journal.touched, {})) recount(*subject, journal);
        DayClose close;
        close.partition = partition;
        close.first = journal.closed && *over - *journal.closed <= kMostDaysAtOnce ? *journal.closed + 1 : *over;
        close.through = *over;
        close.position = journal.next;
        close.log_time = journal.log_time;
        close.late = journal.late;
        close.silent = !journal.clock.has_active_site(rules_.day_close);
        close.rules = rules_.hash;
        for (const auto& [place, by] : std::exchange(journal.changes, {})) {
            if (by != 0) close.changes.push_back({place.first.first, place.first.second, place.second, by});
        }
        journal.closed = over;
        journal.unconfirmed = close;
        closes_.push_back(std::move(close));
    }

    void recount(Subject& subject, Journal& journal) {
        subject.touched = false;
        subject.timeline.rederive(rules_);
        CalendarShare share =
            calendar_share(subject_facts(subject.timeline, rules_, std::nullopt, std::nullopt), plan_, rules_);
        const auto count = [&](const CalendarShare& counts, std::int64_t sign) {
            for (const CalendarCount& one : counts) {
                const WatchedTable& table = plan_.tables[one.table];
                journal.changes[{{table.cohort.id, calendar_measure(table, one.column)}, one.day}] += sign * one.count;
            }
        };
        count(subject.share, -1);
        count(share, 1);
        subject.share = std::move(share);
    }

    void compare(const journal::Frame& frame, const journal::DayClosed& said, Journal& journal) {
        const std::optional<DayClose> derived = std::exchange(journal.unconfirmed, std::nullopt);
        if (said.rules != rules_.hash) {
            ++by_other_rules_;
            return;
        }
        const std::string where = "partition " + std::to_string(frame.partition) + ", day " + name_of_day(said.through);
        if (!derived) {
            close_faults_.push_back(where + ": closed, but by the journal it was not over");
        } else if (said.first != derived->first || said.through != derived->through) {
            close_faults_.push_back(where + ": closed, but by the journal " + name_of_day(derived->through) +
                                    " was over");
        } else if (said.late != derived->late || said.silent != derived->silent) {
            close_faults_.push_back(where + ": closed with " + std::to_string(said.late) + " late facts, derived " +
                                    std::to_string(derived->late));
        } else if (said.changes != digest_of(derived->changes)) {
            close_faults_.push_back(where + ": what it was closed with is not what the journal gives");
        }
    }

    ingest::Admission admission_;
    RuleSet rules_;
    WatchPlan plan_;
    DayReplayOptions options_;
    std::map<std::uint32_t, Journal> journals_;
    std::vector<Kept> kept_;
    std::vector<DayClose> closes_;
    std::vector<std::string> faults_;
    std::vector<std::string> close_faults_;
    std::uint64_t by_other_rules_ = 0;
    bool erased_ = false;
    std::uint32_t highest_ = 0;
};

DayReplay::DayReplay(std::shared_ptr<const ingest::Directory> directory, RuleSet rules, WatchPlan plan,
                     DayReplayOptions options)
    : impl_(std::make_unique<Impl>(std::move(directory), std::move(rules), std::move(plan), std::move(options))) {}
DayReplay::~DayReplay() = default;
void DayReplay::take(const journal::Frame& frame) { impl_->take(frame); }
std::vector<std::string> DayReplay::faults() const { return impl_->faults(); }
std::uint64_t DayReplay::not_comparable() const { return impl_->not_comparable(); }
void DayReplay::finish() { impl_->finish(); }
std::uint32_t DayReplay::partitions() const { return impl_->partitions(); }

std::vector<ReplayedLook> DayReplay::looks(std::uint32_t partitions) const {
    std::vector<ReplayedLook> looks;
    const WatchPlan& plan = impl_->plan();
    if (plan.empty() || partitions == 0) return looks;
    const auto prepared = std::make_shared<const Prepared>(prepare(plan));
    DayLooks closed(prepared, partitions, impl_->rules().refire);
    for (const DayClose& close : impl_->closes()) closed.add(close);
    while (const auto look = closed.next()) {
        std::string outcome = outcome_text(*prepared, *look);
        std::vector<std::string> crossed = crossed_in(outcome);
        looks.push_back({look->day, look->log_time, look->late, look->sums, std::move(outcome), std::move(crossed)});
    }
    return looks;
}

namespace {

std::string text_of(const CellChange& change) {
    return change.cohort + " " + change.measure + " " + std::to_string(change.x) + ": " + std::to_string(change.by);
}

// Counts name no subject.
std::string first_difference(const std::vector<CellChange>& stored, const std::vector<CellChange>& derived) {
    const auto [mine, theirs] = std::mismatch(stored.begin(), stored.end(), derived.begin(), derived.end());
    if (mine == stored.end() && theirs == derived.end()) return "";
    return "; stored " + (mine == stored.end() ? "nothing more" : text_of(*mine)) + ", derived " +
           (theirs == derived.end() ? "nothing more" : text_of(*theirs));
}

}  // namespace

std::vector<std::string> DayReplay::differences_from(std::vector<store::DayCloseRow> stored) const {
    std::vector<std::string> faults;
    std::vector<DayClose> expected = impl_->closes();
    std::sort(expected.begin(), expected.end(), [](const DayClose& a, const DayClose& b) {
        return std::pair(a.partition, a.through) < std::pair(b.partition, b.through);
    });
    std::sort(stored.begin(), stored.end(), [](const store::DayCloseRow& a, const store::DayCloseRow& b) {
        return std::pair(a.partition, a.through) < std::pair(b.partition, b.through);
    });
    if (stored.size() != expected.size()) {
        faults.push_back("day closes: stored " + std::to_string(stored.size()) + ", derived " +
                         std::to_string(expected.size()));
    }
    for (std::size_t i = 0; i < std::min(stored.size(), expected.size()); ++i) {
        const DayClose said = close_of(stored[i]);
        if (said == expected[i]) continue;
        faults.push_back("partition " + std::to_string(stored[i].partition) + ": the close of " +
                         name_of_day(stored[i].through) + " is not the derived one" +
                         first_difference(said.changes, expected[i].changes));
    }
    return faults;
}

std::string looks_hash(const std::vector<ReplayedLook>& looks) {
    std::string text;
    for (const ReplayedLook& look : looks) text += std::to_string(look.day) + "\t" + look.sums + "\n" + look.outcome;
    return digest_of(text);
}

}  // namespace cellvigil::oracle
