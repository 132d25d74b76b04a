// CTCAE 5.0 and 6.0: laboratory terms at both sides of every limit, and the signs.
#include "tests/rules/grade/vectors/vector.h"

namespace cellvigil::vectors {
namespace {

struct LabRow {
    Scale scale;
    Term term;
    Analyte analyte;
    double low;  // the laboratory's lower limit; 0: none sent
    double value;
    const char* expected;
};
std::string name_of_row(const testing::TestParamInfo<LabRow>& info) {
    const LabRow& row = info.param;
    std::string text = std::string(name_of(row.scale)) + "_" + name_of(row.term) + "_" + to_text(amount(row.value));
    if (row.low == 0) text += "_without_a_range";
    for (char& c : text) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
    }
    return text + "_" + std::to_string(info.index);
}
void PrintTo(const LabRow& row, std::ostream* out) { *out << name_of(row.term) << " " << row.value; }

class LabVectors : public testing::TestWithParam<LabRow> {};
TEST_P(LabVectors, as_the_table_says) {
    const LabRow& row = GetParam();
    Story told;
    Observation value;
    value.analyte = row.analyte;
    value.status = ResultStatus::final;
    value.value = amount(row.value);
    if (row.low > 0) value.reference_low = amount(row.low);
    told.adult().infused().tell(d(5), value);
    EXPECT_EQ(legacy_ward::range_of(legacy_ward::said_of(told, d(5, 11), row.scale, row.term)), row.expected);
}

constexpr Scale v5 = Scale::ctcae_5_0;
constexpr Scale v6 = Scale::ctcae_6_0;
constexpr Term kAnc = Term::neutrophil_count_decreased;
constexpr Term kWhite = Term::white_blood_cell_decreased;
constexpr Term kLymph = Term::lymphocyte_count_decreased;
constexpr Term kPlatelets = Term::platelet_count_decreased;
constexpr Term kAnaemia = Term::anaemia;
constexpr Term kCd4 = Term::cd4_decreased;
// clang-format off
INSTANTIATE_TEST_SUITE_P(Limits, LabVectors, testing::ValuesIn(std::vector<LabRow>{
    {v5, kAnc, Analyte::neutrophils, 2.0, 2.0, "0"},     {v5, kAnc, Analyte::neutrophils, 2.0, 1.999, "1"},
    {v5, kAnc, Analyte::neutrophils, 2.0, 1.5, "1"},     {v5, kAnc, Analyte::neutrophils, 2.0, 1.499, "2"},
    {v5, kAnc, Analyte::neutrophils, 2.0, 1.0, "2"},     {v5, kAnc, Analyte::neutrophils, 2.0, 0.999, "3"},
    {v5, kAnc, Analyte::neutrophils, 2.0, 0.5, "3"},     {v5, kAnc, Analyte::neutrophils, 2.0, 0.4999, "4"},
    {v5, kAnc, Analyte::neutrophils, 1.8, 1.9, "0"},     {v5, kAnc, Analyte::neutrophils, 1.2, 1.4, "2"},
    {v5, kAnc, Analyte::neutrophils, 0, 1.5, "NA-1"},    {v5, kAnc, Analyte::neutrophils, 0, 1.499, "2"},
    {v6, kAnc, Analyte::neutrophils, 2.0, 1.5, "0"},     {v6, kAnc, Analyte::neutrophils, 0, 1.499, "1"},
    {v6, kAnc, Analyte::neutrophils, 0, 1.0, "1"},       {v6, kAnc, Analyte::neutrophils, 0, 0.999, "2"},
    {v6, kAnc, Analyte::neutrophils, 0, 0.5, "2"},       {v6, kAnc, Analyte::neutrophils, 0, 0.499, "3"},
    {v6, kAnc, Analyte::neutrophils, 0, 0.1, "3"},       {v6, kAnc, Analyte::neutrophils, 0, 0.0999, "4"},
    {v5, kWhite, Analyte::leukocytes, 4.0, 4.0, "0"},    {v5, kWhite, Analyte::leukocytes, 4.0, 3.9, "1"},
    {v5, kWhite, Analyte::leukocytes, 4.0, 3.0, "1"},    {v5, kWhite, Analyte::leukocytes, 4.0, 2.99, "2"},
    {v5, kWhite, Analyte::leukocytes, 4.0, 2.0, "2"},    {v5, kWhite, Analyte::leukocytes, 4.0, 1.99, "3"},
    {v5, kWhite, Analyte::leukocytes, 4.0, 1.0, "3"},    {v5, kWhite, Analyte::leukocytes, 4.0, 0.99, "4"},
    {v6, kWhite, Analyte::leukocytes, 4.0, 2.99, "2"},   {v6, kWhite, Analyte::leukocytes, 4.0, 0.99, "4"},
    {v5, kLymph, Analyte::lymphocytes, 1.0, 1.0, "0"},   {v5, kLymph, Analyte::lymphocytes, 1.0, 0.99, "1"},
    {v5, kLymph, Analyte::lymphocytes, 1.0, 0.8, "1"},   {v5, kLymph, Analyte::lymphocytes, 1.0, 0.799, "2"},
    {v5, kLymph, Analyte::lymphocytes, 1.0, 0.5, "2"},   {v5, kLymph, Analyte::lymphocytes, 1.0, 0.499, "3"},
    {v5, kLymph, Analyte::lymphocytes, 1.0, 0.2, "3"},   {v5, kLymph, Analyte::lymphocytes, 1.0, 0.199, "4"},
    {v6, kLymph, Analyte::lymphocytes, 1.0, 0.1, "1"},   {v6, kLymph, Analyte::lymphocytes, 1.0, 1.0, "0"},
    {v5, kPlatelets, Analyte::platelets, 150, 150, "0"}, {v5, kPlatelets, Analyte::platelets, 150, 149, "1"},
    {v5, kPlatelets, Analyte::platelets, 150, 75, "1"},  {v5, kPlatelets, Analyte::platelets, 150, 74.9, "2"},
    {v5, kPlatelets, Analyte::platelets, 150, 50, "2"},  {v5, kPlatelets, Analyte::platelets, 150, 49.9, "3"},
    {v5, kPlatelets, Analyte::platelets, 150, 25, "3"},  {v5, kPlatelets, Analyte::platelets, 150, 24.9, "4"},
    {v5, kPlatelets, Analyte::platelets, 0, 80, "NA-1"}, {v6, kPlatelets, Analyte::platelets, 150, 75, "1"},
    {v6, kPlatelets, Analyte::platelets, 150, 74.9, "2"}, {v6, kPlatelets, Analyte::platelets, 150, 50, "2"},
    {v6, kPlatelets, Analyte::platelets, 150, 49.9, "3"}, {v6, kPlatelets, Analyte::platelets, 150, 10, "3"},
    {v6, kPlatelets, Analyte::platelets, 150, 9.9, "4"},
    {v5, kAnaemia, Analyte::haemoglobin, 120, 120, "0"}, {v5, kAnaemia, Analyte::haemoglobin, 120, 119, "1"},
    {v5, kAnaemia, Analyte::haemoglobin, 120, 100, "1"}, {v5, kAnaemia, Analyte::haemoglobin, 120, 99, "2"},
    {v5, kAnaemia, Analyte::haemoglobin, 120, 80, "2"},  {v5, kAnaemia, Analyte::haemoglobin, 120, 79, "3"},
    {v5, kCd4, Analyte::cd4, 0.6, 0.6, "0"},             {v5, kCd4, Analyte::cd4, 0.6, 0.5, "1"},
    {v5, kCd4, Analyte::cd4, 0.6, 0.499, "2"},           {v5, kCd4, Analyte::cd4, 0.6, 0.2, "2"},
    {v5, kCd4, Analyte::cd4, 0.6, 0.199, "3"},           {v5, kCd4, Analyte::cd4, 0.6, 0.05, "3"},
    {v5, kCd4, Analyte::cd4, 0.6, 0.0499, "4"},
    {v5, Term::lymphocyte_count_increased, Analyte::lymphocytes, 1.0, 4.001, "2"},
    {v5, Term::lymphocyte_count_increased, Analyte::lymphocytes, 1.0, 20, "2"},
    {v5, Term::lymphocyte_count_increased, Analyte::lymphocytes, 1.0, 20.001, "3"},
    {v5, Term::leukocytosis, Analyte::leukocytes, 4.0, 100.1, "3"},
}), name_of_row);
// clang-format on

Story& charted(Story& s, double celsius, int first_hour, int last_hour) {  // hours of day 3, every 4
    for (int hour = first_hour; hour <= last_hour; hour += 4) s.temperature(d(3) + hours(hour - 10), celsius);
    return s;
}
Story& neutropenic(Story& s, double anc, Instant at = d(3, 6)) {
    return s.adult().infused().lab(at, Analyte::neutrophils, anc);
}
Story& in_mmol(Story& s, double mmol) {
    Observation value;
    value.analyte = Analyte::haemoglobin;
    value.status = ResultStatus::final;
    value.in_mmol_per_litre = true;
    value.value_as_sent = amount(mmol);
    value.value = amount(mmol * 16.114);
    value.reference_low = amount(120);
    return s.adult().infused().tell(d(5), value);
}

class SignVectors : public testing::TestWithParam<Vector> {};
TEST_P(SignVectors, as_the_table_says) { check(GetParam()); }

constexpr Term kFever = Term::fever;
constexpr Term kFebrile = Term::febrile_neutropenia;
const Instant noon = d(3, 12);

// clang-format off
INSTANTIATE_TEST_SUITE_P(
    Signs, SignVectors,
    testing::ValuesIn(std::vector<Vector>{
        {"haemoglobin_6_2_mmol", [](Story& s) { in_mmol(s, 6.2); }, d(5, 11), v5, kAnaemia, "1"},
        {"haemoglobin_6_19_mmol", [](Story& s) { in_mmol(s, 6.19); }, d(5, 11), v5, kAnaemia, "2"},
        {"haemoglobin_4_93_mmol", [](Story& s) { in_mmol(s, 4.93); }, d(5, 11), v5, kAnaemia, "2"},
        {"haemoglobin_4_89_mmol", [](Story& s) { in_mmol(s, 4.89); }, d(5, 11), v5, kAnaemia, "3"},
        {"normal_by_the_laboratory", [](Story& s) { Observation value; value.analyte = Analyte::neutrophils; value.status = ResultStatus::final; value.value = amount(1.4); value.reference_low = amount(1.2); s.adult().infused().tell(d(5), value); }, d(5, 11), v5, kAnc, "2", {Flag::normal_by_local_range}},
        {"red_cells_at_haemoglobin_85", [](Story& s) { Observation value; value.analyte = Analyte::haemoglobin; value.status = ResultStatus::final; value.value = amount(85); value.reference_low = amount(120); s.adult().infused().tell(d(5), value).transfuses(d(5, 10, 30), BloodProduct::red_cells); }, d(5, 11), v5, kAnaemia, "3", {Flag::transfusion_indicated}},
        {"fever_37_9", [](Story& s) { s.adult().infused().temperature(d(3, 11), 37.9); }, noon, v5, kFever, "0"},
        {"fever_38_0", [](Story& s) { s.adult().infused().temperature(d(3, 11), 38.0); }, noon, v5, kFever, "1"},
        {"fever_39_0", [](Story& s) { s.adult().infused().temperature(d(3, 11), 39.0); }, noon, v5, kFever, "1"},
        {"fever_39_1", [](Story& s) { s.adult().infused().temperature(d(3, 11), 39.1); }, noon, v5, kFever, "2"},
        {"fever_40_0", [](Story& s) { s.adult().infused().temperature(d(3, 11), 40.0); }, noon, v5, kFever, "2"},
        {"fever_40_1", [](Story& s) { s.adult().infused().temperature(d(3, 11), 40.1); }, noon, v6, kFever, "3"},
        {"fever_above_40_for_24_h", [](Story& s) { charted(s.adult().infused(), 40.2, 0, 24); }, d(4, 0), v5, kFever, "3"},
        {"fever_above_40_for_longer", [](Story& s) { charted(s.adult().infused(), 40.2, 0, 24).temperature(d(4, 0, 30), 40.2); }, d(4, 1), v5, kFever, "4"},
        {"fever_interrupted_by_40_0", [](Story& s) { charted(s.adult().infused(), 40.2, 0, 12).temperature(d(3, 14), 40.0); charted(s, 40.2, 16, 28); }, d(4, 5), v5, kFever, "3"},
        {"38_31_once_anc_0_999", [](Story& s) { neutropenic(s, 0.999).temperature(d(3, 11), 38.31); }, noon, v5, kFebrile, "3"},
        {"38_30_once", [](Story& s) { neutropenic(s, 0.5).temperature(d(3, 11), 38.3); }, noon, v5, kFebrile, "0"},
        {"38_4_with_anc_of_1_0", [](Story& s) { neutropenic(s, 1.0).temperature(d(3, 11), 38.4); }, noon, v5, kFebrile, "0"},
        {"38_0_for_60_min", [](Story& s) { neutropenic(s, 0.5).temperature(d(3, 10), 38.0).temperature(d(3, 11), 38.0); }, d(3, 11), v5, kFebrile, "0"},
        {"38_0_for_61_min", [](Story& s) { neutropenic(s, 0.5).temperature(d(3, 10), 38.0).temperature(d(3, 11, 1), 38.0); }, d(3, 11, 2), v5, kFebrile, "3"},
        {"37_9_between", [](Story& s) { neutropenic(s, 0.5).temperature(d(3, 10), 38.1).temperature(d(3, 10, 40), 37.9).temperature(d(3, 11, 20), 38.1); }, d(3, 11, 30), v5, kFebrile, "0"},
        {"anc_of_48_h_ago", [](Story& s) { neutropenic(s, 0.5, d(1, 11)).temperature(d(3, 11), 38.5); }, d(3, 11), v5, kFebrile, "3"},
        {"anc_older_than_48_h", [](Story& s) { neutropenic(s, 0.5, d(1, 10, 59)).temperature(d(3, 11), 38.5); }, d(3, 11), v5, kFebrile, "NA-3"},
        {"hypoxia_87_at_rest", [](Story& s) { s.adult().infused().spo2(d(3, 11), 87); }, noon, v5, Term::hypoxia, "3"},
        {"hypoxia_pao2_55", [](Story& s) { s.adult().infused().lab(d(3, 11), Analyte::pao2, 55); }, noon, v5, Term::hypoxia, "3"},
        {"hypoxia_ventilated", [](Story& s) { s.adult().infused().oxygen(d(3, 11), OxygenDevice::invasive_ventilation, std::nullopt, Indication::hypoxia); }, noon, v5, Term::hypoxia, "4"},
        {"hypotension_norepinephrine_in_hospital", [](Story& s) { legacy_ward::course(s.adult().infused(), d(2), InterventionKind::hospital_stay, InterventionPhase::start, Indication::crs).systolic(d(3, 10), 84).starts(d(3, 11), Agent::norepinephrine); }, noon, v5, Term::hypotension, "3-4"},
    }),
    CaseName{});
// clang-format on

}  // namespace
}  // namespace cellvigil::vectors
