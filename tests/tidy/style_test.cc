// Size and layout of files, and what clang-format does not see.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/tidy/tree.h"

namespace cellvigil::tidy {
namespace {

// Past about 400 lines a file holds two concepts. A test may be longer: a suite with its tables is one.
constexpr std::size_t kMostLines = 430;
constexpr std::size_t kMostLinesOfATest = 650;

// Tables: long, but one concept.
bool is_table(const std::string& path) {
    return ends_with_any(path, {"_table.cc", "_table.h", "_vectors.cc", "_vectors_test.cc"});
}

std::vector<std::string> text_files() {
    static const std::vector<std::string> endings{".h",    ".cc",    ".proto", ".py",  ".md",     ".txt",
                                                  ".yaml", ".cmake", ".json",  ".ini", ".service"};
    std::vector<std::string> found;
    for (const std::string& path : all_files()) {
        if (ends_with_any(path, endings) || path == "Makefile") found.push_back(path);
    }
    return found;
}

TEST(Style, no_source_file_is_too_long) {
    std::vector<std::string> findings;
    for (const std::string& path : text_files()) {
        if (!ends_with_any(path, {".h", ".cc", ".py"}) || is_table(path)) continue;
        const std::size_t count = lines_of(read(path)).size();
        const std::size_t most = path.starts_with("tests/") ? kMostLinesOfATest : kMostLines;
        if (count > most) findings.push_back(path + " has " + std::to_string(count) + " lines: it holds two concepts");
    }
    EXPECT_EQ(joined(findings), "");
}

TEST(Style, every_header_has_pragma_once_and_says_what_it_is_for) {
    std::vector<std::string> findings;
    for (const std::string& path : text_files()) {
        if (!path.ends_with(".h")) continue;
        const std::string text = read(path);
        if (text.find("\n#pragma once\n") == std::string::npos)
            findings.push_back(path + ": no #pragma once after the comment");
        if (!text.starts_with("//")) findings.push_back(path + ": begin with what is here, in a comment");
    }
    EXPECT_EQ(joined(findings), "");
}

TEST(Style, text_ends_with_one_newline_and_has_no_tabs_or_trailing_spaces) {
    std::vector<std::string> findings;
    for (const std::string& path : text_files()) {
        const std::string text = read(path);
        if (text.empty()) continue;
        if (!text.ends_with('\n') || text.ends_with("\n\n")) findings.push_back(path + ": end with one newline");
        if (text.find('\r') != std::string::npos) findings.push_back(path + ": carriage return");
        if (path != "Makefile" && text.find('\t') != std::string::npos) findings.push_back(path + ": tab");
        const std::size_t trailing = text.find(" \n");
        if (trailing != std::string::npos) {
            findings.push_back(finding(path, text, trailing, "trailing space"));
        }
    }
    EXPECT_EQ(joined(findings), "");
}

TEST(Style, file_names_are_snake_case) {
    std::vector<std::string> findings;
    for (const std::string& path : text_files()) {
        if (!ends_with_any(path, {".h", ".cc", ".py", ".proto"})) continue;
        const std::string name = path.substr(path.rfind('/') + 1);
        if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") != std::string::npos)
            findings.push_back(path);
    }
    EXPECT_EQ(joined(findings), "");
}

// Named by the list of its folder, or by one further up with its path from there.
bool is_in_a_list(const std::string& path) {
    std::string inside = path.substr(path.rfind('/') + 1);
    for (std::string folder = folder_of(path); !folder.empty(); folder = folder_of(folder)) {
        if (read(folder + "/CMakeLists.txt").find(inside) != std::string::npos) return true;
        inside.insert(0, folder.substr(folder.rfind('/') + 1) + "/");
    }
    return false;
}

// A test that no CMakeLists.txt names is a comment.
TEST(Style, every_source_file_is_built) {
    std::vector<std::string> findings;
    for (const std::string& path : text_files()) {
        if (!path.ends_with(".cc")) continue;
        if (!is_in_a_list(path)) findings.push_back(path + " is in no CMakeLists.txt");
    }
    EXPECT_EQ(joined(findings), "");
}

}  // namespace
}  // namespace cellvigil::tidy
