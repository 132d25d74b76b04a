#include "rules/grade/criteria.h"

#include "rules/grade/criteria_legacy.h"

namespace cellvigil {
namespace {

std::string crs_hypotension(Grade grade, const RuleSet& rules) {
    switch (grade) {
        case 2:
            return "hypotension without need of a vasopressor (adults: below " + to_text(rules.crs.systolic_adult) +
                   " mmHg)";
        case 3:
            return "one vasopressor, with or without vasopressin";
        case 4:
            return "two or more vasopressors, vasopressin not counted, together for at least " +
                   std::to_string(rules.crs.overlap.count()) + " min";
        default:
            return "";
    }
}

std::string crs_hypoxia(Grade grade, const RuleSet& rules) {
    switch (grade) {
        case 2:
            return "nasal cannula up to 6 L/min or blow-by, or saturation below " + to_text(rules.crs.spo2_untreated) +
                   " % on room air";
        case 3:
            return "nasal cannula above 6 L/min, facemask, non-rebreather or Venturi mask";
        case 4:
            return "positive pressure: CPAP, BiPAP, ventilation";
        default:
            return "";
    }
}

std::string score(const char* name, Grade grade) {
    const bool ice = std::string_view(name) == "ICE";
    switch (grade) {
        case 1:
            return ice ? "ICE 7 to 9" : "CAPD 1 to 8";
        case 2:
            return ice ? "ICE 3 to 6" : "";
        case 3:
            return ice ? "ICE 0 to 2" : "CAPD 9 or more";
        case 4:
            return ice ? "ICE 0, unarousable and cannot perform" : "cannot perform CAPD, unarousable";
        default:
            return "";
    }
}

std::string consciousness(Grade grade) {
    switch (grade) {
        case 2:
            return "awakens to voice";
        case 3:
            return "awakens only to touch";
        case 4:
            return "unarousable, or only by vigorous or repetitive touch";
        default:
            return "";
    }
}

std::string seizure(Grade grade) {
    switch (grade) {
        case 3:
            return "a seizure that resolves within 5 minutes";
        case 4:
            return "a seizure of more than 5 minutes, or repetitive without return to baseline";
        default:
            return "";
    }
}

std::string raised_pressure(Grade grade) {
    switch (grade) {
        case 3:
            return "focal oedema on imaging";
        case 4:
            return "diffuse oedema on imaging, posturing, sixth nerve palsy, papilloedema or Cushing's triad";
        default:
            return "";
    }
}

std::string icans(Component component, Grade grade) {
    if (component == Component::ice) return score("ICE", grade);
    if (component == Component::capd) return score("CAPD", grade);
    if (component == Component::consciousness) return consciousness(grade);
    if (component == Component::seizure) return seizure(grade);
    if (component == Component::motor) return grade == 4 ? "deep focal weakness: hemiparesis, paraparesis" : "";
    if (component == Component::raised_icp) return raised_pressure(grade);
    return component == Component::death && grade == 5 ? "death due to ICANS, no other principal cause" : "";
}

std::string crs(Component component, Grade grade, const RuleSet& rules) {
    if (component == Component::fever) return grade == 1 ? "temperature of 38.0 °C or more" : "";
    if (component == Component::hypotension) return crs_hypotension(grade, rules);
    if (component == Component::hypoxia) return crs_hypoxia(grade, rules);
    return component == Component::death && grade == 5 ? "death due to CRS, no other principal cause" : "";
}

std::vector<CitedValue> values_for(Component component, const Assessment& said, const FactOf& fact_of) {
    std::vector<CitedValue> values;
    for (const RecordRef record : said.evidence) {
        const Fact* fact = record.known() ? fact_of(record) : nullptr;
        if (fact == nullptr || !components_of(*fact).has(component)) continue;
        for (NamedValue& value : values_of(*fact)) values.push_back({record, fact->at, std::move(value)});
    }
    return values;
}

}  // namespace

std::string criterion_of(Scale scale, Term term, Component component, Grade grade, const RuleSet& rules) {
    if (is_counts_scale(scale, term)) return counts_criterion(scale, term, component, grade);
    if (component == Component::none) return infection_criterion_of(scale, term, grade);
    if (scale == Scale::astct_crs_2019) return crs(component, grade, rules);
    if (is_legacy_scale(scale, term)) return legacy_criterion(scale, term, component, grade, rules);
    return scale == Scale::astct_icans_2019 ? icans(component, grade) : "";
}

Explanation explain(const Assessment& said, const FactOf& fact_of, UtcOffset offset, const RuleSet& rules) {
    Explanation explanation;
    explanation.sentence = render_sentence(said, fact_of, offset, rules);
    if (!said.under_surveillance) return explanation;
    const Grade grade = said.grade >= 1 ? said.grade : said.grade_upper;
    for (int i = 0; i < kComponents; ++i) {
        const auto component = static_cast<Component>(i);
        if (!said.deciding.has(component)) continue;
        explanation.criteria.push_back({component, criterion_of(said.scale, said.term, component, grade, rules),
                                        limits_of(said.scale, component, grade, rules),
                                        values_for(component, said, fact_of)});
    }
    if (explanation.criteria.empty()) {
        std::string whole = criterion_of(said.scale, said.term, Component::none, said.grade, rules);
        if (!whole.empty()) explanation.criteria.push_back({Component::none, std::move(whole), {}, {}});
    }
    for (const RecordRef record : said.evidence) {
        const Fact* fact = record.known() ? fact_of(record) : nullptr;
        if (fact != nullptr) explanation.quotes.push_back({record, fact->at, describe_fact(*fact, said, offset)});
    }
    for (int i = 0; i < kFlags; ++i) {
        const auto flag = static_cast<Flag>(i);
        if (said.flags.has(flag)) explanation.remarks.push_back({flag, meaning_of(flag)});
    }
    explanation.decisions = decisions_behind(said, fact_of, rules);
    return explanation;
}

}  // namespace cellvigil
