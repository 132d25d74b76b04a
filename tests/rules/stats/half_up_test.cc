#include "rules/stats/half_up.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace cellvigil {
namespace {

struct HalfUpCase {
    const char* name;
    std::int64_t numerator;
    std::int64_t denominator;
    std::int64_t scale;
    int decimals;
    const char* text;
};
class HalfUp : public testing::TestWithParam<HalfUpCase> {};
TEST_P(HalfUp, rounds_exactly) {
    const HalfUpCase& row = GetParam();
    EXPECT_EQ(half_up(row.numerator, row.denominator, row.scale, row.decimals), row.text);
}
INSTANTIATE_TEST_SUITE_P(Values, HalfUp,
                         testing::ValuesIn(std::to_array<HalfUpCase>({
                             {"half_goes_up", 3, 48, 100, 1, "6.3"},  // 6.25 exactly
                             {"just_below_half", 6249, 100'000, 100, 1, "6.2"},
                             {"nine_of_48", 9, 48, 100, 1, "18.8"},
                             {"of_48", 45, 48, 100, 1, "93.8"},
                             {"of_47", 43, 47, 100, 1, "91.5"},
                             {"forty_of_47", 40, 47, 100, 1, "85.1"},
                             {"of_43", 39, 43, 100, 1, "90.7"},
                             {"thirty_seven_of_43", 37, 43, 100, 1, "86.0"},
                             {"none", 0, 48, 100, 1, "0.0"},
                             {"all", 48, 48, 100, 1, "100.0"},
                             {"carries", 9999, 10'000, 100, 1, "100.0"},
                             {"whole", 1, 8, 100, 0, "13"},  // 12.5
                             {"small", 1, 1000, 100, 3, "0.100"},
                             {"negative_half_away_from_zero", -3, 48, 100, 1, "-6.3"},
                             {"no_negative_zero", -1, 100'000, 1, 1, "0.0"},
                             {"large", std::numeric_limits<std::int64_t>::max(), 1, 100, 2, "922337203685477580700.00"},
                         })),
                         [](const auto& row) { return row.param.name; });

TEST(Percent, of_nobody_is_undefined) { EXPECT_EQ(percent(0, 0), std::nullopt); }

TEST(Denominators, of_91_and_75_per_cent_up_to_51) {
    EXPECT_EQ(denominators_of({91, 75}, 51), (std::vector<std::int64_t>{32, 44}));
    EXPECT_EQ(denominators_of({0}, 3), (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_EQ(denominators_of({101}, 100), std::vector<std::int64_t>{});
}

}  // namespace
}  // namespace cellvigil
