// The scales of CRS before ASTCT by the whole core: facts in, statements out.
#include "rules/grade/legacy_crs.h"

#include <algorithm>
#include <ostream>

#include <gtest/gtest.h>

#include "tests/rules/grade/crs_crosswalk.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using namespace legacy_ward;
using crs_crosswalk::kAsked;
using F = Flag;

// ---- The cross-walk: every state by every scale

class CrossWalk : public testing::TestWithParam<std::size_t> {};
TEST_P(CrossWalk, every_scale) {
    const crs_crosswalk::State& state = crs_crosswalk::kStates[GetParam()];
    Story told;
    state.tell(told);
    for (std::size_t i = 0; i < crs_crosswalk::kColumns.size(); ++i) {
        const auto& column = crs_crosswalk::kColumns[i];
        EXPECT_EQ(range_of(said_of(told, kAsked, column.scale, column.term)), state.grades[i])
            << state.name << " by " << column.name;
    }
}
INSTANTIATE_TEST_SUITE_P(States, CrossWalk, testing::Range<std::size_t>(0, crs_crosswalk::kStates.size()));

// ---- Limits and remarks, one scale at a time

constexpr Term kCrs = Term::cytokine_release_syndrome;

struct LegacyCase {
    const char* name;
    void (*tell)(Story&);
    Instant asked;
    Scale scale;
    const char* grades;
    Flags flags;
};
void PrintTo(const LegacyCase& c, std::ostream* out) { *out << c.name; }

Term term_of(Scale scale) {
    const bool ctcae = scale == Scale::ctcae_4_03 || scale == Scale::ctcae_5_0 || scale == Scale::ctcae_6_0;
    return ctcae ? kCrs : Term::none;
}

class LegacyCrs : public testing::TestWithParam<LegacyCase> {};
TEST_P(LegacyCrs, grade) {
    const LegacyCase& c = GetParam();
    Story told;
    c.tell(told);
    const Assessment said = said_of(told, c.asked, c.scale, term_of(c.scale));
    EXPECT_EQ(range_of(said), c.grades);
    EXPECT_EQ(names(said.flags), names(c.flags));
}

// Of one agent from 11:30; asked at 15:00, so held for three and a half hours.
const Instant begun = d(3, 11, 30);
void dose(Story& s, Agent agent, double rate, const char* unit = "ug/min") {
    runs(with_crs(s), begun, agent, rate, unit);
}
void beside_vasopressin(Story& s, double rate) {
    runs(with_crs(s), begun, Agent::norepinephrine, rate);
    runs(s, begun, Agent::vasopressin, 0.03, "[iU]/min");
}

const Instant now = kAsked;
constexpr Scale lee = Scale::lee_2014;
constexpr Scale penn = Scale::penn;
constexpr Scale cartox = Scale::cartox_crs;
constexpr Scale mskcc = Scale::mskcc;

// clang-format off
const LegacyCase kDoses[] = {
    {"norepinephrine_below_20", [](Story& s) { dose(s, Agent::norepinephrine, 19.9); }, now, lee, "2", {}},
    {"norepinephrine_20", [](Story& s) { dose(s, Agent::norepinephrine, 20); }, now, lee, "3", {}},
    {"norepinephrine_20_penn", [](Story& s) { dose(s, Agent::norepinephrine, 20); }, now, penn, "4", {}},
    {"norepinephrine_below_20_penn", [](Story& s) { dose(s, Agent::norepinephrine, 19.9); }, now, penn, "3", {}},
    {"norepinephrine_20_cartox", [](Story& s) { dose(s, Agent::norepinephrine, 20); }, now, cartox, "3", {}},
    {"norepinephrine_below_20_cartox", [](Story& s) { dose(s, Agent::norepinephrine, 19.9); }, now, cartox, "2", {}},
    {"epinephrine_below_10", [](Story& s) { dose(s, Agent::epinephrine, 9.9); }, now, lee, "2", {}},
    {"epinephrine_10", [](Story& s) { dose(s, Agent::epinephrine, 10); }, now, lee, "3", {}},
    {"dopamine_below_10_per_kg", [](Story& s) { dose(s, Agent::dopamine, 9.9, "ug/kg/min"); }, now, lee, "2", {}},
    {"dopamine_10_per_kg", [](Story& s) { dose(s, Agent::dopamine, 10, "ug/kg/min"); }, now, lee, "3", {}},
    {"dopamine_below_700_a_minute_at_70_kg", [](Story& s) { dose(s, Agent::dopamine, 699); }, now, lee, "2", {}},
    {"dopamine_700_a_minute_at_70_kg", [](Story& s) { dose(s, Agent::dopamine, 700); }, now, lee, "3", {}},
    {"phenylephrine_below_200", [](Story& s) { dose(s, Agent::phenylephrine, 199); }, now, lee, "2", {}},
    {"phenylephrine_200", [](Story& s) { dose(s, Agent::phenylephrine, 200); }, now, lee, "3", {}},
    {"norepinephrine_below_20_by_weight", [](Story& s) { dose(s, Agent::norepinephrine, 0.285, "ug/kg/min"); }, now, lee, "2", {}},
    {"norepinephrine_20_by_weight", [](Story& s) { dose(s, Agent::norepinephrine, 0.286, "ug/kg/min"); }, now, lee, "3", {}},
    {"below_10_beside_vasopressin_penn", [](Story& s) { beside_vasopressin(s, 9.9); }, now, penn, "3", {}},
    {"ten_beside_vasopressin_penn", [](Story& s) { beside_vasopressin(s, 10); }, now, penn, "4", {}},
    {"equivalent_below_20_of_two_penn", [](Story& s) { dose(s, Agent::norepinephrine, 11); runs(s, begun, Agent::epinephrine, 8.9); }, now, penn, "3", {}},
    {"equivalent_20_of_two_penn", [](Story& s) { dose(s, Agent::norepinephrine, 11); runs(s, begun, Agent::epinephrine, 9); }, now, penn, "4", {}},
    {"phenylephrine_counts_a_tenth", [](Story& s) { dose(s, Agent::norepinephrine, 11); runs(s, begun, Agent::phenylephrine, 90); }, now, penn, "4", {}},
    {"phenylephrine_counts_a_tenth_below", [](Story& s) { dose(s, Agent::norepinephrine, 11); runs(s, begun, Agent::phenylephrine, 89); }, now, penn, "3", {}},
    {"dopamine_counts_half", [](Story& s) { dose(s, Agent::norepinephrine, 16); runs(s, begun, Agent::dopamine, 8, "ug/kg/min"); }, now, penn, "4", {}},
    {"dopamine_counts_half_below", [](Story& s) { dose(s, Agent::norepinephrine, 16); runs(s, begun, Agent::dopamine, 7.9, "ug/kg/min"); }, now, penn, "3", {}},
    {"high_for_less_than_3_hours", [](Story& s) { dose(s, Agent::norepinephrine, 25); }, d(3, 14, 29), lee, "2", {}},
    {"high_for_3_hours", [](Story& s) { dose(s, Agent::norepinephrine, 25); }, d(3, 14, 30), lee, "3", {}},
    {"high_again_after_a_lower_dose", [](Story& s) { dose(s, Agent::norepinephrine, 25); runs(s, d(3, 12), Agent::norepinephrine, 10); runs(s, d(3, 12, 30), Agent::norepinephrine, 25); }, now, lee, "2", {}},
    {"high_again_after_a_lower_dose_held", [](Story& s) { dose(s, Agent::norepinephrine, 25); runs(s, d(3, 11, 45), Agent::norepinephrine, 10); runs(s, d(3, 12), Agent::norepinephrine, 25); }, now, lee, "3", {}},
    {"lowered_ends_the_high_dose", [](Story& s) { dose(s, Agent::norepinephrine, 25); runs(s, d(3, 14, 30), Agent::norepinephrine, 19); }, now, lee, "2", {}},
    {"syringe_changed_within_a_minute_goes_on", [](Story& s) { dose(s, Agent::norepinephrine, 25); s.stops(d(3, 12), Agent::norepinephrine); runs(s, d(3, 12), Agent::norepinephrine, 25); }, d(3, 14, 30), lee, "3", {}},
    {"dose_missing", [](Story& s) { runs(with_crs(s), begun, Agent::norepinephrine, std::nullopt); }, now, lee, "2-3", {F::dose_missing}},
    {"dose_missing_at_once", [](Story& s) { runs(with_crs(s), d(3, 14, 30), Agent::norepinephrine, std::nullopt); }, now, lee, "2-3", {F::dose_missing}},
    {"dose_missing_penn", [](Story& s) { runs(with_crs(s), begun, Agent::norepinephrine, std::nullopt); }, now, penn, "3-4", {F::dose_missing}},
    {"dose_missing_cartox", [](Story& s) { runs(with_crs(s), begun, Agent::norepinephrine, std::nullopt); }, now, cartox, "2-3", {F::dose_missing}},
    {"dose_missing_is_nothing_to_ctcae_5", [](Story& s) { runs(with_crs(s), begun, Agent::norepinephrine, std::nullopt); }, now, Scale::ctcae_5_0, "3", {}},
    {"two_of_unknown_dose_penn", [](Story& s) { runs(runs(with_crs(s), begun, Agent::norepinephrine, std::nullopt), begun, Agent::epinephrine, std::nullopt); }, now, penn, "3-4", {F::dose_missing}},
    {"unit_unknown", [](Story& s) { dose(s, Agent::norepinephrine, 25, "mL/h"); }, now, lee, "2-3", {F::dose_missing}},
    {"weight_missing", [](Story& s) { runs(with_crs_of_unknown_weight(s), begun, Agent::norepinephrine, 0.4, "ug/kg/min"); }, now, lee, "2-3", {F::dose_missing}},
    {"weight_charted", [](Story& s) { runs(with_crs_of_unknown_weight(s).lab(d(3, 9), Analyte::weight, 70), begun, Agent::norepinephrine, 0.4, "ug/kg/min"); }, now, lee, "3", {}},
    {"weight_of_no_matter_to_dopamine", [](Story& s) { runs(with_crs_of_unknown_weight(s), begun, Agent::dopamine, 10, "ug/kg/min"); }, now, lee, "3", {}},
    {"no_high_dose_is_defined_for_angiotensin", [](Story& s) { dose(s, Agent::angiotensin_ii, 1); }, now, lee, "2-3", {F::ambiguous_scale}},
    {"vasopressin_alone", [](Story& s) { dose(s, Agent::vasopressin, 0.03, "[iU]/min"); }, now, lee, "2", {}},
    {"two_together_for_less_than_30_minutes", [](Story& s) { runs(runs(with_crs(s), begun, Agent::norepinephrine, 5), d(3, 14, 31), Agent::epinephrine, 2); }, now, lee, "2-3", {F::pressor_crossover}},
    {"two_together_for_30_minutes", [](Story& s) { runs(runs(with_crs(s), begun, Agent::norepinephrine, 5), d(3, 14, 30), Agent::epinephrine, 2); }, now, lee, "3", {}},
    {"crossover_is_nothing_to_penn", [](Story& s) { runs(runs(with_crs(s), begun, Agent::norepinephrine, 5), d(3, 14, 31), Agent::epinephrine, 2); }, now, penn, "3", {}},
    {"dobutamine_alone", [](Story& s) { low_pressure(with_crs(s), d(3, 13)).starts(d(3, 13, 30), Agent::dobutamine); }, now, Scale::ctcae_5_0, "2-3", {F::nonstandard_pressor}},
    {"mskcc_below_24_hours", [](Story& s) { dose(s, Agent::norepinephrine, 5); }, d(4, 11, 29), mskcc, "2", {F::stale_input}},
    {"mskcc_24_hours", [](Story& s) { dose(s, Agent::norepinephrine, 5); }, d(4, 11, 30), mskcc, "3", {F::stale_input}},
    {"mskcc_swapped_agents_run_on", [](Story& s) { dose(s, Agent::norepinephrine, 5); runs(s, d(3, 20), Agent::phenylephrine, 50).stops(d(3, 21), Agent::norepinephrine); }, d(4, 11, 30), mskcc, "3", {F::stale_input}},
    {"mskcc_refractory_to_a_high_dose", [](Story& s) { dose(s, Agent::norepinephrine, 25); low_pressure(s, d(3, 14)); }, now, mskcc, "4", {}},
    {"mskcc_one_low_reading_under_a_high_dose", [](Story& s) { dose(s, Agent::norepinephrine, 25); s.systolic(d(3, 14), 84); }, now, mskcc, "2-4", {F::unconfirmed_hypotension}},
    {"mskcc_high_dose_and_no_pressure_known", [](Story& s) { dose(s, Agent::norepinephrine, 25); }, now, mskcc, "2-4", {F::stale_input}},
};

const LegacyCase kOxygen[] = {
    {"fio2_below_40", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::venturi, 8, 0.39); }, now, lee, "2", {}},
    {"fio2_40", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::venturi, 8, 0.40); }, now, lee, "3", {}},
    {"fio2_below_40_cartox", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::venturi, 8, 0.39); }, now, cartox, "2", {}},
    {"fio2_40_cartox", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::venturi, 8, 0.40); }, now, cartox, "3", {}},
    {"fio2_below_40_ctcae_5", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::venturi, 8, 0.39); }, now, Scale::ctcae_5_0, "2", {}},
    {"fio2_40_ctcae_5", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::venturi, 8, 0.40); }, now, Scale::ctcae_5_0, "3", {}},
    {"fio2_below_40_mskcc", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::venturi, 8, 0.39); }, now, mskcc, "2", {}},
    {"fio2_40_mskcc", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::venturi, 8, 0.40); }, now, mskcc, "3", {}},
    {"fio2_is_nothing_to_ctcae_6", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::venturi, 8, 0.39); }, now, Scale::ctcae_6_0, "3", {}},
    {"cannula_of_6", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::nasal_cannula, 6); }, now, lee, "2", {}},
    {"cannula_above_6", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::nasal_cannula, 6.5); }, now, lee, "2-3", {F::fio2_missing}},
    {"cannula_of_6_ctcae_6", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::nasal_cannula, 6); }, now, Scale::ctcae_6_0, "2", {}},
    {"cannula_above_6_ctcae_6", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::nasal_cannula, 6.5); }, now, Scale::ctcae_6_0, "3", {}},
    {"cannula_whose_fraction_is_charted", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::nasal_cannula, 6, 0.44); }, now, lee, "3", {}},
    {"blow_by", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::blow_by, 10); }, now, lee, "2", {}},
    {"cannula_without_flow", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::nasal_cannula, std::nullopt); }, now, lee, "2-3", {F::o2_flow_missing, F::fio2_missing}},
    {"mask_without_fraction", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::face_mask, 6); }, now, lee, "2-3", {F::fio2_missing}},
    {"mask_without_fraction_is_nothing_to_penn", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::face_mask, 6); }, now, penn, "3", {}},
    {"fraction_measured_after_the_mask", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::face_mask, 6).lab(d(3, 11), Analyte::fio2, 0.5); }, now, lee, "3", {}},
    {"fraction_measured_with_the_mask", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::face_mask, 6).lab(d(3, 10), Analyte::fio2, 0.35); }, now, lee, "2", {}},
    {"fraction_of_the_device_before", [](Story& s) { oxygen(oxygen(with_crs(s), d(3, 10), OxygenDevice::face_mask, 6, 0.35), d(3, 12), OxygenDevice::non_rebreather, 15); }, now, lee, "2-3", {F::fio2_missing}},
    {"comfort_oxygen", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::nasal_cannula, 2, std::nullopt, Indication::comfort); }, now, penn, "1", {F::comfort_o2}},
    {"tube_for_the_airway", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::invasive_ventilation, std::nullopt, 0.3, Indication::airway); }, now, lee, "1-4", {F::airway_reason}},
    {"cpap_is_read_both_ways", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::cpap, std::nullopt, 0.3); }, now, lee, "3-4", {F::ambiguous_scale}},
    {"cpap_is_read_as_4_by_ctcae_6", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::cpap, std::nullopt, 0.3); }, now, Scale::ctcae_6_0, "4", {F::ambiguous_scale}},
    {"ecmo", [](Story& s) { course(with_crs(s), d(3, 10), InterventionKind::ecmo, InterventionPhase::start); }, now, penn, "4", {}},
    {"no_oxygen_yet", [](Story& s) { with_crs(s).spo2(d(3, 14), 86).spo2(d(3, 14, 10), 87); }, now, lee, "2", {F::untreated_hypoxia}},
};

const LegacyCase kOrgans[] = {
    {"alt_3_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::alt, 120, 40); }, now, lee, "1", {}},
    {"alt_above_3_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::alt, 121, 40); }, now, lee, "2", {}},
    {"ast_5_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::ast, 200, 40); }, now, lee, "2", {}},
    {"ast_above_5_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::ast, 201, 40); }, now, lee, "2-3", {F::ambiguous_scale}},
    {"alt_20_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::alt, 800, 40); }, now, lee, "2-3", {F::ambiguous_scale}},
    {"alt_above_20_times_is_3_not_4", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::alt, 801, 40); }, now, lee, "3", {}},
    {"alt_above_20_times_cartox", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::alt, 801, 40); }, now, cartox, "3", {}},
    {"alt_above_20_times_penn", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::alt, 801, 40); }, now, penn, "3", {}},
    {"alt_grade_2_penn", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::alt, 200, 40); }, now, penn, "1", {}},
    {"alt_grade_3_penn", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::alt, 201, 40); }, now, penn, "2", {}},
    {"bilirubin_1_5_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::bilirubin, 30, 20); }, now, lee, "1", {}},
    {"bilirubin_above_1_5_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::bilirubin, 30.1, 20); }, now, lee, "2", {}},
    {"bilirubin_above_3_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::bilirubin, 60.1, 20); }, now, lee, "3", {}},
    {"bilirubin_10_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::bilirubin, 200, 20); }, now, lee, "3", {}},
    {"bilirubin_above_10_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::bilirubin, 200.1, 20); }, now, lee, "4", {}},
    {"creatinine_1_5_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::creatinine, 150, 100); }, now, penn, "1", {}},
    {"creatinine_above_1_5_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::creatinine, 151, 100); }, now, penn, "2", {}},
    {"creatinine_3_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::creatinine, 300, 100); }, now, penn, "2", {}},
    {"creatinine_above_3_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::creatinine, 301, 100); }, now, penn, "3", {}},
    {"creatinine_6_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::creatinine, 600, 100); }, now, lee, "3", {}},
    {"creatinine_above_6_times", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::creatinine, 601, 100); }, now, lee, "4", {}},
    {"creatinine_1_5_times_penn", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::creatinine, 150, 100); }, now, penn, "1", {}},
    {"creatinine_above_1_5_times_penn", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::creatinine, 151, 100); }, now, penn, "2", {}},
    {"creatinine_3_times_penn", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::creatinine, 300, 100); }, now, penn, "2", {}},
    {"creatinine_above_3_times_penn", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::creatinine, 301, 100); }, now, penn, "3", {}},
    {"creatinine_above_6_times_penn", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::creatinine, 601, 100); }, now, penn, "3-4", {F::ambiguous_scale}},
    {"creatinine_by_its_baseline", [](Story& s) { value(value(s, d(-2), Analyte::creatinine, 60, 100), d(3, 9), Analyte::creatinine, 95, 100); with_crs(s); }, now, penn, "2", {}},
    {"alt_abnormal_before_is_measured_by_that", [](Story& s) { value(value(s, d(-2), Analyte::alt, 100, 40), d(3, 9), Analyte::alt, 290, 40); with_crs(s); }, now, lee, "1", {F::baseline_abnormal}},
    {"no_range_sent", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::alt, 110, std::nullopt); }, now, lee, "1-3", {F::reference_range_missing, F::ambiguous_scale}},
    {"no_range_sent_and_normal_by_any", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::alt, 20, std::nullopt); }, now, lee, "1", {}},
    {"organs_are_nothing_to_ctcae_5", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::bilirubin, 300, 20); }, now, Scale::ctcae_5_0, "1", {}},
    {"organs_are_nothing_to_mskcc", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::bilirubin, 300, 20); }, now, mskcc, "1", {}},
    {"value_of_48_hours_ago", [](Story& s) { value(with_crs(s), d(1, 15), Analyte::bilirubin, 70, 20); }, now, lee, "3", {}},
    {"value_older_than_48_hours", [](Story& s) { value(with_crs(s), d(1, 14, 59), Analyte::bilirubin, 70, 20); }, now, lee, "1-3", {F::stale_input}},
    {"value_before_the_infusion", [](Story& s) { value(with_crs(s), d(-1), Analyte::bilirubin, 70, 20); }, now, lee, "1", {}},
    {"dialysis_72_hours_ago", [](Story& s) { course(with_crs(s), d(0, 15), InterventionKind::dialysis, InterventionPhase::single); }, now, lee, "4", {}},
    {"dialysis_longer_ago", [](Story& s) { course(with_crs(s), d(0, 14, 59), InterventionKind::dialysis, InterventionPhase::single); }, now, lee, "1", {}},
    {"dialysis_since_before", [](Story& s) { course(with_crs(s), d(-5), InterventionKind::dialysis, InterventionPhase::start); }, now, lee, "1", {F::baseline_support}},
    {"fibrinogen_penn", [](Story& s) { product(with_crs(s), d(3, 9), BloodProduct::fibrinogen); }, now, penn, "3", {}},
    {"red_cells_are_nothing_to_penn", [](Story& s) { product(with_crs(s), d(3, 9), BloodProduct::red_cells); }, now, penn, "1", {}},
    {"plasma_24_hours_ago_penn", [](Story& s) { product(with_crs(s), d(2, 15), BloodProduct::plasma); }, now, penn, "3", {}},
    {"plasma_longer_ago_penn", [](Story& s) { product(with_crs(s), d(2, 14, 59), BloodProduct::plasma); }, now, penn, "1", {}},
};

const LegacyCase kCare[] = {
    {"in_hospital_since_the_infusion", [](Story& s) { course(with_crs(s), d(0, 9), InterventionKind::hospital_stay, InterventionPhase::start); }, now, penn, "1", {}},
    {"admitted_with_fever_for_it", [](Story& s) { course(with_crs(s), d(3, 9), InterventionKind::hospital_stay, InterventionPhase::start, Indication::crs); }, now, penn, "2", {}},
    {"admitted_for_a_reason_not_told", [](Story& s) { course(with_crs(s), d(3, 9), InterventionKind::hospital_stay, InterventionPhase::start); }, now, penn, "1-2", {F::admission_unknown}},
    {"admitted_for_something_else", [](Story& s) { course(with_crs(s), d(3, 9), InterventionKind::hospital_stay, InterventionPhase::start, Indication::procedure); }, now, penn, "1", {}},
    {"intravenous_antibiotic", [](Story& s) { antibiotic(with_crs(s), d(3, 9), Route::intravenous); }, now, penn, "2", {}},
    {"antibiotic_by_mouth", [](Story& s) { antibiotic(with_crs(s), d(3, 9), Route::oral); }, now, penn, "1", {}},
    {"intravenous_prophylaxis", [](Story& s) { antibiotic(with_crs(s), d(3, 9), Route::intravenous, false); }, now, penn, "1", {}},
    {"antibiotic_since_before_the_fever", [](Story& s) { antibiotic(with_crs(s), d(1, 9), Route::intravenous); }, now, penn, "1", {}},
    {"tocilizumab_may_be_intravenous_therapy", [](Story& s) { with_crs(s).gives(d(3, 9), Agent::tocilizumab); }, now, penn, "1-2", {F::ambiguous_scale}},
    {"second_bolus_after_24_hours", [](Story& s) { low_pressure(with_crs(s), d(3, 8, 20)).bolus(d(3, 8, 40), 500); low_pressure(s, d(4, 9)).bolus(d(4, 9, 20), 500).temperature(d(4, 9), 38.5); }, d(4, 9, 30), penn, "1-2", {F::ambiguous_scale}},
    {"second_bolus_within_24_hours", [](Story& s) { low_pressure(with_crs(s), d(3, 8, 20)).bolus(d(3, 8, 40), 500); low_pressure(s, d(4, 8)).bolus(d(4, 8, 20), 500).temperature(d(4, 8), 38.5); }, d(4, 8, 30), penn, "3", {}},
    {"bolus_for_something_else", [](Story& s) { low_pressure(with_crs(s), d(3, 11)).bolus(d(3, 11, 20), 500).bolus(d(3, 11, 40), 500, Indication::procedure); }, d(3, 12), penn, "1-2", {F::ambiguous_scale}},
};

const LegacyCase kGates[] = {
    {"waived_fever", [](Story& s) { with_crs(s).gives(d(3, 15), Agent::tocilizumab).temperature(d(4, 3), 36.8); runs(s, d(3, 20), Agent::norepinephrine, 5); }, d(4, 3, 30), lee, "2", {F::stale_input}},
    {"fever_long_gone_and_nothing_waives", [](Story& s) { oxygen(with_crs(s).temperature(d(3, 22), 36.8).temperature(d(4, 14, 30), 36.8), d(4, 4), OxygenDevice::nasal_cannula, 2); }, d(4, 15), lee, "2", {}},
    {"fever_long_gone_and_astct_asks_for_it", [](Story& s) { oxygen(with_crs(s).temperature(d(3, 22), 36.8).temperature(d(4, 14, 30), 36.8), d(4, 4), OxygenDevice::nasal_cannula, 2); }, d(4, 15), Scale::astct_crs_2019, "0-2", {F::no_fever_gate}},
    {"well_again_in_the_open_episode", [](Story& s) { with_crs(s).temperature(d(3, 20), 36.8); }, d(3, 20), lee, "0", {}},
    {"temperature_unknown_in_the_open_episode", [](Story& s) { with_crs(s); }, d(4, 15), lee, "NA-1", {F::temp_unknown}},
    {"never_febrile", [](Story& s) { low_pressure(s.adult().infused().temperature(d(3, 10), 36.8), d(3, 11)).bolus(d(3, 11, 20), 500); }, d(3, 12), lee, "0-2", {F::no_fever_gate, F::ambiguous_scale}},
    {"never_febrile_penn", [](Story& s) { low_pressure(s.adult().infused().temperature(d(3, 10), 36.8), d(3, 11)).bolus(d(3, 11, 20), 500); }, d(3, 12), penn, "0-2", {F::no_fever_gate, F::ambiguous_scale}},
    {"never_febrile_cartox_counts_each_sign", [](Story& s) { low_pressure(s.adult().infused().temperature(d(3, 10), 36.8), d(3, 11)).bolus(d(3, 11, 20), 500); }, d(3, 12), cartox, "2", {F::no_fever_gate}},
    {"cartox_grade_1_organ_without_fever", [](Story& s) { value(s.adult().infused().temperature(d(3, 10), 36.8), d(3, 11), Analyte::alt, 60, 40); }, d(3, 12), cartox, "1", {F::no_fever_gate}},
    {"lee_organ_without_fever_is_no_crs", [](Story& s) { value(s.adult().infused().temperature(d(3, 10), 36.8), d(3, 11), Analyte::alt, 60, 40); }, d(3, 12), lee, "0", {}},
    {"temperature_unknown", [](Story& s) { runs(s.adult().infused(), d(3, 11), Agent::norepinephrine, 5); }, d(3, 12), lee, "NA-2", {F::temp_unknown, F::ambiguous_scale}},
    {"nothing_known", [](Story& s) { s.adult().infused(); }, d(3, 12), lee, "NA", {F::temp_unknown}},
    {"masked_onset", [](Story& s) { low_pressure(s.adult().infused().temperature(d(3, 10), 36.8).gives(d(3, 10), Agent::paracetamol), d(3, 11)); }, d(3, 12), lee, "0-2", {F::masked_onset, F::ambiguous_scale}},
    {"fever_on_day_25", [](Story& s) { s.adult().infused().temperature(d(25, 10), 38.5); }, d(25, 12), lee, "0-1", {F::outside_window}},
    {"just_not_fever", [](Story& s) { s.adult().infused().temperature(d(3, 10), 37.99); }, d(3, 12), lee, "0", {}},
    {"just_fever", [](Story& s) { s.adult().infused().temperature(d(3, 10), 38.0); }, d(3, 12), lee, "1", {}},
    {"second_episode", [](Story& s) { with_crs(s); for (int hour = 18; hour <= 62; hour += 4) s.temperature(d(3, hour), 36.8); s.temperature(d(6, 10), 38.4); }, d(6, 11), lee, "1", {F::recurrence}},
    {"hypotension_signed_for_astct", [](Story& s) { runs(with_crs(s), begun, Agent::norepinephrine, 5).signed_other(d(3, 12), Scale::astct_crs_2019, Component::hypotension); }, now, lee, "1-2", {F::alt_cause_confirmed}},
    {"hypotension_signed_for_lee", [](Story& s) { runs(with_crs(s), begun, Agent::norepinephrine, 5).signed_other(d(3, 12), lee, Component::hypotension); }, now, lee, "1-2", {F::alt_cause_confirmed}},
    {"signed_for_lee_holds_for_penn", [](Story& s) { runs(with_crs(s), begun, Agent::norepinephrine, 5).signed_other(d(3, 12), lee, Component::hypotension); }, now, penn, "1-3", {F::alt_cause_confirmed}},
    {"organ_signed", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::bilirubin, 70, 20).signed_other(d(3, 12), lee, Component::organ); }, now, lee, "1-3", {F::alt_cause_confirmed}},
    {"death_of_crs", [](Story& s) { with_crs(s).died(d(3, 15), DeathCause::crs); }, now, penn, "5", {}},
    {"death_of_something_else", [](Story& s) { with_crs(s).died(d(3, 15), DeathCause::disease); }, now, penn, "1", {}},
    {"death_of_unknown_cause", [](Story& s) { with_crs(s).died(d(3, 15), DeathCause::unknown); }, now, penn, "1-5", {F::death_cause_unknown}},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Doses, LegacyCrs, testing::ValuesIn(kDoses), CaseName{});
INSTANTIATE_TEST_SUITE_P(Oxygen, LegacyCrs, testing::ValuesIn(kOxygen), CaseName{});
INSTANTIATE_TEST_SUITE_P(Organs, LegacyCrs, testing::ValuesIn(kOrgans), CaseName{});
INSTANTIATE_TEST_SUITE_P(Care, LegacyCrs, testing::ValuesIn(kCare), CaseName{});
INSTANTIATE_TEST_SUITE_P(Gates, LegacyCrs, testing::ValuesIn(kGates), CaseName{});

TEST(LegacyCrsAttribution, a_verdict_on_an_older_scale_leaves_astct_alone) {
    Story told;
    runs(with_crs(told), d(3, 10), Agent::norepinephrine, 5)
        .signed_other(d(3, 12), Scale::lee_2014, Component::hypotension);
    EXPECT_EQ(range_of(said_of(told, kAsked, Scale::astct_crs_2019)), "3");
}

TEST(LegacyCrsEpisode, follows_astct_with_its_own_maximum) {
    Story told;
    runs(with_crs(told), d(3, 10), Agent::norepinephrine, 25).stops(d(3, 14), Agent::norepinephrine);
    for (int hour = 18; hour <= 62; hour += 4) told.temperature(d(3, hour), 36.8);
    std::vector<Episode> found;
    for (const Episode& episode : told.timeline(all_scales()).derived(all_scales(), d(6, 9)).episodes) {
        if (episode.scale == Scale::lee_2014 || episode.scale == Scale::astct_crs_2019) found.push_back(episode);
    }
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[1].scale, Scale::lee_2014);
    EXPECT_EQ(found[1].onset, found[0].onset);
    EXPECT_EQ(found[1].resolved, found[0].resolved);
    EXPECT_EQ(found[1].resolved, d(3, 14));
    EXPECT_EQ(found[1].ordinal, found[0].ordinal);
    EXPECT_EQ(int{found[1].max_grade}, 3);
    EXPECT_EQ(found[1].max_at, d(3, 13));
}

TEST(LegacyCrsEpisode, is_open_while_astct_is) {
    Story told;
    with_crs(told);
    int open = 0;
    for (const Episode& episode : told.timeline(all_scales()).derived(all_scales(), kAsked).episodes) {
        if (episode.term == Term::fever) continue;  // its own
        open += episode.resolved ? 0 : 1;
    }
    EXPECT_EQ(open, 1 + static_cast<int>(kLegacyCrsScales.size()));
}

TEST(LegacyCrsChoice, says_nothing_on_scales_that_are_not_chosen) {
    Story told;
    with_crs(told);
    for (const Assessment& said : told.timeline({}).derived({}, kAsked).assessments) {
        EXPECT_TRUE(RuleSet{}.scales.has(said.scale)) << name_of(said.scale);
    }
    EXPECT_EQ(range_of(said_of(told, kAsked, Scale::lee_2014, Term::none, {})), "-");
    EXPECT_EQ(range_of(said_of(told, kAsked, Scale::ctcae_5_0, kCrs, {})), "1");
}

TEST(LegacyCrsChoice, one_scale_alone) {
    RuleSet rules;
    rules.scales = {Scale::astct_crs_2019, Scale::astct_icans_2019, Scale::penn};
    Story told;
    runs(with_crs(told), d(3, 10), Agent::norepinephrine, 25);
    EXPECT_EQ(range_of(said_of(told, kAsked, Scale::penn, Term::none, rules)), "4");
}

// The same as the last before the infusion, which does not count after it.
TEST(LegacyCrsTime, the_first_temperature_after_the_infusion_counts_at_once) {
    Story told;
    told.adult().temperature(story::infusion_time() - hours(1), 36.8).infused();
    EXPECT_EQ(range_of(said_of(told, story::infusion_time() + minutes(4), Scale::lee_2014)), "NA");
    told.temperature(story::infusion_time() + minutes(5), 36.8);
    EXPECT_EQ(range_of(said_of(told, story::infusion_time() + minutes(5), Scale::lee_2014)), "0");
}

// CARTOX counts a sign without fever to the end of day 21, whether a fact comes then or not.
TEST(LegacyCrsTime, the_window_ends_by_itself) {
    Story told;
    told.adult().infused();
    runs(told, d(21, 18), Agent::norepinephrine, 5).temperature(d(21, 20), 36.8);
    EXPECT_EQ(range_of(said_of(told, d(21, 23, 59), Scale::cartox_crs)), "2");
    EXPECT_EQ(range_of(said_of(told, d(22, 0), Scale::cartox_crs)), "-");
}

// Of oxygen ASTCT says the same before and after its end, because of the two pressors.
TEST(LegacyCrsTime, oxygen_ends_when_it_was_said_to_end) {
    Story told;
    Intervention mask;
    mask.kind = InterventionKind::oxygen;
    mask.phase = InterventionPhase::start;
    mask.device = OxygenDevice::face_mask;
    runs(runs(with_crs(told), d(3, 10), Agent::norepinephrine, 2), d(3, 10), Agent::epinephrine, 2);
    told.tell_until(d(3, 10), d(3, 15), mask);
    EXPECT_EQ(names(said_of(told, d(3, 14, 59), Scale::penn).deciding), "hypotension hypoxia ");
    EXPECT_EQ(names(said_of(told, d(3, 15), Scale::penn).deciding), "hypotension ");
    EXPECT_TRUE(said_of(told, d(3, 14, 59), Scale::lee_2014).flags.has(Flag::fio2_missing));
    EXPECT_FALSE(said_of(told, d(3, 15), Scale::lee_2014).flags.has(Flag::fio2_missing));
}

// Readings that come in time put off what was to run out; the last one's end still does.
TEST(LegacyCrsTime, a_reading_holds_as_long_as_it_does_however_many_came_before) {
    Story told;
    with_crs(told);
    for (int hour = 12; hour <= 30; ++hour) told.temperature(d(3, hour), 36.8);
    EXPECT_EQ(range_of(said_of(told, d(3, 38), Scale::lee_2014)), "0");
    EXPECT_NE(range_of(said_of(told, d(3, 38, 1), Scale::lee_2014)), "0");
}

TEST(LegacyCrsEvidence, names_what_decided) {
    Story told;
    runs(with_crs(told), d(3, 10), Agent::norepinephrine, 5);
    const Assessment said = said_of(told, kAsked, Scale::penn);
    EXPECT_EQ(names(said.deciding), "hypotension ");
    const SubjectTimeline timeline = told.timeline(all_scales());
    EXPECT_EQ(timeline.record_text(said.evidence[0]), "ehr/r-5");
}

}  // namespace
}  // namespace cellvigil
