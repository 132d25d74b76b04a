#include "rules/stats/wilson.h"

#include <gtest/gtest.h>

#include <array>

namespace cellvigil {
namespace {

struct WilsonCase {
    const char* name;
    std::int64_t events;
    std::int64_t subjects;
    double lower;
    double upper;
};
void PrintTo(const WilsonCase& row, std::ostream* out) { *out << row.name; }
class Wilson : public testing::TestWithParam<WilsonCase> {};

TEST_P(Wilson, interval) {
    const auto interval = wilson_95(GetParam().events, GetParam().subjects);
    ASSERT_TRUE(interval.has_value());
    EXPECT_NEAR(interval->lower, GetParam().lower, 1e-10);
    EXPECT_NEAR(interval->upper, GetParam().upper, 1e-10);
}
// The closed form; the same as binom.confint(methods = "wilson") of R's binom 1.1-1.
INSTANTIATE_TEST_SUITE_P(Values, Wilson,
                         testing::ValuesIn(std::to_array<WilsonCase>({
                             {"none_of_48", 0, 48, 0.0, 0.0741001296661175},
                             {"one_of_48", 1, 48, 0.00368711097751066, 0.108992179952519},
                             {"seven_of_48", 7, 48, 0.0724824932660371, 0.271671765247463},
                             {"all_of_48", 48, 48, 0.925899870333882, 1.0},
                             {"two_of_97", 2, 97, 0.00567268510226634, 0.0720875824741577},
                         })),
                         [](const auto& row) { return row.param.name; });

TEST(WilsonOfNobody, says_nothing) { EXPECT_FALSE(wilson_95(0, 0).has_value()); }

}  // namespace
}  // namespace cellvigil
