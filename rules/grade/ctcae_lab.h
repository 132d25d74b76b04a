// CTCAE laboratory count terms, versions 5.0 (2017) and 6.0 (22 July 2025, erratum January 2026):
// docs/clinical/ctcae.md. Limits are strict: a value equal to a limit has the milder grade. No baseline is considered.
// Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/base/quantity.h"
#include "rules/event/analyte.h"
#include "rules/grade/assessment.h"
#include "rules/timeline/fact.h"

namespace cellvigil {

enum class CtcaeVersion : std::uint8_t { v5_0, v6_0 };

enum class LabTerm : std::uint8_t {
    neutrophil_count_decreased,  // 10*9/L
    white_blood_cell_decreased,  // 10*9/L
    lymphocyte_count_decreased,  // 10*9/L; version 6: Lymphopenia, present or not
    platelet_count_decreased,    // 10*9/L; version 6: Thrombocytopenia
    anaemia,                     // g/L, or mmol/L by its own printed limits
    cd4_decreased,               // 10*9/L
    lymphocyte_count_increased,  // 10*9/L
    leukocytosis,                // 10*9/L
};
inline constexpr int kLabTerms = static_cast<int>(LabTerm::leukocytosis) + 1;
const char* name_of(LabTerm term);
// The MedDRA lowest level term's number, which CTCAE itself prints; a number only.
std::int32_t llt_of(LabTerm term, CtcaeVersion version);
std::optional<Analyte> analyte_of(LabTerm term);

struct LabValue {
    Quantity value;  // canonical unit of the analyte
    std::optional<Quantity>
        mmol_per_litre;  // haemoglobin sent in mmol/L: compared with the printed mmol/L limits instead
    std::optional<Quantity> reference_low;  // lower limit of normal, canonical unit
    bool operator==(const LabValue&) const = default;
};

struct LabGrade {
    Grade grade = kNotGradable;  // 0 only when normal is known: without a lower limit, a value too high for grade 2
    Grade upper = kNotGradable;  // is not gradable, upper 1
    Flags flags;                 // normal_by_local_range: graded although within the laboratory's range
    bool operator==(const LabGrade&) const = default;
};
LabGrade grade_lab(LabTerm term, CtcaeVersion version, const LabValue& lab);
// Of a result that only bounds the value ("<0.2"): the grade that every value within the bound has at least, 0 only
// when all have 0; upper the worst of them. "<0.6" neutrophils in version 5: 3, upper 4. ">0.6": not gradable, upper 3.
LabGrade grade_lab(LabTerm term, CtcaeVersion version, const LabValue& lab, Comparator comparator);

// Below this the grade is at least `grade` (mmol/L for haemoglobin when `in_mmol`); nullopt: no number says so. Grade 1
// by the laboratory's own limit has none.
std::optional<Quantity> limit_below(LabTerm term, CtcaeVersion version, Grade grade, bool in_mmol = false);
// Above this the grade is at least `grade`: leukocytosis, lymphocytes increased.
std::optional<Quantity> limit_above(LabTerm term, Grade grade);

// What an observation of an analyte of analyte_of() says. Needs fact.has_value.
LabValue lab_value_of(const Fact& fact);
Term term_of(LabTerm term);
Scale scale_of(CtcaeVersion version);

}  // namespace cellvigil
