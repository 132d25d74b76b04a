// The ladder of CTCAE's infection terms: a row for each rung and for each side of it.
#include "rules/grade/infection_ladder.h"

#include <ostream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using Picture = InfectionPicture;

struct RungCase {
    const char* name;
    Term term;
    void (*tell)(Picture&);
    Grade grade;
    Grade upper;
    Flags flags;
};
void PrintTo(const RungCase& c, std::ostream* out) { *out << c.name; }

class InfectionLadder : public testing::TestWithParam<RungCase> {};
TEST_P(InfectionLadder, grade) {
    const RungCase& c = GetParam();
    Picture picture;
    c.tell(picture);
    const InfectionGrade graded = grade_infection(c.term, picture);
    EXPECT_EQ(int{graded.grade}, int{c.grade});
    EXPECT_EQ(int{graded.upper}, int{c.upper});
    EXPECT_EQ(graded.flags, c.flags);
}

constexpr Grade kNone = kNotGradable;
// clang-format off
INSTANTIATE_TEST_SUITE_P(Rows, InfectionLadder, testing::ValuesIn(std::to_array<RungCase>({
    // Nothing said is no grade, never 0.
    {"nothing_said", Term::infection, [](Picture&) {}, kNone, 3, {Flag::treatment_unknown}},
    {"no_admission_needed_and_no_more_said", Term::shingles, [](Picture& p) { p.not_admitted = true; }, kNone, 2, {Flag::treatment_unknown}},
    {"topical", Term::infection, [](Picture& p) { p.topical = true; }, 1, 1, {}},
    {"viraemia_only", Term::cmv_reactivation, [](Picture& p) { p.viraemia_only = true; }, 1, 2, {Flag::treatment_unknown}},
    {"viraemia_treated_by_mouth", Term::cmv_reactivation, [](Picture& p) { p.viraemia_only = true; p.oral = true; }, 2, 2, {}},
    {"oral", Term::infection, [](Picture& p) { p.oral = true; }, 2, 2, {}},
    {"other_route", Term::infection, [](Picture& p) { p.other_route = true; }, 2, 3, {Flag::ambiguous_scale}},
    {"route_not_said", Term::infection, [](Picture& p) { p.route_unsaid = true; }, kNone, 3, {Flag::treatment_unknown}},
    {"oral_and_a_route_not_said", Term::infection, [](Picture& p) { p.oral = true; p.route_unsaid = true; }, 2, 3, {Flag::treatment_unknown}},
    {"intravenous", Term::infection, [](Picture& p) { p.intravenous = true; }, 3, 3, {}},
    {"oral_then_intravenous", Term::infection, [](Picture& p) { p.oral = true; p.intravenous = true; }, 3, 3, {}},
    {"life_threatening", Term::infection, [](Picture& p) { p.intravenous = true; p.life_threatening = true; }, 4, 4, {}},
    {"fatal", Term::infection, [](Picture& p) { p.fatal = true; }, 5, 5, {}},
    {"died_and_the_cause_is_open", Term::infection, [](Picture& p) { p.intravenous = true; p.perhaps_fatal = true; }, 3, 5, {Flag::death_cause_unknown}},
    // Admission is in the text of shingles and the reactivations, not in that of the generic infection.
    {"admitted_generic", Term::infection, [](Picture& p) { p.oral = true; p.admitted = true; }, 2, 3, {Flag::ambiguous_scale}},
    {"admitted_shingles", Term::shingles, [](Picture& p) { p.oral = true; p.admitted = true; }, 3, 3, {}},
    {"admitted_cmv", Term::cmv_reactivation, [](Picture& p) { p.oral = true; p.admitted = true; }, 3, 3, {}},
    {"admitted_hsv", Term::hsv_reactivation, [](Picture& p) { p.admitted = true; }, 3, 3, {}},
    {"admitted_ebv", Term::ebv_reactivation, [](Picture& p) { p.admitted = true; }, 3, 3, {}},
    {"admitted_hbv", Term::hbv_reactivation, [](Picture& p) { p.admitted = true; }, 3, 3, {}},
    {"perhaps_admitted_shingles", Term::shingles, [](Picture& p) { p.oral = true; p.perhaps_admitted = true; }, 2, 3, {Flag::admission_unknown}},
    {"perhaps_admitted_generic", Term::infection, [](Picture& p) { p.oral = true; p.perhaps_admitted = true; }, 2, 2, {}},
    // T22
    {"T22_localised_zoster_by_mouth", Term::shingles, [](Picture& p) { p.oral = true; }, 2, 2, {}},
    {"T22_zoster_intravenous_and_admitted", Term::shingles, [](Picture& p) { p.intravenous = true; p.admitted = true; }, 3, 3, {}},
    {"widespread_zoster_by_mouth", Term::shingles, [](Picture& p) { p.oral = true; p.widespread = true; }, 3, 3, {Flag::disseminated_zoster}},
    {"widespread_zoster_untreated", Term::shingles, [](Picture& p) { p.widespread = true; }, 3, 3, {Flag::disseminated_zoster}},
    {"zoster_of_the_eye_by_mouth", Term::shingles, [](Picture& p) { p.oral = true; p.eye_or_ear = true; }, 2, 3, {Flag::ambiguous_scale}},
    // Terms with their own floor or ceiling.
    {"sepsis_has_no_1_or_2", Term::sepsis, [](Picture& p) { p.oral = true; }, 3, 3, {}},
    {"sepsis_life_threatening", Term::sepsis, [](Picture& p) { p.life_threatening = true; }, 4, 4, {}},
    {"bacteraemia_is_2", Term::bacteraemia, [](Picture&) {}, 2, 2, {}},
    {"bacteraemia_intravenous_is_2", Term::bacteraemia, [](Picture& p) { p.intravenous = true; p.admitted = true; }, 2, 2, {}},
    {"bacteraemia_has_no_5", Term::bacteraemia, [](Picture& p) { p.fatal = true; p.perhaps_fatal = true; }, 2, 2, {}},
    {"possible_only", Term::infection, [](Picture& p) { p.oral = true; p.unconfirmed = true; }, 2, 2, {Flag::unconfirmed_infection}},
})), CaseName{});
// clang-format on

TEST(TermInBlood, becomes_sepsis_only_when_it_says_so_threatens_life_or_kills) {
    EXPECT_EQ(term_in_blood({}), Term::bacteraemia);
    Picture treated;
    treated.intravenous = true;
    treated.admitted = true;
    EXPECT_EQ(term_in_blood(treated), Term::bacteraemia);
    for (bool Picture::*sign : {&Picture::sepsis, &Picture::life_threatening, &Picture::fatal}) {
        Picture picture;
        picture.*sign = true;
        EXPECT_EQ(term_in_blood(picture), Term::sepsis);
    }
}

Picture some_picture(std::uint32_t bits) {
    Picture picture;
    bool* const fields[] = {
        &picture.topical,          &picture.oral,       &picture.intravenous,      &picture.other_route,
        &picture.route_unsaid,     &picture.admitted,   &picture.perhaps_admitted, &picture.not_admitted,
        &picture.life_threatening, &picture.fatal,      &picture.perhaps_fatal,    &picture.viraemia_only,
        &picture.widespread,       &picture.eye_or_ear, &picture.unconfirmed};
    for (bool* field : fields) {
        *field = (bits & 1U) != 0;
        bits >>= 1U;
    }
    return picture;
}
constexpr Term kLadderTerms[] = {Term::infection, Term::sepsis,           Term::bacteraemia,
                                 Term::shingles,  Term::cmv_reactivation, Term::hbv_reactivation};

RC_GTEST_PROP(InfectionLadderLaw, worse_news_never_lowers_the_grade, (std::uint32_t bits, std::uint32_t more)) {
    const Term term = kLadderTerms[more % 6];
    const InfectionGrade less = grade_infection(term, some_picture(bits));
    const InfectionGrade all = grade_infection(term, some_picture(bits | more));
    RC_ASSERT(all.grade >= less.grade);
    RC_ASSERT(all.upper >= all.grade);
    RC_ASSERT(less.grade != 0);
}

}  // namespace
}  // namespace cellvigil
