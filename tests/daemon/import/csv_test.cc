#include <gtest/gtest.h>

#include "daemon/import/table.h"

namespace cellvigil::import {
namespace {

using Cells = std::vector<std::string>;

TEST(Csv, reads_quotes_commas_and_line_ends_inside_cells) {
    const auto table = read_csv("a,b,c\n1,\"x, \"\"y\"\"\nz\",3\n");
    ASSERT_TRUE(table);
    EXPECT_EQ(table->columns, (Cells{"A", "B", "C"}));
    ASSERT_EQ(table->rows.size(), 1U);
    EXPECT_EQ(table->rows[0].cells, (Cells{"1", "x, \"y\"\nz", "3"}));
}

TEST(Csv, takes_crlf_a_byte_order_mark_and_a_last_line_without_an_end) {
    const auto table = read_csv("\xEF\xBB\xBFid,name\r\n1,one\r\n2,two");
    ASSERT_TRUE(table);
    EXPECT_EQ(table->columns, (Cells{"ID", "NAME"}));
    ASSERT_EQ(table->rows.size(), 2U);
    EXPECT_EQ(table->rows[1].cells, (Cells{"2", "two"}));
}

TEST(Csv, counts_lines_over_line_ends_inside_cells) {
    const auto table = read_csv("a\n\"x\ny\"\nz\n");
    ASSERT_TRUE(table);
    ASSERT_EQ(table->rows.size(), 2U);
    EXPECT_EQ(table->rows[0].line, 2U);
    EXPECT_EQ(table->rows[1].line, 4U);
}

TEST(Csv, keeps_a_row_with_too_few_or_too_many_cells_and_marks_it) {
    const auto table = read_csv("a,b\n1\n1,2\n1,2,3\n");
    ASSERT_TRUE(table);
    ASSERT_EQ(table->rows.size(), 3U);
    EXPECT_FALSE(table->rows[0].whole);
    EXPECT_TRUE(table->rows[1].whole);
    EXPECT_FALSE(table->rows[2].whole);
}

TEST(Csv, an_empty_last_cell_is_a_cell) {
    const auto table = read_csv("a,b\n1,\n");
    ASSERT_TRUE(table);
    EXPECT_EQ(table->rows.at(0).cells, (Cells{"1", ""}));
}

TEST(Csv, a_quote_that_is_never_closed_is_an_error_with_its_line) {
    const auto table = read_csv("a\nfine\n\"open\n");
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().detail, "line 3: a quote is never closed");
}

TEST(Csv, nothing_is_no_table) { EXPECT_FALSE(read_csv("")); }

struct Encoding {
    const char* name;
    std::string bytes;
    std::string text;
};
void PrintTo(const Encoding& row, std::ostream* out) { *out << row.name; }
class Encodings : public testing::TestWithParam<Encoding> {};
TEST_P(Encodings, end_in_utf8) { EXPECT_EQ(utf8_of(GetParam().bytes), GetParam().text); }
INSTANTIATE_TEST_SUITE_P(Files, Encodings,
                         testing::Values(Encoding{"ascii", "fever", "fever"},
                                         Encoding{"utf8", "fi\xC3\xA8vre", "fi\xC3\xA8vre"},
                                         Encoding{"latin_1", "fi\xE8vre", "fi\xC3\xA8vre"},
                                         Encoding{"four_bytes", "\xF0\x9F\x8C\xA1", "\xF0\x9F\x8C\xA1"},
                                         Encoding{"overlong", "\xC0\xAF", "\xC3\x80\xC2\xAF"},
                                         Encoding{"surrogate", "\xED\xA0\x80", "\xC3\xAD\xC2\xA0\xC2\x80"},
                                         Encoding{"cut", "a\xC3", "a\xC3\x83"}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Table, a_cell_comes_without_surrounding_blanks_and_is_empty_where_there_is_none) {
    const auto table = read_csv("a,b\n  x ,\n");
    ASSERT_TRUE(table);
    EXPECT_EQ(table->cell(table->rows[0], "A"), "x");
    EXPECT_EQ(table->cell(table->rows[0], "B"), "");
    EXPECT_EQ(table->cell(table->rows[0], "C"), "");
}

}  // namespace
}  // namespace cellvigil::import
