// The fold asks CRS nothing about a reading that changes_nothing(). The law: had it asked, the answer and the state
// would have been the same, no deadline would have come earlier, and the older scales would have had no news. Random
// wards whose readings lie at, just below and just above every limit, and whose gaps are as long as readings hold.
#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "rules/timeline/fold.h"
#include "tests/support/fact_story.h"
#include "tests/support/sample_support.h"

namespace cellvigil {
namespace {

using story::d;

const RuleSet kRules = [] {
    RuleSet rules;
    rules.scales = kComputedScales;
    return rules;
}();

Body reading(std::mt19937& random) {
    constexpr auto kTemperatures = std::to_array<int>({3680, 3720, 3798, 3799, 3800, 3801, 3901, 4001});
    constexpr auto kSystolic = std::to_array<int>({88, 89, 90, 91, 94, 99, 100, 101, 118});
    constexpr auto kSaturations = std::to_array<int>({88, 89, 90, 91, 92, 93, 97});
    const auto of = [&](const auto& values) { return values.at(random() % values.size()); };
    Observation said;
    said.status = ResultStatus::final;
    switch (random() % 3) {
        case 0:
            said.analyte = Analyte::temperature;
            said.value = hundredths(random() % 2 == 0 ? 3720 : of(kTemperatures));
            break;
        case 1:
            said.analyte = random() % 9 == 0 ? Analyte::mean_arterial : Analyte::systolic;
            said.value = whole(random() % 2 == 0 ? 118 : of(kSystolic));
            if (said.analyte == Analyte::mean_arterial) said.value = whole(60 + static_cast<int>(random() % 12));
            break;
        default:
            said.analyte = Analyte::spo2;
            said.value = whole(random() % 2 == 0 ? 97 : of(kSaturations));
            break;
    }
    return said;
}

milliseconds gap(std::mt19937& random) {
    constexpr auto kHours = std::to_array<int>({6, 12, 24, 26, 72, 24 * 8});
    if (random() % 12 != 0) return minutes(random() % 50);
    return hours(kHours.at(random() % kHours.size())) + milliseconds(static_cast<int>(random() % 3) - 1);
}

std::vector<Fact> some_ward(std::mt19937& random, SubjectTimeline& timeline) {
    story::Story told;
    if (random() % 3 == 0) {
        told.aged_years(14);
    } else {
        told.adult();
    }
    told.infused();
    Instant at = d(0, 12);
    for (int i = 0; i < 250; ++i) {
        at += gap(random);
        told.tell(at, random() % 25 == 0 ? sample::some_support(random) : reading(random));
    }
    timeline = told.timeline(kRules);
    return timeline.facts();
}

struct Spared {
    int temperatures = 0;
    int pressures = 0;
    int saturations = 0;
    int in_episode = 0;
    int with_fever = 0;
    int all() const { return temperatures + pressures + saturations; }
};

FoldContext context_of(const FoldState& state, const SubjectContext& subject) {
    return {kRules,     subject,      state.infusion,       state.setting,         state.dead,
            &state.crs, &state.icans, &state.crs_said.last, &state.icans_said.last};
}

// What asking would have changed; empty: nothing.
std::string told_by_asking(FoldState state, const Fact& fact, const SubjectContext& subject) {
    const FoldContext context = context_of(state, subject);
    observe(state.crs, fact, context);
    const CrsState observed = state.crs;
    const Assessment said = assess(state.crs, state.now, context);
    if (!said.says_same(state.crs_said.last)) return "another answer";
    if (!(state.crs == observed)) return "another state";
    if (is_quiet(state.crs_said.last)) return "";  // nobody is asked then, and no deadline renewed
    if (next_deadline(state.crs, state.now, context) < state.crs_said.deadline) return "an earlier deadline";
    PanelMask graders = kFollowCrs;
    if (concerns_ctcae_signs(fact)) {
        observe(state.panel, mask_of(PanelGrader::ctcae_signs), fact, context);
        if (has_news(*state.panel.ctcae_signs)) graders = mask_of(PanelGrader::legacy_crs);  // will be asked
    }
    const auto followed = state.panel.legacy_crs->episode;
    std::vector<Assessment> statements;
    std::vector<Episode> ended;
    ask(state.panel, graders, state.now, context, statements, ended);
    for (const Assessment& one : statements) {
        if (keep_statement(state.panel, one)) return "another answer of an older scale";
    }
    return ended.empty() && state.panel.legacy_crs->episode == followed ? "" : "another episode of an older scale";
}

// Folds a ward, and holds every question that is spared against what asking would have told.
Spared hold_to_the_law(std::uint32_t seed, std::string& broken) {
    std::mt19937 random(seed);
    SubjectTimeline timeline("STUDY/S-001");
    const std::vector<Fact> facts = some_ward(random, timeline);
    SubjectContext subject;
    subject.enrolled = true;
    subject.age_years = 14 + static_cast<std::int32_t>(seed % 2) * 44;
    subject.scales = kComputedScales;
    FoldState state;
    FoldOutput out;
    Spared spared;
    for (const Fact& fact : facts) {
        FoldState before = state;
        FoldOutput unheard;
        run_timers(before, fact.at, subject, kRules, unheard);
        before.now = std::max(before.now, fact.at);
        if (fact.kind == FactKind::observation && before.crs_said.said &&
            changes_nothing(before.crs, fact, context_of(before, subject))) {
            if (broken.empty()) broken = told_by_asking(before, fact, subject);
            if (fact.analyte == Analyte::temperature) ++spared.temperatures;
            if (fact.analyte == Analyte::systolic) ++spared.pressures;
            if (fact.analyte == Analyte::spo2) ++spared.saturations;
            if (before.crs.episode.open) ++spared.in_episode;
            if (before.crs_said.last.grade == 1) ++spared.with_fever;
        }
        static_cast<void>(step(state, fact, subject, kRules, out));
    }
    return spared;
}

RC_GTEST_PROP(SparedQuestionLaw, asking_would_have_told_nothing, (std::uint32_t seed)) {
    std::string broken;
    static_cast<void>(hold_to_the_law(seed, broken));
    RC_ASSERT(broken == "");
}

// The law says something only if questions are spared of every kind, within episodes too.
TEST(SparedQuestionLawGenerator, reaches_what_the_law_is_about) {
    Spared sum;
    std::string broken;
    for (std::uint32_t seed = 0; seed < 20; ++seed) {
        const Spared one = hold_to_the_law(seed, broken);
        sum.temperatures += one.temperatures;
        sum.pressures += one.pressures;
        sum.saturations += one.saturations;
        sum.in_episode += one.in_episode;
        sum.with_fever += one.with_fever;
    }
    EXPECT_EQ(broken, "");
    EXPECT_GT(sum.temperatures, 100);
    EXPECT_GT(sum.pressures, 100);
    EXPECT_GT(sum.saturations, 100);
    EXPECT_GT(sum.in_episode, 200);
    EXPECT_GT(sum.with_fever, 50);
    EXPECT_LT(sum.all(), 20 * 250 * 9 / 10);
}

// Blood counts, several a day: one that is not the worst of its day is no news, and asking would tell nothing.
RC_GTEST_PROP(SparedQuestionLaw, counts_that_are_not_the_worst_of_their_day_are_no_news, (std::uint32_t seed)) {
    std::mt19937 random(seed);
    story::Story told;
    told.adult().infused();
    Instant at = d(0, 12);
    for (int i = 0; i < 120; ++i) {
        at += hours(random() % (random() % 15 == 0 ? 200 : 12));
        Observation said;
        said.status = ResultStatus::final;
        said.analyte = random() % 2 == 0 ? Analyte::neutrophils : Analyte::platelets;
        said.value = said.analyte == Analyte::neutrophils ? hundredths(10 * static_cast<int>(random() % 8))
                                                          : whole(10 * static_cast<int>(random() % 7));
        if (random() % 9 == 0) said.comparator = Comparator::less;
        told.tell(at, random() % 12 == 0 ? sample::some_support(random) : Body(said));
    }
    SubjectContext subject;
    subject.enrolled = true;
    subject.age_years = 58;
    subject.scales = kComputedScales;
    FoldState state;
    FoldOutput out;
    std::size_t asked = 0;
    const SubjectTimeline timeline = told.timeline(kRules);
    for (const Fact& fact : timeline.facts()) {
        static_cast<void>(step(state, fact, subject, kRules, out));
        FoldState again = state;
        CountsState& counts = again.panel.counts.edit();
        counts.neutrophils_news = counts.platelets_news = counts.early_news = true;
        std::vector<Assessment> statements;
        std::vector<Episode> ended;
        ask(again.panel, mask_of(PanelGrader::counts), again.now, context_of(again, subject), statements, ended);
        asked += statements.size();
        for (const Assessment& one : statements) RC_ASSERT(!keep_statement(again.panel, one));
    }
    RC_ASSERT(asked > 100U);
}

// Each reading that would change something, beside one that would not.
TEST(ChangesNothing, limits) {
    const SubjectContext subject = [] {
        SubjectContext adult;
        adult.enrolled = true;
        adult.age_years = 58;
        adult.scales = kComputedScales;
        return adult;
    }();
    FoldState state;
    state.infusion.ordinal = 1;
    state.infusion.at = d(0);
    const auto seen = [](Analyte analyte, Instant at, Quantity value) {
        Fact fact;
        fact.analyte = analyte;
        fact.at = at;
        fact.has_value = true;
        fact.value = value;
        return fact;
    };
    const auto nothing = [&](const CrsState& crs, const Fact& fact) {
        return changes_nothing(crs, fact, {kRules, subject, state.infusion});
    };
    CrsState crs;
    observe(crs, seen(Analyte::temperature, d(1), hundredths(3700)), {kRules, subject, state.infusion});
    observe(crs, seen(Analyte::systolic, d(1), whole(118)), {kRules, subject, state.infusion});
    observe(crs, seen(Analyte::spo2, d(1), whole(97)), {kRules, subject, state.infusion});
    const hours temperature = temperature_validity({kRules, subject, state.infusion});
    const hours pressure = pressure_validity({kRules, subject, state.infusion});
    EXPECT_TRUE(nothing(crs, seen(Analyte::temperature, d(1) + temperature, hundredths(3798))));
    EXPECT_FALSE(nothing(crs, seen(Analyte::temperature, d(1) + temperature, hundredths(3799))));
    EXPECT_FALSE(nothing(crs, seen(Analyte::temperature, d(1) + temperature + milliseconds(1), hundredths(3798))));
    EXPECT_TRUE(nothing(crs, seen(Analyte::systolic, d(1) + pressure, whole(100))));
    EXPECT_FALSE(nothing(crs, seen(Analyte::systolic, d(1) + pressure, whole(99))));
    EXPECT_FALSE(nothing(crs, seen(Analyte::systolic, d(1) + pressure + milliseconds(1), whole(100))));
    EXPECT_TRUE(nothing(crs, seen(Analyte::spo2, d(1), kRules.crs.spo2_suspect)));
    EXPECT_FALSE(nothing(crs, seen(Analyte::spo2, d(1), {kRules.crs.spo2_suspect.micro - 1})));
    EXPECT_FALSE(nothing(crs, seen(Analyte::mean_arterial, d(1), whole(90))));
    CrsState hot = crs;
    hot.fever.latest.value = whole(38);
    EXPECT_FALSE(nothing(hot, seen(Analyte::temperature, d(1, 12), hundredths(3700))));
    EXPECT_TRUE(nothing(hot, seen(Analyte::systolic, d(1, 12), whole(118))));
    CrsState low = crs;
    low.pressure.low.active = true;
    EXPECT_FALSE(nothing(low, seen(Analyte::systolic, d(1, 12), whole(118))));
    CrsState supported = crs;
    supported.support_present = true;
    EXPECT_FALSE(nothing(supported, seen(Analyte::spo2, d(1, 12), whole(97))));
    CrsState open = crs;
    open.episode.open = true;
    open.episode.last_sign = d(0, 12);
    open.episode.watch.told = d(1);
    open.episode.absence_seen = true;
    EXPECT_TRUE(nothing(open, seen(Analyte::temperature, d(1, 12) - milliseconds(1), hundredths(3700))));
    EXPECT_FALSE(nothing(open, seen(Analyte::temperature, d(1, 12), hundredths(3700))));
    open.episode.absence_seen = false;
    EXPECT_FALSE(nothing(open, seen(Analyte::temperature, d(1, 11), hundredths(3700))));
}

}  // namespace
}  // namespace cellvigil
