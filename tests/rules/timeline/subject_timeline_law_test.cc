// Laws of the core: the findings are a function of the set of events. Random subjects, with corrections, retractions,
// conflicts and re-used ids among their events, are told in other orders, with repeats, in pieces, and must end the
// same.
#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/rules/timeline/some_subject.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Told;

// Every scale that can be computed, so that the laws hold for all graders.
const RuleSet kRules = [] {
    RuleSet rules;
    rules.scales = kComputedScales;
    rules.reporting.assign(reporting_rules().begin(), reporting_rules().end());
    return rules;
}();

SubjectTimeline told_in_order(const std::vector<Told>& events) {
    SubjectTimeline timeline("STUDY/S-001");
    for (const Told& told : events) static_cast<void>(timeline.apply(story::event_of(told), kRules));
    return timeline;
}

const std::size_t kSizes[] = {3, 20, 120, 900};

// The laws say something about a grader only if the generated subjects reach it.
TEST(SubjectTimelineLawGenerator, reaches_what_the_laws_are_about) {
    std::set<Term> terms;
    std::set<DisagreementKind> kinds;
    std::set<std::pair<Scale, Term>> unobserved;
    std::set<SubjectRule> rules;
    for (std::uint32_t seed = 0; seed < 240; ++seed) {
        const Derived derived = told_in_order(some_subject(seed, seed % 4 == 0 ? 200 : 20)).derived({}, kAlways);
        for (const Assessment& said : derived.assessments) {
            terms.insert(said.term);
            if (said.flags.has(Flag::unobserved_gap)) unobserved.insert({said.scale, said.term});
        }
        for (const Disagreement& item : derived.disagreements) kinds.insert(item.kind);
        for (const SubjectAlert& alert : derived.alerts) rules.insert(alert.rule);
    }
    for (int i = 0; i < kSubjectRules; ++i) {
        // Two low values past day 180 within each other's time are too rare; its table has it.
        if (static_cast<SubjectRule>(i) == SubjectRule::b_cell_aplasia) continue;
        EXPECT_TRUE(rules.contains(static_cast<SubjectRule>(i))) << name_of(static_cast<SubjectRule>(i));
    }
    for (const Term term : {Term::infection, Term::sepsis, Term::bacteraemia, Term::shingles, Term::cmv_reactivation,
                            Term::hbv_reactivation, Term::iec_hs, Term::ferritin_hook, Term::hbv_reactivation_suspected,
                            Term::delayed_neurotoxicity, Term::secondary_malignancy, Term::t_cell_malignancy,
                            Term::licats, Term::enterocolitis}) {
        EXPECT_TRUE(terms.contains(term)) << name_of(term);
    }
    for (const auto& [scale, term] :
         {std::pair(Scale::astct_crs_2019, Term::none), std::pair(Scale::astct_icans_2019, Term::none),
          std::pair(Scale::lee_2014, Term::none), std::pair(Scale::cartox_cres, Term::none),
          std::pair(Scale::ctcae_5_0, Term::febrile_neutropenia), std::pair(Scale::iec_hs_2023, Term::iec_hs),
          std::pair(Scale::ctcae_5_0, Term::platelet_count_decreased),
          std::pair(Scale::ctcae_5_0, Term::hbv_reactivation_suspected)}) {
        EXPECT_TRUE(unobserved.contains({scale, term})) << name_of(scale) << " " << name_of(term);
    }
    EXPECT_EQ(kinds.size(), static_cast<std::size_t>(kDisagreementKinds));
}

RC_GTEST_PROP(SubjectTimelineLaw, order_of_arrival_does_not_matter, (std::uint32_t seed)) {
    std::vector<Told> events = some_subject(seed, kSizes[seed % 4]);
    const std::string as_told = told_in_order(events).canonical(kRules);
    std::mt19937 random(seed + 1);
    std::shuffle(events.begin(), events.end(), random);
    RC_ASSERT(told_in_order(events).canonical(kRules) == as_told);
    std::sort(events.begin(), events.end(),
              [](const Told& a, const Told& b) { return a.event.effective.from < b.event.effective.from; });
    RC_ASSERT(told_in_order(events).canonical(kRules) == as_told);
}

RC_GTEST_PROP(SubjectTimelineLaw, repeats_change_nothing, (std::uint32_t seed)) {
    const std::vector<Told> events = some_subject(seed, 60);
    std::vector<Told> twice = events;
    std::mt19937 random(seed + 2);
    for (std::size_t i = 0; i < events.size(); ++i) {
        Told again = events[random() % events.size()];
        twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(random() % (twice.size() + 1)), again);
    }
    RC_ASSERT(told_in_order(twice).canonical(kRules) == told_in_order(events).canonical(kRules));
}

RC_GTEST_PROP(SubjectTimelineLaw, incremental_equals_from_scratch, (std::uint32_t seed)) {
    SubjectTimeline timeline = told_in_order(some_subject(seed, kSizes[seed % 4]));
    const std::string incremental = timeline.canonical(kRules);
    timeline.rederive(kRules);
    RC_ASSERT(timeline.canonical(kRules) == incremental);
}

// Log time goes on in any steps, between any facts: in the end the alerts are those of all facts at the time reached.
RC_GTEST_PROP(SubjectTimelineLaw, alerts_do_not_hang_on_when_time_was_looked_at, (std::uint32_t seed)) {
    std::vector<Told> events = some_subject(seed, kSizes[seed % 3]);
    const Instant end = d(0) + days(seed % 900);
    const SubjectTimeline whole = told_in_order(events);
    std::mt19937 random(seed + 7);
    std::shuffle(events.begin(), events.end(), random);
    SubjectTimeline stepped("STUDY/S-001");
    std::map<std::string, SubjectAlert> standing;
    const auto heed = [&](bool changed) {
        if (!changed) return;
        for (const AlertChange& change : stepped.publish()) {
            standing.erase(change.alert_id);
            if (change.kind != AlertChangeKind::withdrawn) standing.emplace(change.alert_id, change.alert);
        }
    };
    for (const Told& told : events) {
        heed(stepped.apply(story::event_of(told), kRules).alerts_changed);
        if (random() % 4 == 0) heed(stepped.advance(std::min(end, d(0) + days(random() % 900)), kRules));
    }
    heed(stepped.advance(end, kRules));
    const std::vector<SubjectAlert> expected = whole.alerts_at(end, kRules);
    RC_ASSERT(standing.size() == expected.size());
    for (const SubjectAlert& alert : expected) {
        const auto found = standing.find(alert_id("STUDY/S-001", alert));
        RC_ASSERT(found != standing.end());
        RC_ASSERT(found->second == alert);
    }
}

RC_GTEST_PROP(SubjectTimelineLaw, a_snapshot_restores_the_same_subject, (std::uint32_t seed)) {
    const std::vector<Told> events = some_subject(seed, 80);
    const std::size_t half = events.size() / 2;
    const SubjectTimeline first = told_in_order({events.begin(), events.begin() + static_cast<std::ptrdiff_t>(half)});
    auto restored = SubjectTimeline::restore(first.snapshot(), kRules);
    RC_ASSERT(restored.has_value());
    RC_ASSERT(restored->canonical(kRules) == first.canonical(kRules));
    for (std::size_t i = half; i < events.size(); ++i)
        static_cast<void>(restored->apply(story::event_of(events[i]), kRules));
    RC_ASSERT(restored->canonical(kRules) == told_in_order(events).canonical(kRules));
}

RC_GTEST_PROP(SubjectTimelineLaw, retraction_undoes, (std::uint32_t seed)) {
    std::vector<Told> events = some_subject(seed, 60);
    const Derived before = told_in_order(events).derived(kRules, kAlways);
    std::mt19937 random(seed + 3);
    Told extra = fresh(5000, random);
    Told undone = extra;
    undone.message_id = "m5001";
    undone.event.version = 2;
    undone.event.action = RecordAction::retract;
    undone.event.body = Retraction{};
    seal(undone, random);
    events.push_back(extra);
    events.push_back(undone);
    const SubjectTimeline timeline = told_in_order(events);
    const Derived after = timeline.derived(kRules, kAlways);
    RC_ASSERT(after.assessments == before.assessments);
    RC_ASSERT(after.episodes == before.episodes);
    RC_ASSERT(after.alerts == before.alerts);
    RC_ASSERT(after.disagreements == before.disagreements);
    RC_ASSERT(after.summary == before.summary);
    RC_ASSERT(after.quality == before.quality);
}

RC_GTEST_PROP(SubjectTimelineLaw, the_upper_grade_is_never_below_the_grade, (std::uint32_t seed)) {
    for (const Assessment& said : told_in_order(some_subject(seed, 120)).derived(kRules, kAlways).assessments) {
        RC_ASSERT(said.grade_upper >= said.grade);
    }
}

// Of each infusion by itself: what stood in the first is no statement about the second.
using Standing = std::map<std::tuple<Scale, Term, std::uint16_t>, Assessment>;
Standing standing_at(const std::vector<Assessment>& said, Instant at) {
    Standing standing;
    for (const Assessment& one : said) {
        if (one.at <= at) standing[{one.scale, one.term, one.infusion}] = one;
    }
    return standing;
}

// Of CTCAE's fever, hypotension and hypoxia, without an episode, "none" and "not watched" are one: a healthy reading is
// not asked about while CRS is quiet (fold.cc), so which of them stands hangs on what else was asked.
bool says_no_sign(const Assessment& said) {
    const bool sign = said.term == Term::fever || said.term == Term::hypotension || said.term == Term::hypoxia;
    return sign && !said.episode_open && (!said.under_surveillance || (said.grade == 0 && said.grade_upper == 0));
}

// The same subject with and without a limit of silence: what is wrong with the difference, and how many standing grades
// it leaves open.
struct SilenceEffect {
    std::string wrong;
    std::size_t opened = 0;
};
SilenceEffect effect_of_silence(std::uint32_t seed, std::size_t facts) {
    RuleSet patient = kRules;
    patient.episode.unobserved = patient.episode.unobserved_values = patient.episode.unobserved_cd4 = days(100'000);
    const std::vector<Told> events = some_subject(seed, facts);
    SubjectTimeline never("STUDY/S-001");
    for (const Told& told : events) static_cast<void>(never.apply(story::event_of(told), patient));
    const Derived without = never.derived(patient, kAlways);
    const Derived with = told_in_order(events).derived(kRules, kAlways);
    SilenceEffect effect;
    std::set<Instant> times;
    for (const Derived* derived : {&without, &with}) {
        for (const Assessment& said : derived->assessments) times.insert(said.at);
    }
    for (const Instant at : times) {
        const Standing before = standing_at(without.assessments, at);
        for (const auto& [what, said] : standing_at(with.assessments, at)) {
            const auto found = before.find(what);
            if (found == before.end()) continue;
            const Assessment& other = found->second;
            if (says_no_sign(said) && says_no_sign(other)) continue;
            const bool opened = said.grade != other.grade;
            if (opened) ++effect.opened;
            if (opened && said.grade != kNotGradable) effect.wrong += "another grade; ";
            if (opened && !said.flags.has(Flag::unobserved_gap)) effect.wrong += "no remark; ";
            if (said.grade_upper < other.grade_upper) effect.wrong += "a lower upper grade; ";
            if (said.episode != other.episode || said.episode_open != other.episode_open)
                effect.wrong += "another episode; ";
        }
    }
    if (with.episodes.size() != without.episodes.size()) effect.wrong += "other episodes; ";
    for (std::size_t i = 0; i < std::min(with.episodes.size(), without.episodes.size()); ++i) {
        const bool same = with.episodes[i].onset == without.episodes[i].onset &&
                          with.episodes[i].resolved == without.episodes[i].resolved;
        if (!same) effect.wrong += "an episode of other times; ";
    }
    return effect;
}

// Remembering a silence never makes a grade milder, nor another one: it leaves it, or leaves it open, and the upper
// grade does not fall. Episodes are the same.
RC_GTEST_PROP(SubjectTimelineLaw, a_long_silence_only_leaves_grades_open, (std::uint32_t seed)) {
    RC_ASSERT(effect_of_silence(seed, kSizes[seed % 3]).wrong == "");
}

TEST(SubjectTimelineLawGenerator, reaches_grades_that_a_silence_leaves_open) {
    std::size_t opened = 0;
    for (std::uint32_t seed = 0; seed < 90; ++seed) opened += effect_of_silence(seed, 120).opened;
    EXPECT_GT(opened, 100U);
}

RC_GTEST_PROP(SubjectTimelineLaw, what_was_known_then_is_what_was_said_then, (std::uint32_t seed)) {
    std::vector<Told> events = some_subject(seed, 60);
    // The log's append times rise in the order told.
    Instant appended = d(0);
    for (Told& told : events) told.event.appended_at = appended += minutes(1);
    const std::size_t half = events.size() / 2;
    const SubjectTimeline then = told_in_order({events.begin(), events.begin() + static_cast<std::ptrdiff_t>(half)});
    const SubjectTimeline now = told_in_order(events);
    const Derived said = then.derived(kRules, kAlways);
    const Derived recalled = now.derived_as_known(kRules, events[half - 1].event.appended_at, kAlways);
    RC_ASSERT(recalled.alerts == said.alerts);
    RC_ASSERT(recalled.summary == said.summary);
    RC_ASSERT(recalled.disagreements == said.disagreements);
    RC_ASSERT(recalled.episodes == said.episodes);
}

}  // namespace
}  // namespace cellvigil
