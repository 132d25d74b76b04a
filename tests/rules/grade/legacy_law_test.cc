// Laws of the graders that answer only when their small picture of the patient has changed: an answer that was spared
// would have said nothing new. Random wards, every scale on.
#include <algorithm>
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

Body vital_sign(std::mt19937& random) {
    Observation said;
    said.status = ResultStatus::final;
    switch (random() % 3) {
        case 0:
            said.analyte = Analyte::temperature;
            said.value = hundredths(3600 + static_cast<int>(random() % 500));
            break;
        case 1:
            said.analyte = Analyte::systolic;
            said.value = whole(78 + static_cast<int>(random() % 40));
            break;
        default:
            said.analyte = Analyte::spo2;
            said.value = whole(84 + static_cast<int>(random() % 16));
            break;
    }
    return said;
}

// A ward that charts a vital sign every half hour or so, and something else now and then.
std::vector<Fact> some_ward(std::uint32_t seed, SubjectTimeline& timeline) {
    std::mt19937 random(seed);
    story::Story told;
    told.adult().infused();
    Instant at = d(0, 12);
    for (int i = 0; i < 250; ++i) {
        at += minutes(random() % 8 == 0 ? 60 * static_cast<int>(random() % 30) : static_cast<int>(random() % 50));
        told.tell(at, random() % 5 == 0 ? sample::some_support(random) : vital_sign(random));
    }
    timeline = told.timeline(kRules);
    return timeline.facts();
}

std::string shown(const Assessment& said) {
    std::string text = std::string(name_of(said.scale)) + " " + name_of(said.term) + " grade " +
                       std::to_string(said.grade) + " upper " + std::to_string(said.grade_upper);
    for (int i = 0; i < kFlags; ++i) {
        if (said.flags.has(static_cast<Flag>(i))) text += std::string(" ") + name_of(static_cast<Flag>(i));
    }
    for (int i = 0; i < kComponents; ++i) {
        if (said.deciding.has(static_cast<Component>(i)))
            text += std::string(" by ") + name_of(static_cast<Component>(i));
    }
    return text + "; ";
}

// What graders would say that were told to look again; empty: nothing new.
std::string news_of(FoldState state, const SubjectContext& subject) {
    const FoldContext context{kRules,     subject,      state.infusion,       state.setting,         state.dead,
                              &state.crs, &state.icans, &state.crs_said.last, &state.icans_said.last};
    state.panel.legacy_crs.edit().changed = true;
    state.panel.ctcae_signs.edit().changed = true;
    state.panel.cres.edit().changed = true;
    std::vector<Assessment> statements;
    std::vector<Episode> ended;
    const PanelMask all = mask_of(PanelGrader::legacy_crs) | mask_of(PanelGrader::ctcae_signs) |
                          (state.icans_said.said ? mask_of(PanelGrader::cres) : 0);
    ask(state.panel, all, state.now, context, statements, ended);
    std::string news = ended.empty() ? "" : "an episode ended; ";
    const std::vector<Assessment> before = *state.panel.said;
    for (const Assessment& said : statements) {
        // While nothing abnormal is charted nobody is asked, and nothing said.
        const bool nothing = said.grade_upper <= 0 && said.flags.empty();
        if (!keep_statement(state.panel, said) || nothing) continue;
        news += "now " + shown(said);
        for (const Assessment& last : before) {
            if (last.scale == said.scale && last.term == said.term) news += "before " + shown(last);
        }
    }
    return news;
}

RC_GTEST_PROP(LegacyCrsLaw, an_answer_that_was_spared_says_nothing_new, (std::uint32_t seed)) {
    SubjectTimeline timeline("STUDY/S-001");
    const std::vector<Fact> facts = some_ward(seed, timeline);
    SubjectContext subject;
    subject.enrolled = true;
    subject.age_years = 58;
    subject.scales = kComputedScales;
    FoldState state;
    FoldOutput out;
    for (const Fact& fact : facts) {
        static_cast<void>(step(state, fact, subject, kRules, out));
        if (!state.crs_said.said) continue;
        const bool vital = fact.kind == FactKind::observation && is_unremarkable(fact, kRules.crs);
        if (vital && is_quiet(state.crs_said.last)) continue;  // nobody was asked: nothing abnormal to speak of
        RC_ASSERT(news_of(state, subject) == "");
    }
}

// Nothing known less, nothing milder: the upper grade of every older scale is at least the literal one, and grade 5 is
// death alone.
RC_GTEST_PROP(LegacyCrsLaw, ranges_are_ranges_and_five_is_death, (std::uint32_t seed)) {
    SubjectTimeline timeline("STUDY/S-001");
    static_cast<void>(some_ward(seed, timeline));
    for (const Assessment& said : timeline.derived(kRules, kAlways).assessments) {
        RC_ASSERT(said.grade_upper >= said.grade);
        RC_ASSERT(said.grade_upper < 5);
        if (!said.under_surveillance) continue;
        const bool range = said.grade_upper > said.grade && said.scale != Scale::astct_crs_2019;
        const bool unexplained = range && said.flags.empty();
        RC_ASSERT((unexplained ? shown(said) : "") == "");
    }
}

}  // namespace
}  // namespace cellvigil
