// ASTCT CRS by the whole core: facts in, assessment out. Each row is a vector of the grading specification
// (docs/clinical/crs.md), told as a ward would chart it, or a row on one side of a limit.
#include "rules/grade/crs.h"

#include <functional>
#include <ostream>

#include <gtest/gtest.h>

#include "tests/support/case_name.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;

struct CrsCase {
    const char* name;
    std::function<void(Story&)> tell;
    Instant asked;
    Grade grade;
    Grade upper;
    Components deciding;
    Flags flags;
};
void PrintTo(const CrsCase& c, std::ostream* out) { *out << c.name; }

constexpr Grade NA = kNotGradable;
const Instant noon = d(3, 12);

std::string names(Flags flags) {
    std::string text;
    for (int i = 0; i < kFlags; ++i) {
        if (flags.has(static_cast<Flag>(i))) text += std::string(name_of(static_cast<Flag>(i))) + " ";
    }
    return text;
}
std::string names(Components components) {
    std::string text;
    for (int i = 0; i < kComponents; ++i) {
        if (components.has(static_cast<Component>(i))) text += std::string(name_of(static_cast<Component>(i))) + " ";
    }
    return text;
}

class AstctCrs : public testing::TestWithParam<CrsCase> {};

TEST_P(AstctCrs, grade) {
    const CrsCase& c = GetParam();
    Story told;
    c.tell(told);
    const Assessment said = told.at(c.asked, Scale::astct_crs_2019);
    EXPECT_EQ(int{said.grade}, int{c.grade});
    EXPECT_EQ(int{said.grade_upper}, int{c.upper});
    EXPECT_EQ(names(said.deciding), names(c.deciding));
    EXPECT_EQ(names(said.flags), names(c.flags));
    EXPECT_EQ(said.needs_adjudication(), !c.flags.empty());
}

Story& adult(Story& s) { return s.adult().infused(); }
Story& child(Story& s, std::uint32_t years) { return s.aged_years(years).infused(); }

Story& ventilated(Story& s, Indication why) {
    return s.oxygen(d(3, 11), OxygenDevice::invasive_ventilation, std::nullopt, why);
}

void daytime_bipap(Story& s) {
    s.adult();
    Intervention home;
    home.kind = InterventionKind::oxygen;
    home.phase = InterventionPhase::start;
    home.device = OxygenDevice::bipap;
    home.indication = Indication::baseline;
    home.nocturnal_only = true;
    s.tell(d(-1), home).infused().temperature(d(3, 11), 38.5);
    Intervention now = home;
    now.phase = InterventionPhase::change;
    now.indication = Indication::unspecified;
    now.nocturnal_only = false;
    now.fio2 = hundredths(50);
    s.tell(d(3, 11), now);
}

using F = Flag;
using C = Component;

const CrsCase kVectors[] = {
    // Fever gate and units
    {"C01_below_fever", [](Story& s) { adult(s).temperature(d(3, 11), 37.9); }, noon, 0, 0, {}, {}},
    {"C03_fever_exactly_38", [](Story& s) { adult(s).temperature(d(3, 11), 38.0); }, noon, 1, 1, {C::fever}, {}},
    {"C03_just_below_rounds_down", [](Story& s) { adult(s).temperature(d(3, 11), 37.994); }, noon, 0, 0, {}, {}},
    {"C03_just_below_rounds_up", [](Story& s) { adult(s).temperature(d(3, 11), 37.995); }, noon, 1, 1, {C::fever}, {}},
    {"C05_implausible_temperature",
     [](Story& s) { adult(s).temperature(d(3, 11), 45.8).last_with(bit(EventFlag::implausible)); },
     noon,
     NA,
     NA,
     {},
     {F::implausible_input}},
    {"C07_no_temperature_for_10_h",
     [](Story& s) { adult(s).temperature(d(3, 2), 37.0).starts(d(3, 11), Agent::norepinephrine); },
     noon,
     NA,
     3,
     {C::hypotension},
     {F::temp_unknown}},
    {"temperature_holds_8_h", [](Story& s) { adult(s).temperature(d(3, 4), 37.0); }, noon, 0, 0, {}, {}},
    {"temperature_gone_after_8_h",
     [](Story& s) { adult(s).temperature(d(3, 3, 59), 37.0); },
     noon,
     NA,
     NA,
     {},
     {F::temp_unknown}},
    // Hypotension
    {"C09_two_low_and_bolus",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 11), 38.6)
             .systolic(d(3, 11), 84)
             .systolic(d(3, 11, 10), 82)
             .bolus(d(3, 11, 15), 500);
     },
     noon,
     2,
     2,
     {C::hypotension},
     {}},
    {"C11_single_low_repeat_normal",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).systolic(d(3, 11), 88).systolic(d(3, 11, 10), 104); },
     noon,
     1,
     2,
     {C::fever},
     {F::unconfirmed_hypotension}},
    {"C13_norepinephrine",
     [](Story& s) { adult(s).temperature(d(3, 11), 39).starts(d(3, 11), Agent::norepinephrine); },
     noon,
     3,
     3,
     {C::hypotension},
     {}},
    {"C15_two_pressors",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 11), 39)
             .starts(d(3, 11), Agent::norepinephrine)
             .starts(d(3, 11, 15), Agent::epinephrine);
     },
     noon,
     4,
     4,
     {C::hypotension},
     {}},
    {"two_pressors_29_min",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 11), 39)
             .starts(d(3, 11), Agent::norepinephrine)
             .starts(d(3, 11, 31), Agent::epinephrine);
     },
     noon,
     3,
     4,
     {C::hypotension},
     {F::pressor_crossover}},
    {"two_pressors_30_min",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 11), 39)
             .starts(d(3, 11), Agent::norepinephrine)
             .starts(d(3, 11, 30), Agent::epinephrine);
     },
     noon,
     4,
     4,
     {C::hypotension},
     {}},
    {"C17_vasopressin_alone",
     [](Story& s) { adult(s).temperature(d(3, 11), 39).starts(d(3, 11), Agent::vasopressin); },
     noon,
     3,
     3,
     {C::hypotension},
     {F::vasopressin_only}},
    {"norepinephrine_and_vasopressin_is_one",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 11), 39)
             .starts(d(3, 11), Agent::norepinephrine)
             .starts(d(3, 11), Agent::vasopressin);
     },
     noon,
     3,
     3,
     {C::hypotension},
     {}},
    {"C19_swap_10_min_overlap",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 11), 39)
             .starts(d(3, 10), Agent::norepinephrine)
             .starts(d(3, 11, 30), Agent::phenylephrine)
             .stops(d(3, 11, 40), Agent::norepinephrine);
     },
     noon,
     3,
     4,
     {C::hypotension},
     {F::pressor_crossover}},
    {"C21_dobutamine_with_low_pressure",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 11), 39)
             .systolic(d(3, 11), 84)
             .systolic(d(3, 11, 10), 83)
             .starts(d(3, 11, 15), Agent::dobutamine);
     },
     noon,
     2,
     3,
     {C::hypotension},
     {F::nonstandard_pressor}},
    {"C23_push_dose",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 11), 39)
             .systolic(d(3, 11), 80)
             .systolic(d(3, 11, 10), 81)
             .gives(d(3, 11, 15), Agent::phenylephrine);
     },
     noon,
     2,
     3,
     {C::hypotension},
     {F::nonstandard_pressor}},
    {"C25_dopamine_dose_is_irrelevant",
     [](Story& s) { adult(s).temperature(d(3, 11), 39).starts(d(3, 11), Agent::dopamine); },
     noon,
     3,
     3,
     {C::hypotension},
     {}},
    {"C27_age_5_below_80",
     [](Story& s) { child(s, 5).temperature(d(3, 11), 38.5).systolic(d(3, 11), 79).systolic(d(3, 11, 10), 78); },
     noon,
     2,
     2,
     {C::hypotension},
     {}},
    {"age_5_at_80",
     [](Story& s) { child(s, 5).temperature(d(3, 11), 38.5).systolic(d(3, 11), 80).systolic(d(3, 11, 10), 80); },
     noon,
     1,
     1,
     {C::fever},
     {}},
    {"C29_age_8_months_below_70",
     [](Story& s) {
         s.aged_days(240).infused().temperature(d(3, 11), 38.5).systolic(d(3, 11), 68).systolic(d(3, 11, 10), 69);
     },
     noon,
     2,
     2,
     {C::hypotension},
     {}},
    {"age_20_days_at_60",
     [](Story& s) {
         s.aged_days(20).infused().temperature(d(3, 11), 38.5).systolic(d(3, 11), 60).systolic(d(3, 11, 10), 60);
     },
     noon,
     1,
     1,
     {C::fever},
     {}},
    {"age_20_days_below_60",
     [](Story& s) {
         s.aged_days(20).infused().temperature(d(3, 11), 38.5).systolic(d(3, 11), 59).systolic(d(3, 11, 10), 59);
     },
     noon,
     2,
     2,
     {C::hypotension},
     {}},
    {"C31_age_14_below_centile",
     [](Story& s) { child(s, 14).temperature(d(3, 11), 38.5).systolic(d(3, 11), 91).systolic(d(3, 11, 10), 92); },
     noon,
     1,
     2,
     {C::fever},
     {F::paed_centile}},
    {"age_14_at_centile",
     [](Story& s) { child(s, 14).temperature(d(3, 11), 38.5).systolic(d(3, 11), 93).systolic(d(3, 11, 10), 93); },
     noon,
     1,
     1,
     {C::fever},
     {}},
    {"adult_at_90",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).systolic(d(3, 11), 90).systolic(d(3, 11, 10), 90); },
     noon,
     1,
     1,
     {C::fever},
     {}},
    {"two_low_4_min_apart",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).systolic(d(3, 11), 89).systolic(d(3, 11, 4), 89); },
     noon,
     1,
     2,
     {C::fever},
     {F::unconfirmed_hypotension}},
    {"two_low_5_min_apart",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).systolic(d(3, 11), 89).systolic(d(3, 11, 5), 89); },
     noon,
     2,
     2,
     {C::hypotension},
     {}},
    {"bolus_249_ml",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).systolic(d(3, 11), 88).bolus(d(3, 11, 10), 249); },
     noon,
     1,
     2,
     {C::fever},
     {F::unconfirmed_hypotension}},
    {"bolus_250_ml",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).systolic(d(3, 11), 88).bolus(d(3, 11, 10), 250); },
     noon,
     2,
     2,
     {C::hypotension},
     {}},
    {"bolus_without_low_reading",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).bolus(d(3, 11, 10), 500); },
     noon,
     1,
     1,
     {C::fever},
     {}},
    {"mean_pressure_only",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).mean_pressure(d(3, 11), 64).mean_pressure(d(3, 11, 10), 64); },
     noon,
     2,
     2,
     {C::hypotension},
     {F::map_only}},
    {"mean_pressure_at_65",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).mean_pressure(d(3, 11), 65).mean_pressure(d(3, 11, 10), 65); },
     noon,
     1,
     1,
     {C::fever},
     {}},
    {"midodrine",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).starts(d(3, 11), Agent::midodrine); },
     noon,
     2,
     3,
     {C::hypotension},
     {F::nonstandard_pressor}},
    {"methylene_blue_with_norepinephrine",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 11), 38.5)
             .starts(d(3, 11), Agent::norepinephrine)
             .gives(d(3, 11, 10), Agent::methylene_blue);
     },
     noon,
     3,
     4,
     {C::hypotension},
     {F::nonstandard_pressor}},
    {"dobutamine_with_norepinephrine",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 11), 38.5)
             .starts(d(3, 11), Agent::norepinephrine)
             .starts(d(3, 11, 10), Agent::dobutamine);
     },
     noon,
     3,
     4,
     {C::hypotension},
     {F::nonstandard_pressor}},
    {"terlipressin",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).starts(d(3, 11), Agent::terlipressin); },
     noon,
     3,
     4,
     {C::hypotension},
     {F::nonstandard_pressor}},
    {"pressor_charted_4_h_ago",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).starts(d(3, 8), Agent::norepinephrine); },
     noon,
     3,
     3,
     {C::hypotension},
     {}},
    {"pressor_not_charted_for_more_than_4_h",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).starts(d(3, 7, 59), Agent::norepinephrine); },
     noon,
     3,
     3,
     {C::hypotension},
     {F::stale_input}},
    // Hypoxia
    {"C33_cannula_6",
     [](Story& s) { adult(s).temperature(d(3, 11), 39).oxygen(d(3, 11), OxygenDevice::nasal_cannula, 6.0); },
     noon,
     2,
     2,
     {C::hypoxia},
     {}},
    {"C34_cannula_6_5",
     [](Story& s) { adult(s).temperature(d(3, 11), 39).oxygen(d(3, 11), OxygenDevice::nasal_cannula, 6.5); },
     noon,
     3,
     3,
     {C::hypoxia},
     {}},
    {"C35_high_flow_7",
     [](Story& s) { adult(s).temperature(d(3, 11), 39).oxygen(d(3, 11), OxygenDevice::high_flow_nasal, 7.0); },
     noon,
     3,
     3,
     {C::hypoxia},
     {}},
    {"C37_child_high_flow_5",
     [](Story& s) { child(s, 6).temperature(d(3, 11), 39).oxygen(d(3, 11), OxygenDevice::high_flow_nasal, 5.0); },
     noon,
     2,
     3,
     {C::hypoxia},
     {F::hfnc_low_flow}},
    {"cannula_flow_missing",
     [](Story& s) { adult(s).temperature(d(3, 11), 39).oxygen(d(3, 11), OxygenDevice::nasal_cannula); },
     noon,
     2,
     3,
     {C::hypoxia},
     {F::o2_flow_missing}},
    {"blow_by",
     [](Story& s) { adult(s).temperature(d(3, 11), 39).oxygen(d(3, 11), OxygenDevice::blow_by); },
     noon,
     2,
     2,
     {C::hypoxia},
     {}},
    {"C39_facemask_5",
     [](Story& s) { adult(s).temperature(d(3, 11), 39).oxygen(d(3, 11), OxygenDevice::face_mask, 5.0); },
     noon,
     3,
     3,
     {C::hypoxia},
     {}},
    {"C41_non_rebreather",
     [](Story& s) { adult(s).temperature(d(3, 11), 39).oxygen(d(3, 11), OxygenDevice::non_rebreather, 15.0); },
     noon,
     3,
     3,
     {C::hypoxia},
     {}},
    {"venturi",
     [](Story& s) { adult(s).temperature(d(3, 11), 39).oxygen(d(3, 11), OxygenDevice::venturi, 4.0); },
     noon,
     3,
     3,
     {C::hypoxia},
     {}},
    {"C43_comfort_oxygen",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 11), 38.2)
             .spo2(d(3, 11), 97)
             .oxygen(d(3, 11), OxygenDevice::nasal_cannula, 2.0, Indication::comfort);
     },
     noon,
     1,
     1,
     {C::fever},
     {F::comfort_o2}},
    {"C45_home_oxygen_2_to_4",
     [](Story& s) {
         s.adult().oxygen(d(-3), OxygenDevice::nasal_cannula, 2.0, Indication::baseline).infused();
         s.temperature(d(3, 11), 38.5).oxygen(d(3, 11), OxygenDevice::nasal_cannula, 4.0);
     },
     noon,
     2,
     2,
     {C::hypoxia},
     {}},
    {"home_oxygen_unchanged",
     [](Story& s) {
         s.adult().oxygen(d(-3), OxygenDevice::nasal_cannula, 2.0, Indication::baseline).infused();
         s.temperature(d(3, 11), 38.5).oxygen(d(3, 11), OxygenDevice::nasal_cannula, 2.5);
     },
     noon,
     1,
     1,
     {C::fever},
     {F::baseline_support}},
    {"C47_bipap_by_day", daytime_bipap, noon, 4, 4, {C::hypoxia}, {}},
    {"C48_cpap",
     [](Story& s) { adult(s).temperature(d(3, 11), 39).oxygen(d(3, 11), OxygenDevice::cpap); },
     noon,
     4,
     4,
     {C::hypoxia},
     {}},
    {"C49_intubated_for_hypoxia",
     [](Story& s) { ventilated(adult(s).temperature(d(3, 11), 39), Indication::hypoxia); },
     noon,
     4,
     4,
     {C::hypoxia},
     {}},
    {"C50_intubated_for_airway",
     [](Story& s) { ventilated(adult(s).temperature(d(3, 11), 38.4), Indication::airway); },
     noon,
     1,
     4,
     {C::fever},
     {F::airway_reason}},
    {"C51_intubated_no_reason",
     [](Story& s) { ventilated(adult(s).temperature(d(3, 11), 38.4), Indication::unspecified); },
     noon,
     4,
     4,
     {C::hypoxia},
     {F::airway_reason}},
    {"C53_untreated_hypoxia",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).spo2(d(3, 11), 86).spo2(d(3, 11, 10), 87); },
     noon,
     2,
     2,
     {C::hypoxia},
     {F::untreated_hypoxia}},
    {"saturation_90_twice",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).spo2(d(3, 11), 90).spo2(d(3, 11, 10), 90); },
     noon,
     1,
     2,
     {C::fever},
     {F::untreated_hypoxia}},
    {"saturation_92_once",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).spo2(d(3, 11), 92); },
     noon,
     1,
     1,
     {C::fever},
     {}},
    {"saturation_91_once",
     [](Story& s) { adult(s).temperature(d(3, 11), 38.5).spo2(d(3, 11), 91); },
     noon,
     1,
     2,
     {C::fever},
     {F::untreated_hypoxia}},
    // Maximum, masking, attribution
    {"C55_published_example",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 11), 38.7)
             .starts(d(3, 11), Agent::norepinephrine)
             .oxygen(d(3, 11), OxygenDevice::nasal_cannula, 2.0);
     },
     noon,
     3,
     3,
     {C::hypotension},
     {}},
    {"C57_bipap_beats_pressor",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 11), 38.7)
             .starts(d(3, 11), Agent::norepinephrine)
             .starts(d(3, 11), Agent::vasopressin)
             .oxygen(d(3, 11), OxygenDevice::bipap);
     },
     noon,
     4,
     4,
     {C::hypoxia},
     {}},
    {"C58_afebrile_after_paracetamol",
     [](Story& s) {
         adult(s)
             .temperature(d(2, 20), 38.8)
             .gives(d(2, 21), Agent::paracetamol)
             .temperature(d(3, 11), 36.9)
             .starts(d(3, 11), Agent::norepinephrine);
     },
     noon,
     3,
     3,
     {C::hypotension},
     {}},
    {"C59_tocilizumab_12_h_ago",
     [](Story& s) {
         adult(s)
             .temperature(d(2, 20), 39.2)
             .gives(d(3, 0), Agent::tocilizumab)
             .temperature(d(3, 11), 36.8)
             .starts(d(3, 11), Agent::norepinephrine);
     },
     noon,
     3,
     3,
     {C::hypotension},
     {}},
    {"C61_fever_this_morning",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 9), 38.6)
             .temperature(d(3, 14), 37.4)
             .oxygen(d(3, 14), OxygenDevice::nasal_cannula, 3.0);
     },
     d(3, 15),
     2,
     2,
     {C::hypoxia},
     {}},
    {"C63_no_fever_gate",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 11), 36.9)
             .systolic(d(3, 11), 82)
             .systolic(d(3, 11, 10), 80)
             .bolus(d(3, 11, 15), 500);
     },
     noon,
     0,
     0,
     {},
     {F::no_fever_gate}},
    {"masked_onset_after_paracetamol",
     [](Story& s) {
         adult(s)
             .gives(d(3, 9), Agent::paracetamol)
             .temperature(d(3, 11), 36.9)
             .starts(d(3, 11), Agent::norepinephrine);
     },
     noon,
     0,
     3,
     {C::hypotension},
     {F::masked_onset}},
    {"paracetamol_window_over",
     [](Story& s) {
         adult(s)
             .gives(d(3, 5, 59), Agent::paracetamol)
             .temperature(d(3, 11), 36.9)
             .starts(d(3, 11), Agent::norepinephrine);
     },
     noon,
     0,
     0,
     {},
     {F::no_fever_gate}},
    {"C65_fever_and_hypotension_signed_off",
     [](Story& s) {
         adult(s)
             .signed_other(d(3, 11), Scale::astct_crs_2019, Component::fever, "septic shock")
             .signed_other(d(3, 11), Scale::astct_crs_2019, Component::hypotension, "septic shock")
             .temperature(d(3, 11), 38.8)
             .starts(d(3, 11), Agent::norepinephrine);
     },
     noon,
     0,
     3,
     {C::hypotension},
     {F::alt_cause_confirmed}},
    {"C67_hypotension_signed_off",
     [](Story& s) {
         adult(s)
             .temperature(d(3, 11), 38.6)
             .starts(d(3, 11), Agent::norepinephrine)
             .signed_other(d(3, 11, 30), Scale::astct_crs_2019, Component::hypotension, "bleeding");
     },
     noon,
     1,
     3,
     {C::fever},
     {F::alt_cause_confirmed}},
    {"C69_organ_toxicity_ignored",
     [](Story& s) {
         adult(s).temperature(d(3, 11), 38.6).lab(d(3, 11), Analyte::alt, 400).lab(d(3, 11), Analyte::creatinine, 200);
     },
     noon,
     1,
     1,
     {C::fever},
     {}},
    // Timing, recurrence, death
    {"C71_first_fever_day_14",
     [](Story& s) { adult(s).temperature(d(14, 23, 59), 38.3); },
     d(14, 23, 59),
     1,
     1,
     {C::fever},
     {}},
    {"first_fever_day_15",
     [](Story& s) { adult(s).temperature(d(15, 0), 38.3); },
     d(15, 1),
     1,
     1,
     {C::fever},
     {F::late_onset}},
    {"first_fever_day_21",
     [](Story& s) { adult(s).temperature(d(21, 23, 59), 38.3); },
     d(21, 23, 59),
     1,
     1,
     {C::fever},
     {F::late_onset}},
    {"first_fever_day_22",
     [](Story& s) { adult(s).temperature(d(22, 0), 38.3); },
     d(22, 1),
     0,
     1,
     {C::fever},
     {F::outside_window}},
    {"C73_first_fever_day_25",
     [](Story& s) { adult(s).temperature(d(25, 11), 38.5); },
     d(25, 12),
     0,
     1,
     {C::fever},
     {F::outside_window}},
    {"C75_second_episode",
     [](Story& s) {
         adult(s).temperature(d(4, 8), 38.9).temperature(d(6, 8), 38.2);
         for (int day = 7; day <= 8; ++day) s.temperature(d(day, 8), 36.8).temperature(d(day, 14), 36.7);
         s.temperature(d(9, 8), 38.4);
     },
     d(9, 9),
     1,
     1,
     {C::fever},
     {F::recurrence}},
    {"C77_same_episode_within_24_h",
     [](Story& s) { adult(s).temperature(d(3, 8), 38.9).temperature(d(3, 12), 37.2).temperature(d(3, 20), 38.2); },
     d(3, 21),
     1,
     1,
     {C::fever},
     {}},
    {"C79_death_of_lymphoma",
     [](Story& s) {
         adult(s).temperature(d(8, 8), 38.9).starts(d(8, 9), Agent::norepinephrine).died(d(8, 10), DeathCause::disease);
     },
     d(8, 11),
     3,
     3,
     {C::hypotension},
     {}},
    {"death_of_crs",
     [](Story& s) {
         adult(s).temperature(d(8, 8), 38.9).starts(d(8, 9), Agent::norepinephrine).died(d(8, 10), DeathCause::crs);
     },
     d(8, 11),
     5,
     5,
     {C::death},
     {}},
    {"death_of_unknown_cause_in_an_episode",
     [](Story& s) {
         adult(s).temperature(d(8, 8), 38.9).starts(d(8, 9), Agent::norepinephrine).died(d(8, 10), DeathCause::unknown);
     },
     d(8, 11),
     3,
     5,
     {C::hypotension},
     {F::death_cause_unknown}},
    {"fever_on_the_first_day",
     [](Story& s) { adult(s).temperature(d(0, 20), 38.4); },
     d(0, 21),
     1,
     1,
     {C::fever},
     {F::infusion_reaction_window}},
    {"fever_before_the_infusion_is_no_crs",
     [](Story& s) { adult(s).temperature(d(0, 9), 38.9); },
     d(0, 12),
     NA,
     NA,
     {},
     {F::temp_unknown}},
    {"not_enrolled",
     [](Story& s) { s.infused().temperature(d(3, 11), 38.4); },
     noon,
     1,
     1,
     {C::fever},
     {F::not_enrolled}},
};

INSTANTIATE_TEST_SUITE_P(Vectors, AstctCrs, testing::ValuesIn(kVectors), CaseName{});

std::vector<Episode> episodes_of(const Story& told, Instant as_of) {
    std::vector<Episode> found;
    for (const Episode& episode : told.timeline().derived({}, as_of).episodes) {
        if (episode.scale == Scale::astct_crs_2019) found.push_back(episode);
    }
    return found;
}

TEST(AstctCrsEpisode, silence_does_not_end_an_episode) {
    Story told;
    adult(told).temperature(d(3, 8), 38.9).lab(d(9, 8), Analyte::ferritin, 900);
    const auto episodes = episodes_of(told, d(9, 9));
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_FALSE(episodes[0].resolved.has_value());
}

TEST(AstctCrsEpisode, ends_with_its_last_sign_once_a_day_without_was_seen) {
    Story told;
    adult(told).temperature(d(3, 8), 38.9).temperature(d(4, 8), 38.1);
    for (int hour = 12; hour <= 36; hour += 4) told.temperature(d(4, hour), 36.8);
    const auto episodes = episodes_of(told, d(6, 9));
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_EQ(episodes[0].onset, d(3, 8));
    EXPECT_EQ(episodes[0].resolved, d(4, 8));
    EXPECT_EQ(int{episodes[0].max_grade}, 1);
}

TEST(AstctCrsEvidence, names_what_decided) {
    Story told;
    adult(told).temperature(d(3, 11), 39).starts(d(3, 11, 30), Agent::norepinephrine);
    const SubjectTimeline timeline = told.timeline();
    const Derived derived = timeline.derived({}, noon);
    ASSERT_FALSE(derived.assessments.empty());
    EXPECT_EQ(timeline.record_text(derived.assessments.back().evidence[0]), "ehr/r-4");
    EXPECT_EQ(timeline.record_text(derived.assessments.back().evidence[1]), "ehr/r-3");
}

}  // namespace
}  // namespace cellvigil
