// Sentences and table rows of blood counts. Whole sentences, so that a change of words is seen in review.
#include <algorithm>
#include <ostream>

#include <gtest/gtest.h>

#include "rules/grade/criteria.h"
#include "rules/grade/ctcae_lab.h"
#include "tests/support/case_name.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;

Explanation explained(const Story& told, Instant at, Scale scale, Term term) {
    const SubjectTimeline timeline = told.timeline();
    const auto facts = timeline.facts();
    const auto fact_of = [&](RecordRef record) {
        const auto found =
            std::find_if(facts.begin(), facts.end(), [&](const Fact& fact) { return fact.record == record; });
        return found == facts.end() ? nullptr : &*found;
    };
    return explain(told.at(at, scale, term), fact_of, story::kOffset, {});
}

struct SentenceCase {
    const char* name;
    Scale scale;
    Term term;
    void (*tell)(Story&);
    Instant asked;
    const char* sentence;
};
void PrintTo(const SentenceCase& c, std::ostream* out) { *out << c.name; }
class CountsSentence : public testing::TestWithParam<SentenceCase> {};
TEST_P(CountsSentence, reads) {
    Story told;
    told.adult();
    GetParam().tell(told);
    EXPECT_EQ(explained(told, GetParam().asked, GetParam().scale, GetParam().term).sentence, GetParam().sentence);
}

Observation haemoglobin_mmol(double as_sent) {
    Observation said;
    said.analyte = Analyte::haemoglobin;
    said.status = ResultStatus::final;
    said.value = *quantity_of(as_sent * 16.114);
    said.in_mmol_per_litre = true;
    said.value_as_sent = *quantity_of(as_sent);
    return said;
}
Observation below(Analyte analyte, double value) {
    Observation said;
    said.analyte = analyte;
    said.status = ResultStatus::final;
    said.comparator = Comparator::less;
    said.value = *quantity_of(value);
    return said;
}

const SentenceCase kSentences[] = {
    {"early_icaht", Scale::icaht_early, Term::none,
     [](Story& s) {
         s.infused();
         for (int day = 0; day <= 30; ++day) s.lab(d(day, 12), Analyte::neutrophils, day >= 5 && day <= 11 ? 0.3 : 2);
         s.gives(d(8), Agent::filgrastim);
     },
     d(31),
     "early ICAHT grade 2 since 00:00 on day 31: neutrophils 0.3 \u00d7 10\u2079/L at 12:00 on day 5; "
     "longest "
     "stretch at or below 500 per microlitre 7 days; longest at or below 100 per microlitre 0 days; 7 days at or below "
     "500 per "
     "microlitre in all; "
     "G-CSF on 1 day"},
    {"open_t_icaht", Scale::t_icaht, Term::early, [](Story& s) { s.infused().lab(d(4, 8), Analyte::platelets, 15); },
     d(4, 9),
     "T-ICAHT, early (days 0 to 30), grade 3, could be as high as 4 since 08:00 on day 4: platelets 15 "
     "\u00d7 "
     "10\u2079/L at 08:00; 5 days below 50 \u00d7 10\u2079/L in all; 5 days below 20 \u00d7 10\u2079/L in all; the "
     "window is still open (needs "
     "adjudication)"},
    {"score", Scale::car_hematotox, Term::none,
     [](Story& s) {
         s.lab(d(-6, 8), Analyte::platelets, 110).lab(d(-6, 8), Analyte::neutrophils, 0.95);
         s.lab(d(-6, 8), Analyte::haemoglobin, 101)
             .lab(d(-6, 8), Analyte::crp, 42)
             .lab(d(-6, 8), Analyte::ferritin, 540);
         s.infused();
     },
     d(1),
     "CAR-HEMATOTOX score 3, high risk, since 10:00 on day 0: neutrophils and platelets; platelets 110 \u00d7 "
     "10\u2079/L at "
     "08:00 on day -6; neutrophils 0.95 \u00d7 10\u2079/L at 08:00 on day -6; haemoglobin 101 g/L at 08:00 on day -6; "
     "CRP 42 "
     "mg/L at 08:00 on day -6; ferritin 540 \u00b5g/L at 08:00 on day -6"},
    {"bounded", Scale::ctcae_5_0, Term::neutrophil_count_decreased,
     [](Story& s) { s.infused().tell(d(4, 8), below(Analyte::neutrophils, 0.2)); }, d(4, 9),
     "neutrophil count decreased (CTCAE 5.0) grade 4 since 08:00 on day 4: neutrophils <0.2 \u00d7 "
     "10\u2079/L at "
     "08:00"},
    {"with_its_baseline", Scale::ctcae_5_0, Term::platelet_count_decreased,
     [](Story& s) { s.lab(d(-7, 8), Analyte::platelets, 70).infused().lab(d(4, 8), Analyte::platelets, 40); }, d(4, 9),
     "platelet count decreased (CTCAE 5.0) grade 3 since 08:00 on day 4: platelets 40 \u00d7 10\u2079/L at "
     "08:00; "
     "platelets 70 \u00d7 10\u2079/L at 08:00 on day -7; grade 2 before the therapy; abnormal before the infusion "
     "already "
     "(needs adjudication)"},
    {"transfused", Scale::ctcae_5_0, Term::anaemia,
     [](Story& s) { s.infused().tell(d(4, 8), haemoglobin_mmol(5.1)).transfuses(d(4, 12), BloodProduct::red_cells); },
     d(4, 13),
     "anaemia (CTCAE 5.0) grade 3 since 12:00 on day 4: haemoglobin 5.1 mmol/L at 08:00; red cells given "
     "at "
     "12:00; a transfusion was given above the limit at which the number alone would grade (needs adjudication)"},
    {"febrile_neutropenia", Scale::ctcae_5_0, Term::febrile_neutropenia,
     [](Story& s) { s.infused().lab(d(4, 8), Analyte::neutrophils, 0.4).temperature(d(4, 9), 38.6); }, d(4, 10),
     "febrile neutropenia (CTCAE 5.0) grade 3 since 09:00 on day 4: fever and neutrophils; temperature 38.6 \u00b0C at "
     "09:00; "
     "neutrophils 0.4 \u00d7 10\u2079/L at 08:00"},
    {"aplasia", Scale::unspecified, Term::prolonged_b_cell_aplasia,
     [](Story& s) { s.infused().lab(d(190, 8), Analyte::cd19, 0.01).lab(d(220, 8), Analyte::cd19, 0.01); }, d(221),
     "prolonged B-cell aplasia since 08:00 on day 220: CD19 cells 0.01 \u00d7 10\u2079/L at 08:00 on day 190; CD19 "
     "cells 0.01 "
     "\u00d7 "
     "10\u2079/L at 08:00; a suspicion for a clinician to judge, not a diagnosis (needs adjudication)"},
    {"igg", Scale::unspecified, Term::low_igg, [](Story& s) { s.infused().lab(d(90, 8), Analyte::igg, 3.8); }, d(91),
     "low IgG, at the usual trigger of replacement, since 08:00 on day 90: IgG 3.8 g/L at 08:00; a suspicion for a "
     "clinician "
     "to judge, not a diagnosis (needs adjudication)"},
};
INSTANTIATE_TEST_SUITE_P(Golden, CountsSentence, testing::ValuesIn(kSentences), CaseName{});

TEST(CountsCriterion, every_row_that_can_decide_has_words) {
    for (const Scale scale : {Scale::icaht_early, Scale::icaht_late}) {
        for (Grade grade = 1; grade <= 4; ++grade) {
            EXPECT_FALSE(criterion_of(scale, Term::none, Component::neutrophils, grade, {}).empty());
        }
    }
    for (const Term term : {Term::early, Term::late}) {
        for (Grade grade = 1; grade <= 4; ++grade) {
            EXPECT_FALSE(criterion_of(Scale::t_icaht, term, Component::platelets, grade, {}).empty());
        }
    }
    for (const Component component : {Component::platelets, Component::neutrophils, Component::haemoglobin}) {
        EXPECT_FALSE(criterion_of(Scale::car_hematotox, Term::none, component, 3, {}).empty());
    }
    EXPECT_FALSE(criterion_of(Scale::ctcae_5_0, Term::febrile_neutropenia, Component::fever, 3, {}).empty());
}

// Wherever a number makes a grade, the row has words; and nowhere else.
TEST(CountsCriterion, of_laboratory_terms_holds_their_limits) {
    for (const CtcaeVersion version : {CtcaeVersion::v5_0, CtcaeVersion::v6_0}) {
        for (int i = 0; i < kLabTerms; ++i) {
            const auto term = static_cast<LabTerm>(i);
            for (Grade grade = 1; grade <= 4; ++grade) {
                const std::string text =
                    criterion_of(scale_of(version), term_of(term), Component::neutrophils, grade, {});
                const auto limit =
                    limit_above(term, grade) ? limit_above(term, grade) : limit_below(term, version, grade);
                if (limit) {
                    EXPECT_NE(text.find(" " + to_text(*limit) + " "), std::string::npos) << name_of(term) << text;
                } else if (grade > 1) {
                    EXPECT_EQ(text, "") << name_of(term) << int{grade};
                }
            }
        }
    }
    EXPECT_EQ(criterion_of(Scale::ctcae_5_0, Term::anaemia, Component::haemoglobin, 3, {}),
              "below 80 g/L (sent in mmol/L: below 4.9), or transfusion indicated");
    EXPECT_EQ(criterion_of(Scale::ctcae_5_0, Term::neutrophil_count_decreased, Component::neutrophils, 1, {}),
              "below the laboratory's lower limit of normal");
}

TEST(Figures, each_has_a_name_and_words) {
    for (int i = 1; i < kFigures; ++i) {
        EXPECT_STRNE(name_of(static_cast<Figure>(i)), "");
        EXPECT_FALSE(figure_words(static_cast<Figure>(i), 2).empty());
    }
}

}  // namespace
}  // namespace cellvigil
