#include <array>

#include "rules/base/quantity.h"
#include "rules/findings/alert_cause.h"

namespace cellvigil {
namespace {

enum class Form : std::uint8_t { dated, count, amount, word };

struct Row {
    const char* name;
    const char* words;
    Form form;
    const char* unit;
};

constexpr const char* kCells = "10*9/L";

// In the order of the enumeration.
// clang-format off
constexpr std::array<Row, kDetails> kRows{{
    {"ended", "the last course ended", Form::dated, ""},
    {"began", "it had begun", Form::dated, ""},
    {"last_dose", "last dose", Form::dated, ""},
    {"minimum_day", "the policy asks for it until day", Form::count, ""},
    {"policy", "policy", Form::word, ""},
    {"cd4", "last CD4 count", Form::amount, kCells},
    {"cd4_low", "the CD4 count is not above the limit of", Form::amount, kCells},
    {"cd4_unknown", "the CD4 count is unknown: no usable count within days", Form::count, ""},
    {"igg", "last IgG", Form::amount, "g/L"},
    {"b_cells", "last B cells (CD19)", Form::amount, kCells},
    {"b_cells_since", "B cells first seen absent", Form::dated, ""},
    {"neutrophils", "neutrophils", Form::amount, kCells},
    {"neutrophils_unknown", "the neutrophil count is unknown or too old", Form::word, ""},
    {"recovered", "neutrophils had recovered to", Form::amount, kCells},
    {"temperature", "temperature", Form::amount, "Cel"},
    {"haemoglobin", "haemoglobin", Form::amount, "g/L"},
    {"platelets", "platelets", Form::amount, kCells},
    {"medication_complete", "the site's medication reports are complete through", Form::dated, ""},
    {"medication_not_stated", "the site has not said that its medication reports are complete: what is not recorded may have been given", Form::word, ""},
    {"infection", "infection with onset", Form::word, ""},
    {"serious", "serious ones", Form::count, ""},
    {"treated", "treated ones", Form::count, ""},
    {"infections", "infections", Form::count, ""},
    {"prophylaxis", "antiviral prophylaxis at onset", Form::word, ""},
    {"previous", "the zoster before began", Form::dated, ""},
    {"zoster_class", "class", Form::word, ""},
    {"dermatomes", "dermatomes", Form::count, ""},
    {"seriousness", "criteria of seriousness stated", Form::word, ""},
    {"clock_7_days", "if fatal or life-threatening and expedited, 7 days from its being recorded end", Form::dated, ""},
    {"clock_15_days", "if serious and expedited, 15 days from its being recorded end", Form::dated, ""},
    {"growth_factor", "last growth factor", Form::dated, ""},
    {"late_icaht", "late ICAHT grade", Form::word, ""},
    {"transfusion", "last transfusion", Form::dated, ""},
    {"marrow", "whether the marrow was examined is not recorded", Form::word, ""},
    {"lineage", "lineage", Form::word, ""},
    {"since", "severe since", Form::dated, ""},
    {"grade", "grade", Form::count, ""},
    {"grade_upper", "could be grade", Form::count, ""},
    {"site_grade", "grade reported by the site", Form::count, ""},
    {"allowed_minutes", "minutes allowed", Form::count, ""},
    {"antimicrobial", "last antimicrobial began", Form::dated, ""},
    {"antimicrobial_none", "no antimicrobial is recorded", Form::word, ""},
    {"organism", "organism", Form::word, ""},
    {"again", "the same organism's infection before began", Form::dated, ""},
    {"within_days", "counted over days", Form::count, ""},
    {"missing", "no result of", Form::word, ""},
    {"landmark", "landmark day", Form::count, ""},
    {"due_since", "due until", Form::dated, ""},
    {"therapy", "the other therapy began", Form::dated, ""},
    {"competing", "it is a competing event: attribute it outside the product's window", Form::word, ""},
    {"steroid_since", "glucocorticoid since", Form::dated, ""},
    {"not_covered", "not covered against", Form::word, ""},
    {"cmv_not_tested", "no CMV test is recorded since", Form::dated, ""},
    {"transgene", "ask for a sample to be tested for the transgene", Form::word, ""},
    {"lifelong", "life-long follow-up", Form::word, ""},
    {"malignancy", "malignancy", Form::word, ""},
    {"report", "last reported", Form::dated, ""},
    {"exposed", "exposure to hepatitis B shown", Form::dated, ""},
    {"vaccine", "vaccine", Form::word, ""},
    {"crs_atypical", "new CRS is not expected this late: an infection until proven otherwise", Form::word, ""},
    {"fatal", "fatal", Form::word, ""},
    {"category", "reported as", Form::word, ""},
    {"causality", "causality by", Form::word, ""},
    {"expectedness", "expectedness", Form::word, ""},
    {"recorded", "written by the site", Form::dated, ""},
    {"mild", "grade 1 or less last seen", Form::dated, ""},
}};
// clang-format on

const Row& row_of(Detail detail) { return kRows[static_cast<std::size_t>(detail)]; }

}  // namespace

const char* name_of(Urgency urgency) {
    switch (urgency) {
        case Urgency::info:
            return "info";
        case Urgency::medium:
            return "medium";
        case Urgency::high:
            return "high";
        case Urgency::immediate:
            return "immediate";
    }
    return "high";
}

const char* name_of(Detail detail) { return row_of(detail).name; }
const char* words_of(Detail detail) { return row_of(detail).words; }
const char* unit_of(Detail detail) { return row_of(detail).unit; }

std::string value_text(const AlertDetail& detail) {
    switch (row_of(detail.what).form) {
        case Form::dated:
        case Form::word:
            return detail.text;
        case Form::count:
            return std::to_string(detail.number);
        case Form::amount:
            return detail.text + to_text(Quantity{detail.number});
    }
    return {};
}

}  // namespace cellvigil
