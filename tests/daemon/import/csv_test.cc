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

TEST(Table, a_cell_comes_without_surrounding_blanks_and_is_empty_where_there_is_none) {
    const auto table = read_csv("a,b\n  x ,\n");
    ASSERT_TRUE(table);
    EXPECT_EQ(table->cell(table->rows[0], "A"), "x");
    EXPECT_EQ(table->cell(table->rows[0], "B"), "");
    EXPECT_EQ(table->cell(table->rows[0], "C"), "");
}

}  // namespace
}  // namespace cellvigil::import
