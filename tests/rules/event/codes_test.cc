#include "rules/event/codes.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

struct LoincCase {
    const char* name;
    const char* system;
    const char* code;
    Analyte expected;
};
class LoincCodes : public testing::TestWithParam<LoincCase> {};

TEST_P(LoincCodes, give_their_analyte) {
    EXPECT_EQ(analyte_of(GetParam().system, GetParam().code), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(Table, LoincCodes,
                         testing::ValuesIn(std::to_array<LoincCase>({
                             {"temperature", "http://loinc.org", "8310-5", Analyte::temperature},
                             {"empty_system_is_loinc", "", "8480-6", Analyte::systolic},
                             {"arterial_saturation", "", "2708-6", Analyte::spo2},
                             {"fio2_in_wide_use", "", "3150-6", Analyte::fio2},
                             {"fio2_alias", "", "3150-0", Analyte::fio2},
                             {"ldh_primary", "", "14804-9", Analyte::ldh},
                             {"ldh_alternate", "", "2532-0", Analyte::ldh},
                             {"manual_neutrophils", "", "753-4", Analyte::neutrophils},
                             {"direct_bilirubin", "", "1968-7", Analyte::bilirubin_direct},
                             {"ddu_is_not_feu", "", "48066-5", Analyte::other},
                             {"typo_of_cd19", "", "8116-4", Analyte::other},
                             {"procalcitonin_is_not_il6", "", "33959-8", Analyte::other},
                             {"no_dash", "", "83105", Analyte::other},
                             {"empty", "", "", Analyte::other},
                             {"letters", "", "83a0-5", Analyte::other},
                             {"leading_zero", "", "08310-5", Analyte::temperature},
                             {"other_system", "http://example.org/codes", "8310-5", Analyte::other},
                             {"own_name", "urn:cellvigil:analyte", "rass", Analyte::rass},
                             {"own_name_unknown", "urn:cellvigil:analyte", "rasse", Analyte::other},
                         })),
                         CaseName{});

TEST(LoincTable, codes_are_unique_and_found) {
    std::set<std::string_view> seen;
    for (const LoincCode& row : loinc_codes()) {
        EXPECT_TRUE(seen.insert(row.code).second) << row.code;
        EXPECT_EQ(analyte_of(kLoincSystem, row.code), row.analyte) << row.code;
    }
}

TEST(LoincTable, only_the_widely_used_oxygen_code_fails_its_check_digit) {
    for (const LoincCode& row : loinc_codes())
        EXPECT_EQ(has_loinc_check_digit(row.code), row.code != "3150-6") << row.code;
}

TEST(LoincTable, every_analyte_has_a_code_or_a_name_of_our_own) {
    for (int i = 1; i < kAnalytes; ++i) {
        const auto analyte = static_cast<Analyte>(i);
        EXPECT_EQ(analyte_of(kAnalyteSystem, name_of(analyte)), analyte);
        if (!loinc_of(analyte).empty()) {
            EXPECT_EQ(analyte_of("", loinc_of(analyte)), analyte);
        }
    }
    EXPECT_EQ(loinc_of(Analyte::ldh), "14804-9");
    EXPECT_EQ(loinc_of(Analyte::fio2), "3150-6");
    EXPECT_EQ(loinc_of(Analyte::rass), "");
}

TEST(LoincCheckDigit, catches_typos_and_bad_shapes) {
    EXPECT_TRUE(has_loinc_check_digit("8116-6"));
    EXPECT_FALSE(has_loinc_check_digit("8116-4"));
    EXPECT_TRUE(has_loinc_check_digit("85354-9"));
    for (const char* bad : {"", "-", "1-", "-6", "8116", "8116-", "8116-66", "81166", "1234567-8", "ab-c"}) {
        EXPECT_FALSE(has_loinc_check_digit(bad)) << bad;
    }
}

struct AtcCase {
    const char* name;
    const char* system;
    const char* code;
    Agent expected;
};
class AtcCodes : public testing::TestWithParam<AtcCase> {};

TEST_P(AtcCodes, give_their_agent) { EXPECT_EQ(agent_of(GetParam().system, GetParam().code), GetParam().expected); }
INSTANTIATE_TEST_SUITE_P(Table, AtcCodes,
                         testing::ValuesIn(std::to_array<AtcCase>({
                             {"norepinephrine", "http://www.whocc.no/atc", "C01CA03", Agent::norepinephrine},
                             {"empty_system_is_atc", "", "L04AC07", Agent::tocilizumab},
                             {"systemic_dexamethasone", "", "H02AB02", Agent::dexamethasone},
                             {"topical_dexamethasone", "", "S01BA01", Agent::other},
                             {"topical_aciclovir", "", "D06BB03", Agent::other},
                             {"nasal_phenylephrine", "", "R01AA04", Agent::other},
                             {"valaciclovir", "", "J05AB11", Agent::valaciclovir},
                             {"letermovir", "", "J05AX18", Agent::letermovir},
                             {"recombinant_vaccine", "", "J07BK03", Agent::zoster_vaccine_recombinant},
                             {"live_vaccine", "", "J07BK02", Agent::zoster_vaccine_live},
                             {"nothing_stated", "", "", Agent::none},
                             {"group_only", "", "C01CA", Agent::other},
                             {"local_system", "http://example.org/drugs", "C01CA03", Agent::other},
                             {"own_name", "urn:cellvigil:agent", "droxidopa", Agent::droxidopa},
                         })),
                         CaseName{});

TEST(AtcTable, every_agent_is_reached_and_codes_are_unique) {
    std::set<std::string_view> seen;
    for (const AtcCode& row : atc_codes()) {
        EXPECT_TRUE(seen.insert(row.code).second) << row.code;
        EXPECT_EQ(row.code.size(), 7U);
    }
    for (int i = static_cast<int>(Agent::other) + 1; i < kAgents; ++i) {
        const auto agent = static_cast<Agent>(i);
        EXPECT_FALSE(atc_of(agent).empty()) << name_of(agent);
        EXPECT_EQ(agent_of("", atc_of(agent)), agent);
        EXPECT_EQ(agent_of(kAgentSystem, name_of(agent)), agent);
    }
}

TEST(Names, are_as_many_as_the_enumerators) {
    EXPECT_STREQ(name_of(Analyte::weight), "weight");
    EXPECT_STREQ(name_of(Analyte::igg), "igg");
    EXPECT_STREQ(name_of(Analyte::hbv_dna), "hbv_dna");
    EXPECT_STREQ(name_of(Agent::obecabtagene_autoleucel), "obecabtagene_autoleucel");
    EXPECT_STREQ(name_of(Agent::methylene_blue), "methylene_blue");
    EXPECT_STREQ(name_of(Agent::maribavir), "maribavir");
    EXPECT_STREQ(name_of(Agent::zoster_vaccine_live), "zoster_vaccine_live");
}

TEST(Truth, is_read_from_the_usual_words) {
    for (const char* yes : {"POS", "positive", "Reactive", "Detected", "LA6576-8"})
        EXPECT_EQ(truth_of(yes), true) << yes;
    for (const char* no : {"NEG", "Negative", "non-reactive", "not detected", "LA6577-6"})
        EXPECT_EQ(truth_of(no), false) << no;
    for (const char* neither : {"", "equivocal", "positiv", "pos."})
        EXPECT_EQ(truth_of(neither), std::nullopt) << neither;
}

}  // namespace
}  // namespace cellvigil
