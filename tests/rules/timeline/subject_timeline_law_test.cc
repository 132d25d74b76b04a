// Laws of the core: the findings are a function of the set of events. Random subjects, with corrections, retractions, conflicts
// and re-used ids among their events, are told in other orders, with repeats, in pieces, and must end the same.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "rules/base/hash.h"
#include "tests/support/fact_story.h"
#include "tests/support/sample_support.h"

namespace cellvigil {
namespace {

using story::d;
using story::Told;

// Every scale that can be computed, so that the laws hold for all graders.
const RuleSet kRules = [] {
    RuleSet rules;
    rules.scales = kComputedScales;
    return rules;
}();

constexpr Agent kDrugs[] = {Agent::norepinephrine, Agent::epinephrine, Agent::vasopressin, Agent::dobutamine,
                            Agent::paracetamol,    Agent::tocilizumab, Agent::dexamethasone, Agent::propofol};
constexpr OxygenDevice kDevices[] = {OxygenDevice::nasal_cannula, OxygenDevice::face_mask, OxygenDevice::cpap,
                                     OxygenDevice::invasive_ventilation, OxygenDevice::room_air};

template <typename T, std::size_t n>
T pick(const T (&from)[n], std::mt19937& random) {
    return from[random() % n];
}

Observation measured(Analyte analyte, Quantity value) {
    Observation said;
    said.analyte = analyte;
    said.status = ResultStatus::final;
    said.value = value;
    return said;
}

// Counts around the limits of their scales, some with a range of the laboratory or only a bound.
Body some_count(std::mt19937& random) {
    constexpr std::pair<Analyte, int> kCounts[] = {
        {Analyte::neutrophils, 2500}, {Analyte::platelets, 120'000}, {Analyte::haemoglobin, 120'000},
        {Analyte::leukocytes, 5000},  {Analyte::lymphocytes, 1500},  {Analyte::cd4, 600},
        {Analyte::cd19, 60},          {Analyte::igg, 8000},          {Analyte::crp, 60'000},
        {Analyte::ferritin, 3'000'000}};
    const auto& [analyte, most] = pick(kCounts, random);
    Observation said = measured(analyte, thousandths(static_cast<int>(random() % static_cast<unsigned>(most))));
    if (random() % 3 == 0) said.reference_low = thousandths(most);
    if (random() % 8 == 0) said.comparator = static_cast<Comparator>(random() % 5);
    return said;
}

Body some_support(std::mt19937& random) {
    constexpr Agent kAgents[] = {Agent::filgrastim, Agent::pegfilgrastim, Agent::eltrombopag, Agent::immunoglobulin_iv,
                                 Agent::fludarabine};
    Intervention given;
    given.kind = random() % 2 == 0 ? InterventionKind::transfusion : InterventionKind::growth_factor;
    given.phase = static_cast<InterventionPhase>(1 + random() % 4);
    if (given.kind == InterventionKind::transfusion) {
        given.product = random() % 2 == 0 ? BloodProduct::red_cells : BloodProduct::platelets;
    } else {
        given.agent = pick(kAgents, random);
    }
    return given;
}

Body some_turn(std::mt19937& random) {
    if (random() % 3 == 0) return DiseaseStatus{static_cast<Response>(random() % 7), {}, std::nullopt};
    if (random() % 2 == 0) return Contact{static_cast<ContactStatus>(random() % 6), {}};
    SubsequentTherapy next;
    next.kind = SubsequentTherapyKind::systemic;
    return next;
}

// Values that may not fit with each other: units a thousand apart, parts above the whole, pressures the wrong way round.
Body some_lab(std::mt19937& random) {
    constexpr Analyte kLabs[] = {Analyte::neutrophils, Analyte::lymphocytes, Analyte::leukocytes, Analyte::platelets,
                                 Analyte::haemoglobin, Analyte::crp, Analyte::diastolic, Analyte::il6};
    constexpr int kScales[] = {1, 10, 1000};
    Observation said = measured(pick(kLabs, random), thousandths(static_cast<int>(random() % 9000) * pick(kScales, random)));
    if (random() % 6 == 0) said.comparator = static_cast<Comparator>(1 + random() % 4);
    if (random() % 3 == 0) said.panel = random() % 2 == 0 ? "p1" : "p2";
    return said;
}

Body value_verdict(std::mt19937& random) {
    Adjudication verdict;
    verdict.verdict = random() % 2 == 0 ? Verdict::value_confirmed : Verdict::value_rejected;
    verdict.judged_record = "ehr/r" + std::to_string(1000 + random() % 60);
    return verdict;
}

Body some_body(std::mt19937& random) {
    const auto around = [&](int low, int high) { return whole(low + static_cast<int>(random() % static_cast<unsigned>(high - low))); };
    switch (random() % 24) {
        case 14:
        case 15:
        case 16:
        case 17:
        case 18: return some_count(random);
        case 19:
        case 20: return some_support(random);
        case 22: return some_lab(random);
        case 21: return random() % 6 == 0 ? some_turn(random) : some_count(random);
        case 0:
        case 1:
        case 2: return measured(Analyte::temperature, around(36, 41));
        case 3:
        case 4: return measured(Analyte::systolic, around(75, 130));
        case 5: return measured(Analyte::spo2, around(85, 100));
        case 6: return some_lab(random);
        case 7: {
            Intervention given;
            given.kind = InterventionKind::drug;
            given.agent = pick(kDrugs, random);
            given.phase = static_cast<InterventionPhase>(1 + random() % 4);
            return given;
        }
        case 8: {
            Intervention given;
            given.kind = InterventionKind::oxygen;
            given.phase = random() % 4 == 0 ? InterventionPhase::stop : InterventionPhase::start;
            given.device = pick(kDevices, random);
            if (random() % 2 == 0) given.flow_l_min = around(1, 12);
            return given;
        }
        case 9: {
            IceAssessment said;
            said.total = static_cast<std::uint32_t>(random() % 11);
            said.consciousness = static_cast<Consciousness>(random() % 7);
            return said;
        }
        case 10: {
            if (random() % 4 == 0) return value_verdict(random);
            if (random() % 3 == 0) {
                Adjudication verdict;
                verdict.scale = random() % 2 == 0 ? Scale::astct_crs_2019 : Scale::astct_icans_2019;
                verdict.component = static_cast<Component>(random() % 9);
                verdict.verdict = random() % 3 == 0 ? Verdict::due_to_therapy : Verdict::other_cause;
                return verdict;
            }
            NeuroFinding finding;
            finding.kind = static_cast<NeuroKind>(random() % 16);
            if (random() % 2 == 0) finding.duration_seconds = static_cast<std::uint32_t>(random() % 600);
            return finding;
        }
        case 11:
        case 12:
        case 13: return sample::some_support(random);
        default: {
            Infection infection;
            infection.organism = random() % 2 == 0 ? Organism::vzv : Organism::cmv;
            if (infection.organism == Organism::vzv) infection.zoster = Zoster{};
            if (infection.zoster) infection.zoster->dermatomes = static_cast<std::uint32_t>(1 + random() % 4);
            return infection;
        }
    }
}

void seal(Told& told, std::mt19937& random) {
    told.event.content_hash = hash64(told.record, random());
    told.event.appended_at = told.event.recorded_at;
}

Told fresh(std::size_t i, std::mt19937& random) {
    Told told;
    told.message_id = "m" + std::to_string(i);
    told.record = "r" + std::to_string(i);
    told.event.body = some_body(random);
    // Coarse times, so that many facts share an instant; a few lie far out.
    const int hour = static_cast<int>(random() % 240) + (random() % 12 == 0 ? 24 * 100 : 0) +
                     (random() % 6 == 0 ? 24 * static_cast<int>(random() % 420) : 0) -
                     (random() % 12 == 0 ? 24 * 12 : 0);
    told.event.effective = {d(0) + hours(hour), d(0) + hours(hour), story::kOffset, TimePrecision::second};
    told.event.recorded_at = told.event.effective.from + minutes(1);
    if (random() % 10 == 0) told.event.flags = bit(EventFlag::imputed_date);
    seal(told, random);
    return told;
}

// A later word on an earlier record: amendment, retraction, other content under the same version, or the same message id.
Told later_word(const Told& earlier, std::size_t i, std::mt19937& random) {
    Told told = earlier;
    told.message_id = "m" + std::to_string(i);
    switch (random() % 4) {
        case 0:
            told.event.version += 1;
            told.event.action = RecordAction::amend;
            told.event.body = some_body(random);
            break;
        case 1:
            told.event.version += 1;
            told.event.action = RecordAction::retract;
            told.event.body = Retraction{};
            break;
        case 2: told.event.body = some_body(random); break;
        default:
            told.message_id = earlier.message_id;
            told.record = "r" + std::to_string(i);
            told.event.body = some_body(random);
            break;
    }
    told.event.recorded_at += minutes(static_cast<int>(random() % 3));
    seal(told, random);
    return told;
}

std::vector<Told> some_subject(std::uint32_t seed, std::size_t facts) {
    std::mt19937 random(seed);
    story::Story story;
    if (random() % 8 != 0) story.adult();
    if (random() % 8 != 0) story.infused();
    if (random() % 4 == 0) story.infused(d(static_cast<int>(random() % 40)), "lot-2");
    if (random() % 5 == 0) story.died(d(static_cast<int>(random() % 12)), static_cast<DeathCause>(random() % 11));
    std::vector<Told> all = story.told();
    for (std::size_t i = 0; i < facts; ++i) {
        if (!all.empty() && random() % 6 == 0) {
            all.push_back(later_word(all[random() % all.size()], 1000 + i, random));
        } else {
            all.push_back(fresh(1000 + i, random));
        }
    }
    return all;
}

SubjectTimeline told_in_order(const std::vector<Told>& events) {
    SubjectTimeline timeline("STUDY/S-001");
    for (const Told& told : events) static_cast<void>(timeline.apply(story::event_of(told), kRules));
    return timeline;
}

const std::size_t kSizes[] = {3, 20, 120, 900};

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

RC_GTEST_PROP(SubjectTimelineLaw, a_snapshot_restores_the_same_subject, (std::uint32_t seed)) {
    const std::vector<Told> events = some_subject(seed, 80);
    const std::size_t half = events.size() / 2;
    const SubjectTimeline first = told_in_order({events.begin(), events.begin() + static_cast<std::ptrdiff_t>(half)});
    auto restored = SubjectTimeline::restore(first.snapshot(), kRules);
    RC_ASSERT(restored.has_value());
    RC_ASSERT(restored->canonical(kRules) == first.canonical(kRules));
    for (std::size_t i = half; i < events.size(); ++i) static_cast<void>(restored->apply(story::event_of(events[i]), kRules));
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
    RC_ASSERT(after.summary == before.summary);
    RC_ASSERT(after.quality == before.quality);
}

RC_GTEST_PROP(SubjectTimelineLaw, the_upper_grade_is_never_below_the_grade, (std::uint32_t seed)) {
    for (const Assessment& said : told_in_order(some_subject(seed, 120)).derived(kRules, kAlways).assessments) {
        RC_ASSERT(said.grade_upper >= said.grade);
    }
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
    RC_ASSERT(recalled.episodes == said.episodes);
}

}  // namespace
}  // namespace cellvigil
