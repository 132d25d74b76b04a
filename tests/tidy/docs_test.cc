// The documents' links lead somewhere, and the commands they name exist.
#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/tree.h"

namespace cellvigil::tidy {
namespace {

std::vector<std::string> documents() {
    std::vector<std::string> found;
    for (const std::string& path : all_files()) {
        if (path.ends_with(".md")) found.push_back(path);
    }
    return found;
}

// Text without fenced code blocks; what stands between backticks stays.
std::string prose_of(const std::string& text) {
    std::string prose;
    bool in_code = false;
    for (const std::string& line : lines_of(text)) {
        if (line.starts_with("```")) {
            in_code = !in_code;
        } else if (!in_code) {
            prose += line;
        }
        prose += '\n';
    }
    return prose;
}

// As the usual renderers make it: lower case, spaces to hyphens, everything but letters, digits, hyphen and underscore
// dropped.
std::string anchor_of(std::string_view heading) {
    std::string anchor;
    for (const char c : heading) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_') {
            anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        } else if (c == ' ') {
            anchor += '-';
        }
    }
    return anchor;
}

std::set<std::string> anchors_of(const std::string& path) {
    std::set<std::string> anchors;
    for (const std::string& line : lines_of(prose_of(read(path)))) {
        const std::size_t text = line.find_first_not_of('#');
        if (text == 0 || text == std::string::npos || line[text] != ' ') continue;
        anchors.insert(anchor_of(std::string_view(line).substr(text + 1)));
    }
    return anchors;
}

// "docs/a/b.md" + "../c.md" -> "docs/c.md".
std::string resolved(const std::string& document, std::string target) {
    std::string folder = folder_of(document);
    while (target.starts_with("../") || target.starts_with("./")) {
        if (target.starts_with("../")) {
            folder = folder_of(folder);
            target.erase(0, 3);
        } else {
            target.erase(0, 2);
        }
    }
    return folder.empty() ? target : folder + "/" + target;
}

std::string fault_of_link(const std::string& document, const std::string& link) {
    if (link.find("://") != std::string::npos || link.starts_with("mailto:")) return {};
    const std::size_t hash = link.find('#');
    const std::string file = link.substr(0, hash);
    const std::string target = file.empty() ? document : resolved(document, file);
    if (!exists(target)) return link + " leads nowhere";
    if (hash != std::string::npos && !anchors_of(target).contains(link.substr(hash + 1)))
        return link + ": no such heading";
    return {};
}

TEST(Docs, every_link_leads_somewhere) {
    std::vector<std::string> findings;
    for (const std::string& document : documents()) {
        const std::string prose = prose_of(read(document));
        for (std::size_t at = prose.find("]("); at != std::string::npos; at = prose.find("](", at + 1)) {
            const std::size_t end = prose.find_first_of(") \n", at);
            const std::string fault = fault_of_link(document, prose.substr(at + 2, end - at - 2));
            if (!fault.empty()) findings.push_back(finding(document, prose, at, fault));
        }
    }
    EXPECT_EQ(joined(findings), "");
}

TEST(Docs, every_make_target_they_name_exists) {
    const std::string makefile = "\n" + read("Makefile");
    std::vector<std::string> findings;
    for (const std::string& document : documents()) {
        const std::string text = read(document);
        for (std::size_t at = text.find("`make "); at != std::string::npos; at = text.find("`make ", at + 1)) {
            const std::size_t end = text.find_first_of(" `\n", at + 6);
            const std::string target = text.substr(at + 6, end - at - 6);
            if (makefile.find("\n" + target + ":") == std::string::npos) {
                findings.push_back(finding(document, text, at, "no target " + target));
            }
        }
    }
    EXPECT_EQ(joined(findings), "");
}

// A path of the repository between backticks is one that exists: "daemon/store/store.h", "tools/setup".
TEST(Docs, every_path_they_name_exists) {
    static const std::vector<std::string> tops{"rules/", "daemon/", "proto/", "tests/",
                                               "tools/", "docs/",   "bench/", "cmake/"};
    std::vector<std::string> findings;
    for (const std::string& document : documents()) {
        const std::string prose = prose_of(read(document));
        for (std::size_t at = prose.find('`'); at != std::string::npos;) {
            const std::size_t end = prose.find('`', at + 1);
            if (end == std::string::npos) break;
            const std::string quoted = prose.substr(at + 1, end - at - 1);
            bool is_path = false;
            for (const std::string& top : tops) is_path = is_path || quoted.starts_with(top);
            if (is_path && quoted.find_first_of(" *{}<>()") == std::string::npos && !exists(quoted)) {
                findings.push_back(finding(document, prose, at, "no " + quoted));
            }
            at = prose.find('`', end + 1);
        }
    }
    EXPECT_EQ(joined(findings), "");
}

TEST(Docs, the_checks_see_a_dead_link_and_a_dead_anchor) {
    EXPECT_EQ(fault_of_link("README.md", "docs/nowhere.md"), "docs/nowhere.md leads nowhere");
    EXPECT_EQ(fault_of_link("README.md", "README.md#no-such-thing"), "README.md#no-such-thing: no such heading");
    EXPECT_EQ(resolved("docs/decisions/a.md", "../glossary.md"), "docs/glossary.md");
    EXPECT_EQ(anchor_of("Day 0, and `when`"), "day-0-and-when");
}

}  // namespace
}  // namespace cellvigil::tidy
