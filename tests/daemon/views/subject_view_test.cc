// What was said, from what, and what has changed since: through the view that the command line and the API share.
#include "daemon/views/subject_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/support/fact_story.h"

namespace cellvigil::views {
namespace {

using story::d;
using story::Story;
using story::Told;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Observation pressure(int mmhg) {
    Observation said;
    said.analyte = Analyte::systolic;
    said.status = ResultStatus::final;
    said.value = whole(mmhg);
    return said;
}
Observation degrees(int tenths) {
    Observation said = pressure(0);
    said.analyte = Analyte::temperature;
    said.value = hundredths(tenths * 10);
    return said;
}

// Fever and one pressor on day 3; an ICE on day 5.
Story course() {
    Story story;
    story.adult().infused();
    story.tell(d(3, 8), degrees(390), "fever");
    Intervention pressor;
    pressor.kind = InterventionKind::vasopressor;
    pressor.phase = InterventionPhase::start;
    pressor.agent = Agent::norepinephrine;
    story.tell(d(3, 9), pressor, "pressor");
    story.ice(d(5, 8), 6);
    return story;
}

Told later_version(const Story& story, const std::string& record, Body body, RecordAction action, Instant logged) {
    const auto found =
        std::find_if(story.told().begin(), story.told().end(), [&](const Told& told) { return told.record == record; });
    Told told = *found;
    told.message_id += "-again";
    told.event.version = 2;
    told.event.action = action;
    told.event.body = std::move(body);
    told.event.content_hash += 1;
    told.event.recorded_at = logged;
    told.event.appended_at = logged;
    return told;
}

SubjectTimeline with(const Story& story, const std::vector<Told>& more) {
    SubjectTimeline timeline = story.timeline();
    for (const Told& told : more) timeline.apply(event_of(told), {});
    return timeline;
}

std::string sentence(const SubjectTimeline& timeline, Scale scale, Instant at,
                     std::optional<Instant> known_at = std::nullopt) {
    for (const Line& line : standing_at(timeline, {}, at, known_at)) {
        if (line.said.scale == scale) return line.sentence;
    }
    return "";
}

constexpr Scale kCrs = Scale::astct_crs_2019;
constexpr Scale kIcans = Scale::astct_icans_2019;

TEST(KnownThen, is_told_with_the_values_of_then) {
    const Story story = course();
    const Instant corrected = d(10);
    const SubjectTimeline timeline =
        with(story, {later_version(story, "fever", degrees(401), RecordAction::amend, corrected)});
    EXPECT_THAT(sentence(timeline, kCrs, d(3, 12)), HasSubstr("temperature 40.1"));
    EXPECT_THAT(sentence(timeline, kCrs, d(3, 12), corrected - hours(1)), HasSubstr("temperature 39 "));
    EXPECT_EQ(sentence(timeline, kCrs, d(3, 12), corrected - hours(1)), sentence(story.timeline(), kCrs, d(3, 12)));
}

TEST(KnownThen, nothing_was_known_before_it_was_logged) {
    EXPECT_THAT(standing_at(course().timeline(), {}, d(6), d(-20)), IsEmpty());
}

TEST(Correction, re_grades_what_it_touches_and_leaves_the_rest_to_the_byte) {
    const Story story = course();
    const SubjectTimeline before = story.timeline();
    SubjectTimeline after = with(story, {later_version(story, "pressor", Retraction{}, RecordAction::retract, d(10))});
    const auto lines = [](const SubjectTimeline& timeline, Scale scale) {
        std::vector<std::string> texts;
        for (const Line& line : lines_of(timeline, {}, kAlways)) {
            if (line.said.scale == scale) texts.push_back(line.time + line.sentence);
        }
        return texts;
    };
    EXPECT_NE(lines(after, kCrs), lines(before, kCrs));
    EXPECT_EQ(lines(after, kIcans), lines(before, kIcans));
    const std::string incremental = after.canonical({});
    after.rederive({});
    EXPECT_EQ(after.canonical({}), incremental);
}

TEST(Changes, name_the_statements_and_the_record_that_made_them) {
    const Story story = course();
    const Instant corrected = d(10);
    const SubjectTimeline timeline =
        with(story, {later_version(story, "pressor", Retraction{}, RecordAction::retract, corrected)});
    const ChangedLines changed = changed_lines(timeline, {}, corrected - hours(1), std::nullopt, d(6));
    ASSERT_EQ(changed.records.size(), 1U);
    EXPECT_EQ(changed.records[0].record, "ehr/pressor");
    EXPECT_EQ(changed.records[0].change.kind, RecordChangeKind::gone);
    ASSERT_FALSE(changed.statements.empty());
    bool hypotension_went = false;
    for (const ChangedLine& line : changed.statements) {
        EXPECT_THAT(line.because, ElementsAre("ehr/pressor"));
        const Scale scale = (line.after ? line.after : line.before)->said.scale;
        EXPECT_NE(scale, kIcans) << "it does not rest on it";
        const bool was_three = scale == kCrs && line.before && line.before->said.grade == 3;
        hypotension_went = hypotension_went || (was_three && !line.after);
    }
    EXPECT_TRUE(hypotension_went);
}

TEST(Changes, of_two_records_each_is_named_for_what_it_did) {
    const Story story = course();
    const Instant corrected = d(10);
    Story more = story;
    more.ice(d(5, 20), 2);
    Told late = more.told().back();
    late.event.appended_at = corrected;
    const SubjectTimeline timeline =
        with(story, {later_version(story, "pressor", Retraction{}, RecordAction::retract, corrected), late});
    const ChangedLines changed = changed_lines(timeline, {}, corrected - hours(1), std::nullopt, d(6));
    EXPECT_EQ(changed.records.size(), 2U);
    for (const ChangedLine& line : changed.statements) {
        const bool icans = (line.after ? line.after : line.before)->said.scale == kIcans;
        EXPECT_THAT(line.because, ElementsAre(icans ? "ehr/" + late.record : "ehr/pressor"));
    }
}

TEST(Changes, there_are_none_between_two_times_without_any) {
    const ChangedLines changed = changed_lines(course().timeline(), {}, d(8), d(9), d(6));
    EXPECT_THAT(changed.records, IsEmpty());
    EXPECT_THAT(changed.statements, IsEmpty());
}

TEST(Adjudication, is_revoked_by_a_later_verdict_and_by_a_retraction) {
    Story story = course();
    Adjudication signed_off;
    signed_off.scale = kCrs;
    signed_off.component = Component::hypotension;
    signed_off.verdict = Verdict::other_cause;
    signed_off.other_cause = "bleeding";
    signed_off.clinician = "clinician-1";
    signed_off.role = "investigator";
    signed_off.signed_at = d(3, 8);
    story.tell(d(3, 8), signed_off, "verdict");
    EXPECT_EQ(story.at(d(3, 10), kCrs).grade, 1);
    EXPECT_EQ(story.at(d(3, 10), kCrs).grade_upper, 3);
    EXPECT_THAT(sentence(story.timeline(), kCrs, d(3, 10)), HasSubstr("signed as due to bleeding by clinician-1"));
    Story later = story;
    signed_off.verdict = Verdict::due_to_therapy;
    later.tell(d(3, 8, 30), signed_off, "second-thought");
    EXPECT_EQ(later.at(d(3, 10), kCrs).grade, 3);
    const SubjectTimeline retracted =
        with(story, {later_version(story, "verdict", Retraction{}, RecordAction::retract, d(4))});
    EXPECT_EQ(sentence(retracted, kCrs, d(3, 10)), sentence(course().timeline(), kCrs, d(3, 10)));
}

TEST(Explanation, has_criteria_with_limits_values_and_deciding_keys) {
    Story story;
    story.adult().infused().temperature(d(3, 8), 39).systolic(d(3, 8), 82).systolic(d(3, 8, 20), 80);
    const auto json = boost::json::parse(explanation_json(story.timeline(), {}, d(3, 9), std::nullopt));
    const auto& standing = json.at("standing").as_array();
    const auto found = std::find_if(standing.begin(), standing.end(), [](const boost::json::value& said) {
        return said.at("scale").as_string() == name_of(kCrs);
    });
    ASSERT_NE(found, standing.end());
    const auto& crs = *found;
    const auto& hypotension = crs.at("criteria").as_array().at(0);
    EXPECT_EQ(hypotension.at("component").as_string(), "hypotension");
    const auto& limit = hypotension.at("limits").as_array().at(0);
    EXPECT_EQ(limit.at("what").as_string(), "systolic");
    EXPECT_EQ(limit.at("holds").as_string(), "below");
    EXPECT_EQ(limit.at("value").as_string(), "90");
    EXPECT_EQ(limit.at("unit").as_string(), "mm[Hg]");
    EXPECT_EQ(limit.at("key").as_string(), "crs.sbp_adult");
    const auto& value = hypotension.at("values").as_array().at(0);
    EXPECT_EQ(value.at("what").as_string(), "systolic");
    EXPECT_EQ(value.at("unit").as_string(), "mm[Hg]");
    std::vector<std::string> keys;
    for (const auto& use : crs.at("decisions").as_array()) keys.emplace_back(use.at("key").as_string());
    EXPECT_THAT(keys, testing::Contains("crs.sbp_adult"));
    EXPECT_THAT(keys, testing::Not(testing::Contains("crs.map_adult")));
    EXPECT_EQ(json.at("pack_hash").as_string(), "built-in");
}

// Whatever the scale: criteria in words, values of the evidence with their records, keys, and the hash of the pack.
TEST(Explanation, every_scale_has_the_same_parts) {
    RuleSet rules;
    rules.scales = kComputedScales;
    Story story;
    story.adult()
        .lab(d(-6), Analyte::ferritin, 700)
        .infused()
        .temperature(d(3, 8), 39)
        .starts(d(3, 8), Agent::norepinephrine);
    story.ice(d(3, 8), 5)
        .lab(d(3, 8), Analyte::neutrophils, 0.3)
        .lab(d(3, 8), Analyte::platelets, 15)
        .lab(d(3, 8), Analyte::haemoglobin, 75);
    story.lab(d(40), Analyte::neutrophils, 0.3).lab(d(41), Analyte::neutrophils, 0.3).lab(d(42), Analyte::igg, 3);
    AdverseEvent licats;
    licats.category = AdverseEventCategory::licats;
    AdverseEvent iec_hs;
    iec_hs.category = AdverseEventCategory::iec_hs;
    story.tell(d(43), licats).tell(d(43), iec_hs);
    const auto json = boost::json::parse(explanation_json(story.timeline(rules), rules, d(43, 12), std::nullopt));
    EXPECT_EQ(json.at("pack_hash").as_string(), "built-in");
    std::set<std::string> scales;
    std::size_t limits = 0;
    std::size_t keys = 0;
    for (const auto& said : json.at("standing").as_array()) {
        if (!said.at("under_surveillance").as_bool()) continue;
        scales.emplace(said.at("scale").as_string());
        const auto& criteria = said.at("criteria").as_array();
        ASSERT_FALSE(criteria.empty()) << said;
        for (const auto& criterion : criteria) {
            EXPECT_FALSE(criterion.at("criterion").as_string().empty()) << said;
            limits += criterion.at("limits").as_array().size();
            for (const auto& value : criterion.at("values").as_array())
                EXPECT_FALSE(value.at("record").as_string().empty());
        }
        EXPECT_FALSE(said.at("evidence").as_array().empty()) << said;
        keys += said.at("decisions").as_array().size();
    }
    for (const Scale scale : {Scale::icaht_early, Scale::icaht_late, Scale::t_icaht, Scale::ctcae_5_0, Scale::ctcae_6_0,
                              Scale::iec_hs_2023, Scale::licats_2025, Scale::car_hematotox}) {
        EXPECT_TRUE(scales.contains(name_of(scale))) << name_of(scale);
    }
    EXPECT_GT(limits, 10U);
    EXPECT_GT(keys, 5U);
}

TEST(Explanation, lists_what_was_not_used_and_why) {
    Story story = course();
    Observation count = pressure(0);
    count.analyte = Analyte::platelets;
    count.value = whole(250);
    story.tell(d(3, 8), count, "good");
    count.value = thousandths(250);
    story.tell(d(4, 8), count, "slip");
    const auto json = boost::json::parse(explanation_json(story.timeline(), {}, d(6), std::nullopt));
    ASSERT_EQ(json.at("quality").as_array().size(), 1U);
    const auto& item = json.at("quality").as_array().at(0);
    EXPECT_EQ(item.at("kind").as_string(), "unit_slip_suspected");
    EXPECT_EQ(item.at("record").as_string(), "ehr/slip");
    EXPECT_EQ(item.at("against").as_string(), "ehr/good");
    EXPECT_FALSE(item.at("used").as_bool());
    EXPECT_THAT(std::string(item.at("sentence").as_string()), HasSubstr("as if in another unit (not used)"));
}

}  // namespace
}  // namespace cellvigil::views
