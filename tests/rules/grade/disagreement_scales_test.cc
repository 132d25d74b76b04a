// The site's grade beside ours on every scale that is computed: the same grade is no item, another one is, with its
// reason.
#include <gtest/gtest.h>

#include "rules/grade/disagreement_words.h"
#include "tests/rules/grade/legacy_ward.h"
#include "tests/rules/grade/report_story.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using namespace report_story;

struct ScaleRow {
    const char* name;
    Scale scale;
    Term term;
    AdverseEventCategory category;
    const char* verbatim;  // where the category does not say the term
};
void PrintTo(const ScaleRow& row, std::ostream* out) { *out << row.name; }

// A week in which every scale has something to say.
Story sick() {
    Story s;
    Enrollment enrollment;
    enrollment.age_years = 58;
    enrollment.weight_kg = whole(70);
    s.enrolled(enrollment).infused();
    for (int day = 0; day <= 100; ++day) {
        const bool low = day >= 5 && day <= 12;
        s.lab(d(day, 7), Analyte::neutrophils, low ? 0.3 : 2.5);
        s.lab(d(day, 7), Analyte::platelets, low || day == 40 || day == 41 ? 40 : 180);
    }
    s.temperature(d(5, 8), 39.4).systolic(d(5, 8), 84).systolic(d(5, 8, 10), 82);
    legacy_ward::runs(s, d(5, 9), Agent::norepinephrine, 25.0);
    legacy_ward::oxygen(s, d(5, 9), OxygenDevice::venturi, 8.0, 0.5);
    IceAssessment scored;  // ICE 5; CARTOX-10, which asks for the head of government instead of a command, 4
    scored.orientation = 2;
    scored.naming = 2;
    scored.commands = 1;
    scored.writing = scored.attention = scored.head_of_government = 0;
    scored.consciousness = Consciousness::alert;
    s.spo2(d(5, 8), 86).tell(d(5, 10), scored);
    s.tell(d(5, 14), event_of(AdverseEventCategory::iec_hs));
    return s;
}

class EveryScaleBesideTheSite : public testing::TestWithParam<ScaleRow> {};

TEST_P(EveryScaleBesideTheSite, the_same_grade_is_no_item_and_another_one_is) {
    const ScaleRow& row = GetParam();
    const RuleSet& rules = legacy_ward::all_scales();
    Grade computed = kNotGradable;
    Grade upper = kNotGradable;
    for (const Assessment& said : sick().timeline(rules).derived(rules, d(102)).assessments) {
        if (said.scale != row.scale || said.term != row.term || !said.under_surveillance) continue;
        const bool window =
            row.scale == Scale::icaht_early || row.scale == Scale::icaht_late || row.scale == Scale::t_icaht;
        if (window) computed = upper = kNotGradable;  // what the window says at last
        computed = std::max(computed, said.grade);
        upper = std::max(upper, said.grade_upper);
    }
    ASSERT_GE(int{computed}, 1) << "the scale has something to say";
    const auto item_for = [&](int grade) {
        Story s = sick();
        AdverseEvent report = graded(event_of(row.category), static_cast<std::uint32_t>(grade), row.scale);
        report.verbatim = row.verbatim;
        s.tell(d(row.term == Term::late || row.scale == Scale::icaht_late ? 45 : 5, 15), report, "ae-1");
        const SubjectTimeline timeline = s.timeline(rules);
        std::vector<std::string> found;
        for (const Disagreement& item : timeline.derived(rules, d(102)).disagreements) {
            if (item.scale != row.scale) continue;
            found.push_back(std::string(name_of(item.kind)) + ": " +
                            render_disagreement(item, timeline.facts(), story::kOffset, rules));
        }
        return found;
    };
    EXPECT_TRUE(item_for(computed).empty());
    const int other = computed == 1 ? 5 : computed - 1;
    const auto items = item_for(other);
    ASSERT_EQ(items.size(), 1U);
    EXPECT_TRUE(items[0].starts_with("differs: site says ")) << items[0];
    EXPECT_NE(items[0].find("computed " + std::to_string(int{computed})), std::string::npos) << items[0];
}

constexpr auto kCrs = AdverseEventCategory::crs;
constexpr auto kIcans = AdverseEventCategory::icans;
constexpr auto kCounts = AdverseEventCategory::cytopenia;
constexpr auto kOther = AdverseEventCategory::other;
constexpr Term kTerm = Term::cytokine_release_syndrome;
// clang-format off
INSTANTIATE_TEST_SUITE_P(Scales, EveryScaleBesideTheSite, testing::ValuesIn(std::vector<ScaleRow>{
    {"astct_crs", Scale::astct_crs_2019, Term::none, kCrs, ""},
    {"astct_icans", Scale::astct_icans_2019, Term::none, kIcans, ""},
    {"lee", Scale::lee_2014, Term::none, kCrs, ""},
    {"penn", Scale::penn, Term::none, kCrs, ""},
    {"cartox_crs", Scale::cartox_crs, Term::none, kCrs, ""},
    {"mskcc", Scale::mskcc, Term::none, kCrs, ""},
    {"ctcae_4_03", Scale::ctcae_4_03, kTerm, kCrs, ""},
    {"ctcae_5_crs", Scale::ctcae_5_0, kTerm, kCrs, ""},
    {"ctcae_6_crs", Scale::ctcae_6_0, kTerm, kCrs, ""},
    {"ctcae_6_icans", Scale::ctcae_6_0, Term::icans, kIcans, ""},
    {"cartox_cres", Scale::cartox_cres, Term::none, kIcans, ""},
    {"icaht_early", Scale::icaht_early, Term::none, kCounts, ""},
    {"t_icaht_early", Scale::t_icaht, Term::early, kCounts, ""},
    {"t_icaht_late", Scale::t_icaht, Term::late, kCounts, ""},
    {"neutrophils", Scale::ctcae_5_0, Term::neutrophil_count_decreased, kCounts, "Neutrophil count decreased"},
    {"platelets_6", Scale::ctcae_6_0, Term::platelet_count_decreased, kCounts, "Thrombocytopenia"},
    {"fever", Scale::ctcae_5_0, Term::fever, kOther, "Fever"},
    {"febrile_neutropenia", Scale::ctcae_5_0, Term::febrile_neutropenia, kOther, "Febrile neutropenia"},
    {"hypotension", Scale::ctcae_5_0, Term::hypotension, kOther, "Hypotension"},
    {"hypoxia", Scale::ctcae_6_0, Term::hypoxia, kOther, "Hypoxia"},
}), CaseName{});
// clang-format on

}  // namespace
}  // namespace cellvigil
