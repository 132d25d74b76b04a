// SAS transport files made by hand, byte by byte, after technical note TS-140.
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <iterator>

#include "daemon/import/table.h"

namespace cellvigil::import {
namespace {

std::string padded(std::string text, std::size_t size, char with = ' ') {
    text.resize(size, with);
    return text;
}
std::string big_endian(std::uint64_t value, int bytes) {
    std::string out;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xFFU));
    return out;
}

struct Variable {
    std::string name;
    bool number;
    int length;
};

std::string described(const Variable& variable, int number, int position) {
    std::string out = big_endian(variable.number ? 1 : 2, 2) + big_endian(0, 2) +
                      big_endian(static_cast<std::uint64_t>(variable.length), 2) +
                      big_endian(static_cast<std::uint64_t>(number), 2) + padded(variable.name, 8) +
                      padded("a label", 40) + padded("", 8) + big_endian(0, 8) + padded("", 8) + big_endian(0, 4) +
                      big_endian(static_cast<std::uint64_t>(position), 4);
    return padded(std::move(out), 140, '\0');
}

std::string transport_file(const std::vector<Variable>& variables, const std::vector<std::string>& rows) {
    std::string out = padded("HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000000000000000000000000000", 80);
    out += padded("SAS     SAS     SASLIB  9.4", 80) + padded("01JAN24:00:00:00", 80);
    out += padded("HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!000000000000000001600000000140", 80);
    out += padded("HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!000000000000000000000000000000", 80);
    out += padded("SAS     LB      SASDATA 9.4", 80) + padded("01JAN24:00:00:00", 80);
    std::string count = std::to_string(variables.size());
    count.insert(0, 4 - count.size(), '0');
    out += padded("HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!000000" + count + "00000000000000000000", 80);
    std::string names;
    int position = 0;
    for (std::size_t index = 0; index < variables.size(); ++index) {
        names += described(variables[index], static_cast<int>(index) + 1, position);
        position += variables[index].length;
    }
    out += padded(names, (names.size() + 79) / 80 * 80);
    out += padded("HEADER RECORD*******OBS     HEADER RECORD!!!!!!!000000000000000000000000000000", 80);
    std::string data;
    for (const std::string& row : rows) data += row;
    return out + padded(data, (data.size() + 79) / 80 * 80);
}

// IBM floating point, as a mainframe writes these numbers.
const std::string kOne("\x41\x10\0\0\0\0\0\0", 8);
const std::string kMinus118_625("\xC2\x76\xA0\0\0\0\0\0", 8);
const std::string kTenth("\x40\x19\x99\x99\x99\x99\x99\x9A", 8);
const std::string kZero(8, '\0');
const std::string kMissing("\x2E\0\0\0\0\0\0\0", 8);
const std::string kMissingA("A\0\0\0\0\0\0\0", 8);
const std::string kMissingUnderscore("_\0\0\0\0\0\0\0", 8);

using Cells = std::vector<std::string>;

TEST(Xpt, reads_text_numbers_and_missing_values) {
    const std::vector<Variable> variables{{"USUBJID", false, 9}, {"LBSTRESN", true, 8}};
    const std::string file =
        transport_file(variables, {padded("T7-01-001", 9) + kOne, padded("S2", 9) + kMinus118_625,
                                   padded("", 9) + kTenth, padded("S4", 9) + kZero, padded("S5", 9) + kMissing,
                                   padded("S6", 9) + kMissingA, padded("S7", 9) + kMissingUnderscore});
    const auto table = read_xpt(file);
    ASSERT_TRUE(table) << table.error().detail;
    EXPECT_EQ(table->name, "LB");
    EXPECT_EQ(table->columns, (Cells{"USUBJID", "LBSTRESN"}));
    ASSERT_EQ(table->rows.size(), 7U);
    EXPECT_EQ(table->rows[0].cells, (Cells{"T7-01-001", "1"}));
    EXPECT_EQ(table->rows[1].cells, (Cells{"S2", "-118.625"}));
    EXPECT_EQ(table->rows[2].cells, (Cells{"", "0.1"}));
    EXPECT_EQ(table->rows[3].cells, (Cells{"S4", "0"}));
    EXPECT_EQ(table->rows[4].cells, (Cells{"S5", ""}));
    EXPECT_EQ(table->rows[5].cells, (Cells{"S6", ""}));
    EXPECT_EQ(table->rows[6].cells, (Cells{"S7", ""}));
}

TEST(Xpt, a_shortened_number_keeps_its_leading_bytes) {
    const auto table = read_xpt(transport_file({{"AGE", true, 3}}, {std::string("\x42\x3D\x00", 3)}));
    ASSERT_TRUE(table);
    EXPECT_EQ(table->rows.at(0).cells, (Cells{"61"}));
}

TEST(Xpt, the_blanks_after_the_last_row_are_no_rows) {
    const auto table = read_xpt(transport_file({{"A", false, 4}}, {"aaaa", "bbbb"}));
    ASSERT_TRUE(table);
    EXPECT_EQ(table->rows.size(), 2U);
}

TEST(Xpt, a_full_last_record_needs_no_filling) {
    const auto table = read_xpt(transport_file({{"A", false, 40}}, {padded("a", 40), padded("b", 40)}));
    ASSERT_TRUE(table);
    EXPECT_EQ(table->rows.size(), 2U);
}

TEST(Xpt, a_file_without_rows_is_an_empty_table) {
    const auto table = read_xpt(transport_file({{"A", false, 4}}, {}));
    ASSERT_TRUE(table);
    EXPECT_TRUE(table->rows.empty());
}

TEST(Xpt, a_cut_file_is_an_error_wherever_it_is_cut) {
    const std::string file = transport_file({{"A", false, 60}}, {padded("a", 60), padded("b", 60)});
    for (std::size_t size = 0; size < 960; size += 7) EXPECT_FALSE(read_xpt(file.substr(0, size))) << size;
}

TEST(Xpt, what_is_no_transport_file_is_an_error) {
    EXPECT_FALSE(read_xpt("STUDYID,USUBJID\n"));
    EXPECT_FALSE(read_xpt(std::string(800, 'x')));
}

TEST(Xpt, a_variable_with_an_impossible_length_is_an_error) {
    EXPECT_FALSE(read_xpt(transport_file({{"A", true, 9}}, {padded("", 9)})));
    EXPECT_FALSE(read_xpt(transport_file({{"A", false, 0}}, {})));
}

}  // namespace
}  // namespace cellvigil::import
