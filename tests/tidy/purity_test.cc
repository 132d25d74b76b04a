// The archives of rules/ ask the linker for nothing that could act: no clock, file, socket, thread, environment,
// randomness. An include table cannot see what a header drags in; the symbols can. Runs on an optimised build without
// sanitizers: at -O0, and instrumented, code of the library itself shows up.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/tree.h"

namespace cellvigil::tidy {
namespace {

// What `nm -uC` lists, without addresses: the undefined symbols of every member of the archive.
std::set<std::string> undefined_symbols(const std::string& archive) {
    const std::string command = "nm -uC '" + archive + "' 2>&1";
    const auto close = [](FILE* pipe) { pclose(pipe); };
    const std::unique_ptr<FILE, decltype(close)> pipe(popen(command.c_str(), "r"), close);
    std::string output;
    std::array<char, 4096> buffer{};
    while (pipe && std::fgets(buffer.data(), buffer.size(), pipe.get()) != nullptr) output += buffer.data();
    std::set<std::string> symbols;
    for (const std::string& line : lines_of(output)) {
        const std::size_t at = line.find(" U ");
        if (at != std::string::npos) symbols.insert(line.substr(at + 3));
    }
    return symbols;
}

// Pure: values in, values out. A name, or the beginning of one (ending in '*').
// clang-format off
constexpr auto kAllowed = std::to_array<std::string_view>({
    // Our own, and what a library we link statically into rules/base provides.
    "cellvigil::*", "typeinfo for cellvigil::*", "vtable for cellvigil::*", "guard variable for cellvigil::*",
    "XXH3_64bits*", "XXH3_128bits*", "XXH64*", "XXH128*",
    // Memory and comparison.
    "operator new*", "operator delete*", "memcpy", "memmove", "memset", "memcmp", "memchr", "strlen", "bcmp",
    // The parts of libstdc++ that only compute.
    "std::__throw_*", "std::__cxx11::basic_string<*", "std::_Rb_tree_*", "std::__detail::*", "std::terminate()",
    "std::basic_string_view<*", "std::from_chars*", "std::to_chars*", "std::__glibcxx_assert_fail*", "std::_Hash_bytes*",
    "std::allocator<*", "std::bad_*", "std::exception::*", "std::logic_error::*", "std::runtime_error::*",
    "std::out_of_range::*", "std::length_error::*", "std::invalid_argument::*", "std::type_info::*", "std::nothrow",
    "std::uncaught_exception*", "typeinfo for std::*", "vtable for std::*", "typeinfo for unsigned *", "typeinfo for int",
    "vtable for __cxxabiv1::*", "tl::*", "typeinfo for tl::*", "vtable for tl::*",
    // The language's own runtime.
    "__cxa_*", "__gxx_personality_v0", "_Unwind_Resume", "__stack_chk_fail", "_GLOBAL_OFFSET_TABLE_", "__dso_handle",
    "__tls_get_addr", "abort", "snprintf", "__snprintf_chk", "__udivti3", "__umodti3", "__divti3", "__modti3", "__popcountdi2", "__muloti4",
    // std::shared_ptr: whether a second thread exists decides how a count is kept.
    "__libc_single_threaded", "strcmp",
    // Arithmetic of libm that neither reads nor writes anything global.
    "sqrt", "log", "log1p", "exp", "expm1", "pow", "fabs", "floor", "ceil", "round", "trunc", "ldexp", "frexp", "lgamma_r",
    "erfc", "erf", "fmod", "nearbyint", "lround", "llround", "rint", "fmax", "fmin", "sin", "cos", "tan", "asin", "tanh", "atanh", "log2",
});
// clang-format on

bool is_allowed(std::string_view symbol) {
    return std::any_of(kAllowed.begin(), kAllowed.end(), [symbol](std::string_view one) {
        return one.ends_with('*') ? symbol.starts_with(one.substr(0, one.size() - 1)) : symbol == one;
    });
}

// rules/base: ensure.cc ends the process and says why, the one place that may write, to standard error.
bool is_allowed_in(std::string_view archive, std::string_view symbol) {
    static const std::set<std::string_view> of_base{"stderr", "fputs",  "fprintf",      "fwrite",
                                                    "fputc",  "fflush", "__fprintf_chk"};
    return is_allowed(symbol) || (archive.find("rules_base") != std::string_view::npos && of_base.contains(symbol));
}

TEST(Purity, the_core_links_against_nothing_that_acts) {
    if (std::string_view(CELLVIGIL_RULES_ARCHIVES).empty())
        GTEST_SKIP() << "only on the dev build (g++ -O1, no sanitizers)";
    std::vector<std::string> findings;
    std::istringstream archives{CELLVIGIL_RULES_ARCHIVES};
    std::size_t seen = 0;
    for (std::string archive; std::getline(archives, archive, '|');) {
        const std::set<std::string> symbols = undefined_symbols(archive);
        seen += symbols.size();
        for (const std::string& symbol : symbols) {
            if (!is_allowed_in(archive, symbol))
                findings.push_back(archive.substr(archive.rfind('/') + 1) + ": " + symbol);
        }
    }
    EXPECT_GT(seen, 10U) << "nm listed nothing: " << CELLVIGIL_RULES_ARCHIVES;
    EXPECT_EQ(joined(findings), "");
}

TEST(Purity, the_list_does_not_allow_what_acts) {
    for (const char* symbol :
         {"pthread_mutex_lock", "getenv", "lgamma", "clock_gettime", "std::chrono::_V2::system_clock::now()", "fopen",
          "read", "rand", "std::random_device::_M_getval()", "std::ostream::flush()"}) {
        EXPECT_FALSE(is_allowed(symbol)) << symbol;
    }
}

}  // namespace
}  // namespace cellvigil::tidy
