// What stands said holds until somebody has to be asked again. The law: whoever asks any grader between two facts, at
// once, just before the next deadline or after it, hears what was said last, and no episode ends or begins by the
// question. Otherwise what is said would hang on questions about something else.
#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "rules/timeline/fold.h"
#include "tests/rules/grade/legacy_ward.h"
#include "tests/rules/timeline/some_subject.h"
#include "tests/support/fact_story.h"
#include "tests/support/sample_support.h"

namespace cellvigil {
namespace {

using story::d;
using story::Told;

const RuleSet& kRules = legacy_ward::all_scales();

std::string name_of(const Assessment& said) {
    return std::string(cellvigil::name_of(said.scale)) + " " + cellvigil::name_of(said.term);
}

// A healthy reading is not asked about while CRS is quiet: "none" and "not watched" are one then.
bool says_nothing(const Assessment& said) {
    return !said.episode_open && (!said.under_surveillance || (said.grade == 0 && said.grade_upper == 0));
}
bool follows_readings(const Assessment& said) {
    return said.scale == Scale::astct_crs_2019 || said.term == Term::fever || said.term == Term::hypotension ||
           said.term == Term::hypoxia;
}
// The first statement of an infusion may be left out when it says nothing.
bool is_news(const Assessment* last, const Assessment& said) {
    if (last != nullptr && last->says_same(said)) return false;
    if (!said.under_surveillance && (last == nullptr || last->infusion != said.infusion)) return false;
    return !follows_readings(said) || !says_nothing(said) || (last != nullptr && !says_nothing(*last));
}

// Nobody answers that nothing has changed since, but for laboratory terms and immunity, which state values: for them a
// question without one is none.
void forget_answers(PanelState& panel) {
    panel.ctcae_signs.edit().changed = true;
    panel.legacy_crs.edit().changed = true;
    panel.cres.edit().changed = true;
    panel.febrile.edit().news = true;
    CountsState& counts = panel.counts.edit();
    counts.neutrophils_news = counts.platelets_news = counts.hematotox_news = counts.early_news = true;
}

template <typename State>
void ask(State& scale, ScaleTrack& track, const FoldState& state, const SubjectContext& subject, std::string& told) {
    Assessment said = assess(scale, state.now, context_of(state, subject, kRules));
    if (scale.episode.just_closed) told += name_of(said) + " ended; ";
    scale.episode.just_closed.reset();
    if (!track.said || track.last.says_same(said)) return;
    if (is_news(&track.last, said)) told += name_of(said) + "; ";
    track.last = said;
}

// What a question at `at` would tell of anything; empty: nothing new.
std::string told_by_asking(FoldState state, Instant at, const SubjectContext& subject) {
    std::string told;
    state.now = at;
    if (state.dead) return told;  // nothing of a course runs out after it
    ask(state.crs, state.crs_said, state, subject, told);
    state.icans.changed = true;
    ask(state.icans, state.icans_said, state, subject, told);
    forget_answers(state.panel);
    std::vector<Assessment> statements;
    std::vector<Episode> ended;
    ask(state.panel, kWholePanel, at, context_of(state, subject, kRules), statements, ended);
    for (const Episode& one : ended) {
        told += std::string(cellvigil::name_of(one.scale)) + " " + cellvigil::name_of(one.term) + " ended; ";
    }
    for (const Assessment& said : statements) {
        const Assessment* last = nullptr;
        for (const Assessment& one : *state.panel.said) {
            if (one.scale == said.scale && one.term == said.term) last = &one;
        }
        if (is_news(last, said)) told += name_of(said) + "; ";
        static_cast<void>(keep_statement(state.panel, said));
    }
    return told;
}

struct Asked {
    std::string told;
    std::size_t questions = 0;
    std::size_t with_signs = 0;     // while CTCAE has an open episode of a sign
    std::size_t in_crs = 0;         // while one of CRS is open
    std::size_t after_a_timer = 0;  // a deadline passed since the last fact
    Asked& operator+=(const Asked& other) {
        told += other.told;
        questions += other.questions;
        with_signs += other.with_signs;
        in_crs += other.in_crs;
        after_a_timer += other.after_a_timer;
        return *this;
    }
};

void ask_at(const FoldState& state, Instant at, const SubjectContext& subject, Asked& asked) {
    asked.told += told_by_asking(state, at, subject);
    ++asked.questions;
    if (state.panel.ctcae_signs->standing) ++asked.with_signs;
    if (state.crs.episode.open) ++asked.in_crs;
}

// Asks after every fact and every deadline, and in the last moment before the next of either.
Asked asked_all_the_time(const std::vector<Fact>& facts, const SubjectContext& subject) {
    constexpr int kDeadlines = 8;  // a fact, at most
    Asked asked;
    FoldState state;
    FoldOutput out;
    for (std::size_t i = 0; i < facts.size(); ++i) {
        static_cast<void>(step(state, facts[i], subject, kRules, out));
        const bool last = i + 1 == facts.size();
        const Instant next = last ? facts[i].at + days(60) : facts[i + 1].at;
        FoldState later = state;
        for (int passed = 0; passed < kDeadlines && (last || later.now < next); ++passed) {
            if (passed > 0) ++asked.after_a_timer;
            ask_at(later, later.now, subject, asked);
            const Instant before = std::min(later.next_expiry, next) - milliseconds(1);
            if (before > later.now) ask_at(later, before, subject, asked);
            if (later.next_expiry >= next) break;
            FoldOutput unheard;
            run_timers(later, later.next_expiry, subject, kRules, unheard);
        }
    }
    return asked;
}

SubjectContext some_context(std::uint32_t seed) {
    SubjectContext subject;
    subject.enrolled = true;
    subject.age_years = 14 + static_cast<std::int32_t>(seed % 2) * 44;
    subject.scales = kComputedScales;
    return subject;
}

Asked of_some_subject(std::uint32_t seed) {
    SubjectTimeline timeline("STUDY/S-001");
    const std::vector<Told> events = some_subject(seed, 120);
    for (const Told& told : events) static_cast<void>(timeline.apply(story::event_of(told), kRules));
    return asked_all_the_time(timeline.facts(), some_context(seed));
}

Body some_stay(std::mt19937& random) {
    Intervention stay;
    stay.kind = random() % 3 == 0 ? InterventionKind::icu_stay : InterventionKind::hospital_stay;
    stay.phase = random() % 2 == 0 ? InterventionPhase::start : InterventionPhase::stop;
    return stay;
}

// A ward where support comes and goes, its end often stated, and readings lie on both sides of the limits.
Asked of_some_ward(std::uint32_t seed) {
    constexpr std::array<std::pair<Analyte, std::array<int, 4>>, 4> kReadings{{
        {Analyte::temperature, {368, 372, 385, 401}},
        {Analyte::systolic, {780, 890, 950, 1180}},
        {Analyte::spo2, {860, 890, 930, 970}},
        {Analyte::mean_arterial, {550, 640, 660, 800}},
    }};
    constexpr std::array<int, 6> kGaps{1, 6, 24, 26, 72, 24 * 8};  // hours
    std::mt19937 random(seed);
    story::Story told;
    told.adult().infused();
    Instant at = d(0, 12);
    for (int i = 0; i < 80; ++i) {
        at += random() % 8 == 0 ? milliseconds(hours(kGaps.at(random() % kGaps.size()))) +
                                      milliseconds(static_cast<int>(random() % 3) - 1)
                                : milliseconds(minutes(random() % 120));
        if (random() % 3 == 0) {
            const Body support = random() % 8 == 0 ? some_stay(random) : sample::some_support(random);
            const bool ends = random() % 2 == 0 && std::holds_alternative<Intervention>(support);
            told.tell_until(at, ends ? at + minutes(30 * (random() % 48)) : kNever, support);
        } else {
            const auto& [analyte, values] = kReadings.at(random() % kReadings.size());
            Observation said;
            said.analyte = analyte;
            said.status = ResultStatus::final;
            said.value = Quantity{values.at(random() % values.size()) * std::int64_t{100'000}};
            told.tell(at, said);
        }
        if (random() % 10 == 0) told.last_with(bit(EventFlag::imputed_date));
    }
    return asked_all_the_time(told.timeline(kRules).facts(), some_context(seed + 1));
}

RC_GTEST_PROP(StandingStatementLaw, no_question_about_a_subject_tells_anything_new, (std::uint32_t seed)) {
    RC_ASSERT(of_some_subject(seed).told == "");
}

RC_GTEST_PROP(StandingStatementLaw, no_question_about_a_ward_tells_anything_new, (std::uint32_t seed)) {
    RC_ASSERT(of_some_ward(seed).told == "");
}

// The law says something only if questions come while something stands, and between deadlines.
TEST(StandingStatementLawGenerator, reaches_what_the_law_is_about) {
    Asked sum;
    for (std::uint32_t seed = 0; seed < 20; ++seed) (sum += of_some_subject(seed)) += of_some_ward(seed);
    EXPECT_EQ(sum.told, "");
    EXPECT_GT(sum.questions, 5000U);
    EXPECT_GT(sum.with_signs, 2000U);
    EXPECT_GT(sum.in_crs, 1000U);
    EXPECT_GT(sum.after_a_timer, 1000U);
}

}  // namespace
}  // namespace cellvigil
