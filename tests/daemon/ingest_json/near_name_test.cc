#include "daemon/ingest_json/near_name.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "tests/support/case_name.h"

namespace cellvigil::ingest {
namespace {

struct NearCase {
    const char* name;
    const char* given;
    const char* nearest;  // "": none
};
class NearestName : public testing::TestWithParam<NearCase> {};

TEST_P(NearestName, is_the_one_probably_meant) {
    const std::vector<std::string> known{"message_id", "study_id", "site_id", "record_id", "unit", "NASAL_CANNULA"};
    const std::string* nearest = nearest_name(GetParam().given, known);
    EXPECT_EQ(nearest == nullptr ? "" : *nearest, GetParam().nearest);
}

INSTANTIATE_TEST_SUITE_P(Names, NearestName,
                         testing::ValuesIn(std::to_array<NearCase>({
                             {"the_same", "message_id", "message_id"},
                             {"another_style", "MessageID", "message_id"},
                             {"swapped", "stduy_id", "study_id"},
                             {"a_letter_less", "recrd_id", "record_id"},
                             {"a_letter_more", "unitt", "unit"},
                             {"one_of_three_letters", "uni", "unit"},
                             {"two_of_four_letters", "unxx", ""},
                             {"hyphens", "nasal-canula", "NASAL_CANNULA"},
                             {"far_from_all", "colour", ""},
                             {"nothing", "", ""},
                             {"too_long_to_compare",
                              "message_id_message_id_message_id_message_id_message_id_message_id", ""},
                         })),
                         CaseName{});

}  // namespace
}  // namespace cellvigil::ingest
