#include "rules/grade/pressor_dose.h"

#include <algorithm>
#include <optional>
#include <variant>

namespace cellvigil {
namespace {

enum Place : std::size_t {
    norepinephrine,
    epinephrine,
    phenylephrine,
    dopamine,
    angiotensin,
    metaraminol,
    ephedrine,
    unnamed,
    vasopressin,
    terlipressin
};
constexpr std::array<Agent, kDosedPressors> kAgents{
    Agent::norepinephrine, Agent::epinephrine, Agent::phenylephrine, Agent::dopamine,    Agent::angiotensin_ii,
    Agent::metaraminol,    Agent::ephedrine,   Agent::none,          Agent::vasopressin, Agent::terlipressin};

enum class Condition : std::size_t { any, high, high_possible, several, beside };

constexpr hours kLong{24};
// Limits in millionths of ug/min, dopamine ug/kg/min.
constexpr std::array<Quantity, 4> kHigh{whole(20), whole(10), whole(200), whole(10)};
constexpr Quantity kBesideVasopressin = whole(10);
constexpr Quantity kSeveral = whole(20);

bool is_infusion_of_pressor(const Intervention& given) {
    if (given.push_dose || given.phase == InterventionPhase::single) return false;
    return given.route != Route::topical && given.route != Route::inhaled;
}

std::optional<std::size_t> place_of(const Intervention& given) {
    if (given.agent != Agent::none) {
        const auto found = std::find(kAgents.begin(), kAgents.end(), given.agent);
        if (found != kAgents.end()) return static_cast<std::size_t>(found - kAgents.begin());
        const bool listed = given.agent >= Agent::dobutamine && given.agent <= Agent::hydroxocobalamin;
        if (listed) return std::nullopt;  // inotropes, tablets, rescue
    }
    if (given.kind == InterventionKind::vasopressor) return unnamed;
    return std::nullopt;
}

DoseUnit unit_of(const Intervention& given) {
    if (!given.rate) return DoseUnit::missing;
    if (given.rate_unit == "ug/min") return DoseUnit::ug_per_min;
    return given.rate_unit == "ug/kg/min" ? DoseUnit::ug_per_kg_per_min : DoseUnit::missing;
}

std::optional<Quantity> weight_of(const DoseTrack& track, const FoldContext& context) {
    const auto weight = track.weighed_kg             ? track.weighed_kg
                        : context.infusion.weight_kg ? context.infusion.weight_kg
                                                     : context.subject.weight_kg;
    return weight && weight->micro > 0 ? weight : std::nullopt;
}

// In the unit of the drug's own limit; nullopt: not known.
std::optional<Quantity> dose_of(const PressorRun& run, std::size_t place, std::optional<Quantity> weight) {
    if (run.unit == DoseUnit::missing) return std::nullopt;
    const DoseUnit wanted = place == dopamine ? DoseUnit::ug_per_kg_per_min : DoseUnit::ug_per_min;
    if (run.unit == wanted) return run.rate;
    if (!weight) return std::nullopt;
    const auto converted = wanted == DoseUnit::ug_per_min ? scaled(run.rate, weight->micro, 1'000'000)
                                                          : scaled(run.rate, 1'000'000, weight->micro);
    return converted ? std::optional<Quantity>(*converted) : std::nullopt;
}

Quantity equivalent_of(Quantity dose, std::size_t place) {
    if (place == phenylephrine) return {dose.micro / 10};
    return place == dopamine ? Quantity{dose.micro / 2} : dose;
}

bool runs(const DoseTrack& track, std::size_t place) { return track.runs[place].since != kAlways; }

// What runs now, how long apart.
struct Now {
    int counted = 0;
    int dosed = 0;  // of those with an equivalent
    bool vasopressin = false;
    bool high = false;
    bool missing = false;
    bool no_limit = false;
};
Now now_of(const DoseTrack& track, const FoldContext& context) {
    Now now;
    now.vasopressin = runs(track, vasopressin) || runs(track, terlipressin);
    const auto weight = weight_of(track, context);
    Quantity equivalent;
    for (std::size_t i = 0; i < kCountedPressors; ++i) {
        if (!runs(track, i)) continue;
        ++now.counted;
        if (i >= kHigh.size()) {
            now.no_limit = true;
            continue;
        }
        ++now.dosed;
        const auto dose = dose_of(track.runs[i], i, weight);
        if (!dose) {
            now.missing = true;
            continue;
        }
        if (*dose >= kHigh[i]) now.high = true;
        equivalent.micro += equivalent_of(*dose, i).micro;
    }
    if (now.dosed > 0 && now.vasopressin && equivalent >= kBesideVasopressin) now.high = true;
    if (now.dosed > 1 && !now.vasopressin && equivalent >= kSeveral) now.high = true;
    return now;
}

Held& held(DoseTrack& track, Condition condition) { return track.held[static_cast<std::size_t>(condition)]; }
const Held& held(const DoseTrack& track, Condition condition) {
    return track.held[static_cast<std::size_t>(condition)];
}

void note(DoseTrack& track, Instant at, const FoldContext& context) {
    const Now now = now_of(track, context);
    held(track, Condition::any).set(now.counted > 0 || now.vasopressin, at);
    held(track, Condition::high).set(now.high, at);
    held(track, Condition::high_possible).set(now.high || now.missing || now.no_limit, at);
    held(track, Condition::several).set(now.counted > 1, at);
    held(track, Condition::beside).set(now.counted > 0 && now.vasopressin, at);
}

}  // namespace

void Held::set(bool holds_now, Instant at) {
    if (holds_now == holds()) return;
    if (holds_now) {
        since = lost == at ? before_loss : at;
        return;
    }
    before_loss = since;
    lost = at;
    since = kAlways;
}

bool observe_dose(DoseTrack& track, const Fact& fact, const FoldContext& context) {
    if (fact.kind == FactKind::observation) {
        if (fact.analyte != Analyte::weight || !fact.has_value) return false;
        track.weighed_kg = fact.value;
        note(track, fact.at, context);
        return true;
    }
    const auto* given = fact.body == nullptr ? nullptr : std::get_if<Intervention>(fact.body);
    if (given == nullptr || !is_infusion_of_pressor(*given)) return false;
    const auto place = place_of(*given);
    if (!place) return false;
    expire_doses(track, fact.at, context);
    PressorRun& run = track.runs[*place];
    const bool stopped = given->phase == InterventionPhase::stop || (given->rate && given->rate->micro == 0);
    if (stopped) {
        run = PressorRun{};
    } else {
        const Instant since = run.since == kAlways ? fact.at : run.since;
        run = {since, fact.until, given->rate.value_or(Quantity{}), unit_of(*given), source_of(fact)};
    }
    note(track, fact.at, context);
    return true;
}

void expire_doses(DoseTrack& track, Instant at, const FoldContext& context) {
    const auto sooner_ended = [](const PressorRun& a, const PressorRun& b) { return a.until < b.until; };
    while (!is_idle(track)) {
        PressorRun& first = *std::min_element(track.runs.begin(), track.runs.end(), sooner_ended);
        if (first.until > at) return;
        const Instant ended = first.until;
        first = PressorRun{};
        note(track, ended, context);
    }
}

DoseReading read_doses(const DoseTrack& track, Instant at, const FoldContext& context) {
    if (is_idle(track)) return {};
    const Now now = now_of(track, context);
    const hours hold = context.rules.legacy.high_dose;
    DoseReading reading;
    reading.counted = now.counted;
    reading.vasopressin = now.vasopressin;
    reading.together = held(track, Condition::several).for_at_least(context.rules.crs.overlap, at);
    reading.beside = held(track, Condition::beside).for_at_least(context.rules.crs.overlap, at);
    reading.high = held(track, Condition::high).for_at_least(hold, at);
    // What is not known may have been high from the start.
    const bool unknown = now.missing || now.no_limit;
    reading.high_possible = unknown || reading.high || held(track, Condition::high_possible).for_at_least(hold, at);
    reading.high_possible = reading.high_possible && (unknown || now.high);
    reading.dose_missing = now.missing;
    reading.no_limit = now.no_limit;
    reading.running_long = held(track, Condition::any).for_at_least(kLong, at);
    return reading;
}

void add_pressors(Part& part, const DoseTrack& track) {
    if (is_idle(track)) return;
    for (const PressorRun& run : track.runs) {
        if (run.since != kAlways) part.from(run.source);
    }
}

Instant next_dose_deadline(const DoseTrack& track, Instant after, const FoldContext& context) {
    Instant next = kNever;
    if (is_idle(track)) return next;
    for (const PressorRun& run : track.runs) {
        if (run.since != kAlways) sooner(next, run.until, after);
    }
    const auto when = [&](Condition condition, milliseconds length) {
        const Held& condition_held = held(track, condition);
        if (condition_held.holds()) sooner(next, condition_held.since + length, after);
    };
    when(Condition::any, kLong);
    when(Condition::high, context.rules.legacy.high_dose);
    when(Condition::high_possible, context.rules.legacy.high_dose);
    when(Condition::several, context.rules.crs.overlap);
    when(Condition::beside, context.rules.crs.overlap);
    return next;
}

}  // namespace cellvigil
