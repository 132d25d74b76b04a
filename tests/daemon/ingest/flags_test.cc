// What admission keeps and marks: units, plausibility, codes, dates, clocks.
#include <gtest/gtest.h>

#include "tests/daemon/ingest/sending.h"
#include "tests/daemon/wire/wire_bytes.h"
#include "tests/support/case_name.h"
#include "tests/support/sample_events.h"

namespace cellvigil::ingest {
namespace {

namespace bytes = wire::bytes;

Admitted admitted(const Event& event, const wire::EnvelopeExtras& extras = {}) {
    Admission admission(small_directory());
    const Sending sending(event, extras);
    Admitted copy = admission.admit(sending.view());
    EXPECT_EQ(outcome(copy), "accepted");
    return copy;
}

struct NumberCase {
    const char* name;
    Analyte analyte;
    double number;
    const char* unit;
    const char* value;  // canonical; "none": not usable
    const char* flags;
};
class Numbers : public testing::TestWithParam<NumberCase> {};

TEST_P(Numbers, are_canonical_or_kept_without_use) {
    Observation body;
    body.analyte = GetParam().analyte;
    wire::EnvelopeExtras extras;
    extras.number = wire::NumberAsSent{GetParam().number, GetParam().unit, {}, {}};
    const Admitted result = admitted(sample::event_with(body), extras);
    const auto& observation = std::get<Observation>(result.event.body);
    EXPECT_EQ(observation.value ? to_text(*observation.value) : "none", GetParam().value);
    EXPECT_EQ(flags_of(result), GetParam().flags);
    EXPECT_EQ(observation.analyte, GetParam().analyte);
}
INSTANTIATE_TEST_SUITE_P(Table, Numbers,
                         testing::ValuesIn(std::to_array<NumberCase>({
                             {"fahrenheit", Analyte::temperature, 100.4, "[degF]", "38", ""},
                             {"site_alias", Analyte::temperature, 38.5, "C", "38.5", ""},
                             {"no_unit", Analyte::temperature, 38.5, "", "none", "unit_unknown"},
                             {"foreign_unit", Analyte::temperature, 38.5, "mg/dL", "none", "unit_unknown"},
                             {"hard_limit", Analyte::temperature, 45, "Cel", "45", "unusual"},
                             {"past_the_hard_limit", Analyte::temperature, 45.01, "Cel", "none", "implausible"},
                             {"fraction_of_oxygen", Analyte::fio2, 0.4, "1", "0.4", ""},
                             {"forty_as_fraction", Analyte::fio2, 40, "1", "none", "implausible"},
                             {"forty_percent", Analyte::fio2, 40, "%", "0.4", ""},
                             {"site_percent", Analyte::spo2, 95, "pct", "95", ""},
                             {"far_too_large", Analyte::ferritin, 1e300, "ug/L", "none", "implausible"},
                             {"not_quite_a_limit", Analyte::neutrophils, 0.4999, "10*9/L", "0.4999", ""},
                             {"half_a_score", Analyte::gcs, 14.5, "{score}", "none", "implausible"},
                             {"number_for_a_yes_no_test", Analyte::hbsag, 1, "1", "none", "unit_unknown"},
                         })),
                         CaseName{});

struct CodeCase {
    const char* name;
    const char* system;
    const char* code;
    const char* site;
    Analyte analyte;
    const char* flags;
};
class SiteCodes : public testing::TestWithParam<CodeCase> {};

TEST_P(SiteCodes, are_read_by_the_sites_own_table) {
    Observation body;
    body.code = GetParam().code;
    Event event = sample::event_with(body);
    event.site = GetParam().site;
    wire::EnvelopeExtras extras;
    extras.code_system = GetParam().system;
    extras.number = wire::NumberAsSent{1, GetParam().analyte == Analyte::creatinine ? "mg/dL" : "10*9/L", {}, {}};
    const Admitted result = admitted(event, extras);
    const auto& observation = std::get<Observation>(result.event.body);
    EXPECT_EQ(observation.analyte, GetParam().analyte);
    EXPECT_EQ(observation.value.has_value(), GetParam().analyte != Analyte::other);
    EXPECT_EQ(flags_of(result), GetParam().flags);
    if (GetParam().code == std::string_view("CMVPCR")) {
        EXPECT_EQ(observation.code, GetParam().site == std::string_view("site-01") ? "72493-0" : "CMVPCR");
    }
}
INSTANTIATE_TEST_SUITE_P(
    Table, SiteCodes,
    testing::ValuesIn(std::to_array<CodeCase>({
        {"by_our_name", "", "ANC", "site-01", Analyte::neutrophils, ""},
        {"by_loinc", "http://example.org/lab", "KREA", "site-01", Analyte::creatinine, ""},
        {"not_at_another_site", "", "ANC", "site-02", Analyte::other, "code_unknown check_digit"},
        {"not_for_a_public_system", "http://loinc.org", "ANC", "site-01", Analyte::other, "code_unknown check_digit"},
        {"a_public_code_keeps_its_meaning", "", "751-8", "site-01", Analyte::neutrophils, ""},
        {"not_in_the_table", "", "XYZ", "site-01", Analyte::other, "code_unknown check_digit"},
        {"a_cmv_test_by_its_loinc", "", "4996-5", "site-02", Analyte::other, ""},
        {"a_cmv_test_by_the_sites_code", "", "CMVPCR", "site-01", Analyte::other, ""},
        {"which_another_site_does_not_have", "", "CMVPCR", "site-02", Analyte::other, "code_unknown check_digit"},
    })),
    CaseName{});

TEST(SiteCodes, name_drugs_too) {
    Intervention body;
    body.kind = InterventionKind::vasopressor;
    body.phase = InterventionPhase::start;
    body.agent = Agent::other;
    body.agent_code = "NORAD";
    Event event = sample::event_with(body);
    const Admitted here = admitted(event);
    EXPECT_EQ(std::get<Intervention>(here.event.body).agent, Agent::norepinephrine);
    event.site = "site-02";
    const Admitted there = admitted(event);
    EXPECT_EQ(std::get<Intervention>(there.event.body).agent, Agent::other);
    EXPECT_EQ(std::get<Intervention>(there.event.body).agent_code, "NORAD");
}

TEST(Haemoglobin, in_mmol_is_kept_as_sent_beside_the_canonical) {
    Observation body;
    body.analyte = Analyte::haemoglobin;
    wire::EnvelopeExtras extras;
    extras.number = wire::NumberAsSent{4.93, "mmol/L", 8.5, 11.0};
    const Admitted result = admitted(sample::event_with(body), extras);
    const auto& observation = std::get<Observation>(result.event.body);
    EXPECT_TRUE(observation.in_mmol_per_litre);
    EXPECT_EQ(observation.value_as_sent, hundredths(493));
    EXPECT_EQ(to_text(*observation.value), "79.44202");
    EXPECT_EQ(to_text(*observation.reference_low), "136.969");
    body.value = observation.value;
    body.in_mmol_per_litre = true;
    body.value_as_sent = hundredths(493);
    EXPECT_TRUE(admitted(sample::event_with(body)).event.body == Body(body));
}

TEST(References, that_are_none_are_left_out) {
    const auto with = [](std::optional<double> low, std::optional<double> high) {
        Observation body;
        body.analyte = Analyte::platelets;
        wire::EnvelopeExtras extras;
        extras.number = wire::NumberAsSent{40, "10*9/L", low, high};
        const Admitted result = admitted(sample::event_with(body), extras);
        const auto& observation = std::get<Observation>(result.event.body);
        EXPECT_EQ(observation.value, whole(40));
        return std::make_pair(observation.reference_low.has_value() || observation.reference_high.has_value(),
                              flags_of(result));
    };
    EXPECT_EQ(with(150, 400), std::make_pair(true, std::string()));
    EXPECT_EQ(with(150, std::nullopt), std::make_pair(true, std::string()));
    EXPECT_EQ(with(400, 150), std::make_pair(false, std::string("unusual")));
    EXPECT_EQ(with(150, 150), std::make_pair(false, std::string("unusual")));
    EXPECT_EQ(with(-1, 150), std::make_pair(false, std::string("unusual")));
    EXPECT_EQ(with(1e300, std::nullopt), std::make_pair(false, std::string("unusual")));
}

TEST(Codes, without_a_rule_are_kept_and_marked) {
    Observation body;
    body.code = "2951-2";
    body.value = whole(140);
    const auto marks = [&](const char* code, const char* system) {
        body.code = code;
        wire::EnvelopeExtras extras;
        extras.code_system = system;
        extras.number = wire::NumberAsSent{140, "mmol/L", {}, {}};
        const Admitted result = admitted(sample::event_with(body), extras);
        EXPECT_EQ(std::get<Observation>(result.event.body).code, code);
        EXPECT_EQ(std::get<Observation>(result.event.body).value, std::nullopt);
        return flags_of(result);
    };
    EXPECT_EQ(marks("2951-2", ""), "code_unknown");
    EXPECT_EQ(marks("2951-3", ""), "code_unknown check_digit");
    EXPECT_EQ(marks("sodium", "http://example.org/lab"), "code_unknown");
}

TEST(Codes, of_alternates_are_remembered) {
    Observation body;
    body.code = "2708-6";
    wire::EnvelopeExtras extras;
    extras.number = wire::NumberAsSent{91, "%", {}, {}};
    const Admitted result = admitted(sample::event_with(body), extras);
    EXPECT_EQ(std::get<Observation>(result.event.body).analyte, Analyte::spo2);
    EXPECT_EQ(std::get<Observation>(result.event.body).code, "2708-6");
    EXPECT_EQ(flags_of(result), "");
}

TEST(YesNoResults, are_read_from_their_words) {
    Observation body;
    body.analyte = Analyte::hbsag;
    body.text = "Positive";
    const Admitted worded = admitted(sample::event_with(body));
    EXPECT_EQ(std::get<Observation>(worded.event.body).truth, true);
    EXPECT_EQ(std::get<Observation>(worded.event.body).text, "Positive");
    body.text.clear();
    body.truth = false;
    const Admitted stated = admitted(sample::event_with(body));
    EXPECT_EQ(std::get<Observation>(stated.event.body).truth, false);
}

template <typename Kind>
Kind taken(const Kind& body, const char* flags) {
    const Admitted result = admitted(sample::event_with(body));
    EXPECT_EQ(flags_of(result), flags);
    return std::get<Kind>(result.event.body);
}

TEST(IceScores, out_of_range_are_kept_and_not_usable) {
    IceAssessment body;
    body.total = 11;
    body.consciousness = Consciousness::alert;
    EXPECT_TRUE(taken(body, "implausible").implausible);
    EXPECT_EQ(taken(body, "implausible").total, 11U);
    body.total = 10;
    EXPECT_FALSE(taken(body, "").implausible);
}

TEST(IceScores, in_pieces_never_read_as_whole) {
    IceAssessment body;
    body.orientation = 4;
    body.naming = 3;
    EXPECT_TRUE(taken(body, "implausible").implausible);
    body.total = 9;  // a total stands alone
    const IceAssessment total_only = taken(body, "unusual");
    EXPECT_FALSE(total_only.implausible);
    EXPECT_EQ(total_only.total, 9U);
    EXPECT_EQ(total_only.orientation, std::nullopt);
}

TEST(Oxygen, beyond_what_can_be_is_left_out) {
    Intervention body;
    body.kind = InterventionKind::oxygen;
    body.phase = InterventionPhase::start;
    body.device = OxygenDevice::nasal_cannula;
    body.flow_l_min = whole(15);
    body.fio2 = hundredths(21);
    EXPECT_EQ(taken(body, "").flow_l_min, whole(15));
    body.flow_l_min = whole(16);
    EXPECT_EQ(taken(body, "implausible").flow_l_min, std::nullopt);
    body.flow_l_min.reset();
    body.fio2 = whole(40);
    EXPECT_EQ(taken(body, "implausible").fio2, std::nullopt);
}

TEST(PressorRates, need_a_unit_unless_they_are_zero) {
    Intervention body;
    body.kind = InterventionKind::vasopressor;
    body.phase = InterventionPhase::change;
    body.agent = Agent::norepinephrine;
    body.rate = thousandths(100);
    body.rate_unit = "mL/h";
    EXPECT_EQ(taken(body, "unit_unknown").rate, std::nullopt);
    body.rate = whole(0);
    EXPECT_EQ(taken(body, "").rate, whole(0));
    body.rate = whole(11);
    body.rate_unit = "ug/kg/min";
    EXPECT_EQ(taken(body, "implausible").rate, std::nullopt);
    body.rate = whole(3);
    EXPECT_EQ(taken(body, "unusual").rate, whole(3));
}

TEST(Agents, without_a_rule_keep_their_code) {
    Intervention body;
    body.kind = InterventionKind::drug;
    body.phase = InterventionPhase::single;
    body.agent = Agent::other;
    body.agent_code = "A02BC01";
    EXPECT_EQ(taken(body, "").agent_code, "A02BC01");
}

TEST(Causality, keeps_each_assessor_s_judgement_and_of_one_the_strongest) {
    const auto judged = [](std::initializer_list<std::pair<int, int>> judgements) {
        std::string report = bytes::number(1, 10);
        for (const auto& [assessor, relatedness] : judgements) {
            report += bytes::chunk(7, bytes::number(1, static_cast<std::uint64_t>(assessor)) +
                                          bytes::number(2, static_cast<std::uint64_t>(relatedness)));
        }
        Event event = sample::event_with(ConsentChange{ConsentScope::resumed});
        Admission admission(small_directory());
        const Sending sending(wire::encode(event) + bytes::chunk(36, report));
        const Admitted& result = admission.admit(sending.view());
        EXPECT_EQ(outcome(result), "accepted");
        const auto& body = std::get<AdverseEvent>(result.event.body);
        return body.causality;
    };
    using By = std::array<Relatedness, 4>;
    EXPECT_EQ(judged({{1, 2}, {2, 4}, {3, 3}}),
              (By{Relatedness::unspecified, Relatedness::unlikely, Relatedness::probable, Relatedness::possible}));
    EXPECT_EQ(judged({{1, 4}, {1, 1}, {0, 3}}),
              (By{Relatedness::possible, Relatedness::probable, Relatedness::unspecified, Relatedness::unspecified}));
    EXPECT_EQ(judged({{1, 0}, {2, 1}}), (By{Relatedness::unspecified, Relatedness::unspecified,
                                            Relatedness::not_related, Relatedness::unspecified}));
}

TEST(GradingSystems, of_astct_follow_the_category) {
    AdverseEvent body;
    body.category = AdverseEventCategory::icans;
    Admission admission(small_directory());
    const std::string grade = bytes::number(4, 3) + bytes::number(5, 1);
    const Sending icans(wire::encode(sample::event_with(body)) + bytes::chunk(36, grade));
    EXPECT_EQ(std::get<AdverseEvent>(admission.admit(icans.view()).event.body).reported->scale,
              Scale::astct_icans_2019);
    body.category = AdverseEventCategory::crs;
    const Sending crs(wire::encode(sample::event_with(body)) + bytes::chunk(36, grade));
    EXPECT_EQ(std::get<AdverseEvent>(admission.admit(crs.view()).event.body).reported->scale, Scale::astct_crs_2019);
}

TEST(ZosterBlocks, say_which_organism_it_is) {
    Infection body;
    body.zoster = Zoster{};
    EXPECT_EQ(taken(body, "").organism, Organism::vzv);
}

TEST(UnknownEnumerators, read_as_unspecified_and_are_marked) {
    NeuroFinding body;
    body.kind = NeuroKind::tremor;
    Admission admission(small_directory());
    const Sending kind(wire::encode(sample::event_with(body)) + bytes::chunk(34, bytes::number(1, 500)));
    EXPECT_EQ(std::get<NeuroFinding>(admission.admit(kind.view()).event.body).kind, NeuroKind::unspecified);
    EXPECT_EQ(flags_of(admission.admit(kind.view())), "unknown_enumerator");
    const Sending origin(wire::encode(sample::temperature()) + bytes::number(19, 77));
    EXPECT_EQ(admission.admit(origin.view()).event.origin, DataOrigin::unspecified);
    EXPECT_EQ(flags_of(admission.admit(origin.view())), "unknown_enumerator");
}

struct TimingCase {
    const char* name;
    void (*change)(Event&);
    const char* flags;
};
class Timing : public testing::TestWithParam<TimingCase> {};

TEST_P(Timing, is_marked) {
    Event event = sample::temperature();
    event.effective_end.reset();
    GetParam().change(event);
    EXPECT_EQ(flags_of(admitted(event)), GetParam().flags);
}
INSTANTIATE_TEST_SUITE_P(
    Table, Timing,
    testing::ValuesIn(std::to_array<TimingCase>({
        {"in_time", [](Event&) {}, ""},
        {"ten_minutes_ahead", [](Event& e) { e.effective.from = e.recorded_at + minutes(10); }, ""},
        {"more_than_ten_minutes_ahead",
         [](Event& e) { e.effective.from = e.recorded_at + minutes(10) + milliseconds(1); }, "clock_ahead"},
        {"three_days_late", [](Event& e) { e.recorded_at = e.effective.from + hours(72); }, ""},
        {"more_than_three_days_late", [](Event& e) { e.recorded_at = e.effective.from + hours(72) + milliseconds(1); },
         "very_late"},
        {"late_from_a_registry",
         [](Event& e) {
             e.recorded_at = e.effective.from + hours(1000);
             e.origin = DataOrigin::registry;
         },
         ""},
        {"create_of_version_two", [](Event& e) { e.version = 2; }, "created_late_version"},
        {"date_only", [](Event& e) { e.effective.precision = TimePrecision::day; }, "imputed_date"},
        {"no_offset", [](Event& e) { e.effective.offset.reset(); }, "offset_missing"},
    })),
    CaseName{});

TEST(Offsets, come_from_the_site_where_the_message_has_none) {
    Event event = sample::temperature();
    event.effective_end.reset();
    event.effective.offset.reset();
    EXPECT_EQ(admitted(event).event.effective.offset, UtcOffset(480));
    event.site = "site-02";
    EXPECT_EQ(admitted(event).event.effective.offset, std::nullopt);
}

}  // namespace
}  // namespace cellvigil::ingest
