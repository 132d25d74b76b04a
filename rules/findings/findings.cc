#include "rules/findings/findings.h"

namespace cellvigil {

const char* name_of(SubjectRule rule) {
    switch (rule) {
        case SubjectRule::crs_grade_3: return "crs_grade_3";
        case SubjectRule::icans_grade_3: return "icans_grade_3";
        case SubjectRule::toxicity_death: return "toxicity_death";
        case SubjectRule::herpes_zoster: return "herpes_zoster";
    }
    return "unknown";
}

const char* severity_of(SubjectRule rule, ZosterClass zoster) {
    switch (rule) {
        case SubjectRule::crs_grade_3:
        case SubjectRule::icans_grade_3: return "high";
        case SubjectRule::toxicity_death: return "immediate";
        case SubjectRule::herpes_zoster: return zoster >= ZosterClass::disseminated ? "immediate" : "medium";
    }
    return "high";
}

const char* name_of(SubjectState state) {
    switch (state) {
        case SubjectState::enrolled: return "enrolled";
        case SubjectState::infused: return "infused";
        case SubjectState::at_risk: return "at_risk";
        case SubjectState::off_study: return "off_study";
        case SubjectState::lost: return "lost";
        case SubjectState::dead: return "dead";
        case SubjectState::withdrawn: return "withdrawn";
        case SubjectState::not_enrolled: return "not_enrolled";
    }
    return "unknown";
}

std::vector<CellKey> cells_of(const SubjectSummary& summary) {
    std::vector<CellKey> cells;
    cells.push_back({"subject_state", static_cast<std::int32_t>(summary.state)});
    if (!summary.infused) return cells;
    cells.push_back({"infused", 0});
    cells.push_back({"crs_max", summary.crs_max});
    cells.push_back({"crs_max_upper", summary.crs_max_upper});
    cells.push_back({"icans_max", summary.icans_max});
    cells.push_back({"icans_max_upper", summary.icans_max_upper});
    if (summary.crs_now > 0) cells.push_back({"crs_now", summary.crs_now});
    if (summary.icans_now > 0) cells.push_back({"icans_now", summary.icans_now});
    if (summary.zoster_episodes > 0) cells.push_back({"zoster", static_cast<std::int32_t>(summary.zoster_worst)});
    if (summary.zoster_past_day_90 > 0) cells.push_back({"zoster_past_day_90", static_cast<std::int32_t>(summary.zoster_worst)});
    if (summary.infections_past_day_90 > 0) cells.push_back({"infection_past_day_90", 0});
    return cells;
}

}  // namespace cellvigil
