#include "daemon/tools/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "daemon/journal/log_file.h"
#include "tests/daemon/tools/command_run.h"

namespace cellvigil::tools {
namespace {

using testing::HasSubstr;

TEST(CommandLine, help_names_the_commands) {
    const Ran ran = run({"--help"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_THAT(ran.out, HasSubstr("log"));
}

TEST(CommandLine, every_command_has_help_and_json) {
    const std::vector<std::vector<std::string>> commands{{"dlq", "list"}, {"dlq", "show"}, {"dlq", "requeue"},
                                                         {"export"},      {"log"},         {"verify"}};
    for (std::vector<std::string> command : commands) {
        command.push_back("--help");
        const Ran ran = run(command);
        EXPECT_EQ(ran.code, 0) << command[0];
        EXPECT_THAT(ran.out, HasSubstr("--json")) << command[0];
    }
}

TEST(CommandLine, a_wrong_command_line_is_exit_code_2) {
    EXPECT_EQ(run({}).code, 2);
    EXPECT_EQ(run({"no-such-command"}).code, 2);
    EXPECT_EQ(run({"log"}).code, 2);
    EXPECT_EQ(run({"log", "file", "--no-such-option"}).code, 2);
}

class LogCommand : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "cellvigil-tools-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        auto writer = journal::LogWriter::create(path());
        ASSERT_TRUE(writer);
        ASSERT_TRUE(writer->append({journal::FrameKind::message, 2, 7, Instant(seconds(1)), "S/1", {}, "12345"}));
        ASSERT_TRUE(writer->append({journal::FrameKind::control, 2, 9, Instant(seconds(2)), "", {}, "c"}));
        ASSERT_TRUE(writer->finish());
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::string path() const { return (folder_ / "log").string(); }

    std::filesystem::path folder_;
};

TEST_F(LogCommand, summarises_by_partition) {
    const Ran ran = run({"log", path(), "--json"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(ran.out, R"({"partitions":[{"partition":2,"messages":1,"tombstones":0,"controls":1,"value_bytes":6,)"
                       R"("first_position":7,"last_position":9,"first_append":"1970-01-01T00:00:01Z",)"
                       R"("last_append":"1970-01-01T00:00:02Z"}]})"
                       "\n");
    EXPECT_THAT(run({"log", path()}).out, HasSubstr("1970-01-01T00:00:01Z to 1970-01-01T00:00:02Z"));
}

TEST_F(LogCommand, damage_is_exit_code_1) {
    std::filesystem::resize_file(path(), std::filesystem::file_size(path()) - 1);
    const Ran ran = run({"log", path(), "--json"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.err, HasSubstr(R"("code":"corrupt")"));
    EXPECT_THAT(run({"log", path()}).err, HasSubstr("cut short (corrupt)"));
}

}  // namespace
}  // namespace cellvigil::tools
