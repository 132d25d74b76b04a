#include "rules/grade/legacy_picture.h"

#include <algorithm>

#include "rules/grade/crs_hypotension.h"
#include "rules/grade/crs_hypoxia.h"

namespace cellvigil {
namespace {

constexpr Quantity kFever = whole(38);          // Cel, at or above
constexpr Quantity kLowFlow = whole(6);         // L/min, at most
constexpr Quantity kFraction = hundredths(40);  // at or above is the higher row

void read_fever(LegacyPicture& picture, const CrsState& crs, Instant at, const FoldContext& context) {
    const Reading& latest = crs.fever.latest;
    picture.temperature_known = holds(latest.at, temperature_validity(context), at) && latest.at >= context.infusion.at;
    const bool fever = picture.temperature_known && latest.value >= kFever;
    picture.literal.fever = fever;
    picture.worst.fever = fever || !picture.temperature_known;
    if (fever) picture.part(SignComponent::fever).from(latest.source);
}

PressorUse use_of(int counted, bool vasopressin) {
    if (counted > 1) return PressorUse::multiple;
    if (counted == 1) return vasopressin ? PressorUse::with_vasopressin : PressorUse::one;
    return vasopressin ? PressorUse::one : PressorUse::none;
}

void read_pressors(LegacyPicture& picture, const LegacyCrsState& state, const Part& pressure, Instant at,
                   const FoldContext& context) {
    const DoseReading doses = read_doses(state.doses, at, context);
    CrsSigns& literal = picture.literal;
    CrsSigns& worst = picture.worst;
    const int counted = doses.counted > 1 && !doses.together ? 1 : doses.counted;
    literal.pressors = use_of(counted, doses.vasopressin && (doses.beside || doses.counted == 0));
    worst.pressors = use_of(doses.counted, doses.vasopressin);
    if (worst.pressors != literal.pressors) picture.part(SignComponent::hypotension).flags.add(Flag::pressor_crossover);
    if (pressure.upper >= 3) worst.pressors = std::max(worst.pressors, PressorUse::one);
    if (pressure.upper >= 4) worst.pressors = PressorUse::multiple;
    literal.high_dose = doses.high;
    worst.high_dose = doses.high_possible || doses.high;
    literal.pressors_long = doses.running_long;
    worst.pressors_long = doses.running_long;
    // Missing now, or before: a dose that has been high for less than it takes, and unknown before that.
    picture.dose_missing = !doses.high && (doses.dose_missing || (doses.high_possible && !doses.no_limit));
    picture.dose_undefined = doses.no_limit && !doses.high;
    add_pressors(picture.part(SignComponent::hypotension), state.doses);
}

// Low all the same: what "refractory to a high dose" comes to.
void read_refractory(LegacyPicture& picture, const PressureState& pressure, Instant at, hours validity) {
    const auto low = [&](const LowRun& run) { return run.active && holds(run.latest, validity, at); };
    const bool known = holds(pressure.systolic.at, validity, at) || holds(pressure.mean.at, validity, at);
    picture.literal.refractory =
        (low(pressure.low) && pressure.low.confirmed) || (low(pressure.map) && pressure.map.confirmed);
    picture.worst.refractory = low(pressure.low) || low(pressure.map) || !known;
    if (picture.worst.refractory == picture.literal.refractory) return;
    picture.refractory_unsure.add(known ? Flag::unconfirmed_hypotension : Flag::stale_input);
}

void read_hypotension(LegacyPicture& picture, const LegacyCrsState& state, const CrsState& crs, Instant at,
                      const FoldContext& context) {
    Part pressure = hypotension_part(crs.pressure, at, context);
    Part& part = picture.part(SignComponent::hypotension);
    part.flags = pressure.flags;
    part.flags.remove(Flag::pressor_crossover);
    part.flags.remove(Flag::vasopressin_only);
    read_pressors(picture, state, pressure, at, context);
    if (pressure.flags.has(Flag::pressor_crossover) && pressure.upper >= 4) part.flags.add(Flag::pressor_crossover);
    for (std::uint8_t i = 0; i < pressure.source_count; ++i) part.from(pressure.sources[i]);
    const hours near = context.rules.legacy.boluses_within;
    picture.literal.hypotension = pressure.grade >= 2;
    picture.worst.hypotension = pressure.upper >= 2;
    picture.literal.repeated_boluses = picture.literal.hypotension && holds(state.boluses.before, near, at);
    picture.worst.repeated_boluses = picture.worst.hypotension && holds(state.boluses_possible.before, near, at);
    read_refractory(picture, crs.pressure, at, pressure_validity(context));
}

OxygenSupport support_of(const OxygenState& oxygen) {
    if (oxygen.ecmo) return OxygenSupport::ventilation;
    switch (oxygen.now.device) {
        case OxygenDevice::unspecified:
        case OxygenDevice::room_air:
        case OxygenDevice::blow_by:
            return OxygenSupport::low_flow;  // hypoxia without oxygen yet, when there is any
        case OxygenDevice::nasal_cannula:
        case OxygenDevice::high_flow_nasal:
            return oxygen.now.flow && *oxygen.now.flow > kLowFlow ? OxygenSupport::high_flow : OxygenSupport::low_flow;
        case OxygenDevice::face_mask:
        case OxygenDevice::venturi:
        case OxygenDevice::partial_rebreather:
        case OxygenDevice::non_rebreather:
            return OxygenSupport::high_flow;
        case OxygenDevice::cpap:
        case OxygenDevice::bipap:
            return OxygenSupport::positive_pressure;
        case OxygenDevice::invasive_ventilation:
            return OxygenSupport::ventilation;
    }
    return OxygenSupport::none;
}

// A low-flow cannula and blow-by give less than 40 % (HOUSE, as the cross-walk has it); of no other device is the
// fraction guessed.
bool fraction_follows_from(const OxygenSettings& now) {
    switch (now.device) {
        case OxygenDevice::nasal_cannula:
            return now.flow && *now.flow <= kLowFlow;
        case OxygenDevice::unspecified:
        case OxygenDevice::room_air:
        case OxygenDevice::blow_by:
            return true;
        case OxygenDevice::high_flow_nasal:
        case OxygenDevice::face_mask:
        case OxygenDevice::venturi:
        case OxygenDevice::partial_rebreather:
        case OxygenDevice::non_rebreather:
        case OxygenDevice::cpap:
        case OxygenDevice::bipap:
        case OxygenDevice::invasive_ventilation:
            return false;
    }
    return false;
}

bool room_air(OxygenDevice device) { return device == OxygenDevice::unspecified || device == OxygenDevice::room_air; }

// `component` as ASTCT has it: 0, 2, 3 or 4. It says whether the support counts at all, and a low-flow device that may
// be a high-flow one.
OxygenSupport counted_support(Grade component, OxygenSupport support) {
    if (component == 0) return OxygenSupport::none;
    if (component == 3) return std::max(support, OxygenSupport::high_flow);
    return support;
}

void read_hypoxia(LegacyPicture& picture, const LegacyCrsState& state, const CrsState& crs, Instant at,
                  const FoldContext& context) {
    const Part oxygen = hypoxia_part(crs.oxygen, at, context);
    Part& part = picture.part(SignComponent::hypoxia);
    part.flags = oxygen.flags;
    for (std::uint8_t i = 0; i < oxygen.source_count; ++i) part.from(oxygen.sources[i]);
    const OxygenSupport support = support_of(crs.oxygen);
    picture.literal.oxygen = counted_support(oxygen.grade, support);
    picture.worst.oxygen = counted_support(oxygen.upper, support);
    if (room_air(crs.oxygen.now.device)) return;
    const auto& fraction = state.fio2.fraction;
    if (fraction) {
        part.from(state.fio2.source);
        picture.literal.fio2_from_40 = *fraction >= kFraction;
        picture.worst.fio2_from_40 = *fraction >= kFraction;
    } else if (!fraction_follows_from(crs.oxygen.now)) {
        picture.worst.fio2_from_40 = true;
        picture.fio2_missing = true;
    }
}

void read_organ(LegacyPicture& picture, const LegacyCrsState& state, Instant at, const FoldContext& context) {
    OrganReading organs = read_organs(state.organs, at, context);
    CrsSigns& literal = picture.literal;
    CrsSigns& worst = picture.worst;
    literal.transaminases = organs.transaminases;
    literal.bilirubin = organs.bilirubin;
    literal.creatinine = organs.creatinine;
    worst.transaminases = organs.transaminases_upper;
    worst.bilirubin = organs.bilirubin_upper;
    worst.creatinine = organs.creatinine_upper;
    literal.dialysis = worst.dialysis = organs.dialysis;
    literal.plasma = worst.plasma = organs.plasma;
    picture.reference_missing = organs.reference_missing;
    picture.part(SignComponent::organ) = organs.part;
}

enum class Admission : std::uint8_t { no, unclear, yes };
Admission admission_for_crs(const HospitalStay& stay, Instant at, const CrsState& crs, const FoldContext& context) {
    if (stay.since == kAlways || at >= stay.until || stay.since < context.infusion.at) return Admission::no;
    switch (stay.why) {
        case Indication::crs:
        case Indication::fever:
        case Indication::infection:
        case Indication::hypotension:
        case Indication::hypoxia:
            return Admission::yes;
        case Indication::unspecified:
            return crs.episode.open && stay.since >= crs.episode.current.onset ? Admission::unclear : Admission::no;
        case Indication::icans:
        case Indication::iec_hs:
        case Indication::prophylaxis:
        case Indication::other:
        case Indication::comfort:
        case Indication::airway:
        case Indication::procedure:
        case Indication::baseline:
        case Indication::seizure:
            return Admission::no;
    }
    return Admission::no;
}

void read_care(LegacyPicture& picture, const LegacyCrsState& state, const CrsState& crs, Instant at,
               const FoldContext& context) {
    const hours lasting = context.rules.legacy.intravenous_counts;
    const bool open = crs.episode.open;
    const Instant onset = crs.episode.current.onset;
    const OrganCourse& given = state.intravenous;
    const bool running = given.since != kAlways && at < given.until;
    const Instant begun = given.since != kAlways ? given.since : given.at;
    const bool intravenous = open && given.at != kAlways && begun >= onset && (running || holds(given.at, lasting, at));
    const Instant anticytokine = crs.masking.long_anticytokine.at;
    picture.intravenous_unclear = open && !intravenous && anticytokine >= onset && holds(anticytokine, lasting, at);
    const Admission admission = open ? admission_for_crs(state.stay, at, crs, context) : Admission::no;
    picture.literal.admitted = admission == Admission::yes;
    picture.worst.admitted = admission != Admission::no;
    picture.admission_unknown = admission == Admission::unclear;
    picture.literal.intravenous = intravenous;
    picture.worst.intravenous = intravenous || picture.intravenous_unclear;
    Part& part = picture.part(SignComponent::fever);
    if (picture.worst.admitted) part.from(state.stay.source);
    if (intravenous) part.from(given.source);
    if (picture.intravenous_unclear) part.from(crs.masking.long_anticytokine.source);
}

void note_presences(AttributionTrack& attribution, const LegacyPicture& picture) {
    const CrsSigns& worst = picture.worst;
    const bool organ =
        worst.dialysis || worst.plasma || worst.transaminases > 0 || worst.bilirubin > 0 || worst.creatinine > 0;
    note_presence(attribution, Component::fever, worst.fever && picture.temperature_known);
    note_presence(attribution, Component::hypotension, worst.hypotension || worst.pressors != PressorUse::none);
    note_presence(attribution, Component::hypoxia, worst.oxygen != OxygenSupport::none);
    note_presence(attribution, Component::organ, organ);
}

// A signed other cause takes the component out of what is literal; the worst keeps it.
void apply_verdicts(LegacyPicture& picture, const LegacyCrsState& state, const CrsState& crs, Instant at) {
    for (std::size_t i = 0; i < kCrsSignComponents.size(); ++i) {
        const Component component = kCrsSignComponents[i];
        const bool by_astct = attributed_elsewhere(crs.attribution, component, at);
        picture.elsewhere[i] = by_astct || attributed_elsewhere(state.attribution, component, at);
        picture.verdicts[i] = attribution_record(by_astct ? crs.attribution : state.attribution, component);
    }
    CrsSigns& literal = picture.literal;
    const auto elsewhere = [&](SignComponent part) { return picture.elsewhere[static_cast<std::size_t>(part)]; };
    if (elsewhere(SignComponent::fever)) literal.fever = literal.admitted = literal.intravenous = false;
    if (elsewhere(SignComponent::hypotension)) {
        literal.hypotension = literal.repeated_boluses = literal.high_dose = literal.refractory = false;
        literal.pressors = PressorUse::none;
    }
    if (elsewhere(SignComponent::hypoxia)) literal.oxygen = OxygenSupport::none;
    if (!elsewhere(SignComponent::organ)) return;
    literal.transaminases = literal.bilirubin = literal.creatinine = 0;
    literal.dialysis = literal.plasma = false;
}

}  // namespace

LegacyPicture read_picture(LegacyCrsState& state, Instant at, const FoldContext& context) {
    const CrsState& crs = *context.crs;
    LegacyPicture picture;
    read_fever(picture, crs, at, context);
    read_hypotension(picture, state, crs, at, context);
    read_hypoxia(picture, state, crs, at, context);
    read_organ(picture, state, at, context);
    read_care(picture, state, crs, at, context);
    note_presences(state.attribution, picture);
    apply_verdicts(picture, state, crs, at);
    return picture;
}

}  // namespace cellvigil
