#include "daemon/store/frame_block.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <vector>

#include "daemon/journal/frame.h"
#include "tests/daemon/store/store_story.h"

namespace cellvigil::store {
namespace {

std::string written(const std::string& raw) {
    FrameBlockWriter writer;
    std::string block(FrameBlockWriter::bound(raw.size()), '\0');
    block.resize(writer.write(raw, block.data()));
    return block;
}

// ---- messages as a ward sends them

std::string varint(std::uint64_t value) {
    std::string out;
    for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
    out.push_back(static_cast<char>(value));
    return out;
}
std::string number(std::uint32_t field, std::uint64_t value) { return varint(field << 3) + varint(value); }
std::string text(std::uint32_t field, const std::string& value) {
    return varint(field << 3 | 2) + varint(value.size()) + value;
}
std::string instant(std::int64_t at_ms) {
    const auto below = static_cast<std::uint64_t>(at_ms % 1000) * 1'000'000;
    return number(1, static_cast<std::uint64_t>(at_ms / 1000)) + (below == 0 ? "" : number(2, below));
}

struct Message {
    std::string id = "01a1ee0d-05f8-7c2c-8dde-3031a79659f6";
    std::string subject = "W0000001";
    std::string record = "w51";
    std::int64_t effective_ms = 1'795'000'000'336;
    std::int64_t recorded_ms = 1'795'000'000'336;
    std::uint64_t sequence = 51;
    std::string code = "8480-6";
    std::string reading = std::string("\0\0\0\0\0\x80\x5c\x40", 8);
};

std::string value_of(const Message& message) {
    return text(1, message.id) + text(2, "ehr.site-01") + text(4, "CCAR039-SIM") + text(5, "C-CAR039") +
           text(6, "site-01") + text(7, message.subject) + text(8, message.record) + number(9, 1) + number(10, 1) +
           text(13, text(1, instant(message.effective_ms)) + number(2, 1) + number(3, 960)) +
           text(15, instant(message.recorded_ms)) + number(17, message.sequence) + number(19, 1) +
           text(32,
                text(1, text(2, message.code)) + text(2, "\x09" + message.reading + text(2, "mm[Hg]")) + number(6, 2));
}

std::string frame_of(const Message& message, std::int64_t position, std::int64_t at_ms = 1'795'000'000'500,
                     std::uint32_t partition = 3) {
    std::string out;
    const std::string value = value_of(message);
    const std::string key = "CCAR039-SIM/" + message.subject;
    journal::append_frame(
        out, {journal::FrameKind::message, partition, position, Instant(milliseconds(at_ms)), key, {}, value});
    return out;
}

void expect_back(const std::string& raw) {
    const auto read = read_frame_block(written(raw), raw.size());
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(*read, raw);
}

// ---- what one message may differ in from the one before of its subject

struct Change {
    const char* name;
    std::function<void(Message&)> make;
    std::size_t at_most;  // bytes that the message takes, once its shape is known
};
class OneChange : public testing::TestWithParam<Change> {};

// 6: the shape, the key, and up to 4 for the time of the frame. The id is another each time: 13 bytes.
TEST_P(OneChange, reads_back_and_takes_few_bytes) {
    std::string raw;
    Message message;
    std::size_t before = 0;
    for (std::int64_t position = 0; position < 4; ++position) {
        before = written(raw).size();
        message.id[35] = static_cast<char>('0' + position);
        if (position > 0) GetParam().make(message);
        raw += frame_of(message, position, 1'795'000'000'500 + position * 40);
    }
    expect_back(raw);
    EXPECT_LE(written(raw).size() - before, GetParam().at_most);
}
INSTANTIATE_TEST_SUITE_P(Fields, OneChange,
                         testing::ValuesIn(std::vector<Change>{
                             {"nothing", [](Message&) {}, 17},
                             {"id_of_another_time", [](Message& m) { m.id[0] = m.id[0] == 'f' ? '1' : 'f'; }, 20},
                             {"id_in_capitals", [](Message& m) { m.id = "01A1EE0D-05F8-7C2C-8DDE-3031A79659F6"; }, 17},
                             {"record", [](Message& m) { ++m.record.back(); }, 19},
                             {"record_of_another_length", [](Message& m) { m.record += '1'; }, 28},
                             {"both_times", [](Message& m) { m.recorded_ms = m.effective_ms += 2'400'100; }, 22},
                             {"both_times_to_the_second",
                              [](Message& m) { m.recorded_ms = m.effective_ms += 2'399'664; }, 22},
                             {"recorded_later", [](Message& m) { m.recorded_ms += 12'345; }, 21},
                             {"sequence", [](Message& m) { ++m.sequence; }, 19},
                             {"reading", [](Message& m) { ++m.reading[5]; }, 20},
                             {"reading_to_the_last_bit",
                              [](Message& m) {
                                  for (char& c : m.reading) ++c;
                              },
                              27},
                         }),
                         [](const auto& test) { return std::string(test.param.name); });

// 100 subjects in turn, half a minute apart, some of whose readings were made to the second.
TEST(FrameBlock, a_ward_takes_a_sixth) {
    std::string raw;
    for (int i = 0; i < 5000; ++i) {
        Message message;
        message.subject = "W" + std::to_string(1000000 + i % 100);
        message.record = "w" + std::to_string(100 + i / 100);
        message.sequence = static_cast<std::uint64_t>(i / 100);
        message.effective_ms += i * std::int64_t{30'000} + (i % 7) * 140;
        message.recorded_ms = message.effective_ms;
        message.code = i % 2 == 0 ? "8480-6" : "59408-5";
        for (const std::size_t digit : {4U, 5U, 6U, 20U, 25U, 30U, 35U})
            message.id[digit] = "0123456789abcdef"[i * static_cast<int>(digit) % 16];
        raw += frame_of(message, 7000 + i, 1'795'000'000'500 + i * 2);
    }
    expect_back(raw);
    EXPECT_LT(written(raw).size() * 6, raw.size());
}

TEST(FrameBlock, of_nothing_is_nothing) { expect_back(""); }

TEST(FrameBlock, keeps_what_is_no_frame_behind_what_is) {
    expect_back(frame_of({}, 1) + std::string(300, '\xff'));
    expect_back(frame_of({}, 1) + frame_of({}, 2).substr(0, 100));
}

TEST(FrameBlock, keeps_frames_of_other_kinds_with_headers_and_out_of_order) {
    std::string raw;
    for (std::int64_t position : {9, 10, 4, 11}) {
        raw += frame_of({}, position);
        raw += frame_of({}, position + 100, -5'000'000'000'000, 4'000'000'000);
        journal::append_frame(raw, {journal::FrameKind::tombstone, 3, position, Instant(), "key", {}, ""});
        journal::append_frame(raw, {journal::FrameKind::control, 3, position, Instant(), "", {}, std::string(90, '{')});
        const std::string value = value_of({});
        journal::append_frame(
            raw, {journal::FrameKind::message, 3, position, Instant(), "key", {{"trace", "00-1"}, {"", ""}}, value});
        journal::append_frame(raw, {journal::FrameKind::message, 3, position, Instant(), "", {}, value});
        journal::append_frame(raw,
                              {journal::FrameKind::message, 3, position, Instant(), std::string(400, 'k'), {}, value});
        journal::append_frame(
            raw, {journal::FrameKind::message, 3, position, Instant(), "key", {}, std::string(70'000, 'v')});
        journal::append_frame(
            raw, {journal::FrameKind::message, 3, position, Instant(milliseconds(INT64_MIN)), "key", {}, value});
    }
    expect_back(raw);
}

TEST(FrameBlock, keeps_positions_and_times_of_every_length) {
    for (int bits = 1; bits < 63; ++bits) {
        const std::int64_t about = (std::int64_t{1} << bits) - 3;
        std::string raw;
        for (std::int64_t step = std::max<std::int64_t>(0, -about); step < 6; ++step) {
            raw += frame_of({}, about + step, about / 2 + step);
            raw += frame_of({}, about + step, -about / 2 - step);  // out of order: as it stands
        }
        expect_back(raw);
    }
}

// Characters beside those of an id, in each of its places.
TEST(FrameBlock, keeps_ids_that_are_none) {
    for (std::size_t place = 0; place < Message{}.id.size(); ++place) {
        std::string raw = frame_of({}, 0);
        std::int64_t position = 0;
        for (const char other : {'/', '0', '9', ':', '@', 'A', 'F', '`', 'a', 'f', 'g', '-', 'P', '\x10', '\xb0'}) {
            Message message;
            message.id[place] = other;
            raw += frame_of(message, ++position);
        }
        expect_back(raw);
    }
}

// Of every length that a word and a little more can hold, at their first byte, their last and all.
TEST(FrameBlock, keeps_differences_in_short_fields) {
    for (std::size_t size = 1; size < 20; ++size) {
        std::string raw;
        Message message;
        message.record = std::string(size, 'r');
        raw += frame_of(message, 0);
        ++message.record.front();
        raw += frame_of(message, 1);
        ++message.record.back();
        raw += frame_of(message, 2);
        for (char& c : message.record) ++c;
        raw += frame_of(message, 3);
        message.record.pop_back();
        raw += frame_of(message, 4);
        expect_back(raw);
    }
}

TEST(FrameBlock, keeps_more_keys_than_are_remembered) {
    std::string raw;
    Message message;
    for (std::int64_t position = 0; position < 10'000; ++position) {
        message.subject = std::to_string(position * 7919 % 5003);
        raw += frame_of(message, position);
    }
    expect_back(raw);
}

TEST(FrameBlock, a_writer_forgets_the_block_before) {
    FrameBlockWriter writer;
    const std::string first = frame_of({}, 1) + frame_of({}, 2);
    Message other;
    other.subject = "W0000002";
    const std::string second = frame_of(other, 3) + frame_of({}, 4) + frame_of(other, 5);
    std::string room(FrameBlockWriter::bound(4096), '\0');
    writer.write(first, room.data());
    const std::size_t size = writer.write(second, room.data());
    EXPECT_EQ(room.substr(0, size), written(second));
}

// ---- laws

Message any_message() {
    Message message;
    const auto digit = [] { return "0123456789abcdefA-"[*rc::gen::inRange(0, 18)]; };
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) message.id[*rc::gen::inRange<std::size_t>(0, 36)] = digit();
    message.subject = "W" + std::to_string(*rc::gen::inRange(0, 5));
    message.record = "w" + std::to_string(*rc::gen::inRange(0, 200));
    message.effective_ms += *rc::gen::inRange<std::int64_t>(-400'000'000, 400'000'000);
    message.recorded_ms = message.effective_ms + *rc::gen::element<std::int64_t>(0, 1, 700, 5000);
    if (*rc::gen::inRange(0, 10) == 0) message.effective_ms = *rc::gen::inRange<std::int64_t>(0, 300'000'000'000);
    message.sequence = *rc::gen::arbitrary<std::uint32_t>();
    message.code = *rc::gen::element<std::string>("8480-6", "8462-4", "59408-5", "");
    message.reading = *rc::gen::container<std::string>(8, rc::gen::arbitrary<char>());
    return message;
}

// Frames with bytes of any kind among them, and some bytes of the whole changed.
std::string any_raw() {
    std::string raw;
    std::int64_t position = *rc::gen::inRange<std::int64_t>(0, 300);
    for (int n = *rc::gen::inRange(0, 40); n > 0; --n) {
        const int kind = *rc::gen::inRange(0, 20);
        position += kind == 0 ? 1000 : 1;
        if (kind == 1) raw += *rc::gen::arbitrary<std::string>();
        std::string frame = frame_of(any_message(), position, 1'795'000'000'000 + *rc::gen::inRange(-9000, 9000));
        if (kind == 2)
            frame[*rc::gen::inRange<std::size_t>(0, frame.size())] ^= static_cast<char>(*rc::gen::inRange(1, 256));
        raw += frame;
    }
    return raw;
}

RC_GTEST_PROP(FrameBlockLaw, any_bytes_read_back_within_the_bound, ()) {
    const std::string raw = any_raw();
    const std::string block = written(raw);
    RC_ASSERT(block.size() <= FrameBlockWriter::bound(raw.size()));
    RC_ASSERT(take(read_frame_block(block, raw.size())) == raw);
}

RC_GTEST_PROP(FrameBlockLaw, noise_reads_back, ()) {
    const std::string raw = *rc::gen::arbitrary<std::string>();
    RC_ASSERT(take(read_frame_block(written(raw), raw.size())) == raw);
}

RC_GTEST_PROP(FrameBlockLaw, a_block_of_another_size_is_corrupt, ()) {
    const std::string raw = any_raw();
    const std::string block = written(raw);
    RC_ASSERT(code_of(read_frame_block(block, raw.size() + 1)) == Errc::corrupt);
    RC_PRE(!raw.empty());
    RC_ASSERT(code_of(read_frame_block(block, raw.size() - 1)) == Errc::corrupt);
    RC_ASSERT(code_of(read_frame_block(block.substr(0, *rc::gen::inRange<std::size_t>(0, block.size())), raw.size())) ==
              Errc::corrupt);
}

bool of_size_or_corrupt(const Result<std::string>& read, std::size_t size) {
    return read ? read->size() == size : read.error().code == Errc::corrupt;
}

// What a damaged block gives is of the size asked for, or it is corrupt; the chain finds the rest.
RC_GTEST_PROP(FrameBlockLaw, a_damaged_block_is_read_within_its_size_or_corrupt, ()) {
    const std::string raw = any_raw();
    std::string block = written(raw);
    RC_PRE(!block.empty());
    for (int n = *rc::gen::inRange(1, 6); n > 0; --n)
        block[*rc::gen::inRange<std::size_t>(0, block.size())] = static_cast<char>(*rc::gen::inRange(0, 256));
    const auto read = read_frame_block(block, raw.size());
    RC_ASSERT(of_size_or_corrupt(read, raw.size()));
}

RC_GTEST_PROP(FrameBlockLaw, noise_is_no_block_or_of_its_size, (std::string noise)) {
    if (!noise.empty()) noise[0] = static_cast<char>(*rc::gen::inRange(0, 8));
    const auto read = read_frame_block(noise, 300);
    RC_ASSERT(of_size_or_corrupt(read, 300));
}

// ---- blocks that no writer writes

struct Malformed {
    const char* name;
    std::string block;
};
class MalformedBlock : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedBlock, is_corrupt) {
    for (const std::size_t size : {0U, 1U, 50U, 60U, 100'000U})
        EXPECT_EQ(code_of(read_frame_block(GetParam().block, size)), Errc::corrupt) << size;
}

// A shape in slot 0 of one part, position and key stated, then position, time, and a key of one letter.
std::string one_part(char part, const std::string& rest) {
    return std::string("\x02\x00\x06\x01", 4) + part + std::string("\x05\x00\x01k", 4) + rest;
}
INSTANTIATE_TEST_SUITE_P(Blocks, MalformedBlock,
                         testing::ValuesIn(std::vector<Malformed>{
                             {"an_item_of_no_kind", "\x03"},
                             {"a_shape_that_was_not_told", "\x04"},
                             {"a_shape_beyond_the_last", std::string(1, '\x84')},
                             {"a_shape_cut", std::string("\x02\x00", 2)},
                             {"a_slot_beyond_the_last", std::string("\x02\x80\x00\x00\x00", 5)},
                             {"a_flag_of_no_meaning", std::string("\x02\x00\x08\x00\x00", 5)},
                             {"more_fields_than_are_told_apart",
                              std::string("\x02\x00\x06\x19", 4) + std::string(60, '\x01')},
                             {"a_part_of_no_kind", one_part('\x0d', "")},
                             {"a_frame_longer_than_the_block", std::string("\x00\x7fzz", 4)},
                             {"a_number_without_end", std::string("\x02\x00\x06\x00", 4) + std::string(20, '\xff')},
                             {"a_key_that_was_not_told", std::string("\x02\x00\x00\x00\x00\x00", 6)},
                             {"a_key_cut", std::string("\x02\x00\x04\x00\x00\x09kk", 8)},
                             {"the_same_as_nothing", one_part('\x00', "")},
                             {"a_field_cut", one_part('\x01', "\x0a\x09xx")},
                             {"a_group", one_part('\x01', "\x0bxxxxxxxx")},
                             {"a_gap_in_nothing", one_part('\x02', std::string("\x08\x01\x01", 3))},
                             {"a_wide_gap_in_nothing", one_part('\x03', std::string("\x01\x01\x01", 3))},
                             {"an_echo_of_nothing", one_part('\x04', "")},
                             {"an_id_cut", one_part('\x05', "0123")},
                             {"known_that_is_not", one_part('\x07', std::string("\x08\x01\x01", 3))},
                             {"known_same_that_is_not", one_part('\x0a', "\x08")},
                             {"an_instant_after_nothing", one_part('\x0b', std::string("\x00\x00", 2))},
                         }),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace cellvigil::store
