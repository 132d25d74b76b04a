// docs/clinical/contract.md lists every flag with its meaning, and the register's questions name keys that there are.
// CELLVIGIL_UPDATE_DOCS=1 writes the table of flags anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "rules/grade/flag.h"
#include "rules/pack/decisions.h"

namespace cellvigil {
namespace {

std::string path_of(const std::string& page) { return std::string(CELLVIGIL_SOURCE_DIR) + "/docs/clinical/" + page; }

std::string content_of(const std::string& page) {
    std::ifstream in(path_of(page));
    EXPECT_TRUE(in.good()) << page;
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

TEST(ContractPage, lists_every_flag_with_its_meaning) {
    std::string table = "| flag | meaning |\n|---|---|\n";
    for (int i = 0; i < kFlags; ++i) {
        const auto flag = static_cast<Flag>(i);
        table += std::string("| `") + name_of(flag) + "` | " + std::string(meaning_of(flag)) + " |\n";
    }
    std::string page = content_of("contract.md");
    const std::string mark = "<!-- flags -->\n";
    const std::size_t found = page.find(mark);
    ASSERT_NE(found, std::string::npos);
    const std::size_t begin = found + mark.size();
    const std::size_t end = page.find("<!-- end -->", begin);
    ASSERT_NE(end, std::string::npos);
    if (std::getenv("CELLVIGIL_UPDATE_DOCS") != nullptr) {
        page.replace(begin, end - begin, table);
        std::ofstream(path_of("contract.md")) << page;
        return;
    }
    EXPECT_EQ(page.substr(begin, end - begin), table) << "CELLVIGIL_UPDATE_DOCS=1 writes it anew";
}

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells;
    std::size_t from = 1;
    for (std::size_t bar = line.find('|', from); bar != std::string::npos; bar = line.find('|', from)) {
        cells.push_back(line.substr(from + 1, bar - from - 2));
        from = bar + 1;
    }
    return cells;
}

bool is_key(const std::string& key) {
    if (!key.ends_with(".*")) return find_decision(key) != nullptr;
    for (const Decision& decision : decisions()) {
        if (std::string_view(decision.key).starts_with(std::string_view(key).substr(0, key.size() - 1))) return true;
    }
    return false;
}

TEST(DecisionRegister, answers_every_question_with_keys_or_says_why_there_is_none) {
    std::istringstream lines(content_of("decisions.md"));
    int next = 1;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("| D")) continue;
        const auto cells = cells_of(line);
        ASSERT_EQ(cells.size(), 5U) << line;
        EXPECT_EQ(cells[0], "D" + std::to_string(next++));
        if (cells[3] == "-") {
            EXPECT_NE(cells[2].find("no key"), std::string::npos) << line;
            continue;
        }
        std::size_t named = 0;
        for (std::size_t from = cells[3].find('`'); from != std::string::npos; from = cells[3].find('`', from + 1)) {
            const std::size_t end = cells[3].find('`', from + 1);
            ASSERT_NE(end, std::string::npos) << line;
            const std::string key = cells[3].substr(from + 1, end - from - 1);
            EXPECT_TRUE(is_key(key)) << key;
            ++named;
            from = end;
        }
        EXPECT_GE(named, 1U) << line;
    }
    EXPECT_EQ(next, 24) << "D1 to D23";
}

}  // namespace
}  // namespace cellvigil
