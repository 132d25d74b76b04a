#include "rules/event/units.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <string>

#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

// What an analyte's value in a unit is in the canonical one, as text; "unknown" when the unit is not accepted.
std::string canonical(Analyte analyte, double value, std::string_view unit) {
    const UnitRule* rule = find_unit(analyte, unit);
    if (rule == nullptr) return "unknown";
    const auto amount = quantity_of(value);
    if (!amount) return "no amount";
    const auto converted = to_canonical(*amount, *rule);
    return converted ? to_text(*converted) : "overflow";
}

struct UnitCase {
    const char* name;
    Analyte analyte;
    double value;
    const char* unit;
    const char* expected;
};
class Units : public testing::TestWithParam<UnitCase> {};

TEST_P(Units, convert_exactly_or_not_at_all) {
    EXPECT_EQ(canonical(GetParam().analyte, GetParam().value, GetParam().unit), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(Table, Units,
                         testing::ValuesIn(std::to_array<UnitCase>({
                             {"celsius", Analyte::temperature, 38.6, "Cel", "38.6"},
                             {"fever_in_fahrenheit", Analyte::temperature, 100.4, "[degF]", "38"},
                             {"no_fever_in_fahrenheit", Analyte::temperature, 100.3, "[degF]", "37.944444"},
                             {"kelvin", Analyte::temperature, 311.15, "K", "38"},
                             {"degrees_with_sign", Analyte::temperature, 38,
                              "\xc2\xb0"
                              "C",
                              "38"},
                             {"coulomb_is_no_temperature", Analyte::temperature, 38, "C", "unknown"},
                             {"farad_is_no_temperature", Analyte::temperature, 100.4, "F", "unknown"},
                             {"kilopascal", Analyte::systolic, 12, "kPa", "90.00744"},
                             {"pressure_alias", Analyte::mean_arterial, 65, "mmHg", "65"},
                             {"beats_annotation", Analyte::heart_rate, 80, "{beats}/min", "80"},
                             {"any_annotation", Analyte::heart_rate, 80, "{pulses}/min", "80"},
                             {"beats_in_capitals", Analyte::heart_rate, 80, "BEATS/MIN", "80"},
                             {"saturation_percent", Analyte::spo2, 97, "%", "97"},
                             {"saturation_fraction", Analyte::spo2, 0.97, "1", "97"},
                             {"oxygen_fraction", Analyte::fio2, 0.4, "1", "0.4"},
                             {"oxygen_percent", Analyte::fio2, 40, "%", "0.4"},
                             {"oxygen_40_as_fraction_stays_40", Analyte::fio2, 40, "1", "40"},
                             {"oxygen_half_percent_stays_so", Analyte::fio2, 0.5, "%", "0.005"},
                             {"crp_canonical", Analyte::crp, 12.5, "mg/L", "12.5"},
                             {"crp_registry", Analyte::crp, 1.25, "mg/dL", "12.5"},
                             {"ferritin_same", Analyte::ferritin, 500, "ng/mL", "500"},
                             {"ferritin_mg", Analyte::ferritin, 1.2, "mg/L", "1200"},
                             {"il6_pg", Analyte::il6, 87.3, "pg/mL", "87.3"},
                             {"fibrinogen_mg_dl", Analyte::fibrinogen, 150, "mg/dL", "1.5"},
                             {"d_dimer_ng_feu", Analyte::d_dimer, 500, "ng/mL{FEU}", "0.5"},
                             {"d_dimer_ddu_never", Analyte::d_dimer, 500, "ng/mL{DDU}", "unknown"},
                             {"triglycerides_mg_dl", Analyte::triglycerides, 88.57, "mg/dL", "1"},
                             {"ldh_international", Analyte::ldh, 250, "[IU]/L", "250"},
                             {"ldh_iu_plain", Analyte::ldh, 250, "IU/L", "250"},
                             {"bilirubin_mg_dl", Analyte::bilirubin, 1, "mg/dL", "17.1"},
                             {"creatinine_mg_dl", Analyte::creatinine, 1, "mg/dL", "88.42"},
                             {"neutrophils_giga", Analyte::neutrophils, 0.5, "10*9/L", "0.5"},
                             {"neutrophils_thousand", Analyte::neutrophils, 0.5, "10*3/uL", "0.5"},
                             {"neutrophils_million_per_ml", Analyte::neutrophils, 0.5, "10*6/mL", "0.5"},
                             {"neutrophils_per_ul", Analyte::neutrophils, 499, "/uL", "0.499"},
                             {"neutrophils_per_mm3", Analyte::neutrophils, 500, "/mm3", "0.5"},
                             {"neutrophils_million_per_l", Analyte::neutrophils, 500, "10*6/L", "0.5"},
                             {"neutrophils_thousand_per_ml", Analyte::neutrophils, 500, "10*3/mL", "0.5"},
                             {"pilot_thousands", Analyte::leukocytes, 6.1, "THOU/uL", "6.1"},
                             {"pilot_giga", Analyte::platelets, 250, "GI/L", "250"},
                             {"micro_sign", Analyte::platelets, 250, "10^3/\xc2\xb5L", "250"},
                             {"greek_mu", Analyte::platelets, 250, "10^3/\xce\xbcL", "250"},
                             {"mcl", Analyte::platelets, 250, "K/mcL", "250"},
                             {"haemoglobin_g_dl", Analyte::haemoglobin, 7.9, "g/dL", "79"},
                             {"haemoglobin_mmol", Analyte::haemoglobin, 4.9, "mmol/L", "78.9586"},
                             {"haemoglobin_gm_dl", Analyte::haemoglobin, 7.9, "gm/dL", "79"},
                             {"counts_with_parentheses", Analyte::platelets, 250, "x10(9)/L", "250"},
                             {"counts_with_a_cross", Analyte::platelets, 250, "10x3/uL", "250"},
                             {"giga_particles", Analyte::platelets, 250, "Gpt/L", "250"},
                             {"mega_particles", Analyte::neutrophils, 500, "Mpt/L", "0.5"},
                             {"per_nanolitre", Analyte::platelets, 250, "/nL", "250"},
                             {"igg_g_dl", Analyte::igg, 0.4, "g/dL", "4"},
                             {"igg_mg_l", Analyte::igg, 4000, "mg/L", "4"},
                             {"crp_ng_ml", Analyte::crp, 5000, "ng/mL", "5"},
                             {"degrees_in_words", Analyte::temperature, 100.4, "deg F", "38"},
                             {"gram_or_giga_unknown", Analyte::haemoglobin, 79, "G/L", "unknown"},
                             {"case_matters", Analyte::haemoglobin, 79, "g/L", "79"},
                             {"igg_mg_dl", Analyte::igg, 400, "mg/dL", "4"},
                             {"cd4_per_ul", Analyte::cd4, 200, "/uL", "0.2"},
                             {"cd19_aplasia_per_ul", Analyte::cd19, 20, "{cells}/uL", "0.02"},
                             {"annotation_alone_is_one", Analyte::spo2, 0.97, "{ratio}", "97"},
                             {"blank_is_no_unit", Analyte::spo2, 0.97, " ", "unknown"},
                             {"blank_around", Analyte::crp, 5, " mg/L ", "5"},
                             {"gcs_score", Analyte::gcs, 14, "{score}", "14"},
                             {"gcs_without_unit", Analyte::gcs, 14, "", "14"},
                             {"temperature_without_unit", Analyte::temperature, 38, "", "unknown"},
                             {"unit_of_another_analyte", Analyte::temperature, 38, "mm[Hg]", "unknown"},
                             {"nonsense", Analyte::crp, 5, "furlong", "unknown"},
                             {"too_long", Analyte::crp, 5, "mg/L{a remark that is far longer than any unit should be}",
                              "unknown"},
                             {"other_has_no_units", Analyte::other, 5, "mg/L", "unknown"},
                             {"yes_no_has_no_units", Analyte::hbsag, 5, "mg/L", "unknown"},
                             {"weight_pounds", Analyte::weight, 150, "[lb_av]", "68.038856"},
                             {"csf_water", Analyte::csf_opening, 30, "cm[H2O]", "22.06677"},
                         })),
                         CaseName{});

TEST(Units, overflow_is_no_amount) {
    const UnitRule* rule = find_unit(Analyte::ferritin, "mg/L");
    ASSERT_NE(rule, nullptr);
    EXPECT_EQ(to_canonical(Quantity{std::numeric_limits<std::int64_t>::max()}, *rule), std::nullopt);
    EXPECT_EQ(to_canonical(Quantity{std::numeric_limits<std::int64_t>::min()}, *rule), std::nullopt);
}

TEST(Units, every_analyte_with_a_number_has_one_canonical_unit_that_changes_nothing) {
    for (int i = 1; i < kAnalytes; ++i) {
        const auto analyte = static_cast<Analyte>(i);
        if (analyte == Analyte::hbsag || analyte == Analyte::anti_hbc) continue;
        const UnitRule* rule = find_unit(analyte, canonical_unit(analyte));
        ASSERT_NE(rule, nullptr) << i;
        EXPECT_EQ(to_canonical(Quantity{1'234'567}, *rule), Quantity{1'234'567}) << i;
    }
}

TEST(Units, every_rule_is_found_by_its_unit) {
    for (const UnitRule& rule : unit_rules()) {
        EXPECT_EQ(find_unit(rule.analyte, rule.unit), &rule) << rule.unit;
        EXPECT_EQ(ucum_of(rule.unit), rule.unit);
        EXPECT_GT(rule.denominator, 0);
    }
}

RC_GTEST_PROP(UnitLaw, a_greater_amount_never_becomes_a_smaller_one, ()) {
    const auto rules = unit_rules();
    const UnitRule& rule = rules[*rc::gen::inRange<std::size_t>(0, rules.size())];
    const auto low = *rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'000);
    const auto step = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
    const auto first = to_canonical(Quantity{low}, rule);
    const auto second = to_canonical(Quantity{low + step}, rule);
    RC_ASSERT(first.has_value() && second.has_value());
    RC_ASSERT(*first <= *second);
}

RC_GTEST_PROP(UnitLaw, any_text_is_a_unit_or_none, (const std::string& text)) {
    const auto ucum = ucum_of(text);
    RC_ASSERT(ucum.empty() || ucum_of(ucum) == ucum);
}

TEST(PressorRates, come_in_three_units) {
    const auto check = [](double value, const char* sent, const char* unit, const char* expected) {
        const auto rate = pressor_rate(quantity_of(value).value(), sent);
        ASSERT_TRUE(rate.has_value()) << sent;
        EXPECT_EQ(rate->unit, unit) << sent;
        EXPECT_EQ(to_text(rate->rate), expected) << sent;
    };
    check(0.1, "ug/kg/min", "ug/kg/min", "0.1");
    check(100, "ng/kg/min", "ug/kg/min", "0.1");
    check(6, "mcg/kg/h", "ug/kg/min", "0.1");
    check(20, "\xc2\xb5g/min", "ug/min", "20");
    check(1.2, "mg/h", "ug/min", "20");
    check(0.03, "[iU]/min", "[iU]/min", "0.03");
    check(1.8, "U/h", "[iU]/min", "0.03");
    EXPECT_FALSE(pressor_rate(whole(1), "mL/h").has_value());
    EXPECT_FALSE(pressor_rate(whole(1), "").has_value());
}

TEST(CellDoses, count_millions) {
    const auto check = [](double value, const char* sent, bool per_kg, const char* expected) {
        const auto dose = cell_dose(quantity_of(value).value(), sent);
        ASSERT_TRUE(dose.has_value()) << sent;
        EXPECT_EQ(dose->per_kg, per_kg) << sent;
        EXPECT_EQ(to_text(dose->millions), expected) << sent;
    };
    check(2.5e8, "{cells}", false, "250");
    check(5e6, "{cells}/kg", true, "5");
    check(5, "10*6/kg", true, "5");
    check(1, "10*8{cells}", false, "100");
    EXPECT_FALSE(cell_dose(whole(1), "mg").has_value());
}

}  // namespace
}  // namespace cellvigil
