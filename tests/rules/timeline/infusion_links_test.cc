#include "rules/timeline/infusion_links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "rules/cohort/index_course.h"
#include "rules/cohort/subject_facts.h"
#include "tests/support/case_name.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;
using story::Told;

using Items = std::vector<std::pair<std::string, std::string>>;

struct Naming {
    Told told;
    std::string names;
};

// A story whose facts may name infusions, in any order of arrival.
class Named {
  public:
    Named& infused(Instant at, std::string record, std::string lot = "", std::string names = "") {
        Infusion given;
        given.number = 1;
        lots_.push_back(std::move(lot));
        story_.tell(at, given, std::move(record));
        lot_of_.resize(story_.told().size());
        lot_of_.back() = lots_.size();
        return naming(std::move(names));
    }
    Named& temperature(Instant at, std::string record, std::string names) {
        Observation observed;
        observed.analyte = Analyte::temperature;
        observed.value = whole(39);
        story_.tell(at, observed, std::move(record));
        return naming(std::move(names));
    }
    Named& retracted(const std::string& record) {
        retracted_.push_back(record);
        return *this;
    }
    SubjectTimeline timeline(bool backwards = false) const {
        const RuleSet rules;
        SubjectTimeline timeline("S/001");
        std::vector<std::size_t> order(story_.told().size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        if (backwards) std::reverse(order.begin(), order.end());
        for (const std::size_t i : order) {
            const Told& told = story_.told()[i];
            Event event = event_of(told);
            event.infusion_record = names_[i];
            event.content_hash ^= std::hash<std::string>{}(names_[i]);
            if (auto* given = std::get_if<Infusion>(&event.body)) given->lot = lots_[lot_of_[i] - 1];
            timeline.apply(event, rules);
            if (std::find(retracted_.begin(), retracted_.end(), told.record) == retracted_.end()) continue;
            const std::string message = told.message_id + "r";
            event.message_id = message;
            event.action = RecordAction::retract;
            event.version = 2;
            event.body = Retraction{};
            event.content_hash = 7;
            timeline.apply(event, rules);
        }
        return timeline;
    }
    Items listed(bool backwards = false) const {
        const SubjectTimeline told = timeline(backwards);
        Items items;
        for (const QualityItem& item : told.derived({}, kAlways).quality)
            items.emplace_back(told.record_text(item.record), name_of(item.kind));
        std::sort(items.begin(), items.end());
        return items;
    }
    bool reinfused() const { return timeline().summary().reinfused; }
    std::size_t indices_of_cohort() const {
        const RuleSet rules;
        const SubjectTimeline told = timeline();
        return index_courses(subject_facts(told, rules, std::nullopt, std::nullopt), rules).size();
    }

  private:
    Named& naming(std::string names) {
        lot_of_.resize(story_.told().size());
        names_.resize(story_.told().size());
        names_.back() = std::move(names);
        return *this;
    }
    Story story_;
    std::vector<std::string> lots_;
    std::vector<std::size_t> lot_of_;
    std::vector<std::string> names_;
    std::vector<std::string> retracted_;
};

struct LinkCase {
    const char* name;
    Named story;
    Items expected;
};
void PrintTo(const LinkCase& row, std::ostream* out) { *out << row.name; }

Named one() { return Named().infused(d(0), "inf/1"); }
Named two() { return Named().infused(d(0), "inf/1").infused(d(60), "inf/2"); }

class InfusionLinks : public testing::TestWithParam<LinkCase> {};

TEST_P(InfusionLinks, are_held_against_the_times_in_any_order_of_arrival) {
    EXPECT_EQ(GetParam().story.listed(), GetParam().expected);
    EXPECT_EQ(GetParam().story.listed(true), GetParam().expected) << "backwards";
    const RuleSet rules;
    const SubjectTimeline told = GetParam().story.timeline();
    EXPECT_EQ(told.canonical(rules), GetParam().story.timeline(true).canonical(rules));
    const auto restored = SubjectTimeline::restore(told.snapshot(), rules);
    ASSERT_TRUE(restored);
    EXPECT_EQ(restored->canonical(rules), told.canonical(rules)) << "from its snapshot";
}

INSTANTIATE_TEST_SUITE_P(
    Facts, InfusionLinks,
    testing::ValuesIn(std::vector<LinkCase>{
        {"none_named", one().temperature(d(1), "t", ""), {}},
        {"the_one_before", one().temperature(d(1), "t", "inf/1"), {}},
        {"at_the_same_instant", one().temperature(d(0), "t", "inf/1"), {}},
        {"unknown", one().temperature(d(1), "t", "inf/9"), {{"ehr/t", "infusion_unknown"}}},
        {"no_infusion_at_all", Named().temperature(d(1), "t", "inf/1"), {{"ehr/t", "infusion_unknown"}}},
        {"retracted", one().temperature(d(1), "t", "inf/1").retracted("inf/1"), {{"ehr/t", "infusion_unknown"}}},
        {"a_fact_that_is_no_infusion",
         one().temperature(d(1), "other", "").temperature(d(1), "t", "other"),
         {{"ehr/t", "infusion_unknown"}}},
        {"before_its_infusion", one().temperature(d(-5), "t", "inf/1"), {}},
        {"before_the_second_after_the_first", two().temperature(d(58), "t", "inf/2"), {}},
        {"before_the_first_but_names_the_second",
         two().temperature(d(-5), "t", "inf/2"),
         {{"ehr/t", "infusion_contradicted"}}},
        {"the_second", two().temperature(d(61), "t", "inf/2"), {}},
        {"the_first_although_the_second_is_given",
         two().temperature(d(61), "t", "inf/1"),
         {{"ehr/t", "infusion_contradicted"}}},
        {"the_second_retracted_so_the_first_is_right_again",
         two().temperature(d(61), "t", "inf/1").retracted("inf/2"),
         {}},
        {"a_fraction_of_one_lot",
         Named().infused(d(0), "inf/1", "L").infused(d(0, 20), "inf/2", "L").temperature(d(1), "t", "inf/1"),
         {}},
        {"its_second_fraction",
         Named().infused(d(0), "inf/1", "L").infused(d(0, 20), "inf/2", "L").temperature(d(2), "t", "inf/2"),
         {}},
        {"before_both_fractions",
         Named().infused(d(0), "inf/1", "L").infused(d(0, 20), "inf/2", "L").temperature(d(-1), "t", "inf/2"),
         {}},
        {"an_infusion_that_names_itself", Named().infused(d(0), "inf/1", "", "inf/1"), {}},
        {"an_infusion_that_names_an_unknown_one",
         Named().infused(d(0), "inf/1", "", "inf/9"),
         {{"ehr/inf/1", "infusion_unknown"}}},
    }),
    CaseName{});

struct FractionCase {
    const char* name;
    Named story;
    bool reinfused;
    Items expected;
};
void PrintTo(const FractionCase& row, std::ostream* out) { *out << row.name; }

class NamedFractions : public testing::TestWithParam<FractionCase> {};

TEST_P(NamedFractions, are_of_the_index_that_they_name) {
    EXPECT_EQ(GetParam().story.reinfused(), GetParam().reinfused);
    EXPECT_EQ(GetParam().story.indices_of_cohort(), GetParam().reinfused ? 2U : 1U) << "cohorts count the same";
    EXPECT_EQ(GetParam().story.listed(), GetParam().expected);
    EXPECT_EQ(GetParam().story.listed(true), GetParam().expected);
}

Named second(Instant at, std::string lot, std::string names) {
    return Named().infused(d(0), "inf/1", "A").infused(at, "inf/2", std::move(lot), std::move(names));
}

INSTANTIATE_TEST_SUITE_P(
    Infusions, NamedFractions,
    testing::ValuesIn(std::vector<FractionCase>{
        {"another_lot_that_names_none", second(d(1), "B", ""), true, {}},
        {"another_lot_that_names_the_first", second(d(1), "B", "inf/1"), false, {}},
        {"at_the_limit_of_96_h", second(d(4), "B", "inf/1"), false, {}},
        {"a_minute_beyond_it", second(d(4, 10, 1), "B", "inf/1"), true, {{"ehr/inf/2", "infusion_contradicted"}}},
        {"the_same_lot_at_the_limit_of_24_h", second(d(1), "A", ""), false, {}},
        {"the_same_lot_a_minute_beyond_it", second(d(1, 10, 1), "A", ""), true, {}},
        {"the_same_lot_beyond_it_that_names_the_first", second(d(1, 10, 1), "A", "inf/1"), false, {}},
        {"a_third_that_names_the_second", second(d(1), "B", "inf/1").infused(d(2), "inf/3", "C", "inf/2"), false, {}},
        {"the_first_names_the_second",
         Named().infused(d(0), "inf/1", "A", "inf/2").infused(d(1), "inf/2", "B"),
         true,
         {{"ehr/inf/1", "infusion_contradicted"}}},
    }),
    CaseName{});

TEST(InfusionLinks, what_is_listed_says_against_which_infusion) {
    const SubjectTimeline told = two().temperature(d(61), "t", "inf/1").timeline();
    const auto quality = told.derived({}, kAlways).quality;
    ASSERT_EQ(quality.size(), 1U);
    EXPECT_EQ(told.record_text(quality[0].against), "ehr/inf/1");
    EXPECT_TRUE(is_used(quality[0].kind));
    EXPECT_EQ(held_reason(quality[0].kind), std::nullopt);
    EXPECT_EQ(told.summary().quality.of[static_cast<std::size_t>(QualityKind::infusion_contradicted)], 1);
}

TEST(InfusionLinks, what_was_known_before_the_infusion_came_says_so) {
    // The infusion is told after the fact that names it.
    const SubjectTimeline told = Named().temperature(d(1), "t", "inf/1").infused(d(0), "inf/1").timeline();
    EXPECT_EQ(told.derived({}, kAlways).quality.size(), 0U);
}

}  // namespace
}  // namespace cellvigil
