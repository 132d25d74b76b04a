// How the items of IEC-HS are read from single results.
#include <algorithm>

#include "rules/grade/iec_hs.h"
#include "rules/grade/lab_limit.h"
#include "rules/grade/part.h"

namespace cellvigil {
namespace {

constexpr std::size_t kMaxFerritin = 32;

IecReading& reading(IecHsState& state, IecSource source) { return state.readings[static_cast<std::size_t>(source)]; }
const IecReading& reading(const IecHsState& state, IecSource source) {
    return state.readings[static_cast<std::size_t>(source)];
}

// nullopt: none of the ways to tell can be used; true as soon as one says so.
struct Verdicts {
    bool any = false;
    bool met = false;
    void take(std::optional<bool> one) {
        if (!one) return;
        any = true;
        met = met || *one;
    }
    std::optional<bool> answer() const { return any ? std::optional(met) : std::nullopt; }
};

bool rises_fast(const IecHsState& state, const Fact& fact, const FoldContext& context) {
    const SuspicionRules& rules = context.rules.suspicion;
    for (const FerritinPoint& before : state.ferritin) {
        if (fact.at - before.at > rules.rapid_rise || before.at >= fact.at) continue;
        if (fact.value >= rules.rapid_floor && is_above(fact, times(before.value, 2)).value_or(false)) return true;
    }
    return false;
}

std::optional<bool> ferritin_met(const IecHsState& state, const Fact& fact, const FoldContext& context) {
    Verdicts verdicts;
    if (const auto high = reference_high_of(fact)) verdicts.take(is_above(fact, times(*high, 2)));
    const auto& baseline = reading(state, IecSource::ferritin).baseline;
    if (baseline) verdicts.take(is_above(fact, times(*baseline, 2)));
    // That it does not rise fast says nothing about how high it is.
    if (rises_fast(state, fact, context)) verdicts.take(true);
    return verdicts.answer();
}

std::optional<bool> met(const IecHsState& state, IecSource source, const Fact& fact, const FoldContext& context) {
    const IecReading& known = reading(state, source);
    switch (source) {
        case IecSource::ferritin:
            return ferritin_met(state, fact, context);
        case IecSource::alt:
        case IecSource::ast: {
            if (known.baseline_abnormal && known.baseline) return is_above(fact, times(*known.baseline, 5));
            const auto high = reference_high_of(fact);
            return high ? is_above(fact, times(*high, 5)) : std::nullopt;
        }
        case IecSource::fibrinogen: {
            Verdicts verdicts;
            verdicts.take(is_below(fact, thousandths(1500)));
            if (const auto low = reference_low_of(fact)) verdicts.take(is_below(fact, *low));
            return verdicts.answer();
        }
        case IecSource::neutrophils:
            return is_below(fact, thousandths(500));
        case IecSource::platelets:
            return is_below(fact, whole(25));
    }
    return std::nullopt;
}

bool abnormal_before(IecSource source, const Fact& fact) {
    const auto high = reference_high_of(fact);
    if (source == IecSource::alt || source == IecSource::ast) return high && is_above(fact, *high).value_or(false);
    if (source == IecSource::neutrophils) return is_below(fact, thousandths(500)).value_or(false);
    return source == IecSource::platelets && is_below(fact, whole(25)).value_or(false);
}

// A fall of more than 90 % within hours, untreated: the low value says nothing.
void judge_hook(IecHsState& state, const Fact& fact, const FoldContext& context) {
    const SuspicionRules& rules = context.rules.suspicion;
    state.hook = false;
    if (!fact.has_value || is_lower_bound(fact.comparator)) return;
    const bool treated = !state.running.empty() || holds(state.treated, rules.hook_therapy, fact.at);
    if (treated) return;
    for (const FerritinPoint& before : state.ferritin) {
        if (before.at >= fact.at || fact.at - before.at > rules.hook_fall) continue;
        if (times(fact.value, 10) >= before.value) continue;
        state.hook = true;
        state.hook_records = {before.record, fact.record};
    }
}

void keep_ferritin(IecHsState& state, const Fact& fact, const FoldContext& context) {
    const SuspicionRules& rules = context.rules.suspicion;
    const Instant from = fact.at - std::max(rules.rapid_rise, rules.hook_fall);
    std::erase_if(state.ferritin, [&](const FerritinPoint& point) { return point.at < from; });
    if (state.ferritin.size() >= kMaxFerritin) state.ferritin.erase(state.ferritin.begin());
    state.ferritin.push_back({fact.at, fact.value, fact.record});
}

}  // namespace

std::optional<IecSource> iec_source_of(Analyte analyte) {
    if (analyte == Analyte::ferritin) return IecSource::ferritin;
    if (analyte == Analyte::alt) return IecSource::alt;
    if (analyte == Analyte::ast) return IecSource::ast;
    if (analyte == Analyte::fibrinogen) return IecSource::fibrinogen;
    if (analyte == Analyte::neutrophils) return IecSource::neutrophils;
    return analyte == Analyte::platelets ? std::optional(IecSource::platelets) : std::nullopt;
}

IecItem item_of(IecSource source) {
    switch (source) {
        case IecSource::ferritin:
            return IecItem::ferritin;
        case IecSource::alt:
        case IecSource::ast:
            return IecItem::aminotransferase;
        case IecSource::fibrinogen:
            return IecItem::fibrinogen;
        case IecSource::neutrophils:
        case IecSource::platelets:
            return IecItem::cytopenia;
    }
    return IecItem::cytopenia;
}

void observe_iec_value(IecHsState& state, IecSource source, const Fact& fact, const FoldContext& context) {
    if (!fact.has_value) return;
    IecReading& known = reading(state, source);
    known.latest = fact.value;
    known.latest_abnormal = abnormal_before(source, fact);
    const bool counts = context.infusion.ordinal > 0 && day_of(fact.at, context) >= 0;
    if (source == IecSource::ferritin) judge_hook(state, fact, context);
    const bool unbelieved = source == IecSource::ferritin && state.hook;
    if (counts && !unbelieved) {
        if (const auto answer = met(state, source, fact, context)) {
            known.judged = fact.at;
            known.standing = *answer;
            if (*answer) {
                known.met = fact.at;
                known.record = fact.record;
            }
        }
    }
    if (source == IecSource::ferritin) keep_ferritin(state, fact, context);
}

}  // namespace cellvigil
