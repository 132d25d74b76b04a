// Whatever comes in has one outcome, and both readers and both validators agree on it.
#include <gtest/gtest.h>

#include <map>

#include "daemon/ingest/validate.h"
#include "daemon/wire/decode.h"
#include "tests/daemon/ingest/sending.h"
#include "tests/daemon/wire/wire_bytes.h"
#include "tests/support/sample_events.h"

namespace cellvigil::ingest {
namespace {

namespace bytes = wire::bytes;

std::string noise(bytes::Random& random) {
    std::string text(bytes::below(random, 300), '\0');
    for (char& byte : text) byte = static_cast<char>(random());
    return text;
}

// A message of some kind: whole, mutated, assembled at random, or noise.
std::string any_message(bytes::Random& random, const std::vector<std::string>& seeds) {
    switch (bytes::below(random, 8)) {
        case 0:
            return noise(random);
        case 1:
            return bytes::random_envelope(random);
        case 2:
            return bytes::mutated(bytes::random_envelope(random), random);
        case 3:
            return std::string(1, '\0') + noise(random);
        case 4:
            return seeds[bytes::below(random, seeds.size())];
        default:
            return bytes::mutated(seeds[bytes::below(random, seeds.size())], random);
    }
}

TEST(TenThousandMessages, each_have_one_outcome_by_either_reader) {
    bytes::Random random(48);
    std::vector<std::string> seeds;
    for (const Body& body : sample::full_bodies()) seeds.push_back(wire::encode(sample::event_with(body)));
    Admission fast(small_directory());
    Admission reference(small_directory(), wire::Reading::reference);
    std::map<Intake, int> seen;
    for (int i = 0; i < 10'000; ++i) {
        Sending sending(any_message(random, seeds));
        if (bytes::one_in(random, 20)) sending.headers = {{"ce_specversion", "1.0"}, {"ce_id", "x"}};
        if (bytes::one_in(random, 20)) sending.headers = {{"content-type", "application/cloudevents+protobuf"}};
        if (bytes::one_in(random, 20)) sending.headers = {{"content-type", "application/cloudevents+json"}};
        const Admitted& by_fast = fast.admit(sending.view());
        const Admitted& by_reference = reference.admit(sending.view());
        ++seen[by_fast.intake];
        ASSERT_EQ(outcome(by_fast), outcome(by_reference));
        ASSERT_EQ(by_fast.issues.empty(), by_fast.intake == Intake::accepted);
        for (const Issue& issue : by_fast.issues) ASSERT_FALSE(issue.detail.empty());
        if (by_fast.intake == Intake::rejected) continue;
        ASSERT_EQ(by_fast.event.flags, by_reference.event.flags);
        ASSERT_EQ(by_fast.event.content_hash, by_reference.event.content_hash);
        ASSERT_TRUE(by_fast.event.body == by_reference.event.body);
    }
    EXPECT_GT(seen[Intake::accepted], 300);
    EXPECT_GT(seen[Intake::quarantined], 100);
    EXPECT_GT(seen[Intake::rejected], 3'000);
}

TEST(CleanEnvelopes, have_no_issue_in_the_long_validation) {
    bytes::Random random(86);
    wire::Decoder decoder;
    wire::SentEnvelope sent;
    int clean = 0;
    int unclean = 0;
    const std::string seed = wire::encode(sample::temperature());
    for (int i = 0; i < 60'000; ++i) {
        const std::string message =
            bytes::one_in(random, 2) ? bytes::mutated(seed, random) : bytes::random_envelope(random);
        if (!decoder.read(message, sent) || !decoder.read_by_fast_reader()) continue;
        std::vector<Issue> issues;
        EventFlags flags = 0;
        validate(sent, decoder.fields(), flags, issues);
        // Not only is a clean one without issue: one without issue is clean, so that the short way is taken.
        ASSERT_EQ(is_clean(sent), issues.empty()) << (issues.empty() ? "" : issues.front().path);
        ASSERT_EQ(flags, 0U);
        ++(issues.empty() ? clean : unclean);
    }
    EXPECT_GT(clean, 1'000);
    EXPECT_GT(unclean, 1'000);
}

}  // namespace
}  // namespace cellvigil::ingest
