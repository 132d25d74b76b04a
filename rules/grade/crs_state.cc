#include "rules/grade/crs_state.h"

namespace cellvigil {

void note_reading(LowRun& run, bool low, Instant at, const Source& source, const CrsRules& rules) {
    if (!low) {
        run.active = false;
        return;
    }
    if (!run.active) {
        run = LowRun{};
        run.active = true;
        run.anchor = at;
        run.first = source;
    } else if (at - run.anchor > rules.repeat_within && !run.confirmed) {
        // Too far from the first: the previous reading becomes the one to confirm.
        run.anchor = at - run.latest <= rules.repeat_within ? run.latest : at;
        run.first = at - run.latest <= rules.repeat_within ? run.last : source;
    }
    const auto apart = at - run.anchor;
    if (apart >= rules.repeat_after && apart <= rules.repeat_within) run.confirmed = true;
    run.latest = at;
    run.last = source;
}

std::uint16_t imputed_bits(const CrsState& state) {
    std::uint16_t bits = 0;
    const auto note = [&bits](bool bit) { bits = static_cast<std::uint16_t>(bits * 2 + (bit ? 1 : 0)); };
    const PressureState& pressure = state.pressure;
    const OxygenState& oxygen = state.oxygen;
    for (const LowRun* run : {&pressure.low, &pressure.at_baseline, &pressure.centile, &pressure.map, &oxygen.low}) {
        note(run->first.imputed || run->last.imputed);
    }
    for (const Reading* one : {&state.fever.latest, &pressure.systolic, &pressure.mean}) note(one->source.imputed);
    note(oxygen.suspect.source.imputed);
    return bits;
}

Quantity comparable(const Fact& fact) {
    switch (fact.comparator) {
        case Comparator::less:
            return {fact.value.micro - 1};
        case Comparator::greater:
            return {fact.value.micro + 1};
        case Comparator::unspecified:
        case Comparator::less_or_equal:
        case Comparator::greater_or_equal:
            return fact.value;
    }
    return fact.value;
}

}  // namespace cellvigil
