#include "daemon/journal/control.h"

#include <gtest/gtest.h>

namespace cellvigil::journal {
namespace {

const Instant kAt = Instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / 11)) + milliseconds(1234);

template <typename Control>
Control reread(const Control& control) {
    const auto record = read_control(control_json(control));
    EXPECT_TRUE(record) << (record ? "" : record.error().detail);
    const auto* found = record ? std::get_if<Control>(&*record) : nullptr;
    EXPECT_NE(found, nullptr);
    return found != nullptr ? *found : Control{};
}

TEST(Control, every_record_reads_as_it_was_written) {
    const auto beat = reread(HeartbeatElsewhere{"S-1", "site \"b\"", kAt, kAt + hours(1)});
    EXPECT_EQ(beat.study, "S-1");
    EXPECT_EQ(beat.site, "site \"b\"");
    EXPECT_EQ(beat.recorded, kAt);
    EXPECT_EQ(beat.appended, kAt + hours(1));
    const auto tick = reread(Tick{20'523, kAt});
    EXPECT_EQ(tick.through, 20'523);
    EXPECT_EQ(tick.log_time, kAt);
    const auto release = reread(Release{3, 1'234'567'890'123});
    EXPECT_EQ(release.partition, 3U);
    EXPECT_EQ(release.position, 1'234'567'890'123);
    const auto close = reread(DayClosed{-1, 20'523, kAt, 7, true, "hash", "digest"});
    EXPECT_EQ(close.first, -1);
    EXPECT_EQ(close.through, 20'523);
    EXPECT_EQ(close.log_time, kAt);
    EXPECT_EQ(close.late, 7);
    EXPECT_TRUE(close.silent);
    EXPECT_EQ(close.rules, "hash");
    EXPECT_EQ(close.changes, "digest");
}

TEST(Control, what_another_version_wrote_changes_nothing) {
    const auto record = read_control(R"({"control":"rules","pack":"p","hash":"h"})");
    ASSERT_TRUE(record);
    EXPECT_TRUE(std::holds_alternative<OtherControl>(*record));
}

TEST(Control, a_record_that_lacks_something_is_corrupt) {
    for (const char* text : {"", "[]", "{}", R"({"control":"tick","through":"2026-03-11"})",
                             R"({"control":"release","partition":"3","position":1})",
                             R"({"control":"tick","through":"11 March","log_time":"2026-03-11T00:00:00Z"})"}) {
        const auto record = read_control(text);
        ASSERT_FALSE(record) << text;
        EXPECT_EQ(record.error().code, Errc::corrupt) << text;
    }
}

}  // namespace
}  // namespace cellvigil::journal
