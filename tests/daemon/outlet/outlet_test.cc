#include "daemon/outlet/outlet.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "daemon/journal/log_file.h"
#include "rules/base/hash.h"

namespace cellvigil::outlet {
namespace {

struct TargetCase {
    const char* name;
    const char* text;
    bool sound;
    Kind kind;
    const char* first;   // path, host or servers
    const char* second;  // port or topic
};
void PrintTo(const TargetCase& row, std::ostream* out) { *out << row.name; }
class Targets : public testing::TestWithParam<TargetCase> {};

TEST_P(Targets, are_told_apart) {
    const TargetCase& row = GetParam();
    const auto target = target_of(row.text);
    ASSERT_EQ(target.has_value(), row.sound);
    if (!row.sound) return;
    EXPECT_EQ(target->kind, row.kind);
    switch (row.kind) {
        case Kind::frames:
        case Kind::json_lines:
            EXPECT_EQ(target->path, row.first);
            break;
        case Kind::http:
            EXPECT_EQ(target->host, row.first);
            EXPECT_EQ(target->port, row.second);
            break;
        case Kind::kafka:
            EXPECT_EQ(target->servers, row.first);
            EXPECT_EQ(target->topic, row.second);
            break;
    }
}
INSTANTIATE_TEST_SUITE_P(
    Texts, Targets,
    testing::Values(TargetCase{"frames", "stream.cvlog", true, Kind::frames, "stream.cvlog", ""},
                    TargetCase{"standard_output", "-", true, Kind::frames, "-", ""},
                    TargetCase{"json_lines", "a/b.ndjson", true, Kind::json_lines, "a/b.ndjson", ""},
                    TargetCase{"http", "http://127.0.0.1:8080", true, Kind::http, "127.0.0.1", "8080"},
                    TargetCase{"http_with_the_path", "http://localhost:1/api/v1/events", true, Kind::http, "localhost",
                               "1"},
                    TargetCase{"http_without_a_port", "http://ward", true, Kind::http, "ward", "80"},
                    TargetCase{"http_elsewhere", "http://ward:1/other", false, Kind::http, "", ""},
                    TargetCase{"https", "https://ward:1", false, Kind::http, "", ""},
                    TargetCase{"kafka", "kafka://a:9092,b:9092/events", true, Kind::kafka, "a:9092,b:9092", "events"},
                    TargetCase{"kafka_without_a_topic", "kafka://a:9092", false, Kind::kafka, "", ""},
                    TargetCase{"empty", "", false, Kind::frames, "", ""}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(FrameOutlet, puts_a_key_into_its_partition_and_counts_positions_in_each) {
    std::string pattern = (std::filesystem::temp_directory_path() / "cellvigil-outlet-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    const std::string path = pattern + "/frames.cvlog";
    auto opened = open_outlet(*target_of(path), {});
    ASSERT_TRUE(opened);
    for (int index = 0; index < 40; ++index) {
        const std::string key = "S/P" + std::to_string(index % 7);
        ASSERT_TRUE((*opened)->put({Instant(seconds(index)), key, "value"}));
    }
    ASSERT_TRUE((*opened)->finish());
    EXPECT_EQ((*opened)->sent().messages, 40U);
    EXPECT_EQ((*opened)->sent().bytes, 200U);

    auto reader = journal::LogReader::open(path);
    ASSERT_TRUE(reader);
    std::map<std::uint32_t, std::int64_t> next;
    journal::Frame frame;
    int frames = 0;
    while (*reader->next(frame)) {
        EXPECT_EQ(frame.partition, partition_of(frame.key, 4));
        EXPECT_EQ(frame.position, next[frame.partition]++);
        EXPECT_EQ(frame.appended_at, Instant(seconds(frames)));
        ++frames;
    }
    EXPECT_EQ(frames, 40);
    std::filesystem::remove_all(pattern);
}

TEST(FrameOutlet, a_file_that_cannot_be_written_is_an_error) {
    EXPECT_FALSE(open_outlet(*target_of("/no/such/folder/x.cvlog"), {}));
    EXPECT_FALSE(open_outlet(*target_of("/no/such/folder/x.ndjson"), {}));
}

}  // namespace
}  // namespace cellvigil::outlet
