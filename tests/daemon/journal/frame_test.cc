#include "daemon/journal/frame.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <limits>
#include <tuple>

namespace cellvigil::journal {
namespace {

using namespace std::string_view_literals;

// What a frame holds, with its own bytes.
struct Owned {
    FrameKind kind = FrameKind::message;
    std::uint32_t partition = 0;
    std::int64_t position = 0;
    std::int64_t appended_ms = 0;
    std::string key;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string value;
};

Frame view(const Owned& owned) {
    Frame frame{owned.kind, owned.partition, owned.position, Instant(milliseconds(owned.appended_ms)), owned.key,
                {},         owned.value};
    for (const auto& [name, value] : owned.headers) frame.headers.push_back({name, value});
    return frame;
}

void expect_same(const Frame& read, const Owned& written) {
    EXPECT_EQ(read.kind, written.kind);
    EXPECT_EQ(read.partition, written.partition);
    EXPECT_EQ(read.position, written.position);
    EXPECT_EQ(read.appended_at.time_since_epoch().count(), written.appended_ms);
    EXPECT_EQ(read.key, written.key);
    EXPECT_EQ(read.value, written.value);
    ASSERT_EQ(read.headers.size(), written.headers.size());
    for (std::size_t i = 0; i < written.headers.size(); ++i) {
        EXPECT_EQ(read.headers[i].name, written.headers[i].first);
        EXPECT_EQ(read.headers[i].value, written.headers[i].second);
    }
}

rc::Gen<Owned> any_frame() {
    return rc::gen::map(rc::gen::tuple(rc::gen::element(FrameKind::message, FrameKind::tombstone, FrameKind::control),
                                       rc::gen::arbitrary<std::uint32_t>(),
                                       rc::gen::inRange<std::int64_t>(0, std::numeric_limits<std::int64_t>::max()),
                                       rc::gen::arbitrary<std::int64_t>(), rc::gen::arbitrary<std::string>(),
                                       rc::gen::arbitrary<std::vector<std::pair<std::string, std::string>>>(),
                                       rc::gen::arbitrary<std::string>()),
                        [](auto parts) {
                            auto& [kind, partition, position, appended_ms, key, headers, value] = parts;
                            if (kind == FrameKind::tombstone) value.clear();
                            return Owned{kind, partition, position, appended_ms, key, headers, value};
                        });
}

std::string bytes_of(const Owned& owned) {
    std::string out;
    append_frame(out, view(owned));
    return out;
}

TEST(Frame, is_written_as_documented) {
    const Owned owned{FrameKind::message, 3, 300, -2, "S1/001", {{"h", "v"}}, "body"};
    EXPECT_EQ(bytes_of(owned),
              "\x16\x01\x03\xac\x02\x03\x06S1/001\x01\x01h\x01v\x04"
              "body"sv);
}

TEST(Frame, limits_of_every_field_read_back) {
    const Owned owned{FrameKind::control,
                      std::numeric_limits<std::uint32_t>::max(),
                      std::numeric_limits<std::int64_t>::max(),
                      std::numeric_limits<std::int64_t>::min(),
                      "",
                      {{"", ""}},
                      std::string(100'000, 'x')};
    const std::string bytes = bytes_of(owned);
    FrameReader reader(bytes);
    Frame frame;
    ASSERT_TRUE(reader.next(frame));
    expect_same(frame, owned);
    EXPECT_TRUE(reader.at_end());
}

// Up to 64 bytes of a key or of a header's parts are written together with the fields around them.
TEST(Frame, strings_around_the_gathered_length_read_back) {
    for (const std::size_t length : {0U, 1U, 63U, 64U, 65U, 127U, 128U, 20'000U}) {
        const std::string text(length, 'k');
        const Owned owned{FrameKind::message,
                          std::numeric_limits<std::uint32_t>::max(),
                          std::numeric_limits<std::int64_t>::max(),
                          std::numeric_limits<std::int64_t>::min(),
                          text,
                          {{text, text}, {text, text}, {text, ""}, {"", text}},
                          "body"};
        const std::string bytes = bytes_of(owned);
        FrameReader reader(bytes);
        Frame frame;
        ASSERT_TRUE(reader.next(frame)) << length;
        expect_same(frame, owned);
        EXPECT_TRUE(reader.at_end());
    }
}

RC_GTEST_PROP(FrameLaw, what_was_written_reads_back, ()) {
    const auto written = *rc::gen::container<std::vector<Owned>>(any_frame());
    std::string bytes;
    for (const Owned& owned : written) append_frame(bytes, view(owned));
    FrameReader reader(bytes);
    Frame frame;
    for (const Owned& owned : written) {
        RC_ASSERT(!reader.at_end());
        const auto size = frame_size(std::string_view(bytes).substr(reader.offset()));
        RC_ASSERT(size && *size);
        const std::uint64_t before = reader.offset();
        RC_ASSERT(reader.next(frame).has_value());
        RC_ASSERT(reader.offset() - before == **size);
        expect_same(frame, owned);
    }
    RC_ASSERT(reader.at_end());
}

RC_GTEST_PROP(FrameLaw, a_cut_frame_is_corrupt, ()) {
    const std::string bytes = bytes_of(*any_frame());
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    FrameReader reader(std::string_view(bytes).substr(0, at));
    Frame frame;
    const auto read = reader.next(frame);
    RC_ASSERT(!read && read.error().code == Errc::corrupt);
    RC_ASSERT(reader.offset() == 0U);
}

// The strongest form of strictness: whatever the reader takes, the writer would have written.
RC_GTEST_PROP(FrameLaw, mutated_bytes_are_corrupt_or_mean_just_themselves, ()) {
    std::string bytes = bytes_of(*any_frame());
    for (int changes = *rc::gen::inRange(1, 4); changes > 0; --changes) {
        bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
    }
    FrameReader reader(bytes);
    Frame frame;
    std::string again;
    while (!reader.at_end()) {
        const auto read = reader.next(frame);
        if (!read) {
            RC_ASSERT(read.error().code == Errc::corrupt);
            break;
        }
        append_frame(again, frame);
        RC_ASSERT(again == bytes.substr(0, reader.offset()));
    }
}

struct BadCase {
    const char* name;
    std::string_view bytes;
    const char* says;
};
void PrintTo(const BadCase& c, std::ostream* out) { *out << c.name; }
class BadFrame : public testing::TestWithParam<BadCase> {};

TEST_P(BadFrame, is_corrupt_and_says_why) {
    FrameReader reader(GetParam().bytes);
    Frame frame;
    const auto read = reader.next(frame);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::corrupt);
    EXPECT_EQ(read.error().detail, std::string("frame at byte 0: ") + GetParam().says);
}

// A whole frame, to compare with: length 7, message, partition 0, position 0, time 0, empty key, no header, empty
// value.
constexpr std::string_view kLeast = "\x07\x01\0\0\0\0\0\0"sv;
INSTANTIATE_TEST_SUITE_P(
    Strict, BadFrame,
    testing::ValuesIn(std::to_array<BadCase>({
        {"empty", ""sv, "cut short"},
        {"length_only", "\x07"sv, "cut short"},
        {"last_byte_missing", kLeast.substr(0, 7), "cut short"},
        {"length_of_nothing", "\0"sv, "cut short"},
        {"length_overlong", "\x87\0\x01\0\0\0\0\0\0"sv, "over-long varint"},
        {"length_of_eleven_bytes", "\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"sv, "over-long varint"},
        {"length_past_64_bits", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"sv, "over-long varint"},
        {"length_huge", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv, "cut short"},
        {"kind_0", "\x07\0\0\0\0\0\0\0"sv, "unknown kind"},
        {"kind_4", "\x07\x04\0\0\0\0\0\0"sv, "unknown kind"},
        {"partition_too_large", "\x0b\x01\x80\x80\x80\x80\x10\0\0\0\0\0"sv, "partition out of range"},
        {"position_negative", "\x10\x01\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\0\0\0\0"sv, "position out of range"},
        {"partition_overlong", "\x08\x01\x80\0\0\0\0\0\0"sv, "over-long varint"},
        {"key_past_the_frame", "\x07\x01\0\0\0\x03\0\0"sv, "a field is longer than the frame"},
        {"more_headers_than_bytes", "\x07\x01\0\0\0\0\x7f\0"sv, "more headers than bytes"},
        {"trailing_byte_in_the_frame", "\x08\x01\0\0\0\0\0\0\0"sv, "bytes after the last field"},
        {"tombstone_with_a_value", "\x08\x02\0\0\0\0\0\x01x"sv, "tombstone with a value"},
    })),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(FrameReader, the_least_frame_is_whole) {
    FrameReader reader(kLeast);
    Frame frame;
    EXPECT_TRUE(reader.next(frame));
    EXPECT_TRUE(reader.at_end());
}

TEST(FrameReader, stays_at_the_damaged_frame_and_names_its_byte) {
    const std::string bytes = std::string(kLeast) + "garbage";
    FrameReader reader(bytes, 1000);
    Frame frame;
    ASSERT_TRUE(reader.next(frame));
    for (int i = 0; i < 2; ++i) {
        const auto read = reader.next(frame);
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().detail, "frame at byte 1008: cut short");
    }
}

}  // namespace
}  // namespace cellvigil::journal
