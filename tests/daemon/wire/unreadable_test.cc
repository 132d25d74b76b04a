// Bytes that are no envelope get the path of the field at which they cease to be one.
#include <gtest/gtest.h>

#include "daemon/wire/decode.h"
#include "daemon/wire/encode.h"
#include "tests/daemon/wire/wire_bytes.h"
#include "tests/support/case_name.h"
#include "tests/support/sample_events.h"

namespace cellvigil::wire {
namespace {

struct UnreadableCase {
    const char* name;
    std::string bytes;
    const char* expected;
};
class Unreadable : public testing::TestWithParam<UnreadableCase> {};

TEST_P(Unreadable, says_where) {
    Decoder decoder;
    SentEnvelope sent;
    ASSERT_FALSE(decoder.read(GetParam().bytes, sent));
    const Issue issue = decoder.problem();
    EXPECT_EQ(issue.path + ": " + name_of(issue.reason), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(
    Table, Unreadable,
    testing::ValuesIn(std::vector<UnreadableCase>{
        {"text_cut", bytes::tag(1, 2) + bytes::varint(9) + "m", "message_id: unparsable"},
        {"number_cut", bytes::chunk(1, "m") + bytes::tag(9, 0) + "\x80", "record_version: unparsable"},
        {"double_cut", bytes::chunk(32, bytes::chunk(2, bytes::tag(1, 1) + "abc")),
         "observation.quantity.value: unparsable"},
        {"tag_cut", "\x80", ": unparsable"},
        {"field_zero", std::string("\x02\0", 2), ": unparsable"},
        {"wire_type_six", "\x0e", "message_id: unparsable"},
        {"end_group", bytes::chunk(1, "m") + bytes::tag(2, 4), "source_system: unparsable"},
        {"not_utf8", bytes::chunk(7, "\xff"), "subject_id: bad_utf8"},
        {"cut_utf8", bytes::chunk(7, "a\xe2\x82"), "subject_id: bad_utf8"},
        {"overlong_utf8", bytes::chunk(7, "\xc0\xaf"), "subject_id: bad_utf8"},
        {"surrogate", bytes::chunk(7, "\xed\xa0\x80"), "subject_id: bad_utf8"},
        {"past_unicode", bytes::chunk(7, "\xf4\x90\x80\x80"), "subject_id: bad_utf8"},
        {"deep_not_utf8", bytes::chunk(36, bytes::chunk(2, bytes::chunk(4, "\xff"))),
         "adverse_event_report.codes.display: bad_utf8"},
        {"packed_cut", bytes::chunk(40, bytes::chunk(5, "\x80")), "death.contributing: unparsable"},
    }),
    CaseName{});

TEST(UnreadableBytes, always_have_a_reason_that_is_a_rejection) {
    bytes::Random random(7);
    Decoder decoder;
    SentEnvelope sent;
    int unread = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string message = bytes::mutated(bytes::random_envelope(random), random);
        if (decoder.read(message, sent)) continue;
        ++unread;
        const Issue issue = decoder.problem();
        EXPECT_TRUE(is_rejection(issue.reason));
        EXPECT_FALSE(issue.detail.empty());
    }
    EXPECT_GT(unread, 1000);
}

}  // namespace
}  // namespace cellvigil::wire
