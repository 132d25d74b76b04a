#include "rules/findings/findings.h"

#include <array>
#include <cstdio>

#include "rules/base/hash.h"

namespace cellvigil {

const char* name_of(ZosterClass zoster) {
    switch (zoster) {
        case ZosterClass::unspecified:
            return "unspecified";
        case ZosterClass::localised:
            return "localised";
        case ZosterClass::multidermatomal:
            return "multidermatomal";
        case ZosterClass::disseminated:
            return "disseminated";
        case ZosterClass::ophthalmic_or_oticus:
            return "ophthalmic_or_oticus";
        case ZosterClass::cns_or_visceral:
            return "cns_or_visceral";
    }
    return "unspecified";
}

bool is_worse(const SubjectAlert& now, const SubjectAlert& before) {
    Components both = before.deciding;
    both.add(now.deciding);
    return now.urgency > before.urgency || (now.urgency == before.urgency && now.weight > before.weight) ||
           now.grade > before.grade || now.grade_upper > before.grade_upper || now.zoster > before.zoster ||
           both != before.deciding;
}

const char* name_of(SubjectState state) {
    switch (state) {
        case SubjectState::enrolled:
            return "enrolled";
        case SubjectState::infused:
            return "infused";
        case SubjectState::at_risk:
            return "at_risk";
        case SubjectState::off_study:
            return "off_study";
        case SubjectState::lost:
            return "lost";
        case SubjectState::dead:
            return "dead";
        case SubjectState::withdrawn:
            return "withdrawn";
        case SubjectState::not_enrolled:
            return "not_enrolled";
    }
    return "unknown";
}

std::string alert_id(std::string_view subject_key, const SubjectAlert& alert) {
    std::string text(subject_key);
    text += '\n';
    text += name_of(alert.rule);
    text += '\n' + std::to_string(alert.infusion) + '\n' + std::to_string(alert.ordinal);
    if (alert.of_record != 0) text += '\n' + std::to_string(alert.of_record);
    std::array<char, 33> hex{};
    std::snprintf(hex.data(), hex.size(), "%016llx%016llx", static_cast<unsigned long long>(hash64(text, 0)),
                  static_cast<unsigned long long>(hash64(text, 1)));
    return {hex.data(), 32};
}

std::vector<CellKey> cells_of(const SubjectSummary& summary) {
    std::vector<CellKey> cells;
    cells.push_back({"subject_state", static_cast<std::int32_t>(summary.state)});
    for (std::size_t kind = 0; kind < kQualityKinds; ++kind) {
        if (summary.quality.of[kind] > 0)
            cells.push_back({"data_quality", static_cast<std::int32_t>(kind), summary.quality.of[kind]});
    }
    if (summary.grade_disagreements > 0) cells.push_back({"grade_disagreement", summary.grade_disagreements});
    if (summary.grades_left_open > 0) cells.push_back({"grade_left_open", summary.grades_left_open});
    if (summary.grades_not_computed > 0) cells.push_back({"grade_not_computed", summary.grades_not_computed});
    if (!summary.infused) return cells;
    cells.push_back({"infused", 0});
    cells.push_back({"crs_max", summary.crs_max});
    cells.push_back({"crs_max_upper", summary.crs_max_upper});
    cells.push_back({"icans_max", summary.icans_max});
    cells.push_back({"icans_max_upper", summary.icans_max_upper});
    if (summary.crs_now > 0) cells.push_back({"crs_now", summary.crs_now});
    if (summary.icans_now > 0) cells.push_back({"icans_now", summary.icans_now});
    if (summary.zoster_episodes > 0) cells.push_back({"zoster", static_cast<std::int32_t>(summary.zoster_worst)});
    if (summary.zoster_past_day_90 > 0)
        cells.push_back({"zoster_past_day_90", static_cast<std::int32_t>(summary.zoster_worst)});
    if (summary.infections_past_day_90 > 0) cells.push_back({"infection_past_day_90", 0});
    return cells;
}

}  // namespace cellvigil
