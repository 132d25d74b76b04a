// Laws of the ICANS grader by itself, over random courses: a driver of the test's own feeds facts in time order and
// runs the deadlines, as the fold does.
#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "rules/grade/icans.h"
#include "rules/grade/icans_components.h"
#include "tests/rules/grade/icans_ward.h"

namespace cellvigil {
namespace {

using namespace icans_ward;

struct Told {
    Instant at{};
    Body body;
    Instant until = kNever;
};

// Facts point into `told`.
std::vector<Fact> facts_of(const std::vector<Told>& told) {
    std::vector<Fact> facts;
    for (std::size_t i = 0; i < told.size(); ++i) {
        Fact fact;
        fact.at = told[i].at;
        fact.until = told[i].until;
        fact.record.index = static_cast<std::uint32_t>(i);
        fact.kind = kind_of(told[i].body);
        fact.body = &told[i].body;
        if (const auto* value = std::get_if<Observation>(&told[i].body)) {
            fact.analyte = value->analyte;
            fact.has_value = value->value.has_value();
            fact.value = value->value.value_or(Quantity{});
        }
        facts.push_back(fact);
    }
    std::stable_sort(facts.begin(), facts.end(), [](const Fact& a, const Fact& b) { return a.at < b.at; });
    return facts;
}

struct Ward {
    RuleSet rules;
    SubjectContext subject;
    InfusionContext infusion;
    FoldContext context() const { return {rules, subject, infusion, Setting::unknown, false}; }
    static Ward adult() {
        Ward ward;
        ward.subject.enrolled = true;
        ward.subject.age_years = 58;
        ward.infusion.ordinal = 1;
        ward.infusion.at = story::infusion_time();
        ward.infusion.date = site_date(story::infusion_time(), story::kOffset);
        ward.infusion.offset = story::kOffset;
        return ward;
    }
};

struct Run {
    IcansState state;
    std::vector<Assessment> said;  // every answer
    std::vector<Episode> episodes;

    void ask(Instant at, const Ward& ward) {
        said.push_back(assess(state, at, ward.context()));
        if (!state.episode.just_closed) return;
        episodes.push_back(*state.episode.just_closed);
        state.episode.just_closed.reset();
    }
    void timers(Instant until, const Ward& ward) {
        for (;;) {
            const Instant after = said.empty() ? kAlways : said.back().at;
            const Instant next = next_deadline(state, after, ward.context());
            if (next == kNever || next > until) return;
            ask(next, ward);
        }
    }
    void take(const Fact& fact, const Ward& ward) {
        timers(fact.at, ward);
        observe(state, fact, ward.context());
        ask(fact.at, ward);
    }
};

Run run(const std::vector<Fact>& facts, const Ward& ward) {
    Run done;
    begin_infusion(done.state, ward.context());
    for (const Fact& fact : facts) done.take(fact, ward);
    return done;
}

template <typename T, std::size_t n>
T pick(const T (&from)[n], std::mt19937& random) {
    return from[random() % n];
}

IceAssessment some_assessment(std::mt19937& random, bool sedation) {
    IceAssessment said;
    const Consciousness often[] = {Consciousness::alert, Consciousness::alert, Consciousness::unspecified};
    if (random() % 4 != 0) said.total = random() % 3 == 0 ? static_cast<std::uint32_t>(random() % 11) : 10U;
    said.consciousness = random() % 2 == 0 ? pick(often, random) : static_cast<Consciousness>(random() % 7);
    if (random() % 12 == 0) said.unassessable = static_cast<Unassessable>(random() % 8);
    if (!sedation && said.unassessable == Unassessable::sedated) said.unassessable = Unassessable::refused;
    if (random() % 10 == 0) said.rass = static_cast<std::int32_t>(random() % 10) - 5;
    if (random() % 20 == 0) said.capd_total = static_cast<std::uint32_t>(random() % 33);
    if (random() % 30 == 0) said.implausible = true;
    return said;
}

NeuroFinding some_finding(std::mt19937& random) {
    NeuroFinding found;
    found.kind = static_cast<NeuroKind>(random() % 22);
    if (random() % 3 == 0) found.kind = NeuroKind::seizure;
    if (random() % 3 == 0) found.present = random() % 2 == 0;
    if (random() % 2 == 0) found.duration_seconds = static_cast<std::uint32_t>(random() % 700);
    if (random() % 3 == 0) found.returned_to_baseline = random() % 2 == 0;
    if (random() % 5 == 0) found.repetitive = true;
    if (random() % 6 == 0) found.other_cause = true;
    found.depth = static_cast<WeaknessDepth>(random() % 3);
    return found;
}

Intervention some_sedation(std::mt19937& random) {
    const Agent drugs[] = {Agent::propofol, Agent::midazolam, Agent::lorazepam, Agent::opioid, Agent::norepinephrine};
    const OxygenDevice devices[] = {OxygenDevice::invasive_ventilation, OxygenDevice::nasal_cannula};
    Intervention given;
    given.phase = static_cast<InterventionPhase>(1 + random() % 4);
    if (random() % 3 == 0) {
        given.kind = InterventionKind::oxygen;
        given.device = pick(devices, random);
        return given;
    }
    given.kind = random() % 10 == 0 ? InterventionKind::anaesthesia : InterventionKind::drug;
    given.agent = pick(drugs, random);
    given.by_infusion = random() % 2 == 0;
    return given;
}

Body some_body(std::mt19937& random, bool sedation) {
    switch (random() % 12) {
        case 0:
        case 1:
        case 2:
            return some_finding(random);
        case 3:
            if (sedation) return some_sedation(random);
            return some_assessment(random, sedation);
        case 4: {
            Adjudication verdict;
            verdict.scale = Scale::astct_icans_2019;
            const Component judged[] = {Component::ice, Component::consciousness, Component::seizure, Component::whole};
            verdict.component = pick(judged, random);
            verdict.verdict = random() % 3 == 0 ? Verdict::due_to_therapy : Verdict::other_cause;
            return verdict;
        }
        case 5: {
            Observation value;
            const Analyte read[] = {Analyte::rass, Analyte::gcs, Analyte::csf_opening};
            value.analyte = pick(read, random);
            if (value.analyte == Analyte::rass) value.value = whole(static_cast<int>(random() % 10) - 5);
            if (value.analyte == Analyte::gcs) value.value = whole(3 + static_cast<int>(random() % 13));
            if (value.analyte == Analyte::csf_opening) value.value = whole(10 + static_cast<int>(random() % 20));
            return value;
        }
        default:
            return some_assessment(random, sedation);
    }
}

// Times in whole hours, so that many facts share an instant.
std::vector<Told> some_course(std::uint32_t seed, bool sedation = true) {
    std::mt19937 random(seed);
    std::vector<Told> told;
    const std::size_t facts = 1 + random() % 40;
    const int span = random() % 3 == 0 ? 40 : 400;
    for (std::size_t i = 0; i < facts; ++i) {
        Told one;
        one.at = story::infusion_time() + hours(random() % static_cast<unsigned>(span));
        one.body = some_body(random, sedation);
        const bool adjudicated = kind_of(one.body) == FactKind::adjudication;
        if (random() % 10 == 0 || (adjudicated && random() % 2 == 0)) one.until = one.at + hours(random() % 50);
        told.push_back(one);
    }
    return told;
}

const auto kSeeds = rc::gen::arbitrary<std::uint32_t>();

RC_GTEST_PROP(IcansLaw, every_answer_is_coherent, ()) {
    const auto told = some_course(*kSeeds);
    for (const Assessment& said : run(facts_of(told), Ward::adult()).said) {
        RC_ASSERT(said.grade >= kNotGradable && said.grade <= 5 && said.grade_upper <= 5);
        RC_ASSERT(said.grade <= said.grade_upper);
        RC_ASSERT(said.deciding.empty() == (said.grade < 1));
        RC_ASSERT(said.grade == said.grade_upper || !said.flags.empty());
        RC_ASSERT(said.grade < 1 || said.evidence[0].known());
        RC_ASSERT(said.grade < 1 || said.episode_open);
        RC_ASSERT(said.under_surveillance ||
                  (said.grade == kNotGradable && said.grade_upper == kNotGradable && said.flags.empty()));
    }
}

// The deadlines name every instant at which the answer changes by itself.
RC_GTEST_PROP(IcansLaw, nothing_changes_between_deadlines, ()) {
    const std::uint32_t seed = *kSeeds;
    const auto told = some_course(seed);
    const auto facts = facts_of(told);
    const Ward ward = Ward::adult();
    std::mt19937 random(seed);
    Run done;
    begin_infusion(done.state, ward.context());
    for (std::size_t i = 0; i < facts.size(); ++i) {
        done.take(facts[i], ward);
        const Instant until = i + 1 < facts.size() ? facts[i + 1].at : facts[i].at + days(40);
        if (until <= facts[i].at) continue;
        const Instant between =
            facts[i].at + milliseconds(random() % static_cast<std::uint64_t>((until - facts[i].at).count()));
        done.timers(between, ward);
        IcansState anew = done.state;
        anew.changed = true;
        RC_ASSERT(assess(anew, between, ward.context()).says_same(done.said.back()));
    }
}

RC_GTEST_PROP(IcansLaw, asking_more_often_changes_nothing, ()) {
    const std::uint32_t seed = *kSeeds;
    const auto told = some_course(seed);
    const auto facts = facts_of(told);
    const Ward ward = Ward::adult();
    std::mt19937 random(seed);
    const Run plain = run(facts, ward);
    Run asked;
    begin_infusion(asked.state, ward.context());
    for (const Fact& fact : facts) {
        if (random() % 2 == 0 && !asked.said.empty() && asked.said.back().at < fact.at) {
            asked.timers(fact.at - minutes(20), ward);
            asked.ask(fact.at - minutes(20), ward);
        }
        asked.take(fact, ward);
        if (random() % 3 == 0) asked.ask(fact.at, ward);
    }
    RC_ASSERT(asked.said.back() == plain.said.back());
    RC_ASSERT(asked.episodes == plain.episodes);
    RC_ASSERT(asked.state.episode == plain.state.episode);
}

RC_GTEST_PROP(IcansLaw, a_copy_resumed_anywhere_goes_on_the_same, ()) {
    const std::uint32_t seed = *kSeeds;
    const auto told = some_course(seed);
    const auto facts = facts_of(told);
    const Ward ward = Ward::adult();
    const Run whole_run = run(facts, ward);
    const std::size_t cut = seed % facts.size();
    Run first = run({facts.begin(), facts.begin() + static_cast<std::ptrdiff_t>(cut)}, ward);
    Run resumed;
    resumed.state = first.state;
    resumed.said = first.said;
    resumed.episodes = first.episodes;
    for (std::size_t i = cut; i < facts.size(); ++i) resumed.take(facts[i], ward);
    RC_ASSERT(resumed.state == whole_run.state);
    RC_ASSERT(resumed.said == whole_run.said);
    RC_ASSERT(resumed.episodes == whole_run.episodes);
}

// What is said once an instant is over.
std::map<Instant, Assessment> last_words(const Run& done) {
    std::map<Instant, Assessment> words;
    for (const Assessment& said : done.said) words[said.at] = said;
    return words;
}

// Where the order of one instant may show, and the fold's own order decides: contradicting verdicts, three seizures
// (the first two may make a third unsure), and an episode that ends in the very instant of a new sign.
bool order_may_show(const std::vector<Fact>& facts, const Run& done) {
    std::map<Instant, int> seizures;
    std::map<Instant, int> verdicts;
    std::map<Instant, int> all;
    for (const Fact& fact : facts) {
        ++all[fact.at];
        if (fact.kind == FactKind::adjudication) ++verdicts[fact.at];
        if (const auto* found = std::get_if<NeuroFinding>(fact.body)) {
            if (found->kind == NeuroKind::seizure || found->kind == NeuroKind::eeg_nonconvulsive_seizure)
                ++seizures[fact.at];
        }
    }
    const bool many =
        std::any_of(seizures.begin(), seizures.end(), [](const auto& entry) { return entry.second > 2; }) ||
        std::any_of(verdicts.begin(), verdicts.end(), [](const auto& entry) { return entry.second > 1; });
    bool ended = false;
    for (std::size_t i = 1; i < done.said.size(); ++i) {
        const bool closed = done.said[i - 1].episode < done.said[i].episode;
        ended = ended || (closed && all[done.said[i].at] > 1);
    }
    return many || ended;
}

RC_GTEST_PROP(IcansLaw, order_of_facts_of_one_instant_does_not_matter, ()) {
    const std::uint32_t seed = *kSeeds;
    auto told = some_course(seed);
    const Ward ward = Ward::adult();
    auto facts = facts_of(told);
    const Run plain = run(facts, ward);
    RC_PRE(!order_may_show(facts, plain));
    std::mt19937 random(seed);
    std::shuffle(facts.begin(), facts.end(), random);
    std::stable_sort(facts.begin(), facts.end(), [](const Fact& a, const Fact& b) { return a.at < b.at; });
    const Run shuffled = run(facts, ward);
    RC_PRE(!order_may_show(facts, shuffled));
    const auto expected = last_words(plain);
    const auto actual = last_words(shuffled);
    for (const auto& [at, said] : expected) {
        const auto found = actual.find(at);
        if (found != actual.end()) RC_ASSERT(found->second.says_same(said));
    }
    RC_ASSERT(shuffled.episodes.size() == plain.episodes.size());
    for (std::size_t i = 0; i < plain.episodes.size(); ++i) RC_ASSERT(shuffled.episodes[i] == plain.episodes[i]);
}

// One more present finding at the end of a course, beside whatever was said in that instant.
RC_GTEST_PROP(IcansLaw, a_further_finding_never_lowers_the_grade, ()) {
    const std::uint32_t seed = *kSeeds;
    auto told = some_course(seed);
    const Ward ward = Ward::adult();
    const Instant last = facts_of(told).back().at;
    const Assessment before = run(facts_of(told), ward).said.back();
    std::mt19937 random(seed + 1);
    NeuroFinding further = some_finding(random);
    further.present = true;
    if (further.kind == NeuroKind::raised_csf_pressure) further.csf_opening = whole(25);
    // A weakness that is now only mild says that a deep one is over.
    RC_PRE(further.kind != NeuroKind::focal_motor_weakness || further.depth != WeaknessDepth::mild);
    told.push_back({last, further, kNever});
    const Assessment after = run(facts_of(told), ward).said.back();
    RC_ASSERT(after.grade >= before.grade);
    RC_ASSERT(after.grade_upper >= before.grade_upper);
}

// Without sedation: under it a 0 means "not testable", which is no grade.
RC_GTEST_PROP(IcansLaw, a_lower_ice_never_lowers_the_grade, ()) {
    const std::uint32_t seed = *kSeeds;
    auto told = some_course(seed, false);
    const Ward ward = Ward::adult();
    const Instant last = facts_of(told).back().at;
    const std::uint32_t ice = 1 + seed % 10;
    IceAssessment tested;
    tested.consciousness = static_cast<Consciousness>(seed / 16 % 7);
    tested.total = ice;
    told.push_back({last + hours(1), tested, kNever});
    const Assessment better = run(facts_of(told), ward).said.back();
    tested.total = ice - 1;
    told.back().body = tested;
    const Assessment worse = run(facts_of(told), ward).said.back();
    RC_ASSERT(worse.grade >= better.grade);
    RC_ASSERT(worse.grade_upper >= better.grade_upper);
}

TEST(IcansLaw, bands_never_fall_with_severity) {
    for (std::uint8_t total = 1; total <= 10; ++total)
        EXPECT_LE(ice_band(total), ice_band(static_cast<std::uint8_t>(total - 1)));
    for (std::uint8_t total = 1; total <= 32; ++total)
        EXPECT_GE(capd_band(total), capd_band(static_cast<std::uint8_t>(total - 1)));
}

}  // namespace
}  // namespace cellvigil
