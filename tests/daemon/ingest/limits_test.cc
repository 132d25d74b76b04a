// Both sides of every row of the table of limits, through admission itself: the JSON form of a sample is changed in one
// field.
#include "daemon/ingest/limits.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cmath>
#include <map>

#include "daemon/ingest_json/json.h"
#include "daemon/wire/decode.h"
#include "tests/daemon/ingest/sending.h"
#include "tests/daemon/wire/wire_bytes.h"
#include "tests/support/case_name.h"
#include "tests/support/sample_events.h"

namespace cellvigil::ingest {
namespace {

namespace json = boost::json;

// Where a message of the contract stands in a sample, and in which.
struct Place {
    FactKind kind;
    std::string pointer;  // JSON pointer with a slash at its end
    std::string path;     // as issues name it, with a dot at its end
};
const std::map<std::string_view, Place>& places() {
    static const std::map<std::string_view, Place> all{
        {"EventEnvelope", {FactKind::observation, "/", ""}},
        {"Coding", {FactKind::observation, "/observation/code/", "observation.code."}},
        {"Quantity", {FactKind::observation, "/observation/quantity/", "observation.quantity."}},
        {"SiteGrade", {FactKind::infection, "/infection/severities/0/", "infection.severities[0]."}},
        {"Observation", {FactKind::observation, "/observation/", "observation."}},
        {"IceAssessment", {FactKind::ice_assessment, "/ice_assessment/", "ice_assessment."}},
        {"NeuroFinding", {FactKind::neuro_finding, "/neuro_finding/", "neuro_finding."}},
        {"Intervention", {FactKind::intervention, "/intervention/", "intervention."}},
        {"Enrollment", {FactKind::enrollment, "/enrollment/", "enrollment."}},
        {"Infusion", {FactKind::infusion, "/infusion/", "infusion."}},
        {"AdverseEventReport", {FactKind::adverse_event, "/adverse_event_report/", "adverse_event_report."}},
        {"Infection", {FactKind::infection, "/infection/", "infection."}},
        {"Zoster", {FactKind::infection, "/infection/zoster/", "infection.zoster."}},
        {"DiseaseStatus", {FactKind::disease_status, "/disease_status/", "disease_status."}},
        {"SubsequentTherapy", {FactKind::subsequent_therapy, "/subsequent_therapy/", "subsequent_therapy."}},
        {"Death", {FactKind::death, "/death/", "death."}},
        {"FollowUpContact", {FactKind::contact, "/follow_up_contact/", "follow_up_contact."}},
        {"Surveillance",
         {FactKind::contact, "/follow_up_contact/surveillance/0/", "follow_up_contact.surveillance[0]."}},
        {"ConsentChange", {FactKind::consent_change, "/consent_change/", "consent_change."}},
        {"Adjudication", {FactKind::adjudication, "/adjudication/", "adjudication."}},
    };
    return all;
}

json::object sample_json(FactKind kind) {
    for (const Body& body : sample::full_bodies()) {
        if (kind_of(body) != kind) continue;
        Event event = sample::event_with(body);
        event.effective_end.reset();
        return json::parse(json_of_envelope(wire::encode(event))).as_object();
    }
    return {};
}

std::string admitted_with(const json::value& envelope) {
    const auto items = envelopes_of_json(json::serialize(envelope));
    EXPECT_EQ(items.size(), 1U);
    for (const Issue& issue : items[0].issues) return "form: " + issue.path + ": " + issue.detail;
    Admission admission(any_directory());
    return outcome(admission.admit(Sending(items[0].envelope).view()));
}

class Limits : public testing::TestWithParam<FieldLimit> {
  protected:
    void of_length_are_kept() const;
    void of_length_count_characters() const;
    void of_pattern_are_kept() const;
    void of_range_are_kept() const;
    void of_range_that_keep_flag_instead() const;
    void of_need_are_kept() const;
    void of_number_are_kept() const;

    const FieldLimit& limit() const { return GetParam(); }
    const Place& place() const { return places().at(limit().message); }
    std::string path() const { return place().path + std::string(limit().field); }
    json::object& parent(json::value& envelope) const {
        return envelope.at_pointer(place().pointer.substr(0, place().pointer.size() - 1)).as_object();
    }

    std::string with(const std::string& text) const { return with(json::value(json::string(text))); }
    std::string with(const char* text) const { return with(std::string(text)); }
    std::string with(double number) const { return with(json::value(number)); }
    std::string with(const json::value& value) const {
        json::value envelope = sample_json(place().kind);
        if (path() == "observation.text") envelope.as_object()["observation"].as_object().erase("quantity");
        parent(envelope)[limit().field] = value;
        return admitted_with(envelope);
    }
    std::string without() const {
        json::value envelope = sample_json(place().kind);
        parent(envelope).erase(limit().field);
        return admitted_with(envelope);
    }
};

// Rows of times are tested below: JSON writes them as text.
std::vector<FieldLimit> rows() {
    std::vector<FieldLimit> all;
    for (const FieldLimit& row : kFieldLimits) {
        if (row.message != "Timestamp" && row.message != "EventTime") all.push_back(row);
    }
    return all;
}

void Limits::of_length_are_kept() const {
    if (limit().longest == 0) return;
    EXPECT_EQ(with(std::string(limit().longest, 'x')), "accepted");
    EXPECT_EQ(with(std::string(limit().longest + 1U, 'x')), "rejected " + path() + ": out_of_range");
}

void Limits::of_length_count_characters() const {
    if (limit().longest == 0 || limit().pattern != Pattern::any) return;
    std::string text;
    for (unsigned i = 0; i < limit().longest; ++i) text += "\xc3\xa9";
    EXPECT_EQ(with(text), "accepted");
}

void Limits::of_pattern_are_kept() const {
    const std::string refused = "rejected " + path() + ": bad_field";
    switch (limit().pattern) {
        case Pattern::any:
            break;
        case Pattern::name:
            EXPECT_EQ(with("aZ09._-"), "accepted");
            for (const char* bad : {"a b", "a/b", "a:b", "\xc3\xa9", "a\n"}) EXPECT_EQ(with(bad), refused) << bad;
            break;
        case Pattern::source:
            EXPECT_EQ(with("az09._-"), "accepted");
            for (const char* bad : {"A", "a/b", "a b"}) EXPECT_EQ(with(bad), refused) << bad;
            break;
        case Pattern::visible:
            EXPECT_EQ(with("!aZ09./:~"), "accepted");
            for (const char* bad : {"a b", "\x7f", "\xc3\xa9", "a\t"}) EXPECT_EQ(with(bad), refused) << bad;
            break;
    }
}

void Limits::of_range_are_kept() const {
    if (!limit().ranged || limit().outside == Outside::kept) return;
    const std::string refused = "rejected " + path() + ": out_of_range";
    EXPECT_EQ(with(limit().first), "accepted");
    EXPECT_EQ(with(limit().last), "accepted");
    if (limit().last < kLargestCount) {
        EXPECT_EQ(with(limit().last + 1), refused);
    }
    if (limit().first > 0 && limit().need == Need::optional) {
        EXPECT_EQ(with(limit().first - 1), refused);
    }
    if (limit().message == "Intervention") {  // the numbers with a sign
        EXPECT_EQ(with(-0.001), refused);
    }
}

void Limits::of_range_that_keep_flag_instead() const {
    if (limit().outside != Outside::kept) return;
    json::value envelope = sample_json(place().kind);
    parent(envelope)[limit().field] = limit().last + 1;
    const auto items = envelopes_of_json(json::serialize(envelope));
    ASSERT_TRUE(items.at(0).issues.empty());
    Admission admission(any_directory());
    const Admitted& admitted = admission.admit(Sending(items[0].envelope).view());
    EXPECT_EQ(outcome(admitted), "accepted");
    EXPECT_EQ(flags_of(admitted), "implausible");
}

void Limits::of_need_are_kept() const {
    const std::string missing = "rejected " + path() + ": missing_field";
    if (limit().need == Need::optional) return;
    EXPECT_EQ(without(), missing);
}

void Limits::of_number_are_kept() const {
    if (limit().most == 0) return;
    json::value envelope = sample_json(place().kind);
    const json::value* list = parent(envelope).if_contains(limit().field);
    const json::value element = list != nullptr ? list->as_array().front() : json::value(json::object{{"code", "x"}});
    parent(envelope)[limit().field] = json::array(limit().most, element);
    EXPECT_EQ(admitted_with(envelope), "accepted");
    parent(envelope)[limit().field] = json::array(limit().most + 1U, element);
    EXPECT_EQ(admitted_with(envelope), "rejected " + path() + ": out_of_range");
}

TEST_P(Limits, are_kept_on_both_sides) {
    of_length_are_kept();
    of_length_count_characters();
    of_pattern_are_kept();
    of_range_are_kept();
    of_range_that_keep_flag_instead();
    of_need_are_kept();
    of_number_are_kept();
}
INSTANTIATE_TEST_SUITE_P(Table, Limits, testing::ValuesIn(rows()), [](const auto& row) {
    return std::string(row.param.message) + "_" + std::string(row.param.field);
});

TEST(Patterns, judge_every_byte_at_every_place) {
    for (std::size_t size : {1U, 7U, 8U, 9U, 20U}) {
        for (std::size_t at = 0; at < size; ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text(size, 'x');
                text[at] = static_cast<char>(byte);
                const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
                const bool mark = byte == '.' || byte == '_' || byte == '-';
                EXPECT_EQ(fits(Pattern::visible, text), byte > 0x20 && byte < 0x7f) << byte;
                EXPECT_EQ(fits(Pattern::source, text), letter || mark) << byte;
                EXPECT_EQ(fits(Pattern::name, text), letter || mark || (byte >= 'A' && byte <= 'Z')) << byte;
                EXPECT_TRUE(fits(Pattern::any, text));
            }
        }
    }
}

struct TimeCase {
    const char* name;
    void (*change)(Event&);
    const char* expected;
};
class Times : public testing::TestWithParam<TimeCase> {};

Instant at(const char* rfc3339) { return parse_rfc3339(rfc3339).value(); }

TEST_P(Times, are_held_to_their_range) {
    Event event = sample::temperature();
    event.effective_end.reset();
    GetParam().change(event);
    Admission admission(any_directory());
    EXPECT_EQ(outcome(admission.admit(Sending(event).view())), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(Table, Times,
                         testing::ValuesIn(std::to_array<TimeCase>({
                             {"first_second", [](Event& e) { e.effective.from = at("1900-01-01T00:00:00Z"); },
                              "accepted"},
                             {"before_the_first", [](Event& e) { e.effective.from = at("1899-12-31T23:59:59Z"); },
                              "rejected effective.instant.seconds: bad_time"},
                             {"last_second", [](Event& e) { e.recorded_at = at("2199-12-31T23:59:59Z"); }, "accepted"},
                             {"after_the_last", [](Event& e) { e.recorded_at = at("2200-01-01T00:00:00Z"); },
                              "rejected recorded_at.seconds: bad_time"},
                             {"offset_840", [](Event& e) { e.effective.offset = UtcOffset(840); }, "accepted"},
                             {"offset_841", [](Event& e) { e.effective.offset = UtcOffset(841); },
                              "rejected effective.utc_offset_minutes: out_of_range"},
                             {"offset_minus_840", [](Event& e) { e.effective.offset = UtcOffset(-840); }, "accepted"},
                             {"offset_minus_841", [](Event& e) { e.effective.offset = UtcOffset(-841); },
                              "rejected effective.utc_offset_minutes: out_of_range"},
                             {"end_with_the_beginning", [](Event& e) { e.effective_end = e.effective; }, "accepted"},
                             {"end_before_the_beginning",
                              [](Event& e) {
                                  e.effective_end = e.effective;
                                  e.effective_end->from -= milliseconds(1);
                              },
                              "rejected effective_end: bad_time"},
                             {"end_in_the_day_of_the_beginning",
                              [](Event& e) {
                                  e.effective_end = e.effective;
                                  e.effective_end->from -= hours(5);
                                  e.effective_end->precision = TimePrecision::day;
                              },
                              "accepted"},
                         })),
                         CaseName{});

struct BytesCase {
    const char* name;
    std::string appended;  // to a good message: the later of two wins, messages merge
    const char* expected;
};
class Appended : public testing::TestWithParam<BytesCase> {};

TEST_P(Appended, fields_are_held_to_their_limits) {
    Admission admission(any_directory());
    Event event = sample::temperature();
    event.effective_end.reset();
    const Sending sending(wire::encode(event) + GetParam().appended);
    EXPECT_EQ(outcome(admission.admit(sending.view())), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(
    Table, Appended,
    testing::ValuesIn(std::vector<BytesCase>{
        {"nothing", "", "accepted"},
        {"nanos_999999999", wire::bytes::chunk(15, wire::bytes::number(2, 999'999'999)), "accepted"},
        {"nanos_a_second", wire::bytes::chunk(15, wire::bytes::number(2, 1'000'000'000)),
         "rejected recorded_at.nanos: bad_time"},
        {"nanos_negative", wire::bytes::chunk(16, wire::bytes::number(2, ~0ULL)), "rejected sent_at.nanos: bad_time"},
        {"time_without_instant", wire::bytes::chunk(14, wire::bytes::number(2, 1)),
         "rejected effective_end.instant: missing_field"},
        {"unknown_action", wire::bytes::number(10, 9), "rejected action: bad_field"},
        {"unknown_origin_is_only_flagged", wire::bytes::number(19, 9), "accepted"},
        {"unknown_field", wire::bytes::chunk(500, "from a newer contract"), "accepted"},
        {"not_a_number", wire::bytes::chunk(32, wire::bytes::chunk(2, wire::bytes::fixed(1, std::nan("")))),
         "rejected observation.quantity.value: not_finite"},
        {"infinite_reference", wire::bytes::chunk(32, wire::bytes::fixed(7, HUGE_VAL)),
         "rejected observation.reference_low: not_finite"},
    }),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace cellvigil::ingest
