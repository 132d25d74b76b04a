// What envelopes_of_json makes of a text: the envelope, or every issue with its path. Each row is one rule.
#include <gmock/gmock.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ingest_json/json.h"
#include "tests/support/case_name.h"

namespace cellvigil::ingest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> issues_of(const JsonItem& item) {
    std::vector<std::string> shown;
    for (const Issue& issue : item.issues) shown.push_back(std::string(name_of(issue.reason)) + " " + issue.path);
    return shown;
}

// The envelope of `text` as JSON again: what was understood.
std::string understood(std::string_view text) {
    const auto items = envelopes_of_json(text);
    if (items.size() != 1) return std::to_string(items.size()) + " items";
    if (items[0].issues.empty()) return json_of_envelope(items[0].envelope);
    std::string shown;
    for (const Issue& issue : items[0].issues)
        shown += std::string(name_of(issue.reason)) + " " + issue.path + ": " + issue.detail + "\n";
    return shown;
}

struct AcceptedCase {
    const char* name;
    const char* text;
    const char* understood;
};
class Accepted : public testing::TestWithParam<AcceptedCase> {};

TEST_P(Accepted, is_understood) { EXPECT_EQ(understood(GetParam().text), GetParam().understood); }

INSTANTIATE_TEST_SUITE_P(
    Forms, Accepted,
    testing::ValuesIn(std::to_array<AcceptedCase>({
        {"empty_object", "{}", "{}"},
        {"snake_case", R"({"message_id":"m"})", R"({"message_id":"m"})"},
        {"lower_camel_case", R"({"messageId":"m"})", R"({"message_id":"m"})"},
        {"camel_case_with_a_digit", R"({"intervention":{"fio2Fraction":0.4,"oxygenFlowLMin":2}})",
         R"({"intervention":{"oxygen_flow_l_min":2,"fio2_fraction":0.4}})"},
        {"enumerator_in_full", R"({"action":"RECORD_ACTION_CREATE"})", R"({"action":"CREATE"})"},
        {"enumerator_in_short", R"({"action":"CREATE"})", R"({"action":"CREATE"})"},
        {"enumerator_by_number", R"({"action":2})", R"({"action":"AMEND"})"},
        {"enumerator_of_a_later_version", R"({"action":77})", R"({"action":77})"},
        {"enumerator_zero_is_absent", R"({"action":"UNSPECIFIED"})", "{}"},
        {"time_in_utc", R"({"recorded_at":"2026-01-05T06:20:00Z"})", R"({"recorded_at":"2026-01-05T06:20:00Z"})"},
        {"time_with_offset", R"({"recorded_at":"2026-01-05T14:20:00+08:00"})",
         R"({"recorded_at":"2026-01-05T06:20:00Z"})"},
        {"time_west", R"({"recorded_at":"2026-01-05T00:20:00.5-03:30"})",
         R"({"recorded_at":"2026-01-05T03:50:00.500Z"})"},
        {"time_with_nanoseconds", R"({"recorded_at":"2026-01-05T06:20:00.123456789Z"})",
         R"({"recorded_at":"2026-01-05T06:20:00.123456789Z"})"},
        {"time_before_1970", R"({"recorded_at":"1969-12-31T23:59:59.25Z"})",
         R"({"recorded_at":"1969-12-31T23:59:59.250Z"})"},
        {"time_as_parts", R"({"recorded_at":{"seconds":"1","nanos":2}})",
         R"({"recorded_at":"1970-01-01T00:00:01.000000002Z"})"},
        {"uint64_as_number", R"({"producer_sequence":18446744073709551615})",
         R"({"producer_sequence":"18446744073709551615"})"},
        {"uint64_as_text", R"({"producer_sequence":"18446744073709551615"})",
         R"({"producer_sequence":"18446744073709551615"})"},
        {"uint32_as_text", R"({"record_version":"7"})", R"({"record_version":7})"},
        {"whole_number_with_a_point", R"({"record_version":7.0})", R"({"record_version":7})"},
        {"whole_number_with_exponent", R"({"record_version":7e2})", R"({"record_version":700})"},
        {"minus_zero_is_zero", R"({"record_version":-0})", "{}"},
        {"negative_number", R"({"effective":{"utc_offset_minutes":-210}})",
         R"({"effective":{"utc_offset_minutes":-210}})"},
        {"double_as_number", R"({"observation":{"quantity":{"value":38.6}}})",
         R"({"observation":{"quantity":{"value":38.6}}})"},
        {"double_as_text", R"({"observation":{"quantity":{"value":"38.6"}}})",
         R"({"observation":{"quantity":{"value":38.6}}})"},
        {"double_as_whole_number", R"({"observation":{"quantity":{"value":38}}})",
         R"({"observation":{"quantity":{"value":38}}})"},
        {"double_is_the_nearest", R"({"observation":{"quantity":{"value":0.1000000000000000055511151231257827}}})",
         R"({"observation":{"quantity":{"value":0.1}}})"},
        {"double_far_from_one", R"({"observation":{"quantity":{"value":7.2057594037927933e+16}}})",
         R"({"observation":{"quantity":{"value":72057594037927936}}})"},
        {"explicit_zero_is_present", R"({"observation":{"reference_low":0}})",
         R"({"observation":{"reference_low":0}})"},
        {"implicit_zero_is_absent", R"({"record_version":0})", "{}"},
        {"null_is_absent", R"({"message_id":null,"observation":null,"follow_up_contact":{"surveillance":null}})",
         R"({"follow_up_contact":{}})"},
        {"null_member_leaves_the_oneof_free", R"({"observation":{"boolean":null,"text":"a"}})",
         R"({"observation":{"text":"a"}})"},
        {"array_of_objects", R"({"follow_up_contact":{"surveillance":[{"domain":"ALL"},{}]}})",
         R"({"follow_up_contact":{"surveillance":[{"domain":"ALL"},{}]}})"},
        {"array_of_enumerators", R"({"death":{"contributing":["CRS",2,"DEATH_CAUSE_OTHER"]}})",
         R"({"death":{"contributing":["CRS","INFECTION","OTHER"]}})"},
        {"empty_array_is_absent", R"({"death":{"contributing":[]}})", R"({"death":{}})"},
        {"escapes", R"({"action_reason":"a\"\\\/\n\u00e9\ud83d\ude00"})",
         "{\"action_reason\":\"a\\\"\\\\/\\n\u00e9\U0001F600\"}"},
        {"escaped_name", R"({"message\u005fid":"m"})", R"({"message_id":"m"})"},
        {"not_ascii", "{\"action_reason\":\"\u7533\"}", "{\"action_reason\":\"\u7533\"}"},
        {"byte_order_mark", "\xEF\xBB\xBF{\"message_id\":\"m\"}", R"({"message_id":"m"})"},
        {"white_space", " \r\n\t{ \"message_id\" :\n\"m\" } \n", R"({"message_id":"m"})"},
        {"array_of_one", R"([{"message_id":"m"}])", R"({"message_id":"m"})"},
    })),
    CaseName{});

struct RefusedCase {
    const char* name;
    const char* text;
    std::vector<std::string> issues;  // reason and path
    const char* detail;               // part of the first one's
};
class Refused : public testing::TestWithParam<RefusedCase> {};

TEST_P(Refused, says_why_and_where) {
    const auto items = envelopes_of_json(GetParam().text);
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(issues_of(items[0]), GetParam().issues) << items[0].issues.front().detail;
    EXPECT_THAT(items[0].issues.front().detail, HasSubstr(GetParam().detail));
    EXPECT_EQ(items[0].envelope, "");
}

INSTANTIATE_TEST_SUITE_P(
    Fields, Refused,
    testing::ValuesIn(std::vector<RefusedCase>{
        {"unknown_name", R"({"colour":1})", {"bad_field colour"}, "no field of that name"},
        {"unknown_name_near_a_known_one", R"({"messageid":"m"})", {"bad_field messageid"}, "the nearest is message_id"},
        {"two_letters_swapped", R"({"sutdy_id":"m"})", {"bad_field sutdy_id"}, "the nearest is study_id"},
        {"unknown_name_below",
         R"({"observation":{"quantity":{"valeu":1}}})",
         {"bad_field observation.quantity.valeu"},
         "value"},
        {"unknown_with_anything_below",
         R"({"colour":{"message_id":[{"a":[1,2]},null]},"sitee":1})",
         {"bad_field colour", "bad_field sitee"},
         ""},
        {"unknown_name_is_shown_plainly", R"({"a b.c[1]\u0000":1})", {"bad_field a?b?c?1??"}, ""},
        {"object_wanted", R"({"observation":5})", {"bad_field observation"}, "an object was expected"},
        {"object_wanted_not_text", R"({"observation":"5"})", {"bad_field observation"}, "an object was expected"},
        {"object_wanted_not_array", R"({"observation":[{}]})", {"bad_field observation"}, "an object was expected"},
        {"array_wanted",
         R"({"death":{"contributing":"CRS"}})",
         {"bad_field death.contributing"},
         "an array was expected"},
        {"array_wanted_not_object",
         R"({"death":{"cause_codes":{}}})",
         {"bad_field death.cause_codes"},
         "an array was expected"},
        {"array_in_array",
         R"({"death":{"contributing":[1,[2],"X"]}})",
         {"bad_field death.contributing[1]", "bad_field death.contributing[2]"},
         "enumerator was expected"},
        {"null_in_array",
         R"({"death":{"contributing":[1,null]}})",
         {"bad_field death.contributing[1]"},
         "null has no place"},
        {"second_of_array",
         R"({"follow_up_contact":{"surveillance":[{},{"domain":true},{"x":1}]}})",
         {"bad_field follow_up_contact.surveillance[1].domain", "bad_field follow_up_contact.surveillance[2].x"},
         ""},
        {"text_wanted", R"({"message_id":5})", {"bad_field message_id"}, "text was expected"},
        {"text_wanted_not_boolean", R"({"message_id":true})", {"bad_field message_id"}, "text was expected"},
        {"text_wanted_not_object", R"({"message_id":{"a":1}})", {"bad_field message_id"}, "text was expected"},
        {"boolean_wanted",
         R"({"ice_assessment":{"baseline":"true"}})",
         {"bad_field ice_assessment.baseline"},
         "true or false"},
        {"number_wanted",
         R"({"observation":{"quantity":{"value":true}}})",
         {"bad_field observation.quantity.value"},
         "a number"},
        {"number_wanted_not_words",
         R"({"observation":{"quantity":{"value":"38,6"}}})",
         {"bad_field observation.quantity.value"},
         "a number"},
        {"number_wanted_not_blank",
         R"({"observation":{"quantity":{"value":""}}})",
         {"bad_field observation.quantity.value"},
         "a number"},
        {"whole_number_wanted", R"({"record_version":1.5})", {"bad_field record_version"}, "a whole number"},
        {"whole_number_wanted_not_words",
         R"({"record_version":"one"})",
         {"bad_field record_version"},
         "a whole number"},
        {"time_wanted_not_number", R"({"recorded_at":1767594000})", {"bad_field recorded_at"}, "RFC 3339"},
        {"time_without_offset", R"({"recorded_at":"2026-01-05T14:20:00"})", {"bad_time recorded_at"}, "RFC 3339"},
        {"time_of_no_day", R"({"recorded_at":"2026-02-30T14:20:00Z"})", {"bad_time recorded_at"}, "RFC 3339"},
        {"time_with_ten_digits",
         R"({"recorded_at":"2026-01-05T14:20:00.1234567890Z"})",
         {"bad_time recorded_at"},
         "RFC 3339"},
        {"time_before_the_first_year",
         R"({"recorded_at":"0001-01-01T00:00:00+01:00"})",
         {"out_of_range recorded_at"},
         "years 1 to 9999"},
        {"uint32_too_large", R"({"record_version":4294967296})", {"out_of_range record_version"}, ""},
        {"uint32_negative", R"({"record_version":-1})", {"out_of_range record_version"}, ""},
        {"int32_too_large",
         R"({"effective":{"utc_offset_minutes":2147483648}})",
         {"out_of_range effective.utc_offset_minutes"},
         ""},
        {"int32_too_small",
         R"({"effective":{"utc_offset_minutes":-2147483649}})",
         {"out_of_range effective.utc_offset_minutes"},
         ""},
        {"uint64_too_large", R"({"producer_sequence":18446744073709551616})", {"out_of_range producer_sequence"}, ""},
        {"uint64_too_large_for_exactness", R"({"producer_sequence":1e18})", {"out_of_range producer_sequence"}, ""},
        {"enumerator_number_too_large", R"({"action":2147483648})", {"out_of_range action"}, ""},
        {"double_too_large",
         R"({"observation":{"quantity":{"value":1e400}}})",
         {"out_of_range observation.quantity.value"},
         "double"},
        {"double_with_a_huge_exponent",
         R"({"observation":{"quantity":{"value":1e99999999999}}})",
         {"out_of_range observation.quantity.value"},
         "line 1, column"},
        {"nan_as_text",
         R"({"observation":{"quantity":{"value":"NaN"}}})",
         {"not_finite observation.quantity.value"},
         "finite"},
        {"infinity_as_text",
         R"({"observation":{"quantity":{"value":"-Infinity"}}})",
         {"not_finite observation.quantity.value"},
         "finite"},
        {"nan_bare",
         R"({"observation":{"quantity":{"value":NaN}}})",
         {"not_finite observation.quantity.value"},
         "line 1, column 37"},
        {"infinity_bare",
         R"({"observation":{"quantity":{"value":-Infinity}}})",
         {"not_finite observation.quantity.value"},
         "no NaN or Infinity"},
        {"enumerator_unknown",
         R"({"action":"CREAT"})",
         {"bad_field action"},
         "the nearest is CREATE; one of CREATE AMEND RETRACT"},
        {"enumerator_in_small_letters", R"({"action":"create"})", {"bad_field action"}, "the nearest is CREATE"},
        {"enumerator_of_another_enumeration",
         R"({"origin":"RECORD_ACTION_CREATE"})",
         {"bad_field origin"},
         "one of EHR EDC"},
        {"two_of_one_oneof",
         R"({"observation":{"boolean":true,"text":"a"}})",
         {"bad_field observation.text"},
         "boolean and text exclude each other"},
        {"two_payloads",
         R"({"death":{},"infusion":{"dose":{"value":"x"}}})",
         {"bad_field infusion", "bad_field infusion.dose.value"},
         "death and infusion exclude each other"},
        {"named_twice", R"({"message_id":"a","message_id":"a"})", {"bad_field message_id"}, "more than once"},
        {"named_in_both_styles", R"({"message_id":"a","messageId":"a"})", {"bad_field message_id"}, "more than once"},
        {"named_twice_once_null",
         R"({"message_id":null,"message_id":"a"})",
         {"bad_field message_id"},
         "more than once"},
        {"bad_utf8", "{\"action_reason\":\"a\xff\"}", {"bad_utf8 action_reason"}, "UTF-8"},
        {"over_long_utf8", "{\"action_reason\":\"\xc0\xaf\"}", {"bad_utf8 action_reason"}, "UTF-8"},
        {"surrogate_in_utf8", "{\"action_reason\":\"\xed\xa0\x80\"}", {"bad_utf8 action_reason"}, "UTF-8"},
        {"bad_utf8_in_a_name", "{\"a\xff\":1}", {"bad_utf8 a?"}, "UTF-8"},
        {"half_a_surrogate_pair",
         R"({"action_reason":"\ud800"})",
         {"bad_utf8 action_reason"},
         "half of a surrogate pair"},
        {"the_other_half_alone",
         R"({"action_reason":"\udc00"})",
         {"bad_utf8 action_reason"},
         "half of a surrogate pair"},
        {"half_a_pair_and_a_letter",
         R"({"action_reason":"\ud800\u0061"})",
         {"bad_utf8 action_reason"},
         "half of a surrogate pair"},
        {"every_issue_is_reported",
         R"({"action":"X","colour":1,"record_version":-1,"recorded_at":"today"})",
         {"bad_field action", "bad_field colour", "out_of_range record_version", "bad_time recorded_at"},
         ""},
        {"number_at_the_top", "5", {"bad_field "}, "an object was expected"},
        {"text_at_the_top", R"("{}")", {"bad_field "}, "an object was expected"},
        {"null_in_the_list", "[null]", {"bad_field "}, "an object was expected"},
        {"array_in_the_list", R"([[{"message_id":"m"}]])", {"bad_field "}, "an object was expected"},
    }),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    Broken, Refused,
    testing::ValuesIn(std::vector<RefusedCase>{
        {"words", "hello", {"unparsable "}, "line 1, column 1: no JSON"},
        {"comma_too_many", "{\n \"message_id\": \"m\",\n}", {"unparsable "}, "line 3, column 1"},
        {"cut_off", R"({"message_id":"m")", {"unparsable "}, "line 1, column 18: the text ends too early"},
        {"column_counts_characters", "{\"action_reason\":\"\u00e9\u00e9\" x}", {"unparsable "}, "line 1, column 23"},
        {"line_break_in_text", "{\"message_id\":\"a\nb\"}", {"unparsable "}, "line 1, column 17"},
        {"single_quotes", "{'message_id':'m'}", {"unparsable "}, "line 1, column 2"},
        {"something_after_the_object",
         R"({"message_id":"m"} x)",
         {"unparsable "},
         "line 1, column 20: something follows"},
        {"issues_before_the_break_stay", R"({"colour":1,"message_id":)", {"unparsable ", "bad_field colour"}, ""},
        {"deep_in_a_stranger",
         R"({"x":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]})",
         {"unparsable ", "bad_field x"},
         "nested more than 32 deep"},
    }),
    CaseName{});

std::vector<std::string> outcomes(std::string_view text) {
    std::vector<std::string> shown;
    for (const JsonItem& item : envelopes_of_json(text)) {
        shown.push_back(item.issues.empty() ? json_of_envelope(item.envelope) : item.issues.front().detail);
    }
    return shown;
}

constexpr const char* kA = R"({"message_id":"a"})";
constexpr const char* kB = R"({"message_id":"b"})";

TEST(Texts, of_white_space_hold_nothing) {
    EXPECT_TRUE(envelopes_of_json("").empty());
    EXPECT_TRUE(envelopes_of_json(" \r\n").empty());
    EXPECT_TRUE(envelopes_of_json("[]").empty());
}

TEST(Texts, with_an_object_per_line_or_an_array_hold_several) {
    EXPECT_THAT(outcomes(std::string(kA) + "\n" + kB), ElementsAre(kA, kB));
    EXPECT_THAT(outcomes(std::string(kA) + "\r\n\r\n" + kB + "\r\n"), ElementsAre(kA, kB));
    EXPECT_THAT(outcomes("[" + std::string(kA) + ",\n" + kB + "]"), ElementsAre(kA, kB));
}

TEST(Texts, a_broken_line_spoils_no_other) {
    EXPECT_THAT(outcomes(std::string(kA) + "\n{\"message_id\n" + kB),
                ElementsAre(kA, HasSubstr("line 2, column 13"), kB));
    EXPECT_THAT(outcomes("{\"message_id\":\n" + std::string(kB) + "\n" + kA),
                ElementsAre(HasSubstr("line 1, column 15"), kB, kA));
    EXPECT_THAT(outcomes("words\n" + std::string(kB)), ElementsAre(HasSubstr("line 1, column 1"), kB));
    EXPECT_THAT(outcomes(std::string(kA) + "\n[]\n5\n" + kA + kB + "\n" + kB),
                ElementsAre(kA, HasSubstr("line 2, column 1: one object per line"), HasSubstr("an object was expected"),
                            HasSubstr("line 4, column 19: something follows"), kB));
}

// No other line tells that these are lines.
TEST(Texts, a_broken_second_line_does_not_spoil_the_first) {
    for (const char* rest : {"words", "{", "5", "{\"message_id\":"}) {
        const auto read = outcomes(std::string(kA) + "\n" + rest);
        ASSERT_EQ(read.size(), 2U) << rest;
        EXPECT_EQ(read[0], kA) << rest;
        EXPECT_THAT(read[1], HasSubstr(rest == std::string("5") ? "an object was expected" : "line 2, column")) << rest;
    }
    EXPECT_THAT(outcomes("\n  " + std::string(kA) + "\nwords"), ElementsAre(kA, HasSubstr("line 3, column 1")));
    EXPECT_THAT(outcomes(std::string(kA) + "\n\n"), ElementsAre(kA)) << "white space is no line";
    EXPECT_THAT(outcomes("{\n\"message_id\":\"a\"}\nwords"),
                ElementsAre(HasSubstr("line 3, column 1: something follows")))
        << "an object over several lines is the only one";
}

TEST(Texts, a_line_that_does_not_fit_spoils_no_other) {
    EXPECT_THAT(outcomes(std::string(kA) + "\n{\"colour\":1}\n" + kB),
                ElementsAre(kA, HasSubstr("no field of that name"), kB));
}

TEST(Texts, what_stands_before_the_break_in_an_array_was_read) {
    EXPECT_THAT(outcomes("[" + std::string(kA) + ",\n{\"message_id\" 1}," + kB + "]"),
                ElementsAre(kA, HasSubstr("line 2, column 15")));
    EXPECT_THAT(outcomes("[" + std::string(kA) + "," + kB), ElementsAre(kA, kB, HasSubstr("the text ends too early")));
    EXPECT_THAT(outcomes("[" + std::string(kA) + "] x"), ElementsAre(kA, HasSubstr("something follows the array")));
}

TEST(Texts, blanks_before_an_array_do_not_hide_that_it_is_one) {
    for (const char* text : {"\n[]]", " [] x", "\t[]{}", "\r\n[]1"}) {
        EXPECT_THAT(outcomes(text), ElementsAre(HasSubstr("something follows the array"))) << text;
    }
    EXPECT_THAT(outcomes("\n[" + std::string(kA) + "]]"), ElementsAre(kA, HasSubstr("something follows the array")));
    EXPECT_THAT(outcomes("\n[]"), ElementsAre());
}

TEST(Texts, an_array_with_strangers_reads_the_others) {
    EXPECT_THAT(outcomes("[5," + std::string(kA) + ",[{}],null,\"x\"," + kB + "]"),
                ElementsAre("an object was expected", kA, "an object was expected", "an object was expected",
                            "an object was expected", kB));
}

TEST(Limits, a_hundred_issues_of_one_item_are_listed) {
    std::string text = "{";
    for (int i = 0; i < 150; ++i) text += "\"stranger" + std::to_string(i) + "\":1,";
    text += "\"message_id\":\"m\"}";
    const auto items = envelopes_of_json(text);
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items[0].issues.size(), kMostIssuesOfItem);
}

TEST(Limits, items_beyond_the_limit_are_not_read) {
    std::string array = "[";
    for (std::size_t i = 0; i < kMostJsonItems; ++i) array += "{},";
    const auto items = envelopes_of_json(array + "{}]");
    ASSERT_EQ(items.size(), kMostJsonItems + 1);
    EXPECT_TRUE(items[kMostJsonItems - 1].issues.empty());
    EXPECT_THAT(issues_of(items[kMostJsonItems]), ElementsAre("oversize "));
    array.pop_back();
    EXPECT_EQ(envelopes_of_json(array + "]").size(), kMostJsonItems);
}

TEST(Limits, an_envelope_has_a_most_of_bytes) {
    const auto text = [](std::size_t size) { return R"({"action_reason":")" + std::string(size, 'x') + "\"}"; };
    constexpr std::size_t kOverhead = 4;  // tag and length
    EXPECT_TRUE(envelopes_of_json(text(kMostEnvelopeBytes - kOverhead))[0].issues.empty());
    EXPECT_THAT(issues_of(envelopes_of_json(text(kMostEnvelopeBytes - kOverhead + 1))[0]), ElementsAre("oversize "));
}

TEST(Limits, a_text_has_a_most_of_bytes) {
    const auto items = envelopes_of_json(std::string(kMostJsonBytes + 1, ' '));
    ASSERT_EQ(items.size(), 1U);
    EXPECT_THAT(issues_of(items[0]), ElementsAre("oversize "));
}

TEST(Limits, names_of_strangers_are_cut) {
    const auto items = envelopes_of_json("{\"" + std::string(1000, 'q') + "\":1}");
    EXPECT_EQ(items[0].issues[0].path, std::string(64, 'q') + "...");
}

TEST(Details, never_hold_a_value) {
    const std::string secret = "SUBJ-0042";
    for (const char* field :
         {"record_version", "action", "recorded_at", "observation", "producer_sequence", "effective"}) {
        const auto items = envelopes_of_json("{\"" + std::string(field) + "\":\"" + secret + "\"}");
        ASSERT_EQ(items[0].issues.size(), 1U) << field;
        EXPECT_EQ(items[0].issues[0].detail.find(secret), std::string::npos) << field;
    }
    const auto broken = envelopes_of_json("{\"subject_id\":\"" + secret + "\" " + secret);
    ASSERT_EQ(broken.at(0).issues.size(), 1U);
    EXPECT_EQ(broken[0].issues[0].detail.find(secret), std::string::npos);
}

}  // namespace
}  // namespace cellvigil::ingest
