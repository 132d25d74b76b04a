// The alerts of a single subject: P01 to P18 of docs/alerts.md, three that read a scale, and the site's reports of
// adverse events. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/base/bit_set.h"

namespace cellvigil {

// In the order in which they were added: an alert's place among a subject's alerts hangs on it. New ones go at the end.
enum class SubjectRule : std::uint8_t {
    crs_grade_3,              // CRS of grade_upper >= 3, once per episode
    icans_grade_3,            // ICANS of grade_upper >= 3, once per episode
    toxicity_death,           // grade_upper 5 on any scale
    herpes_zoster,            // P04: any herpes zoster, once per episode
    prophylaxis_ended,        // P01: antiviral prophylaxis ended too early
    low_igg_infections,       // P02: low IgG with sinopulmonary infections, no replacement
    b_cell_aplasia,           // P03: B cells absent past month 6 and IgG low
    severe_zoster,            // P05: disseminated, ophthalmic, oticus, CNS, visceral
    neuralgia,                // P06: pain that outlasts a zoster by 90 days
    late_neutropenia,         // P07: neutrophils below 500 after day 30, or a second dip
    lasting_cytopenia,        // P08: cytopenia of grade 3 or more at day 90, 180, 365
    untreated_fever,          // P09: febrile neutropenia without an antimicrobial in time
    severe_infection,         // P10: infection of grade 3 or more past day 90, or a fatal one
    repeated_infection,       // P11: the third within 90 days, or an organism again
    cover_gap,                // P12: no Pneumocystis prophylaxis with low CD4; hepatitis B without antiviral
    uncovered_steroid,        // P13: glucocorticoid for days without cover, or without a CMV test
    second_malignancy,        // P14
    landmark_overdue,         // P15: tests of a landmark that nobody has sent
    vaccine_due,              // P16
    infection_after_therapy,  // P17: begun after another therapy did
    late_fever,               // P18: fever after day 14
    adverse_event,            // a site's report that has a reporting clock; once per record
};
inline constexpr int kSubjectRules = static_cast<int>(SubjectRule::adverse_event) + 1;

using SubjectRuleSet = BitSet<SubjectRule>;
// What a pack may switch: P01 to P18. The other three always are on; adverse events are on where a jurisdiction is.
inline constexpr SubjectRuleSet kSwitchedRules = [] {
    SubjectRuleSet rules;
    for (int i = static_cast<int>(SubjectRule::herpes_zoster); i <= static_cast<int>(SubjectRule::late_fever); ++i)
        rules.add(static_cast<SubjectRule>(i));
    return rules;
}();

const char* name_of(SubjectRule rule);  // on the wire: "crs_grade_3", "herpes_zoster" (P04), "P01", "P02", ...
const char* code_of(SubjectRule rule);  // "P01" to "P18"; empty for the other four
const char* title_of(SubjectRule rule);
// The keys that decide when it fires, as decisions.h has them: the whole keys, separated by blanks.
const char* keys_of(SubjectRule rule);
// nullopt: no P01 to P18 of that code.
std::optional<SubjectRule> subject_rule_coded(std::string_view code);

}  // namespace cellvigil
