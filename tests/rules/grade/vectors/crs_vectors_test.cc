// ASTCT CRS 2019.
#include "tests/rules/grade/vectors/vector.h"

namespace cellvigil::vectors {
namespace {

const Instant noon = d(3, 12);

Story& fever(Story& s, double celsius = 38.6) { return s.adult().infused().temperature(d(3, 11), celsius); }
Story& aged(Story& s, std::uint32_t years, int systolic) {
    return s.aged_years(years)
        .infused()
        .temperature(d(3, 11), 38.6)
        .systolic(d(3, 11), systolic)
        .systolic(d(3, 11, 5), systolic);
}
Story& aged_in_days(Story& s, std::uint32_t age, int systolic) {
    return s.aged_days(age)
        .infused()
        .temperature(d(3, 11), 38.6)
        .systolic(d(3, 11), systolic)
        .systolic(d(3, 11, 5), systolic);
}
Story& pressures(Story& s, int first, int second, int apart_min) {
    return fever(s).systolic(d(3, 11), first).systolic(d(3, 11) + minutes(apart_min), second);
}
Story& saturations(Story& s, int first, int second, int apart_min) {
    return fever(s).spo2(d(3, 11), first).spo2(d(3, 11) + minutes(apart_min), second);
}
Story& push(Story& s, Instant at, Agent agent) {
    Intervention given;
    given.kind = InterventionKind::vasopressor;
    given.phase = InterventionPhase::single;
    given.agent = agent;
    given.push_dose = true;
    return s.tell(at, given);
}
Story& bolus_of_child(Story& s, int ml) {
    Enrollment enrollment;
    enrollment.age_years = 7;
    enrollment.weight_kg = whole(20);
    return s.enrolled(enrollment).infused().temperature(d(3, 11), 38.6).systolic(d(3, 11), 80).bolus(d(3, 11, 20), ml);
}
Story& long_bolus(Story& s, int duration) {
    Intervention given;
    given.kind = InterventionKind::fluid_bolus;
    given.phase = InterventionPhase::single;
    given.volume_ml = whole(500);
    given.duration_min = whole(duration);
    return fever(s).systolic(d(3, 10, 30), 88).tell(d(3, 10, 40), given);
}
Story& home_oxygen(Story& s, double before, double now) {
    Intervention home;
    home.kind = InterventionKind::oxygen;
    home.phase = InterventionPhase::start;
    home.device = OxygenDevice::nasal_cannula;
    home.flow_l_min = amount(before);
    home.baseline = true;
    home.indication = Indication::baseline;
    s.adult().tell(d(-1), home).infused().temperature(d(3, 11), 38.6);
    Intervention later = home;
    later.baseline = false;
    later.indication = Indication::unspecified;
    later.phase = InterventionPhase::change;
    later.flow_l_min = amount(now);
    return s.tell(d(3, 11, 10), later);
}
// A fever on day 3 at 06:00, a cannula from 07:00 on, afebrile since.
Story& afebrile_on_cannula(Story& s) {
    return s.temperature(d(3, 6), 38.4)
        .oxygen(d(3, 7), OxygenDevice::nasal_cannula, 2.0)
        .temperature(d(3, 14), 37.0)
        .temperature(d(3, 22), 36.9)
        .temperature(d(4, 5), 36.9);
}
Story& replacement_steroid(Story& s) {
    Intervention given;
    given.kind = InterventionKind::drug;
    given.phase = InterventionPhase::single;
    given.agent = Agent::hydrocortisone;
    given.physiological = true;
    return s.adult().infused().temperature(d(3, 11), 37.0).tell(d(3, 8), given).starts(d(3, 10), Agent::norepinephrine);
}
Story& crs_that_ended(Story& s) {
    return s.adult()
        .infused()
        .temperature(d(3, 6), 38.6)
        .temperature(d(3, 12), 37.0)
        .temperature(d(4, 0), 36.9)
        .temperature(d(4, 12), 36.8)
        .temperature(d(5, 0), 36.8)
        .temperature(d(8, 8), 36.9);
}
Story& judged(Story& s, Instant at, Component component, Verdict verdict) {
    Adjudication told;
    told.scale = Scale::astct_crs_2019;
    told.component = component;
    told.verdict = verdict;
    told.clinician = "clinician-1";
    told.role = "investigator";
    told.signed_at = at;
    return s.tell(at, told);
}
Story& low_before_infusion(Story& s, int now) {
    return s.adult()
        .systolic(d(-2), 85)
        .systolic(d(-1), 86)
        .systolic(d(-1, 18), 84)
        .infused()
        .temperature(d(3, 11), 38.6)
        .systolic(d(3, 11), now)
        .systolic(d(3, 11, 10), now);
}

class CrsVectors : public testing::TestWithParam<Vector> {};
TEST_P(CrsVectors, as_the_guideline_says) { check(GetParam()); }

constexpr Scale kCrs = Scale::astct_crs_2019;
constexpr Term kNone = Term::none;

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Fever, CrsVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"t_38_00", [](Story& s) { fever(s, 38.0); }, noon, kCrs, kNone, "1"},
        {"t_37_99", [](Story& s) { fever(s, 37.99); }, noon, kCrs, kNone, "0"},
        {"t_37_994_rounds_down", [](Story& s) { fever(s, 37.994); }, noon, kCrs, kNone, "0"},
        {"t_37_995_rounds_up", [](Story& s) { fever(s, 37.995); }, noon, kCrs, kNone, "1"},
        {"temperature_8_h_old_is_known", [](Story& s) { s.adult().infused().temperature(d(3, 4), 37.0); }, d(3, 12), kCrs, kNone, "0"},
        {"temperature_over_8_h_old", [](Story& s) { s.adult().infused().temperature(d(3, 4), 37.0); }, d(3, 12, 1), kCrs, kNone, "NA", {Flag::temp_unknown}},
        {"no_temperature_cannula", [](Story& s) { s.adult().infused().oxygen(d(3, 11), OxygenDevice::nasal_cannula, 2.0); }, noon, kCrs, kNone, "NA-2", {Flag::temp_unknown}},
        {"first_hours_after_infusion", [](Story& s) { s.adult().infused().temperature(d(0, 20), 38.3); }, d(0, 21), kCrs, kNone, "1", {Flag::infusion_reaction_window}},
        {"a_day_after_infusion", [](Story& s) { s.adult().infused().temperature(d(1, 10, 1), 38.3); }, d(1, 11), kCrs, kNone, "1", {}, {Flag::infusion_reaction_window}},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    Pressure, CrsVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"two_of_89_five_minutes_apart", [](Story& s) { pressures(s, 89, 89, 5); }, noon, kCrs, kNone, "2"},
        {"two_of_89_four_minutes_apart", [](Story& s) { pressures(s, 89, 89, 4); }, noon, kCrs, kNone, "1-2", {Flag::unconfirmed_hypotension}},
        {"two_of_90", [](Story& s) { pressures(s, 90, 90, 10); }, noon, kCrs, kNone, "1", {}, {Flag::unconfirmed_hypotension}},
        {"four_hours_apart", [](Story& s) { fever(s).systolic(d(3, 7, 30), 84).systolic(d(3, 11, 30), 84); }, noon, kCrs, kNone, "2"},
        {"over_four_hours_apart", [](Story& s) { fever(s).systolic(d(3, 7, 29), 84).systolic(d(3, 11, 30), 84); }, noon, kCrs, kNone, "1-2", {Flag::unconfirmed_hypotension}},
        {"a_normal_one_between", [](Story& s) { fever(s).systolic(d(3, 11), 84).systolic(d(3, 11, 20), 104).systolic(d(3, 11, 40), 84); }, noon, kCrs, kNone, "1-2", {Flag::unconfirmed_hypotension}},
        {"bolus_of_250", [](Story& s) { fever(s).systolic(d(3, 10), 88).bolus(d(3, 11), 250); }, noon, kCrs, kNone, "2"},
        {"bolus_of_249", [](Story& s) { fever(s).systolic(d(3, 10), 88).bolus(d(3, 11), 249); }, noon, kCrs, kNone, "1-2"},
        {"bolus_two_hours_after_the_reading", [](Story& s) { fever(s).systolic(d(3, 9, 30), 88).bolus(d(3, 11, 30), 500); }, noon, kCrs, kNone, "2"},
        {"bolus_later_than_two_hours", [](Story& s) { fever(s).systolic(d(3, 9, 29), 88).bolus(d(3, 11, 30), 500); }, noon, kCrs, kNone, "1-2"},
        {"bolus_for_something_else", [](Story& s) { fever(s).systolic(d(3, 10), 88).bolus(d(3, 11), 500, Indication::procedure); }, noon, kCrs, kNone, "1-2"},
        {"bolus_over_60_min", [](Story& s) { long_bolus(s, 60); }, noon, kCrs, kNone, "2"},
        {"bolus_over_61_min", [](Story& s) { long_bolus(s, 61); }, noon, kCrs, kNone, "1-2"},
        {"child_10_ml_per_kg", [](Story& s) { bolus_of_child(s, 200); }, noon, kCrs, kNone, "2"},
        {"child_less_than_10_ml_per_kg", [](Story& s) { bolus_of_child(s, 199); }, noon, kCrs, kNone, "1-2"},
        // The age is that at infusion; these are of day 3.
        {"neonate_of_28_days_59", [](Story& s) { aged_in_days(s, 25, 59); }, noon, kCrs, kNone, "2"},
        {"neonate_of_28_days_60", [](Story& s) { aged_in_days(s, 25, 60); }, noon, kCrs, kNone, "1"},
        {"infant_of_29_days_69", [](Story& s) { aged_in_days(s, 26, 69); }, noon, kCrs, kNone, "2"},
        {"infant_of_29_days_70", [](Story& s) { aged_in_days(s, 26, 70); }, noon, kCrs, kNone, "1"},
        {"one_year_71", [](Story& s) { aged(s, 1, 71); }, noon, kCrs, kNone, "2"},
        {"one_year_72", [](Story& s) { aged(s, 1, 72); }, noon, kCrs, kNone, "1"},
        {"four_years_77", [](Story& s) { aged(s, 4, 77); }, noon, kCrs, kNone, "2"},
        {"four_years_78", [](Story& s) { aged(s, 4, 78); }, noon, kCrs, kNone, "1"},
        {"ten_years_89", [](Story& s) { aged(s, 10, 89); }, noon, kCrs, kNone, "2"},
        {"ten_years_90", [](Story& s) { aged(s, 10, 90); }, noon, kCrs, kNone, "1"},
        {"eleven_years_90", [](Story& s) { aged(s, 11, 90); }, noon, kCrs, kNone, "1", {}, {Flag::paed_centile}},
        {"thirteen_years_90", [](Story& s) { aged(s, 13, 90); }, noon, kCrs, kNone, "1-2", {Flag::paed_centile}},
        {"thirteen_years_91", [](Story& s) { aged(s, 13, 91); }, noon, kCrs, kNone, "1"},
        {"seventeen_years_98", [](Story& s) { aged(s, 17, 98); }, noon, kCrs, kNone, "1-2", {Flag::paed_centile}},
        {"seventeen_years_99", [](Story& s) { aged(s, 17, 99); }, noon, kCrs, kNone, "1"},
        {"eighteen_years_98", [](Story& s) { aged(s, 18, 98); }, noon, kCrs, kNone, "1"},
        {"mean_of_64_twice", [](Story& s) { fever(s).mean_pressure(d(3, 11), 64).mean_pressure(d(3, 11, 10), 64); }, noon, kCrs, kNone, "2", {Flag::map_only}},
        {"mean_of_65_twice", [](Story& s) { fever(s).mean_pressure(d(3, 11), 65).mean_pressure(d(3, 11, 10), 65); }, noon, kCrs, kNone, "1"},
        {"not_below_a_low_baseline", [](Story& s) { low_before_infusion(s, 85); }, noon, kCrs, kNone, "1-2", {Flag::baseline_support}},
        {"below_a_low_baseline", [](Story& s) { low_before_infusion(s, 84); }, noon, kCrs, kNone, "2"},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    Pressors, CrsVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"epinephrine", [](Story& s) { fever(s).starts(d(3, 11), Agent::epinephrine); }, noon, kCrs, kNone, "3"},
        {"phenylephrine", [](Story& s) { fever(s).starts(d(3, 11), Agent::phenylephrine); }, noon, kCrs, kNone, "3"},
        {"angiotensin", [](Story& s) { fever(s).starts(d(3, 11), Agent::angiotensin_ii); }, noon, kCrs, kNone, "3"},
        {"metaraminol", [](Story& s) { fever(s).starts(d(3, 11), Agent::metaraminol); }, noon, kCrs, kNone, "3"},
        {"ephedrine_infusion", [](Story& s) { fever(s).starts(d(3, 11), Agent::ephedrine); }, noon, kCrs, kNone, "3"},
        {"with_vasopressin", [](Story& s) { fever(s).starts(d(3, 9), Agent::norepinephrine).starts(d(3, 10), Agent::vasopressin); }, noon, kCrs, kNone, "3", {}, {Flag::vasopressin_only}},
        {"terlipressin_alone", [](Story& s) { fever(s).starts(d(3, 11), Agent::terlipressin); }, noon, kCrs, kNone, "3-4", {Flag::nonstandard_pressor}},
        {"two_for_30_min", [](Story& s) { fever(s).starts(d(3, 9), Agent::norepinephrine).starts(d(3, 11), Agent::phenylephrine); }, d(3, 11, 30), kCrs, kNone, "4"},
        {"two_for_29_min", [](Story& s) { fever(s).starts(d(3, 9), Agent::norepinephrine).starts(d(3, 11), Agent::phenylephrine); }, d(3, 11, 29), kCrs, kNone, "3-4", {Flag::pressor_crossover}},
        {"with_dobutamine", [](Story& s) { fever(s).starts(d(3, 9), Agent::norepinephrine).starts(d(3, 10), Agent::dobutamine); }, noon, kCrs, kNone, "3-4", {Flag::nonstandard_pressor}},
        {"milrinone_and_low_pressure", [](Story& s) { pressures(s, 84, 82, 10).starts(d(3, 11, 20), Agent::milrinone); }, noon, kCrs, kNone, "2-3", {Flag::nonstandard_pressor}},
        {"midodrine", [](Story& s) { pressures(s, 84, 82, 10).gives(d(3, 11, 20), Agent::midodrine); }, noon, kCrs, kNone, "2-3", {Flag::nonstandard_pressor}},
        {"push_dose_of_epinephrine", [](Story& s) { push(pressures(s, 84, 82, 10), d(3, 11, 20), Agent::epinephrine); }, noon, kCrs, kNone, "2-3", {Flag::nonstandard_pressor}},
        {"methylene_blue_beside_norepinephrine", [](Story& s) { fever(s).starts(d(3, 9), Agent::norepinephrine).gives(d(3, 11), Agent::methylene_blue); }, noon, kCrs, kNone, "3-4", {Flag::nonstandard_pressor}},
        {"stopped", [](Story& s) { fever(s).starts(d(3, 9), Agent::norepinephrine).stops(d(3, 11), Agent::norepinephrine).systolic(d(3, 11, 30), 118); }, noon, kCrs, kNone, "1"},
        {"rate_zero_stops", [](Story& s) { fever(s); legacy_ward::runs(s, d(3, 9), Agent::norepinephrine, 5.0); legacy_ward::runs(s, d(3, 11), Agent::norepinephrine, 0.0).systolic(d(3, 11, 30), 118); }, noon, kCrs, kNone, "1"},
        {"charted_4_h_ago", [](Story& s) { fever(s).starts(d(3, 8), Agent::norepinephrine); }, noon, kCrs, kNone, "3", {}, {Flag::stale_input}},
        {"charted_over_4_h_ago", [](Story& s) { fever(s).starts(d(3, 7, 59), Agent::norepinephrine); }, noon, kCrs, kNone, "3", {Flag::stale_input}},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    Oxygen, CrsVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"cannula_6_1", [](Story& s) { fever(s).oxygen(d(3, 11), OxygenDevice::nasal_cannula, 6.1); }, noon, kCrs, kNone, "3"},
        {"cannula_without_flow", [](Story& s) { fever(s).oxygen(d(3, 11), OxygenDevice::nasal_cannula); }, noon, kCrs, kNone, "2-3", {Flag::o2_flow_missing}},
        {"high_flow_device_at_6", [](Story& s) { fever(s).oxygen(d(3, 11), OxygenDevice::high_flow_nasal, 6.0); }, noon, kCrs, kNone, "2-3", {Flag::hfnc_low_flow}},
        {"blow_by", [](Story& s) { fever(s).oxygen(d(3, 11), OxygenDevice::blow_by); }, noon, kCrs, kNone, "2"},
        {"venturi_at_2_l", [](Story& s) { fever(s).oxygen(d(3, 11), OxygenDevice::venturi, 2.0); }, noon, kCrs, kNone, "3"},
        {"partial_rebreather", [](Story& s) { fever(s).oxygen(d(3, 11), OxygenDevice::partial_rebreather, 8.0); }, noon, kCrs, kNone, "3"},
        {"cpap", [](Story& s) { fever(s).oxygen(d(3, 11), OxygenDevice::cpap); }, noon, kCrs, kNone, "4"},
        {"ecmo", [](Story& s) { fever(s); legacy_ward::course(s, d(3, 11), InterventionKind::ecmo, InterventionPhase::start); }, noon, kCrs, kNone, "4"},
        {"tube_for_a_seizure", [](Story& s) { fever(s).oxygen(d(3, 11), OxygenDevice::invasive_ventilation, std::nullopt, Indication::seizure); }, noon, kCrs, kNone, "1-4", {Flag::airway_reason}},
        {"tube_for_a_procedure", [](Story& s) { fever(s).oxygen(d(3, 11), OxygenDevice::invasive_ventilation, std::nullopt, Indication::procedure); }, noon, kCrs, kNone, "1-4", {Flag::airway_reason}},
        {"spo2_89_twice", [](Story& s) { saturations(s, 89, 89, 5); }, noon, kCrs, kNone, "2", {Flag::untreated_hypoxia}},
        {"spo2_89_twice_in_4_min", [](Story& s) { saturations(s, 89, 89, 4); }, noon, kCrs, kNone, "1-2", {Flag::untreated_hypoxia}},
        {"spo2_90_twice", [](Story& s) { saturations(s, 90, 90, 10); }, noon, kCrs, kNone, "1-2", {Flag::untreated_hypoxia}},
        {"spo2_91_once", [](Story& s) { fever(s).spo2(d(3, 11), 91); }, noon, kCrs, kNone, "1-2", {Flag::untreated_hypoxia}},
        {"spo2_92_once", [](Story& s) { fever(s).spo2(d(3, 11), 92); }, noon, kCrs, kNone, "1", {}, {Flag::untreated_hypoxia}},
        {"home_oxygen_unchanged", [](Story& s) { home_oxygen(s, 2.0, 2.0); }, noon, kCrs, kNone, "1", {Flag::baseline_support}},
        {"home_oxygen_and_one_more", [](Story& s) { home_oxygen(s, 2.0, 3.0); }, noon, kCrs, kNone, "2"},
        {"device_charted_12_h_ago", [](Story& s) { fever(s).oxygen(d(3, 0), OxygenDevice::nasal_cannula, 2.0); }, noon, kCrs, kNone, "2", {}, {Flag::stale_input}},
        {"device_charted_over_12_h_ago", [](Story& s) { fever(s).oxygen(d(2, 23, 59), OxygenDevice::nasal_cannula, 2.0); }, noon, kCrs, kNone, "2", {Flag::stale_input}},
        {"the_worse_organ_counts", [](Story& s) { fever(s).starts(d(3, 10), Agent::norepinephrine).oxygen(d(3, 11), OxygenDevice::bipap); }, noon, kCrs, kNone, "4"},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    MaskingAndCourse, CrsVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"steroid_on_board_at_onset_waives", [](Story& s) { afebrile_on_cannula(s.adult().infused().gives(d(2, 6), Agent::dexamethasone)); }, d(4, 7), kCrs, kNone, "2"},
        {"antipyretic_after_onset_waives", [](Story& s) { afebrile_on_cannula(s.adult().infused()).gives(d(3, 8), Agent::paracetamol); }, d(4, 7), kCrs, kNone, "2"},
        {"antipyretic_before_onset_does_not", [](Story& s) { afebrile_on_cannula(s.adult().infused().gives(d(3, 2), Agent::paracetamol)); }, d(4, 7), kCrs, kNone, "0-2"},
        {"masked_by_paracetamol_5_h_ago", [](Story& s) { s.adult().infused().temperature(d(3, 11), 37.0).gives(d(3, 7), Agent::paracetamol).starts(d(3, 11), Agent::norepinephrine); }, noon, kCrs, kNone, "0-3", {Flag::masked_onset}},
        {"paracetamol_7_h_ago_masks_no_more", [](Story& s) { s.adult().infused().temperature(d(3, 11), 37.0).gives(d(3, 4), Agent::paracetamol).starts(d(3, 11), Agent::norepinephrine); }, noon, kCrs, kNone, "0", {Flag::no_fever_gate}},
        {"naproxen_11_h_ago_masks", [](Story& s) { s.adult().infused().temperature(d(3, 11), 37.0).gives(d(3, 0, 30), Agent::naproxen).starts(d(3, 11), Agent::norepinephrine); }, noon, kCrs, kNone, "0-3", {Flag::masked_onset}},
        {"ibuprofen_9_h_ago_masks_no_more", [](Story& s) { s.adult().infused().temperature(d(3, 11), 37.0).gives(d(3, 2), Agent::ibuprofen).starts(d(3, 11), Agent::norepinephrine); }, noon, kCrs, kNone, "0", {Flag::no_fever_gate}},
        {"tocilizumab_13_d_ago_masks", [](Story& s) { s.adult().infused().gives(d(0, 12), Agent::tocilizumab).temperature(d(13, 11), 37.0).oxygen(d(13, 11), OxygenDevice::nasal_cannula, 3.0); }, d(13, 12), kCrs, kNone, "0-2", {Flag::masked_onset}},
        {"anakinra_49_h_ago_masks_no_more", [](Story& s) { s.adult().infused().gives(d(3, 9), Agent::anakinra).temperature(d(5, 11), 37.0).oxygen(d(5, 11), OxygenDevice::nasal_cannula, 3.0); }, d(5, 12), kCrs, kNone, "0", {Flag::no_fever_gate}},
        {"replacement_steroid_is_a_remark", [](Story& s) { replacement_steroid(s); }, noon, kCrs, kNone, "0", {Flag::physiological_steroid}},
        {"fever_signed_from_its_beginning_opens_nothing", [](Story& s) { s.adult().infused(); judged(s, d(3, 11), Component::fever, Verdict::other_cause).temperature(d(3, 11), 38.6).oxygen(d(3, 11), OxygenDevice::nasal_cannula, 2.0); }, noon, kCrs, kNone, "0-2", {Flag::alt_cause_confirmed}},
        {"fever_signed_later_takes_no_other_component", [](Story& s) { fever(s).oxygen(d(3, 11), OxygenDevice::nasal_cannula, 2.0); judged(s, d(3, 11, 30), Component::fever, Verdict::other_cause); }, noon, kCrs, kNone, "2", {Flag::alt_cause_confirmed}},
        {"later_verdict_replaces", [](Story& s) { fever(s).starts(d(3, 10), Agent::norepinephrine); judged(s, d(3, 11, 20), Component::hypotension, Verdict::other_cause); judged(s, d(3, 11, 40), Component::hypotension, Verdict::due_to_therapy); }, noon, kCrs, kNone, "3", {}, {Flag::alt_cause_confirmed}},
        {"first_fever_on_day_15", [](Story& s) { s.adult().infused().temperature(d(15, 0), 38.4); }, d(15, 1), kCrs, kNone, "1", {Flag::late_onset}},
        {"first_fever_on_day_21", [](Story& s) { s.adult().infused().temperature(d(21, 23, 59), 38.4); }, d(21, 23, 59), kCrs, kNone, "1", {Flag::late_onset}},
        {"first_fever_on_day_22", [](Story& s) { s.adult().infused().temperature(d(22, 0), 38.4); }, d(22, 1), kCrs, kNone, "0-1", {Flag::outside_window}},
        {"well_on_day_22", [](Story& s) { s.adult().infused().temperature(d(22, 8), 36.9); }, d(22, 9), kCrs, kNone, "-"},
        {"masked_recurrence", [](Story& s) { crs_that_ended(s).gives(d(3, 7), Agent::tocilizumab).oxygen(d(8, 9), OxygenDevice::nasal_cannula, 2.0); }, d(8, 10), kCrs, kNone, "2", {Flag::recurrence_masked}},
        {"unmasked_oxygen_after_the_end", [](Story& s) { crs_that_ended(s).oxygen(d(8, 9), OxygenDevice::nasal_cannula, 2.0); }, d(8, 10), kCrs, kNone, "0-2", {Flag::no_fever_gate}},
        {"fever_after_the_end", [](Story& s) { crs_that_ended(s).temperature(d(8, 9), 38.1); }, d(8, 10), kCrs, kNone, "1", {Flag::recurrence}},
        {"fever_23_h_after_the_last_sign", [](Story& s) { s.adult().infused().temperature(d(3, 6), 38.6).temperature(d(3, 14), 37.0).temperature(d(4, 5), 38.2); }, d(4, 6), kCrs, kNone, "1", {}, {Flag::recurrence}},
        {"died_of_crs", [](Story& s) { fever(s).died(d(3, 11, 30), DeathCause::crs); }, noon, kCrs, kNone, "5"},
        {"died_of_unknown_cause_in_crs", [](Story& s) { fever(s).died(d(3, 11, 30), DeathCause::unknown); }, noon, kCrs, kNone, "1-5", {Flag::death_cause_unknown}},
        {"pressor_for_an_infection_counts", [](Story& s) { fever(s); Intervention given = legacy_ward::infusion_of(Agent::norepinephrine, 4.0); given.indication = Indication::infection; s.tell(d(3, 11), given); }, noon, kCrs, kNone, "3", {Flag::alt_cause_suspected}},
    }),
    CaseName{});
// clang-format on

}  // namespace
}  // namespace cellvigil::vectors
