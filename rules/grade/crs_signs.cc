#include "rules/grade/crs_signs.h"

#include <algorithm>

namespace cellvigil {
namespace {

constexpr GradeRange exactly(int grade) { return {static_cast<Grade>(grade), static_cast<Grade>(grade), false}; }
constexpr GradeRange between(int low, int high) { return {static_cast<Grade>(low), static_cast<Grade>(high), true}; }

GradeRange worse(GradeRange a, GradeRange b) {
    GradeRange both{std::max(a.low, b.low), std::max(a.high, b.high), false};
    both.ambiguous = both.low < both.high;
    return both;
}

CrsReading reading(GradeRange fever, GradeRange hypotension, GradeRange hypoxia, GradeRange organ) {
    return {{fever, hypotension, hypoxia, organ}};
}

GradeRange fever_only(const CrsSigns& signs) { return exactly(signs.fever ? 1 : 0); }

// "O2 below 40 %", "40 % or more", "ventilator": Lee, CARTOX, MSKCC, CTCAE 5.0. Positive pressure by mask is neither.
GradeRange by_fraction(const CrsSigns& signs) {
    switch (signs.oxygen) {
        case OxygenSupport::none:
            return exactly(0);
        case OxygenSupport::low_flow:
        case OxygenSupport::high_flow:
            return exactly(signs.fio2_from_40 ? 3 : 2);
        case OxygenSupport::positive_pressure:
            return between(3, 4);
        case OxygenSupport::ventilation:
            return exactly(4);
    }
    return exactly(0);
}

// ---- Lee 2014 and CARTOX

// "Grade 3 organ toxicity or grade 4 transaminitis" leaves grade 3 transaminitis open.
GradeRange transaminitis(Grade grade) {
    if (grade == 3) return between(2, 3);
    return exactly(std::min<Grade>(grade, 3));
}

GradeRange lee_organ(const CrsSigns& signs) {
    const GradeRange others = exactly(signs.dialysis ? 4 : std::max(signs.bilirubin, signs.creatinine));
    return worse(transaminitis(signs.transaminases), others);
}

GradeRange lee_hypotension(const CrsSigns& signs) {
    switch (signs.pressors) {
        case PressorUse::none:
            return exactly(signs.hypotension ? 2 : 0);
        case PressorUse::one:
            return exactly(signs.high_dose ? 3 : 2);
        case PressorUse::with_vasopressin:
        case PressorUse::multiple:
            return exactly(3);
    }
    return exactly(0);
}

CrsReading lee(const CrsSigns& signs) {
    return reading(fever_only(signs), lee_hypotension(signs), by_fraction(signs), lee_organ(signs));
}

// ---- Penn

GradeRange penn_hypotension(const CrsSigns& signs) {
    if (signs.pressors != PressorUse::none) return exactly(signs.high_dose ? 4 : 3);
    if (!signs.hypotension) return exactly(0);
    return signs.repeated_boluses ? exactly(3) : between(1, 2);  // one bolus is in neither row
}

GradeRange penn_oxygen(const CrsSigns& signs) {
    if (signs.oxygen == OxygenSupport::none) return exactly(0);
    return exactly(signs.oxygen == OxygenSupport::ventilation ? 4 : 3);
}

GradeRange penn_kidney(const CrsSigns& signs) {
    if (signs.dialysis || signs.creatinine == 4) return between(3, 4);  // or life-threatening
    return exactly(signs.creatinine >= 2 ? signs.creatinine : 0);
}

GradeRange penn_organ(const CrsSigns& signs) {
    const Grade liver = std::max(signs.transaminases, signs.bilirubin);
    const GradeRange liver_and_clotting = exactly(std::max(liver >= 3 ? liver - 1 : 0, signs.plasma ? 3 : 0));
    return worse(liver_and_clotting, penn_kidney(signs));
}

CrsReading penn(const CrsSigns& signs) {
    const bool treated = signs.admitted || signs.intravenous;
    return reading(exactly(treated       ? 2
                           : signs.fever ? 1
                                         : 0),
                   penn_hypotension(signs), penn_oxygen(signs), penn_organ(signs));
}

// ---- CTCAE

// Version 4.03 grades a reaction to an infusion by its interruption: our interpretation, mostly ranges.
GradeRange ctcae_4_fever(const CrsSigns& signs) {
    if (signs.admitted || signs.intravenous) return between(2, 3);
    return signs.fever ? between(1, 2) : exactly(0);
}

GradeRange ctcae_4_organ(const CrsSigns& signs) {
    const Grade others = std::max(signs.bilirubin, signs.creatinine);
    const Grade worst = std::max(signs.transaminases, others);
    GradeRange organ = exactly(0);
    if (worst >= 2) organ = between(1, std::min<int>(worst, 3));
    if (signs.plasma) organ = worse(organ, exactly(3));
    if (signs.dialysis || others == 4) organ = worse(organ, between(3, 4));
    return organ;
}

CrsReading ctcae_4(const CrsSigns& signs) {
    GradeRange pressure = signs.hypotension ? between(2, 3) : exactly(0);
    if (signs.pressors != PressorUse::none) pressure = exactly(4);
    GradeRange oxygen = exactly(0);
    if (signs.oxygen == OxygenSupport::low_flow) oxygen = between(2, 3);
    if (signs.oxygen == OxygenSupport::high_flow) oxygen = exactly(3);
    if (signs.oxygen >= OxygenSupport::positive_pressure) oxygen = exactly(4);
    return reading(ctcae_4_fever(signs), pressure, oxygen, ctcae_4_organ(signs));
}

// "Managed with one pressor" is 3; vasopressin beside it is one or two.
GradeRange ctcae_hypotension(const CrsSigns& signs) {
    switch (signs.pressors) {
        case PressorUse::none:
            return exactly(signs.hypotension ? 2 : 0);
        case PressorUse::one:
            return exactly(3);
        case PressorUse::with_vasopressin:
            return between(3, 4);
        case PressorUse::multiple:
            return exactly(4);
    }
    return exactly(0);
}

CrsReading ctcae_5(const CrsSigns& signs) {
    return reading(fever_only(signs), ctcae_hypotension(signs), by_fraction(signs), exactly(0));
}

GradeRange ctcae_6_oxygen(OxygenSupport oxygen) {
    switch (oxygen) {
        case OxygenSupport::none:
            return exactly(0);
        case OxygenSupport::low_flow:
            return exactly(2);
        case OxygenSupport::high_flow:
            return exactly(3);
        case OxygenSupport::positive_pressure:
            return between(4, 4);  // read as life-threatening; the text names no device
        case OxygenSupport::ventilation:
            return exactly(4);
    }
    return exactly(0);
}

CrsReading ctcae_6(const CrsSigns& signs) {
    return reading(fever_only(signs), ctcae_hypotension(signs), ctcae_6_oxygen(signs.oxygen), exactly(0));
}

// ---- MSKCC

GradeRange mskcc_hypotension(const CrsSigns& signs) {
    if (signs.pressors == PressorUse::none) return signs.hypotension ? between(1, 2) : exactly(0);
    if (signs.high_dose && signs.refractory) return exactly(4);
    return exactly(signs.pressors_long ? 3 : 2);
}

CrsReading mskcc(const CrsSigns& signs) {
    return reading(fever_only(signs), mskcc_hypotension(signs), by_fraction(signs), exactly(0));
}

}  // namespace

Grade CrsReading::low() const {
    Grade worst = 0;
    for (const GradeRange& part : parts) worst = std::max(worst, part.low);
    return worst;
}

Grade CrsReading::high() const {
    Grade worst = 0;
    for (const GradeRange& part : parts) worst = std::max(worst, part.high);
    return worst;
}

CrsReading read_signs(Scale scale, const CrsSigns& signs) {
    if (scale == Scale::lee_2014 || scale == Scale::cartox_crs) return lee(signs);
    if (scale == Scale::penn) return penn(signs);
    if (scale == Scale::ctcae_4_03) return ctcae_4(signs);
    if (scale == Scale::ctcae_5_0) return ctcae_5(signs);
    if (scale == Scale::ctcae_6_0) return ctcae_6(signs);
    return scale == Scale::mskcc ? mskcc(signs) : CrsReading{};
}

}  // namespace cellvigil
