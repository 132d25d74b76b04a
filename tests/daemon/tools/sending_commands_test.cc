// simulate, send and import sdtm through the command line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "daemon/journal/log_file.h"
#include "daemon/tools/commands.h"

namespace cellvigil::tools {
namespace {

using testing::HasSubstr;

struct Ran {
    int code = 0;
    std::string out;
    std::string err;
};

Ran run(const std::vector<std::string>& arguments) {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    Console console{in, out, err};
    const int code = run_command_line(arguments, console);
    return {code, out.str(), err.str()};
}

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<std::pair<std::string, std::string>> messages_in(const std::string& path) {
    auto reader = journal::LogReader::open(path);
    EXPECT_TRUE(reader);
    std::vector<std::pair<std::string, std::string>> all;
    journal::Frame frame;
    while (*reader->next(frame)) all.emplace_back(frame.key, frame.value);
    return all;
}

class SendingCommands : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "cellvigil-sending-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::string in_folder(const std::string& name) const { return folder_ + "/" + name; }
    Ran simulate(const std::string& file, const std::vector<std::string>& more = {}) const {
        std::vector<std::string> all{"simulate", "--subjects",   "3", "--now", "2026-03-01T00:00:00Z", "--quiet",
                                     "--out",    in_folder(file)};
        all.insert(all.end(), more.begin(), more.end());
        return run(all);
    }

  private:
    std::string folder_;
};

TEST_F(SendingCommands, simulate_writes_the_stream_and_its_truth) {
    const Ran ran = simulate("a.cvlog", {"--truth", in_folder("truth.ndjson"), "--json"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    const auto messages = messages_in(in_folder("a.cvlog"));
    EXPECT_GT(messages.size(), 2000U);
    EXPECT_THAT(ran.out, HasSubstr("\"messages\":" + std::to_string(messages.size())));
    const std::string truth = content_of(in_folder("truth.ndjson"));
    EXPECT_THAT(truth, HasSubstr("\"type\":\"totals\",\"subjects\":3,\"messages\":" + std::to_string(messages.size())));
}

TEST_F(SendingCommands, the_same_seed_writes_the_same_file) {
    ASSERT_EQ(simulate("a.cvlog").code, 0);
    ASSERT_EQ(simulate("b.cvlog").code, 0);
    ASSERT_EQ(simulate("c.cvlog", {"--seed", "2"}).code, 0);
    EXPECT_EQ(content_of(in_folder("a.cvlog")), content_of(in_folder("b.cvlog")));
    EXPECT_NE(content_of(in_folder("a.cvlog")), content_of(in_folder("c.cvlog")));
}

TEST_F(SendingCommands, a_load_has_as_many_messages_as_were_asked_for) {
    ASSERT_EQ(simulate("load.cvlog", {"--load", "5000"}).code, 0);
    EXPECT_EQ(messages_in(in_folder("load.cvlog")).size(), 5000U);
}

TEST_F(SendingCommands, send_takes_frames_to_lines_and_back_without_losing_a_byte) {
    ASSERT_EQ(simulate("a.cvlog").code, 0);
    EXPECT_EQ(run({"send", in_folder("a.cvlog"), "--quiet", "--to", in_folder("a.ndjson")}).code, 0);
    EXPECT_EQ(run({"send", in_folder("a.ndjson"), "--quiet", "--to", in_folder("b.cvlog")}).code, 0);
    EXPECT_EQ(messages_in(in_folder("a.cvlog")), messages_in(in_folder("b.cvlog")));
}

TEST_F(SendingCommands, send_tells_of_lines_that_are_no_envelopes) {
    std::ofstream(in_folder("bad.ndjson")) << "{\"nonsense\": 1}\n\nnot json\n";
    const Ran ran = run({"send", in_folder("bad.ndjson"), "--quiet", "--to", in_folder("out.cvlog")});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.err, HasSubstr("2 lines are no envelopes"));
}

TEST_F(SendingCommands, progress_is_plain_lines_where_there_is_no_terminal) {
    const Ran ran =
        run({"simulate", "--subjects", "1", "--now", "2026-03-01T00:00:00Z", "--out", in_folder("a.cvlog")});
    EXPECT_THAT(ran.err, HasSubstr("drawing 100%  1 subjects"));
    EXPECT_EQ(ran.err.find('\r'), std::string::npos);
}

struct Refused {
    const char* name;
    std::vector<std::string> options;
    const char* says;
};
void PrintTo(const Refused& row, std::ostream* out) { *out << row.name; }
class RefusedSimulations : public SendingCommands, public testing::WithParamInterface<Refused> {};
TEST_P(RefusedSimulations, are_wrong_command_lines) {
    const Ran ran = simulate("a.cvlog", GetParam().options);
    EXPECT_EQ(ran.code, 2);
    EXPECT_THAT(ran.err, HasSubstr(GetParam().says));
}
INSTANTIATE_TEST_SUITE_P(Options, RefusedSimulations,
                         testing::Values(Refused{"preset", {"--preset", "nothing"}, "c-car039"},
                                         Refused{"scenario", {"--scenario", "nothing"}, "hazard-doubled"},
                                         Refused{"density", {"--density", "often"}, "charted"},
                                         Refused{"subjects", {"--subjects", "0"}, "subjects"}),
                         [](const auto& row) { return std::string(row.param.name); });

std::string fixture() { return std::string(CELLVIGIL_SOURCE_DIR) + "/tests/daemon/import/fixtures/small"; }

TEST_F(SendingCommands, import_writes_messages_and_the_account_of_every_row) {
    const Ran ran = run({"import", "sdtm", fixture(), "--mapping", fixture() + "/mapping.yaml", "--quiet", "--out",
                         in_folder("s.cvlog"), "--report", in_folder("report.json")});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("all           43        27        16        30"));
    EXPECT_THAT(content_of(in_folder("report.json")), HasSubstr("\"every_row_accounted_for\":true"));
    EXPECT_EQ(messages_in(in_folder("s.cvlog")).front().first.substr(0, 8), "TRIAL-7/");
}

TEST_F(SendingCommands, import_prints_its_mapping_and_the_daemon_s_settings) {
    EXPECT_THAT(run({"import", "sdtm", "--print-mapping"}).out, HasSubstr("vital_signs:"));
    EXPECT_THAT(run({"import", "sdtm", fixture(), "--print-config"}).out,
                HasSubstr("\"TRIAL-7\":\n    cohorts: [\"IMPORTED\"]"));
}

TEST_F(SendingCommands, import_without_demographics_or_with_a_wrong_mapping_fails_with_a_reason) {
    EXPECT_EQ(run({"import", "sdtm", in_folder("")}).code, 1);
    std::ofstream(in_folder("wrong.yaml")) << "cohorts: X\n";
    const Ran ran = run({"import", "sdtm", fixture(), "--mapping", in_folder("wrong.yaml")});
    EXPECT_EQ(ran.code, 78);
    EXPECT_THAT(ran.err, HasSubstr("line 1: cohorts: no such key"));
    EXPECT_EQ(run({"import", "sdtm"}).code, 2);
}

}  // namespace
}  // namespace cellvigil::tools
