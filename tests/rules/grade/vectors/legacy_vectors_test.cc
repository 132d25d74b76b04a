// Lee 2014, Penn, CTCAE 4.03, 5.0 and 6.0 CRS, CARTOX CRS, MSKCC: the cross-walk and the doses, a man of 70 kg.
#include "tests/rules/grade/vectors/vector.h"

namespace cellvigil::vectors {
namespace {

using namespace legacy_ward;

const Instant asked = d(3, 16);
constexpr Scale kLee = Scale::lee_2014;
constexpr Scale kPenn = Scale::penn;
constexpr Scale kCartox = Scale::cartox_crs;
constexpr Scale kMskcc = Scale::mskcc;
constexpr Scale v4 = Scale::ctcae_4_03;
constexpr Scale v5 = Scale::ctcae_5_0;
constexpr Scale v6 = Scale::ctcae_6_0;
constexpr Term kNone = Term::none;
constexpr Term kTerm = Term::cytokine_release_syndrome;

Story& pressor(Story& s, Agent agent, double rate, const char* unit = "ug/min", int hours_held = 4) {
    return runs(with_crs(s), asked - hours(hours_held), agent, rate, unit);
}
Story& two(Story& s, Agent first, double rate, Agent second, double other_rate, const char* second_unit = "ug/min") {
    return runs(runs(with_crs(s), d(3, 12), first, rate), d(3, 12), second, other_rate, second_unit);
}
Story& breathing(Story& s, OxygenDevice device, double fio2) {
    return oxygen(with_crs(s), d(3, 14), device, 4.0, fio2);
}
Story& held(Story& s, int minutes_held) {
    return runs(with_crs(s), asked - minutes(minutes_held), Agent::norepinephrine, 20.0);
}
Story& alt_of(Story& s, double value) { return legacy_ward::value(with_crs(s), d(3, 14), Analyte::alt, value, 40); }
Story& creatinine_of(Story& s, double value) {
    return legacy_ward::value(with_crs(s), d(3, 14), Analyte::creatinine, value, 100);
}
Story& a_day_of_pressor(Story& s, int minutes_held) {
    with_crs(s).temperature(d(4, 0), 38.4).temperature(d(4, 8), 38.3).temperature(d(4, 14), 38.2);
    const Instant now = d(4, 16);
    runs(s, now - minutes(minutes_held), Agent::norepinephrine, 4.0);
    return runs(s, now - hours(2), Agent::norepinephrine, 4.0);
}

class LegacyVectors : public testing::TestWithParam<Vector> {};
TEST_P(LegacyVectors, as_the_scale_says) { check(GetParam()); }

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Doses, LegacyVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"norepinephrine_19_lee", [](Story& s) { pressor(s, Agent::norepinephrine, 19.9); }, asked, kLee, kNone, "2"},
        {"norepinephrine_20_lee", [](Story& s) { pressor(s, Agent::norepinephrine, 20); }, asked, kLee, kNone, "3"},
        {"norepinephrine_20_penn", [](Story& s) { pressor(s, Agent::norepinephrine, 20); }, asked, kPenn, kNone, "4"},
        {"norepinephrine_19_penn", [](Story& s) { pressor(s, Agent::norepinephrine, 19.9); }, asked, kPenn, kNone, "3"},
        {"norepinephrine_by_weight_above", [](Story& s) { pressor(s, Agent::norepinephrine, 0.29, "ug/kg/min"); }, asked, kLee, kNone, "3"},
        {"norepinephrine_by_weight_below", [](Story& s) { pressor(s, Agent::norepinephrine, 0.28, "ug/kg/min"); }, asked, kLee, kNone, "2"},
        {"epinephrine_10", [](Story& s) { pressor(s, Agent::epinephrine, 10); }, asked, kCartox, kNone, "3"},
        {"epinephrine_9", [](Story& s) { pressor(s, Agent::epinephrine, 9.9); }, asked, kCartox, kNone, "2"},
        {"dopamine_10", [](Story& s) { pressor(s, Agent::dopamine, 10, "ug/kg/min"); }, asked, kLee, kNone, "3"},
        {"dopamine_9", [](Story& s) { pressor(s, Agent::dopamine, 9.9, "ug/kg/min"); }, asked, kLee, kNone, "2"},
        {"phenylephrine_200", [](Story& s) { pressor(s, Agent::phenylephrine, 200); }, asked, kPenn, kNone, "4"},
        {"phenylephrine_199", [](Story& s) { pressor(s, Agent::phenylephrine, 199); }, asked, kPenn, kNone, "3"},
        {"with_vasopressin_10", [](Story& s) { two(s, Agent::norepinephrine, 10, Agent::vasopressin, 0.03, "[iU]/min"); }, asked, kPenn, kNone, "4"},
        {"with_vasopressin_9", [](Story& s) { two(s, Agent::norepinephrine, 9.9, Agent::vasopressin, 0.03, "[iU]/min"); }, asked, kPenn, kNone, "3"},
        {"sum_of_two_20", [](Story& s) { two(s, Agent::norepinephrine, 15, Agent::epinephrine, 5); }, asked, kPenn, kNone, "4"},
        {"sum_of_two_19", [](Story& s) { two(s, Agent::norepinephrine, 14.9, Agent::epinephrine, 5); }, asked, kPenn, kNone, "3"},
        {"sum_with_phenylephrine_20", [](Story& s) { two(s, Agent::norepinephrine, 10, Agent::phenylephrine, 100); }, asked, kPenn, kNone, "4"},
        {"sum_with_dopamine_20", [](Story& s) { two(s, Agent::norepinephrine, 16, Agent::dopamine, 8, "ug/kg/min"); }, asked, kPenn, kNone, "4"},
        {"sum_with_dopamine_19", [](Story& s) { two(s, Agent::norepinephrine, 15, Agent::dopamine, 8, "ug/kg/min"); }, asked, kPenn, kNone, "3"},
        {"high_dose_for_3_h", [](Story& s) { held(s, 180); }, asked, kLee, kNone, "3"},
        {"multiple_low_doses_lee", [](Story& s) { two(s, Agent::norepinephrine, 3, Agent::epinephrine, 2); }, asked, kLee, kNone, "3"},
        {"multiple_low_doses_astct", [](Story& s) { two(s, Agent::norepinephrine, 3, Agent::epinephrine, 2); }, asked, Scale::astct_crs_2019, kNone, "4"},
        {"pressor_below_24_h_mskcc", [](Story& s) { a_day_of_pressor(s, 24 * 60 - 1); }, d(4, 16), kMskcc, kNone, "2"},
        {"pressor_for_24_h_mskcc", [](Story& s) { a_day_of_pressor(s, 24 * 60); }, d(4, 16), kMskcc, kNone, "3"},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    Oxygen, LegacyVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"fraction_39_lee", [](Story& s) { breathing(s, OxygenDevice::venturi, 0.39); }, asked, kLee, kNone, "2"},
        {"fraction_40_lee", [](Story& s) { breathing(s, OxygenDevice::venturi, 0.4); }, asked, kLee, kNone, "3"},
        {"fraction_39_ctcae_5", [](Story& s) { breathing(s, OxygenDevice::venturi, 0.39); }, asked, v5, kTerm, "2"},
        {"fraction_40_ctcae_5", [](Story& s) { breathing(s, OxygenDevice::venturi, 0.4); }, asked, v5, kTerm, "3"},
        {"fraction_39_ctcae_6", [](Story& s) { breathing(s, OxygenDevice::venturi, 0.39); }, asked, v6, kTerm, "3"},
        {"fraction_39_cartox", [](Story& s) { breathing(s, OxygenDevice::venturi, 0.39); }, asked, kCartox, kNone, "2"},
        {"fraction_40_cartox", [](Story& s) { breathing(s, OxygenDevice::venturi, 0.4); }, asked, kCartox, kNone, "3"},
        {"any_oxygen_penn", [](Story& s) { oxygen(with_crs(s), d(3, 14), OxygenDevice::nasal_cannula, 1.0); }, asked, kPenn, kNone, "3"},
        {"cannula_ctcae_6", [](Story& s) { oxygen(with_crs(s), d(3, 14), OxygenDevice::nasal_cannula, 6.0); }, asked, v6, kTerm, "2"},
        {"cannula_7_ctcae_6", [](Story& s) { oxygen(with_crs(s), d(3, 14), OxygenDevice::nasal_cannula, 7.0); }, asked, v6, kTerm, "3"},
        {"bipap_lee", [](Story& s) { oxygen(with_crs(s), d(3, 14), OxygenDevice::bipap, std::nullopt); }, asked, kLee, kNone, "3-4"},
        {"bipap_penn", [](Story& s) { oxygen(with_crs(s), d(3, 14), OxygenDevice::bipap, std::nullopt); }, asked, kPenn, kNone, "3"},
        {"ventilated_lee", [](Story& s) { oxygen(with_crs(s), d(3, 14), OxygenDevice::invasive_ventilation, std::nullopt, 0.5, Indication::hypoxia); }, asked, kLee, kNone, "4"},
        {"ventilated_penn", [](Story& s) { oxygen(with_crs(s), d(3, 14), OxygenDevice::invasive_ventilation, std::nullopt, 0.5, Indication::hypoxia); }, asked, kPenn, kNone, "4"},
        {"ventilated_ctcae_4_03", [](Story& s) { oxygen(with_crs(s), d(3, 14), OxygenDevice::invasive_ventilation, std::nullopt, 0.5, Indication::hypoxia); }, asked, v4, kTerm, "4"},
        {"ventilated_mskcc", [](Story& s) { oxygen(with_crs(s), d(3, 14), OxygenDevice::invasive_ventilation, std::nullopt, 0.5, Indication::hypoxia); }, asked, kMskcc, kNone, "4"},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    OrgansAndTreatment, LegacyVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"alt_grade_3_lee", [](Story& s) { alt_of(s, 201); }, asked, kLee, kNone, "2-3"},
        {"alt_grade_2_lee", [](Story& s) { alt_of(s, 200); }, asked, kLee, kNone, "2"},
        {"alt_grade_4_lee", [](Story& s) { alt_of(s, 801); }, asked, kLee, kNone, "3"},
        {"alt_grade_4_cartox", [](Story& s) { alt_of(s, 801); }, asked, kCartox, kNone, "3"},
        {"alt_grade_3_penn", [](Story& s) { alt_of(s, 201); }, asked, kPenn, kNone, "2"},
        {"alt_grade_4_penn", [](Story& s) { alt_of(s, 801); }, asked, kPenn, kNone, "3"},
        {"alt_is_no_part_of_astct", [](Story& s) { alt_of(s, 801); }, asked, Scale::astct_crs_2019, kNone, "1"},
        {"alt_is_no_part_of_ctcae_5", [](Story& s) { alt_of(s, 801); }, asked, v5, kTerm, "1"},
        {"creatinine_grade_2_penn", [](Story& s) { creatinine_of(s, 151); }, asked, kPenn, kNone, "2"},
        {"creatinine_grade_3_penn", [](Story& s) { creatinine_of(s, 301); }, asked, kPenn, kNone, "3"},
        {"creatinine_grade_3_lee", [](Story& s) { creatinine_of(s, 301); }, asked, kLee, kNone, "3"},
        {"creatinine_grade_4_lee", [](Story& s) { creatinine_of(s, 601); }, asked, kLee, kNone, "4"},
        {"dialysis_lee", [](Story& s) { course(with_crs(s), d(3, 14), InterventionKind::dialysis, InterventionPhase::start); }, asked, kLee, kNone, "4"},
        {"dialysis_penn", [](Story& s) { course(with_crs(s), d(3, 14), InterventionKind::dialysis, InterventionPhase::start); }, asked, kPenn, kNone, "3-4"},
        {"plasma_penn", [](Story& s) { product(with_crs(s), d(3, 14), BloodProduct::plasma); }, asked, kPenn, kNone, "3"},
        {"plasma_astct", [](Story& s) { product(with_crs(s), d(3, 14), BloodProduct::plasma); }, asked, Scale::astct_crs_2019, kNone, "1"},
        {"one_bolus_lee", [](Story& s) { low_pressure(with_crs(s), d(3, 14)).bolus(d(3, 14, 30), 500); }, asked, kLee, kNone, "2"},
        {"boluses_penn", [](Story& s) { low_pressure(with_crs(s), d(3, 14)).bolus(d(3, 14, 30), 500).bolus(d(3, 15), 500); }, asked, kPenn, kNone, "3"},
        {"boluses_ctcae_5", [](Story& s) { low_pressure(with_crs(s), d(3, 14)).bolus(d(3, 14, 30), 500).bolus(d(3, 15), 500); }, asked, v5, kTerm, "2"},
        {"one_pressor_ctcae_4_03", [](Story& s) { pressor(s, Agent::norepinephrine, 4); }, asked, v4, kTerm, "4"},
        {"one_pressor_ctcae_5", [](Story& s) { pressor(s, Agent::norepinephrine, 4); }, asked, v5, kTerm, "3"},
        {"two_pressors_ctcae_6", [](Story& s) { two(s, Agent::norepinephrine, 4, Agent::epinephrine, 3); }, asked, v6, kTerm, "4"},
        {"fever_only_lee", [](Story& s) { with_crs(s); }, asked, kLee, kNone, "1"},
        {"fever_only_ctcae_5", [](Story& s) { with_crs(s); }, asked, v5, kTerm, "1"},
        {"fever_only_cartox", [](Story& s) { with_crs(s); }, asked, kCartox, kNone, "1"},
    }),
    CaseName{});
// clang-format on

}  // namespace
}  // namespace cellvigil::vectors
