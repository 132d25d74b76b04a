// The pages for clinicians on the older scales say what the rules do: the cross-walks row by row, the limits, the keys;
// and every grade that the cross-walk reaches has its row in words.
#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/grade/criteria.h"
#include "rules/grade/organ_toxicity.h"
#include "rules/pack/decisions.h"
#include "tests/rules/grade/cres_rows.h"
#include "tests/rules/grade/crs_crosswalk.h"

namespace cellvigil {
namespace {

using legacy_ward::all_scales;
using legacy_ward::said_of;
using story::d;
using story::Story;
using Row = std::vector<std::string>;

std::string text_of(const char* page) {
    std::ifstream file(std::string(CELLVIGIL_SOURCE_DIR) + "/docs/clinical/" + page);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

Row row_of(const char* page, const std::string& first) {
    const std::string text = text_of(page);
    const auto at = text.find("\n| " + first + " |");
    if (at == std::string::npos) return {};
    const std::string line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
    Row row;
    std::size_t from = 1;
    for (std::size_t bar = line.find('|', from); bar != std::string::npos; bar = line.find('|', from)) {
        row.push_back(trimmed(line.substr(from, bar - from)));
        from = bar + 1;
    }
    return row;
}

TEST(LegacyPage, prints_the_cross_walk_that_the_code_gives) {
    const Row head = row_of("legacy-crs.md", "State");
    ASSERT_EQ(head.size(), crs_crosswalk::kColumns.size() + 1);
    for (const crs_crosswalk::State& state : crs_crosswalk::kStates) {
        const Row row = row_of("legacy-crs.md", state.name);
        ASSERT_EQ(row.size(), head.size()) << state.name;
        Story told;
        state.tell(told);
        for (std::size_t i = 0; i < crs_crosswalk::kColumns.size(); ++i) {
            const auto& column = crs_crosswalk::kColumns[i];
            EXPECT_EQ(head[i + 1], column.name);
            const Assessment said = said_of(told, crs_crosswalk::kAsked, column.scale, column.term);
            EXPECT_EQ(row[i + 1], legacy_ward::range_of(said)) << state.name << " by " << column.name;
        }
    }
}

TEST(LegacyPage, prints_icans_and_cres_as_the_code_gives_them) {
    for (const cres_rows::Finding& finding : cres_rows::kFindings) {
        const Row row = row_of("cres.md", finding.name);
        ASSERT_EQ(row.size(), 3U) << finding.name;
        Story told;
        finding.tell(told);
        EXPECT_EQ(row[1], legacy_ward::range_of(said_of(told, cres_rows::noon, Scale::astct_icans_2019)));
        EXPECT_EQ(row[2], legacy_ward::range_of(said_of(told, cres_rows::noon, Scale::cartox_cres)));
    }
}

TEST(LegacyPage, names_every_key_with_its_default) {
    int seen = 0;
    for (const Decision& decision : decisions()) {
        const std::string key = decision.key;
        if (!key.starts_with("legacy.")) continue;
        ++seen;
        const Row row = row_of("legacy-crs.md", "`" + key + "`");
        ASSERT_EQ(row.size(), 3U) << key << " is not on the page";
        EXPECT_EQ(row[1], std::to_string(*decision.get({})) + " " + decision.unit) << key;
    }
    EXPECT_EQ(seen, 9);
}

Quantity hundred_times(const std::string& text) {
    double multiple = 0;
    std::from_chars(text.data(), text.data() + text.size(), multiple);
    return rounded_to(quantity_of(multiple * 100).value(), whole(1));
}

// "1.0 | 3.0 | 5.0 | 20.0" of the page against the rules: at the multiple the milder grade, above it the next.
TEST(LegacyPage, multiples_of_organ_values_are_those_of_the_rules) {
    const struct {
        const char* name;
        OrganLab lab;
    } kRows[] = {{"ALT, AST, times the upper limit", OrganLab::ast},
                 {"bilirubin, times the upper limit, or times the abnormal value before", OrganLab::bilirubin},
                 {"creatinine, times the upper limit", OrganLab::creatinine}};
    for (const auto& [name, lab] : kRows) {
        const Row row = row_of("legacy-crs.md", name);
        ASSERT_EQ(row.size(), 5U) << name;
        for (std::size_t grade = 1; grade <= 4; ++grade) {
            OrganLabValue measured;
            measured.upper_limit = whole(100);
            measured.value = hundred_times(row[grade]);
            EXPECT_EQ(grade_organ_lab(lab, measured, {}).grade, static_cast<Grade>(grade - 1)) << name;
            measured.value.micro += 1;
            EXPECT_EQ(grade_organ_lab(lab, measured, {}).grade, static_cast<Grade>(grade)) << name;
        }
    }
}

TEST(LegacyPage, prose_quotes_the_defaults) {
    const LegacyRules rules;
    const std::string text = text_of("legacy-crs.md");
    const auto has = [&](const std::string& words) { EXPECT_NE(text.find(words), std::string::npos) << words; };
    has("once held for " + std::to_string(rules.high_dose.count()) + " hours");
    has("A value holds for " + std::to_string(rules.lab_counts.count()) + " hours, a dialysis session for " +
        std::to_string(rules.dialysis_counts.count()) + ", plasma for " + std::to_string(rules.plasma_counts.count()));
    EXPECT_NE(text_of("cres.md").find("from " + to_text(rules.csf_raised) + " mmHg on"), std::string::npos);
    EXPECT_NE(text_of("ctcae-signs.md").find("else " + to_text(rules.spo2_normal) + " %"), std::string::npos);
}

Explanation explained(const Story& told, const Assessment& said) {
    const SubjectTimeline timeline = told.timeline(all_scales());
    const auto facts = timeline.facts();
    const auto fact_of = [&](RecordRef record) {
        const auto found =
            std::find_if(facts.begin(), facts.end(), [&](const Fact& fact) { return fact.record == record; });
        return found == facts.end() ? nullptr : &*found;
    };
    return explain(said, fact_of, story::kOffset, all_scales());
}

TEST(LegacyWords, every_state_of_the_cross_walk_meets_a_row_in_words) {
    for (const crs_crosswalk::State& state : crs_crosswalk::kStates) {
        Story told;
        state.tell(told);
        for (const crs_crosswalk::Column& column : crs_crosswalk::kColumns) {
            const Assessment said = said_of(told, crs_crosswalk::kAsked, column.scale, column.term);
            const Explanation explanation = explained(told, said);
            ASSERT_FALSE(explanation.criteria.empty()) << state.name << " by " << column.name;
            for (const Criterion& criterion : explanation.criteria) {
                EXPECT_NE(criterion.text, "") << state.name << " by " << column.name;
            }
        }
    }
}

TEST(LegacyWords, sentences) {
    Story told;
    legacy_ward::runs(legacy_ward::with_crs(told), d(3, 11, 30), Agent::norepinephrine, 25);
    EXPECT_EQ(explained(told, said_of(told, d(3, 15), Scale::lee_2014)).sentence,
              "CRS by Lee 2014 grade 3 since 14:30 on day 3: hypotension; norepinephrine 25 ug/min started 11:30; "
              "temperature 38.6 °C at 14:00");
    EXPECT_EQ(explained(told, said_of(told, d(3, 15), Scale::ctcae_5_0, Term::fever)).sentence,
              "fever (CTCAE 5.0) grade 1 since 08:00 on day 3: fever; temperature 38.6 °C at 08:00");
    EXPECT_EQ(criterion_of(Scale::penn, Term::none, Component::hypotension, 4, all_scales()),
              "a vasopressor in high dose (held for 3 h)");
    Story mask;
    legacy_ward::oxygen(legacy_ward::with_crs(mask), d(3, 14, 30), OxygenDevice::face_mask, 6);
    EXPECT_EQ(explained(mask, said_of(mask, d(3, 15), Scale::mskcc)).sentence,
              "CRS by MSKCC grade 2, could be as high as 3 since 14:30 on day 3: hypoxia; facemask 6 L/min started "
              "14:30; temperature 38.6 °C at 14:00; the inspired oxygen fraction is not known (needs adjudication)");
}

}  // namespace
}  // namespace cellvigil
