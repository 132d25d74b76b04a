// Errors seen in public code and knowledge bases about IEC-HS: ferritin above 10 000 taken for it, the HScore of
// haemophagocytic lymphohistiocytosis used for it, and missing inputs of the HScore read as 0. Each as somebody wrote
// it, told apart from our rule by a vector, and agreeing with it on an ordinary one.
#include <functional>
#include <optional>
#include <ostream>

#include <gtest/gtest.h>

#include "tests/rules/grade/report_story.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using namespace report_story;

// Canonical units; nullopt: not measured. Ferritin ug/L, triglycerides mmol/L, fibrinogen g/L, aminotransferases U/L.
struct Picture {
    double temperature = 36.8;
    std::optional<double> ferritin, triglycerides, fibrinogen, ast, alt, platelets;
    int low_cell_lines = 0;  // as the HScore counts them
};

// The HScore (Fardet 2014) of an immunosuppressed patient without organomegaly or biopsy.
int h_score(const Picture& p) {
    const double ferritin = p.ferritin.value_or(0), triglycerides = p.triglycerides.value_or(0),
                 ast = p.ast.value_or(0);
    int points = 18;
    points += p.temperature > 39.4 ? 49 : p.temperature >= 38.4 ? 33 : 0;
    points += p.low_cell_lines >= 3 ? 34 : p.low_cell_lines == 2 ? 24 : 0;
    points += ferritin > 6000 ? 50 : ferritin >= 2000 ? 35 : 0;
    points += triglycerides > 4 ? 64 : triglycerides >= 1.5 ? 44 : 0;
    points += p.fibrinogen && *p.fibrinogen <= 2.5 ? 30 : 0;
    return points + (ast >= 30 ? 19 : 0);
}

enum class Says : std::uint8_t { nothing, suspected, cannot_tell };

Says ferritin_above_10000(const Picture& p) {
    return p.ferritin.value_or(0) > 10'000 ? Says::suspected : Says::nothing;
}
Says h_score_from_169(const Picture& p) { return h_score(p) >= 169 ? Says::suspected : Says::nothing; }
// Our rule, with what was not measured read as 0 (a fibrinogen of 0 would be low: only what counts as normal is filled
// in).
Says missing_ferritin_is_0(const Picture& p) {
    const int common = (p.alt.value_or(0) > 200 || p.ast.value_or(0) > 200 ? 1 : 0) +
                       (p.fibrinogen.value_or(9) < 1.5 ? 1 : 0) + (p.platelets.value_or(200) < 25 ? 1 : 0);
    return p.ferritin.value_or(0) > 600 && common >= 2 ? Says::suspected : Says::nothing;
}

Says ours(const Picture& p) {
    Story s = treated();
    const auto tell = [&](Analyte analyte, const std::optional<double>& value,
                          std::optional<double> high = std::nullopt) {
        if (!value) return;
        Observation said;
        said.analyte = analyte;
        said.status = ResultStatus::final;
        said.value = *quantity_of(*value);
        if (high) said.reference_high = *quantity_of(*high);
        s.tell(d(8, 8), said);
    };
    s.temperature(d(8, 8), p.temperature);
    tell(Analyte::ferritin, p.ferritin, 300);
    tell(Analyte::triglycerides, p.triglycerides);
    tell(Analyte::fibrinogen, p.fibrinogen);
    tell(Analyte::ast, p.ast, 40);
    tell(Analyte::alt, p.alt, 40);
    tell(Analyte::platelets, p.platelets);
    const Assessment said = standing(s, d(8, 10), Scale::iec_hs_2023, Term::iec_hs);
    if (said.flags.has(Flag::suspicion)) return Says::suspected;
    return said.flags.has(Flag::required_item_missing) ? Says::cannot_tell : Says::nothing;
}

struct ErrorCase {
    const char* name;
    Says (*as_written)(const Picture&);
    Picture vector;
    Says expected;
    Picture ordinary;
};
void PrintTo(const ErrorCase& c, std::ostream* out) { *out << c.name; }

class PublicIecHsErrors : public testing::TestWithParam<ErrorCase> {};
TEST_P(PublicIecHsErrors, are_told_apart_by_their_vector) {
    const ErrorCase& c = GetParam();
    EXPECT_EQ(ours(c.vector), c.expected);
    EXPECT_NE(c.as_written(c.vector), c.expected);
    EXPECT_EQ(c.as_written(c.ordinary), ours(c.ordinary));
}

// temperature, ferritin, triglycerides, fibrinogen, AST, ALT, platelets, low cell lines
const Picture kFerritinAlone{36.8, 12'000, 1.0, 3.0, 25, 25, 200, 0};
const Picture kFerritinOf1500{36.8, 1'500, 1.0, 1.2, 300, 300, 60, 1};
const Picture kFeverAndFat{40.0, 1'500, 4.5, 2.0, 60, 60, 90, 2};
const Picture kEverything{40.0, 20'000, 5.0, 1.0, 400, 400, 15, 3};
const Picture kNothing{36.8, 200, 1.0, 3.0, 25, 25, 200, 0};
const Picture kFerritinMissing{36.8, std::nullopt, 1.0, 1.2, 300, 300, 60, 1};

INSTANTIATE_TEST_SUITE_P(
    Seen, PublicIecHsErrors,
    testing::ValuesIn(std::to_array<ErrorCase>({
        {"ferritin_above_10000_alone_is_it", ferritin_above_10000, kFerritinAlone, Says::nothing, kEverything},
        {"ferritin_below_10000_is_not", ferritin_above_10000, kFerritinOf1500, Says::suspected, kNothing},
        {"h_score_misses_it_once_the_fever_is_treated", h_score_from_169, kFerritinOf1500, Says::suspected,
         kEverything},
        {"h_score_finds_it_without_a_common_item", h_score_from_169, kFeverAndFat, Says::nothing, kNothing},
        {"missing_ferritin_is_0", missing_ferritin_is_0, kFerritinMissing, Says::cannot_tell, kEverything},
        {"h_score_with_missing_inputs_as_0", h_score_from_169, kFerritinMissing, Says::cannot_tell, kNothing},
    })),
    CaseName{});

// Left out, the triglycerides take the HScore below its limit although nothing about the patient is better.
TEST(PublicIecHsErrors, missing_inputs_as_0_make_the_h_score_fall) {
    Picture known = kFeverAndFat;
    Picture unknown = known;
    unknown.triglycerides.reset();
    EXPECT_GE(h_score(known), 169);
    EXPECT_LT(h_score(unknown), 169);
    EXPECT_EQ(ours(known), ours(unknown));
}

}  // namespace
}  // namespace cellvigil
