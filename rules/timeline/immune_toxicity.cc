#include "rules/timeline/immune_toxicity.h"

#include <algorithm>
#include <tuple>

namespace cellvigil {
namespace {

AlertCause& cause_for(FoldState& state, SubjectRule rule, std::uint16_t infusion, std::uint16_t ordinal, bool& fresh) {
    const auto key = [](const AlertCause& cause) { return std::tuple(cause.rule, cause.infusion, cause.ordinal); };
    const auto wanted = std::tuple(rule, infusion, ordinal);
    const auto place =
        std::lower_bound(state.causes.begin(), state.causes.end(), wanted,
                         [&](const AlertCause& cause, const auto& sought) { return key(cause) < sought; });
    fresh = place == state.causes.end() || key(*place) != wanted;
    if (!fresh) return *place;
    AlertCause cause;
    cause.rule = rule;
    cause.infusion = infusion;
    cause.ordinal = ordinal;
    return *state.causes.insert(place, cause);
}

void note_cause(FoldState& state, SubjectRule rule, std::uint16_t ordinal, const Assessment& said) {
    bool fresh = false;
    AlertCause& cause = cause_for(state, rule, said.infusion, ordinal, fresh);
    // Either grade: after "could be 4, not testable", a literal 3 is news although its upper grade is lower.
    const bool worse = said.grade_upper > cause.grade_upper || said.grade > cause.grade;
    if (!fresh && !worse) return;
    if (fresh) {
        cause.at = said.at;
        cause.day = said.day;
        cause.scale = said.scale;
    }
    cause.worst_at = said.at;
    cause.worst_day = said.day;
    cause.grade = std::max(cause.grade, said.grade);
    cause.grade_upper = std::max(cause.grade_upper, said.grade_upper);
    cause.urgency = rule == SubjectRule::toxicity_death ? Urgency::immediate : Urgency::high;
    cause.flags = said.flags;
    cause.deciding = said.deciding;
    cause.evidence = said.evidence;
}

bool is_immune_toxicity(Scale scale) { return scale == Scale::astct_crs_2019 || scale == Scale::astct_icans_2019; }

void note_causes(FoldState& state, const Assessment& said) {
    if (!said.under_surveillance || said.grade_upper < 3) return;
    const bool crs = said.scale == Scale::astct_crs_2019;
    note_cause(state, crs ? SubjectRule::crs_grade_3 : SubjectRule::icans_grade_3, said.episode, said);
    if (said.grade_upper == 5) note_cause(state, SubjectRule::toxicity_death, crs ? 1 : 2, said);
}

void note_first_days(FirstDays& first, Grade grade, std::int32_t day) {
    const auto on = static_cast<std::int8_t>(std::max(day, 0));
    if (grade >= 1 && first.any < 0) first.any = on;
    if (grade >= 3 && first.severe < 0) first.severe = on;
}

// Cohort counts use the first infusion and its first 30 days (settled point 36).
void note_summary(FoldState& state, const Assessment& said) {
    constexpr std::int32_t kLastDay = 30;
    SubjectSummary& summary = state.summary;
    const bool crs = said.scale == Scale::astct_crs_2019;
    Grade& now = crs ? summary.crs_now : summary.icans_now;
    now = said.episode_open ? said.grade : kNotGradable;
    if (!said.under_surveillance || said.infusion != 1 || said.day > kLastDay) return;
    Grade& max = crs ? summary.crs_max : summary.icans_max;
    Grade& upper = crs ? summary.crs_max_upper : summary.icans_max_upper;
    max = std::max(max, said.grade);
    upper = std::max(upper, said.grade_upper);
    note_first_days(crs ? summary.crs_days : summary.icans_days, said.grade, said.day);
    note_first_days(crs ? summary.crs_upper_days : summary.icans_upper_days, said.grade_upper, said.day);
}

}  // namespace

void note_immune_toxicity(FoldState& state, const Assessment& said) {
    if (!is_immune_toxicity(said.scale)) return;
    note_causes(state, said);
    note_summary(state, said);
}

}  // namespace cellvigil
