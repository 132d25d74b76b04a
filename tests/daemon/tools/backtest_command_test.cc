#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/tools/command_run.h"

namespace cellvigil::tools {
namespace {

using testing::HasSubstr;

const std::string kPack = CELLVIGIL_SOURCE_DIR "/rules/packs/c-car039.yaml";

TEST(BacktestCommand, prints_every_monitor_and_writes_the_files_asked_for) {
    const std::string csv = testing::TempDir() + "backtest.csv";
    const Ran ran =
        run({"backtest", "--pack", kPack, "--scenario", "one_site", "--runs", "20", "--quiet", "--csv", csv});
    EXPECT_EQ(ran.code, 0) << ran.err;
    for (const char* monitor : {"crs-3", "icans-3", "cytopenia-day-365", "zoster-past-day-90"})
        EXPECT_THAT(ran.out, HasSubstr(monitor));
    EXPECT_THAT(ran.out, HasSubstr("site-tripled"));
    std::ifstream file(csv);
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_THAT(text.str(), HasSubstr("c-car039,c-car039,at-limit,1,48,zoster-past-day-90"));
}

TEST(BacktestCommand, wrong_names_are_usage_errors_that_say_what_there_is) {
    EXPECT_THAT(run({"backtest", "--pack", kPack, "--scenario", "doom"}).err, HasSubstr("hazard-doubled"));
    EXPECT_EQ(run({"backtest", "--pack", kPack, "--base", "doom"}).code, 2);
    EXPECT_NE(run({"backtest", "--pack", "no-such.yaml"}).code, 0);
}

}  // namespace
}  // namespace cellvigil::tools
