#include "daemon/ingest/admission.h"

#include <gtest/gtest.h>

#include "daemon/ingest/inlet.h"
#include "daemon/ingest_json/json.h"
#include "daemon/wire/decode.h"
#include "rules/base/hash.h"
#include "tests/daemon/ingest/sending.h"
#include "tests/daemon/wire/wire_bytes.h"
#include "tests/support/case_name.h"
#include "tests/support/sample_events.h"

namespace cellvigil::ingest {
namespace {

using namespace std::string_literals;

TEST(Admission, gives_back_every_kind_as_it_was_meant_by_either_reader) {
    for (const wire::Reading reading : {wire::Reading::fast, wire::Reading::reference}) {
        Admission admission(small_directory(), reading);
        for (const Body& body : sample::full_bodies()) {
            const Event event = sample::event_with(body);
            const Sending sending(event);
            const Admitted& admitted = admission.admit(sending.view());
            EXPECT_EQ(outcome(admitted), "accepted") << name_of(kind_of(body));
            EXPECT_EQ(flags_of(admitted), "") << name_of(kind_of(body));
            EXPECT_TRUE(admitted.event.body == body) << name_of(kind_of(body));
            EXPECT_EQ(admitted.event.effective, event.effective);
            EXPECT_EQ(admitted.event.effective_end, event.effective_end);
            EXPECT_EQ(admitted.event.message_id, event.message_id);
            EXPECT_EQ(admitted.event.source_system, event.source_system);
            EXPECT_EQ(admitted.event.record, event.record);
            EXPECT_EQ(admitted.event.infusion_record, event.infusion_record);
            EXPECT_EQ(admitted.event.action, event.action);
            EXPECT_EQ(admitted.event.action_reason, event.action_reason);
            EXPECT_EQ(admitted.event.version, event.version);
            EXPECT_EQ(admitted.event.origin, event.origin);
            EXPECT_EQ(admitted.event.recorded_at, event.recorded_at);
            EXPECT_EQ(admitted.event.appended_at, sending.appended_at);
            EXPECT_EQ(admitted.event.producer_sequence, 42U);
        }
    }
}

TEST(Admission, keeps_nothing_of_the_message_before) {
    Admission admission(small_directory());
    Observation body;
    body.analyte = Analyte::neutrophils;
    body.value = whole(1);
    body.panel = "a panel with a name that is longer than most";
    admission.admit(Sending(sample::event_with(body)).view());
    const Sending second(sample::temperature());
    const Admitted& admitted = admission.admit(second.view());
    EXPECT_TRUE(admitted.event.body == sample::temperature().body);
    const Sending broken("\xff");
    EXPECT_EQ(outcome(admission.admit(broken.view())), "rejected : unparsable");
    EXPECT_EQ(admission.admit(broken.view()).event.message_id, "");
}

// ---- one change of a good message
// ----------------------------------------------------------------------------------------

struct ChangeCase {
    const char* name;
    void (*change)(Event&);
    const char* expected;
};
class Changes : public testing::TestWithParam<ChangeCase> {};

Body body_of(FactKind kind) {
    for (const Body& body : sample::full_bodies()) {
        if (kind_of(body) == kind) return body;
    }
    return {};
}
Observation& observation(Event& event) { return std::get<Observation>(event.body); }
template <typename Kind>
Kind& become(Event& event, FactKind kind) {
    event.body = body_of(kind);
    return std::get<Kind>(event.body);
}

TEST_P(Changes, get_their_reason) {
    Event event = sample::temperature();
    event.effective_end.reset();
    GetParam().change(event);
    for (const wire::Reading reading : {wire::Reading::fast, wire::Reading::reference}) {
        Admission admission(small_directory(), reading);
        EXPECT_EQ(outcome(admission.admit(Sending(event).view())), GetParam().expected);
    }
}
INSTANTIATE_TEST_SUITE_P(
    Rejected, Changes,
    testing::ValuesIn(std::to_array<ChangeCase>({
        {"nothing", [](Event&) {}, "accepted"},
        {"everything_missing",
         [](Event& e) {
             e = Event();
             e.version = 0;
             e.action = RecordAction::unspecified;
             e.body = Observation{};
         },
         "rejected message_id: missing_field, source_system: missing_field, study_id: missing_field, cohort_id: "
         "missing_field, "
         "site_id: missing_field, subject_id: missing_field, record_id: missing_field, record_version: missing_field, "
         "action: "
         "missing_field, observation.value: missing_field"},
        {"amend_without_reason", [](Event& e) { e.action = RecordAction::amend; },
         "rejected action_reason: missing_field"},
        {"amend_with_reason",
         [](Event& e) {
             e.action = RecordAction::amend;
             e.version = 2;
             e.action_reason = "typo";
         },
         "accepted"},
        {"retract_with_payload",
         [](Event& e) {
             e.action = RecordAction::retract;
             e.action_reason = "typo";
         },
         "rejected observation: bad_field"},
        {"create_without_payload", [](Event& e) { e.body = Retraction{}; }, "rejected payload: missing_field"},
        {"no_result", [](Event& e) { observation(e).value.reset(); }, "rejected observation.value: missing_field"},
        {"not_done_without_result",
         [](Event& e) {
             observation(e).value.reset();
             observation(e).status = ResultStatus::not_done;
         },
         "accepted"},
        {"cancelled_with_result", [](Event& e) { observation(e).status = ResultStatus::cancelled; },
         "rejected observation.status: bad_field"},
        {"oxygen_without_device",
         [](Event& e) {
             auto& body = become<Intervention>(e, FactKind::intervention);
             body.kind = InterventionKind::oxygen;
             body.device = OxygenDevice::unspecified;
         },
         "rejected intervention.oxygen_device: missing_field"},
        {"oxygen_stop_without_device",
         [](Event& e) {
             auto& body = become<Intervention>(e, FactKind::intervention);
             body.kind = InterventionKind::oxygen;
             body.phase = InterventionPhase::stop;
             body.device = OxygenDevice::unspecified;
         },
         "accepted"},
        {"zoster_of_another_organism",
         [](Event& e) { become<Infection>(e, FactKind::infection).organism = Organism::cmv; },
         "rejected infection.zoster: bad_field"},
        {"verdict_on_a_value_without_it",
         [](Event& e) {
             auto& body = become<Adjudication>(e, FactKind::adjudication);
             body.verdict = Verdict::value_confirmed;
             body.judged_record.clear();
         },
         "rejected adjudication.judged_record: missing_field"},
        {"verdict_on_a_value_needs_no_component",
         [](Event& e) {
             auto& body = become<Adjudication>(e, FactKind::adjudication);
             body.verdict = Verdict::value_rejected;
             body.scale = Scale::unspecified;
             body.component = Component::none;
         },
         "accepted"},
        {"verdict_without_scale_and_component",
         [](Event& e) {
             auto& body = become<Adjudication>(e, FactKind::adjudication);
             body.scale = Scale::unspecified;
             body.component = Component::none;
         },
         "rejected adjudication.grading_system: missing_field, adjudication.component: missing_field"},
        {"other_cause_unsaid", [](Event& e) { become<Adjudication>(e, FactKind::adjudication).other_cause.clear(); },
         "rejected adjudication.other_cause: missing_field"},
        {"due_to_therapy",
         [](Event& e) {
             auto& body = become<Adjudication>(e, FactKind::adjudication);
             body.other_cause.clear();
             body.verdict = Verdict::due_to_therapy;
         },
         "accepted"},
        {"product_without_code", [](Event& e) { become<Infusion>(e, FactKind::infusion).product.code.clear(); },
         "rejected infusion.product.code: missing_field"},
        {"heartbeat_names_no_subject",
         [](Event& e) {
             e.body = body_of(FactKind::site_heartbeat);
             e.subject = e.cohort = e.record = "";
             e.version = 0;
         },
         "accepted"},
    })),
    CaseName{});

INSTANTIATE_TEST_SUITE_P(
    Quarantined, Changes,
    testing::ValuesIn(std::to_array<ChangeCase>({
        {"study", [](Event& e) { e.study = "study-9"; }, "quarantined study_id: unknown_study"},
        {"site", [](Event& e) { e.site = "site-09"; }, "quarantined site_id: unknown_site"},
        {"cohort", [](Event& e) { e.cohort = "cohort-9"; }, "quarantined cohort_id: unknown_cohort"},
        {"site_and_cohort",
         [](Event& e) {
             e.site = "site-09";
             e.cohort = "cohort-9";
         },
         "quarantined site_id: unknown_site, cohort_id: unknown_cohort"},
        {"a_day_ahead", [](Event& e) { e.effective.from = e.recorded_at + hours(24); }, "accepted"},
        {"more_than_a_day_ahead", [](Event& e) { e.effective.from = e.recorded_at + hours(24) + milliseconds(1); },
         "quarantined effective: future_time"},
        {"both_times_ahead_and_no_such_study",
         [](Event& e) {
             e.effective.from = e.recorded_at + hours(30);
             e.study = "study-9";
         },
         "quarantined study_id: unknown_study, effective: future_time"},
    })),
    CaseName{});

TEST(Clocks, compare_with_the_append_time_as_well) {
    Event event = sample::temperature();
    event.effective_end.reset();
    Sending sending(event);
    Admission admission(small_directory());
    sending.appended_at = event.recorded_at - minutes(10);
    EXPECT_EQ(flags_of(admission.admit(sending.view())), "");
    sending.appended_at = event.recorded_at - minutes(10) - milliseconds(1);
    EXPECT_EQ(flags_of(admission.admit(sending.view())), "clock_ahead");
    sending.appended_at = event.recorded_at - hours(24);
    EXPECT_EQ(outcome(admission.admit(sending.view())), "accepted");
    sending.appended_at = event.recorded_at - hours(24) - milliseconds(1);
    EXPECT_EQ(outcome(admission.admit(sending.view())), "quarantined recorded_at: future_time");
    sending.appended_at = event.effective.from - hours(24) - milliseconds(1);
    EXPECT_EQ(outcome(admission.admit(sending.view())), "quarantined effective: future_time, recorded_at: future_time");
}

TEST(Admission, judges_by_the_directory_that_holds_now) {
    Event event = sample::temperature();
    event.study = "study-9";
    const Sending sending(event);
    Admission admission(small_directory());
    EXPECT_EQ(outcome(admission.admit(sending.view())), "quarantined study_id: unknown_study");
    admission.replace(any_directory());
    EXPECT_EQ(outcome(admission.admit(sending.view())), "accepted");
}

// ---- keys, sizes, framing
// ------------------------------------------------------------------------------------------------

TEST(Keys, must_be_of_the_subject_and_in_their_partition) {
    Admission admission(small_directory());
    Sending sending(sample::temperature());
    sending.partitions = 8;
    sending.partition = partition_of(sending.key, 8);
    EXPECT_EQ(outcome(admission.admit(sending.view())), "accepted");
    sending.partition = (sending.partition + 1) % 8;
    EXPECT_EQ(outcome(admission.admit(sending.view())), "quarantined key: key_mismatch");
    for (const char* key :
         {"", "study-1", "study-1/", "study-1/s-0002", "study-1/s-00011", "study-2/s-0001", "s-0001"}) {
        sending.key = key;
        sending.partition = partition_of(sending.key, 8);
        EXPECT_EQ(outcome(admission.admit(sending.view())), "quarantined key: key_mismatch") << key;
    }
    sending.partitions = 0;
    EXPECT_EQ(outcome(admission.admit(sending.view())), "accepted");
}

TEST(Keys, of_heartbeats_name_the_site) {
    Admission admission(small_directory());
    Sending sending(sample::event_with(body_of(FactKind::site_heartbeat)));
    EXPECT_EQ(sending.key, "study-1/site/site-01");
    sending.partitions = 8;
    sending.partition = partition_of(sending.key, 8);
    EXPECT_EQ(outcome(admission.admit(sending.view())), "accepted");
    sending.key = "study-1/s-0001";
    sending.partition = partition_of(sending.key, 8);
    EXPECT_EQ(outcome(admission.admit(sending.view())), "quarantined key: key_mismatch");
}

TEST(Sizes, have_a_limit) {
    Directory narrow = *small_directory();
    Sending sending(sample::temperature());
    narrow.max_value_bytes = sending.value.size();
    narrow.max_headers = 2;
    Admission admission(std::make_shared<const Directory>(narrow));
    EXPECT_EQ(outcome(admission.admit(sending.view())), "accepted");
    sending.headers = {{"a", "1"}, {"b", "2"}};
    EXPECT_EQ(outcome(admission.admit(sending.view())), "accepted");
    sending.headers.push_back({"c", "3"});
    EXPECT_EQ(outcome(admission.admit(sending.view())), "rejected headers: oversize");
    sending.headers.clear();
    sending.value += wire::bytes::number(900, 1);
    EXPECT_EQ(outcome(admission.admit(sending.view())), "rejected : oversize");
}

TEST(FramedMessages, are_admitted_like_bare_ones) {
    Admission admission(small_directory());
    const std::string bare = wire::encode(sample::temperature());
    const std::uint64_t hash = admission.admit(Sending(bare).view()).event.content_hash;
    EXPECT_EQ(admission.admit(Sending("\0\0\0\0\7\0"s + bare).view()).event.content_hash, hash);
    Sending event(bare);
    const std::string id(sample::temperature().message_id);
    event.headers = {{"ce_specversion", "1.0"},
                     {"ce_id", id},
                     {"CE_Type", "org.cellvigil.event.v1.observation"},
                     {"content-type", "application/protobuf"}};
    EXPECT_EQ(outcome(admission.admit(event.view())), "accepted");
    event.headers[1].value = "another";
    EXPECT_EQ(outcome(admission.admit(event.view())), "quarantined message_id: id_mismatch");
    event.headers[1].value = id;
    event.headers[2].value = "org.cellvigil.event.v1.death";
    EXPECT_EQ(outcome(admission.admit(event.view())), "rejected ce_type: wrong_schema");
    event.headers[2].value = "org.cellvigil.event.v1.observation";
    event.headers[3].value = "application/json";
    event.value = json_of_envelope(bare);
    EXPECT_EQ(outcome(admission.admit(event.view())), "accepted");
    EXPECT_EQ(admission.admit(event.view()).event.content_hash, hash);
    event.value = "[" + event.value + "," + event.value + "]";
    EXPECT_EQ(outcome(admission.admit(event.view())), "rejected : unparsable");
    event.value = R"({"message_id": 7, "colour": "red"})";
    EXPECT_EQ(admission.admit(event.view()).intake, Intake::rejected);
    EXPECT_GE(admission.admit(event.view()).issues.size(), 2U);
}

TEST(Outcomes, have_names) {
    EXPECT_STREQ(name_of(Outcome::accepted), "accepted");
    EXPECT_STREQ(name_of(Outcome::queued), "queued");
}

}  // namespace
}  // namespace cellvigil::ingest
