#include "rules/grade/ctcae_signs.h"

#include <algorithm>
#include <array>
#include <variant>

#include "rules/grade/crs.h"
#include "rules/grade/crs_hypotension.h"
#include "rules/grade/crs_hypoxia.h"
#include "rules/grade/ctcae_sign_tracks.h"
#include "rules/grade/ctcae_version.h"
#include "rules/grade/low_runs.h"

namespace cellvigil {
namespace {

constexpr ScaleSet kVersions{Scale::ctcae_5_0, Scale::ctcae_6_0};
constexpr Quantity kHigh = whole(39);      // Cel, above
constexpr Quantity kVeryHigh = whole(40);  // Cel, above
constexpr Quantity kFever = whole(38);     // Cel, at or above
constexpr Quantity kSpo2Low = whole(88);   // %, below
constexpr Quantity kPao2Low = whole(55);   // mm[Hg], at or below

bool any_chosen(const FoldContext& context) { return (context.subject.scales.words()[0] & kVersions.words()[0]) != 0; }

// Of one term: the reading, and whether anything is known about it at all.
struct TermReading {
    Part part;
    bool known = false;
};

TermReading unknown_since(Grade last, const Source& source) {
    TermReading reading;
    reading.part.grade = kNotGradable;
    reading.part.upper = kNotGradable;
    if (last < 1) return reading;
    reading.known = true;
    reading.part.upper = last;
    reading.part.flags.add(Flag::stale_input);
    reading.part.from(source);
    return reading;
}

// ---- Fever

void move_fever(CtcaeSignsState& state, Instant at, const FoldContext& context) {
    const Reading& latest = context.crs->fever.latest;
    const bool known = holds(latest.at, temperature_validity(context), at) && latest.at >= context.infusion.at;
    if (!known) {
        state.very_high_known = kAlways;
        return;
    }
    if (latest.value <= kVeryHigh) {
        state.very_high_since = kAlways;
        state.very_high_known = kAlways;
        return;
    }
    if (state.very_high_since == kAlways) state.very_high_since = latest.at;
    if (state.very_high_known == kAlways) state.very_high_known = latest.at;
}

TermReading read_fever(const CtcaeSignsState& state, Instant at, const FoldContext& context) {
    const Reading& latest = context.crs->fever.latest;
    if (!latest.known() || latest.at < context.infusion.at) return unknown_since(0, {});
    const auto since = [&](Instant from) { return from == kAlways ? milliseconds(0) : at - from; };
    const Grade literal = ctcae_fever(latest.value, since(state.very_high_known));
    const Grade upper = ctcae_fever(latest.value, since(state.very_high_since));
    if (!holds(latest.at, temperature_validity(context), at)) return unknown_since(upper, latest.source);
    TermReading reading;
    reading.known = true;
    reading.part.from(latest.source);
    reading.part.raise(literal);
    reading.part.raise_upper(upper);
    if (upper > literal) reading.part.flags.add(Flag::stale_input);
    return reading;
}

// ---- Hypotension

void from_low(Part& part, const LowRun& run) {
    part.from(run.first);
    part.from(run.last);
}

void range(Part& part, Grade low, Grade high) {
    part.raise(low);
    part.raise_upper(high);
    if (high > low) part.flags.add(Flag::ambiguous_scale);
}

// Fluids are "non-urgent intervention"; whether they asked for admission shows only in who was not in hospital.
void read_fluids(Part& part, const PressureState& pressure, const FoldContext& context) {
    part.from(pressure.bolus.source);
    switch (context.setting) {
        case Setting::outpatient:
            return part.raise(2);
        case Setting::inpatient:
            return range(part, 2, 3);
        case Setting::unknown:
            part.raise(2);
            part.raise_upper(3);
            part.flags.add(Flag::admission_unknown);
            return;
    }
}

TermReading read_hypotension(Instant at, const FoldContext& context) {
    const PressureState& pressure = context.crs->pressure;
    const Part crs = hypotension_part(pressure, at, context);
    const hours validity = pressure_validity(context);
    const auto fresh = [&](const Reading& value) {
        return holds(value.at, validity, at) && value.at >= context.infusion.at;
    };
    TermReading reading;
    Part& part = reading.part;
    const bool told = fresh(pressure.systolic) || fresh(pressure.mean);
    if (!told && crs.upper == 0) return unknown_since(0, {});
    reading.known = true;
    part.flags = crs.flags;
    for (const Flag flag : {Flag::vasopressin_only, Flag::pressor_crossover}) part.flags.remove(flag);
    if (crs.grade >= 3) {  // a vasopressor: in hospital; "life-threatening" no datum says
        range(part, crs.grade == 4 ? 4 : 3, 4);
    } else if (holds(pressure.bolus.at, context.rules.crs.bolus_counts, at)) {
        read_fluids(part, pressure, context);
    } else if (crs.flags.has(Flag::nonstandard_pressor)) {
        part.raise(2);
    } else if (crs.grade == 2) {
        range(part, 1, 2);  // symptoms are not charted
        from_low(part, pressure.low);
    }
    if (crs.upper >= 3) part.raise_upper(crs.upper == 4 ? 4 : 3);
    if (crs.upper == 2 && part.upper == 0) part.raise_upper(crs.flags.has(Flag::stale_input) ? 2 : 1);
    if (holds(pressure.bolus_unsure.at, context.rules.crs.bolus_counts, at)) part.raise_upper(3);
    for (std::uint8_t i = 0; i < crs.source_count; ++i) part.from(crs.sources[i]);
    if (crs.upper == 0) part.from(fresh(pressure.systolic) ? pressure.systolic.source : pressure.mean.source);
    if (!told && part.flags.has(Flag::stale_input) && part.grade == 0) part.grade = kNotGradable;
    return reading;
}

// ---- Hypoxia

bool below(const CtcaeSignsState& state, Quantity limit) { return state.spo2.known() && state.spo2.value < limit; }

Quantity normal_spo2(const CtcaeSignsState& state, const FoldContext& context) {
    return state.spo2_normal ? *state.spo2_normal : context.rules.legacy.spo2_normal;
}

// Charted saturations and gases are at rest (HOUSE).
void read_saturation(Part& part, const CtcaeSignsState& state, Scale version, Instant at, const FoldContext& context) {
    const hours validity = spo2_validity(context);
    if (holds(state.pao2.at, validity, at) && state.pao2.value <= kPao2Low) {
        part.raise(3);
        part.from(state.pao2.source);
    }
    if (!state.spo2.known()) return;
    const bool fresh = holds(state.spo2.at, validity, at);
    Grade grade = 0;
    if (below(state, kSpo2Low)) grade = 3;
    if (grade == 0 && version == Scale::ctcae_6_0 && below(state, normal_spo2(state, context))) grade = 1;
    if (fresh) {
        part.raise(grade);
    } else if (grade > 0) {
        part.raise_upper(grade);
        part.flags.add(Flag::stale_input);
    }
    if (grade > 0 || part.source_count == 0) part.from(state.spo2.source);
}

void read_ventilation(Part& part, const Part& crs) {
    if (crs.grade == 4) part.raise(4);
    part.raise_upper(4);
}

void read_support(Part& part, const OxygenState& oxygen, const Part& crs, Scale version) {
    const bool device = oxygen.now.device != OxygenDevice::unspecified && oxygen.now.device != OxygenDevice::room_air;
    if (crs.upper < 2 || (!device && !oxygen.ecmo)) return;
    for (std::uint8_t i = 0; i < crs.source_count; ++i) part.from(crs.sources[i]);
    if (oxygen.ecmo || oxygen.now.device == OxygenDevice::invasive_ventilation) return read_ventilation(part, crs);
    const bool pressure = oxygen.now.device == OxygenDevice::cpap || oxygen.now.device == OxygenDevice::bipap;
    if (pressure) return range(part, 3, 4);
    // Continuous oxygen is 3 in version 6; whether a cannula runs all the time no datum says.
    const bool continuous = version == Scale::ctcae_6_0 && crs.grade == 3;
    if (continuous) return part.raise(3);
    range(part, 2, 3);
}

TermReading read_hypoxia(const CtcaeSignsState& state, Scale version, Instant at, const FoldContext& context) {
    const OxygenState& oxygen = context.crs->oxygen;
    const Part crs = hypoxia_part(oxygen, at, context);
    TermReading reading;
    const hours validity = spo2_validity(context);
    const bool measured = holds(state.spo2.at, validity, at) || holds(state.pao2.at, validity, at);
    Part& part = reading.part;
    for (const Flag flag : {Flag::comfort_o2, Flag::baseline_support, Flag::airway_reason, Flag::alt_cause_suspected,
                            Flag::o2_flow_missing}) {
        if (crs.flags.has(flag)) part.flags.add(flag);
    }
    read_support(part, oxygen, crs, version);
    read_saturation(part, state, version, at, context);
    reading.known = measured || part.upper > 0;
    if (!reading.known) return unknown_since(0, {});
    if (!measured && part.grade == 0) part.grade = kNotGradable;
    if (part.grade == part.upper) part.flags.remove(Flag::ambiguous_scale);
    return reading;
}

// ---- Statements

Component component_of(Term term) {
    if (term == Term::fever) return Component::fever;
    return term == Term::hypotension ? Component::hypotension : Component::hypoxia;
}

// A sign as it is read now.
struct Sign {
    SignTrack track = SignTrack::fever;
    Term term = Term::fever;
    TermReading reading;
};

void say(Assessment& said, Scale scale, const Sign& sign, SignEpisode& track, Instant at, const FoldContext& context) {
    const Term term = sign.term;
    const TermReading& reading = sign.reading;
    said.at = at;
    said.scale = scale;
    said.term = term;
    said.infusion = context.infusion.ordinal;
    said.day = day_of(at, context);
    said.under_surveillance = reading.known;
    if (reading.known) {
        said.grade = reading.part.grade;
        said.grade_upper = std::max(reading.part.upper, reading.part.grade);
        said.flags = reading.part.flags;
        for (std::uint8_t i = 0; i < reading.part.source_count; ++i) {
            said.add_evidence(reading.part.sources[i].record);
            if (reading.part.sources[i].imputed) said.flags.add(Flag::imputed_date);
        }
    }
    say_episode(track, said);
    if (said.under_surveillance && said.grade_upper >= 1) said.deciding.add(component_of(term));
    if (track.open) track.current.flags.add(said.flags);
}

// ---- Episodes

SignEpisode& episode_of(CtcaeSignsState& state, SignTrack track) {
    return state.episodes[static_cast<std::size_t>(track)];
}

// The ended episode for every version that the track is of.
void move_episode(CtcaeSignsState& state, const Sign& sign, Instant at, const FoldContext& context,
                  std::vector<Episode>& ended) {
    const auto& [track, term, reading] = sign;
    ScaleSet versions = context.subject.scales;
    if (track == SignTrack::hypoxia_5_0) versions = {Scale::ctcae_5_0};
    if (track == SignTrack::hypoxia_6_0) versions = {Scale::ctcae_6_0};
    const LastReading last = last_reading(state, track, context);
    SignNow now{at, kNotGradable, kNotGradable, last.at, last.record};
    if (reading.known) {
        now.grade = reading.part.grade;
        now.upper = std::max(reading.part.upper, reading.part.grade);
    }
    Episode begun;
    begun.term = term;
    begun.infusion = context.infusion.ordinal;
    const auto closed = note_sign(episode_of(state, track), now, begun, limits_of(context));
    if (!closed) return;
    for (const Scale version : ctcae_of(versions)) {
        ended.push_back(*closed);
        ended.back().scale = version;
    }
}

bool any_open(const CtcaeSignsState& state) {
    return std::any_of(state.episodes.begin(), state.episodes.end(), [](const SignEpisode& one) { return one.open; });
}

CtcaeSignsKey key_of(Instant at, const FoldContext& context) {
    const CrsState& crs = *context.crs;
    const hours pressure = pressure_validity(context);
    CtcaeSignsKey key;
    std::uint32_t bits = 0;
    const auto note = [&bits](bool bit) { bits = bits * 2 + (bit ? 1 : 0); };
    const auto fresh = [&](const Reading& value, hours validity) {
        return value.at >= context.infusion.at && holds(value.at, validity, at);
    };
    for (const Quantity limit : {kHigh, kVeryHigh}) note(crs.fever.latest.value > limit);
    note(crs.fever.latest.value >= kFever);
    note(fresh(crs.fever.latest, temperature_validity(context)));
    note_low_runs(crs.pressure, pressure, at, note);
    note(fresh(crs.pressure.systolic, pressure));
    note(fresh(crs.pressure.mean, pressure));
    note(crs.oxygen.now.device == OxygenDevice::room_air);  // its stated end, too
    note(crs.oxygen.ecmo);
    key.pressors = crs.pressure.on;
    key.imputed = imputed_readings(crs);
    key.readings = bits * 4 + static_cast<std::uint32_t>(context.setting);
    key.said = context.crs_said == nullptr ? kAlways : context.crs_said->at;
    return key;
}

void say_fever_and_hypotension(CtcaeSignsState& state, Instant at, const FoldContext& context,
                               std::vector<Assessment>& statements, std::vector<Episode>& ended) {
    move_fever(state, at, context);
    const Sign fever{SignTrack::fever, Term::fever, read_fever(state, at, context)};
    const Sign hypotension{SignTrack::hypotension, Term::hypotension, read_hypotension(at, context)};
    move_episode(state, fever, at, context, ended);
    move_episode(state, hypotension, at, context, ended);
    for (const Scale version : ctcae_of(context.subject.scales)) {
        say(statements.emplace_back(), version, fever, episode_of(state, fever.track), at, context);
        say(statements.emplace_back(), version, hypotension, episode_of(state, hypotension.track), at, context);
    }
    state.raised = fever.reading.part.upper > 0 || hypotension.reading.part.upper > 0;
}

void say_hypoxia(CtcaeSignsState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
                 std::vector<Episode>& ended) {
    for (const Scale version : ctcae_of(context.subject.scales)) {
        const SignTrack track = version == Scale::ctcae_5_0 ? SignTrack::hypoxia_5_0 : SignTrack::hypoxia_6_0;
        const Sign hypoxia{track, Term::hypoxia, read_hypoxia(state, version, at, context)};
        move_episode(state, hypoxia, at, context, ended);
        say(statements.emplace_back(), version, hypoxia, episode_of(state, hypoxia.track), at, context);
    }
}

int band_of(const CtcaeSignsState& state, const FoldContext& context) {
    if (!state.spo2.known()) return 0;
    if (state.spo2.value < kSpo2Low) return 1;
    return state.spo2.value < normal_spo2(state, context) ? 2 : 3;
}

}  // namespace

Grade ctcae_fever(Quantity celsius, milliseconds above_40_for) {
    if (celsius > kVeryHigh) return above_40_for > kLasting ? Grade{4} : Grade{3};
    if (celsius > kHigh) return 2;
    return celsius >= kFever ? Grade{1} : Grade{0};
}

bool concerns_ctcae_signs(const Fact& fact) {
    if (fact.kind == FactKind::observation) return fact.analyte == Analyte::spo2 || fact.analyte == Analyte::pao2;
    return fact.kind == FactKind::intervention || fact.kind == FactKind::infusion || fact.kind == FactKind::death;
}

bool awaits_vitals(const CtcaeSignsState& state) { return state.standing; }

void begin_infusion(CtcaeSignsState& state, const FoldContext&) {
    CtcaeSignsState next;
    append_open_episodes(state, next.unfinished);
    state = std::move(next);
}

void observe(CtcaeSignsState& state, const Fact& fact, const FoldContext& context) {
    if (fact.kind != FactKind::observation) {
        state.changed = true;
        return;
    }
    if (!fact.has_value || context.infusion.ordinal == 0) return;
    const Reading value{fact.at, comparable(fact), source_of(fact)};
    if (fact.analyte == Analyte::pao2) {
        state.pao2 = value;
        state.breath_changed = true;
        return;
    }
    const int before = holds(state.spo2.at, spo2_validity(context), fact.at) ? band_of(state, context) : -1;
    const bool imputed = state.spo2.source.imputed;
    state.spo2 = value;
    const auto* said = fact.body == nullptr ? nullptr : std::get_if<Observation>(fact.body);
    state.spo2_normal = said == nullptr ? std::nullopt : said->reference_low;
    if (band_of(state, context) != before || imputed != value.source.imputed) state.breath_changed = true;
}

Instant next_deadline(const CtcaeSignsState& state, Instant, const FoldContext& context) {
    return any_chosen(context) ? state.next : kNever;
}

bool at_rest(const CtcaeSignsState& state, Instant at, const FoldContext& context) {
    if (context.infusion.ordinal == 0 || !any_chosen(context)) return true;
    return !has_news(state) && at < state.next && key_of(at, context) == state.key;
}

bool put_off_beyond(CopyOnWrite<CtcaeSignsState>& box, Instant at, const FoldContext& context) {
    const CtcaeSignsState& state = *box;
    if (has_news(state) || context.infusion.ordinal == 0 || !any_chosen(context)) return false;
    if (key_of(at, context) != state.key) return false;
    const Instant present = present_deadlines(state, at, context).first();
    if (present <= at) return false;
    box.edit().next = present;
    return true;
}

void assess(CtcaeSignsState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended) {
    if (context.infusion.ordinal == 0 || !any_chosen(context)) return;
    const CtcaeSignsKey key = key_of(at, context);
    bool others = state.changed || key != state.key;
    bool breath = others || state.breath_changed;
    if (!others) {
        const SignDeadlines present = present_deadlines(state, at, context);
        others = present.others <= at;
        breath = breath || present.breath <= at;
        if (!others && !breath) {
            state.next = present.first();
            return;
        }
    }
    state.changed = false;
    state.breath_changed = false;
    state.key = key;
    if (context.dead && at > context.crs->died) {
        state.next = kNever;
        return;
    }
    state.chosen = context.subject.scales;
    if (others) say_fever_and_hypotension(state, at, context, statements, ended);
    if (breath) say_hypoxia(state, at, context, statements, ended);
    state.standing = state.raised || any_open(state);
    state.next = context.dead ? kNever : deadlines_after(state, at, context).first();
}

}  // namespace cellvigil
