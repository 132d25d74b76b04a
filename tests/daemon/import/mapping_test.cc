#include "daemon/import/mapping.h"

#include <gtest/gtest.h>

namespace cellvigil::import {
namespace {

TEST(Mapping, the_built_in_one_is_sound) {
    const Mapping mapping = default_mapping();
    EXPECT_EQ(mapping.cohort, "IMPORTED");
    EXPECT_EQ(mapping.vital_signs.at("TEMP"), Analyte::temperature);
    EXPECT_EQ(mapping.laboratory.at("NEUT"), Analyte::neutrophils);
    EXPECT_EQ(mapping.units.at("F"), "[degF]");
    EXPECT_EQ(mapping.agents.at("ACETYLSALICYLIC ACID"), Agent::aspirin);
    EXPECT_EQ(mapping.dispositions.at("LOST TO FOLLOW-UP"), Disposition::lost_to_follow_up);
}

TEST(Mapping, a_file_adds_to_it_and_replaces_parts) {
    const auto mapping =
        read_mapping("cohort: MINE\nsites: {\"701\": \"-05:00\"}\nlaboratory: {ANC: neutrophils, NEUT: other}\n");
    ASSERT_TRUE(mapping) << mapping.error().detail;
    EXPECT_EQ(mapping->cohort, "MINE");
    EXPECT_EQ(mapping->offset_of("701"), UtcOffset(-300));
    EXPECT_EQ(mapping->offset_of("702"), UtcOffset(0));
    EXPECT_EQ(mapping->laboratory.at("ANC"), Analyte::neutrophils);
    EXPECT_EQ(mapping->laboratory.at("NEUT"), Analyte::other);
    EXPECT_EQ(mapping->laboratory.at("PLAT"), Analyte::platelets);
}

struct Wrong {
    const char* name;
    const char* yaml;
    const char* detail;
};
void PrintTo(const Wrong& row, std::ostream* out) { *out << row.name; }
class WrongMapping : public testing::TestWithParam<Wrong> {};

TEST_P(WrongMapping, is_refused_with_its_line) {
    const auto mapping = read_mapping(GetParam().yaml);
    ASSERT_FALSE(mapping);
    EXPECT_EQ(mapping.error().detail, GetParam().detail);
}
INSTANTIATE_TEST_SUITE_P(
    Files, WrongMapping,
    testing::Values(
        Wrong{"unknown_key", "cohort: A\ncohorts: B\n", "line 2: cohorts: no such key"},
        Wrong{"unknown_analyte", "laboratory:\n  ANC: neutrofils\n", "line 2: ANC: not a name that `laboratory` takes"},
        Wrong{"bad_offset", "utc_offset: 8\n", "line 1: utc_offset: not a value that this key takes"},
        Wrong{"nested_unknown_key", "adverse_events:\n  category: other\n  by_name: {}\n",
              "line 3: by_name: no such key"},
        Wrong{"list_for_a_table", "units: [C]\n", "line 1: units: a mapping of codes to names is expected"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Mapping, what_is_no_yaml_is_refused) { EXPECT_FALSE(read_mapping("units: {C: Cel")); }

}  // namespace
}  // namespace cellvigil::import
