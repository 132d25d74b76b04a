#include "rules/grade/crs_hypotension.h"

#include <algorithm>
#include <variant>

namespace cellvigil {
namespace {

// Places in PressureState::agents: counted pressors first, then the others.
enum Place : std::size_t {
    place_norepinephrine,
    place_epinephrine,
    place_phenylephrine,
    place_dopamine,
    place_angiotensin,
    place_metaraminol,
    place_ephedrine,
    place_unnamed,  // a vasopressor whose agent is not stated counts as one
    place_vasopressin,
    place_terlipressin,
    place_dobutamine,
    place_milrinone,
    place_levosimendan,
    place_isoprenaline,
    place_midodrine,
    place_droxidopa,
    place_none,
};
constexpr std::uint16_t mask(std::size_t from, std::size_t until) {
    std::uint16_t bits = 0;
    for (std::size_t i = from; i < until; ++i) bits = static_cast<std::uint16_t>(bits | (1U << i));
    return bits;
}
constexpr std::uint16_t kCounted = mask(place_norepinephrine, place_vasopressin);
constexpr std::uint16_t kVasopressins = mask(place_vasopressin, place_dobutamine);
constexpr std::uint16_t kInotropes = mask(place_dobutamine, place_midodrine);
constexpr std::uint16_t kOral = mask(place_midodrine, place_none);

// The agent of each place, in the places' order; place_unnamed has none.
constexpr std::array<Agent, place_none> kAgentOf{
    Agent::norepinephrine, Agent::epinephrine,  Agent::phenylephrine, Agent::dopamine,
    Agent::angiotensin_ii, Agent::metaraminol,  Agent::ephedrine,     Agent::none,
    Agent::vasopressin,    Agent::terlipressin, Agent::dobutamine,    Agent::milrinone,
    Agent::levosimendan,   Agent::isoprenaline, Agent::midodrine,     Agent::droxidopa};

std::size_t vasoactive_place(Agent agent, InterventionKind kind) {
    if (agent != Agent::none) {
        for (std::size_t i = 0; i < kAgentOf.size(); ++i) {
            if (kAgentOf[i] == agent) return i;
        }
    }
    return kind == InterventionKind::vasopressor ? place_unnamed : place_none;
}

bool is_on(const PressureState& state, std::size_t place) { return ((state.on >> place) & 1U) != 0; }
int count_of(std::uint16_t bits) { return __builtin_popcount(bits); }

// When at least two counted pressors began to run together; kAlways when fewer run.
Instant overlap_since(const PressureState& state) {
    Instant first = kNever;
    Instant second = kNever;
    for (std::size_t i = 0; i < place_vasopressin; ++i) {
        if (!is_on(state, i)) continue;
        const Instant since = state.agents[i].since;
        if (since < first) {
            second = first;
            first = since;
        } else {
            second = std::min(second, since);
        }
    }
    return second == kNever ? kAlways : second;
}

void switch_off(PressureState& state, std::size_t place, Instant at, const Source& source, const FoldContext& context) {
    if (!is_on(state, place)) return;
    const Instant together = overlap_since(state);
    const bool counted = ((kCounted >> place) & 1U) != 0;
    if (counted && together != kAlways && at - together < context.rules.crs.overlap) {
        state.crossover = at;
        state.crossover_source = source;
    }
    state.on = static_cast<std::uint16_t>(state.on & ~(1U << place));
    state.agents[place] = Running{};
}

void switch_on(PressureState& state, std::size_t place, const Fact& fact, const Source& source) {
    Running& running = state.agents[place];
    if (!is_on(state, place)) {
        running = Running{};
        running.since = fact.at;
        running.source = source;
        state.on = static_cast<std::uint16_t>(state.on | (1U << place));
    }
    running.charted = fact.at;
    running.until = fact.until;
    running.source.suspected = source.suspected;
}

bool other_cause_named(Indication indication) {
    switch (indication) {
        case Indication::icans:
        case Indication::iec_hs:
        case Indication::infection:
        case Indication::other:
        case Indication::procedure:
        case Indication::seizure:
            return true;
        case Indication::unspecified:
        case Indication::crs:
        case Indication::prophylaxis:
        case Indication::hypotension:
        case Indication::comfort:
        case Indication::airway:
        case Indication::baseline:
        case Indication::fever:
        case Indication::hypoxia:
            return false;
    }
    return false;
}

void observe_bolus(PressureState& state, const Fact& fact, const Intervention& given, const FoldContext& context) {
    const CrsRules& rules = context.rules.crs;
    if (given.phase == InterventionPhase::stop) return;
    const bool for_pressure = given.indication == Indication::unspecified ||
                              given.indication == Indication::hypotension || given.indication == Indication::crs;
    if (!for_pressure) return;
    if (given.duration_min && *given.duration_min > whole(rules.bolus_within.count())) return;
    const Instant low = std::max({state.low.latest, state.map.latest, state.at_baseline.latest, state.centile.latest});
    if (!holds(low, rules.bolus_low_reading, fact.at)) return;
    GivenOnce& slot = given.volume_ml ? state.bolus : state.bolus_unsure;
    if (given.volume_ml) {
        Quantity least = rules.bolus_adult_ml;
        const auto weight = context.infusion.weight_kg ? context.infusion.weight_kg : context.subject.weight_kg;
        if (!is_adult(fact.at, context)) {
            if (!weight) {
                state.bolus_unsure = {fact.at, source_of(fact)};
                return;
            }
            least = {weight->micro * (rules.bolus_child_ml_per_kg.micro / 1'000'000)};
        }
        if (*given.volume_ml < least) return;
    }
    slot = {fact.at, source_of(fact)};
}

std::optional<Quantity> median_of(const PressureState& state) {
    const std::size_t count = state.before_full ? state.before.size() : state.before_count;
    if (count == 0) return std::nullopt;
    auto sorted = state.before;
    std::sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(count));
    return sorted[(count - 1) / 2];
}

void note_before_infusion(PressureState& state, Quantity value) {
    state.before[state.before_count] = value;
    state.before_count = static_cast<std::uint8_t>((state.before_count + 1) % state.before.size());
    if (state.before_count == 0) state.before_full = true;
}

}  // namespace

Quantity systolic_limit(Instant at, const FoldContext& context) {
    if (is_adult(at, context)) return context.rules.crs.systolic_adult;
    const auto age_days = age_days_at(at, context);
    const std::int32_t years = age_years_at(at, context).value_or(18);
    if (age_days && *age_days <= 28) return whole(60);
    if (years < 1) return whole(70);
    if (years <= 10) return whole(70 + 2 * years);
    return whole(90);
}

void observe_pressure(PressureState& state, const Fact& fact, const FoldContext& context) {
    if (!fact.has_value) return;
    const CrsRules& rules = context.rules.crs;
    const Quantity value = comparable(fact);
    const Source source = source_of(fact);
    if (fact.analyte == Analyte::mean_arterial) {
        state.mean = {fact.at, value, source};
        note_reading(state.map, value < rules.map_adult, fact.at, source, rules);
        return;
    }
    state.systolic = {fact.at, value, source};
    if (context.infusion.ordinal == 0) note_before_infusion(state, value);
    constexpr Quantity kLowForNobody = whole(100);  // children's limits are at most 90, the centiles at most 99
    if (value >= kLowForNobody && rules.systolic_adult <= kLowForNobody) {
        state.low.active = state.at_baseline.active = state.centile.active = false;
        return;
    }
    const Quantity limit = systolic_limit(fact.at, context);
    const bool low = value < limit;
    const bool usual = state.baseline && *state.baseline < limit && value >= *state.baseline;
    note_reading(state.low, low && !usual, fact.at, source, rules);
    note_reading(state.at_baseline, low && usual, fact.at, source, rules);
    const auto years = age_years_at(fact.at, context);
    const bool adolescent = years && *years >= 12 && *years <= 17;
    note_reading(state.centile, adolescent && !low && value < whole(65 + 2 * years.value_or(0)), fact.at, source,
                 rules);
}

void observe_circulation(PressureState& state, const Fact& fact, const Intervention& given,
                         const FoldContext& context) {
    if (given.kind == InterventionKind::fluid_bolus) return observe_bolus(state, fact, given, context);
    if (given.agent == Agent::methylene_blue || given.agent == Agent::hydroxocobalamin) {
        if (given.phase != InterventionPhase::stop) state.rescue = {fact.at, source_of(fact)};
        return;
    }
    const std::size_t place = vasoactive_place(given.agent, given.kind);
    if (place == place_none) return;
    if (given.route == Route::topical || given.route == Route::inhaled) return;
    Source source = source_of(fact);
    source.suspected = other_cause_named(given.indication);
    const bool oral = ((kOral >> place) & 1U) != 0;
    if (given.push_dose || given.phase == InterventionPhase::single) {
        (oral ? state.oral_dose : state.push_dose) = {fact.at, source};
        return;
    }
    const bool zero_rate = given.rate && given.rate->micro == 0;
    if (given.phase == InterventionPhase::stop || zero_rate) return switch_off(state, place, fact.at, source, context);
    switch_on(state, place, fact, source);
}

void fix_pressure_baseline(PressureState& state) { state.baseline = median_of(state); }

void expire_pressors(PressureState& state, Instant at, const FoldContext& context) {
    if (state.on == 0) return;
    for (std::size_t i = 0; i < kVasoactive; ++i) {
        if (is_on(state, i) && state.agents[i].until <= at) {
            switch_off(state, i, state.agents[i].until, state.agents[i].source, context);
        }
    }
}

bool pressor_running(const PressureState& state) { return state.on != 0; }

namespace {

// Blood pressure and fluids: component 2 at most.
void read_pressure(Part& part, const PressureState& state, Instant at, const FoldContext& context) {
    const CrsRules& rules = context.rules.crs;
    const hours validity = pressure_validity(context);
    const bool treated = holds(state.bolus.at, rules.bolus_counts, at);
    if (treated) {
        part.raise(2);
        part.from(state.bolus.source);
    }
    if (holds(state.bolus_unsure.at, rules.bolus_counts, at)) {
        part.raise_upper(2);
        part.flags.add(Flag::unconfirmed_hypotension);
        part.from(state.bolus_unsure.source);
    }
    const LowRun& low = state.low;
    if (holds(low.latest, validity, at)) {
        if (low.confirmed && low.active) {
            part.raise(2);
            part.from(low.first);
            part.from(low.last);
        } else if (!low.confirmed && !treated) {
            part.raise_upper(2);
            part.flags.add(Flag::unconfirmed_hypotension);
            part.from(low.last);
        }
    } else if (low.active) {
        part.raise_upper(2);
        part.flags.add(Flag::stale_input);
        part.from(low.last);
    }
    if (state.at_baseline.active && holds(state.at_baseline.latest, validity, at)) {
        part.raise_upper(2);
        part.flags.add(Flag::baseline_support);
        part.from(state.at_baseline.last);
    }
    if (state.centile.confirmed && state.centile.active && holds(state.centile.latest, validity, at)) {
        part.raise_upper(2);
        part.flags.add(Flag::paed_centile);
        part.from(state.centile.last);
    }
    const LowRun& map = state.map;
    if (!holds(state.systolic.at, validity, at) && map.active && holds(map.latest, validity, at)) {
        part.flags.add(Flag::map_only);
        part.from(map.last);
        if (map.confirmed && is_adult(at, context)) {
            part.raise(2);
        } else {
            part.raise_upper(2);
        }
    }
}

void from_running(Part& part, const PressureState& state, std::uint16_t which, Instant at, const FoldContext& context) {
    for (std::size_t i = 0; i < kVasoactive; ++i) {
        if (((unsigned{which} >> i) & 1U) == 0) continue;
        const Running& running = state.agents[i];
        part.from(running.source);
        if (running.source.suspected) part.flags.add(Flag::alt_cause_suspected);
        if (!holds(running.charted, context.rules.validity.pressor_charting, at)) part.flags.add(Flag::stale_input);
    }
}

// Doses and drugs that are not counted: the upper grade keeps them.
void read_nonstandard(Part& part, const PressureState& state, Instant at, const FoldContext& context) {
    const CrsRules& rules = context.rules.crs;
    const bool inotrope = (state.on & kInotropes) != 0;
    const bool oral = (state.on & kOral) != 0 || holds(state.oral_dose.at, rules.rescue_counts, at);
    const bool push = holds(state.push_dose.at, rules.push_dose_counts, at);
    if (!inotrope && !oral && !push) return;
    part.flags.add(Flag::nonstandard_pressor);
    if (oral || push) part.raise(2);
    const bool one_pressor = part.grade == 3;
    part.raise_upper(one_pressor && inotrope ? 4 : 3);
    from_running(part, state, static_cast<std::uint16_t>(state.on & (kInotropes | kOral)), at, context);
    if (push) part.from(state.push_dose.source);
    if (holds(state.oral_dose.at, rules.rescue_counts, at)) part.from(state.oral_dose.source);
}

void read_pressors(Part& part, const PressureState& state, Instant at, const FoldContext& context) {
    const CrsRules& rules = context.rules.crs;
    const auto counted = static_cast<std::uint16_t>(state.on & kCounted);
    const auto vasopressins = static_cast<std::uint16_t>(state.on & kVasopressins);
    if (count_of(counted) >= 2) {
        if (at - overlap_since(state) >= rules.overlap) {
            part.raise(4);
        } else {
            part.raise(3);
            part.raise_upper(4);
            part.flags.add(Flag::pressor_crossover);
        }
    } else if (counted != 0) {
        part.raise(3);
    } else if (vasopressins != 0) {
        part.raise(static_cast<Grade>(rules.vasopressin_alone));
        part.raise_upper(3);
        if (is_on(state, place_vasopressin)) part.flags.add(Flag::vasopressin_only);
    }
    if (is_on(state, place_terlipressin)) {
        part.raise_upper(static_cast<Grade>(std::min(4, part.grade + 1)));
        part.flags.add(Flag::nonstandard_pressor);
    }
    if (counted != 0 && holds(state.crossover, context.rules.validity.pressor_charting, at) && part.grade < 4) {
        part.raise_upper(4);
        part.flags.add(Flag::pressor_crossover);
        part.from(state.crossover_source);
    }
    from_running(part, state, static_cast<std::uint16_t>(counted | vasopressins), at, context);
}

}  // namespace

Part hypotension_part(const PressureState& state, Instant at, const FoldContext& context) {
    Part part;
    if (state.on != 0) read_pressors(part, state, at, context);
    if (part.grade < 3) read_pressure(part, state, at, context);
    read_nonstandard(part, state, at, context);
    if (holds(state.rescue.at, context.rules.crs.rescue_counts, at)) {
        part.raise_upper(4);
        part.flags.add(Flag::nonstandard_pressor);
        part.from(state.rescue.source);
    }
    return part;
}

Instant next_pressure_deadline(const PressureState& state, Instant after, const FoldContext& context) {
    const CrsRules& rules = context.rules.crs;
    const hours validity = pressure_validity(context);
    Instant next = kNever;
    const auto held_for = [&](Instant at, hours length) { sooner(next, expiry(at, length), after); };
    held_for(state.low.latest, validity);
    held_for(state.at_baseline.latest, validity);
    held_for(state.centile.latest, validity);
    held_for(state.map.latest, validity);
    held_for(state.systolic.at, validity);
    held_for(state.bolus.at, rules.bolus_counts);
    held_for(state.bolus_unsure.at, rules.bolus_counts);
    held_for(state.push_dose.at, rules.push_dose_counts);
    held_for(state.oral_dose.at, rules.rescue_counts);
    held_for(state.rescue.at, rules.rescue_counts);
    held_for(state.crossover, context.rules.validity.pressor_charting);
    if (state.on == 0) return next;
    for (std::size_t i = 0; i < kVasoactive; ++i) {
        if (!is_on(state, i)) continue;
        sooner(next, state.agents[i].until, after);
        sooner(next, expiry(state.agents[i].charted, context.rules.validity.pressor_charting), after);
    }
    const Instant together = overlap_since(state);
    if (together != kAlways) sooner(next, together + rules.overlap, after);
    return next;
}

}  // namespace cellvigil
