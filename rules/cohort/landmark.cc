#include "rules/cohort/landmark.h"

#include <algorithm>
#include <array>

#include "rules/cohort/immune_state.h"
#include "rules/cohort/lab_grade.h"

namespace cellvigil {
namespace {

constexpr Day kApart = 7;
constexpr std::array kLineages{LabTerm::neutrophil_count_decreased, LabTerm::platelet_count_decreased,
                               LabTerm::anaemia};

// The longest stretch of severe values without a milder one between them, from its first to its last day, is long
// enough.
Standing lineage_persists(const std::vector<GradedDay>& values) {
    if (values.empty() || values.back().day - values.front().day < kApart) return Standing::unknown;
    bool severe = false;
    Day since = 0;
    for (const GradedDay& value : values) {
        if (value.grade >= 3 && !severe) since = value.day;
        severe = value.grade >= 3;
        if (severe && value.day - since >= kApart) return Standing::yes;
    }
    return Standing::no;
}

std::optional<ImmuneMarker> marker_of(Endpoint endpoint) {
    if (endpoint == Endpoint::low_igg) return ImmuneMarker::igg;
    if (endpoint == Endpoint::low_cd4) return ImmuneMarker::cd4;
    if (endpoint == Endpoint::b_cell_aplasia) return ImmuneMarker::b_cells;
    return std::nullopt;
}

}  // namespace

Standing severe_cytopenia_at(const SubjectFacts& subject, const IndexCourse& index, Day landmark,
                             const RuleSet& rules) {
    const DaySpan near{landmark - rules.cohorts.landmark_slack, landmark + rules.cohorts.landmark_slack};
    bool all_tested = true;
    for (const LabTerm lineage : kLineages) {
        const Standing persists = lineage_persists(graded_days(subject, index, lineage, near));
        if (persists == Standing::yes) return Standing::yes;
        all_tested = all_tested && persists == Standing::no;
    }
    return all_tested ? Standing::no : Standing::unknown;
}

bool is_at(const IndexCourse& index, Day landmark, Estimand estimand) {
    if (index.entry > landmark) return false;
    if (index.death && *index.death <= landmark) return false;
    if (index.withdrawn && *index.withdrawn < landmark) return false;
    const auto therapy = index.next_therapy();
    if (estimand == Estimand::before_next_therapy && therapy && *therapy <= landmark) return false;
    // Another infusion is an index of its own; a transplant ends this one's blood counts.
    if (index.cell_therapy && *index.cell_therapy <= landmark) return false;
    if (index.transplant && *index.transplant <= landmark) return false;
    return index.survival.last >= landmark || (index.death && (!index.lost || *index.death <= *index.lost));
}

std::vector<Spell> landmark_spells(const SubjectFacts& subject, const IndexCourse& index, Endpoint endpoint,
                                   Estimand estimand, const RuleSet& rules) {
    std::vector<Spell> spells;
    const auto marker = marker_of(endpoint);
    for (const Day landmark : kLandmarks) {
        if (!is_at(index, landmark, estimand)) continue;
        const Standing standing = marker
                                      ? standing_on(low_runs(subject, index, *marker, {0, kOpenEnd}, rules), landmark)
                                      : severe_cytopenia_at(subject, index, landmark, rules);
        Spell spell;
        spell.origin = landmark - 1;
        spell.exit = landmark;
        spell.why = standing == Standing::yes ? Exit::event : Exit::window_end;
        spell.ended_in_cause = standing != Standing::unknown;
        spell.cause = standing == Standing::no ? 1 : 0;
        spells.push_back(spell);
    }
    return spells;
}

}  // namespace cellvigil
