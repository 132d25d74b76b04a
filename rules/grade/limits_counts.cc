// The numbers of the rows of blood counts, B cells and IgG. Words: criteria_counts.cc.
#include "rules/event/codes.h"
#include "rules/grade/ctcae_lab.h"
#include "rules/grade/febrile_neutropenia.h"
#include "rules/grade/immunity.h"
#include "rules/grade/limits.h"

namespace cellvigil {
namespace {

constexpr std::string_view kBillions = "10*9/L";
constexpr std::string_view kPerMicrolitre = "/uL";

using Limits = std::vector<Limit>;

// At or below the count on so many days; `most` 0: no upper end.
void add_days(Limits& limits, std::string_view count, std::string_view holds, int limit, std::string_view unit,
              int least, int most) {
    limits.push_back({count, holds, std::to_string(limit), unit, ""});
    limits.push_back({"low_days", "at_least", std::to_string(least), "d", ""});
    if (most > 0) limits.push_back({"low_days", "at_most", std::to_string(most), "d", ""});
}

Limits early_icaht(Grade grade) {
    Limits limits;
    if (grade == 1) add_days(limits, "neutrophils", "at_most", 500, kPerMicrolitre, 1, 6);
    if (grade == 2) add_days(limits, "neutrophils", "at_most", 500, kPerMicrolitre, 7, 13);
    if (grade == 3) {
        add_days(limits, "neutrophils", "at_most", 500, kPerMicrolitre, 14, 0);
        add_days(limits, "neutrophils", "at_most", 100, kPerMicrolitre, 7, 13);
    }
    if (grade == 4) {
        limits.push_back({"neutrophils", "at_most", "500", kPerMicrolitre, ""});
        add_days(limits, "neutrophils", "at_most", 100, kPerMicrolitre, 14, 0);
    }
    return limits;
}

Limits late_icaht(Grade grade) {
    constexpr const char* kLimits[] = {"", "1500", "1000", "500", "100"};
    if (grade < 1 || grade > 4) return {};
    return {{"neutrophils", "at_most", kLimits[grade], kPerMicrolitre, ""},
            {"neutrophils", "at_most", "1500", kPerMicrolitre, ""},
            {"infusion_day", "at_least", "31", "d", ""}};
}

Limits t_icaht(Term term, Grade grade) {
    Limits limits;
    if (grade == 3) add_days(limits, "platelets", "below", 20, kBillions, 1, 13);
    if (grade == 4) add_days(limits, "platelets", "below", 20, kBillions, 14, 0);
    if (grade == 3 || grade == 4) return limits;
    if (term == Term::early && grade == 1) add_days(limits, "platelets", "below", 50, kBillions, 1, 6);
    if (term == Term::early && grade == 2) add_days(limits, "platelets", "below", 50, kBillions, 7, 0);
    if (term == Term::late && grade == 1) limits.push_back({"platelets", "below", "100", kBillions, ""});
    if (term == Term::late && grade == 2) limits.push_back({"platelets", "below", "50", kBillions, ""});
    return limits;
}

Limits hematotox(Component component) {
    if (component == Component::platelets) {
        return {{"platelets", "at_most", "175", kBillions, ""}, {"platelets", "below", "75", kBillions, ""}};
    }
    if (component == Component::neutrophils) return {{"neutrophils", "at_most", "1200", kPerMicrolitre, ""}};
    if (component == Component::haemoglobin) return {{"haemoglobin", "at_most", "90", "g/L", ""}};
    if (component != Component::organ) return {};
    return {{"crp", "at_least", "30", "mg/L", ""},
            {"ferritin", "at_least", "650", "ug/L", ""},
            {"ferritin", "above", "2000", "ug/L", ""}};
}

Limits lab_row(LabTerm term, CtcaeVersion version, Grade grade) {
    const auto analyte = analyte_of(term);
    const std::string_view what = analyte ? name_of(*analyte) : "";
    const bool anaemia = term == LabTerm::anaemia;
    const std::string_view unit = anaemia ? "g/L" : kBillions;
    if (const auto limit = limit_above(term, grade)) return {{what, "above", to_text(*limit), unit, ""}};
    const auto limit = limit_below(term, version, grade);
    if (!limit) return {};
    Limits limits{{what, "below", to_text(*limit), unit, ""}};
    if (anaemia)
        limits.push_back({"as_sent", "below", to_text(*limit_below(term, version, grade, true)), "mmol/L", ""});
    return limits;
}

Limits febrile_neutropenia(Grade grade, const RuleSet& rules) {
    if (grade != 3) return {};
    return {{"neutrophils", "below", to_text(kFebrileNeutrophils), kBillions, ""},
            {"temperature", "above", to_text(kSingleFeverAbove), "Cel", ""},
            {"temperature", "at_least", to_text(kFeverAtLeast), "Cel", ""},
            {"duration", "above", std::to_string(rules.counts.fever_sustained.count()), "min",
             "counts.fever_sustained_min"}};
}

}  // namespace

std::vector<Limit> counts_limits(Scale scale, Term term, Component component, Grade grade, const RuleSet& rules) {
    if (scale == Scale::icaht_early) return early_icaht(grade);
    if (scale == Scale::icaht_late) return late_icaht(grade);
    if (scale == Scale::t_icaht) return t_icaht(term, grade);
    if (scale == Scale::car_hematotox) return hematotox(component);
    if (term == Term::febrile_neutropenia) return febrile_neutropenia(grade, rules);
    const auto version = scale == Scale::ctcae_6_0 ? CtcaeVersion::v6_0 : CtcaeVersion::v5_0;
    for (int i = 0; i < kLabTerms; ++i) {
        if (term_of(static_cast<LabTerm>(i)) == term) return lab_row(static_cast<LabTerm>(i), version, grade);
    }
    return {};
}

std::vector<Limit> immunity_limits(Term term, Grade grade, const RuleSet& rules) {
    if (term == Term::low_igg && grade == 1) return {{"igg", "at_most", to_text(kLowIgg), "g/L", ""}};
    if (term == Term::low_igg && grade == 2) return {{"igg", "at_most", to_text(kReplaceIgg), "g/L", ""}};
    if (term != Term::prolonged_b_cell_aplasia || grade != 1) return {};
    return {{"cd19", "below", to_text(kBCells), kBillions, ""},
            {"days_apart", "at_least", std::to_string(rules.counts.aplasia_apart_days), "d", "counts.aplasia_apart_d"},
            {"infusion_day", "above", std::to_string(rules.counts.aplasia_after_day), "d", "counts.aplasia_after_d"}};
}

}  // namespace cellvigil
