#include "rules/grade/coded_diagnosis.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

namespace cellvigil {
namespace {

// Without regard to case; a locale has no say.
char large(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool is_icd_10(const Coding& coding) {
    std::string system;
    for (const char c : coding.system) {
        if (c != '-' && c != ' ' && c != '_') system += large(c);
    }
    return system.find("ICD10") != std::string::npos;
}

// "C84.1", "C841" and "c84" are of C84.
std::string bare(std::string_view code) {
    std::string text;
    for (const char c : code) {
        if (c != '.') text += large(c);
    }
    return text;
}

bool is_coded(const AdverseEvent& report, std::initializer_list<std::string_view> classes) {
    return std::any_of(report.codes.begin(), report.codes.end(), [&](const Coding& coding) {
        if (!is_icd_10(coding)) return false;
        const std::string code = bare(coding.code);
        return std::any_of(classes.begin(), classes.end(), [&](std::string_view one) { return code.starts_with(one); });
    });
}

}  // namespace

bool is_t_cell_malignancy(const AdverseEvent& report) {
    return report.category == AdverseEventCategory::t_cell_malignancy ||
           is_coded(report, {"C84", "C86", "C915", "C916"});
}

MalignancySign malignancy_sign(const AdverseEvent& report) {
    if (is_coded(report, {"R59"})) return MalignancySign::lymph_nodes;
    if (is_coded(report, {"R22", "R190"})) return MalignancySign::mass;
    return is_coded(report, {"R21"}) ? MalignancySign::rash : MalignancySign::none;
}

}  // namespace cellvigil
