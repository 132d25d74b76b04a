#include "rules/grade/immunity.h"

#include "rules/grade/statement.h"

namespace cellvigil {
namespace {

enum class Level : std::uint8_t { unknown, low, enough };

// Against a limit below which a value is low.
Level level_below(Quantity value, Comparator comparator, Quantity limit) {
    switch (comparator) {
        case Comparator::less:
            return value <= limit ? Level::low : Level::unknown;
        case Comparator::less_or_equal:
            return value < limit ? Level::low : Level::unknown;
        case Comparator::greater:
        case Comparator::greater_or_equal:
            return value >= limit ? Level::enough : Level::unknown;
        case Comparator::unspecified:
            break;
    }
    return value < limit ? Level::low : Level::enough;
}

void observe_b_cells(ImmunityState& state, const Fact& fact, const FoldContext& context) {
    const std::int32_t day = day_of(fact.at, context);
    if (day <= context.rules.counts.aplasia_after_day) return;
    const Level level = level_below(fact.value, fact.comparator, kBCells);
    if (level == Level::unknown) return;
    state.b_cells_last = fact.record;
    state.b_cells_news = state.low_since != INT32_MIN || level == Level::low;
    if (level == Level::enough) {
        state.low_since = INT32_MIN;
        state.aplasia = false;
        return;
    }
    if (state.low_since == INT32_MIN) {
        state.low_since = day;
        state.low_first = fact.record;
    }
    state.aplasia = day - state.low_since >= context.rules.counts.aplasia_apart_days;
}

void observe_igg(ImmunityState& state, const Fact& fact, const FoldContext& context) {
    state.igg = fact.value;
    state.igg_bound = fact.comparator;
    state.igg_record = fact.record;
    const std::int32_t day = absolute_day(site_date(fact.at, context.infusion.offset));
    state.igg_replaced = state.support.carries({Support::immunoglobulin}, day, context.rules.counts);
    state.igg_news = true;
}

// Steps at or below the limits; a bound may leave more than one.
Grade igg_step(Quantity value) {
    if (value <= kReplaceIgg) return 2;
    return value <= kLowIgg ? 1 : 0;
}

Assessment aplasia_statement(const ImmunityState& state, Instant at, const FoldContext& context) {
    Assessment said = begun(Scale::unspecified, Term::prolonged_b_cell_aplasia, at, context);
    said.under_surveillance = true;
    said.grade = said.grade_upper = state.aplasia ? 1 : 0;
    if (state.low_since != INT32_MIN) {
        said.add_evidence(state.low_first);
        said.grade_upper = 1;  // one low count: the second may follow
    }
    said.add_evidence(state.b_cells_last);
    if (said.grade_upper > 0) said.flags.add(Flag::suspicion);
    if (said.grade_upper > 0 && state.low_first == state.b_cells_last) said.flags.add(Flag::single_value);
    return said;
}

Assessment igg_statement(const ImmunityState& state, Instant at, const FoldContext& context) {
    Assessment said = begun(Scale::unspecified, Term::low_igg, at, context);
    said.under_surveillance = true;
    const bool at_most = state.igg_bound == Comparator::less || state.igg_bound == Comparator::less_or_equal;
    const bool at_least = state.igg_bound == Comparator::greater || state.igg_bound == Comparator::greater_or_equal;
    const Quantity near = state.igg_bound == Comparator::less      ? Quantity{state.igg.micro - 1}
                          : state.igg_bound == Comparator::greater ? Quantity{state.igg.micro + 1}
                                                                   : state.igg;
    said.grade = at_least ? Grade{0} : igg_step(near);
    said.grade_upper = at_most ? Grade{2} : igg_step(near);
    if (said.grade == 0 && said.grade_upper > 0) said.grade = kNotGradable;
    said.add_evidence(state.igg_record);
    if (said.grade_upper > 0) said.flags.add(Flag::suspicion);
    if (state.igg_replaced) said.flags.add(Flag::support_confounds);
    return said;
}

}  // namespace

bool concerns_immunity(const Fact& fact) {
    if (fact.kind == FactKind::observation) {
        return fact.has_value && (fact.analyte == Analyte::cd19 || fact.analyte == Analyte::igg);
    }
    return support_of(fact) == Support::immunoglobulin;
}

void begin_infusion(ImmunityState& state, const FoldContext&) {
    ImmunityState next;
    next.support = state.support;
    state = next;
}

void observe(ImmunityState& state, const Fact& fact, const FoldContext& context) {
    const bool infused = context.infusion.ordinal > 0;
    if (fact.kind == FactKind::intervention) {
        state.support.observe(fact, infused ? context.infusion.offset : fact.offset);
    } else if (infused && fact.analyte == Analyte::cd19) {
        observe_b_cells(state, fact, context);
    } else if (infused && fact.analyte == Analyte::igg) {
        observe_igg(state, fact, context);
    }
}

Instant next_deadline(const ImmunityState&, Instant, const FoldContext&) { return kNever; }

bool at_rest(const ImmunityState& state, Instant, const FoldContext&) { return !state.b_cells_news && !state.igg_news; }

void assess(ImmunityState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>&) {
    if (state.b_cells_news) statements.push_back(aplasia_statement(state, at, context));
    if (state.igg_news) statements.push_back(igg_statement(state, at, context));
    state.b_cells_news = state.igg_news = false;
}

}  // namespace cellvigil
