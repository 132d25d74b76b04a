#include "rules/grade/ctcae_lab.h"

#include <algorithm>
#include <array>
#include <variant>

namespace cellvigil {
namespace {

constexpr std::int64_t kNone = -1;

// Below these millionths of the unit the grade is at least 2, 3, 4; kNone: the number alone never makes that grade.
// `grade_1`: below it at least 1, or kNone where the laboratory's lower limit says so.
struct Limits {
    std::int64_t grade_1;
    std::int64_t grade_2;
    std::int64_t grade_3;
    std::int64_t grade_4;
};

constexpr Limits milli(std::int64_t one, std::int64_t two, std::int64_t three, std::int64_t four) {
    const auto scaled_up = [](std::int64_t n) { return n == kNone ? kNone : n * 1000; };
    return {scaled_up(one), scaled_up(two), scaled_up(three), scaled_up(four)};
}

// Thousandths of the canonical unit.
constexpr Limits limits_of(LabTerm term, CtcaeVersion version, bool in_mmol) {
    const bool v6 = version == CtcaeVersion::v6_0;
    switch (term) {
        case LabTerm::neutrophil_count_decreased:
            return v6 ? milli(1500, 1000, 500, 100) : milli(kNone, 1500, 1000, 500);
        case LabTerm::white_blood_cell_decreased:
            return milli(kNone, 3000, 2000, 1000);
        case LabTerm::lymphocyte_count_decreased:
            return v6 ? milli(kNone, kNone, kNone, kNone) : milli(kNone, 800, 500, 200);
        case LabTerm::platelet_count_decreased:
            return v6 ? milli(kNone, 75'000, 50'000, 10'000) : milli(kNone, 75'000, 50'000, 25'000);
        case LabTerm::anaemia:
            return in_mmol ? milli(kNone, 6200, 4900, kNone) : milli(kNone, 100'000, 80'000, kNone);
        case LabTerm::cd4_decreased:
            return milli(kNone, 500, 200, 50);
        case LabTerm::lymphocyte_count_increased:
        case LabTerm::leukocytosis:
            return milli(kNone, kNone, kNone, kNone);
    }
    return milli(kNone, kNone, kNone, kNone);
}

bool below(Quantity value, std::int64_t limit) { return limit != kNone && value.micro < limit; }

LabGrade exactly(Grade grade) { return {grade, grade, {}}; }

LabGrade grade_increase(LabTerm term, Quantity value) {
    for (const Grade grade : {Grade{3}, Grade{2}}) {
        const auto limit = limit_above(term, grade);
        if (limit && value > *limit) return exactly(grade);
    }
    return exactly(0);
}

enum class LocalRange : std::uint8_t { unknown, within, low };

LabGrade grade_decrease(const Limits& limits, Quantity value, LocalRange local) {
    Grade grade = 0;
    if (below(value, limits.grade_4)) {
        grade = 4;
    } else if (below(value, limits.grade_3)) {
        grade = 3;
    } else if (below(value, limits.grade_2)) {
        grade = 2;
    } else if (limits.grade_1 != kNone) {
        return exactly(below(value, limits.grade_1) ? 1 : 0);
    } else if (local == LocalRange::unknown) {
        return {kNotGradable, 1, {}};
    } else {
        return exactly(local == LocalRange::low ? 1 : 0);
    }
    LabGrade graded = exactly(grade);
    if (local == LocalRange::within) graded.flags.add(Flag::normal_by_local_range);
    return graded;
}

}  // namespace

const char* name_of(LabTerm term) {
    switch (term) {
        case LabTerm::neutrophil_count_decreased:
            return "neutrophil_count_decreased";
        case LabTerm::white_blood_cell_decreased:
            return "white_blood_cell_decreased";
        case LabTerm::lymphocyte_count_decreased:
            return "lymphocyte_count_decreased";
        case LabTerm::platelet_count_decreased:
            return "platelet_count_decreased";
        case LabTerm::anaemia:
            return "anaemia";
        case LabTerm::cd4_decreased:
            return "cd4_decreased";
        case LabTerm::lymphocyte_count_increased:
            return "lymphocyte_count_increased";
        case LabTerm::leukocytosis:
            return "leukocytosis";
    }
    return "unknown";
}

std::int32_t llt_of(LabTerm term, CtcaeVersion version) {
    const bool v6 = version == CtcaeVersion::v6_0;
    switch (term) {
        case LabTerm::neutrophil_count_decreased:
            return 10029366;
        case LabTerm::white_blood_cell_decreased:
            return 10049182;
        case LabTerm::lymphocyte_count_decreased:
            return v6 ? 10025327 : 10025256;
        case LabTerm::platelet_count_decreased:
            return v6 ? 10043554 : 10035528;
        case LabTerm::anaemia:
            return 10002272;
        case LabTerm::cd4_decreased:
            return 10007839;
        case LabTerm::lymphocyte_count_increased:
        case LabTerm::leukocytosis:
            return 0;  // not in the sources at hand
    }
    return 0;
}

std::optional<Analyte> analyte_of(LabTerm term) {
    switch (term) {
        case LabTerm::neutrophil_count_decreased:
            return Analyte::neutrophils;
        case LabTerm::white_blood_cell_decreased:
        case LabTerm::leukocytosis:
            return Analyte::leukocytes;
        case LabTerm::lymphocyte_count_decreased:
        case LabTerm::lymphocyte_count_increased:
            return Analyte::lymphocytes;
        case LabTerm::platelet_count_decreased:
            return Analyte::platelets;
        case LabTerm::anaemia:
            return Analyte::haemoglobin;
        case LabTerm::cd4_decreased:
            return Analyte::cd4;
    }
    return std::nullopt;
}

std::optional<Quantity> limit_below(LabTerm term, CtcaeVersion version, Grade grade, bool in_mmol) {
    const Limits limits = limits_of(term, version, in_mmol);
    const std::int64_t by_grade[] = {kNone, limits.grade_1, limits.grade_2, limits.grade_3, limits.grade_4};
    if (grade < 1 || grade > 4 || by_grade[grade] == kNone) return std::nullopt;
    return Quantity{by_grade[grade]};
}

std::optional<Quantity> limit_above(LabTerm term, Grade grade) {
    if (term == LabTerm::leukocytosis && grade == 3) return whole(100);
    if (term != LabTerm::lymphocyte_count_increased) return std::nullopt;
    if (grade == 3) return whole(20);
    return grade == 2 ? std::optional<Quantity>(whole(4)) : std::nullopt;
}

LabGrade grade_lab(LabTerm term, CtcaeVersion version, const LabValue& lab) {
    const bool in_mmol = term == LabTerm::anaemia && lab.mmol_per_litre.has_value();
    const Quantity value = in_mmol ? *lab.mmol_per_litre : lab.value;
    if (term == LabTerm::lymphocyte_count_increased || term == LabTerm::leukocytosis)
        return grade_increase(term, value);
    LocalRange local = LocalRange::unknown;
    if (lab.reference_low) local = lab.value >= *lab.reference_low ? LocalRange::within : LocalRange::low;
    return grade_decrease(limits_of(term, version, in_mmol), value, local);
}

LabGrade grade_lab(LabTerm term, CtcaeVersion version, const LabValue& lab, Comparator comparator) {
    if (comparator == Comparator::unspecified) return grade_lab(term, version, lab);
    constexpr std::int64_t kMost = 1'000'000'000'000'000;
    const bool from_below = comparator == Comparator::less || comparator == Comparator::less_or_equal;
    const std::int64_t step = comparator == Comparator::less ? -1 : comparator == Comparator::greater ? 1 : 0;
    LabValue near = lab;
    near.value.micro += step;
    if (near.mmol_per_litre) near.mmol_per_litre->micro += step;
    LabValue far = lab;
    far.value.micro = from_below ? 0 : kMost;
    if (far.mmol_per_litre) far.mmol_per_litre->micro = far.value.micro;
    const LabGrade one = grade_lab(term, version, near);
    const LabGrade other = grade_lab(term, version, far);
    LabGrade graded = one;
    graded.upper = std::max(one.upper, other.upper);
    graded.grade = std::min(one.grade, other.grade);
    if (graded.grade == 0 && graded.upper > 0) graded.grade = kNotGradable;
    return graded;
}

LabValue lab_value_of(const Fact& fact) {
    LabValue lab;
    lab.value = fact.value;
    const auto* said = fact.body == nullptr ? nullptr : std::get_if<Observation>(fact.body);
    if (said == nullptr) return lab;
    lab.reference_low = said->reference_low;
    if (said->in_mmol_per_litre) lab.mmol_per_litre = said->value_as_sent;
    return lab;
}

Term term_of(LabTerm term) {
    switch (term) {
        case LabTerm::neutrophil_count_decreased:
            return Term::neutrophil_count_decreased;
        case LabTerm::white_blood_cell_decreased:
            return Term::white_blood_cell_decreased;
        case LabTerm::lymphocyte_count_decreased:
            return Term::lymphocyte_count_decreased;
        case LabTerm::platelet_count_decreased:
            return Term::platelet_count_decreased;
        case LabTerm::anaemia:
            return Term::anaemia;
        case LabTerm::cd4_decreased:
            return Term::cd4_decreased;
        case LabTerm::lymphocyte_count_increased:
            return Term::lymphocyte_count_increased;
        case LabTerm::leukocytosis:
            return Term::leukocytosis;
    }
    return Term::none;
}

Scale scale_of(CtcaeVersion version) { return version == CtcaeVersion::v6_0 ? Scale::ctcae_6_0 : Scale::ctcae_5_0; }

}  // namespace cellvigil
