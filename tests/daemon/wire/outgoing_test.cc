#include <gtest/gtest.h>

#include "daemon/wire/encode.h"
#include "tests/support/sample_events.h"

namespace cellvigil::wire {
namespace {

Alert full_alert() {
    Alert alert;
    alert.alert_id = "0123456789abcdef0123456789abcdef";
    alert.revision = 3;
    alert.rule = "herpes_zoster";
    alert.rule_version = 2;
    alert.severity = AlertSeverity::immediate;
    alert.state = AlertState::updated;
    alert.subject_key = "study-1/s-0001";
    alert.study = "study-1";
    alert.cohort = "cohort-1";
    alert.site = "site-01";
    alert.sites = 1;
    alert.event_time = sample::temperature().effective.from;
    alert.partition = 7;
    alert.position = 123456789012;
    alert.raised_at = alert.event_time + milliseconds(1234);
    alert.title = "Herpes zoster";
    alert.explanation = "disseminated: 21 vesicles outside";
    alert.scale = Scale::unspecified;
    alert.grade = 0;
    alert.grade_upper = 3;
    alert.needs_adjudication = true;
    alert.day = -3;
    alert.zoster = ZosterClass::cns_or_visceral;
    alert.deciding = {Component::hypoxia, Component::organ};
    alert.flags = {"stale_input"};
    alert.evidence = {"ward-ehr/s-0001/inf/9"};
    alert.pack_hash = "ab12";
    alert.infusion = 1;
    alert.episode = 2;
    alert.code = "P04";
    alert.details = {{"cd4", "0.15", "10*9/L", alert.event_time, -3, "lab/s-0001/cd4"},
                     {"key", "90", "alerts.p06_pain_d", std::nullopt, std::nullopt, ""}};
    return alert;
}

TEST(Alerts, come_back_as_they_left) {
    for (int scale = 0; scale <= static_cast<int>(Scale::unspecified); ++scale) {
        Alert alert = full_alert();
        alert.scale = static_cast<Scale>(scale);
        const auto read = alert_of(encode(alert));
        ASSERT_TRUE(read.has_value());
        EXPECT_TRUE(*read == alert) << scale;
    }
}

TEST(Alerts, without_a_grade_have_none) {
    Alert alert = full_alert();
    alert.grade.reset();
    alert.grade_upper.reset();
    const auto read = alert_of(encode(alert));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->grade, std::nullopt);
    EXPECT_EQ(read->grade_upper, std::nullopt);
}

TEST(Alerts, are_the_same_bytes_for_the_same_alert) { EXPECT_EQ(encode(full_alert()), encode(full_alert())); }

TEST(Alerts, are_not_read_from_other_bytes) { EXPECT_FALSE(alert_of("\xff\xff").has_value()); }

TEST(Alerts, name_their_severities_and_states) {
    for (const char* name : {"info", "medium", "high", "immediate"})
        EXPECT_STREQ(name_of(alert_severity_of(name)), name);
    EXPECT_EQ(alert_severity_of("unspecified"), AlertSeverity::unspecified);
    EXPECT_EQ(alert_severity_of("urgent"), AlertSeverity::unspecified);
    EXPECT_STREQ(name_of(AlertState::withdrawn), "withdrawn");
}

TEST(Assessments, and_episodes_are_written) {
    Assessment assessment;
    assessment.assessment_id = "a";
    assessment.grade = 0;
    EXPECT_FALSE(encode(assessment).empty());
    Assessment other = assessment;
    other.grade.reset();
    EXPECT_NE(encode(assessment), encode(other));
    Episode episode;
    episode.episode_id = "e";
    Episode open = episode;
    episode.resolved = sample::temperature().effective.from;
    EXPECT_NE(encode(episode), encode(open));
}

TEST(Keys, name_the_subject_or_the_site) {
    EXPECT_EQ(key_of(sample::temperature()), "study-1/s-0001");
    EXPECT_EQ(key_of(sample::event_with(SiteHeartbeat{})), "study-1/site/site-01");
    EXPECT_EQ(cloud_event_type(FactKind::contact), "org.cellvigil.event.v1.follow_up_contact");
}

}  // namespace
}  // namespace cellvigil::wire
