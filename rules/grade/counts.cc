#include "rules/grade/counts.h"

#include <algorithm>
#include <variant>

namespace cellvigil {
namespace {

Assessment begun(Scale scale, Instant at, const FoldContext& context) {
    Assessment said;
    said.at = at;
    said.scale = scale;
    said.infusion = context.infusion.ordinal;
    said.under_surveillance = false;
    if (context.infusion.ordinal > 0) said.day = day_of(at, context);
    return said;
}

bool has_value(const CountsState& state, std::int32_t first, std::int32_t last) {
    for (std::int32_t day = first; day <= last; ++day) {
        if (state.neutrophils.on(day)) return true;
    }
    return false;
}

// The lowest day of the window is the evidence.
void add_lowest(Assessment& said, const CountsState& state, std::int32_t first, std::int32_t last) {
    std::int32_t lowest = -1;
    for (std::int32_t day = first; day <= last; ++day) {
        const auto value = state.neutrophils.on(day);
        if (value && (lowest < 0 || *value < *state.neutrophils.on(lowest))) lowest = day;
    }
    if (lowest >= 0) said.add_evidence(state.records[static_cast<std::size_t>(lowest)]);
}

void end_follow_up(CountsState& state, std::int32_t day) {
    if (day < 0) return;
    state.follow_up_ends = state.follow_up_ends < 0 ? day : std::min(state.follow_up_ends, day);
}

void end_late(CountsState& state, std::int32_t day) {
    if (day <= kEarlyLastDay) return;
    state.late_ends = state.late_ends < 0 ? day : std::min(state.late_ends, day);
}

}  // namespace

bool concerns_counts(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::observation:
            return fact.analyte == Analyte::neutrophils;
        case FactKind::infusion:
        case FactKind::death:
        case FactKind::contact:
        case FactKind::disease_status:
        case FactKind::subsequent_therapy:
            return true;
        case FactKind::ice_assessment:
        case FactKind::neuro_finding:
        case FactKind::intervention:
        case FactKind::enrollment:
        case FactKind::adverse_event:
        case FactKind::infection:
        case FactKind::consent_change:
        case FactKind::site_heartbeat:
        case FactKind::adjudication:
        case FactKind::retraction:
            return false;
    }
    return false;
}

void begin_infusion(CountsState& state, const FoldContext&) { state = CountsState{}; }

void observe(CountsState& state, const Fact& fact, const FoldContext& context) {
    if (context.infusion.ordinal == 0) return;
    const std::int32_t day = day_of(fact.at, context);
    if (fact.kind == FactKind::observation) {
        // "<0.1" is at most 0.1; ">2.0" says nothing about how low.
        if (!fact.has_value || fact.comparator == Comparator::greater || day < 0 || day > kLateLastDay) return;
        const auto before = state.neutrophils.on(day);
        if (!before || fact.value < *before) state.records[static_cast<std::size_t>(day)] = fact.record;
        state.neutrophils.note(day, fact.value);
        state.last_value_day = std::max(state.last_value_day, day);
        return;
    }
    if (fact.kind == FactKind::death) return end_follow_up(state, day);
    if (fact.body == nullptr) return;
    if (const auto* contact = std::get_if<Contact>(fact.body)) {
        const bool over = contact->status == ContactStatus::lost_to_follow_up ||
                          contact->status == ContactStatus::completed || contact->status == ContactStatus::transferred;
        if (over) end_follow_up(state, day);
    } else if (const auto* disease = std::get_if<DiseaseStatus>(fact.body)) {
        if (disease->response == Response::progressive || disease->response == Response::relapse) end_late(state, day);
    } else if (std::get_if<SubsequentTherapy>(fact.body) != nullptr) {
        end_late(state, day);
    }
}

Instant next_deadline(const CountsState& state, Instant after, const FoldContext& context) {
    if (context.infusion.ordinal == 0 || state.last_value_day < 0 || state.follow_up_ends >= 0) return kNever;
    const Instant window_ends = start_of(context.infusion.date + days(kEarlyLastDay + 1), context.infusion.offset);
    return window_ends > after ? window_ends : kNever;
}

Assessment assess_early_icaht(const CountsState& state, Instant at, const FoldContext& context) {
    Assessment said = begun(Scale::icaht_early, at, context);
    if (context.infusion.ordinal == 0) return said;
    const bool ended = state.follow_up_ends >= 0;
    const bool closed = ended || said.day > kEarlyLastDay;
    std::int32_t last = closed ? kEarlyLastDay : std::min(kEarlyLastDay, state.last_value_day);
    if (ended) last = std::min(last, state.follow_up_ends);
    if (last < 0 || !has_value(state, 0, last)) return said;
    const LowRuns runs = low_runs(state.neutrophils, last);
    said.under_surveillance = true;
    said.grade = grade_early_icaht(runs, closed).value_or(kNotGradable);
    said.grade_upper = said.grade;
    if (runs.data_gap) said.flags.add(Flag::data_gap);
    if (!closed) {
        said.grade_upper = 4;
        said.flags.add(Flag::window_open);
    }
    if (said.grade >= 1) said.deciding.add(Component::neutrophils);
    add_lowest(said, state, 0, last);
    return said;
}

Assessment assess_late_icaht(const CountsState& state, Instant at, const FoldContext& context) {
    Assessment said = begun(Scale::icaht_late, at, context);
    if (context.infusion.ordinal == 0 || said.day <= kEarlyLastDay) return said;
    std::int32_t last = kLateLastDay;
    if (state.late_ends >= 0) last = std::min(last, state.late_ends);
    if (state.follow_up_ends >= 0) last = std::min(last, state.follow_up_ends);
    if (last <= kEarlyLastDay || !has_value(state, kEarlyLastDay + 1, last)) return said;
    const LateIcaht late = grade_late_icaht(state.neutrophils, last);
    said.under_surveillance = true;
    said.grade = late.grade;
    said.grade_upper = late.upper;
    if (late.single_value) said.flags.add(Flag::single_value);
    if (said.grade_upper >= 1) said.deciding.add(Component::neutrophils);
    add_lowest(said, state, kEarlyLastDay + 1, last);
    return said;
}

void assess(const CountsState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>&) {
    statements.push_back(assess_early_icaht(state, at, context));
    statements.push_back(assess_late_icaht(state, at, context));
}

}  // namespace cellvigil
