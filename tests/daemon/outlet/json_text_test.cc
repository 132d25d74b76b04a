#include "daemon/outlet/json_text.h"

#include <gtest/gtest.h>

#include "daemon/ingest/admission.h"
#include "daemon/wire/encode.h"

namespace cellvigil::outlet {
namespace {

std::string sample_envelope(std::string_view subject) {
    Event event;
    event.message_id = "0190a000-0000-7000-8000-000000000001";
    event.source_system = "ehr.site-01";
    event.study = "S";
    event.cohort = "C";
    event.site = "site-01";
    event.subject = subject;
    event.record = "r1";
    event.origin = DataOrigin::ehr;
    event.effective = {Instant(days(20000)), Instant(days(20000)), UtcOffset(480), TimePrecision::minute};
    event.recorded_at = Instant(days(20000));
    Observation reading;
    reading.analyte = Analyte::temperature;
    reading.status = ResultStatus::final;
    reading.value = hundredths(3860);
    event.body = reading;
    return wire::encode(event);
}

TEST(LineOfJson, an_envelope_reads_back_as_the_same_bytes) {
    const std::string value = sample_envelope("P1");
    const std::string line = line_of("S/P1", value);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_FALSE(raw_of_line(line).has_value());
    const auto items = ingest::envelopes_of_json(line);
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items[0].envelope, value);
    EXPECT_EQ(key_of_line(line), "S/P1");
}

class RawLine : public testing::TestWithParam<std::string> {};

TEST_P(RawLine, keeps_every_byte_and_the_key) {
    const std::string line = line_of("some/key", GetParam());
    ASSERT_TRUE(raw_of_line(line).has_value());
    EXPECT_EQ(*raw_of_line(line), GetParam());
    EXPECT_EQ(key_of_line(line), "some/key");
}
INSTANTIATE_TEST_SUITE_P(Bytes, RawLine,
                         testing::Values(std::string{}, std::string("\0", 1), std::string("\xFF\xFE", 2),
                                         std::string("\xFF\x00\x7F", 3), std::string("\xFF\xFF\xFF\xFF", 4),
                                         std::string("\x0A\x24short")));

TEST(RawLines, an_envelope_under_a_foreign_key_is_raw) {
    const std::string value = sample_envelope("P1");
    const std::string line = line_of("S/somebody-else", value);
    ASSERT_TRUE(raw_of_line(line).has_value());
    EXPECT_EQ(*raw_of_line(line), value);
    EXPECT_EQ(key_of_line(line), "S/somebody-else");
}

TEST(KeyOfLine, is_the_site_s_without_a_subject_and_empty_without_a_study) {
    EXPECT_EQ(key_of_line(R"({"study_id":"S","site_id":"site-01"})"), "S/site/site-01");
    EXPECT_EQ(key_of_line(R"({"site_id":"site-01"})"), "");
    EXPECT_EQ(key_of_line("no json"), "");
}

}  // namespace
}  // namespace cellvigil::outlet
