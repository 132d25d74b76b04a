// The two readers of envelopes agree: on whether bytes are an envelope, on every field, on the hash.
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <set>
#include <sstream>

#include "daemon/wire/decode.h"
#include "daemon/wire/encode.h"
#include "daemon/wire/fast_reader.h"
#include "daemon/wire/stated.h"
#include "tests/daemon/wire/wire_bytes.h"
#include "tests/support/case_name.h"
#include "tests/support/sample_events.h"

namespace cellvigil::wire {
namespace {

std::uint64_t bits(double value) {
    std::uint64_t all = 0;
    std::memcpy(&all, &value, 8);
    return all;
}

class Telling {
  public:
    Telling& operator<<(std::string_view text) {
        out_ << text.size() << ':' << text << '|';
        return *this;
    }
    Telling& operator<<(std::int64_t number) {
        out_ << number << '|';
        return *this;
    }
    Telling& operator<<(const SentTimestamp& time) { return *this << time.stated << time.seconds << time.nanos; }
    Telling& operator<<(const SentTime& time) {
        return *this << time.stated << static_cast<std::int64_t>(time.precision) << time.instant
                     << time.offset_minutes.has_value() << time.offset_minutes.value_or(0);
    }
    Telling& operator<<(const SentCoding& coding) {
        return *this << coding.system << coding.code << coding.version << coding.display;
    }
    Telling& operator<<(const std::optional<double>& number) {
        return *this << number.has_value() << static_cast<std::int64_t>(bits(number.value_or(0)));
    }
    std::string text() const { return out_.str(); }

  private:
    std::ostringstream out_;
};

// All of it as text, so that a difference can be read.
std::string told(const SentEnvelope& sent) {
    const SentObservation& o = sent.observation;
    Telling all;
    all << sent.message_id << sent.source_system << sent.producer_version << sent.study << sent.cohort << sent.site
        << sent.subject << sent.record << sent.action_reason << sent.supersedes << sent.infusion_record
        << std::int64_t{sent.version} << static_cast<std::int64_t>(sent.action)
        << static_cast<std::int64_t>(sent.origin) << sent.unknown_enumerator << sent.effective << sent.effective_end
        << sent.recorded_at << sent.sent_at << static_cast<std::int64_t>(sent.producer_sequence)
        << static_cast<std::int64_t>(sent.content_hash)
        << (sent.payload ? static_cast<std::int64_t>(*sent.payload) : -1);
    all << o.has_code << static_cast<std::int64_t>(o.result) << o.boolean << static_cast<std::int64_t>(o.comparator)
        << static_cast<std::int64_t>(o.status) << static_cast<std::int64_t>(bits(o.value)) << o.unit << o.reference_low
        << o.reference_high << o.code << o.coded << o.text << o.not_done_reason << o.panel;
    return all.text();
}

std::string told(const std::vector<SentField>& fields) {
    Telling all;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const SentField& field = fields[i];
        all << path_of(fields, i) << field.message << std::int64_t{field.ordinal}
            << static_cast<std::int64_t>(field.kind) << field.stated << field.repeated << field.known
            << std::int64_t{field.count} << field.text << static_cast<std::int64_t>(bits(field.number));
    }
    return all.text();
}

std::string hex(std::string_view bytes) {
    std::string text;
    constexpr char kDigits[] = "0123456789abcdef";
    for (const char byte : bytes) {
        text += kDigits[static_cast<unsigned char>(byte) >> 4U];
        text += kDigits[static_cast<unsigned char>(byte) & 15U];
    }
    return text;
}

// What a list says of the messages and stated fields of a payload, elements of repeated fields left out.
std::string told_of_payload(const std::vector<SentField>& fields) {
    std::map<std::string, std::string> messages;  // the names of what each states, by its path
    std::multiset<std::string> all;
    std::vector<bool> inside(fields.size(), false);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const SentField& field = fields[i];
        const bool top = field.parent < 0;
        const bool payload = top && field.kind == FieldKind::message && field.stated && !field.message.empty() &&
                             field.name != "effective" && field.name != "effective_end" &&
                             field.name != "recorded_at" && field.name != "sent_at";
        inside[i] = payload || (!top && inside[static_cast<std::size_t>(field.parent)]);
        if (!inside[i]) continue;
        const bool is_message = field.kind == FieldKind::message && field.stated && !field.repeated;
        if (is_message) messages.emplace(path_of(fields, i), "");
        if (top || field.index >= 0) continue;
        if (field.stated) {
            messages[path_of(fields, static_cast<std::size_t>(field.parent))] += std::string(field.name) + ",";
            Telling one;
            one << std::int64_t{field.ordinal} << std::int64_t{field.count} << field.text
                << static_cast<std::int64_t>(bits(field.number));
            all.insert(one.text());
        }
    }
    std::multiset<std::string> stated;
    for (const auto& [path, names] : messages) stated.insert(names);
    std::string text;
    for (const std::string& one : all) text += one + "\n";
    for (const std::string& one : stated) text += one + "\n";
    return text;
}
std::string told_of_payload(const StatedPayload& payload) {
    std::multiset<std::string> all;
    for (const StatedField& field : payload.fields) {
        Telling one;
        one << std::int64_t{field.field->ordinal} << std::int64_t{field.count} << field.text
            << static_cast<std::int64_t>(bits(field.number));
        all.insert(one.text());
    }
    std::multiset<std::string> stated;
    for (const StatedMessage& message : payload.messages) {
        std::string names;
        for (std::size_t i = 0; i < message.fields->size(); ++i) {
            if (message.states(i)) names += std::string((*message.fields)[i].name) + ",";
        }
        stated.insert(names);
    }
    std::string text;
    for (const std::string& one : all) text += one + "\n";
    for (const std::string& one : stated) text += one + "\n";
    return text;
}

// One pair of readers for a whole test: what they keep from one message must not show in the next.
struct Readers {
    Decoder fast{Reading::fast};
    Decoder reference{Reading::reference};
    int read_fast = 0;
    int read = 0;
    int head_known = 0;
    int payload_known = 0;
    int likes = 0;
    int others = 0;          // payloads that our own reader listed
    KnownHead head;          // of a message before
    KnownPayloads payloads;  // of messages before

    void expect_agreement(const std::string& bytes) {
        SentEnvelope by_fast;
        SentEnvelope by_reference;
        SentEnvelope by_like;
        const Known known{.head = &head, .payloads = &payloads};
        const bool like = read_like(bytes, by_like, known);
        const bool fast_read = fast.read(bytes, by_fast, known);
        const bool reference_read = reference.read(bytes, by_reference);
        ASSERT_EQ(fast_read, reference_read) << hex(bytes);
        ASSERT_TRUE(reference_read || !like) << hex(bytes);
        if (!reference_read) return;
        ASSERT_EQ(told(by_fast), told(by_reference)) << hex(bytes);
        // Of what is like the head the other reader takes all that this one takes and is an observation.
        ASSERT_EQ(like, fast.read_by_fast_reader() && by_fast.head_is_known && by_fast.payload == FactKind::observation)
            << hex(bytes);
        if (like) {
            if (by_like.known_payload) payloads.complete(*by_like.known_payload, by_like.observation);
            ASSERT_EQ(told(by_like), told(by_reference)) << hex(bytes);
        }
        ASSERT_EQ(told(fast.fields()), told(reference.fields())) << hex(bytes);
        if (fast.read_by_fast_reader() && by_fast.payload != FactKind::observation) {
            ASSERT_EQ(told_of_payload(fast.stated()), told_of_payload(reference.fields())) << hex(bytes);
            ++others;
        }
        EventFlags fast_flags = 0;
        EventFlags reference_flags = 0;
        ASSERT_TRUE(fast.body({}, fast_flags) == reference.body({}, reference_flags)) << hex(bytes);
        ASSERT_EQ(fast_flags, reference_flags) << hex(bytes);
        ++read;
        read_fast += fast.read_by_fast_reader() ? 1 : 0;
        head_known += by_fast.head_is_known ? 1 : 0;
        payload_known += by_fast.known_payload ? 1 : 0;
        likes += like ? 1 : 0;
        if (!by_fast.head.empty()) head.remember(by_fast.head, by_fast);
        if (!by_fast.in_order.empty()) payloads.remember(by_fast.in_order, 0, by_fast.observation);
    }
};

EnvelopeExtras from_version(const std::string& version) {
    EnvelopeExtras extras;
    extras.producer_version = version;
    return extras;
}

TEST(Readers, agree_on_every_kind_and_the_fast_one_takes_all_with_a_payload) {
    Readers readers;
    for (const Body& body : sample::full_bodies()) {
        const std::string bytes = encode(sample::event_with(body));
        readers.expect_agreement(bytes);
        EXPECT_EQ(readers.fast.read_by_fast_reader(), kind_of(body) != FactKind::retraction) << name_of(kind_of(body));
    }
}

TEST(Readers, agree_on_random_envelopes) {
    bytes::Random random(20260105);
    Readers readers;
    for (int i = 0; i < 60'000 && !testing::Test::HasFatalFailure(); ++i) {
        readers.expect_agreement(bytes::random_envelope(random));
    }
    // The test says something only if both ways were taken often.
    EXPECT_GT(readers.read, 20'000);
    EXPECT_GT(readers.read_fast, 2'000);
    EXPECT_GT(readers.read - readers.read_fast, 10'000);
}

TEST(Readers, agree_on_mutated_envelopes) {
    bytes::Random random(19520412);
    Readers readers;
    std::vector<std::string> seeds;
    for (const Body& body : sample::full_bodies()) seeds.push_back(encode(sample::event_with(body)));
    seeds.push_back(encode(sample::temperature(), from_version("2.1")));
    seeds.push_back(encode(sample::temperature()));
    for (int i = 0; i < 60'000 && !testing::Test::HasFatalFailure(); ++i) {
        const std::string& seed = bytes::one_in(random, 2) ? seeds.back() : seeds[bytes::below(random, seeds.size())];
        readers.expect_agreement(bytes::mutated(seed, random));
    }
    EXPECT_GT(readers.read_fast, 1'000);
    EXPECT_GT(readers.head_known, 500);
    EXPECT_GT(readers.payload_known, 500);
    EXPECT_GT(readers.likes, 500);
    EXPECT_GT(readers.others, 500);
}

TEST(Readers, agree_on_a_head_with_a_producer_version_that_came_before) {
    Readers readers;
    for (const char* version : {"2.1", "2.1", "2.2", "2.2", "", ""}) {
        readers.expect_agreement(encode(sample::temperature(), from_version(version)));
    }
    EXPECT_EQ(readers.head_known, 3);
}

TEST(Readers, agree_on_every_cut_and_every_changed_byte_of_one_envelope) {
    Readers readers;
    const std::string whole_message = encode(sample::event_with(sample::full_bodies().front()));
    for (std::size_t size = 0; size <= whole_message.size(); ++size)
        readers.expect_agreement(whole_message.substr(0, size));
    for (std::size_t at = 0; at < whole_message.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string changed = whole_message;
            changed[at] = static_cast<char>(byte);
            readers.expect_agreement(changed);
            if (testing::Test::HasFatalFailure()) return;
        }
    }
}

// Observations that differ from one that came before in one byte, wherever it is; and with other endings.
TEST(Readers, agree_on_what_is_almost_like_an_observation_before) {
    const std::string code = bytes::chunk(1, bytes::chunk(1, "http://loinc.org") + bytes::chunk(2, "8310-5"));
    const std::string value = bytes::chunk(2, bytes::fixed(1, 38.6) + bytes::chunk(2, "Cel") + bytes::number(3, 1));
    const std::string rest = bytes::number(6, 3) + bytes::fixed(7, 36.0) + bytes::fixed(8, 37.5);
    const std::string observation = code + value + rest;
    const std::string front = bytes::chunk(1, "m") + bytes::chunk(2, "ehr") + bytes::chunk(8, "r");
    Readers readers;
    const auto agree = [&](const std::string& sent) { readers.expect_agreement(front + bytes::chunk(32, sent)); };
    for (const std::string& panel : {bytes::chunk(12, "p-1"), std::string()}) {
        const std::string whole = observation + panel;
        for (std::size_t at = 0; at < whole.size() && !testing::Test::HasFatalFailure(); ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                agree(observation);  // it is known again, whatever took its place
                std::string changed = whole;
                changed[at] = static_cast<char>(byte);
                agree(changed);
            }
        }
        for (std::size_t size = 0; size <= whole.size(); ++size) agree(whole.substr(0, size));
    }
    const int before = readers.payload_known;
    for (const std::string& other :
         {observation + bytes::chunk(12, ""), observation + bytes::chunk(12, "\xc3\xa9"),
          observation + bytes::chunk(12, "p") + bytes::chunk(12, "q"), observation + bytes::number(12, 1),
          observation + bytes::number(500, 1), value + code + rest, code + rest + value, code + value + value + rest}) {
        agree(observation);
        agree(other);
    }
    EXPECT_EQ(readers.payload_known - before, 8);  // each time the one, never the other
    EXPECT_GT(before, 10'000);
    EXPECT_EQ(readers.likes, readers.read_fast - 1);
}

// Numbers of every length, before every number of further bytes.
TEST(Readers, agree_on_numbers_of_every_length) {
    Readers readers;
    for (int bits = 0; bits < 64 && !testing::Test::HasFatalFailure(); ++bits) {
        for (const std::uint64_t number : {(1ULL << bits) - 1, 1ULL << bits, (1ULL << bits) + 1, ~0ULL >> bits}) {
            for (int extra = 0; extra < 4; ++extra) {
                const std::string written = extra == 0 ? bytes::varint(number) : bytes::overlong(number, extra);
                const std::string time = bytes::tag(1, 0) + written;
                for (std::size_t after = 0; after < 10; ++after) {
                    const std::string rest =
                        after == 0 ? "" : bytes::chunk(32, after < 3 ? "" : bytes::chunk(12, std::string(after, 'p')));
                    readers.expect_agreement(bytes::chunk(15, time) + rest);
                    readers.expect_agreement(bytes::chunk(15, time + bytes::tag(2, 0) + written) + rest);
                    readers.expect_agreement(bytes::tag(17, 0) + written + rest);
                    readers.expect_agreement(bytes::chunk(13, bytes::chunk(1, time)) + bytes::chunk(15, time) + rest);
                    readers.expect_agreement(bytes::chunk(15, time.substr(0, time.size() - 1)) + written + rest);
                }
            }
        }
    }
    EXPECT_GT(readers.read_fast, 1'000);
}

// An envelope with an observation, and one deviation from what a serialiser writes.
struct Deviation {
    const char* name;
    std::string observation;
    bool fast;
};
class Deviations : public testing::TestWithParam<Deviation> {};

std::string usual_quantity() { return bytes::chunk(2, bytes::fixed(1, 38.6) + bytes::chunk(2, "Cel")); }
std::string usual_code() { return bytes::chunk(1, bytes::chunk(2, "8310-5")); }

TEST_P(Deviations, are_read_alike) {
    const std::string message = bytes::chunk(1, "m") + bytes::chunk(32, GetParam().observation);
    Readers readers;
    readers.expect_agreement(message);
    EXPECT_EQ(readers.read_fast == 1, GetParam().fast);
}
INSTANTIATE_TEST_SUITE_P(
    Table, Deviations,
    testing::ValuesIn(std::vector<Deviation>{
        {"none", usual_code() + usual_quantity(), true},
        {"value_after_the_rest", usual_code() + bytes::number(6, 2) + bytes::chunk(12, "p") + usual_quantity(), true},
        {"code_last", usual_quantity() + bytes::number(6, 2) + usual_code(), true},
        {"empty", "", true},
        {"boolean_false", usual_code() + bytes::number(3, 0), true},
        {"empty_text_result", usual_code() + bytes::chunk(5, ""), true},
        {"zero_value_left_out", usual_code() + bytes::chunk(2, bytes::chunk(2, "Cel")), true},
        {"reference_of_zero", usual_code() + usual_quantity() + bytes::fixed(7, 0.0), true},
        {"negative_zero", usual_code() + bytes::chunk(2, bytes::fixed(1, -0.0)), true},
        {"zero_value_written", usual_code() + bytes::chunk(2, bytes::fixed(1, 0.0)), false},
        {"code_twice", usual_code() + usual_code() + usual_quantity(), false},
        {"two_results", usual_code() + usual_quantity() + bytes::number(3, 1), false},
        {"boolean_of_two", usual_code() + bytes::number(3, 2), false},
        {"status_of_default", usual_code() + usual_quantity() + bytes::number(6, 0), false},
        {"status_unknown", usual_code() + usual_quantity() + bytes::number(6, 77), false},
        {"status_negative", usual_code() + usual_quantity() + bytes::number(6, ~0ULL), false},
        {"long_varint", usual_code() + bytes::tag(3, 0) + bytes::overlong(1, 3), false},
        {"eleven_byte_varint", usual_code() + bytes::tag(3, 0) + bytes::overlong(1, 10), false},
        {"long_tag", usual_code() + bytes::overlong(12U << 3U | 2U, 1) + bytes::varint(1) + "p", false},
        {"unknown_field", usual_code() + usual_quantity() + bytes::number(500, 1), false},
        {"field_zero", usual_code() + bytes::tag(0, 0) + bytes::varint(1), false},
        {"wrong_wire_type", usual_code() + bytes::number(2, 5), false},
        {"empty_panel_written", usual_code() + usual_quantity() + bytes::chunk(12, ""), false},
        {"not_ascii", usual_code() + usual_quantity() + bytes::chunk(12, "\xc3\xa9"), false},
        {"method", usual_code() + usual_quantity() + bytes::chunk(9, bytes::chunk(2, "m")), false},
        {"unit_before_value", usual_code() + bytes::chunk(2, bytes::chunk(2, "Cel") + bytes::fixed(1, 38.6)), false},
    }),
    CaseName{});

TEST(Readers, keep_the_last_of_two_and_merge_messages_of_one_arm) {
    Decoder decoder;
    SentEnvelope sent;
    const std::string message = bytes::chunk(1, "first") + bytes::chunk(1, "second") +
                                bytes::chunk(32, bytes::chunk(2, bytes::fixed(1, 38.6))) +
                                bytes::chunk(32, bytes::chunk(2, bytes::chunk(2, "Cel")));
    ASSERT_TRUE(decoder.read(message, sent));
    EXPECT_EQ(sent.message_id, "second");
    EXPECT_EQ(sent.observation.value, 38.6);
    EXPECT_EQ(sent.observation.unit, "Cel");
}

}  // namespace
}  // namespace cellvigil::wire
