#include "rules/base/quantity.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

struct DecimalCase {
    const char* name;
    double value;
    const char* expected;
};
class Decimals : public testing::TestWithParam<DecimalCase> {};

TEST_P(Decimals, are_the_shortest_that_read_back) {
    const auto quantity = quantity_of(GetParam().value);
    EXPECT_EQ(quantity ? to_text(*quantity) : "invalid", GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(Table, Decimals,
                         testing::ValuesIn(std::to_array<DecimalCase>({
                             {"zero", 0.0, "0"},
                             {"negative_zero", -0.0, "0"},
                             {"tenth", 0.1, "0.1"},
                             {"fever", 38.6, "38.6"},
                             {"sum_of_tenths", 0.1 + 0.2, "0.3"},
                             {"just_below_half", 0.4999, "0.4999"},
                             {"seventh_digit_half_goes_up", 0.0000005, "0.000001"},
                             {"seventh_digit_half_goes_away_from_zero", -0.0000005, "-0.000001"},
                             {"seventh_digit_below_half", 0.00000049, "0"},
                             {"half_past_many_digits", 1234567.1234565, "1234567.123457"},
                             {"half_past_fifteen_digits", 123456789.1234565, "123456789.123457"},
                             {"large", 5e12, "5000000000000"},
                             {"largest_whole", 9223372036854.0, "9223372036854"},
                             {"too_large", 9223372036855.0, "invalid"},
                             {"far_too_large", 1e300, "invalid"},
                             {"far_too_small", 5e-324, "0"},
                             {"not_a_number", std::numeric_limits<double>::quiet_NaN(), "invalid"},
                             {"infinite", std::numeric_limits<double>::infinity(), "invalid"},
                         })),
                         CaseName{});

RC_GTEST_PROP(QuantityLaw, every_millionth_comes_back_from_its_number, ()) {
    const auto micro = *rc::gen::inRange<std::int64_t>(-999'999'999'999'999, 999'999'999'999'999);
    const auto quantity = quantity_of(static_cast<double>(micro) / 1e6);
    RC_ASSERT(quantity.has_value());
    RC_ASSERT(quantity->micro == micro);
}

// The text with more than six decimals rounded half away from zero, digit by digit.
std::string rounded_text(double value) {
    char text[512] = {};
    const auto end = std::to_chars(text, text + sizeof text, std::abs(value), std::chars_format::fixed).ptr;
    std::string decimal(text, end);
    const std::size_t point = decimal.find('.');
    std::string digits = decimal.substr(0, point) + "000000";
    bool up = false;
    if (point != std::string::npos) {
        std::string fraction = decimal.substr(point + 1) + "0000000";
        digits = decimal.substr(0, point) + fraction.substr(0, 6);
        up = fraction[6] >= '5';
    }
    __extension__ using Wide = __int128;
    Wide micro = 0;
    for (const char digit : digits) micro = micro * 10 + (digit - '0');
    if (up) ++micro;
    return to_text(Quantity{static_cast<std::int64_t>(value < 0 ? -micro : micro)});
}

RC_GTEST_PROP(QuantityLaw, any_number_is_its_shortest_decimal_to_millionths, ()) {
    const auto whole_part = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000);
    const auto divisor = *rc::gen::inRange<std::int64_t>(1, 1'000'000'007);
    const bool negative = *rc::gen::arbitrary<bool>();
    const double value = (negative ? -1.0 : 1.0) * static_cast<double>(whole_part) / static_cast<double>(divisor);
    const auto quantity = quantity_of(value);
    RC_ASSERT(quantity.has_value());
    RC_ASSERT(to_text(*quantity) == rounded_text(value));
}

}  // namespace
}  // namespace cellvigil
