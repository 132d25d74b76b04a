#include <algorithm>

#include "rules/grade/counts.h"
#include "rules/grade/icaht.h"
#include "rules/grade/statement.h"
#include "rules/grade/t_icaht.h"

namespace cellvigil {
namespace {

// The window of a statement as far as it is known, in infusion days.
struct Window {
    std::int32_t last = -1;  // -1: nothing to say yet
    bool closed = false;
};

std::int32_t last_value_day(const CountsState& state, HematotoxItem item, std::int32_t up_to) {
    const DayValue* last = state.of(item).last_up_to(state.day_0 + up_to);
    return last == nullptr ? -1 : last->day - state.day_0;
}

Window early_window(const CountsState& state, HematotoxItem item, std::int32_t today) {
    Window window;
    const bool ended = state.follow_up_ends >= 0;
    window.closed = ended || today > kEarlyLastDay;
    window.last = window.closed ? kEarlyLastDay : last_value_day(state, item, kEarlyLastDay);
    if (ended) window.last = std::min(window.last, state.follow_up_ends);
    return window;
}

std::int32_t late_window_last(const CountsState& state, HematotoxItem item) {
    std::int32_t last = kLateLastDay;
    if (state.late_ends >= 0) last = std::min(last, state.late_ends);
    if (state.follow_up_ends >= 0) last = std::min(last, state.follow_up_ends);
    return std::min(last, last_value_day(state, item, last));
}

DayLows lows_of(const CountsState& state, HematotoxItem item, DayRange range) {
    DayLows lows;
    for (const DayValue& value : state.of(item).values) {
        const std::int32_t day = value.day - state.day_0;
        if (day >= range.first && day <= range.last) lows.note(day, as_bound(value.value, value.comparator));
    }
    return lows;
}

// The lowest day of the window is the evidence.
void add_lowest(Assessment& said, const CountsState& state, HematotoxItem item, DayRange range) {
    const DayValue* lowest = nullptr;
    for (const DayValue& value : state.of(item).values) {
        const std::int32_t day = value.day - state.day_0;
        if (day < range.first || day > range.last) continue;
        if (lowest == nullptr ||
            as_bound(value.value, value.comparator) < as_bound(lowest->value, lowest->comparator)) {
            lowest = &value;
        }
    }
    if (lowest != nullptr) said.add_evidence(lowest->record);
}

void close_or_leave_open(Assessment& said, bool closed) {
    if (closed) return;
    said.grade_upper = 4;
    said.flags.add(Flag::window_open);
}

}  // namespace

Assessment assess_early_icaht(const CountsState& state, Instant at, const FoldContext& context) {
    Assessment said = begun(Scale::icaht_early, Term::none, at, context);
    if (context.infusion.ordinal == 0) return said;
    const Window window = early_window(state, HematotoxItem::neutrophils, said.day);
    if (window.last < 0) return said;
    const DayRange range{0, window.last};
    const EarlyRuns runs = low_runs(lows_of(state, HematotoxItem::neutrophils, range), window.last);
    if (!runs.known.any_value) return said;
    said.under_surveillance = true;
    said.grade = grade_early_icaht(runs.known, window.closed).value_or(kNotGradable);
    said.grade_upper = grade_early_icaht(runs.worst, window.closed).value_or(kNotGradable);
    if (runs.known.data_gap) said.flags.add(Flag::data_gap);
    close_or_leave_open(said, window.closed);
    if (said.grade >= 1) said.deciding.add(Component::neutrophils);
    said.report(Figure::longest_500_days, runs.known.at_most_500);
    said.report(Figure::longest_100_days, runs.known.at_most_100);
    said.report(Figure::cumulative_500_days, runs.known.cumulative_500);
    said.report(Figure::growth_factor_days,
                state.support.days_given(kGrowthFactors, state.day_0, state.day_0 + window.last));
    add_lowest(said, state, HematotoxItem::neutrophils, range);
    return said;
}

Assessment assess_late_icaht(const CountsState& state, Instant at, const FoldContext& context) {
    Assessment said = begun(Scale::icaht_late, Term::none, at, context);
    if (context.infusion.ordinal == 0 || said.day <= kEarlyLastDay) return said;
    const DayRange range{kEarlyLastDay + 1, late_window_last(state, HematotoxItem::neutrophils)};
    if (range.last < range.first) return said;
    const LateIcaht late = grade_late_icaht(lows_of(state, HematotoxItem::neutrophils, range), range.last);
    said.under_surveillance = late.upper != kNotGradable;
    said.grade = late.grade;
    said.grade_upper = late.upper;
    if (late.single_value) said.flags.add(Flag::single_value);
    if (said.grade_upper >= 1) said.deciding.add(Component::neutrophils);
    said.report(Figure::growth_factor_days,
                state.support.days_given(kGrowthFactors, state.day_0 + range.first, state.day_0 + range.last));
    add_lowest(said, state, HematotoxItem::neutrophils, range);
    return said;
}

Assessment assess_early_t_icaht(const CountsState& state, Instant at, const FoldContext& context) {
    Assessment said = begun(Scale::t_icaht, Term::early, at, context);
    if (context.infusion.ordinal == 0) return said;
    const Window window = early_window(state, HematotoxItem::platelets, said.day);
    if (window.last < 0) return said;
    const DayRange range{0, window.last};
    const PlateletDays low = low_platelet_days(lows_of(state, HematotoxItem::platelets, range), range);
    if (!low.any_value) return said;
    said.under_surveillance = true;
    said.grade = grade_early_t_icaht(low.known, true).value_or(kNotGradable);
    said.grade_upper = grade_early_t_icaht(low.worst, true).value_or(kNotGradable);
    if (low.data_gap) said.flags.add(Flag::data_gap);
    close_or_leave_open(said, window.closed);
    if (said.grade >= 1) said.deciding.add(Component::platelets);
    said.report(Figure::cumulative_50_days, low.known.below_50);
    said.report(Figure::cumulative_20_days, low.known.below_20);
    add_lowest(said, state, HematotoxItem::platelets, range);
    return said;
}

Assessment assess_late_t_icaht(const CountsState& state, Instant at, const FoldContext& context) {
    Assessment said = begun(Scale::t_icaht, Term::late, at, context);
    if (context.infusion.ordinal == 0 || said.day <= kEarlyLastDay) return said;
    const DayRange range{kEarlyLastDay + 1, late_window_last(state, HematotoxItem::platelets)};
    if (range.last < range.first) return said;
    const LateTIcaht late = grade_late_t_icaht(lows_of(state, HematotoxItem::platelets, range), range.last);
    said.under_surveillance = late.upper != kNotGradable;
    said.grade = late.grade;
    said.grade_upper = late.upper;
    if (late.single_value) said.flags.add(Flag::single_value);
    if (!late.single_value && late.upper > late.grade) said.flags.add(Flag::data_gap);
    if (said.grade_upper >= 1) said.deciding.add(Component::platelets);
    said.report(Figure::cumulative_50_days, late.days.known.below_50);
    said.report(Figure::cumulative_20_days, late.days.known.below_20);
    add_lowest(said, state, HematotoxItem::platelets, range);
    return said;
}

Instant next_deadline(const CountsState& state, Instant after, const FoldContext& context) {
    if (context.infusion.ordinal == 0 || state.follow_up_ends >= 0) return kNever;
    if (last_value_day(state, HematotoxItem::neutrophils, kEarlyLastDay) < 0 &&
        last_value_day(state, HematotoxItem::platelets, kEarlyLastDay) < 0) {
        return kNever;
    }
    const Instant window_ends = start_of(context.infusion.date + days(kEarlyLastDay + 1), context.infusion.offset);
    return window_ends > after ? window_ends : kNever;
}

bool at_rest(const CountsState& state, Instant at, const FoldContext& context) {
    if (context.infusion.ordinal == 0) return true;
    if (state.neutrophils_news || state.platelets_news || state.hematotox_news) return false;
    const Instant window_ends = start_of(context.infusion.date + days(kEarlyLastDay + 1), context.infusion.offset);
    return at < window_ends || state.asked >= window_ends;
}

void assess(CountsState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>&) {
    if (at_rest(state, at, context)) return;
    const Instant window_ends = start_of(context.infusion.date + days(kEarlyLastDay + 1), context.infusion.offset);
    const bool crossed = at >= window_ends && state.asked < window_ends;
    const bool early = state.early_news || crossed;
    const bool late = at >= window_ends;
    const ScaleSet& scales = context.subject.scales;
    if (state.neutrophils_news || crossed) {
        if (early && scales.has(Scale::icaht_early)) statements.push_back(assess_early_icaht(state, at, context));
        if (late && scales.has(Scale::icaht_late)) statements.push_back(assess_late_icaht(state, at, context));
    }
    if ((state.platelets_news || crossed) && scales.has(Scale::t_icaht)) {
        if (early) statements.push_back(assess_early_t_icaht(state, at, context));
        if (late) statements.push_back(assess_late_t_icaht(state, at, context));
    }
    if (state.hematotox_news) statements.push_back(state.hematotox);
    state.neutrophils_news = state.platelets_news = state.hematotox_news = state.early_news = false;
    state.asked = at;
}

}  // namespace cellvigil
