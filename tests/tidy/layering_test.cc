// Who may include whom. Debian keeps every library under one include root, so the build cannot hide one: this table
// does.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/tree.h"

namespace cellvigil::tidy {
namespace {

using Folders = std::vector<std::string>;

// Each folder of ours, and the folders of ours it may include besides itself. A folder that is not here may not exist.
// "rules" stands for every folder below it.
const std::map<std::string, Folders>& may_include() {
    static const std::map<std::string, Folders> table{
        // The pure core: each may use what stands above it.
        {"rules/base", {}},
        {"rules/stats", {"rules/base"}},
        {"rules/alert", {"rules/base"}},
        {"rules/event", {"rules/base"}},
        {"rules/monitor", {"rules/base", "rules/event", "rules/pack", "rules/stats", "rules/cohort", "rules/timeline"}},
        {"rules/pack", {"rules/base", "rules/alert", "rules/event"}},
        {"rules/grade", {"rules/base", "rules/event", "rules/pack", "rules/timeline"}},
        {"rules/timeline", {"rules/base", "rules/alert", "rules/event", "rules/pack", "rules/grade", "rules/findings"}},
        {"rules/findings", {"rules/base", "rules/alert", "rules/event", "rules/pack", "rules/grade", "rules/timeline"}},
        {"rules/cohort",
         {"rules/base", "rules/stats", "rules/event", "rules/pack", "rules/grade", "rules/timeline", "rules/findings"}},
        // The shell.
        {"daemon/journal", {"rules/base"}},
        {"daemon/store", {"rules/base", "rules/alert", "daemon/journal"}},
        {"daemon/book", {"rules", "daemon/store"}},
        {"daemon/wire", {"rules"}},
        {"daemon/ingest", {"rules", "daemon/journal", "daemon/wire"}},
        {"daemon/ingest_json", {"rules", "daemon/ingest"}},
        {"daemon/log", {"rules/base"}},
        {"daemon/metrics", {"rules", "daemon/store"}},
        {"daemon/config", {"rules", "daemon/ingest", "daemon/log"}},
        {"daemon/kafka", {"rules/base", "daemon/ingest", "daemon/journal", "daemon/log"}},
        {"daemon/pipeline",
         {"rules", "daemon/ingest", "daemon/journal", "daemon/log", "daemon/metrics", "daemon/store", "daemon/views",
          "daemon/wire"}},
        {"daemon/alerts", {"rules", "daemon/store", "daemon/metrics", "daemon/log", "daemon/kafka", "daemon/config"}},
        {"daemon/auth", {"rules"}},
        {"daemon/packs", {"rules"}},
        {"daemon/views", {"rules"}},
        {"daemon/evaluate", {"rules", "daemon/ingest", "daemon/journal", "daemon/store", "daemon/wire"}},
        {"daemon/http",
         {"rules", "daemon/auth", "daemon/book", "daemon/store", "daemon/ingest", "daemon/journal", "daemon/metrics",
          "daemon/log", "daemon/config"}},
        {"daemon/outlet", {"rules/base", "daemon/ingest", "daemon/ingest_json", "daemon/journal", "daemon/kafka"}},
        {"daemon/simulate", {"rules", "daemon/wire", "daemon/ingest", "daemon/ingest_json", "daemon/journal"}},
        {"daemon/backtest", {"rules", "daemon/simulate"}},
        {"daemon/import", {"rules", "daemon/wire", "daemon/ingest", "daemon/journal"}},
        // The programs: they put the parts together.
        {"daemon/tools", {"rules", "daemon"}},
        {"daemon", {"rules", "daemon"}},
    };
    return table;
}

// A library's headers, and the folders that wrap it: nobody else includes them. "daemon/*": every folder below daemon.
const std::map<std::string, Folders>& wrappers() {
    static const std::map<std::string, Folders> table{
        {"google/protobuf/", {"daemon/wire", "daemon/ingest_json"}},
        {"cellvigil/v1/", {"daemon/wire", "daemon/ingest_json"}},
        {"librdkafka/", {"daemon/kafka"}},
        {"sqlite3.h", {"daemon/store"}},
        {"libpq-fe.h", {"daemon/store"}},
        {"yaml-cpp/", {"daemon/config", "daemon/import", "daemon/packs"}},
        {"prometheus/", {"daemon/metrics"}},
        {"CLI/", {"daemon", "daemon/tools"}},
        {"fmt/", {"daemon/*"}},
        {"zstd.h", {"daemon/journal", "daemon/store"}},
        {"openssl/",
         {"daemon/auth", "daemon/http", "daemon/store", "daemon/alerts", "daemon/evaluate", "daemon/packs"}},
        {"xxhash.h", {"rules/base"}},
        {"tl/", {"rules/base"}},
        {"mimalloc", {"daemon"}},
        {"boost/json", {"daemon", "daemon/*"}},
        {"boost/math", {"rules/stats"}},
        {"boost/unordered", {"daemon/pipeline"}},
        {"zlib.h", {"daemon/http"}},
        {"curl/", {"daemon/alerts", "daemon/http"}},
        {"boost/", {"daemon/http", "daemon/alerts", "daemon/outlet"}},
    };
    return table;
}

struct Include {
    std::string target;
    bool ours = false;  // in quotes
    std::size_t line = 0;
};

std::vector<Include> includes_of(const std::string& text) {
    std::vector<Include> found;
    std::size_t number = 0;
    for (const std::string& line : lines_of(text)) {
        ++number;
        if (!line.starts_with("#include")) continue;
        const std::size_t open = line.find_first_of("\"<");
        const std::size_t close = open == std::string::npos ? open : line.find_first_of("\">", open + 1);
        if (close == std::string::npos) continue;
        found.push_back({line.substr(open + 1, close - open - 1), line[open] == '"', number});
    }
    return found;
}

// The folder of the table that holds `path`: the longest that begins it.
std::string component_of(const std::string& path) {
    for (std::string folder = folder_of(path); !folder.empty(); folder = folder_of(folder)) {
        if (may_include().contains(folder)) return folder;
    }
    return {};
}

bool is_within(std::string_view folder, std::string_view allowed) {
    return folder == allowed || (folder.starts_with(allowed) && folder.substr(allowed.size()).starts_with("/"));
}

std::string fault_of(const std::string& path, const std::string& component, const Include& include) {
    const std::string place = path + ":" + std::to_string(include.line) + ": ";
    const bool is_project_path = include.target.starts_with("rules/") || include.target.starts_with("daemon/");
    if (is_project_path) {
        const std::string target = component_of(include.target);
        if (target == component) return {};
        for (const std::string& allowed : may_include().at(component)) {
            if (is_within(target, allowed)) return {};
        }
        return place + component + " may not include " + include.target;
    }
    const std::string* longest = nullptr;
    for (const auto& [prefix, folders] : wrappers()) {
        if (include.target.starts_with(prefix) && (longest == nullptr || prefix.size() > longest->size()))
            longest = &prefix;
    }
    if (longest != nullptr) {
        for (const std::string& folder : wrappers().at(*longest)) {
            const bool fits = folder.ends_with("/*") ? component.starts_with(folder.substr(0, folder.size() - 1))
                                                     : component == folder;
            if (fits) return {};
        }
        return place + include.target + " stays inside the folder that wraps it";
    }
    if (include.ours) return place + include.target + " is not written from the repository's root";
    return {};
}

std::vector<std::string> sources() {
    std::vector<std::string> found;
    for (const std::string& path : files_under({"rules", "daemon"})) {
        if (ends_with_any(path, {".h", ".cc"})) found.push_back(path);
    }
    return found;
}

TEST(Layering, every_source_folder_is_in_the_table) {
    std::vector<std::string> findings;
    for (const std::string& path : sources()) {
        const std::string component = component_of(path);
        const bool is_program_source = component == "daemon" && folder_of(path) != "daemon";
        if (component.empty() || is_program_source)
            findings.push_back(path + ": add its folder to the table in this test");
    }
    EXPECT_EQ(joined(findings), "");
}

TEST(Layering, nobody_includes_what_the_table_does_not_allow) {
    std::vector<std::string> findings;
    for (const std::string& path : sources()) {
        const std::string component = component_of(path);
        if (component.empty()) continue;
        for (const Include& include : includes_of(read(path))) {
            const std::string fault = fault_of(path, component, include);
            if (!fault.empty()) findings.push_back(fault);
        }
    }
    EXPECT_EQ(joined(findings), "");
}

// Input and output, threads, time and randomness have no place in the core, whoever provides them. (cstdio has:
// snprintf only formats, and purity_test.cc sees who uses more of it.)
TEST(Layering, the_core_includes_no_header_that_acts) {
    static const std::set<std::string> acting{
        "fstream", "iostream",  "ostream",    "istream",      "filesystem",         "thread",   "mutex",   "future",
        "atomic",  "ctime",     "random",     "shared_mutex", "condition_variable", "unistd.h", "stdio.h", "time.h",
        "sstream", "coroutine", "stop_token", "sys/types.h",  "sys/stat.h",         "locale",   "regex",
    };
    std::vector<std::string> findings;
    for (const std::string& path : sources()) {
        if (!path.starts_with("rules/")) continue;
        for (const Include& include : includes_of(read(path))) {
            if (acting.contains(include.target)) findings.push_back(path + " includes " + include.target);
        }
    }
    EXPECT_EQ(joined(findings), "");
}

TEST(Layering, the_check_sees_each_kind_of_fault) {
    EXPECT_EQ(fault_of("rules/base/time.h", "rules/base", {"boost/asio.hpp", false, 3}),
              "rules/base/time.h:3: boost/asio.hpp stays inside the folder that wraps it");
    EXPECT_EQ(fault_of("rules/base/time.h", "rules/base", {"daemon/store/store.h", true, 4}),
              "rules/base/time.h:4: rules/base may not include daemon/store/store.h");
    EXPECT_EQ(fault_of("daemon/store/a.cc", "daemon/store", {"rules/event/event.h", true, 5}),
              "daemon/store/a.cc:5: daemon/store may not include rules/event/event.h");
    EXPECT_EQ(fault_of("daemon/http/a.cc", "daemon/http", {"server.h", true, 6}),
              "daemon/http/a.cc:6: server.h is not written from the repository's root");
    EXPECT_EQ(fault_of("daemon/http/a.cc", "daemon/http", {"boost/asio.hpp", false, 7}), "");
    EXPECT_EQ(fault_of("daemon/wire/a.cc", "daemon/wire", {"boost/json.hpp", false, 7}), "");
    EXPECT_EQ(fault_of("daemon/wire/a.cc", "daemon/wire", {"vector", false, 8}), "");
}

}  // namespace
}  // namespace cellvigil::tidy
