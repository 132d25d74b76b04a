#include "daemon/wire/sent.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace cellvigil::wire {
namespace {

SentTimestamp at(const char* rfc3339, std::int32_t nanos = 0) {
    const Instant instant = parse_rfc3339(rfc3339).value();
    return {true, nanos, std::chrono::duration_cast<seconds>(instant.time_since_epoch()).count()};
}

TEST(Timestamps, are_kept_to_the_millisecond_within_three_centuries) {
    EXPECT_EQ(instant_of(at("2026-01-05T06:20:00Z", 123'999'999)), parse_rfc3339("2026-01-05T06:20:00.123Z").value());
    EXPECT_TRUE(instant_of(at("1900-01-01T00:00:00Z")).has_value());
    EXPECT_FALSE(instant_of(at("1899-12-31T23:59:59Z")).has_value());
    EXPECT_TRUE(instant_of(at("2199-12-31T23:59:59Z")).has_value());
    EXPECT_FALSE(instant_of(at("2200-01-01T00:00:00Z")).has_value());
    EXPECT_FALSE(instant_of(at("2026-01-05T06:20:00Z", -1)).has_value());
    EXPECT_FALSE(instant_of(at("2026-01-05T06:20:00Z", 1'000'000'000)).has_value());
}

struct SpanCase {
    const char* name;
    const char* instant;
    TimePrecision precision;
    std::optional<std::int32_t> offset;
    const char* from;
    const char* until;
    EventFlags flags;
};
class Spans : public testing::TestWithParam<SpanCase> {};
constexpr EventFlags kImputed = bit(EventFlag::imputed_date);
constexpr EventFlags kNoOffset = bit(EventFlag::offset_missing);

TEST_P(Spans, are_the_whole_calendar_unit_at_the_offset) {
    const SpanCase& span = GetParam();
    SentTime sent{true, span.precision, at(span.instant), span.offset};
    EventFlags flags = 0;
    const auto time = effective_time(sent, {UtcOffset(480), nullptr}, flags);
    ASSERT_TRUE(time.has_value());
    EXPECT_EQ(to_rfc3339(time->from), span.from);
    EXPECT_EQ(to_rfc3339(time->until), span.until);
    EXPECT_EQ(flags, span.flags);
    EXPECT_EQ(time->offset, UtcOffset(span.offset.value_or(480)));
}
INSTANTIATE_TEST_SUITE_P(Table, Spans,
                         testing::ValuesIn(std::to_array<SpanCase>({
                             {"second", "2026-01-05T06:20:00Z", TimePrecision::second, 480, "2026-01-05T06:20:00Z",
                              "2026-01-05T06:20:00Z", 0},
                             {"minute_is_a_point", "2026-01-05T06:20:00Z", TimePrecision::minute, 480,
                              "2026-01-05T06:20:00Z", "2026-01-05T06:20:00Z", 0},
                             {"unstated_is_a_point", "2026-01-05T06:20:00Z", TimePrecision::unspecified, 480,
                              "2026-01-05T06:20:00Z", "2026-01-05T06:20:00Z", 0},
                             {"no_offset", "2026-01-05T06:20:00Z", TimePrecision::second, std::nullopt,
                              "2026-01-05T06:20:00Z", "2026-01-05T06:20:00Z", kNoOffset},
                             {"day", "2026-01-04T16:00:00Z", TimePrecision::day, 480, "2026-01-04T16:00:00Z",
                              "2026-01-05T16:00:00Z", kImputed},
                             {"day_from_its_middle", "2026-01-05T15:59:59Z", TimePrecision::day, 480,
                              "2026-01-04T16:00:00Z", "2026-01-05T16:00:00Z", kImputed},
                             {"day_in_the_west", "2026-01-05T04:59:59Z", TimePrecision::day, -300,
                              "2026-01-04T05:00:00Z", "2026-01-05T05:00:00Z", kImputed},
                             {"month", "2024-02-10T00:00:00Z", TimePrecision::month, 0, "2024-02-01T00:00:00Z",
                              "2024-03-01T00:00:00Z", kImputed},
                             {"december", "2025-12-31T23:00:00Z", TimePrecision::month, 0, "2025-12-01T00:00:00Z",
                              "2026-01-01T00:00:00Z", kImputed},
                             {"year", "2024-02-29T12:00:00Z", TimePrecision::year, 60, "2023-12-31T23:00:00Z",
                              "2024-12-31T23:00:00Z", kImputed},
                             {"month_without_offset", "2026-01-31T17:00:00Z", TimePrecision::month, std::nullopt,
                              "2026-01-31T16:00:00Z", "2026-02-28T16:00:00Z", kImputed | kNoOffset},
                         })),
                         CaseName{});

TEST(Spans, need_an_instant) {
    EventFlags flags = 0;
    EXPECT_FALSE(effective_time(SentTime{}, {}, flags).has_value());
    SentTime empty;
    empty.stated = true;
    EXPECT_FALSE(effective_time(empty, {}, flags).has_value());
}

TEST(SiteUnits, come_before_what_was_sent) {
    const std::map<std::string, std::string> aliases{{"C", "Cel"}};
    EXPECT_EQ(unit_at_site("C", {std::nullopt, &aliases}), "Cel");
    EXPECT_EQ(unit_at_site("F", {std::nullopt, &aliases}), "F");
    EXPECT_EQ(unit_at_site("C", {}), "C");
}

}  // namespace
}  // namespace cellvigil::wire
