#include "rules/grade/criteria_legacy.h"

#include <array>

#include "rules/grade/ctcae_version.h"

namespace cellvigil {
namespace {

// Grades 1 to 4; nullptr: no such row.
using Rows = std::array<const char*, 4>;

struct ScaleRows {
    Scale scale;
    Term term;
    Rows fever, hypotension, hypoxia, organ;
};

constexpr Rows kNoRows{nullptr, nullptr, nullptr, nullptr};
constexpr Rows kFeverOnly{"temperature of 38.0 °C or more", nullptr, nullptr, nullptr};
constexpr Rows kByFraction{nullptr, "oxygen below 40 %", "oxygen of 40 % or more, or positive pressure by mask",
                           "ventilator, or positive pressure read as one"};
constexpr Rows kLeePressure{nullptr, "hypotension that responds to fluids, or one vasopressor in low dose",
                            "a vasopressor in high dose, or more than one vasopressor", nullptr};
constexpr Rows kLeeOrgan{"grade 1 organ toxicity", "grade 2 organ toxicity",
                         "grade 3 organ toxicity, or grade 4 transaminases",
                         "grade 4 organ toxicity other than transaminases, dialysis"};
constexpr Rows kCtcaePressure{nullptr, "hypotension that responds to fluids",
                              "hypotension managed with one vasopressor",
                              "life-threatening: more than one vasopressor"};

constexpr std::array<ScaleRows, 7> kCrs{{
    {Scale::lee_2014, Term::none, kFeverOnly, kLeePressure, kByFraction, kLeeOrgan},
    {Scale::cartox_crs, Term::none, kFeverOnly, kLeePressure, kByFraction, kLeeOrgan},
    {Scale::penn,
     Term::none,
     {"fever, supportive care only", "admitted for it, or intravenous therapy other than fluids", nullptr, nullptr},
     {"hypotension, at most one bolus of fluid", "hypotension, at most one bolus of fluid",
      "hypotension treated with several boluses or a vasopressor in low dose", "a vasopressor in high dose"},
     {nullptr, nullptr, "any oxygen, CPAP and BiPAP included", "mechanical ventilation"},
     {nullptr, "creatinine grade 2 or liver tests grade 3",
      "creatinine grade 3 or liver tests grade 4, dialysis, or plasma, cryoprecipitate or fibrinogen",
      "life-threatening: creatinine grade 4 or dialysis"}},
    {Scale::ctcae_4_03,
     Term::cytokine_release_syndrome,
     {"mild reaction, fever", "interrupted, responds promptly; or admitted, or intravenous therapy",
      "prolonged, or admitted for it", nullptr},
     {nullptr, "hypotension that responds promptly", "hypotension, prolonged or recurrent", "vasopressor"},
     {nullptr, "oxygen, responds promptly", "oxygen by mask or high flow, or for long", "ventilatory support"},
     {"organ toxicity of grade 2 or more", "organ toxicity of grade 2 or more",
      "organ toxicity of grade 3 or more, plasma products, dialysis", "life-threatening organ toxicity, dialysis"}},
    {Scale::ctcae_5_0, Term::cytokine_release_syndrome, kFeverOnly, kCtcaePressure, kByFraction, kNoRows},
    {Scale::ctcae_6_0,
     Term::cytokine_release_syndrome,
     kFeverOnly,
     kCtcaePressure,
     {nullptr, "low-flow nasal cannula or blow-by", "high-flow nasal cannula, facemask, non-rebreather or Venturi mask",
      "life-threatening: positive pressure, ventilation"},
     kNoRows},
    {Scale::mskcc,
     Term::none,
     kFeverOnly,
     {"hypotension without a vasopressor", "a vasopressor for less than 24 h", "a vasopressor for 24 h or more",
      "hypotension refractory to a vasopressor in high dose"},
     kByFraction,
     kNoRows},
}};

constexpr Rows kFeverTerm{"38.0 to 39.0 °C", "above 39.0 to 40.0 °C", "above 40.0 °C for up to 24 h",
                          "above 40.0 °C for more than 24 h"};
constexpr Rows kHypotensionTerm{"low pressure, no intervention", "non-urgent intervention: fluids",
                                "medical intervention in hospital: a vasopressor",
                                "life-threatening, urgent intervention"};

constexpr Rows kCresScore{"CARTOX-10 of 7 to 9", "CARTOX-10 of 3 to 6", "CARTOX-10 of 0 to 2",
                          "obtunded, cannot be assessed"};
constexpr Rows kCresSeizure{nullptr, nullptr, "a partial seizure, or one on EEG that responds to a benzodiazepine",
                            "a generalised seizure or status epilepticus"};
constexpr Rows kCresPressure{nullptr, nullptr, "papilloedema stage 1 or 2, or opening pressure raised below 20 mmHg",
                             "papilloedema stage 3 to 5, opening pressure of 20 mmHg or more, or cerebral oedema"};
constexpr Rows kIceTerm{"ICE 7 to 9", "ICE 3 to 6", "ICE 0 to 2", "life-threatening: unarousable, cannot perform ICE"};
constexpr Rows kCapdTerm{"CAPD 1 to 8", nullptr, "CAPD 9 or more",
                         "life-threatening: unarousable, cannot perform CAPD"};

std::string row(const Rows& rows, Grade grade) {
    if (grade < 1 || grade > 4 || rows[static_cast<std::size_t>(grade - 1)] == nullptr) return "";
    return rows[static_cast<std::size_t>(grade - 1)];
}

std::string crs_row(const ScaleRows& scale, Component component, Grade grade, const RuleSet& rules) {
    if (component == Component::death) return grade == 5 ? "death due to CRS, no other principal cause" : "";
    if (component == Component::fever) return row(scale.fever, grade);
    if (component == Component::hypoxia) return row(scale.hypoxia, grade);
    if (component == Component::organ) return row(scale.organ, grade);
    if (component != Component::hypotension) return "";
    std::string text = row(scale.hypotension, grade);
    if (text.find("high dose") != std::string::npos) {
        text += " (held for " + std::to_string(rules.legacy.high_dose.count()) + " h)";
    }
    return text;
}

std::string hypoxia_row(Scale version, Grade grade) {
    const bool six = version == Scale::ctcae_6_0;
    switch (grade) {
        case 1:
            return six ? "saturation below normal, without symptoms" : "";
        case 2:
            return "intermittent oxygen";
        case 3:
            return six ? "saturation below 88 % or PaO2 of at most 55 mmHg at rest, or continuous oxygen"
                       : "saturation below 88 % or PaO2 of at most 55 mmHg at rest";
        case 4:
            return "airway compromise, intubation";
        default:
            return "";
    }
}

std::string cres_row(Component component, Grade grade) {
    if (component == Component::death) return grade == 5 ? "death due to neurotoxicity, no other principal cause" : "";
    if (component == Component::ice) return row(kCresScore, grade);
    if (component == Component::consciousness) return grade == 4 ? "obtunded, cannot be assessed" : "";
    if (component == Component::seizure) return row(kCresSeizure, grade);
    if (component == Component::motor) return grade == 4 ? "new motor weakness" : "";
    return component == Component::raised_icp ? row(kCresPressure, grade) : "";
}

std::string icans_term_row(Component component, Grade grade) {
    if (component == Component::death) return grade == 5 ? "death due to neurotoxicity, no other principal cause" : "";
    if (component == Component::ice) return row(kIceTerm, grade);
    if (component == Component::capd) return row(kCapdTerm, grade);
    // ASTCT's rows: the term itself has none of them below 4, so they only raise the upper grade.
    if (component == Component::consciousness && grade == 2)
        return "awakens to voice: named by ASTCT, not by this term";
    if (component == Component::consciousness && grade == 3) {
        return "awakens only to touch: named by ASTCT, not by this term";
    }
    return grade == 4 ? "life-threatening" : "";
}

}  // namespace

bool is_legacy_scale(Scale scale, Term term) {
    if (scale == Scale::cartox_cres) return true;
    for (const ScaleRows& rows : kCrs) {
        if (rows.scale == scale && rows.term == term) return true;
    }
    return is_ctcae(scale) && (term == Term::fever || term == Term::hypotension || term == Term::hypoxia ||
                               (term == Term::icans && scale == Scale::ctcae_6_0));
}

std::string legacy_criterion(Scale scale, Term term, Component component, Grade grade, const RuleSet& rules) {
    if (scale == Scale::cartox_cres) return cres_row(component, grade);
    for (const ScaleRows& rows : kCrs) {
        if (rows.scale == scale && rows.term == term) return crs_row(rows, component, grade, rules);
    }
    if (!is_ctcae(scale)) return "";
    if (term == Term::fever) return row(kFeverTerm, grade);
    if (term == Term::hypotension) return row(kHypotensionTerm, grade);
    if (term == Term::hypoxia) return hypoxia_row(scale, grade);
    return term == Term::icans ? icans_term_row(component, grade) : "";
}

}  // namespace cellvigil
