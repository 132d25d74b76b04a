#include "rules/grade/legacy_statement.h"

#include <algorithm>

#include "rules/grade/crs.h"
#include "rules/grade/crs_statement.h"

namespace cellvigil {
namespace {

// Remarks on the temperature, the window and the course, which hold for every scale of CRS.
constexpr Flags kOfTheCourse{Flag::temp_unknown,  Flag::implausible_input, Flag::late_onset,
                             Flag::recurrence,    Flag::recurrence_masked, Flag::infusion_reaction_window,
                             Flag::unobserved_gap};
constexpr Flags kOfTheGate{Flag::masked_onset, Flag::no_fever_gate, Flag::outside_window};
// Doubts: worth saying only where the scale grades both readings differently.
constexpr Flags kDoubts{Flag::unconfirmed_hypotension, Flag::pressor_crossover,
                        Flag::nonstandard_pressor,     Flag::paed_centile,
                        Flag::o2_flow_missing,         Flag::hfnc_low_flow};

Flags both(const Flags& a, const Flags& b) {
    return Flags::of_words({a.words()[0] & b.words()[0], a.words()[1] & b.words()[1]});
}
Flags without(const Flags& a, const Flags& b) {
    return Flags::of_words({a.words()[0] & ~b.words()[0], a.words()[1] & ~b.words()[1]});
}

struct Readings {
    CrsReading literal;
    CrsReading worst;
    bool differ(SignComponent part) const {
        return worst.of(part).high > literal.of(part).high || worst.of(part).low > literal.of(part).low;
    }
};

// CARTOX counts each sign by itself within the weeks after the infusion; the others ask for CRS first.
bool grades_without_fever(Scale scale) { return scale == Scale::cartox_crs; }

bool in_window(Instant at, const FoldContext& context) {
    const Instant from = context.crs->window_from;
    if (from <= context.infusion.at) return day_of(at, context) <= context.rules.crs.onset_hard_day;
    const SiteDate first = site_date(from, context.infusion.offset);
    return infusion_day(first, site_date(at, context.infusion.offset)).value <= context.rules.crs.onset_hard_day;
}

Grade organ_failure(const CrsReading& reading) {
    return std::max(reading.of(SignComponent::hypotension).high, reading.of(SignComponent::hypoxia).high);
}

void grade_open(Assessment& said, const Readings& readings, const FoldContext& context) {
    said.grade = readings.literal.low();
    said.grade_upper = std::max(readings.worst.high(), readings.literal.high());
    if (said.grade == 0 && context.crs_said->grade == kNotGradable) said.grade = kNotGradable;
}

// No CRS by ASTCT's episode: never febrile, fever of another cause, or too late.
void grade_closed(Assessment& said, const Readings& readings, const LegacyPicture& picture,
                  const FoldContext& context) {
    const Grade worst = std::max(readings.worst.high(), readings.literal.high());
    const bool fever = picture.temperature_known && picture.worst.fever;
    said.grade = picture.temperature_known ? Grade{0} : kNotGradable;
    said.grade_upper = said.grade;
    if (fever) {
        said.grade_upper = std::max(Grade{1}, worst);
    } else if (organ_failure(readings.worst) >= 1) {
        said.grade_upper = worst;
        said.flags.add(Flag::ambiguous_scale);  // the text names no fever, and asks for CRS
    }
    if (!grades_without_fever(said.scale) || !in_window(said.at, context)) return;
    said.flags.remove(Flag::ambiguous_scale);
    if (readings.literal.low() >= 1) {
        said.grade = readings.literal.low();
        if (!fever) said.flags.add(Flag::no_fever_gate);
    }
    if (worst >= 1 && (picture.temperature_known || organ_failure(readings.worst) >= 1 || said.grade >= 1)) {
        said.grade_upper = std::max(said.grade_upper, worst);
    }
}

void add_parts(Assessment& said, const Readings& readings, const LegacyPicture& picture, bool deciding) {
    for (std::size_t i = 0; i < kCrsSignComponents.size(); ++i) {
        if (said.deciding.has(kCrsSignComponents[i]) != deciding) continue;
        const auto component = static_cast<SignComponent>(i);
        const Part& part = picture.part(component);
        const bool matters = readings.worst.parts[i].high > 0 || readings.literal.parts[i].high > 0;
        Flags flags = part.flags;
        if (!readings.differ(component)) flags = without(flags, kDoubts);
        if (!matters) flags = both(flags, Flags{Flag::comfort_o2, Flag::baseline_support});
        said.flags.add(flags);
        if (!matters && flags.empty()) continue;
        for (std::uint8_t s = 0; s < part.source_count; ++s) {
            said.add_evidence(part.sources[s].record);
            if (part.sources[s].imputed) said.flags.add(Flag::imputed_date);
        }
        if (!picture.elsewhere[i] || !matters) continue;
        said.flags.add(Flag::alt_cause_confirmed);
        said.add_evidence(picture.verdicts[i]);
    }
}

// What keeps the two readings apart, where they are.
void add_doubts(Assessment& said, const Readings& readings, const LegacyPicture& picture) {
    const bool pressure = readings.differ(SignComponent::hypotension);
    if (pressure && said.scale == Scale::mskcc && picture.worst.high_dose) said.flags.add(picture.refractory_unsure);
    if (pressure && picture.dose_missing) said.flags.add(Flag::dose_missing);
    if (pressure && picture.dose_undefined) said.flags.add(Flag::ambiguous_scale);
    if (readings.differ(SignComponent::hypoxia) && picture.fio2_missing) said.flags.add(Flag::fio2_missing);
    if (readings.differ(SignComponent::organ) && picture.reference_missing)
        said.flags.add(Flag::reference_range_missing);
    if (!readings.differ(SignComponent::fever)) return;
    if (picture.admission_unknown) said.flags.add(Flag::admission_unknown);
    if (picture.intravenous_unclear) said.flags.add(Flag::ambiguous_scale);
}

// The text allows more than one grade, and that sets an end of the range.
void add_ambiguity(Assessment& said, const Readings& readings) {
    for (const CrsReading* reading : {&readings.literal, &readings.worst}) {
        for (const GradeRange& part : reading->parts) {
            const bool open_ended = part.low < part.high && part.high > said.grade;
            const bool as_read = part.low == part.high && part.high >= 1 && part.high == said.grade_upper;
            if (part.ambiguous && (open_ended || as_read)) said.flags.add(Flag::ambiguous_scale);
        }
    }
}

// Every component equal to the grade; when there is none, those that keep the upper grade.
void name_deciding(Assessment& said, const Readings& readings) {
    const bool literal = said.grade >= 1;
    const Grade sought = literal ? said.grade : said.grade_upper;
    if (sought < 1) return;
    for (std::size_t i = 0; i < kCrsSignComponents.size(); ++i) {
        const Grade grade = literal ? readings.literal.parts[i].low : readings.worst.parts[i].high;
        if (grade == sought) said.deciding.add(kCrsSignComponents[i]);
    }
}

// Penn, CARTOX and MSKCC print no grade 5; death due to CRS is one on every scale here (HOUSE).
void grade_death(Assessment& said, const FoldContext& context) {
    const CrsState& crs = *context.crs;
    if (!crs.death || crs.died == kAlways || context.crs_said->grade_upper != 5) return;
    said.grade_upper = 5;
    if (context.crs_said->grade == 5) {
        said.grade = 5;
        said.deciding = {Component::death};
    } else {
        said.flags.add(Flag::death_cause_unknown);
        if (said.grade < 1) said.deciding = {Component::death};
    }
    said.add_evidence(crs.death_source.record);
}

}  // namespace

Assessment legacy_statement(const ScaleTerm& scale, const LegacyPicture& picture, Instant at,
                            const FoldContext& context) {
    const Assessment& astct = *context.crs_said;
    Assessment said;
    said.at = at;
    said.scale = scale.scale;
    said.term = scale.term;
    said.infusion = context.infusion.ordinal;
    said.day = day_of(at, context);
    said.episode = episode_ordinal(context.crs->episode);
    said.episode_open = context.crs->episode.open;
    said.under_surveillance = astct.under_surveillance;
    if (!said.under_surveillance) return said;
    Readings readings{read_signs(scale.scale, picture.literal), read_signs(scale.scale, picture.worst)};
    // Without CRS, one low reading is no suspicion of it: ASTCT has nothing to say, and nobody asks at the next.
    if (is_quiet(astct)) {
        for (const SignComponent part : {SignComponent::hypotension, SignComponent::hypoxia}) {
            readings.worst.parts[static_cast<std::size_t>(part)] = readings.literal.of(part);
        }
    }
    if (said.episode_open) {
        grade_open(said, readings, context);
        if (may_have_ended(*context.crs, context)) {
            Assessment ended = said;
            grade_closed(ended, readings, picture, context);
            weigh_ended(said, ended.grade, ended.grade_upper);
            said.flags.add(both(astct.flags, Flags{Flag::outside_window}));
        }
    } else {
        grade_closed(said, readings, picture, context);
    }
    said.flags.add(both(astct.flags, kOfTheCourse));
    if (!said.episode_open && said.grade < 1 && said.grade_upper > said.grade) {
        said.flags.add(both(astct.flags, kOfTheGate));
    }
    name_deciding(said, readings);
    if (said.grade_upper >= 1 || said.episode_open) {
        add_parts(said, readings, picture, true);
        add_parts(said, readings, picture, false);
        add_doubts(said, readings, picture);
        add_ambiguity(said, readings);
    }
    if (said.episode_open) say_gap(context.crs->episode.watch, said);
    grade_death(said, context);
    said.grade_upper = std::max(said.grade_upper, said.grade);
    return said;
}

}  // namespace cellvigil
