// One subject's history and everything that follows from it. Facts are bitemporal and versioned; the findings are a
// left fold over the live facts in order of (effective time, kind, source, record), kept in chunks with the fold's
// state at each chunk's start. A fact in order costs one step; a late, corrected or retracted one re-folds its chunk
// and goes on only as long as states differ. Whatever the order of arrival, the same set of events gives the same
// findings.
//
// START HERE to read the core: apply() -> fold (rules/timeline/fold.h) -> grade (rules/grade/*.h) -> findings.
// Not thread-safe; one worker owns it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.h"
#include "rules/event/admit.h"
#include "rules/event/event.h"
#include "rules/findings/findings.h"
#include "rules/grade/assessment.h"
#include "rules/grade/disagreement.h"
#include "rules/grade/milestone.h"
#include "rules/pack/rule_set.h"
#include "rules/timeline/event_keys.h"
#include "rules/timeline/fact.h"
#include "rules/timeline/reported_cases.h"

namespace cellvigil {

enum class Applied : std::uint8_t {
    applied,           // now live
    duplicate,         // seen before, same content: no effect
    superseded,        // kept; a higher version is live
    version_conflict,  // other content under the same version: the greater of (recorded_at, content) is live, the other
                       // is kept
    id_reuse,          // other content under the same message id: likewise
};
const char* name_of(Applied applied);

struct ApplyOutcome {
    Applied what = Applied::applied;
    std::optional<Reason> held;    // before_enrolment: kept and flagged; every other reason: kept, and not graded
    bool alerts_changed = false;   // then publish() has something to say
    bool summary_changed = false;  // then summary() differs from before
};

// Everything derived, for people and for the oracle.
struct Derived {
    std::vector<Assessment> assessments;      // changes only, by (at, scale, term)
    std::vector<Episode> episodes;            // by (scale, term, infusion, ordinal)
    std::vector<Milestone> milestones;        // as of the last fact, or of the as-of asked for
    std::vector<SubjectAlert> alerts;         // by (rule, infusion, ordinal)
    std::vector<QualityItem> quality;         // values held or marked, in fold order
    std::vector<Disagreement> disagreements;  // of the site's grades with ours, in fold order of the reports
    SubjectSummary summary;
};

class SubjectTimeline {
  public:
    // `key` is "study/subject".
    explicit SubjectTimeline(std::string_view key);
    ~SubjectTimeline();
    SubjectTimeline(SubjectTimeline&&) noexcept;
    SubjectTimeline& operator=(SubjectTimeline&&) noexcept;
    SubjectTimeline(const SubjectTimeline&) = delete;
    SubjectTimeline& operator=(const SubjectTimeline&) = delete;

    // Takes one accepted event of this subject. The event's views are copied where kept. `rules` must be the same
    // object value over the timeline's life; after a change of rules call rederive().
    ApplyOutcome apply(const Event& event, const RuleSet& rules);
    // The same with the event's keys_of() at hand.
    ApplyOutcome apply(const Event& event, const EventKeys& keys, const RuleSet& rules);

    // Takes the event in without deriving anything: for evaluation from scratch. Call rederive() after the last.
    Applied collect(const Event& event);

    // The changes of alerts since the last call, in order of (rule, infusion, ordinal); remembers what it gave out.
    // Call it after every apply() whose outcome says alerts_changed, so that revisions depend on the log alone.
    std::vector<AlertChange> publish();

    // Adverse event reports that were told something since the last call, with all of their versions: what is stored of
    // the case beside its alert. Call it after publish().
    std::vector<CaseReport> cases();

    // Log time has reached `as_of`: what is due by then fires although no further fact came; time never goes back. True
    // when publish() has something to say. The alerts are those of the facts at the later of `as_of` and the last
    // fact, however often and in which steps it is called.
    bool advance(Instant as_of, const RuleSet& rules);
    Instant as_of() const;  // as reached; kAlways: never called
    // The next time at which an alert may fire by itself: until then advance() changes nothing. kNever: none.
    Instant due(const RuleSet& rules) const;
    // Do the alerts rest on log time that is later than the last fact?
    bool ahead() const;
    // The alerts when log time has reached `as_of`, by (rule, infusion, ordinal).
    std::vector<SubjectAlert> alerts_at(Instant as_of, const RuleSet& rules) const;

    // Folds everything again from the first fact, under (new) rules. The result equals what incremental application
    // gave.
    void rederive(const RuleSet& rules);

    // Asks for the memory that the next apply() will touch whatever the event, and for what it will touch of the
    // tables once its keys_of() are known, a few hundred nanoseconds later; change nothing.
    void prefetch() const;
    void prefetch(const EventKeys& keys) const;
    void prefetch_last() const;  // another few hundred nanoseconds later

    const std::string& key() const;
    std::string_view cohort() const;  // "study/cohort" of the live enrolment, else of the latest event
    std::string_view site() const;
    const SubjectSummary& summary() const;
    std::size_t records() const;
    std::size_t memory_bytes() const;                 // roughly, for the cache's bound
    std::uint64_t folded_again() const;               // facts that late ones made the fold take again, so far
    std::string record_text(RecordRef record) const;  // "source/record"

    // All findings as they now stand, timers run up to `as_of` (kAlways: up to the last fact).
    Derived derived(const RuleSet& rules, Instant as_of) const;
    // The same from only those versions that the log held at `known_at`, from scratch.
    Derived derived_as_known(const RuleSet& rules, Instant known_at, Instant as_of) const;

    // What was live when the log ended at `known_at` (kNever: now), in order of record. For explaining what was said
    // then, and from what. Indexes hold for this timeline only.
    struct KnownFact {
        std::uint32_t version = 0;  // place in the timeline
        std::uint32_t number = 0;   // the record's version number
        Instant appended_at{};      // when the log first took it
        Fact fact;                  // its body is valid as long as the timeline
    };
    std::vector<KnownFact> known_facts(Instant known_at) const;
    // The findings from just these, from scratch; earlier versions of a reported case as the log was at `known_at`.
    Derived derived_from(const RuleSet& rules, const std::vector<KnownFact>& known, Instant as_of,
                         Instant known_at = kNever) const;
    // What was, or is, known of the subject as a whole: what was derived, and the live facts that `wanted` picks, in
    // fold order. Bodies point into this timeline. nullopt: as known now.
    struct Known {
        Derived derived;
        std::vector<Fact> facts;
        std::string cohort;  // as cohort() and site() say, of that time
        std::string site;
    };
    Known known(const RuleSet& rules, std::optional<Instant> known_at, Instant as_of,
                bool (*wanted)(const Fact&)) const;

    // Own bytes, for the store; restore() folds nothing when the bytes' fold version is ours.
    std::string snapshot() const;
    static Result<SubjectTimeline> restore(std::string_view bytes, const RuleSet& rules);

    // The same bytes for the same set of events, whatever their order of arrival: facts, versions, findings, by key
    // order.
    std::string canonical(const RuleSet& rules) const;

    // The live facts in fold order, for tools and tests.
    std::vector<Fact> facts() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cellvigil
