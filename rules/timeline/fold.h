// The left fold over one subject's facts: the one piece of code that turns facts into findings, whether a fact just
// arrived, is late, or everything is derived anew. Expiries (a temperature grows stale, two pressors have overlapped
// long enough) are points that the fold itself inserts, before any fact at or after them. Pure; no wall clock.
#pragma once

#include <vector>

#include "rules/findings/findings.h"
#include "rules/findings/subject_watch.h"
#include "rules/findings/zoster.h"
#include "rules/grade/crs.h"
#include "rules/grade/disagreement.h"
#include "rules/grade/icans.h"
#include "rules/grade/panel.h"
#include "rules/timeline/cross_check.h"

namespace cellvigil {

// What one scale said last, and when it must be asked again.
struct ScaleTrack {
    bool said = false;
    Assessment last;
    Instant deadline = kNever;
    bool operator==(const ScaleTrack&) const = default;
};

struct FoldState {
    // What every fact looks at comes first, so that it lies together in memory.
    Instant now = kAlways;
    Instant next_expiry = kNever;  // the earliest of the deadlines below
    Instant stay_until = kNever;   // stated end of a hospital stay
    Instant died = kNever;
    Instant standing_until = kAlways;  // until then no reading changes where the subject stands
    bool dead = false;
    Setting setting = Setting::unknown;
    std::uint32_t held_after_death = 0;  // facts later than the death, kept and not used
    InfusionContext infusion;
    SubjectSummary summary;
    SubjectWatch watch;              // alerts P01 to P18
    std::vector<AlertCause> causes;  // of CRS, ICANS and deaths, by (rule, infusion, ordinal)
    ScaleTrack crs_said;
    CrsState crs;
    ScaleTrack icans_said;
    IcansState icans;
    std::vector<ZosterEpisode> zoster;
    PanelState panel;                 // every other grader, copied on write
    CrossCheckState cross;            // values that others are held against
    CopyOnWrite<GradeLedger> ledger;  // the site's grades and ours
    bool ledger_moved = false;        // false between steps: then the summary's counts are those of the ledger
    std::vector<Episode> unfinished;  // open when a later infusion began its index, of graders that keep none
    bool operator==(const FoldState&) const = default;
};

// What the fold has to say on the way; appended to.
struct FoldOutput {
    std::vector<Assessment> assessments;  // changes only
    std::vector<Episode> episodes;        // ended ones
    std::vector<QualityItem> quality;     // values held or marked, in fold order
};

// What the graders may look at beside their own states. Points into its arguments.
FoldContext context_of(const FoldState& state, const SubjectContext& subject, const RuleSet& rules);

// Every expiry up to and including `until`.
void run_timers(FoldState& state, Instant until, const SubjectContext& subject, const RuleSet& rules, FoldOutput& out);
// Timers up to the fact, then the fact. `lot` is the hash of an infusion's lot pseudonym, 0 when there is none.
// Returns false when the fact is later than the subject's death and so not used.
bool step(FoldState& state, const Fact& fact, const SubjectContext& subject, const RuleSet& rules, FoldOutput& out);

// The watch as it stands when `until` has been reached and nothing more was told: what fires by itself.
void run_watch(SubjectWatch& watch, const FoldState& state, Instant until, const SubjectContext& subject,
               const RuleSet& rules);
// All causes, by (rule, infusion, ordinal).
std::vector<AlertCause> all_causes(const FoldState& state, const SubjectWatch& watch);

// Episodes still open and milestones, as of the state's own time and `as_of`.
void append_open_episodes(const FoldState& state, std::vector<Episode>& episodes);
std::vector<Milestone> milestones_of(const FoldState& state, Instant as_of, const SubjectContext& subject,
                                     const RuleSet& rules);

// The site's grades that are not ours, in fold order of the reports.
std::vector<Disagreement> disagreements_of(const FoldState& state, const SubjectContext& subject, const RuleSet& rules);

// May a fact be used although it is later than the death? Verdicts, the death itself, contacts and consent may.
bool exempt_after_death(FactKind kind);

}  // namespace cellvigil
