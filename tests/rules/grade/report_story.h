// Reports of the site as stories tell them, and what was said of a term.
#pragma once

#include <algorithm>

#include "tests/support/fact_story.h"

namespace cellvigil::report_story {

using story::d;
using story::Story;

inline Infection infection_by(Organism organism, std::vector<Route> routes = {}) {
    Infection said;
    said.organism = organism;
    said.certainty = Certainty::proven;
    said.treatment_routes = std::move(routes);
    if (organism == Organism::vzv) {
        said.zoster = Zoster{};
        said.zoster->dermatomes = 1;
        said.zoster->non_contiguous = false;
    }
    return said;
}

inline Infection graded(Infection said, std::uint32_t grade, Scale scale = Scale::ctcae_5_0) {
    said.severities.push_back({grade, scale});
    return said;
}

inline AdverseEvent event_of(AdverseEventCategory category) {
    AdverseEvent said;
    said.category = category;
    return said;
}
inline AdverseEvent graded(AdverseEvent said, std::uint32_t grade, Scale scale) {
    said.reported = SiteGrade{grade, scale};
    return said;
}

inline Intervention course(Agent agent, Route route = Route::unspecified) {
    Intervention given;
    given.kind = InterventionKind::drug;
    given.phase = InterventionPhase::start;
    given.indication = Indication::infection;
    given.agent = agent;
    given.route = route;
    given.treatment = true;
    return given;
}
inline Intervention prophylaxis(Agent agent, Route route = Route::intravenous) {
    Intervention given = course(agent, route);
    given.indication = Indication::prophylaxis;
    given.treatment = false;
    return given;
}
inline Intervention stay(Indication why = Indication::unspecified) {
    Intervention given;
    given.kind = InterventionKind::hospital_stay;
    given.phase = InterventionPhase::start;
    given.indication = why;
    return given;
}

inline Observation told(Analyte analyte, bool truth) {
    Observation said;
    said.analyte = analyte;
    said.status = ResultStatus::final;
    said.truth = truth;
    return said;
}
inline Observation measured(Analyte analyte, std::int64_t value, std::optional<std::int64_t> high = std::nullopt,
                            Comparator comparator = Comparator::unspecified) {
    Observation said;
    said.analyte = analyte;
    said.status = ResultStatus::final;
    said.value = whole(value);
    said.comparator = comparator;
    if (high) said.reference_high = whole(*high);
    return said;
}

inline Story treated() {
    Story told;
    told.adult().infused();
    return told;
}

// What stands of one scale and term at a time; under_surveillance false: nothing.
inline Assessment standing(const Story& told, Instant at, Scale scale, Term term, const RuleSet& rules = {}) {
    Assessment last;
    last.under_surveillance = false;
    for (const Assessment& said : told.timeline(rules).derived(rules, at).assessments) {
        if (said.scale == scale && said.term == term && said.at <= at) last = said;
    }
    return last;
}

inline std::vector<Episode> episodes_of(const Story& told, Scale scale, Term term, const RuleSet& rules = {}) {
    std::vector<Episode> found = told.timeline(rules).derived(rules, d(400)).episodes;
    std::erase_if(found, [&](const Episode& one) { return one.scale != scale || one.term != term; });
    return found;
}

}  // namespace cellvigil::report_story
