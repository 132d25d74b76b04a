#include "daemon/import/reading.h"

#include <gtest/gtest.h>

namespace cellvigil::import {
namespace {

struct DateCase {
    const char* name;
    const char* text;
    const char* from;  // empty: not a date
    const char* until;
    TimePrecision precision;
};
void PrintTo(const DateCase& row, std::ostream* out) { *out << row.name; }
class Dates : public testing::TestWithParam<DateCase> {};

TEST_P(Dates, become_the_stretch_that_was_written) {
    const DateCase& row = GetParam();
    const auto read = read_date(row.text, hours(8));
    if (std::string(row.from).empty()) {
        EXPECT_FALSE(read);
        return;
    }
    ASSERT_TRUE(read);
    EXPECT_EQ(to_rfc3339(read->from), row.from);
    EXPECT_EQ(to_rfc3339(read->until), row.until);
    EXPECT_EQ(read->precision, row.precision);
}
using P = TimePrecision;
INSTANTIATE_TEST_SUITE_P(
    Sdtm, Dates,
    testing::Values(DateCase{"minute", "2014-01-16T13:17", "2014-01-16T05:17:00Z", "2014-01-16T05:17:00Z", P::minute},
                    DateCase{"second", "2014-01-16T13:17:09", "2014-01-16T05:17:09Z", "2014-01-16T05:17:09Z",
                             P::second},
                    DateCase{"with_an_offset", "2014-01-16T13:17:09-05:00", "2014-01-16T18:17:09Z",
                             "2014-01-16T18:17:09Z", P::second},
                    DateCase{"day", "2014-01-16", "2014-01-15T16:00:00Z", "2014-01-16T16:00:00Z", P::day},
                    DateCase{"leap_day", "2016-02-29", "2016-02-28T16:00:00Z", "2016-02-29T16:00:00Z", P::day},
                    DateCase{"month", "2014-12", "2014-11-30T16:00:00Z", "2014-12-31T16:00:00Z", P::month},
                    DateCase{"year", "2003", "2002-12-31T16:00:00Z", "2003-12-31T16:00:00Z", P::year},
                    DateCase{"empty", "", "", "", P::day}, DateCase{"unknown_month", "2014---16", "", "", P::day},
                    DateCase{"no_such_day", "2015-02-29", "", "", P::day},
                    DateCase{"no_such_month", "2015-13", "", "", P::day},
                    DateCase{"no_such_hour", "2014-01-16T24:17", "", "", P::day},
                    DateCase{"words", "UNKNOWN", "", "", P::day}, DateCase{"cut_time", "2014-01-16T13", "", "", P::day},
                    DateCase{"rubbish_after", "2014-01-16T13:17:09xx", "", "", P::day}),
    [](const auto& row) { return std::string(row.param.name); });

struct AmountCase {
    const char* name;
    const char* text;
    const char* value;  // empty: no number
    Comparator comparator;
};
void PrintTo(const AmountCase& row, std::ostream* out) { *out << row.name; }
class Amounts : public testing::TestWithParam<AmountCase> {};

TEST_P(Amounts, keep_their_comparator) {
    const AmountCase& row = GetParam();
    const auto read = read_amount(row.text);
    if (std::string(row.value).empty()) {
        EXPECT_FALSE(read);
        return;
    }
    ASSERT_TRUE(read);
    EXPECT_EQ(to_text(read->value), row.value);
    EXPECT_EQ(read->comparator, row.comparator);
}
using C = Comparator;
INSTANTIATE_TEST_SUITE_P(
    Sdtm, Amounts,
    testing::Values(
        AmountCase{"plain", "3.8", "3.8", C::unspecified}, AmountCase{"below", "<0.2", "0.2", C::less},
        AmountCase{"below_with_a_blank", "< 0.2", "0.2", C::less}, AmountCase{"at_most", "<=5", "5", C::less_or_equal},
        AmountCase{"above", ">100", "100", C::greater}, AmountCase{"at_least", ">= 100", "100", C::greater_or_equal},
        AmountCase{"negative", "-4", "-4", C::unspecified}, AmountCase{"scientific", "1e-3", "0.001", C::unspecified},
        AmountCase{"empty", "", "", C::unspecified}, AmountCase{"word", "NEGATIVE", "", C::unspecified},
        AmountCase{"range", "3-5", "", C::unspecified}, AmountCase{"not_a_number", "nan", "", C::unspecified},
        AmountCase{"infinite", "inf", "", C::unspecified}, AmountCase{"only_a_sign", "<", "", C::unspecified}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace cellvigil::import
