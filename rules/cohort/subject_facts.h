// What a cohort looks at of one subject, as a log knew it at some time and up to a data cut: the live facts that matter
// to counts, and the findings of the fold that cannot be read off single facts. Pure values; bodies point into the
// timeline, which must live as long.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/timeline/subject_timeline.h"

namespace cellvigil {

struct SubjectFacts {
    std::string key;     // "study/subject"
    std::string cohort;  // "study/cohort"
    std::string site;
    std::vector<Fact> facts;           // in fold order; none later than the death, and later than the cut only
                                       // contacts and the death: they verify the days before it
    std::vector<std::string> records;  // "source/record" of each fact
    SubjectSummary summary;
    std::vector<Assessment> assessments;  // of infusions after the first; of the first, `summary` says what counts
    std::optional<Instant> data_cut;      // nullopt: everything that is known
};

// `known_at`: from what the log held then; nullopt: from what it holds. Facts later than `data_cut` do not count; what
// is known of earlier days does, whenever it was recorded. Values that are held or rejected have none.
SubjectFacts subject_facts(const SubjectTimeline& timeline, const RuleSet& rules, std::optional<Instant> known_at,
                           std::optional<Instant> data_cut);

// May a fact of this kind, of this analyte where it is an observation, change a subject's share in a cohort? A look at
// two bytes: no vital sign does. What a vital sign changes it changes through the summary (CRS, ICANS), so:
bool concerns_cohort(FactKind kind, Analyte analyte);
// has the share to be computed anew after an event was applied? Exact: false means the share is as before.
bool share_may_change(const Event& event, const ApplyOutcome& outcome, const SubjectSummary& after);

// The fact's whole days since an infusion's date, by the fact's own offset: a date given at the site stays that date
// when the clocks change.
std::int32_t day_since(SiteDate infused, const Fact& fact);
std::int32_t day_since(SiteDate infused, Instant at, UtcOffset offset);

}  // namespace cellvigil
