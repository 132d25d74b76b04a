// P09 and P18: fever with neutropenia that nobody is recorded to have treated in time, and fever too late for CRS.
#include "rules/findings/watch_parts.h"
#include "rules/grade/crs.h"

namespace cellvigil {
namespace {

enum class Febrile : std::uint8_t { no, possible, certain };

// By the grader of febrile neutropenia; possible: a fever whose neutrophils nobody knows.
Febrile febrile_now(const Watching& w, Instant at) {
    const FebrileState& febrile = *w.scene.panel.febrile;
    if (febrile.present) return Febrile::certain;
    if (!febrile.fever_met) return Febrile::no;
    const bool known =
        febrile.neutrophils_at != kAlways && at - febrile.neutrophils_at <= w.rules().counts.fever_neutrophils;
    return known ? Febrile::no : Febrile::possible;
}

bool treated(const Watching& w, Instant at) {
    const Cover& cover = w.state.cover(CoverKind::antimicrobial);
    return cover.covers(at) || (cover.began != kAlways && cover.began >= w.state.fever_since);
}

void tell_fever(const Watching& w, Instant at) {
    const WatchState& state = w.state;
    const Urgency urgency = state.fever_certain ? Urgency::immediate : Urgency::high;
    AlertCause* cause = raise(w, {SubjectRule::untreated_fever, state.fevers, urgency, at});
    if (cause == nullptr) return;
    add_at(w, *cause, Detail::since, state.fever_since, {}, "fever");
    add_test(w, *cause, Detail::temperature, state.temperature);
    add_test(w, *cause, Detail::neutrophils, state.neutrophils);
    if (!state.fever_certain) {
        add(*cause, Detail::neutrophils_unknown, 0);
        cause->flags.add(Flag::stale_input);
    }
    add(*cause, Detail::allowed_minutes, w.limits().p09_within_minutes);
    const Cover& cover = state.cover(CoverKind::antimicrobial);
    if (cover.began == kAlways) add(*cause, Detail::antimicrobial_none, 0);
    if (cover.began != kAlways) add_at(w, *cause, Detail::antimicrobial, cover.began, cover.began_by);
    add_medication(w, *cause);
}

void watch_febrile_neutropenia(const Watching& w, const Fact& fact) {
    WatchState& state = w.state;
    const Febrile febrile = febrile_now(w, fact.at);
    if (febrile == Febrile::no) return;
    const bool fresh = state.fever_last == kAlways || fact.at - state.fever_last > w.rules().counts.fever_resolve;
    state.fever_last = fact.at;
    if (fresh) {
        ++state.fevers;
        state.fever_since = fact.at;
        state.fever_certain = state.fever_told = false;
    }
    const bool now_certain = febrile == Febrile::certain && !state.fever_certain;
    state.fever_certain = state.fever_certain || now_certain;
    // The time allowed runs from what is certain, where it was only possible before.
    if (fresh || (now_certain && state.fever_told))
        state.check(WatchCheck::fever) = just_after(fact.at + minutes(w.limits().p09_within_minutes));
}

bool early_crs_goes_on(const Watching& w) {
    const CrsState* crs = w.scene.context.crs;
    return crs != nullptr && crs->episode.open && w.day(crs->episode.current.onset) <= w.limits().p18_after_day;
}

void watch_late_fever(const Watching& w, const Fact& fact) {
    WatchState& state = w.state;
    if (fact.comparator != Comparator::unspecified) return;
    const bool fresh = state.hot_at == kAlways || fact.at - state.hot_at > hours(w.limits().p18_apart_hours);
    state.hot_at = fact.at;
    const std::int32_t day = w.day(fact.at);
    if (!fresh || day <= w.limits().p18_after_day || day > w.limits().p18_last_day || early_crs_goes_on(w)) return;
    ++state.late_fevers;
    AlertCause* cause = raise(w, {SubjectRule::late_fever, state.late_fevers, Urgency::high, fact.at});
    if (cause == nullptr) return;
    add_test(w, *cause, Detail::temperature, state.temperature);
    add(*cause, Detail::crs_atypical, 0);
    add_test(w, *cause, Detail::neutrophils, state.neutrophils);
}

}  // namespace

void watch_fever(const Watching& w, const Fact& fact) {
    if (!w.infused()) return;
    watch_febrile_neutropenia(w, fact);
    if (fact.analyte == Analyte::temperature) watch_late_fever(w, fact);
}

void check_fever(const Watching& w, Instant at) {
    if (treated(w, at)) return;
    w.state.fever_told = true;
    tell_fever(w, at);
}

}  // namespace cellvigil
