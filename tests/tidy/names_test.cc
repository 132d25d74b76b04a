// One definition of every type: two structs of one name in one namespace compile, and the linker then keeps one
// function for containers of both, whatever their layouts.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/tidy/tree.h"

namespace cellvigil::tidy {
namespace {

constexpr std::string_view kNamespace = "namespace ";

// Fully qualified names of the types that a file defines outside unnamed namespaces; types within types are none of
// ours.
std::vector<std::string> types_defined(std::string_view text) {
    std::vector<std::string> scopes;
    std::vector<std::string> names;
    for (const std::string& line : lines_of(text)) {
        if (line.starts_with(kNamespace) && line.ends_with("{")) {
            const std::size_t end = line.find_last_not_of(" {");  // "namespace {": before the name begins
            scopes.push_back(end < kNamespace.size() ? ""
                                                     : line.substr(kNamespace.size(), end + 1 - kNamespace.size()));
            continue;
        }
        if (line.starts_with("}  // namespace") && !scopes.empty()) scopes.pop_back();
        const bool type = line.starts_with("struct ") || line.starts_with("class ");
        if (!type || line.ends_with(";")) continue;
        std::string name;
        for (const std::string& scope : scopes) {
            if (scope.empty()) name = "-";
            if (name != "-") name += scope + "::";
        }
        if (name == "-") continue;
        const std::size_t from = line.find(' ') + 1;
        names.push_back(name + line.substr(from, line.find_first_of(" {", from) - from));
    }
    return names;
}

TEST(Names, the_reader_sees_what_is_defined_where) {
    const auto names = types_defined(
        "namespace a {\nstruct One {\n    struct In {\n    };\n};\nnamespace {\nstruct Own {\n};\n}  // namespace\n"
        "class Two final : public One {\n};\nclass Two::Impl {\n};\nstruct Later;\n}  // namespace a\n");
    ASSERT_EQ(names.size(), 3U);
    EXPECT_EQ(names[0], "a::One");
    EXPECT_EQ(names[1], "a::Two");
    EXPECT_EQ(names[2], "a::Two::Impl");
}

TEST(Names, no_type_is_defined_twice) {
    std::map<std::string, std::string> defined;
    std::vector<std::string> findings;
    for (const std::string& path : files_under({"rules", "daemon"})) {
        if (!ends_with_any(path, {".h", ".cc"})) continue;
        for (const std::string& name : types_defined(read(path))) {
            const auto [at, added] = defined.emplace(name, path);
            if (!added && at->second != path)
                findings.push_back(path + ": " + name + " is defined in " + at->second + " too");
        }
    }
    EXPECT_GT(defined.size(), 500U);
    EXPECT_EQ(joined(findings), "");
}

}  // namespace
}  // namespace cellvigil::tidy
