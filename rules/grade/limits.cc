// The numbers that the rows of the tables compare with, for explanations. Words: criteria.cc.
#include "rules/grade/limits.h"

#include "rules/grade/criteria.h"
#include "rules/grade/criteria_legacy.h"

namespace cellvigil {
namespace {

std::vector<Limit> crs_limits(Component component, Grade grade, const RuleSet& rules) {
    if (component == Component::fever && grade == 1) return {{"temperature", "at_least", "38", "Cel", ""}};
    if (component == Component::hypotension && grade == 2) {
        return {{"systolic", "below", to_text(rules.crs.systolic_adult), "mm[Hg]", "crs.sbp_adult"},
                {"mean_arterial", "below", to_text(rules.crs.map_adult), "mm[Hg]", "crs.map_adult"}};
    }
    if (component == Component::hypotension && grade == 4) {
        return {{"overlap", "at_least", std::to_string(rules.crs.overlap.count()), "min", "crs.overlap_min"}};
    }
    if (component == Component::hypoxia && grade == 2) {
        return {{"flow", "at_most", "6", "L/min", ""},
                {"spo2", "below", to_text(rules.crs.spo2_untreated), "%", "crs.spo2_untreated"}};
    }
    if (component == Component::hypoxia && grade == 3) return {{"flow", "above", "6", "L/min", ""}};
    return {};
}

std::vector<Limit> scored(std::string_view score, const char* first, const char* last) {
    return {{score, "at_least", first, "{score}", ""}, {score, "at_most", last, "{score}", ""}};
}

std::vector<Limit> icans_limits(Component component, Grade grade) {
    if (component == Component::ice) {
        if (grade == 1) return scored("ice", "7", "9");
        if (grade == 2) return scored("ice", "3", "6");
        if (grade == 3) return scored("ice", "0", "2");
        return grade == 4 ? std::vector<Limit>{{"ice", "at_most", "0", "{score}", ""}} : std::vector<Limit>{};
    }
    if (component == Component::capd) {
        if (grade == 1) return scored("capd", "1", "8");
        return grade == 3 ? std::vector<Limit>{{"capd", "at_least", "9", "{score}", ""}} : std::vector<Limit>{};
    }
    if (component == Component::seizure && grade == 3) return {{"duration", "at_most", "300", "s", ""}};
    if (component == Component::seizure && grade == 4) return {{"duration", "above", "300", "s", ""}};
    return {};
}

}  // namespace

std::vector<Limit> limits_of(Scale scale, Term term, Component component, Grade grade, const RuleSet& rules) {
    if (scale == Scale::astct_crs_2019) return crs_limits(component, grade, rules);
    if (scale == Scale::astct_icans_2019) return icans_limits(component, grade);
    if (is_counts_scale(scale, term)) return counts_limits(scale, term, component, grade, rules);
    if (is_legacy_scale(scale, term)) return legacy_limits(scale, term, component, grade, rules);
    return scale == Scale::unspecified ? immunity_limits(term, grade, rules) : suspicion_limits(term, grade, rules);
}

}  // namespace cellvigil
