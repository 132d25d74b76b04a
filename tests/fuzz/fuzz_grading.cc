// Any bytes are a subject's facts: values, supports, drugs, neurology, verdicts, corrections, conflicts and deaths, six
// bytes each. Told one by one, told in another order, taken from a snapshot on the way, and derived from scratch, they
// must amount to the same bytes; no statement's upper grade is below its grade; and what was known at any time can be
// told.
// A fact out of order folds all that lies after it again, so what an input costs grows with the square of its facts.
// Few are told in any order; many, which fill several chunks, in order of time but for some.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "rules/base/ensure.h"
#include "rules/base/hash.h"
#include "rules/timeline/alert_sentence.h"
#include "rules/timeline/changes.h"
#include "rules/timeline/subject_timeline.h"

namespace cellvigil {
namespace {

constexpr std::size_t kStep = 6;
constexpr std::size_t kMostFacts = 400;
constexpr std::size_t kAnyOrder = 40;  // facts that are told in any order
constexpr std::size_t kMoved = 6;      // of more, so many are out of order
constexpr std::size_t kTold = 24;      // facts of which it is told what was known halfway
constexpr Instant kStart{std::chrono::sys_days(std::chrono::year(2026) / 1 / 5) + hours(2)};
constexpr UtcOffset kOffset{480};

struct Told {
    std::string message;
    std::string record;
    Event event;
};

// One step of the input.
struct Step {
    std::uint8_t kind, hours_low, hours_high, a, b, c;
    std::int64_t amount() const { return (std::int64_t{a} << 8) | b; }
    template <typename Enum>
    Enum one_of(std::uint8_t byte, Enum last) const {
        return static_cast<Enum>(byte % (static_cast<unsigned>(last) + 1));
    }
};

Body observation(const Step& step) {
    Observation said;
    said.analyte = static_cast<Analyte>(1 + step.c % (kAnalytes - 1));
    said.status = step.one_of(step.a, ResultStatus::cancelled);
    if (step.c % 5 == 0) said.comparator = step.one_of(step.b, Comparator::greater);
    if (step.c % 7 != 0) said.value = thousandths(step.amount() * (step.c % 3 == 0 ? 1 : 10));
    if (step.c % 11 == 0) said.reference_low = whole(step.a % 8);
    if (step.c % 13 == 0) said.panel = step.a % 2 == 0 ? "p1" : "p2";
    return said;
}

Body vital_sign(const Step& step) {
    constexpr std::array kVitals{Analyte::temperature, Analyte::systolic, Analyte::diastolic, Analyte::mean_arterial,
                                 Analyte::spo2};
    constexpr std::array kFirst{35, 60, 40, 40, 70};
    Observation said;
    const std::size_t which = step.c % kVitals.size();
    said.analyte = kVitals[which];
    said.status = ResultStatus::final;
    said.value = hundredths(kFirst[which] * 100 + step.amount() % (which == 0 ? 700 : 6000));
    return said;
}

Body intervention(const Step& step) {
    Intervention given;
    given.kind = step.one_of(step.a, InterventionKind::anaesthesia);
    given.phase = step.one_of(step.b, InterventionPhase::single);
    given.device = step.one_of(step.c, OxygenDevice::invasive_ventilation);
    given.agent = static_cast<Agent>(step.c % kAgents);
    given.route = step.one_of(static_cast<std::uint8_t>(step.b >> 3), Route::other);
    given.indication = step.one_of(static_cast<std::uint8_t>(step.a >> 2), Indication::hypoxia);
    given.by_infusion = step.b % 2 == 0;
    given.baseline = step.a % 17 == 0;
    if (step.a % 3 == 0) given.flow_l_min = whole(step.b % 20);
    if (step.a % 5 == 0) given.fio2 = hundredths(21 + step.b % 80);
    if (step.a % 7 == 0) given.volume_ml = whole(step.amount() % 2000);
    if (step.b % 9 == 0) {
        given.rate = hundredths(step.a);
        given.rate_unit = "ug/kg/min";
    }
    return given;
}

Body assessment(const Step& step) {
    IceAssessment said;
    if (step.a % 4 != 0) said.total = step.a % 11;
    if (step.a % 4 == 0) said.capd_total = step.b % 33;
    if (step.c % 5 == 0) said.rass = step.b % 10 - 5;
    said.consciousness = step.one_of(step.b, Consciousness::alert);
    said.unassessable = step.c % 6 == 0 ? step.one_of(step.a, Unassessable::intubated) : Unassessable::unspecified;
    said.baseline = step.c % 19 == 0;
    said.implausible = step.c % 23 == 0;
    return said;
}

Body finding(const Step& step) {
    NeuroFinding found;
    found.kind = step.one_of(step.a, NeuroKind::other);
    if (step.b % 4 == 0) found.present = step.b % 8 == 0;
    if (step.b % 3 == 0) found.duration_seconds = step.c * 3U;
    if (step.b % 5 == 0) found.returned_to_baseline = step.c % 2 == 0;
    found.depth = step.one_of(step.c, WeaknessDepth::deep);
    found.seizure_type = step.one_of(step.b, SeizureType::generalised);
    if (step.a % 6 == 0) found.papilloedema_stage = 1U + step.c % 5;
    if (step.a % 9 == 0) found.csf_opening = whole(step.c);
    return found;
}

Body verdict(const Step& step) {
    Adjudication said;
    said.verdict = step.one_of(step.a, Verdict::value_rejected);
    said.scale = step.one_of(step.b, Scale::car_hematotox);
    said.component = step.one_of(step.c, Component::organ);
    if (is_on_value(said.verdict)) said.judged_record = "ehr/r" + std::to_string(step.c % 64);
    return said;
}

Body report(const Step& step) {
    AdverseEvent said;
    said.category = step.one_of(step.a, AdverseEventCategory::t_cell_malignancy);
    said.reported = SiteGrade{step.b % 6U, step.one_of(step.c, Scale::car_hematotox)};
    return said;
}

Body infection(const Step& step) {
    Infection said;
    said.organism = step.one_of(step.a, Organism::other);
    said.certainty = step.one_of(step.b, Certainty::refuted);
    if (said.organism == Organism::vzv) {
        said.zoster = Zoster{};
        said.zoster->dermatomes = step.c % 5U;
        said.zoster->disseminated = step.b % 2 == 0;
    }
    return said;
}

Body enrollment(const Step& step) {
    Enrollment said;
    if (step.a % 3 != 0) said.age_years = step.a % 80U;
    if (step.a % 5 == 0) said.age_days = step.b * 25U;
    if (step.b % 4 == 0) said.baseline_ice = step.c % 11U;
    if (step.b % 6 == 0) said.baseline_capd = step.c % 33U;
    if (step.c % 4 == 0) said.weight_kg = whole(10 + step.c % 90);
    said.developmental_delay = step.c % 7 == 0;
    return said;
}

Body body_of(const Step& step) {
    switch (step.kind % 16) {
        case 0:
        case 1:
        case 2:
            return vital_sign(step);
        case 3:
        case 4:
            return observation(step);
        case 5:
        case 6:
            return intervention(step);
        case 7:
            return assessment(step);
        case 8:
            return finding(step);
        case 9:
            return verdict(step);
        case 10:
            return report(step);
        case 11:
            return infection(step);
        case 12:
            return enrollment(step);
        case 13: {
            Infusion given;
            given.lot = step.a % 3 == 0 ? "lot-1" : "";
            return given;
        }
        case 14: {
            if (step.a % 8 == 0)
                return Death{step.one_of(step.b, DeathCause::unknown), {}, {}, {}, Relatedness::unspecified};
            if (step.a % 8 == 1) return DiseaseStatus{step.one_of(step.b, Response::not_evaluable), {}, {}};
            if (step.a % 8 == 2)
                return SubsequentTherapy{step.one_of(step.b, SubsequentTherapyKind::t_cell_engager), {}, {}};
            if (step.a % 8 == 3) return ConsentChange{step.one_of(step.b, ConsentScope::resumed)};
            Contact said;
            said.status = step.one_of(step.b, ContactStatus::completed);
            return said;
        }
        default:
            return Retraction{};
    }
}

Told told_by(const Step& step, std::size_t place) {
    Told told;
    const bool reused = step.kind >= 0xf0;
    told.message = "m" + std::to_string(reused ? step.c % 8 : place + 8);
    told.record = "r" + std::to_string(step.kind % 3 == 0 ? step.c % 64 : 64 + place);
    Event& event = told.event;
    event.body = body_of(step);
    event.version = 1 + (step.kind >> 4) % 4;
    const bool retracts = kind_of(event.body) == FactKind::retraction;
    event.action = retracts ? RecordAction::retract : event.version > 1 ? RecordAction::amend : RecordAction::create;
    // Most within the first weeks, some a year out; many at one instant.
    const std::int64_t hour =
        ((std::int64_t{step.hours_high} << 8) | step.hours_low) % (step.hours_high % 16 == 0 ? 9000 : 700);
    const Instant at = kStart + hours(hour - 24);
    event.effective = {at, at, kOffset, TimePrecision::second};
    if (step.b % 29 == 0)
        event.effective_end = EffectiveTime{at + hours(step.a), at + hours(step.a), kOffset, TimePrecision::second};
    event.recorded_at = at + minutes(step.c % 3);
    event.appended_at = kStart + minutes(static_cast<std::int64_t>(place));
    event.origin = DataOrigin::test;
    if (step.b % 31 == 0) event.flags = bit(EventFlag::imputed_date);
    const std::array<std::uint8_t, kStep> bytes{step.kind, step.hours_low, step.hours_high, step.a, step.b, step.c};
    // Of what is said, the record's name included.
    event.content_hash =
        hash64(told.record, hash64(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size())));
    return told;
}

Event event_of(const Told& told) {
    Event event = told.event;
    event.message_id = told.message;
    event.record = told.record;
    event.source_system = "ehr";
    event.study = "STUDY";
    event.cohort = "COHORT";
    event.site = "site-01";
    event.subject = "S-001";
    return event;
}

// Every scale, or each third of them: an input's length chooses, so that most inputs cost less.
const RuleSet& rules_for(std::size_t length) {
    constexpr std::size_t kParts = 3;
    static const auto rules = [] {
        std::array<RuleSet, 1 + kParts> made;
        made[0].scales = kComputedScales;
        for (std::size_t part = 0; part < kParts; ++part) {
            made[1 + part].scales = {};
            for (int i = 0; i <= static_cast<int>(Scale::car_hematotox); ++i) {
                const auto scale = static_cast<Scale>(i);
                if (kComputedScales.has(scale) && static_cast<std::size_t>(i) % kParts == part)
                    made[1 + part].scales.add(scale);
            }
        }
        return made;
    }();
    return rules[length % rules.size()];
}

SubjectTimeline told_in_order(const std::vector<Told>& events, const RuleSet& rules) {
    SubjectTimeline timeline("STUDY/S-001");
    for (const Told& told : events) static_cast<void>(timeline.apply(event_of(told), rules));
    return timeline;
}

void expect_coherent(const SubjectTimeline& timeline, const RuleSet& rules) {
    const Derived derived = timeline.derived(rules, kAlways);
    for (const Assessment& said : derived.assessments) {
        ensure(said.grade_upper >= said.grade, "the upper grade is never below the grade");
    }
    for (const SubjectAlert& alert : derived.alerts) static_cast<void>(alert_sentence(timeline, alert, rules));
}

// The same facts as they may arrive, told by `seed`.
std::vector<Told> in_another_order(std::vector<Told> events, std::uint64_t seed) {
    std::mt19937 random(static_cast<std::uint32_t>(seed));
    if (events.size() <= kAnyOrder) {
        std::shuffle(events.begin(), events.end(), random);
        return events;
    }
    std::ranges::stable_sort(events, {}, [](const Told& told) { return told.event.effective.from; });
    for (std::size_t i = 0; i < kMoved; ++i)
        std::swap(events[random() % events.size()], events[random() % events.size()]);
    return events;
}

void expect_order_free(const std::vector<Told>& events, const std::string& as_told, const RuleSet& rules) {
    const std::vector<Told> shuffled = in_another_order(events, hash64(as_told));
    ensure(told_in_order(shuffled, rules).canonical(rules) == as_told, "the order of arrival does not matter");
    SubjectTimeline scratch("STUDY/S-001");
    for (const Told& told : shuffled) static_cast<void>(scratch.collect(event_of(told)));
    scratch.rederive(rules);
    ensure(scratch.canonical(rules) == as_told, "from scratch is the same");
}

void expect_restorable(const std::vector<Told>& events, const std::string& as_told, const RuleSet& rules) {
    const std::size_t half = events.size() / 2;
    const std::vector<Told> first(events.begin(), events.begin() + static_cast<std::ptrdiff_t>(half));
    auto restored = SubjectTimeline::restore(told_in_order(first, rules).snapshot(), rules);
    ensure(restored.has_value(), "a snapshot can be read");
    for (std::size_t i = half; i < events.size(); ++i) static_cast<void>(restored->apply(event_of(events[i]), rules));
    ensure(restored->canonical(rules) == as_told, "a snapshot on the way changes nothing");
}

void expect_history(const SubjectTimeline& timeline, std::size_t facts, const RuleSet& rules) {
    const Instant half = kStart + minutes(static_cast<std::int64_t>(facts / 2));
    const Changes changes = changes_between(timeline, rules, half, kNever, kStart + days(400));
    for (const StatementChange& change : changes.statements) {
        ensure(change.before.has_value() || change.after.has_value(), "a change has two sides, one of which is said");
    }
}

}  // namespace
}  // namespace cellvigil

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cellvigil;
    const RuleSet& rules = rules_for(size);
    std::vector<Told> events;
    for (std::size_t at = 0; at + kStep <= size && events.size() < kMostFacts; at += kStep) {
        const Step step{data[at], data[at + 1], data[at + 2], data[at + 3], data[at + 4], data[at + 5]};
        events.push_back(told_by(step, events.size()));
    }
    if (events.size() > kAnyOrder) events = in_another_order(std::move(events), 0);
    const SubjectTimeline timeline = told_in_order(events, rules);
    const std::string as_told = timeline.canonical(rules);
    expect_coherent(timeline, rules);
    expect_order_free(events, as_told, rules);
    expect_restorable(events, as_told, rules);
    if (events.size() <= kTold) expect_history(timeline, events.size(), rules);
    return 0;
}
