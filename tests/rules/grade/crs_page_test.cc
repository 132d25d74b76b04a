// docs/clinical/crs.md against the code: the grade table's numbers, every key with its default, the numbers that the
// prose quotes, the flags, and the worked examples.
#include <gtest/gtest.h>

#include "rules/grade/criteria.h"
#include "rules/pack/decisions.h"
#include "tests/support/clinical_page.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;

const ClinicalPage& page() {
    static const ClinicalPage kPage("crs.md");
    return kPage;
}
std::string number(std::int64_t value) { return std::to_string(value); }

// The columns are fever, hypotension and hypoxia; what the code compares with stands in its cell.
TEST(CrsPage, table_holds_the_limits_of_the_rules) {
    const RuleSet rules;
    int compared = 0;
    for (const Grade grade : {Grade{2}, Grade{3}, Grade{4}}) {
        const auto row = page().row_of(number(grade), 4);
        ASSERT_EQ(row.size(), 4U) << int{grade};
        for (const auto& [component, cell] :
             {std::pair(Component::hypotension, row[2]), std::pair(Component::hypoxia, row[3])}) {
            EXPECT_FALSE(criterion_of(Scale::astct_crs_2019, Term::none, component, grade, rules).empty());
            for (const Limit& limit : limits_of(Scale::astct_crs_2019, Term::none, component, grade, rules)) {
                if (!limit.key.empty()) continue;  // ours, below the table
                const std::string sign = limit.holds == "above" ? "> " : "<= ";
                EXPECT_NE(cell.find(sign + limit.value + " L/min"), std::string::npos) << cell;
                ++compared;
            }
        }
    }
    EXPECT_EQ(compared, 2);
    EXPECT_NE(page().row_of("Grade", 4)[1].find("38.0"), std::string::npos);
    EXPECT_NE(page().row_of("5", 4)[2].find("death due to CRS"), std::string::npos);
}

TEST(CrsPage, names_every_key_with_its_default) {
    const RuleSet rules;
    int seen = 0;
    for (const Decision& decision : decisions()) {
        const std::string key = decision.key;
        if (!key.starts_with("crs.")) continue;
        ++seen;
        const auto row = page().row_of("`" + key + "`", 3);
        ASSERT_EQ(row.size(), 3U) << key << " is not on the page";
        const auto value = decision.get(rules);
        EXPECT_EQ(row[1], value ? number(*value) : "none") << key;
    }
    EXPECT_GT(seen, 20);
    EXPECT_EQ(page().row_of("`episode.unobserved_d`", 3)[1], number(rules.episode.unobserved.count()));
}

TEST(CrsPage, names_no_key_that_does_not_exist) {
    for (const auto& row : page().rows()) {
        if (!row.front().starts_with("`")) continue;
        EXPECT_NE(find_decision(row.front().substr(1, row.front().size() - 2)), nullptr) << row.front();
    }
}

TEST(CrsPage, prose_quotes_the_defaults) {
    const CrsRules rules;
    const ValidityRules validity;
    const auto has = [](const std::string& words) { EXPECT_TRUE(page().has(words)) << words; };
    has("Fever within the last " + number(rules.fever_recent.count()) + " hours keeps the gate open");
    has(">= " + to_text(rules.bolus_adult_ml) + " mL, in children >= " + to_text(rules.bolus_child_ml_per_kg) +
        " mL/kg, over at most " + number(rules.bolus_within.count()) + " min, after a low reading in the " +
        number(rules.bolus_low_reading.count()) + " hours before");
    has(number(rules.repeat_after.count()) + " min to " + number(rules.repeat_within.count()) + " h apart");
    has("together for at least " + number(rules.overlap.count()) + " min");
    has("Low is below " + to_text(rules.systolic_adult) + " mmHg systolic in adults");
    has("below " + to_text(rules.map_adult) + " mmHg replaces it in adults");
    has("two saturations below " + to_text(rules.spo2_untreated) + " %");
    has("one saturation below " + to_text(rules.spo2_suspect) + " % on room air");
    has("without charting for " + number(validity.pressor_charting.count()) + " hours");
    has(number(validity.pressure.count()) + " h; in hospital " + number(validity.inpatient_pressure.count()) +
        " h; out of hospital " + number(validity.outpatient.count()) + " h");
    has("from the infusion to day " + number(rules.onset_hard_day) + " (flagged `late_onset` from day " +
        number(rules.onset_soft_day + 1));
    has("once " + number(rules.resolve.count()) + " hours without any have been seen");
    has("within " + number(rules.long_anticytokine.count()) + " days of tocilizumab or " +
        number(rules.short_anticytokine.count()) + " hours of a steroid");
    has("`episode.unobserved_d` (" + number(EpisodeRules().unobserved.count()) + ") days");
}

TEST(CrsPage, explains_every_flag_of_crs) {
    for (int i = static_cast<int>(Flag::unconfirmed_hypotension); i <= static_cast<int>(Flag::recurrence_masked); ++i) {
        const std::string name = name_of(static_cast<Flag>(i));
        EXPECT_TRUE(page().has("`" + name + "`")) << name;
    }
    EXPECT_TRUE(page().has("`unobserved_gap`"));
}

struct Example {
    const char* begins;  // as the page has it
    Story story;
    Instant asked;
    Grade grade;
    Grade upper;
};
Story adult() {
    Story s;
    s.adult().infused();
    return s;
}

TEST(CrsPage, worked_examples_are_what_is_said) {
    const Story one = adult().temperature(d(3, 11), 39).starts(d(3, 11), Agent::norepinephrine);
    Story two = one;
    two.starts(d(3, 11, 31), Agent::epinephrine);
    const Example examples[] = {
        {"1. Day 3, 39.0 °C, norepinephrine since 11:00: **grade 3**", one, d(3, 12), 3, 3},
        {"2. The same with epinephrine from 11:31, asked at 12:00: **grade 3, up to 4**", two, d(3, 12), 3, 4},
        {"At 12:01 it is grade 4.", two, d(3, 12, 1), 4, 4},
        {"3. 38.5 °C, one systolic of 88, then 104, no fluids: **grade 1, up to 2**",
         adult().temperature(d(3, 11), 38.5).systolic(d(3, 11), 88).systolic(d(3, 11, 10), 104), d(3, 12), 1, 2},
        {"4. Tocilizumab 12 hours ago, 36.8 °C, norepinephrine: **grade 3**",
         adult()
             .temperature(d(2, 20), 39.2)
             .gives(d(3, 0), Agent::tocilizumab)
             .temperature(d(3, 11), 36.8)
             .starts(d(3, 11), Agent::norepinephrine),
         d(3, 12), 3, 3},
        {"5. Never febrile, nothing masking, 82 then 80 systolic and a bolus: **grade 0**",
         adult().temperature(d(3, 11), 36.9).systolic(d(3, 11), 82).systolic(d(3, 11, 10), 80).bolus(d(3, 11, 15), 500),
         d(3, 12), 0, 0},
        {"6. 38.9 °C on day 2, nothing measured until 38.4 °C on day 153: **not gradable, up to 1**",
         adult().temperature(d(2, 8), 38.9).temperature(d(153, 8), 38.4), d(153, 9), kNotGradable, 1},
        {"On day 16, fourteen days later to the minute, it would be grade 1 and no remark.",
         adult().temperature(d(2, 8), 38.9).temperature(d(16, 8), 38.4), d(16, 9), 1, 1},
    };
    for (const Example& example : examples) {
        EXPECT_TRUE(page().has(example.begins)) << example.begins;
        const Assessment said = example.story.at(example.asked, Scale::astct_crs_2019);
        EXPECT_EQ(int{said.grade}, int{example.grade}) << example.begins;
        EXPECT_EQ(int{said.grade_upper}, int{example.upper}) << example.begins;
    }
}

}  // namespace
}  // namespace cellvigil
