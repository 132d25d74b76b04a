// What the text of the project may not contain, and what to write instead.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/tree.h"

namespace cellvigil::tidy {
namespace {

struct Ban {
    const char* word;                 // not part of a longer identifier
    std::vector<std::string> where;   // path prefixes
    std::vector<std::string> except;  // paths
    const char* instead;
};

const std::vector<Ban>& bans() {
    static const std::vector<std::string> code{"rules/", "daemon/", "bench/"};
    static const std::vector<std::string> everywhere{"rules/", "daemon/", "bench/", "tests/"};
    static const std::vector<Ban> table{
        {"std::stod", everywhere, {}, "Quantity's reader or std::from_chars: stod follows the locale"},
        {"std::stof", everywhere, {}, "Quantity's reader or std::from_chars"},
        {"std::stoi", code, {}, "std::from_chars: stoi throws and takes \"12abc\""},
        {"std::stol", code, {}, "std::from_chars"},
        {"std::stoul", code, {}, "std::from_chars"},
        {"strtod", everywhere, {"tests/support/"}, "Quantity's reader or std::from_chars"},
        {"strtol", code, {}, "std::from_chars"},
        {"atof", everywhere, {}, "Quantity's reader or std::from_chars"},
        {"atoi", everywhere, {}, "std::from_chars"},
        {"sscanf", everywhere, {}, "a reader that says what was wrong"},
        {"system_clock::now", everywhere, {"daemon/clock.", "daemon/log/log.cc"}, "the clock that is passed in"},
        {"steady_clock::now", {"rules/"}, {}, "an argument: nothing in rules/ reads a clock"},
        {"std::rand", everywhere, {}, "a seeded generator that is passed in"},
        {"srand", everywhere, {}, "a seeded generator that is passed in"},
        {"random_device", everywhere, {}, "a seed from the caller"},
        {"std::format", everywhere, {}, "fmt in daemon/log, std::to_string elsewhere: GCC 12 has no std::format"},
        {"std::views", everywhere, {}, "a loop: Clang 14 does not compile libstdc++'s views"},
        {"std::source_location", everywhere, {}, "__builtin_FILE and __builtin_LINE: Clang 14 has none"},
        {"std::regex", code, {}, "a reader by hand: std::regex can use up the stack on outside input"},
        {"lgamma", {"rules/"}, {}, "lgamma_r: lgamma writes a global"},
        {"throw",
         code,
         {"daemon/log/log.h"},
         "Result: we throw nothing (log.h: in a consteval function it stops the compiler)"},
        {"assert", code, {}, "ensure: it is on in every build"},
        {"std::cout", {"rules/"}, {}, "a value to the caller: nothing in rules/ prints"},
        {"getenv",
         code,
         {"daemon/config/environment.cc", "daemon/config/config_yaml.cc", "daemon/notify.cc"},
         "daemon/config (notify.cc: what systemd says)"},
        {"using namespace std;", everywhere, {}, "the names in full"},
        // librdkafka can hang while it ends; such a thread is left behind, on purpose and with what it uses.
        {"detach", code, {"daemon/kafka/"}, "a thread that somebody joins"},
    };
    return table;
}

bool begins_with_any(std::string_view path, const std::vector<std::string>& prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [path](const std::string& one) { return path.starts_with(one); });
}

std::vector<std::string> cpp_files() {
    std::vector<std::string> found;
    for (const std::string& path : files_under({"rules", "daemon", "bench", "tests"})) {
        if (ends_with_any(path, {".h", ".cc"})) found.push_back(path);
    }
    return found;
}

// True when a lambda in `statement` captures something: "[&](", "[=] {", "[this, x](", "[x = f()](".
bool has_capturing_lambda(std::string_view statement) {
    for (std::size_t open = statement.find('['); open != std::string_view::npos; open = statement.find('[', open + 1)) {
        const std::size_t close = statement.find(']', open);
        if (close == std::string_view::npos) return false;
        const std::size_t before = statement.find_last_not_of(" \n\t", open == 0 ? 0 : open - 1);
        const std::size_t after = statement.find_first_not_of(" \n\t", close + 1);
        const bool starts_expression =
            open == 0 || before == std::string_view::npos ||
            std::string_view("(,={&|?:!;").find(statement[before]) != std::string_view::npos ||
            statement.substr(0, before + 1).ends_with("return");
        const bool has_body = after != std::string_view::npos && (statement[after] == '(' || statement[after] == '{');
        if (starts_expression && has_body && close > open + 1) return true;
    }
    return false;
}

// The end of the full expression at `at`: the ';' outside every bracket opened on the way.
std::size_t end_of_expression(std::string_view code, std::size_t at) {
    int depth = 0;
    for (; at < code.size(); ++at) {
        const char c = code[at];
        if (std::string_view("({[").find(c) != std::string_view::npos) ++depth;
        if (std::string_view(")}]").find(c) != std::string_view::npos) --depth;
        if (depth <= 0 && c == ';') break;
    }
    return at;
}

// Offsets of statements that hold both a co_await and a capturing lambda: GCC 12 frees such captures twice.
std::vector<std::size_t> awaits_with_captures(std::string_view code) {
    std::vector<std::size_t> found;
    for (const std::size_t at : find_word(code, "co_await")) {
        const std::size_t previous = code.find_last_of(";{}", at);
        const std::size_t begin = previous == std::string_view::npos ? 0 : previous + 1;
        if (has_capturing_lambda(code.substr(begin, end_of_expression(code, at) - begin))) found.push_back(at);
    }
    return found;
}

TEST(Bans, banned_names_do_not_occur) {
    std::vector<std::string> findings;
    for (const std::string& path : cpp_files()) {
        if (path.starts_with("tests/tidy/")) continue;
        const std::string code = without_comments_and_literals(read(path));
        for (const Ban& ban : bans()) {
            if (!begins_with_any(path, ban.where) || begins_with_any(path, ban.except)) continue;
            for (const std::size_t at : find_word(code, ban.word)) {
                findings.push_back(finding(path, code, at, std::string(ban.word) + "; write " + ban.instead));
            }
        }
    }
    EXPECT_EQ(joined(findings), "");
}

TEST(Bans, no_capturing_lambda_stands_in_a_statement_with_co_await) {
    std::vector<std::string> findings;
    for (const std::string& path : cpp_files()) {
        const std::string code = without_comments_and_literals(read(path));
        for (const std::size_t at : awaits_with_captures(code)) {
            findings.push_back(
                path + ":" + std::to_string(line_number(code, at)) +
                ": a capturing lambda in one statement with co_await; make it a named coroutine function");
        }
    }
    EXPECT_EQ(joined(findings), "");
}

TEST(Bans, a_todo_names_its_issue) {
    std::vector<std::string> findings;
    for (const std::string& path : all_files()) {
        if (path.starts_with("tests/tidy/") || ends_with_any(path, {".svg", ".png", ".csv"})) continue;
        const std::string text = read(path);
        for (const char* word : {"TODO", "FIXME", "XXX"}) {
            for (const std::size_t at : find_word(text, word)) {
                if (std::string_view(text).substr(at + std::string_view(word).size()).starts_with("(#")) continue;
                findings.push_back(finding(path, text, at, "name its issue: (#number)"));
            }
        }
    }
    EXPECT_EQ(joined(findings), "");
}

// The project speaks of itself alone: no path of the machine it was written on.
TEST(Bans, no_path_of_a_machine_or_outside_the_project) {
    const std::vector<std::string> words{std::string("/wo") + "rk/", std::string("../sha") + "red",
                                         std::string("/ro") + "ot/", std::string("/home") + "/"};
    std::vector<std::string> findings;
    for (const std::string& path : all_files()) {
        if (ends_with_any(path, {".png", ".gz", ".zst"})) continue;
        const std::string text = read(path);
        for (const std::string& word : words) {
            const std::size_t at = text.find(word);
            if (at != std::string::npos) findings.push_back(finding(path, text, at, word));
        }
    }
    EXPECT_EQ(joined(findings), "");
}

TEST(Bans, the_lambda_check_sees_captures_and_nothing_else) {
    EXPECT_EQ(awaits_with_captures("auto x = co_await run([&] { return f(); });").size(), 1U);
    EXPECT_EQ(awaits_with_captures("co_await post(ex, [this, a = b](int) { g(); h(); });").size(), 1U);
    EXPECT_EQ(awaits_with_captures("co_await post(ex, [](int) { g(); });").size(), 0U);
    EXPECT_EQ(awaits_with_captures("const auto [e, n] = co_await read(s, buffers[i], await);").size(), 0U);
    EXPECT_EQ(awaits_with_captures("auto f = [&] { return 1; }; const auto [error] = co_await g(f);").size(), 0U);
    EXPECT_EQ(awaits_with_captures("if (x) { co_await g(); } auto f = [&] { return 1; };").size(), 0U);
}

TEST(Bans, the_reader_of_code_blanks_comments_and_literals) {
    EXPECT_EQ(without_comments_and_literals("a /* b */ c // d\ne"), "a         c     \ne");
    EXPECT_EQ(without_comments_and_literals(R"(f("x \" y", 'z', 1'000))"), R"(f("      ", ' ', 1'000))");
    EXPECT_EQ(without_comments_and_literals("R\"(atof)\" g"), "          g");
}

}  // namespace
}  // namespace cellvigil::tidy
