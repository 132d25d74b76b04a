// `cellvigilctl explain --known-at`: what was said on a day, and from what, over an amendment, a late fact, a verdict,
// its revocation, and a record that turned out to be another subject's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/daemon/tools/command_run.h"

namespace cellvigil::tools {
namespace {

using testing::HasSubstr;
using testing::Not;

class KnownAt : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "cellvigil-known-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        std::ofstream file(path());
        const std::string pressor = R"("intervention":{"kind":"VASOPRESSOR","phase":"START","by_infusion":true,)"
                                    R"("agent":{"system":"http://www.whocc.no/atc","code":"C01CA03"}})";
        for (const char* subject : {"P1", "P2"}) {
            file << line(subject, "en", 1, "2026-02-01T08:00:00Z", "2026-02-01T08:00:00Z",
                         R"("enrollment":{"age_years":58})");
            file << line(subject, "inf", 1, "2026-02-20T10:00:00Z", "2026-02-20T11:00:00Z",
                         R"("infusion":{"product":{"system":"x","code":"y"},"infusion_number":1})");
            file << line(subject, "t1", 1, "2026-02-23T08:00:00Z", "2026-02-23T08:10:00Z", temperature("38.6"));
        }
        file << line("P1", "ne", 1, "2026-02-23T09:00:00Z", "2026-02-23T09:10:00Z", pressor);
        file << line("P1", "t1", 2, "2026-02-23T08:00:00Z", "2026-03-02T08:00:00Z", temperature("36.8"));
        file << line("P1", "t0", 1, "2026-02-23T07:00:00Z", "2026-03-03T08:00:00Z", temperature("38.4"));
        file << line("P1", "adj", 1, "2026-02-23T09:00:00Z", "2026-03-04T08:00:00Z",
                     R"("adjudication":{"grading_system":"ASTCT_CRS_2019","component":"HYPOTENSION",)"
                     R"("verdict":"OTHER_CAUSE","other_cause":"sepsis","clinician_id":"c1","clinician_role":"pi",)"
                     R"("signed_at":"2026-03-04T08:00:00Z"})");
        file << line("P1", "adj", 2, "", "2026-03-05T08:00:00Z", "");
        file << line("P1", "ne", 2, "", "2026-03-06T08:00:00Z", "");
        file << line("P2", "ne", 1, "2026-02-23T09:00:00Z", "2026-03-06T08:01:00Z", pressor);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    static std::string temperature(const char* value) {
        return std::string(R"("observation":{"code":{"system":"http://loinc.org","code":"8310-5"},"status":"FINAL",)") +
               R"("quantity":{"unit":"Cel","value":)" + value + "}}";
    }
    // Without `at`: a retraction.
    std::string line(const std::string& subject, const std::string& record, int version, const std::string& at,
                     const std::string& recorded, const std::string& body) {
        std::string text = R"({"study_id":"S","cohort_id":"C","site_id":"s1","source_system":"ehr","origin":"EHR",)";
        text += R"("subject_id":")" + subject + R"(","record_id":")" + record + R"(","message_id":"m)" +
                std::to_string(++messages_) + R"(","record_version":)" + std::to_string(version);
        text += R"(,"recorded_at":")" + recorded + R"(","action":")";
        text += at.empty() ? "RETRACT" : version == 1 ? "CREATE" : "AMEND";
        text += '"';
        if (version > 1) text += R"(,"action_reason":"corrected")";
        if (at.empty()) return text + "}\n";
        return text + R"(,"effective":{"instant":")" + at + R"(","precision":"MINUTE","utc_offset_minutes":0},)" +
               body + "}\n";
    }
    std::string path() const { return (folder_ / "messages.ndjson").string(); }
    std::string said(const char* subject, const char* day_of_march) const {
        const Ran ran =
            run({"explain", std::string("S/") + subject, "--file", path(), "--scale", "CRS", "--at",
                 "2026-02-23T10:00:00Z", "--known-at", std::string("2026-03-") + day_of_march + "T12:00:00Z"});
        EXPECT_EQ(ran.code, 0) << ran.err;
        return ran.out;
    }

    std::filesystem::path folder_;
    int messages_ = 0;
};

TEST_F(KnownAt, every_version_of_the_statement_can_be_read) {
    EXPECT_THAT(said("P1", "01"),
                HasSubstr("CRS grade 3 since 09:00 on day 3: hypotension; norepinephrine started 09:00; "
                          "temperature 38.6 °C at 08:00"));
    EXPECT_THAT(said("P1", "01"), HasSubstr("evidence: ehr/t1"));
    EXPECT_THAT(said("P1", "02"), HasSubstr("CRS grade 0 since 09:00 on day 3")) << "amended: there was no fever";
    EXPECT_THAT(said("P1", "03"), HasSubstr("CRS grade 3 since 09:00 on day 3")) << "a late fever";
    EXPECT_THAT(said("P1", "03"), HasSubstr("temperature 38.4 °C at 07:00"));
    EXPECT_THAT(said("P1", "04"), HasSubstr("CRS grade 0, could be as high as 3")) << "signed as something else";
    EXPECT_THAT(said("P1", "04"), HasSubstr("evidence: ehr/adj"));
    EXPECT_THAT(said("P1", "05"), HasSubstr("CRS grade 3 since 09:00 on day 3")) << "revoked";
    EXPECT_THAT(said("P1", "05"), Not(HasSubstr("ehr/adj")));
    EXPECT_THAT(said("P1", "06"), HasSubstr("CRS grade 0 since 08:00 on day 3")) << "the pressor was another subject's";
    EXPECT_THAT(said("P2", "05"), HasSubstr("CRS grade 1 since 08:00 on day 3"));
    EXPECT_THAT(said("P2", "06"), HasSubstr("CRS grade 3 since 09:00 on day 3"));
}

TEST_F(KnownAt, what_changed_since_names_the_records) {
    const Ran ran = run({"explain", "S/P1", "--file", path(), "--scale", "CRS", "--at", "2026-02-23T10:00:00Z",
                         "--changes-since", "2026-03-01T00:00:00Z"});
    ASSERT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("record ehr/ne retracted"));
    EXPECT_THAT(ran.out, HasSubstr("record ehr/t1 amended: version 1 then, 2 now"));
    EXPECT_THAT(ran.out, HasSubstr("record ehr/t0 appeared"));
    EXPECT_THAT(ran.out, Not(HasSubstr("ehr/inf")));
    EXPECT_THAT(ran.out, HasSubstr("because of: ehr/ne"));
}

}  // namespace
}  // namespace cellvigil::tools
