// The numbers of the rows of the scales before ASTCT, of CTCAE's terms for their signs and of the suspicions. Words:
// criteria_legacy.cc, criteria_infections.cc.
#include "rules/grade/limits.h"

namespace cellvigil {
namespace {

using Limits = std::vector<Limit>;

constexpr std::string_view kGrade = "{grade}";
constexpr std::string_view kScore = "{score}";

Limits scored(std::string_view score, const char* first, const char* last) {
    return {{score, "at_least", first, kScore, ""}, {score, "at_most", last, kScore, ""}};
}
Limits graded(std::string_view what, const char* grade) { return {{what, "at_least", grade, kGrade, ""}}; }

// Lee 2014, CARTOX, CTCAE 5.0 and MSKCC draw the line at 40 %; CTCAE 6.0 and 4.03 name devices.
Limits crs_hypoxia(Scale scale, Grade grade) {
    const bool by_fraction =
        scale == Scale::lee_2014 || scale == Scale::cartox_crs || scale == Scale::ctcae_5_0 || scale == Scale::mskcc;
    if (scale == Scale::ctcae_6_0) {
        if (grade == 2) return {{"flow", "at_most", "6", "L/min", ""}};
        return grade == 3 ? Limits{{"flow", "above", "6", "L/min", ""}} : Limits{};
    }
    if (!by_fraction) return {};
    if (grade == 2) return {{"fio2", "below", "0.4", "1", ""}};
    return grade == 3 ? Limits{{"fio2", "at_least", "0.4", "1", ""}} : Limits{};
}

// ug/min, or ug/kg/min for dopamine; each held for legacy.high_dose_h.
Limits high_dose(const RuleSet& rules) {
    return {{"norepinephrine", "at_least", "20", "ug/min", ""},
            {"epinephrine", "at_least", "10", "ug/min", ""},
            {"dopamine", "at_least", "10", "ug/kg/min", ""},
            {"phenylephrine", "at_least", "200", "ug/min", ""},
            {"norepinephrine_equivalent", "at_least", "20", "ug/min", ""},
            {"norepinephrine_equivalent_with_vasopressin", "at_least", "10", "ug/min", ""},
            {"held", "at_least", std::to_string(rules.legacy.high_dose.count()), "h", "legacy.high_dose_h"}};
}

Limits crs_hypotension(Scale scale, Grade grade, const RuleSet& rules) {
    const bool doses = scale == Scale::lee_2014 || scale == Scale::cartox_crs;
    if (doses && grade == 3) return high_dose(rules);
    if (scale == Scale::penn && grade == 4) return high_dose(rules);
    if (scale == Scale::penn && grade == 3) {
        return {{"boluses_within", "at_most", std::to_string(rules.legacy.boluses_within.count()), "h",
                 "legacy.boluses_within_h"}};
    }
    if (scale == Scale::mskcc && grade == 2) return {{"vasopressor", "below", "24", "h", ""}};
    if (scale == Scale::mskcc && grade == 3) return {{"vasopressor", "at_least", "24", "h", ""}};
    if (scale == Scale::mskcc && grade == 4) return high_dose(rules);
    const bool bare = (grade == 2 && !doses) || (grade == 1 && (scale == Scale::mskcc || scale == Scale::penn));
    if (!bare && !(doses && grade == 2)) return {};
    return {{"systolic", "below", to_text(rules.crs.systolic_adult), "mm[Hg]", "crs.sbp_adult"}};
}

Limits crs_organ(Scale scale, Grade grade) {
    if (scale == Scale::penn) {
        constexpr const char* kCreatinine[] = {"2", "3", "4"};
        if (grade < 2 || grade > 4) return {};
        Limits limits = graded("creatinine_grade", kCreatinine[grade - 2]);
        if (grade == 2) limits.push_back({"liver_grade", "at_least", "3", kGrade, ""});
        if (grade == 3) limits.push_back({"liver_grade", "at_least", "4", kGrade, ""});
        return limits;
    }
    if (scale == Scale::ctcae_4_03) {
        if (grade == 1 || grade == 2) return graded("organ_grade", "2");
        return grade == 3 ? graded("organ_grade", "3") : grade == 4 ? graded("organ_grade", "4") : Limits{};
    }
    if (scale != Scale::lee_2014 && scale != Scale::cartox_crs) return {};
    constexpr const char* kGrades[] = {"", "1", "2", "3", "4"};
    if (grade < 1 || grade > 4) return {};
    Limits limits = graded("organ_grade", kGrades[grade]);
    if (grade == 3) limits.push_back({"transaminase_grade", "at_least", "4", kGrade, ""});
    return limits;
}

Limits legacy_crs(Scale scale, Component component, Grade grade, const RuleSet& rules) {
    if (component == Component::fever && grade == 1) return {{"temperature", "at_least", "38", "Cel", ""}};
    if (component == Component::hypotension) return crs_hypotension(scale, grade, rules);
    if (component == Component::hypoxia) return crs_hypoxia(scale, grade);
    return component == Component::organ ? crs_organ(scale, grade) : Limits{};
}

Limits cres(Component component, Grade grade, const RuleSet& rules) {
    if (component == Component::ice && grade >= 1 && grade <= 3) {
        if (grade == 1) return scored("cartox_10", "7", "9");
        return grade == 2 ? scored("cartox_10", "3", "6") : scored("cartox_10", "0", "2");
    }
    if (component != Component::raised_icp) return {};
    if (grade == 3) {
        return {{"papilloedema_stage", "at_most", "2", "{stage}", ""},
                {"csf_opening", "at_least", to_text(rules.legacy.csf_raised), "mm[Hg]", "cres.csf_raised"},
                {"csf_opening", "below", "20", "mm[Hg]", ""}};
    }
    if (grade != 4) return {};
    return {{"papilloedema_stage", "at_least", "3", "{stage}", ""}, {"csf_opening", "at_least", "20", "mm[Hg]", ""}};
}

Limits icans_term(Component component, Grade grade) {
    if (component == Component::capd && grade == 1) return scored("capd", "1", "8");
    if (component == Component::capd && grade == 3) return {{"capd", "at_least", "9", kScore, ""}};
    if (component != Component::ice) return {};
    if (grade == 1) return scored("ice", "7", "9");
    if (grade == 2) return scored("ice", "3", "6");
    return grade == 3 ? scored("ice", "0", "2") : Limits{};
}

Limits fever_term(Grade grade) {
    if (grade == 1) return {{"temperature", "at_least", "38", "Cel", ""}, {"temperature", "at_most", "39", "Cel", ""}};
    if (grade == 2) return {{"temperature", "above", "39", "Cel", ""}, {"temperature", "at_most", "40", "Cel", ""}};
    if (grade == 3) return {{"temperature", "above", "40", "Cel", ""}, {"duration", "at_most", "24", "h", ""}};
    return grade == 4 ? Limits{{"temperature", "above", "40", "Cel", ""}, {"duration", "above", "24", "h", ""}}
                      : Limits{};
}

Limits hypoxia_term(Scale scale, Grade grade, const RuleSet& rules) {
    if (scale == Scale::ctcae_6_0 && grade == 1) {
        return {{"spo2", "below", to_text(rules.legacy.spo2_normal), "%", "ctcae.spo2_normal"}};
    }
    if (grade != 3) return {};
    return {{"spo2", "below", "88", "%", ""}, {"pao2", "at_most", "55", "mm[Hg]", ""}};
}

}  // namespace

std::vector<Limit> legacy_limits(Scale scale, Term term, Component component, Grade grade, const RuleSet& rules) {
    if (component == Component::death || component == Component::none) return {};
    if (scale == Scale::cartox_cres) return cres(component, grade, rules);
    if (term == Term::icans) return icans_term(component, grade);
    if (term == Term::fever) return fever_term(grade);
    if (term == Term::hypoxia) return hypoxia_term(scale, grade, rules);
    if (term == Term::hypotension) {
        if (grade != 1) return {};
        return {{"systolic", "below", to_text(rules.crs.systolic_adult), "mm[Hg]", "crs.sbp_adult"}};
    }
    return legacy_crs(scale, component, grade, rules);
}

std::vector<Limit> suspicion_limits(Term term, Grade grade, const RuleSet& rules) {
    if (term == Term::licats && grade == 2) return {{"duration", "above", "7", "d", ""}};
    if (grade != kNotGradable) return {};
    if (term == Term::iec_hs) {
        return {{"ferritin", "above", "2", "{limit or baseline}", ""},
                {"alt", "above", "5", "{limit}", ""},
                {"ast", "above", "5", "{limit}", ""},
                {"fibrinogen", "below", "1.5", "g/L", ""},
                {"cell_line_grade", "at_least", "4", kGrade, ""},
                {"cluster", "at_most", std::to_string(rules.suspicion.cluster.count()), "h", "iec_hs.cluster_h"}};
    }
    if (term == Term::ferritin_hook) {
        return {
            {"ferritin_fall", "above", "90", "%", ""},
            {"fall_within", "at_most", std::to_string(rules.suspicion.hook_fall.count()), "h", "iec_hs.hook_fall_h"}};
    }
    if (term == Term::hbv_reactivation_suspected) {
        return {{"hbv_dna_rise", "at_least", "100", "{baseline}", ""},
                {"hbv_dna", "at_least", "1000", "[IU]/mL", ""},
                {"hbv_dna", "at_least", "10000", "[IU]/mL", ""}};
    }
    if (term != Term::delayed_neurotoxicity) return {};
    return {{"infusion_day", "above", std::to_string(rules.icans.late_day), "d", "icans.late_d"}};
}

}  // namespace cellvigil
