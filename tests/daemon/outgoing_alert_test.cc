#include "daemon/outgoing_alert.h"

#include <gtest/gtest.h>

#include "daemon/wire/encode.h"

namespace cellvigil {
namespace {

wire::Alert alert() {
    wire::Alert message;
    message.alert_id = "a";
    message.revision = 2;
    message.rule = "crs_grade_3";
    message.state = wire::AlertState::updated;
    message.subject_key = "STUDY/PSEUDONYM-7";
    message.study = "STUDY";
    message.cohort = "C";
    message.site = "SITE-SECRET";
    message.sites = 1;
    message.title = "CRS of grade 3 or higher";
    message.explanation = "because of RECORD-9";
    message.evidence = {"ehr/RECORD-9"};
    return message;
}

TEST(OutgoingAlert, a_thin_message_is_the_alert_without_subject_site_words_and_records) {
    const auto thin = thin_message(wire::encode(alert()));
    ASSERT_TRUE(thin.has_value());
    for (const char* secret : {"PSEUDONYM-7", "SITE-SECRET", "RECORD-9"})
        EXPECT_EQ(thin->find(secret), std::string::npos) << secret;
    const auto read = wire::alert_of(*thin);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->alert_id, "a");
    EXPECT_EQ(read->revision, 2U);
    EXPECT_EQ(read->title, alert().title);
}

TEST(OutgoingAlert, only_the_inside_names_the_subject) {
    const std::string bytes = wire::encode(alert());
    const auto inside = inside_alert(bytes);
    ASSERT_TRUE(inside.has_value());
    EXPECT_EQ(inside->subject, "STUDY/PSEUDONYM-7");
    EXPECT_EQ(inside->site, "SITE-SECRET");
    EXPECT_EQ(inside->explanation, "because of RECORD-9");
    EXPECT_EQ(thin_alert(bytes)->sites, 1U);
}

TEST(OutgoingAlert, what_is_no_alert_is_an_error) {
    EXPECT_FALSE(thin_message("\xff\xff").has_value());
    EXPECT_FALSE(inside_alert("\xff\xff").has_value());
    EXPECT_FALSE(thin_alert("\xff\xff").has_value());
}

}  // namespace
}  // namespace cellvigil
