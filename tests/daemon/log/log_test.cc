#include "daemon/log/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <type_traits>

#include "rules/event/event.h"

namespace cellvigil::log {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// What may not stand in a line does not compile.
static_assert(!std::is_constructible_v<Value, Event>);
static_assert(!std::is_constructible_v<Value, char>);
static_assert(!std::is_constructible_v<Value, const Body&>);
static_assert(std::is_constructible_v<Value, std::uint16_t> && std::is_constructible_v<Value, bool>);
static_assert(names_a_subject("subject") && names_a_subject("key") && names_a_subject("pseudonym") &&
              !names_a_subject("study"));
static_assert(is_snake_case("rows_2") && !is_snake_case("Rows") && !is_snake_case("2rows") && !is_snake_case("") &&
              !is_snake_case("a b"));

class LogLines : public testing::Test {
  protected:
    Options options(Level level = Level::info) {
        Options made;
        made.level = level;
        made.burst = 2;
        made.window = seconds(10);
        made.sink = [this](std::string_view line) { lines_.emplace_back(line); };
        made.now = [this] { return now_; };
        return made;
    }
    Instant now_ = Instant(std::chrono::sys_days(std::chrono::year(2026) / 1 / 5)) + hours(6) + milliseconds(7);
    std::vector<std::string> lines_;
};

TEST_F(LogLines, a_line_is_json_with_the_fields_in_order) {
    Log log(options());
    log.write(Level::warn, {"alerts", "sink_unavailable", "a sink is away"},
              {{"channel", "webhook:\"a\""},
               {"tries", 3U},
               {"delta", -4},
               {"wait_s", milliseconds(1500)},
               {"again", true},
               {"err", Error{Errc::unavailable, "line\nbreak"}}});
    EXPECT_THAT(
        lines_,
        ElementsAre(
            R"({"ts":"2026-01-05T06:00:00.007Z","level":"warn","component":"alerts","event":"sink_unavailable",)"
            R"("msg":"a sink is away","channel":"webhook:\"a\"","tries":3,"delta":-4,"wait_s":1.5,"again":true,)"
            R"("err":"line\nbreak"})"
            "\n"));
}

TEST_F(LogLines, bytes_that_are_not_utf8_are_replaced) {
    Log log(options());
    log.write(Level::info, {"a", "b", "c"}, {{"detail", std::string_view("\xC3\xA9\xFF\xED\xA0\x80\x01", 7)}});
    EXPECT_THAT(lines_.at(0), HasSubstr("\"detail\":\"\xC3\xA9\\ufffd\\ufffd\\ufffd\\ufffd\\u0001\""));
}

TEST_F(LogLines, a_number_that_is_none_is_null) {
    Log log(options());
    log.write(Level::info, {"a", "b", "c"}, {{"x", std::numeric_limits<double>::infinity()}});
    EXPECT_THAT(lines_.at(0), HasSubstr("\"x\":null"));
}

TEST_F(LogLines, a_subject_is_named_at_debug_only) {
    for (const Level level : {Level::info, Level::warn, Level::error}) {
        Log log(options(level));
        log.write(Level::error, {"a", "b", "c"}, {debug_subject("S/001"), {"study", "S"}});
        EXPECT_THAT(lines_.back(), Not(HasSubstr("S/001")));
    }
    Log log(options(Level::debug));
    log.write(Level::info, {"a", "b", "c"}, {debug_subject("S/001")});
    EXPECT_THAT(lines_.back(), HasSubstr("\"subject\":\"S/001\""));
}

TEST_F(LogLines, less_severe_lines_are_left_out) {
    Log log(options(Level::warn));
    log.write(Level::info, {"a", "b", "c"});
    EXPECT_TRUE(lines_.empty());
    log.set_level(Level::info);
    log.write(Level::info, {"a", "b", "c"});
    EXPECT_EQ(lines_.size(), 1U);
}

TEST_F(LogLines, repeats_are_left_out_and_counted) {
    Log log(options());
    for (int i = 0; i < 7; ++i) log.write(Level::info, {"a", "often", "c"});
    log.write(Level::info, {"a", "seldom", "c"});
    EXPECT_EQ(lines_.size(), 3U);
    now_ += seconds(10);
    log.write(Level::info, {"a", "often", "c"});
    ASSERT_EQ(lines_.size(), 5U);
    EXPECT_THAT(lines_[3], testing::AllOf(HasSubstr("\"event\":\"repeats_left_out\""),
                                          HasSubstr("\"of_event\":\"often\",\"count\":5")));
    EXPECT_THAT(lines_[4], HasSubstr("\"event\":\"often\""));
}

TEST_F(LogLines, events_whose_every_line_matters_are_all_written) {
    Log log(options());
    for (int i = 0; i < 7; ++i) log.write(Level::info, {"alerts", "alert_raised", "c", Repeats::all});
    EXPECT_EQ(lines_.size(), 7U);
}

TEST_F(LogLines, flush_tells_what_was_left_out_at_once) {
    Log log(options());
    for (int i = 0; i < 3; ++i) log.write(Level::info, {"a", "often", "c"});
    log.flush();
    log.flush();
    ASSERT_EQ(lines_.size(), 3U);
    EXPECT_THAT(lines_[2], HasSubstr("\"count\":1"));
}

TEST_F(LogLines, threads_write_whole_lines) {
    Options made = options();
    made.burst = 1'000'000;
    made.now = [at = now_] { return at; };
    Log log(made);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&log] {
            for (int i = 0; i < 200; ++i) log.write(Level::info, {"a", "b", "c"}, {{"i", i}});
        });
    threads.clear();
    EXPECT_EQ(lines_.size(), 800U);
    for (const std::string& line : lines_) EXPECT_TRUE(line.starts_with("{\"ts\"") && line.ends_with("}\n"));
}

TEST(LogLevel, names_read_back) {
    for (const Level level : {Level::debug, Level::info, Level::warn, Level::error})
        EXPECT_EQ(level_of(name_of(level)).value(), level);
    EXPECT_FALSE(level_of("loud").has_value());
}

}  // namespace
}  // namespace cellvigil::log
