#include "rules/findings/subject_watch.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "rules/event/codes.h"
#include "rules/findings/watch_parts.h"
#include "rules/grade/febrile_neutropenia.h"

namespace cellvigil {
namespace {

template <typename T>
const T* body_of(const Fact& fact) {
    return fact.body == nullptr ? nullptr : std::get_if<T>(fact.body);
}

bool tests_cmv(const Fact& fact) {
    const auto* observed = body_of<Observation>(fact);
    return observed != nullptr && is_cmv_test(observed->code);
}

enum class LandmarkTest : std::uint8_t { neutrophils, igg, cd4, b_cells };

constexpr BitSet<Analyte> kWatchedValues{Analyte::neutrophils, Analyte::platelets, Analyte::haemoglobin, Analyte::igg,
                                         Analyte::cd4,         Analyte::cd19,      Analyte::cd19_percent};
constexpr BitSet<Analyte> kHepatitisB{Analyte::hbv_dna, Analyte::hbsag, Analyte::anti_hbc};

bool concerns(const Fact& fact) {
    if (fact.analyte == Analyte::temperature) return fact.has_value && fact.value >= kFeverAtLeast;
    if (fact.analyte == Analyte::other) return tests_cmv(fact);
    return (fact.has_value && kWatchedValues.has(fact.analyte)) || kHepatitisB.has(fact.analyte);
}

void note_tested(const Watching& w, LandmarkTest test, Instant at) {
    w.state.tested[static_cast<std::size_t>(test)] = at;
}

bool shows_hepatitis_b(const Fact& fact) {
    if (fact.analyte == Analyte::hbv_dna)
        return fact.has_value && fact.value > whole(0) && fact.comparator != Comparator::less;
    const auto* observed = body_of<Observation>(fact);
    return observed != nullptr && observed->truth.value_or(false);
}

void watch_hepatitis_b(const Watching& w, const Fact& fact) {
    if (w.state.exposed_to_hepatitis_b != kAlways || !shows_hepatitis_b(fact)) return;
    w.state.exposed_to_hepatitis_b = fact.at;
    w.state.exposure = fact.record;
    if (w.infused())
        w.state.check(WatchCheck::hepatitis_b) = just_after(fact.at + days(w.limits().p12_hepatitis_b_days));
}

void watch_b_cells(const Watching& w, const Fact& fact) {
    WatchState& state = w.state;
    state.b_cells = test_of(fact);
    const bool absent = at_most(state.b_cells, per_ul(w.rules().immune.cd19_low_per_ul)) == Standing::yes;
    if (!absent) state.b_cells_absent_since = kAlways;
    if (absent && state.b_cells_absent_since == kAlways) state.b_cells_absent_since = fact.at;
    check_b_cell_aplasia(w, fact.at);
}

void watch_observation(const Watching& w, const Fact& fact) {
    WatchState& state = w.state;
    const auto is = [&](Analyte analyte) { return fact.analyte == analyte; };
    if (is(Analyte::igg)) {
        state.igg = test_of(fact);
        note_tested(w, LandmarkTest::igg, fact.at);
        check_low_igg(w, fact.at);
        check_b_cell_aplasia(w, fact.at);
    } else if (is(Analyte::cd4)) {
        state.cd4 = test_of(fact);
        note_tested(w, LandmarkTest::cd4, fact.at);
        plan_cover_gap(w);
    } else if (is(Analyte::cd19) || is(Analyte::cd19_percent)) {
        note_tested(w, LandmarkTest::b_cells, fact.at);
        if (is(Analyte::cd19)) watch_b_cells(w, fact);
    } else if (is(Analyte::temperature)) {
        state.temperature = test_of(fact);
        watch_fever(w, fact);
    } else if (kHepatitisB.has(fact.analyte)) {
        watch_hepatitis_b(w, fact);
    } else if (is(Analyte::other)) {
        state.cmv_tested = fact.at;
    } else {
        if (is(Analyte::neutrophils)) {
            state.neutrophils = test_of(fact);
            note_tested(w, LandmarkTest::neutrophils, fact.at);
            watch_fever(w, fact);
        }
        watch_counts(w, fact);
    }
}

void watch_therapy(const Watching& w, const Fact& fact, const SubsequentTherapy& therapy) {
    if (therapy.intent == TherapyIntent::other || therapy.kind == SubsequentTherapyKind::unspecified ||
        therapy.kind == SubsequentTherapyKind::radiotherapy)
        return;
    if (!w.infused() || w.state.therapy != kNever) return;
    w.state.therapy = fact.at;
    w.state.therapy_record = fact.record;
}

void watch_contact(const Watching& w, const Fact&, const Contact& contact) {
    for (const Surveillance& said : contact.surveillance) {
        if (said.domain == SurveillanceDomain::all || said.domain == SurveillanceDomain::medication)
            w.state.medication_complete = std::max(w.state.medication_complete, said.complete_through.from);
    }
}

// A new day 0: what was found of the blood, of fevers and landmarks begins anew; courses, tests and infections go on.
void begin_infusion(const Watching& w) {
    WatchState& state = w.state;
    const WatchState fresh;
    state.infusion = w.scene.context.infusion.ordinal;
    for (std::size_t i = 0; i < kWatchChecks; ++i) {
        const auto check = static_cast<WatchCheck>(i);
        if (check != WatchCheck::neuralgia && check != WatchCheck::prophylaxis_ended) state.checks[i] = kNever;
    }
    state.neutrophil = fresh.neutrophil;
    state.severe = fresh.severe;
    state.mild = fresh.mild;
    state.landmark = state.late_landmark = state.cytopenia_landmark = 0;
    state.therapy = kNever;
    state.hot_at = state.fever_since = state.fever_last = kAlways;
    state.fever_certain = state.fever_told = false;
    state.fevers = state.late_fevers = 0;
    state.steroid_since = kAlways;
    state.steroids = state.cmv_asked = 0;
    // Lymphodepletion empties the counts: what was measured before says nothing.
    state.cd4 = state.b_cells = state.igg = {};
    state.b_cells_absent_since = kAlways;
    begin_landmarks(w);
    if (state.exposed_to_hepatitis_b != kAlways) {
        state.check(WatchCheck::hepatitis_b) =
            just_after(w.scene.context.infusion.at + days(w.limits().p12_hepatitis_b_days));
    }
}

void take(const Watching& w, const Fact& fact, bool zoster_changed) {
    switch (fact.kind) {
        case FactKind::observation:
            return watch_observation(w, fact);
        case FactKind::intervention:
            watch_covers(w, fact);
            return watch_severe_infections(w, fact);
        case FactKind::infection:
            watch_infection(w, fact, zoster_changed);
            return watch_severe_infections(w, fact);
        case FactKind::adverse_event:
            watch_malignancy(w, fact);
            return watch_severe_infections(w, fact);
        case FactKind::subsequent_therapy:
            if (const auto* therapy = body_of<SubsequentTherapy>(fact)) watch_therapy(w, fact, *therapy);
            return;
        case FactKind::contact:
            if (const auto* contact = body_of<Contact>(fact)) watch_contact(w, fact, *contact);
            return;
        case FactKind::enrollment:
            w.state.entered = std::min(w.state.entered, fact.at);
            return;
        case FactKind::death:
            watch_malignancy(w, fact);
            watch_severe_infections(w, fact);
            w.state.over = true;
            w.state.checks.fill(kNever);
            return;
        case FactKind::infusion:
        case FactKind::ice_assessment:
        case FactKind::neuro_finding:
        case FactKind::disease_status:
        case FactKind::consent_change:
        case FactKind::site_heartbeat:
        case FactKind::adjudication:
        case FactKind::retraction:
            return;
    }
}

void answer(const Watching& w, WatchCheck check, Instant at) {
    switch (check) {
        case WatchCheck::prophylaxis_ended:
            return check_prophylaxis_ended(w, at);
        case WatchCheck::cover_gap:
            return check_cover_gap(w, at);
        case WatchCheck::hepatitis_b:
            return check_hepatitis_b(w, at);
        case WatchCheck::steroid:
            return check_steroid(w, at);
        case WatchCheck::cmv_test:
            return check_cmv_test(w, at);
        case WatchCheck::neuralgia:
            return check_neuralgia(w, at);
        case WatchCheck::fever:
            return check_fever(w, at);
        case WatchCheck::cytopenia:
            return check_cytopenia(w, at);
        case WatchCheck::landmark:
            return check_landmark(w, at);
        case WatchCheck::landmark_late:
            return check_landmark_late(w, at);
        case WatchCheck::vaccine:
            return check_vaccine(w, at);
        case WatchCheck::zoster_vaccine:
            return check_zoster_vaccine(w, at);
    }
}

// Courses with a stated end, end by themselves.
Instant next_course_end(const WatchState& state) {
    Instant next = kNever;
    for (const Cover& cover : state.covers) next = std::min(next, cover.next_end());
    return next;
}

Instant wake_of(const WatchState& state) {
    if (state.over) return kNever;
    return std::min(*std::min_element(state.checks.begin(), state.checks.end()), next_course_end(state));
}

void end_courses(const Watching& w, Instant at) {
    for (std::size_t kind = 0; kind < kCoverKinds; ++kind) {
        const bool prevented = cellvigil::end_courses(w.state.covers[kind], at);
        if (prevented && static_cast<CoverKind>(kind) == CoverKind::antiviral) cover_ended(w);
        if (static_cast<CoverKind>(kind) == CoverKind::pneumocystis) plan_cover_gap(w);
    }
}

}  // namespace

bool concerns_watch(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::observation:
            return concerns(fact);
        case FactKind::intervention: {
            const auto* given = body_of<Intervention>(fact);
            return given != nullptr && (given->kind == InterventionKind::transfusion ||
                                        given->kind == InterventionKind::hospital_stay || covers_of(*given) != 0);
        }
        case FactKind::infection:
        case FactKind::adverse_event:
        case FactKind::subsequent_therapy:
        case FactKind::contact:
        case FactKind::enrollment:
        case FactKind::infusion:
        case FactKind::death:
            return true;
        case FactKind::ice_assessment:
        case FactKind::neuro_finding:
        case FactKind::disease_status:
        case FactKind::consent_change:
        case FactKind::site_heartbeat:
        case FactKind::adjudication:
        case FactKind::retraction:
            return false;
    }
    return false;
}

void watch(SubjectWatch& watch, const Fact& fact, bool zoster_changed, const WatchScene& scene) {
    const Watching w{watch.state.edit(), watch.causes, scene};
    if (scene.context.infusion.ordinal != w.state.infusion) begin_infusion(w);
    take(w, fact, zoster_changed);
    watch.wake = wake_of(w.state);
}

void run_checks(SubjectWatch& watch, Instant until, const WatchScene& scene) {
    while (watch.wake <= until && watch.wake != kNever) {
        const Instant at = watch.wake;
        const Watching w{watch.state.edit(), watch.causes, scene};
        if (next_course_end(w.state) <= at) end_courses(w, at);
        for (std::size_t i = 0; i < kWatchChecks; ++i) {
            if (w.state.checks[i] > at) continue;
            w.state.checks[i] = kNever;
            answer(w, static_cast<WatchCheck>(i), at);
        }
        watch.wake = wake_of(w.state);
    }
}

}  // namespace cellvigil
