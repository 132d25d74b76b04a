// Rows of the tables of blood counts in words.
#include "rules/grade/car_hematotox.h"
#include "rules/grade/criteria.h"
#include "rules/grade/ctcae_lab.h"
#include "rules/grade/febrile_neutropenia.h"
#include "rules/grade/immunity.h"

namespace cellvigil {
namespace {

constexpr const char* kBillions = " \u00d7 10\u2079/L";

std::string early_icaht(Grade grade) {
    switch (grade) {
        case 1:
            return "neutrophils at or below 500 per microlitre for 1 to 6 days";
        case 2:
            return "neutrophils at or below 500 per microlitre for 7 to 13 days";
        case 3:
            return "neutrophils at or below 500 per microlitre for 14 days or more, or at or below 100 for 7 to 13 "
                   "days";
        case 4:
            return "neutrophils never above 500 per microlitre, or at or below 100 for 14 days or more";
        default:
            return "";
    }
}

std::string late_icaht(Grade grade) {
    constexpr const char* kLimits[] = {"", "1500", "1000", "500", "100"};
    if (grade < 1 || grade > 4) return "";
    return std::string("lowest neutrophils at or below ") + kLimits[grade] +
           " per microlitre from day 31 on, more than once at or below 1500";
}

std::string t_icaht(Term term, Grade grade) {
    const bool early = term == Term::early;
    switch (grade) {
        case 1:
            return early ? "platelets below 50 \u00d7 10\u2079/L on 1 to 6 days"
                         : "platelets below 100 \u00d7 10\u2079/L";
        case 2:
            return early ? "platelets below 50 \u00d7 10\u2079/L on 7 days or more"
                         : "platelets below 50 \u00d7 10\u2079/L";
        case 3:
            return "platelets below 20 \u00d7 10\u2079/L on 1 to 13 days";
        case 4:
            return "platelets below 20 \u00d7 10\u2079/L on 14 days or more";
        default:
            return "";
    }
}

std::string hematotox(Component component) {
    if (component == Component::platelets)
        return "platelets of 75 to 175 \u00d7 10\u2079/L (1 point), below 75 (2 points)";
    if (component == Component::neutrophils) return "neutrophils at or below 1200 per microlitre (1 point)";
    if (component == Component::haemoglobin) return "haemoglobin at or below 90 g/L (1 point)";
    if (component != Component::organ) return "";
    return "CRP of 30 mg/L or more (1 point); ferritin of 650 to 2000 \u00b5g/L (1 point), above 2000 (2 points)";
}

const char* unit_words(LabTerm term) { return term == LabTerm::anaemia ? " g/L" : kBillions; }

std::string lab_row(LabTerm term, CtcaeVersion version, Grade grade) {
    if (const auto limit = limit_above(term, grade)) return "above " + to_text(*limit) + unit_words(term);
    const bool increase = term == LabTerm::leukocytosis || term == LabTerm::lymphocyte_count_increased;
    if (const auto limit = limit_below(term, version, grade)) {
        std::string text = "below " + to_text(*limit) + unit_words(term);
        if (term != LabTerm::anaemia) return text;
        text += " (sent in mmol/L: below " + to_text(*limit_below(term, version, grade, true)) + ")";
        return grade == 3 ? text + ", or transfusion indicated" : text;
    }
    return grade == 1 && !increase ? "below the laboratory's lower limit of normal" : "";
}

std::string ctcae(Scale scale, Term term, Grade grade) {
    const auto version = scale == Scale::ctcae_6_0 ? CtcaeVersion::v6_0 : CtcaeVersion::v5_0;
    if (term == Term::febrile_neutropenia) {
        if (grade != 3) return "";
        return "neutrophils below " + to_text(kFebrileNeutrophils) + kBillions + " with one temperature above " +
               to_text(kSingleFeverAbove) + " \u00b0C, or " + to_text(kFeverAtLeast) +
               " \u00b0C or more for over an hour";
    }
    for (int i = 0; i < kLabTerms; ++i) {
        const auto lab = static_cast<LabTerm>(i);
        if (term_of(lab) == term) return lab_row(lab, version, grade);
    }
    return "";
}

bool is_lab_term(Term term) {
    return term == Term::febrile_neutropenia ||
           (term >= Term::neutrophil_count_decreased && term <= Term::leukocytosis);
}

}  // namespace

bool is_counts_scale(Scale scale, Term term) {
    if (scale == Scale::ctcae_5_0 || scale == Scale::ctcae_6_0) return is_lab_term(term);
    return scale == Scale::icaht_early || scale == Scale::icaht_late || scale == Scale::t_icaht ||
           scale == Scale::car_hematotox;
}

std::string counts_criterion(Scale scale, Term term, Component component, Grade grade) {
    if (scale == Scale::icaht_early) return early_icaht(grade);
    if (scale == Scale::icaht_late) return late_icaht(grade);
    if (scale == Scale::t_icaht) return t_icaht(term, grade);
    return scale == Scale::car_hematotox ? hematotox(component) : ctcae(scale, term, grade);
}

std::string immunity_criterion(Term term, Grade grade, const RuleSet& rules) {
    if (term == Term::low_igg && grade == 1) return "IgG at or below " + to_text(kLowIgg) + " g/L";
    if (term == Term::low_igg && grade == 2) {
        return "IgG at or below " + to_text(kReplaceIgg) + " g/L, the usual trigger of replacement";
    }
    if (term != Term::prolonged_b_cell_aplasia || grade != 1) return "";
    return "two CD19 counts below " + to_text(kBCells) + kBillions + " at least " +
           std::to_string(rules.counts.aplasia_apart_days) + " days apart after day " +
           std::to_string(rules.counts.aplasia_after_day);
}

std::string counts_headline(const Assessment& said) {
    if (said.scale == Scale::car_hematotox) {
        if (said.grade == kNotGradable) {
            return "CAR-HEMATOTOX cannot be scored, could be as high as " + std::to_string(int{said.grade_upper});
        }
        return "CAR-HEMATOTOX score " + std::to_string(int{said.grade}) +
               (is_high_risk(said.grade) ? ", high risk," : ", low risk,");
    }
    if (said.scale != Scale::unspecified || said.grade == kNotGradable) return "";
    if (said.term == Term::prolonged_b_cell_aplasia) {
        if (said.grade == 1) return "prolonged B-cell aplasia";
        return said.grade_upper == 1 ? "low B cells late, prolonged aplasia not shown yet,"
                                     : "no prolonged B-cell aplasia";
    }
    if (said.term != Term::low_igg) return "";
    if (said.grade == 0) return "IgG not low";
    return said.grade == 2 ? "low IgG, at the usual trigger of replacement," : "low IgG";
}

}  // namespace cellvigil
