#include "daemon/journal/log_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace cellvigil::journal {
namespace {

class LogFile : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "cellvigil-log-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::string path(const char* name) const { return (folder_ / name).string(); }
    void put(const char* name, std::string_view bytes) const { std::ofstream(path(name), std::ios::binary) << bytes; }
    std::string get(const char* name) const {
        std::ostringstream out;
        out << std::ifstream(path(name), std::ios::binary).rdbuf();
        return out.str();
    }
    // A file of `count` frames, the n-th with a value of n * 7 bytes.
    std::string write(const char* name, int count) const {
        auto writer = LogWriter::create(path(name));
        EXPECT_TRUE(writer);
        for (int n = 0; n < count; ++n) {
            const std::string value(static_cast<std::size_t>(n) * 7, static_cast<char>('a' + n % 26));
            Frame frame{FrameKind::message, 1, n, Instant(milliseconds(n)), "S/1", {{"name", "value"}}, value};
            EXPECT_TRUE(writer->append(frame));
        }
        EXPECT_TRUE(writer->finish());
        return get(name);
    }

    std::filesystem::path folder_;
};

TEST_F(LogFile, reads_back_across_many_buffers) {
    const std::string bytes = write("log", 1000);  // 3.5 MB
    auto reader = LogReader::open(path("log"));
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->file_size(), bytes.size());
    Frame frame;
    for (int n = 0; n < 1000; ++n) {
        const auto more = reader->next(frame);
        ASSERT_TRUE(more && *more) << n;
        EXPECT_EQ(frame.position, n);
        EXPECT_EQ(frame.value.size(), static_cast<std::size_t>(n) * 7);
        ASSERT_EQ(frame.headers.size(), 1U);
        EXPECT_EQ(frame.headers[0].value, "value");
    }
    const auto more = reader->next(frame);
    ASSERT_TRUE(more);
    EXPECT_FALSE(*more);
    EXPECT_EQ(reader->offset(), bytes.size());
}

TEST_F(LogFile, an_empty_log_has_no_frames) {
    write("log", 0);
    EXPECT_EQ(get("log"), kFileMagic);
    auto reader = LogReader::open(path("log"));
    ASSERT_TRUE(reader);
    Frame frame;
    const auto more = reader->next(frame);
    ASSERT_TRUE(more);
    EXPECT_FALSE(*more);
}

TEST_F(LogFile, encoded_frames_are_taken_as_they_are) {
    const std::string bytes = write("log", 5);
    auto writer = LogWriter::create(path("copy"));
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->append_encoded(std::string_view(bytes).substr(kFileMagic.size())));
    ASSERT_TRUE(writer->finish());
    EXPECT_EQ(get("copy"), bytes);
}

TEST_F(LogFile, a_frame_larger_than_the_buffer_reads_back) {
    const std::string value(3'000'000, 'x');
    auto writer = LogWriter::create(path("log"));
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->append({FrameKind::message, 0, 1, {}, "k", {}, value}));
    ASSERT_TRUE(writer->finish());
    auto reader = LogReader::open(path("log"));
    ASSERT_TRUE(reader);
    Frame frame;
    const auto more = reader->next(frame);
    ASSERT_TRUE(more && *more);
    EXPECT_EQ(frame.value, value);
}

TEST_F(LogFile, a_file_cut_anywhere_inside_a_frame_is_corrupt) {
    const std::string bytes = write("log", 3);
    std::size_t whole = 0;
    for (std::size_t size = kFileMagic.size(); size < bytes.size(); ++size) {
        put("cut", std::string_view(bytes).substr(0, size));
        auto reader = LogReader::open(path("cut"));
        ASSERT_TRUE(reader);
        Frame frame;
        Result<bool> more = true;
        while (more && *more) more = reader->next(frame);
        if (more) {
            ++whole;  // cut just between two frames
        } else {
            EXPECT_EQ(more.error().code, Errc::corrupt);
        }
    }
    EXPECT_EQ(whole, 3U);
}

TEST_F(LogFile, damage_is_named_by_its_byte) {
    std::string bytes = write("log", 1);
    put("log", bytes + std::string("\x02\x09\x09", 3));
    auto reader = LogReader::open(path("log"));
    ASSERT_TRUE(reader);
    Frame frame;
    ASSERT_TRUE(reader->next(frame));
    const auto more = reader->next(frame);
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().detail, path("log") + ": frame at byte " + std::to_string(bytes.size()) + ": unknown kind");
}

TEST_F(LogFile, a_frame_beyond_the_limit_is_damage_and_allocates_nothing) {
    put("log", std::string(kFileMagic) + std::string("\xff\xff\xff\xff\xff\xff\x01"));
    auto reader = LogReader::open(path("log"));
    ASSERT_TRUE(reader);
    Frame frame;
    const auto more = reader->next(frame);
    ASSERT_FALSE(more);
    EXPECT_NE(more.error().detail.find("longer than the limit"), std::string::npos);
}

TEST_F(LogFile, what_is_not_a_log_is_told_apart) {
    put("short", "CVLOG");
    put("other", "SQLite format 3");
    put("newer", std::string_view("CVLOG\0\0\2", 8));
    EXPECT_EQ(LogReader::open(path("none")).error().code, Errc::not_found);
    EXPECT_EQ(LogReader::open(path("short")).error().code, Errc::corrupt);
    EXPECT_EQ(LogReader::open(path("other")).error().code, Errc::corrupt);
    EXPECT_EQ(LogReader::open(path("newer")).error().code, Errc::corrupt);
    EXPECT_EQ(LogReader::open(folder_.string()).error().code, Errc::unavailable);
    EXPECT_EQ(LogWriter::create(folder_.string()).error().code, Errc::unavailable);
}

}  // namespace
}  // namespace cellvigil::journal
