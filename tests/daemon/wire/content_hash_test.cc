// The content hash covers what is said and nothing of how it was sent.
#include <gtest/gtest.h>

#include <set>

#include "daemon/wire/decode.h"
#include "daemon/wire/encode.h"
#include "tests/daemon/wire/wire_bytes.h"
#include "tests/support/sample_events.h"

namespace cellvigil::wire {
namespace {

std::uint64_t hash_of(const std::string& bytes) {
    Decoder decoder;
    SentEnvelope sent;
    EXPECT_TRUE(decoder.read(bytes, sent));
    return sent.content_hash;
}
std::uint64_t hash_of(const Event& event, const EnvelopeExtras& extras = {}) { return hash_of(encode(event, extras)); }

TEST(ContentHash, is_the_same_for_another_transmission) {
    for (const Body& body : {sample::temperature().body, sample::full_bodies()[1]}) {
        const Event event = sample::event_with(body);
        Event again = event;
        again.message_id = "another";
        again.producer_sequence = 43;
        EnvelopeExtras extras;
        extras.sent_at = event.recorded_at + hours(5);
        extras.producer_version = "2.0";
        extras.supersedes_message_id = std::string(event.message_id);
        EXPECT_EQ(hash_of(event), hash_of(again, extras));
        again.producer_sequence = 0;
        EXPECT_EQ(hash_of(event), hash_of(again));
    }
}

TEST(ContentHash, differs_with_every_field_of_content) {
    const Event event = sample::temperature();
    std::vector<Event> others(13, event);
    others[0].source_system = "other";
    others[1].study = "other";
    others[2].cohort = "other";
    others[3].site = "other";
    others[4].subject = "other";
    others[5].record = "other";
    others[6].version = 2;
    others[7].action = RecordAction::amend;
    others[8].action_reason = "other";
    others[9].effective.from += milliseconds(1);
    others[10].effective_end.reset();
    others[11].recorded_at += milliseconds(1);
    others[12].infusion_record = "other";
    std::set<std::uint64_t> hashes{hash_of(event)};
    for (const Event& other : others) hashes.insert(hash_of(other));
    Event origin = event;
    origin.origin = DataOrigin::edc;
    hashes.insert(hash_of(origin));
    hashes.insert(hash_of(sample::temperature(hundredths(3861))));
    EXPECT_EQ(hashes.size(), 16U);
}

TEST(ContentHash, does_not_depend_on_the_order_or_the_form_of_the_bytes) {
    const std::string code = bytes::chunk(1, bytes::chunk(2, "8310-5"));
    const std::string value = bytes::chunk(2, bytes::fixed(1, 38.6));
    const std::string status = bytes::number(6, 2);
    const auto message = [](const std::string& observation) {
        return bytes::chunk(1, "m") + bytes::chunk(4, "study") + bytes::chunk(32, observation);
    };
    const std::uint64_t usual = hash_of(message(code + value + status));
    EXPECT_EQ(hash_of(message(status + value + code)), usual);
    EXPECT_EQ(hash_of(message(code + value + bytes::tag(6, 0) + bytes::overlong(2, 2))), usual);
    EXPECT_EQ(hash_of(message(code + value + status + bytes::number(77, 1))), usual);
    EXPECT_EQ(hash_of(bytes::chunk(32, code + value + status) + bytes::chunk(4, "study")), usual);
    EXPECT_NE(hash_of(message(code + value)), usual);
}

}  // namespace
}  // namespace cellvigil::wire
