// Whatever comes in has one outcome, and both readers and both validators agree on it.
#include <gtest/gtest.h>

#include <map>

#include "daemon/ingest/clean.h"
#include "daemon/ingest/validate.h"
#include "daemon/wire/decode.h"
#include "rules/base/hash.h"
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

wire::EnvelopeExtras from_version(const std::string& version, const std::string& unit, double value) {
    wire::EnvelopeExtras extras;
    extras.producer_version = version;
    if (!unit.empty()) extras.number = {.value = value, .unit = unit, .reference_low = {}, .reference_high = {}};
    return extras;
}

void expect_same(const Event& event, const Event& other) {
    EXPECT_EQ(event.message_id, other.message_id);
    EXPECT_EQ(event.source_system, other.source_system);
    EXPECT_EQ(event.study, other.study);
    EXPECT_EQ(event.cohort, other.cohort);
    EXPECT_EQ(event.site, other.site);
    EXPECT_EQ(event.subject, other.subject);
    EXPECT_EQ(event.record, other.record);
    EXPECT_EQ(event.version, other.version);
    EXPECT_EQ(event.action, other.action);
    EXPECT_EQ(event.action_reason, other.action_reason);
    EXPECT_EQ(event.infusion_record, other.infusion_record);
    EXPECT_EQ(event.producer_sequence, other.producer_sequence);
    EXPECT_EQ(event.effective_end, other.effective_end);
    EXPECT_EQ(event.origin, other.origin);
    EXPECT_EQ(event.flags, other.flags);
    EXPECT_EQ(event.effective, other.effective);
    EXPECT_EQ(event.recorded_at, other.recorded_at);
    EXPECT_EQ(event.appended_at, other.appended_at);
    EXPECT_EQ(event.content_hash, other.content_hash);
    EXPECT_TRUE(event.body == other.body);
}

// Messages of a few subjects, from several sources and sites, with codes and units of both: what is remembered of one
// must not change what becomes of another.
TEST(WhatIsRemembered, changes_no_outcome) {
    bytes::Random random(5);
    Admission remembering(small_directory());
    Admission fresh(small_directory());
    struct Known {
        Head head;
        bool key_is_here = false;
    };
    std::map<std::string, Known> subjects;
    const auto one_of = [&](std::initializer_list<const char*> all) {
        return std::string(all.begin()[bytes::below(random, all.size())]);
    };
    std::map<Intake, int> seen;
    int enough = 0;
    int times_ahead = 0;
    for (int i = 0; i < 40'000; ++i) {
        const bool usual = bytes::one_in(random, 2);  // of one subject and source, as messages most often follow
        Event event = sample::temperature(hundredths(3600 + static_cast<std::int64_t>(bytes::below(random, 500))));
        const std::string id = "m-" + std::to_string(i);
        auto& reading = std::get<Observation>(event.body);
        const std::string unit = one_of({"", "", "Cel", "[degF]", "DEG", "parsec"});
        reading.analyte = bytes::one_in(random, 4) ? Analyte::heart_rate : Analyte::temperature;
        reading.panel = one_of({"", "", "p-1", "p-22"}) + (bytes::one_in(random, 50) ? std::string(70, 'p') : "");
        reading.status = bytes::one_in(random, 8) ? ResultStatus::cancelled : ResultStatus::final;
        if (bytes::one_in(random, 8)) {
            event.recorded_at = event.effective.from + minutes(static_cast<int>(bytes::below(random, 5)));
        }
        if (bytes::one_in(random, 8)) event.producer_sequence = random() >> bytes::below(random, 64);
        const double value = unit == "[degF]" ? 100.4 : unit == "" || !bytes::one_in(random, 50) ? 38.1 : 1e300;
        const std::string source = usual ? "ehr" : one_of({"ehr", "ehr", "ehr", "lab", "LAB"});
        const std::string site = usual ? "site-01" : one_of({"site-01", "site-01", "site-02", "site-09"});
        const std::string cohort = usual ? "cohort-1" : one_of({"cohort-1", "cohort-1", "cohort-1", "cohort-2"});
        const std::string subject = usual ? "s-0001" : one_of({"s-0001", "s-0002", "s-0003", "s 4"});
        event.message_id = id;
        event.record = id;
        event.source_system = source;
        event.site = site;
        event.cohort = cohort;
        event.subject = subject;
        std::string message = wire::encode(event, from_version(usual ? "" : one_of({"", "", "1.2"}), unit, value));
        if (bytes::one_in(random, 4)) message = bytes::mutated(message, random);
        Sending sending(message);
        sending.key = (usual ? "study-1/" : one_of({"study-1/", "study-1/", "study-1/", "study-2/"})) + subject;
        sending.partitions = bytes::one_in(random, 10) ? 2 : 1;
        Known& known = subjects[sending.key];
        const bool key_is_here = known.key_is_here && sending.partitions == 1;
        const std::string expected = outcome(fresh.admit(sending.view()));
        Admitted ahead;
        const bool judged_ahead = remembering.admit_ahead(sending.view(), known.head, key_is_here, ahead);
        remembering.read(sending.view(), &known.head);
        const Admitted& admitted = remembering.judge(sending.view(), key_is_here);
        ASSERT_EQ(outcome(admitted), expected);
        ++seen[admitted.intake];
        if (admitted.intake == Intake::rejected) {
            ASSERT_FALSE(judged_ahead);
            continue;
        }
        const Admitted& anew = fresh.admit(sending.view());
        expect_same(admitted.event, anew.event);
        if (judged_ahead) {
            expect_same(ahead.event, anew.event);
            ASSERT_EQ(ahead.source_hash, hash64(anew.event.source_system));
        }
        times_ahead += judged_ahead ? 1 : 0;
        ASSERT_TRUE(!judged_ahead || admitted.intake == Intake::accepted);
        if (admitted.intake != Intake::accepted) continue;
        if (sending.partitions == 1) known.key_is_here = true;
        enough += remembering.head_was_enough() ? 1 : 0;
        if (!remembering.head_was_enough()) remembering.remember(known.head);
        if (bytes::one_in(random, 500)) remembering.replace(small_directory());
    }
    EXPECT_GT(enough, 200);
    EXPECT_GT(times_ahead, 2'000);
    EXPECT_GT(seen[Intake::accepted], 3'000);
    EXPECT_GT(seen[Intake::quarantined], 3'000);
    EXPECT_GT(seen[Intake::rejected], 3'000);
}

// Two sites whose names end alike share the places of what is remembered, but not what they mean by a unit.
TEST(WhatIsRemembered, of_one_site_is_not_what_another_means) {
    auto directory = std::make_shared<Directory>();
    Study& study = directory->studies["study-1"];
    study.cohorts.insert("cohort-1");
    study.sites["north-site"].unit_aliases["DEG"] = "Cel";
    study.sites["south-site"].unit_aliases["DEG"] = "[degF]";
    Admission admission(directory);
    std::map<std::string, Head> heads;
    for (int i = 0; i < 4; ++i) {
        for (const char* site : {"north-site", "south-site"}) {
            Event event = sample::temperature();
            event.study = "study-1";
            event.cohort = "cohort-1";
            event.site = site;
            const Sending sending(wire::encode(event, from_version("", "DEG", site[0] == 'n' ? 38.0 : 100.4)));
            Head& head = heads[site];
            admission.read(sending.view(), &head);
            const Admitted& admitted = admission.judge(sending.view());
            ASSERT_EQ(outcome(admitted), "accepted");
            admission.remember(head);
            EXPECT_EQ(std::get<Observation>(admitted.event.body).value, whole(38)) << site;
        }
    }
}

// A heartbeat names its site in its key, and never a subject's head makes up for that.
TEST(WhatIsRemembered, of_a_subject_does_not_let_a_heartbeat_through_under_its_key) {
    Admission remembering(small_directory());
    Admission fresh(small_directory());
    Head head;
    Event event = sample::temperature();
    event.study = "study-1";
    event.cohort = "cohort-1";
    event.site = "site-01";
    const std::string reading = wire::encode(event, from_version("", "Cel", 38.0));
    event.body = SiteHeartbeat();
    const std::string beat = wire::encode(event);
    for (const std::string& message : {reading, beat, beat}) {
        Sending sending(message);
        sending.key = "study-1/" + std::string(event.subject);
        sending.partitions = 1;
        const std::string expected = outcome(fresh.admit(sending.view()));
        ASSERT_EQ(expected == "accepted", message == reading) << expected;
        remembering.read(sending.view(), &head);
        ASSERT_EQ(outcome(remembering.judge(sending.view(), message == beat)), expected);
        if (message == reading) remembering.remember(head);
    }
}

TEST(CleanEnvelopes, have_no_issue_in_the_long_validation) {
    bytes::Random random(86);
    wire::Decoder decoder;
    wire::SentEnvelope sent;
    std::map<bool, std::map<FactKind, int>> seen;  // clean or not
    std::vector<std::string> seeds;
    for (const Body& body : sample::full_bodies()) seeds.push_back(wire::encode(sample::event_with(body)));
    for (int i = 0; i < 200'000; ++i) {
        const std::string& seed = seeds[bytes::below(random, seeds.size())];
        const std::string message =
            bytes::one_in(random, 4) ? bytes::random_envelope(random) : bytes::mutated(seed, random);
        if (!decoder.read(message, sent) || !decoder.read_by_fast_reader()) continue;
        std::vector<Issue> issues;
        EventFlags flags = 0;
        const bool observation = sent.payload == FactKind::observation;
        const bool clean = observation ? is_clean(sent) : is_clean(sent, decoder.stated());
        validate(sent, decoder.fields(), flags, issues);
        // Not only is a clean one without issue: one without issue is clean, so that the short way is taken.
        ASSERT_EQ(clean, issues.empty()) << (issues.empty() ? "" : issues.front().path);
        ASSERT_EQ(flags, 0U);
        ++seen[clean][*sent.payload];
    }
    for (const bool clean : {true, false}) {
        for (const Body& body : sample::full_bodies()) {
            if (kind_of(body) == FactKind::retraction) continue;  // has no payload, and is left to the other reader
            EXPECT_GT(seen[clean][kind_of(body)], 50) << clean << ' ' << name_of(kind_of(body));
        }
    }
}

}  // namespace
}  // namespace cellvigil::ingest
