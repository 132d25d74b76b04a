// What a ward charts about CRS and its treatment, in short, for the tests of the scales before ASTCT.
#pragma once

#include <optional>
#include <string>

#include "rules/grade/legacy_crs.h"
#include "tests/support/fact_story.h"

namespace cellvigil::legacy_ward {

using story::d;
using story::Story;

// Every scale that can be computed.
inline const RuleSet& all_scales() {
    static const RuleSet rules = [] {
        RuleSet all;
        all.scales = kComputedScales;
        return all;
    }();
    return rules;
}

inline Quantity amount(double value) { return quantity_of(value).value(); }

inline Assessment said_of(const Story& told, Instant at, Scale scale, Term term = Term::none,
                          const RuleSet& rules = all_scales()) {
    Assessment last;
    last.under_surveillance = false;
    for (const Assessment& said : told.timeline(rules).derived(rules, at).assessments) {
        if (said.scale == scale && said.term == term && said.at <= at) last = said;
    }
    return last;
}

// "2", "2-3", "NA", "NA-4"; "-" when there is no statement.
inline std::string range_of(const Assessment& said) {
    const auto shown = [](Grade grade) { return grade == kNotGradable ? std::string("NA") : std::to_string(grade); };
    if (!said.under_surveillance) return "-";
    if (said.grade == said.grade_upper) return shown(said.grade);
    return shown(said.grade) + "-" + shown(said.grade_upper);
}

inline std::string names(Flags flags) {
    std::string text;
    for (int i = 0; i < kFlags; ++i) {
        if (flags.has(static_cast<Flag>(i))) text += std::string(name_of(static_cast<Flag>(i))) + " ";
    }
    return text;
}
inline std::string names(Components components) {
    std::string text;
    for (int i = 0; i < kComponents; ++i) {
        if (components.has(static_cast<Component>(i))) text += std::string(name_of(static_cast<Component>(i))) + " ";
    }
    return text;
}

// A man of 70 kg with CRS: 38.6 Cel on day 3 at 08:00 and again at 18:00.
inline Story& with_crs(Story& s) {
    Enrollment enrollment;
    enrollment.age_years = 58;
    enrollment.weight_kg = whole(70);
    return s.enrolled(enrollment).infused().temperature(d(3, 8), 38.6).temperature(d(3, 14), 38.6);
}
inline Story& with_crs_of_unknown_weight(Story& s) {
    return s.adult().infused().temperature(d(3, 8), 38.6).temperature(d(3, 14), 38.6);
}

inline Intervention infusion_of(Agent agent, std::optional<double> rate, std::string unit = "ug/min") {
    Intervention given;
    given.kind = InterventionKind::vasopressor;
    given.phase = InterventionPhase::start;
    given.agent = agent;
    given.by_infusion = true;
    if (rate) given.rate = amount(*rate);
    if (rate) given.rate_unit = std::move(unit);
    return given;
}
inline Story& runs(Story& s, Instant at, Agent agent, std::optional<double> rate, std::string unit = "ug/min") {
    return s.tell(at, infusion_of(agent, rate, std::move(unit)));
}
inline Story& oxygen(Story& s, Instant at, OxygenDevice device, std::optional<double> flow,
                     std::optional<double> fio2 = std::nullopt, Indication why = Indication::unspecified) {
    Intervention given;
    given.kind = InterventionKind::oxygen;
    given.phase = InterventionPhase::start;
    given.device = device;
    given.indication = why;
    if (flow) given.flow_l_min = amount(*flow);
    if (fio2) given.fio2 = amount(*fio2);
    return s.tell(at, given);
}
inline Story& value(Story& s, Instant at, Analyte analyte, double measured, std::optional<double> upper_limit) {
    Observation told;
    told.analyte = analyte;
    told.status = ResultStatus::final;
    told.value = amount(measured);
    if (upper_limit) told.reference_high = amount(*upper_limit);
    return s.tell(at, told);
}
inline Story& course(Story& s, Instant at, InterventionKind kind, InterventionPhase phase,
                     Indication why = Indication::unspecified) {
    Intervention given;
    given.kind = kind;
    given.phase = phase;
    given.indication = why;
    return s.tell(at, given);
}
inline Story& product(Story& s, Instant at, BloodProduct which) {
    Intervention given;
    given.kind = InterventionKind::transfusion;
    given.phase = InterventionPhase::single;
    given.product = which;
    return s.tell(at, given);
}
inline Story& antibiotic(Story& s, Instant at, Route route, bool treatment = true) {
    Intervention given;
    given.kind = InterventionKind::drug;
    given.phase = InterventionPhase::start;
    given.agent = Agent::other;
    given.agent_code = "J01DH02";
    given.route = route;
    given.treatment = treatment;
    return s.tell(at, given);
}
inline Story& low_pressure(Story& s, Instant at) { return s.systolic(at, 84).systolic(at + minutes(10), 82); }

}  // namespace cellvigil::legacy_ward
