#include "daemon/ingest_json/members.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "daemon/ingest/admission.h"

namespace cellvigil::ingest {
namespace {

using testing::ElementsAre;

struct MembersCase {
    const char* name;
    std::string_view text;
    std::vector<std::string_view> members;
};
void PrintTo(const MembersCase& row, std::ostream* out) { *out << row.name; }

class Members : public testing::TestWithParam<MembersCase> {};

TEST_P(Members, stand_where_they_were_written) { EXPECT_EQ(members_of_array(GetParam().text), GetParam().members); }

INSTANTIATE_TEST_SUITE_P(
    Arrays, Members,
    testing::ValuesIn(std::vector<MembersCase>{
        {"none", "[]", {}},
        {"no_array", "{}", {}},
        {"blank", " \n", {}},
        {"one", " [ {\"a\": 1} ] ", {"{\"a\": 1}"}},
        {"several", "[1,\n \"two\" , {}]", {"1", "\"two\"", "{}"}},
        {"nested", "[[1,2],{\"a\":[3,{\"b\":4}]}]", {"[1,2]", "{\"a\":[3,{\"b\":4}]}"}},
        {"punctuation_in_strings", R"(["],[", "\"],{", "\\"])", {R"("],[")", R"("\"],{")", R"("\\")"}},
        {"something_follows", "[1] [2]", {"1"}},
        {"cut_between", "[1,", {"1"}},
        {"cut_in_an_object", "[1,{\"a\":", {"1", "{\"a\":"}},
        {"cut_in_a_string", "[1,\"a, b", {"1", "\"a, b"}},
        {"cut_in_an_escape", "[\"\\", {"\"\\"}},
    }),
    [](const auto& row) { return row.param.name; });

std::vector<std::string_view> texts_of(std::string_view text) {
    std::vector<std::string_view> texts;
    for (const JsonItem& item : envelopes_of_json(text)) texts.push_back(item.text);
    return texts;
}

TEST(TextsOfItems, are_told_of_those_with_issues_only) {
    EXPECT_THAT(texts_of(R"([{"study_id":"S"}, 7, {"studdy":1}])"), ElementsAre("", "7", R"({"studdy":1})"));
}

TEST(TextsOfItems, of_lines_are_the_lines) {
    EXPECT_THAT(texts_of("{\"study_id\":\"S\"}\n\n  nonsense\n{\"studdy\":1}\n"),
                ElementsAre("", "  nonsense", "{\"studdy\":1}"));
}

TEST(TextsOfItems, of_one_object_are_the_whole) {
    EXPECT_THAT(texts_of("{\"study_id\": 1 }"), ElementsAre("{\"study_id\": 1 }"));
    EXPECT_THAT(texts_of("nonsense"), ElementsAre("nonsense"));
}

TEST(TextsOfItems, of_a_broken_array_reach_to_its_end) {
    EXPECT_THAT(texts_of("[{\"study_id\":\"S\"}, {\"study_id\":\"T\" nonsense}, {}]"),
                ElementsAre("", "{\"study_id\":\"T\" nonsense}"));
}

}  // namespace
}  // namespace cellvigil::ingest
