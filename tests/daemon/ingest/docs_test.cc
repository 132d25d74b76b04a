// The tables of docs/wire.md, docs/clinical/units.md and docs/clinical/codes.md are the tables of the code, and the
// comments of the contract name the limits that the validator holds. CELLVIGIL_UPDATE_DOCS=1 writes the tables into the
// pages.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "daemon/ingest/limits.h"
#include "rules/event/admit.h"
#include "rules/event/codes.h"
#include "rules/event/event.h"
#include "rules/event/plausibility.h"
#include "rules/event/units.h"

namespace cellvigil::ingest {
namespace {

std::string path_of(const std::string& page) { return std::string(CELLVIGIL_SOURCE_DIR) + "/" + page; }

std::string content_of(const std::string& page) {
    std::ifstream in(path_of(page));
    EXPECT_TRUE(in.good()) << page;
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// What stands in a page between "<!-- <name> -->" and "<!-- end -->" is the table.
void expect_table(const std::string& page, const std::string& name, const std::string& table) {
    std::string text = content_of(page);
    const std::string mark = "<!-- " + name + " -->\n";
    const std::size_t from = text.find(mark);
    ASSERT_NE(from, std::string::npos) << page << " has no place for " << name;
    const std::size_t begin = from + mark.size();
    const std::size_t end = text.find("<!-- end -->", begin);
    ASSERT_NE(end, std::string::npos);
    if (std::getenv("CELLVIGIL_UPDATE_DOCS") != nullptr) {
        text.replace(begin, end - begin, table);
        std::ofstream(path_of(page)) << text;
        return;
    }
    EXPECT_EQ(text.substr(begin, end - begin), table) << page << ": CELLVIGIL_UPDATE_DOCS=1 writes it anew";
}

std::string number(double value) {
    std::ostringstream text;
    text.precision(12);
    text << value;
    return text.str();
}

std::string need_of(const FieldLimit& row) {
    switch (row.need) {
        case Need::optional:
            return "";
        case Need::required:
            return "required";
        case Need::required_but_beat:
            return "required, but for a heartbeat";
    }
    return "";
}

std::string holds_of(const FieldLimit& row) {
    std::string text;
    if (row.longest != 0) {
        text = "at most " + std::to_string(row.longest) + " characters";
        if (row.pattern != Pattern::any) text += " of `" + std::string(name_of(row.pattern)) + "`";
    }
    if (row.ranged) text = number(row.first) + " to " + number(row.last);
    if (row.most != 0) text = "at most " + std::to_string(row.most) + " elements";
    return text;
}

TEST(WirePage, has_the_table_of_limits) {
    std::string table = "| message | field | need | holds | outside |\n|---|---|---|---|---|\n";
    for (const FieldLimit& row : kFieldLimits) {
        const bool bounded = row.longest != 0 || row.ranged || row.most != 0;
        const char* outside = !bounded ? "" : row.outside == Outside::kept ? "kept, flagged `implausible`" : "rejected";
        table += "| " + std::string(row.message) + " | `" + std::string(row.field) + "` | " + need_of(row) + " | " +
                 holds_of(row) + " | " + outside + " |\n";
    }
    expect_table("docs/wire.md", "limits", table);
}

TEST(WirePage, names_every_reason_and_flag) {
    const std::string page = content_of("docs/wire.md");
    for (int i = 0; i <= static_cast<int>(Reason::values_disagree); ++i) {
        const std::string name = name_of(static_cast<Reason>(i));
        EXPECT_NE(page.find("| `" + name + "` |"), std::string::npos) << name;
    }
    for (int i = 0; i <= static_cast<int>(EventFlag::offset_missing); ++i) {
        const std::string name = name_of(static_cast<EventFlag>(i));
        EXPECT_NE(page.find("| `" + name + "` |"), std::string::npos) << name;
    }
}

std::string conversion_of(const UnitRule& rule) {
    if (rule.numerator == 1 && rule.denominator == 1 && rule.zero_micro == 0) return "";
    std::string text;
    if (rule.zero_micro != 0) text = " less " + to_text(Quantity{rule.zero_micro}) + (rule.numerator != 1 ? "," : "");
    if (rule.numerator != 1) text += " x " + std::to_string(rule.numerator);
    if (rule.denominator != 1) text += " / " + std::to_string(rule.denominator);
    return text;
}

TEST(UnitsPage, has_the_table_of_units) {
    std::string table = "| analyte | canonical | also accepted |\n|---|---|---|\n";
    std::string row;
    for (const UnitRule& rule : unit_rules()) {
        const std::string unit = "`" + std::string(rule.unit) + "`" + conversion_of(rule);
        if (rule.unit == canonical_unit(rule.analyte)) {
            table += row.empty() ? "" : row + " |\n";
            row = "| " + std::string(name_of(rule.analyte)) + " | " + unit + " | ";
        } else {
            row += (row.ends_with("| ") ? "" : "; ") + unit;
        }
    }
    expect_table("docs/clinical/units.md", "units", table + row + " |\n");
}

TEST(UnitsPage, has_the_table_of_plausible_values) {
    std::string table = "| analyte | unit | usable | usual |\n|---|---|---|---|\n";
    const auto range = [](Range limits) { return to_text(limits.first) + " to " + to_text(limits.last); };
    for (const ValueLimits& limits : value_limits()) {
        table += "| " + std::string(name_of(limits.analyte)) + " | `" + std::string(canonical_unit(limits.analyte)) +
                 "` | " + range(limits.hard) + (limits.whole_numbers ? ", whole" : "") + " | " + range(limits.soft) +
                 " |\n";
    }
    expect_table("docs/clinical/units.md", "plausible", table);
}

TEST(CodesPage, has_the_tables_of_codes) {
    std::string analytes = "| analyte | LOINC, primary first |\n|---|---|\n";
    for (int i = 1; i < kAnalytes; ++i) {
        analytes += "| " + std::string(name_of(static_cast<Analyte>(i))) + " |";
        for (const LoincCode& row : loinc_codes()) {
            if (row.analyte == static_cast<Analyte>(i)) analytes += " " + std::string(row.code);
        }
        analytes += " |\n";
    }
    expect_table("docs/clinical/codes.md", "analytes", analytes);
    std::string agents = "| agent | ATC, primary first |\n|---|---|\n";
    for (int i = 2; i < kAgents; ++i) {
        agents += "| " + std::string(name_of(static_cast<Agent>(i))) + " |";
        for (const AtcCode& row : atc_codes()) {
            if (row.agent == static_cast<Agent>(i)) agents += " " + std::string(row.code);
        }
        agents += " |\n";
    }
    expect_table("docs/clinical/codes.md", "agents", agents);
}

// "Message.field" to the comment above it, of all files of the contract's input side.
std::map<std::string, std::string> comments() {
    std::map<std::string, std::string> found;
    for (const char* file : {"bedside", "common", "course", "envelope", "report"}) {
        std::istringstream lines(content_of(std::string("proto/cellvigil/v1/") + file + ".proto"));
        std::string message;
        std::string comment;
        for (std::string line; std::getline(lines, line);) {
            const std::size_t at = line.find_first_not_of(' ');
            if (at == std::string::npos) continue;
            const std::string text = line.substr(at);
            if (text.starts_with("//")) {
                comment += text.substr(2);
                continue;
            }
            if (text.starts_with("message ")) message = text.substr(8, text.find(' ', 8) - 8);
            const std::size_t equals = text.find(" = ");
            if (equals != std::string::npos) {
                const std::size_t name = text.rfind(' ', equals - 1) + 1;
                found[message + "." + text.substr(name, equals - name)] = comment;
            }
            comment.clear();
        }
    }
    return found;
}

TEST(Contract, comments_name_the_limits) {
    const auto all = comments();
    for (const FieldLimit& row : kFieldLimits) {
        if (row.message == "Timestamp") continue;  // not ours
        const std::string field = std::string(row.message) + "." + std::string(row.field);
        ASSERT_TRUE(all.contains(field)) << field;
        const std::string& comment = all.at(field);
        const auto expect = [&](const std::string& words) {
            EXPECT_NE(comment.find(words), std::string::npos) << field << " should say \"" << words << "\":" << comment;
        };
        if (row.need != Need::optional) expect("Required");
        if (row.longest != 0) expect(std::to_string(row.longest));
        if (row.most != 0) expect(std::to_string(row.most));
        if (row.ranged && row.last < kLargestCount) expect(number(row.first) + ".." + number(row.last));
    }
}

}  // namespace
}  // namespace cellvigil::ingest
