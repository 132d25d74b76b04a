// `cellvigilctl grade` from the value and unit that a laboratory sends to the grade: what a unit means, what is held as
// a slip, what is not used.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "tests/daemon/tools/command_run.h"
#include "tests/support/case_name.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

struct Sent {
    const char* at;  // of 4 June 2026, day 3
    const char* code;
    const char* value;
    const char* unit;
    const char* low = nullptr;         // lower limit of the reference range
    const char* comparator = nullptr;  // "LESS"
};

struct UnitCase {
    const char* name;
    std::vector<Sent> sent;
    const char* scale;
    const char* term;
    const char* expected;  // grade, or grade-upper; "-": nothing said
};
void PrintTo(const UnitCase& one, std::ostream* out) { *out << one.name; }

json::object message(int number, std::string_view at) {
    const std::string name = std::to_string(number);
    return {{"study_id", "S"},
            {"cohort_id", "C"},
            {"site_id", "site-01"},
            {"source_system", "ehr"},
            {"origin", "EHR"},
            {"subject_id", "P1"},
            {"message_id", "m" + name},
            {"record_id", "r" + name},
            {"record_version", 1},
            {"action", "CREATE"},
            {"recorded_at", at},
            {"effective", {{"instant", at}, {"precision", "MINUTE"}, {"utc_offset_minutes", 0}}}};
}

std::string lines_of(const std::vector<Sent>& sent) {
    json::object enrolled = message(1, "2026-05-20T08:00:00Z");
    enrolled["enrollment"] = {{"age_years", 58}};
    json::object infused = message(2, "2026-06-01T10:00:00Z");
    infused["infusion"] = {{"product", {{"system", "urn:x"}, {"code", "y"}}}, {"infusion_number", 1}};
    std::string lines = json::serialize(enrolled) + "\n" + json::serialize(infused) + "\n";
    int number = 3;
    for (const Sent& one : sent) {
        json::object told = message(number++, "2026-06-" + std::string(one.at) + ":00Z");
        json::object value{{"value", json::parse(one.value)}, {"unit", one.unit}};
        if (one.comparator != nullptr) value["comparator"] = one.comparator;
        json::object observed{{"code", {{"system", "http://loinc.org"}, {"code", one.code}}}, {"status", "FINAL"}};
        observed["quantity"] = value;
        if (one.low != nullptr) observed["reference_low"] = json::parse(one.low);
        told["observation"] = observed;
        lines += json::serialize(told) + "\n";
    }
    return lines;
}

std::string shown(const json::value& grade) { return grade.is_null() ? "NA" : std::to_string(grade.to_number<int>()); }

class GradeOfUnits : public testing::TestWithParam<UnitCase> {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "cellvigil-units-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::filesystem::path folder_;
};

TEST_P(GradeOfUnits, is) {
    const UnitCase& one = GetParam();
    const std::string file = (folder_ / "values.ndjson").string();
    std::ofstream(file) << lines_of(one.sent);
    const Ran ran = run({"grade", file, "--json", "--scale", one.scale});
    ASSERT_EQ(ran.code, 0) << ran.err;
    const json::value said = json::parse(ran.out);
    ASSERT_TRUE(said.at("refused").as_array().empty()) << ran.out;
    std::string last = "-";
    for (const json::value& statement : said.at("subjects").at(0).at("assessments").as_array()) {
        if (statement.at("term").as_string() != one.term) continue;
        const std::string grade = shown(statement.at("grade"));
        const std::string upper = shown(statement.at("grade_upper"));
        last = grade == upper ? grade : grade + "-" + upper;
    }
    EXPECT_EQ(last, one.expected);
}

constexpr const char* kCrs = "ASTCT_CRS_2019";
constexpr const char* kCtcae = "CTCAE_5_0";
constexpr const char* kAnc = "neutrophil_count_decreased";
constexpr const char* kAnaemia = "anaemia";
constexpr const char* kPlatelets = "platelet_count_decreased";
// clang-format off
INSTANTIATE_TEST_SUITE_P(Values, GradeOfUnits, testing::ValuesIn(std::vector<UnitCase>{
    {"fahrenheit_100_4", {{"04T08:00", "8310-5", "100.4", "[degF]"}}, kCrs, "", "1"},
    {"fahrenheit_100_3", {{"04T08:00", "8310-5", "100.3", "[degF]"}}, kCrs, "", "0"},
    {"kelvin_311_15", {{"04T08:00", "8310-5", "311.15", "K"}}, kCrs, "", "1"},
    {"temperature_without_unit", {{"04T08:00", "8310-5", "38.6", ""}}, kCrs, "", "NA"},
    {"temperature_in_an_unknown_unit", {{"04T08:00", "8310-5", "100.4", "F"}}, kCrs, "", "NA"},
    {"temperature_45_0", {{"04T08:00", "8310-5", "45.0", "Cel"}}, kCrs, "", "1"},
    {"temperature_45_1", {{"04T08:00", "8310-5", "45.1", "Cel"}}, kCrs, "", "NA"},
    {"kilopascal_below_90", {{"04T08:00", "8310-5", "38.6", "Cel"}, {"04T08:05", "8480-6", "11.9", "kPa"}, {"04T08:15", "8480-6", "11.9", "kPa"}}, kCrs, "", "2"},
    {"kilopascal_above_90", {{"04T08:00", "8310-5", "38.6", "Cel"}, {"04T08:05", "8480-6", "12.0", "kPa"}, {"04T08:15", "8480-6", "12.0", "kPa"}}, kCrs, "", "1"},
    {"saturation_as_fraction", {{"04T08:00", "8310-5", "38.6", "Cel"}, {"04T08:05", "59408-5", "0.88", "1"}, {"04T08:15", "59408-5", "0.88", "1"}}, kCrs, "", "2"},
    {"neutrophils_per_microlitre", {{"04T08:00", "751-8", "499", "/uL"}}, kCtcae, kAnc, "4"},
    {"neutrophils_per_mm3", {{"04T08:00", "751-8", "500", "/mm3"}}, kCtcae, kAnc, "3"},
    {"neutrophils_10_6_per_litre", {{"04T08:00", "751-8", "499", "10*6/L"}}, kCtcae, kAnc, "4"},
    {"neutrophils_10_3_per_ml", {{"04T08:00", "751-8", "499", "10*3/mL"}}, kCtcae, kAnc, "4"},
    {"neutrophils_10_3_per_microlitre", {{"04T08:00", "751-8", "0.499", "10*3/uL"}}, kCtcae, kAnc, "4"},
    {"neutrophils_10_6_per_ml", {{"04T08:00", "751-8", "0.5", "10*6/mL"}}, kCtcae, kAnc, "3"},
    {"neutrophils_as_laboratories_write", {{"04T08:00", "751-8", "0.4999", "K/uL"}}, kCtcae, kAnc, "4"},
    {"neutrophils_in_upper_case", {{"04T08:00", "751-8", "0.4", "G/L"}}, kCtcae, kAnc, "-"},
    {"neutrophils_below_0_2", {{"04T08:00", "751-8", "0.2", "10*9/L", nullptr, "LESS"}}, kCtcae, kAnc, "4"},
    {"neutrophils_below_1_0", {{"04T08:00", "751-8", "1.0", "10*9/L", nullptr, "LESS"}}, kCtcae, kAnc, "3-4"},
    {"neutrophils_below_the_range_only", {{"04T08:00", "751-8", "1500", "/uL", "1800"}}, kCtcae, kAnc, "1"},
    {"haemoglobin_7_9_per_dl", {{"04T08:00", "718-7", "7.9", "g/dL"}}, kCtcae, kAnaemia, "3"},
    {"haemoglobin_8_0_per_dl", {{"04T08:00", "718-7", "8.0", "g/dL"}}, kCtcae, kAnaemia, "2"},
    {"haemoglobin_4_93_mmol", {{"04T08:00", "718-7", "4.93", "mmol/L"}}, kCtcae, kAnaemia, "2"},
    {"haemoglobin_4_89_mmol", {{"04T08:00", "718-7", "4.89", "mmol/L"}}, kCtcae, kAnaemia, "3"},
    {"haemoglobin_6_2_mmol_without_range", {{"04T08:00", "718-7", "6.2", "mmol/L"}}, kCtcae, kAnaemia, "NA-1"},
    {"platelets_24999_per_microlitre", {{"04T08:00", "777-3", "24999", "/uL"}}, kCtcae, kPlatelets, "4"},
    {"platelets_25000_per_microlitre", {{"04T08:00", "777-3", "25000", "/uL"}}, kCtcae, kPlatelets, "3"},
    {"cd4_199_per_microlitre", {{"04T08:00", "24467-3", "199", "/uL"}}, kCtcae, "cd4_decreased", "3"},
    {"cd4_200_per_microlitre", {{"04T08:00", "24467-3", "200", "/uL"}}, kCtcae, "cd4_decreased", "2"},
    // A slip is held, not graded, and the value before stands; beside both ends of the ratio and of the time.
    {"counts_a_thousand_times_less", {{"04T08:00", "751-8", "2000", "/uL"}, {"05T08:00", "751-8", "2", "/uL"}}, kCtcae, kAnc, "NA-1"},
    {"counts_500_times_less", {{"04T08:00", "751-8", "2500", "/uL"}, {"05T08:00", "751-8", "5", "/uL"}}, kCtcae, kAnc, "NA-1"},
    {"counts_499_times_less", {{"04T08:00", "751-8", "2495", "/uL"}, {"05T08:00", "751-8", "5", "/uL"}}, kCtcae, kAnc, "4"},
    {"counts_2001_times_less", {{"04T08:00", "751-8", "2001", "/uL"}, {"05T08:00", "751-8", "1", "/uL"}}, kCtcae, kAnc, "4"},
    {"counts_within_72_hours", {{"04T08:00", "751-8", "2000", "/uL"}, {"07T08:00", "751-8", "2", "/uL"}}, kCtcae, kAnc, "NA-1"},
    {"counts_after_72_hours", {{"04T08:00", "751-8", "2000", "/uL"}, {"07T08:01", "751-8", "2", "/uL"}}, kCtcae, kAnc, "4"},
    {"haemoglobin_a_tenth", {{"04T08:00", "718-7", "104", "g/L"}, {"05T08:00", "718-7", "10.4", "g/L"}}, kCtcae, kAnaemia, "NA-1"},
    {"haemoglobin_an_eighth", {{"04T08:00", "718-7", "104", "g/L"}, {"05T08:00", "718-7", "13", "g/L"}}, kCtcae, kAnaemia, "3"},
}), CaseName{});
// clang-format on

}  // namespace
}  // namespace cellvigil::tools
