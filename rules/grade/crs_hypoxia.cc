#include "rules/grade/crs_hypoxia.h"

namespace cellvigil {
namespace {

constexpr Quantity kLowFlow = whole(6);  // L/min, at most

bool no_device(OxygenDevice device) { return device == OxygenDevice::unspecified || device == OxygenDevice::room_air; }

// How far a device reaches, for "a device step up".
int step_of(OxygenDevice device) {
    switch (device) {
        case OxygenDevice::unspecified:
        case OxygenDevice::room_air:
            return 0;
        case OxygenDevice::blow_by:
        case OxygenDevice::nasal_cannula:
            return 1;
        case OxygenDevice::high_flow_nasal:
        case OxygenDevice::face_mask:
        case OxygenDevice::venturi:
        case OxygenDevice::partial_rebreather:
        case OxygenDevice::non_rebreather:
            return 2;
        case OxygenDevice::cpap:
        case OxygenDevice::bipap:
            return 3;
        case OxygenDevice::invasive_ventilation:
            return 4;
    }
    return 0;
}

// Unchanged from what was documented before the infusion: same device, flow less than 1 L/min higher, no more oxygen,
// and not by day what was by night.
bool at_baseline(const OxygenSettings& now, const OxygenSettings& baseline) {
    if (step_of(now.device) > step_of(baseline.device)) return false;
    if (baseline.nocturnal && !now.nocturnal) return false;
    if (now.flow && baseline.flow && now.flow->micro >= baseline.flow->micro + whole(1).micro) return false;
    if (now.fio2 && !baseline.fio2) return false;
    return !(now.fio2 && baseline.fio2 && *now.fio2 > *baseline.fio2);
}

void read_cannula(Part& part, const OxygenSettings& now) {
    const bool high_flow = now.device == OxygenDevice::high_flow_nasal;
    if (!now.flow) {
        part.raise(high_flow ? 3 : 2);
        part.raise_upper(3);
        part.flags.add(Flag::o2_flow_missing);
        return;
    }
    if (*now.flow > kLowFlow) {
        part.raise(3);
        return;
    }
    part.raise(2);
    if (high_flow) {
        part.raise_upper(3);
        part.flags.add(Flag::hfnc_low_flow);
    }
}

// Intubation counts for hypoxia, not for the airway, a seizure or a procedure.
void read_ventilation(Part& part, Indication indication) {
    switch (indication) {
        case Indication::airway:
        case Indication::procedure:
        case Indication::seizure:
        case Indication::icans:
            part.raise_upper(4);
            part.flags.add(Flag::airway_reason);
            return;
        case Indication::unspecified:
            part.raise(4);
            part.flags.add(Flag::airway_reason);
            return;
        case Indication::infection:
        case Indication::iec_hs:
        case Indication::other:
            part.raise(4);
            part.flags.add(Flag::alt_cause_suspected);
            return;
        case Indication::crs:
        case Indication::prophylaxis:
        case Indication::hypotension:
        case Indication::comfort:
        case Indication::baseline:
        case Indication::fever:
        case Indication::hypoxia:
            part.raise(4);
            return;
    }
}

void read_device(Part& part, const OxygenState& state) {
    switch (state.now.device) {
        case OxygenDevice::unspecified:
        case OxygenDevice::room_air:
            return;
        case OxygenDevice::blow_by:
            part.raise(2);
            return;
        case OxygenDevice::nasal_cannula:
        case OxygenDevice::high_flow_nasal:
            read_cannula(part, state.now);
            return;
        case OxygenDevice::face_mask:
        case OxygenDevice::venturi:
        case OxygenDevice::partial_rebreather:
        case OxygenDevice::non_rebreather:
            part.raise(3);
            return;
        case OxygenDevice::cpap:
        case OxygenDevice::bipap:
            part.raise(4);
            return;
        case OxygenDevice::invasive_ventilation:
            read_ventilation(part, state.indication);
            return;
    }
}

void read_support(Part& part, const OxygenState& state, Instant at, const FoldContext& context) {
    if (state.ecmo) {
        part.raise(4);
        part.from(state.ecmo_source);
    }
    if (no_device(state.now.device)) return;
    part.from(state.source);
    if (state.indication == Indication::comfort && step_of(state.now.device) <= 1) {
        part.flags.add(Flag::comfort_o2);
        return;
    }
    if (state.baseline && !no_device(state.baseline->device) && at_baseline(state.now, *state.baseline)) {
        part.flags.add(Flag::baseline_support);
        return;
    }
    read_device(part, state);
    if (state.source.suspected) part.flags.add(Flag::alt_cause_suspected);
    if (!holds(state.charted, context.rules.validity.oxygen_charting, at)) part.flags.add(Flag::stale_input);
}

void read_room_air(Part& part, const OxygenState& state, Instant at, const FoldContext& context) {
    if (!no_device(state.now.device)) return;
    const hours validity = spo2_validity(context);
    if (state.low.active && state.low.confirmed) {
        part.flags.add(Flag::untreated_hypoxia);
        part.from(state.low.first);
        part.from(state.low.last);
        if (holds(state.low.latest, validity, at)) {
            part.raise(2);
        } else {
            part.raise_upper(2);
            part.flags.add(Flag::stale_input);
        }
    } else if (state.suspect.known()) {
        part.raise_upper(2);
        part.flags.add(Flag::untreated_hypoxia);
        part.from(state.suspect.source);
        if (!holds(state.suspect.at, validity, at)) part.flags.add(Flag::stale_input);
    }
}

}  // namespace

void observe_spo2(OxygenState& state, const Fact& fact, const FoldContext& context) {
    if (!fact.has_value || !no_device(state.now.device)) return;
    const CrsRules& rules = context.rules.crs;
    const Quantity value = comparable(fact);
    const Source source = source_of(fact);
    state.spo2 = {fact.at, value, source};
    note_reading(state.low, value < rules.spo2_untreated, fact.at, source, rules);
    state.suspect = value < rules.spo2_suspect ? GivenOnce{fact.at, source} : GivenOnce{};
}

void observe_oxygen(OxygenState& state, const Fact& fact, const Intervention& given, const FoldContext& context) {
    const Source source = source_of(fact);
    if (given.kind == InterventionKind::ecmo) {
        state.ecmo = given.phase != InterventionPhase::stop;
        state.ecmo_source = source;
        state.ecmo_until = state.ecmo ? fact.until : kNever;
        return;
    }
    if (given.phase == InterventionPhase::stop) {
        state.now = {};
        state.now.device = OxygenDevice::room_air;
        state.until = kNever;
        state.charted = fact.at;
        return;
    }
    const bool was_off = no_device(state.now.device);
    state.now = {given.device, given.flow_l_min, given.fio2, given.nocturnal_only};
    // Oxygen given without a device stated is oxygen all the same: a cannula of unknown flow.
    if (given.device == OxygenDevice::unspecified) state.now.device = OxygenDevice::nasal_cannula;
    state.indication = given.indication;
    state.until = fact.until;
    state.charted = fact.at;
    state.source = source;
    switch (given.indication) {
        case Indication::infection:
        case Indication::iec_hs:
        case Indication::other:
            state.source.suspected = true;
            break;
        case Indication::unspecified:
        case Indication::crs:
        case Indication::icans:
        case Indication::prophylaxis:
        case Indication::hypotension:
        case Indication::comfort:
        case Indication::airway:
        case Indication::procedure:
        case Indication::baseline:
        case Indication::fever:
        case Indication::seizure:
        case Indication::hypoxia:
            break;
    }
    const bool before = context.infusion.ordinal == 0;
    if (before && (given.baseline || given.indication == Indication::baseline)) state.baseline = state.now;
    if (was_off && !no_device(state.now.device)) {
        state.low = {};
        state.suspect = {};
    }
}

void fix_oxygen_baseline(OxygenState& state) {
    if (!state.baseline && !no_device(state.now.device)) state.baseline = state.now;
}

void expire_oxygen(OxygenState& state, Instant at) {
    if (state.until <= at && !no_device(state.now.device)) {
        state.now = {};
        state.now.device = OxygenDevice::room_air;
        state.until = kNever;
    }
    if (state.ecmo && state.ecmo_until <= at) state.ecmo = false;
}

bool oxygen_running(const OxygenState& state) { return state.ecmo || !no_device(state.now.device); }

Part hypoxia_part(const OxygenState& state, Instant at, const FoldContext& context) {
    Part part;
    read_support(part, state, at, context);
    read_room_air(part, state, at, context);
    return part;
}

Instant next_oxygen_deadline(const OxygenState& state, Instant after, const FoldContext& context) {
    Instant next = kNever;
    const hours validity = spo2_validity(context);
    if (state.low.active) sooner(next, expiry(state.low.latest, validity), after);
    if (state.suspect.known()) sooner(next, expiry(state.suspect.at, validity), after);
    if (!no_device(state.now.device)) {
        sooner(next, state.until, after);
        sooner(next, expiry(state.charted, context.rules.validity.oxygen_charting), after);
    }
    if (state.ecmo) sooner(next, state.ecmo_until, after);
    return next;
}

}  // namespace cellvigil
