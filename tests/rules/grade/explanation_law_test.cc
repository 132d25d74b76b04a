// Every statement of every scale explains itself: a criterion in words, the numbers it compares with, keys that the
// register knows. By the tables, and over random subjects that reach every scale.
#include <algorithm>
#include <cctype>
#include <set>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "rules/grade/criteria.h"
#include "rules/pack/decisions.h"
#include "tests/rules/timeline/some_subject.h"

namespace cellvigil {
namespace {

RuleSet every_scale() {
    RuleSet rules;
    rules.scales = kComputedScales;
    return rules;
}
const RuleSet kRules = every_scale();

struct Seen {
    std::set<std::tuple<Scale, Term, Component>> said;
    std::set<std::string_view> keys;
    std::size_t with_limits = 0;
    std::size_t with_values = 0;
};

void check(const Assessment& said, const FactOf& fact_of, Seen& seen) {
    const Explanation explanation = explain(said, fact_of, story::kOffset, kRules);
    ASSERT_FALSE(explanation.sentence.empty());
    if (!said.under_surveillance) return;
    ASSERT_FALSE(explanation.criteria.empty()) << explanation.sentence;
    for (const Criterion& criterion : explanation.criteria) {
        seen.said.insert({said.scale, said.term, criterion.component});
        EXPECT_FALSE(criterion.text.empty())
            << name_of(criterion.component) << " " << int{said.grade} << " " << explanation.sentence;
        if (!criterion.limits.empty()) ++seen.with_limits;
        if (!criterion.values.empty()) ++seen.with_values;
    }
    for (const DecisionUse& use : explanation.decisions) seen.keys.insert(use.key);
    EXPECT_EQ(explanation.remarks.empty(), said.flags.empty());
}

const Seen& of_random_subjects() {
    static const Seen kSeen = [] {
        Seen seen;
        for (std::uint32_t seed = 0; seed < 120; ++seed) {
            SubjectTimeline timeline("STUDY/S-001");
            for (const story::Told& told : some_subject(seed, seed % 4 == 0 ? 200 : 20)) {
                static_cast<void>(timeline.apply(story::event_of(told), kRules));
            }
            const auto facts = timeline.facts();
            const auto fact_of = [&](RecordRef record) {
                const auto found =
                    std::find_if(facts.begin(), facts.end(), [&](const Fact& fact) { return fact.record == record; });
                return found == facts.end() ? nullptr : &*found;
            };
            for (const Assessment& said : timeline.derived(kRules, kAlways).assessments) check(said, fact_of, seen);
        }
        return seen;
    }();
    return kSeen;
}

TEST(ExplanationLaw, every_statement_has_a_criterion_in_words) {
    const Seen& seen = of_random_subjects();
    for (int i = 0; i < static_cast<int>(Scale::unspecified); ++i) {
        const auto scale = static_cast<Scale>(i);
        if (!kComputedScales.has(scale)) continue;
        EXPECT_TRUE(std::any_of(seen.said.begin(), seen.said.end(), [&](const auto& one) {
            return std::get<Scale>(one) == scale;
        })) << name_of(scale);
    }
    EXPECT_GT(seen.with_limits, 1000U);
    EXPECT_GT(seen.with_values, 1000U);
    for (const char* key : {"legacy.high_dose_h", "counts.fever_sustained_min", "counts.hematotox_window_d",
                            "iec_hs.cluster_h", "infection.join_h", "icans.late_d", "episode.unobserved_d"}) {
        EXPECT_TRUE(seen.keys.contains(key)) << key;
    }
}

// Of every component that decided a statement: what a row's words say in numbers, its limits say too. "Grade 2 organ
// toxicity" counts as a number.
TEST(ExplanationTable, a_row_with_a_number_in_its_words_has_limits) {
    int rows = 0;
    for (const auto& [scale, term, component] : of_random_subjects().said) {
        for (Grade grade = kNotGradable; grade <= 5; ++grade) {
            const std::string text = criterion_of(scale, term, component, grade, kRules);
            const bool number =
                std::any_of(text.begin(), text.end(), [](unsigned char letter) { return std::isdigit(letter) != 0; });
            const auto limits = limits_of(scale, term, component, grade, kRules);
            if (number) {
                ++rows;
                EXPECT_FALSE(limits.empty()) << name_of(scale) << " " << name_of(term) << ": " << text;
            }
            if (text.empty()) {
                EXPECT_TRUE(limits.empty())
                    << name_of(scale) << " " << name_of(term) << " " << name_of(component) << " " << int{grade};
            }
            for (const Limit& limit : limits) {
                if (limit.key.empty()) continue;
                const Decision* decision = find_decision(limit.key);
                ASSERT_NE(decision, nullptr) << limit.key;
                EXPECT_EQ(limit.value, std::to_string(decision->get(kRules).value_or(-1))) << limit.key;
            }
        }
    }
    EXPECT_GT(rows, 60);
}

// Keys that move no statement: of cohorts, of milestones and landmarks, of admission, of the site's reports.
bool moves_no_statement(std::string_view key) {
    for (const char* group : {"cohort.", "quality.", "report.", "infusion.", "immune.", "endpoint.", "prophylaxis.",
                              "infection.recurrence", "alerts.", "day_close.", "refire."}) {
        if (key.starts_with(group)) return true;
    }
    constexpr std::string_view kOthers[] = {"counts.landmark_margin_d",  "counts.persistent_apart_d",
                                            "counts.course_last_d",      "counts.dip_after_d",
                                            "counts.fever_resolve_h",    "infection.zoster_refractory_d",
                                            "infection.delayed_after_d", "infection.interval_from_onset",
                                            "infection.coinfection_d",   "infection.fewest_certainty",
                                            "infection.severe_by"};
    return std::find(std::begin(kOthers), std::end(kOthers), key) != std::end(kOthers);
}

TEST(ExplanationTable, every_key_that_moves_a_statement_can_be_named) {
    for (const Decision& decision : decisions()) {
        if (moves_no_statement(decision.key)) continue;
        EXPECT_TRUE(may_be_named(decision.key)) << decision.key;
    }
}

}  // namespace
}  // namespace cellvigil
