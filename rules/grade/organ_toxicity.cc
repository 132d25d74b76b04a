#include "rules/grade/organ_toxicity.h"

#include <algorithm>
#include <variant>

#include "rules/grade/crs_state.h"

namespace cellvigil {
namespace {

constexpr std::array<Analyte, kOrganLabs> kAnalytes4{Analyte::alt, Analyte::ast, Analyte::bilirubin,
                                                     Analyte::creatinine};

// Above these multiples, in tenths: grades 1 to 4.
struct Multiples {
    std::int64_t one, two, three, four;
};
constexpr Multiples kTransaminases{10, 30, 50, 200};
constexpr Multiples kTransaminasesAbnormal{15, 30, 50, 200};
constexpr Multiples kBilirubin{10, 15, 30, 100};
constexpr Multiples kCreatinine{10, 15, 30, 60};

bool above(Quantity value, Quantity reference, std::int64_t tenths) {
    return value.micro * 10 > reference.micro * tenths;
}

Grade by_multiples(Quantity value, Quantity reference, const Multiples& multiples) {
    if (above(value, reference, multiples.four)) return 4;
    if (above(value, reference, multiples.three)) return 3;
    if (above(value, reference, multiples.two)) return 2;
    return above(value, reference, multiples.one) ? Grade{1} : Grade{0};
}

// Of creatinine the baseline grades beside the limit of normal: 2 above 1.5 times, 3 above 3 times.
Grade creatinine_by_baseline(Quantity value, Quantity baseline) {
    if (above(value, baseline, kCreatinine.three)) return 3;
    return above(value, baseline, kCreatinine.two) ? Grade{2} : Grade{0};
}

Grade by_limit(OrganLab lab, const OrganLabValue& measured, Quantity limit) {
    const bool abnormal = measured.baseline && measured.baseline_abnormal.value_or(*measured.baseline > limit);
    switch (lab) {
        case OrganLab::alt:
        case OrganLab::ast:
            return abnormal ? by_multiples(measured.value, *measured.baseline, kTransaminasesAbnormal)
                            : by_multiples(measured.value, limit, kTransaminases);
        case OrganLab::bilirubin:
            return by_multiples(measured.value, abnormal ? *measured.baseline : limit, kBilirubin);
        case OrganLab::creatinine:
            return by_multiples(measured.value, limit, kCreatinine);
    }
    return 0;
}

Quantity least_limit(OrganLab lab, const LegacyRules& rules) {
    switch (lab) {
        case OrganLab::alt:
        case OrganLab::ast:
            return rules.least_uln_transaminases;
        case OrganLab::bilirubin:
            return rules.least_uln_bilirubin;
        case OrganLab::creatinine:
            return rules.least_uln_creatinine;
    }
    return rules.least_uln_creatinine;
}

// A session or a dose; of dialysis also a course that runs until it is stopped.
void take_course(OrganCourse& course, const Fact& fact, const Intervention& given, bool may_run) {
    if (given.phase == InterventionPhase::stop) {
        if (course.since != kAlways) course.at = fact.at;
        course.since = kAlways;
        course.until = kNever;
        return;
    }
    const bool lasting = may_run && given.phase != InterventionPhase::single;
    if (given.baseline || given.indication == Indication::baseline) course.before = true;
    if (lasting && course.since == kAlways) course.since = fact.at;
    course.at = fact.at;
    course.until = lasting ? fact.until : kNever;
    course.source = source_of(fact);
}

bool runs(const OrganCourse& course, Instant at) { return course.since != kAlways && at < course.until; }

// While it runs, and for a time after a session or its end.
bool counts(const OrganCourse& course, hours lasting, Instant at) {
    if (course.at == kAlways) return false;
    if (runs(course, at)) return true;
    const Instant last = course.since != kAlways && course.until <= at ? course.until : course.at;
    return holds(last, lasting, at);
}

void raise(Grade& to, Grade grade) { to = std::max(to, grade); }

void read_lab(OrganReading& reading, const OrganTrack& track, std::size_t place, Instant at,
              const FoldContext& context) {
    const OrganMeasure& now = track.now[place];
    if (now.at == kAlways) return;
    const OrganMeasure& before = track.before[place];
    OrganLabValue measured{now.value, now.upper_limit, std::nullopt, std::nullopt};
    if (before.at != kAlways) {
        measured.baseline = before.value;
        const auto limit = before.upper_limit ? before.upper_limit : now.upper_limit;
        if (limit) measured.baseline_abnormal = before.value > *limit;
    }
    const auto lab = static_cast<OrganLab>(place);
    OrganLabGrade graded = grade_organ_lab(lab, measured, context.rules.legacy);
    if (graded.upper == 0) return;
    if (!holds(now.at, context.rules.legacy.lab_counts, at)) {
        graded.grade = 0;
        reading.part.flags.add(Flag::stale_input);
    }
    if (measured.baseline_abnormal.value_or(false)) reading.part.flags.add(Flag::baseline_abnormal);
    reading.reference_missing = reading.reference_missing || graded.reference_missing;
    reading.part.from(now.source);
    Grade& literal = lab == OrganLab::bilirubin    ? reading.bilirubin
                     : lab == OrganLab::creatinine ? reading.creatinine
                                                   : reading.transaminases;
    Grade& upper = lab == OrganLab::bilirubin    ? reading.bilirubin_upper
                   : lab == OrganLab::creatinine ? reading.creatinine_upper
                                                 : reading.transaminases_upper;
    raise(literal, graded.grade);
    raise(upper, graded.upper);
}

}  // namespace

OrganLabGrade grade_organ_lab(OrganLab lab, const OrganLabValue& measured, const LegacyRules& rules) {
    OrganLabGrade graded;
    const bool kidney = lab == OrganLab::creatinine;
    const Grade from_baseline =
        kidney && measured.baseline ? creatinine_by_baseline(measured.value, *measured.baseline) : Grade{0};
    if (measured.upper_limit) {
        graded.grade = std::max(from_baseline, by_limit(lab, measured, *measured.upper_limit));
        graded.upper = graded.grade;
        return graded;
    }
    graded.grade = from_baseline;
    graded.upper = std::max(from_baseline, by_limit(lab, measured, least_limit(lab, rules)));
    graded.reference_missing = graded.upper > graded.grade;
    return graded;
}

bool concerns_organs(Analyte analyte) {
    return std::find(kAnalytes4.begin(), kAnalytes4.end(), analyte) != kAnalytes4.end();
}

void begin_infusion(OrganTrack& track, const FoldContext& context) {
    for (std::size_t i = 0; i < kOrganLabs; ++i) {
        if (track.now[i].at != kAlways) track.before[i] = track.now[i];
        track.now[i] = OrganMeasure{};
    }
    track.dialysis.before = counts(track.dialysis, context.rules.legacy.dialysis_counts, context.infusion.at);
    track.plasma = OrganCourse{};
}

bool observe_organs(OrganTrack& track, const Fact& fact) {
    if (fact.kind == FactKind::observation) {
        const auto place = std::find(kAnalytes4.begin(), kAnalytes4.end(), fact.analyte);
        if (place == kAnalytes4.end() || !fact.has_value) return false;
        OrganMeasure& now = track.now[static_cast<std::size_t>(place - kAnalytes4.begin())];
        const auto* said = fact.body == nullptr ? nullptr : std::get_if<Observation>(fact.body);
        now = {fact.at, comparable(fact), said == nullptr ? std::nullopt : said->reference_high, source_of(fact)};
        return true;
    }
    const auto* given = fact.body == nullptr ? nullptr : std::get_if<Intervention>(fact.body);
    if (given == nullptr) return false;
    if (given->kind == InterventionKind::dialysis) {
        take_course(track.dialysis, fact, *given, true);
        return true;
    }
    const bool plasma = given->product == BloodProduct::plasma || given->product == BloodProduct::cryoprecipitate ||
                        given->product == BloodProduct::fibrinogen;
    if (given->kind != InterventionKind::transfusion || !plasma) return false;
    take_course(track.plasma, fact, *given, false);
    return true;
}

OrganReading read_organs(const OrganTrack& track, Instant at, const FoldContext& context) {
    const LegacyRules& rules = context.rules.legacy;
    OrganReading reading;
    reading.dialysis = counts(track.dialysis, rules.dialysis_counts, at);
    if (reading.dialysis) reading.part.from(track.dialysis.source);
    if (reading.dialysis && track.dialysis.before) {
        reading.dialysis = false;
        reading.part.flags.add(Flag::baseline_support);
    }
    reading.plasma = counts(track.plasma, rules.plasma_counts, at);
    if (reading.plasma) reading.part.from(track.plasma.source);
    for (std::size_t i = 0; i < kOrganLabs; ++i) read_lab(reading, track, i, at, context);
    return reading;
}

Instant next_organ_deadline(const OrganTrack& track, Instant after, const FoldContext& context) {
    const LegacyRules& rules = context.rules.legacy;
    Instant next = kNever;
    for (const OrganMeasure& now : track.now) sooner(next, expiry(now.at, rules.lab_counts), after);
    const auto course = [&](const OrganCourse& told, hours lasting) {
        sooner(next, expiry(told.at, lasting), after);
        if (told.since == kAlways || told.until == kNever) return;
        sooner(next, told.until, after);
        sooner(next, expiry(told.until, lasting), after);
    };
    course(track.dialysis, rules.dialysis_counts);
    course(track.plasma, rules.plasma_counts);
    return next;
}

}  // namespace cellvigil
