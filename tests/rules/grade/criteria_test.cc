// An assessment in parts, and the sentences of ICANS. Whole sentences, so that a change of words is seen in review.
#include "rules/grade/criteria.h"

#include <algorithm>
#include <ostream>

#include <gtest/gtest.h>

#include "tests/rules/grade/icans_ward.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using namespace icans_ward;

Explanation explained(const Story& told, Instant at, Scale scale = Scale::astct_icans_2019) {
    const SubjectTimeline timeline = told.timeline();
    const auto facts = timeline.facts();
    const auto fact_of = [&](RecordRef record) {
        const auto found =
            std::find_if(facts.begin(), facts.end(), [&](const Fact& fact) { return fact.record == record; });
        return found == facts.end() ? nullptr : &*found;
    };
    return explain(told.at(at, scale), fact_of, story::kOffset, {});
}

struct SentenceCase {
    const char* name;
    void (*tell)(Story&);
    Instant asked;
    const char* sentence;
};
void PrintTo(const SentenceCase& c, std::ostream* out) { *out << c.name; }

class IcansSentence : public testing::TestWithParam<SentenceCase> {};
TEST_P(IcansSentence, reads) {
    Story told;
    GetParam().tell(told);
    EXPECT_EQ(explained(told, GetParam().asked).sentence, GetParam().sentence);
}

const SentenceCase kSentences[] = {
    {"ice", [](Story& s) { adult(s).ice(d(5, 8), 6); }, d(5, 9),
     "ICANS grade 2 since 08:00 on day 5: ICE 6, alert at 08:00"},
    {"normal", [](Story& s) { adult(s).ice(d(5, 8), 10); }, d(5, 9),
     "ICANS grade 0 since 08:00 on day 5: ICE 10, alert at 08:00"},
    {"parts_count", [](Story& s) { adult(s).tell(d(5, 8), ice_parts(3, 3, 1, 1, 1, 10)); }, d(5, 9),
     "ICANS grade 1 since 08:00 on day 5: ICE 9, alert at 08:00; ICE items and total disagree; the items count "
     "(needs "
     "adjudication)"},
    {"weakness_and_yesterdays_score",
     [](Story& s) { adult(s).ice(d(4, 20), 8).neuro(d(5, 7), weakness(WeaknessDepth::deep)); }, d(5, 7, 30),
     "ICANS grade 4 since 07:00 on day 5: motor weakness; deep focal motor weakness at 07:00; ICE 8, alert at 20:00 on "
     "day 4"},
    {"sedated", [](Story& s) { adult(s).ice(d(5, 6), 10).starts(d(5, 8), Agent::propofol); }, d(5, 9),
     "ICANS grade 0, could be as high as 4 since 08:00 on day 5: ICE 10, alert at 06:00; propofol started 08:00; "
     "sedated (needs "
     "adjudication)"},
    {"not_tested", [](Story& s) { untested(adult(s), d(5, 8), Unassessable::sedated); }, d(5, 9),
     "ICANS cannot be graded, could be as high as 4 since 08:00 on day 5: not tested, sedated at 08:00; sedated (needs "
     "adjudication)"},
    {"signed_off",
     [](Story& s) {
         adult(s)
             .ice(d(5, 8), 5)
             .signed_other(d(5, 9), Scale::astct_icans_2019, Component::ice, "hepatic encephalopathy");
     },
     d(5, 10),
     "ICANS grade 0, could be as high as 2 since 09:00 on day 5: ICE 5, alert at 08:00; ICE signed as due to hepatic "
     "encephalopathy "
     "by clinician-1 at 09:00; a component is signed as having another cause (needs adjudication)"},
    {"pressure_only", [](Story& s) { adult(s).ice(d(5, 8), 10).neuro(d(5, 8), opening_pressure(22)); }, d(5, 9),
     "ICANS grade 0, could be as high as 4 since 08:00 on day 5: raised cerebrospinal fluid pressure of 22 mmHg at "
     "08:00; ICE 10, "
     "alert at 08:00; raised pressure measured, without imaging or clinical signs (needs adjudication)"},
    {"child", [](Story& s) { child(s, 6).tell(d(5, 8), capd_of_items(8, 7)); }, d(5, 9),
     "ICANS cannot be graded, could be as high as 3 since 08:00 on day 5: CAPD 8 of 7 items, alert at 08:00; CAPD not "
     "answered in "
     "full (needs adjudication)"},
    {"death", [](Story& s) { adult(s).ice(d(5, 8), 0, Consciousness::unarousable).died(d(6, 3), DeathCause::icans); },
     d(6, 4), "ICANS grade 5 since 03:00 on day 6: death at 03:00"},
};
INSTANTIATE_TEST_SUITE_P(Golden, IcansSentence, testing::ValuesIn(kSentences), CaseName{});

TEST(Explanation, gives_the_row_of_the_table_with_its_limits) {
    Story told;
    adult(told).ice(d(5, 8), 2, Consciousness::to_tactile);
    const Explanation explanation = explained(told, d(5, 9));
    ASSERT_EQ(explanation.criteria.size(), 2U);
    EXPECT_EQ(explanation.criteria[0].component, Component::ice);
    EXPECT_EQ(explanation.criteria[0].text, "ICE 0 to 2");
    EXPECT_EQ(explanation.criteria[1].text, "awakens only to touch");
    ASSERT_EQ(explanation.quotes.size(), 1U);
    EXPECT_EQ(explanation.quotes[0].text, "ICE 2, awakens only to touch at 08:00");
    EXPECT_EQ(explanation.quotes[0].at, d(5, 8));
    EXPECT_TRUE(explanation.remarks.empty());
}

TEST(Explanation, of_crs_holds_the_rule_set_s_limits) {
    Story told;
    adult(told)
        .temperature(d(4, 14), 39)
        .starts(d(4, 14, 20), Agent::norepinephrine)
        .starts(d(4, 14, 20), Agent::epinephrine);
    const Explanation explanation = explained(told, d(4, 15), Scale::astct_crs_2019);
    ASSERT_EQ(explanation.criteria.size(), 1U);
    EXPECT_EQ(explanation.criteria[0].text,
              "two or more vasopressors, vasopressin not counted, together for at least 30 min");
    RuleSet rules;
    rules.crs.overlap = minutes(60);
    EXPECT_NE(criterion_of(Scale::astct_crs_2019, Term::none, Component::hypotension, 4, rules).find("60 min"),
              std::string::npos);
}

TEST(Explanation, names_its_remarks) {
    Story told;
    adult(told).ice(d(5, 8), 0, Consciousness::unspecified);
    const Explanation explanation = explained(told, d(5, 9));
    ASSERT_EQ(explanation.remarks.size(), 1U);
    EXPECT_EQ(explanation.remarks[0].flag, Flag::ice0_loc_missing);
    EXPECT_EQ(explanation.remarks[0].meaning, meaning_of(Flag::ice0_loc_missing));
}

TEST(Explanation, nothing_under_surveillance_has_no_parts) {
    Story told;
    adult(told);
    const Explanation explanation = explained(told, d(5, 9));
    EXPECT_TRUE(explanation.criteria.empty() && explanation.quotes.empty() && explanation.remarks.empty());
    EXPECT_FALSE(explanation.sentence.empty());
}

// Every component can decide only with a row of its table: a grade without words would be a grade nobody can check.
TEST(Criterion, every_row_that_can_decide_has_words) {
    const std::pair<Component, std::vector<Grade>> rows[] = {
        {Component::ice, {1, 2, 3, 4}}, {Component::capd, {1, 3, 4}}, {Component::consciousness, {2, 3, 4}},
        {Component::seizure, {3, 4}},   {Component::motor, {4}},      {Component::raised_icp, {3, 4}},
        {Component::death, {5}},
    };
    for (const auto& [component, grades] : rows) {
        for (const Grade grade : grades) {
            EXPECT_FALSE(criterion_of(Scale::astct_icans_2019, Term::none, component, grade, {}).empty())
                << name_of(component) << int{grade};
        }
    }
    const std::pair<Component, std::vector<Grade>> crs_rows[] = {{Component::fever, {1}},
                                                                 {Component::hypotension, {2, 3, 4}},
                                                                 {Component::hypoxia, {2, 3, 4}},
                                                                 {Component::death, {5}}};
    for (const auto& [component, grades] : crs_rows) {
        for (const Grade grade : grades) {
            EXPECT_FALSE(criterion_of(Scale::astct_crs_2019, Term::none, component, grade, {}).empty())
                << name_of(component) << int{grade};
        }
    }
}

}  // namespace
}  // namespace cellvigil
