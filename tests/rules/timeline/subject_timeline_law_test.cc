// Laws of the core: the findings are a function of the set of events. Random subjects, with corrections, retractions, conflicts
// and re-used ids among their events, are told in other orders, with repeats, in pieces, and must end the same.
#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "rules/base/hash.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Told;

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

constexpr Analyte kSuspectLabs[] = {Analyte::ferritin,  Analyte::alt,     Analyte::ast,   Analyte::fibrinogen,
                                    Analyte::platelets, Analyte::hbv_dna, Analyte::hbsag, Analyte::anti_hbc};
constexpr Agent kAntimicrobials[] = {Agent::aciclovir, Agent::valaciclovir, Agent::ganciclovir, Agent::entecavir,
                                     Agent::levofloxacin, Agent::immunoglobulin_iv};
constexpr Scale kReportedScales[] = {Scale::astct_crs_2019, Scale::astct_icans_2019, Scale::ctcae_5_0,
                                     Scale::ctcae_6_0,      Scale::iec_hs_2023,      Scale::licats_2025,
                                     Scale::icaht_early,    Scale::bmt_ctn};

std::optional<bool> perhaps(std::mt19937& random) {
    const auto throw_ = random() % 4;
    return throw_ < 2 ? std::nullopt : std::optional(throw_ == 3);
}

Seriousness some_seriousness(std::mt19937& random) {
    Seriousness serious;
    serious.hospitalisation = perhaps(random);
    if (random() % 3 == 0) serious.life_threatening = perhaps(random);
    if (random() % 8 == 0) serious.death = perhaps(random);
    return serious;
}

Observation suspect_lab(std::mt19937& random) {
    Observation said;
    said.analyte = pick(kSuspectLabs, random);
    said.status = ResultStatus::final;
    if (said.analyte == Analyte::hbsag || said.analyte == Analyte::anti_hbc) {
        said.truth = random() % 2 == 0;
        return said;
    }
    constexpr std::int64_t kValues[] = {0, 1, 20, 300, 1000, 20'000};
    said.value = whole(pick(kValues, random));
    if (random() % 2 == 0) said.reference_high = whole(300);
    if (random() % 6 == 0) said.comparator = random() % 2 == 0 ? Comparator::less : Comparator::greater;
    return said;
}

AdverseEvent some_report(std::mt19937& random) {
    AdverseEvent said;
    said.category = static_cast<AdverseEventCategory>(random() % 14);
    if (random() % 3 == 0) said.codes = {{"", random() % 2 == 0 ? "10040555" : "10040047", ""}};
    if (random() % 3 != 0) said.reported = SiteGrade{static_cast<std::uint32_t>(random() % 6), pick(kReportedScales, random)};
    said.seriousness = some_seriousness(random);
    said.outcome = static_cast<Outcome>(random() % 7);
    return said;
}

Infection some_infection(std::mt19937& random) {
    constexpr Organism kOrganisms[] = {Organism::vzv, Organism::cmv, Organism::hbv, Organism::bacteria, Organism::unspecified};
    Infection infection;
    infection.organism = pick(kOrganisms, random);
    if (infection.organism == Organism::vzv) infection.zoster = Zoster{};
    if (infection.zoster) {
        infection.zoster->dermatomes = static_cast<std::uint32_t>(1 + random() % 4);
        infection.zoster->non_contiguous = perhaps(random);
    }
    infection.certainty = static_cast<Certainty>(random() % 5);
    infection.hospitalised = perhaps(random);
    if (random() % 2 == 0) infection.treatment_routes = {static_cast<Route>(random() % 7)};
    if (random() % 3 == 0) infection.site.code = "blood";
    if (random() % 3 == 0) infection.viraemia_only = true;
    if (random() % 4 == 0) infection.linked_record = "r" + std::to_string(1000 + random() % 100);
    if (random() % 2 == 0) infection.severities = {{static_cast<std::uint32_t>(random() % 6), Scale::ctcae_5_0}};
    infection.seriousness = some_seriousness(random);
    infection.outcome = static_cast<Outcome>(random() % 7);
    return infection;
}

Body some_body(std::mt19937& random) {
    const auto around = [&](int low, int high) { return whole(low + static_cast<int>(random() % static_cast<unsigned>(high - low))); };
    switch (random() % 16) {
        case 0:
        case 1:
        case 2: return measured(Analyte::temperature, around(36, 41));
        case 3:
        case 4: return measured(Analyte::systolic, around(75, 130));
        case 5: return measured(Analyte::spo2, around(85, 100));
        case 6: return measured(Analyte::neutrophils, around(0, 9));
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
        case 12: return suspect_lab(random);
        case 13: return some_report(random);
        case 14: {
            Intervention given;
            given.kind = random() % 5 == 0 ? InterventionKind::hospital_stay : InterventionKind::drug;
            given.agent = pick(kAntimicrobials, random);
            given.treatment = random() % 3 != 0;
            given.route = static_cast<Route>(random() % 8);
            given.indication = static_cast<Indication>(random() % 6);
            given.phase = static_cast<InterventionPhase>(1 + random() % 4);
            return given;
        }
        default: return some_infection(random);
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
    const int hour = static_cast<int>(random() % 240) + (random() % 12 == 0 ? 24 * 100 : 0);
    told.event.effective = {d(0) + hours(hour), d(0) + hours(hour), story::kOffset, TimePrecision::second};
    const bool report = std::holds_alternative<Infection>(told.event.body) || std::holds_alternative<AdverseEvent>(told.event.body);
    if (report && random() % 2 == 0) {
        const Instant end = told.event.effective.from + hours(random() % 200);
        told.event.effective_end = EffectiveTime{end, end, story::kOffset, TimePrecision::second};
    }
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
    for (const Told& told : events) static_cast<void>(timeline.apply(story::event_of(told), RuleSet{}));
    return timeline;
}

const std::size_t kSizes[] = {3, 20, 120, 900};

// The laws say something about a grader only if the generated subjects reach it.
TEST(SubjectTimelineLawGenerator, reaches_what_the_laws_are_about) {
    std::set<Term> terms;
    std::set<DisagreementKind> kinds;
    for (std::uint32_t seed = 0; seed < 240; ++seed) {
        const Derived derived = told_in_order(some_subject(seed, seed % 4 == 0 ? 200 : 20)).derived({}, kAlways);
        for (const Assessment& said : derived.assessments) terms.insert(said.term);
        for (const Disagreement& item : derived.disagreements) kinds.insert(item.kind);
    }
    for (const Term term : {Term::infection, Term::sepsis, Term::bacteraemia, Term::shingles, Term::cmv_reactivation,
                            Term::hbv_reactivation, Term::iec_hs, Term::ferritin_hook, Term::hbv_reactivation_suspected,
                            Term::delayed_neurotoxicity, Term::secondary_malignancy, Term::t_cell_malignancy,
                            Term::licats, Term::enterocolitis}) {
        EXPECT_TRUE(terms.contains(term)) << name_of(term);
    }
    EXPECT_EQ(kinds.size(), static_cast<std::size_t>(kDisagreementKinds));
}

RC_GTEST_PROP(SubjectTimelineLaw, order_of_arrival_does_not_matter, (std::uint32_t seed)) {
    std::vector<Told> events = some_subject(seed, kSizes[seed % 4]);
    const std::string as_told = told_in_order(events).canonical({});
    std::mt19937 random(seed + 1);
    std::shuffle(events.begin(), events.end(), random);
    RC_ASSERT(told_in_order(events).canonical({}) == as_told);
    std::sort(events.begin(), events.end(),
              [](const Told& a, const Told& b) { return a.event.effective.from < b.event.effective.from; });
    RC_ASSERT(told_in_order(events).canonical({}) == as_told);
}

RC_GTEST_PROP(SubjectTimelineLaw, repeats_change_nothing, (std::uint32_t seed)) {
    const std::vector<Told> events = some_subject(seed, 60);
    std::vector<Told> twice = events;
    std::mt19937 random(seed + 2);
    for (std::size_t i = 0; i < events.size(); ++i) {
        Told again = events[random() % events.size()];
        twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(random() % (twice.size() + 1)), again);
    }
    RC_ASSERT(told_in_order(twice).canonical({}) == told_in_order(events).canonical({}));
}

RC_GTEST_PROP(SubjectTimelineLaw, incremental_equals_from_scratch, (std::uint32_t seed)) {
    SubjectTimeline timeline = told_in_order(some_subject(seed, kSizes[seed % 4]));
    const std::string incremental = timeline.canonical({});
    timeline.rederive({});
    RC_ASSERT(timeline.canonical({}) == incremental);
}

RC_GTEST_PROP(SubjectTimelineLaw, a_snapshot_restores_the_same_subject, (std::uint32_t seed)) {
    const std::vector<Told> events = some_subject(seed, 80);
    const std::size_t half = events.size() / 2;
    const SubjectTimeline first = told_in_order({events.begin(), events.begin() + static_cast<std::ptrdiff_t>(half)});
    auto restored = SubjectTimeline::restore(first.snapshot(), {});
    RC_ASSERT(restored.has_value());
    RC_ASSERT(restored->canonical({}) == first.canonical({}));
    for (std::size_t i = half; i < events.size(); ++i) static_cast<void>(restored->apply(story::event_of(events[i]), {}));
    RC_ASSERT(restored->canonical({}) == told_in_order(events).canonical({}));
}

RC_GTEST_PROP(SubjectTimelineLaw, retraction_undoes, (std::uint32_t seed)) {
    std::vector<Told> events = some_subject(seed, 60);
    const Derived before = told_in_order(events).derived({}, kAlways);
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
    const Derived after = timeline.derived({}, kAlways);
    RC_ASSERT(after.assessments == before.assessments);
    RC_ASSERT(after.episodes == before.episodes);
    RC_ASSERT(after.alerts == before.alerts);
    RC_ASSERT(after.disagreements == before.disagreements);
    RC_ASSERT(after.summary == before.summary);
}

RC_GTEST_PROP(SubjectTimelineLaw, the_upper_grade_is_never_below_the_grade, (std::uint32_t seed)) {
    for (const Assessment& said : told_in_order(some_subject(seed, 120)).derived({}, kAlways).assessments) {
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
    const Derived said = then.derived({}, kAlways);
    const Derived recalled = now.derived_as_known({}, events[half - 1].event.appended_at, kAlways);
    RC_ASSERT(recalled.alerts == said.alerts);
    RC_ASSERT(recalled.summary == said.summary);
    RC_ASSERT(recalled.disagreements == said.disagreements);
    RC_ASSERT(recalled.episodes == said.episodes);
}

}  // namespace
}  // namespace cellvigil
