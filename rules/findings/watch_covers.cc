// P01, P12, P13: prophylaxis that ended early or is missing, glucocorticoids without cover.
#include <variant>

#include "rules/findings/watch_parts.h"

namespace cellvigil {
namespace {

constexpr std::uint16_t kHepatitisB = 1000;  // ordinals of P12 that are not gaps of Pneumocystis prophylaxis
constexpr std::uint16_t kCmv = 1000;         // of P13 that are about the CMV test

struct Wanted {
    std::string policy;
    std::int32_t minimum_day = 0;
    std::optional<Quantity> cd4_above;
    bool both = true;
};

// What the policy asks of antiviral prophylaxis. A name that the pack does not know is shown, and the defaults count.
Wanted wanted(const Watching& w, const std::string& named) {
    Wanted wanted;
    wanted.minimum_day = w.limits().p01_minimum_day;
    wanted.cd4_above = per_ul(w.rules().immune.cd4_low_per_ul);
    wanted.policy = named;
    const ProphylaxisPolicy* policy = policy_for(w.rules(), ProphylaxisKind::antiviral, named);
    if (policy == nullptr) return wanted;
    wanted.policy = policy->id;
    wanted.minimum_day = policy->at_least_until_day;
    wanted.cd4_above = policy->cd4_above;
    wanted.both = policy->both;
    return wanted;
}

Instant expected_from(const Watching& w) {
    const ProphylaxisPolicy* policy = policy_for(w.rules(), ProphylaxisKind::pneumocystis, {});
    return w.start_of_day(policy != nullptr && policy->from_day > 0 ? policy->from_day : w.limits().p12_from_day);
}

void watch_steroid(const Watching& w, const Cover& before, Instant at) {
    if (!w.infused()) return;
    WatchState& state = w.state;
    const Cover& steroid = state.cover(CoverKind::steroid);
    // Doses of following days are one stretch.
    const bool goes_on =
        !before.running.empty() || (before.covered_until != kAlways && at - before.covered_until <= days(1));
    if (steroid.begun == before.begun) return;
    if (!goes_on || state.steroid_since == kAlways) {
        state.steroid_since = at;
        ++state.steroids;
    }
    const Instant late = w.start_of_day(w.limits().p13_after_day + 1);
    const Instant long_enough = state.steroid_since + days(w.limits().p13_steroid_days);
    state.check(WatchCheck::steroid) = std::max({just_after(long_enough), late, just_after(at)});
}

}  // namespace

void cover_ended(const Watching& w) {
    if (!w.infused()) return;
    w.state.check(WatchCheck::prophylaxis_ended) =
        just_after(w.state.cover(CoverKind::antiviral).ended + days(w.limits().p01_gap_days));
}

void watch_covers(const Watching& w, const Fact& fact) {
    const auto* given = fact.body == nullptr ? nullptr : std::get_if<Intervention>(fact.body);
    if (given == nullptr) return;
    if (given->kind == InterventionKind::transfusion) w.state.transfused = fact.at;
    const std::uint32_t kinds = covers_of(*given);
    for (std::size_t i = 0; i < kCoverKinds; ++i) {
        if ((kinds >> i & 1U) == 0) continue;
        const auto kind = static_cast<CoverKind>(i);
        Cover& cover = w.state.cover(kind);
        const Cover before = kind == CoverKind::steroid ? cover : Cover{};
        const bool prevented = take_course(cover, kind, fact, *given, w.rules());
        if (kind == CoverKind::antiviral && prevented) cover_ended(w);
        if (kind == CoverKind::pneumocystis) plan_cover_gap(w);
        if (kind == CoverKind::steroid) watch_steroid(w, before, fact.at);
        if (kind == CoverKind::antimicrobial && cover.began == fact.at) {
            const Instant from = fact.at - days(w.rules().infection.course_after_days);
            for (WatchedInfection& infection : w.state.infections)
                infection.treated = infection.treated || infection.onset >= from;
            check_low_igg(w, fact.at);
        }
    }
}

void check_prophylaxis_ended(const Watching& w, Instant at) {
    const Cover& cover = w.state.cover(CoverKind::antiviral);
    if (cover.covers(at) || cover.began > cover.ended) return;
    const Wanted policy = wanted(w, cover.policy);
    const bool early = w.day(cover.ended) < policy.minimum_day;
    const Standing cd4 = policy.cd4_above
                             ? low(w.state.cd4, cover.ended, w.limits().p01_cd4_valid_days, *policy.cd4_above)
                             : Standing::no;
    const bool not_above = cd4 != Standing::no;
    // Unknown is not above: with `either`, an unknown CD4 count does not excuse an early end.
    const bool against = policy.both || !policy.cd4_above ? early || not_above : early && not_above;
    if (!against) return;
    const auto ordinal = static_cast<std::uint16_t>(std::max<int>(1, cover.begun));
    AlertCause* cause = raise(w, {SubjectRule::prophylaxis_ended, ordinal, Urgency::high, at});
    if (cause == nullptr) return;
    add_at(w, *cause, Detail::ended, cover.ended, cover.ended_by);
    if (cover.began != kAlways) add_at(w, *cause, Detail::began, cover.began, cover.began_by);
    if (early) add(*cause, Detail::minimum_day, policy.minimum_day);
    add(*cause, Detail::policy, 0, policy.policy.empty() ? "none named: the pack's default" : policy.policy);
    if (cd4 == Standing::yes) add(*cause, Detail::cd4_low, policy.cd4_above->micro);
    add_cd4(w, *cause, cover.ended, w.limits().p01_cd4_valid_days);
    add_medication(w, *cause);
}

void plan_cover_gap(const Watching& w) {
    if (!w.infused() || w.state.over) return;
    const WatchState& state = w.state;
    const Cover& cover = state.cover(CoverKind::pneumocystis);
    Instant& check = w.state.check(WatchCheck::cover_gap);
    check = kNever;
    const bool is_low =
        state.cd4.known() && at_most(state.cd4, per_ul(w.rules().immune.cd4_low_per_ul)) == Standing::yes;
    if (!is_low || !cover.running.empty()) return;
    check = just_after(std::max({state.cd4.at, cover.covered_until, expected_from(w)}) + days(w.limits().p12_gap_days));
    if (check - state.cd4.at > days(w.rules().immune.cd4_valid_days)) check = kNever;  // then CD4 is unknown: P15
}

void check_cover_gap(const Watching& w, Instant at) {
    const Cover& cover = w.state.cover(CoverKind::pneumocystis);
    if (cover.covers(at)) return plan_cover_gap(w);
    const auto ordinal = static_cast<std::uint16_t>(cover.begun + 1);
    AlertCause* cause = raise(w, {SubjectRule::cover_gap, ordinal, Urgency::high, at});
    if (cause == nullptr) return;
    add(*cause, Detail::not_covered, 0, "Pneumocystis");
    add_test(w, *cause, Detail::cd4, w.state.cd4);
    if (cover.ended != kAlways) add_at(w, *cause, Detail::ended, cover.ended, cover.ended_by);
    if (cover.ended == kAlways && cover.began != kAlways)
        add_at(w, *cause, Detail::last_dose, cover.began, cover.began_by);
    const ProphylaxisPolicy* policy = policy_for(w.rules(), ProphylaxisKind::pneumocystis, {});
    add(*cause, Detail::policy, 0, policy == nullptr ? "none named: the pack's default" : policy->id);
    add_medication(w, *cause);
}

void check_hepatitis_b(const Watching& w, Instant at) {
    const Cover& cover = w.state.cover(CoverKind::hepatitis_b);
    if (cover.covers(at)) return;
    AlertCause* cause = raise(w, {SubjectRule::cover_gap, kHepatitisB, Urgency::high, at});
    if (cause == nullptr) return;
    add(*cause, Detail::not_covered, 0, "hepatitis B");
    add_at(w, *cause, Detail::exposed, w.state.exposed_to_hepatitis_b, w.state.exposure);
    if (cover.ended != kAlways) add_at(w, *cause, Detail::ended, cover.ended, cover.ended_by);
    add_medication(w, *cause);
}

void check_steroid(const Watching& w, Instant at) {
    WatchState& state = w.state;
    const Cover& steroid = state.cover(CoverKind::steroid);
    if (!steroid.covers(at)) return;
    if (state.cmv_asked != state.steroids) {
        state.cmv_asked = state.steroids;
        state.check(WatchCheck::cmv_test) = just_after(at + days(w.limits().p13_cmv_within_days));
    }
    const bool pneumocystis = state.cover(CoverKind::pneumocystis).covers(at);
    const bool zoster = state.cover(CoverKind::antiviral).covers(at);
    if (pneumocystis && zoster) return;
    AlertCause* cause = raise(w, {SubjectRule::uncovered_steroid, state.steroids, Urgency::medium, at});
    if (cause == nullptr) return;
    add_at(w, *cause, Detail::steroid_since, state.steroid_since, steroid.began_by);
    if (!pneumocystis) add(*cause, Detail::not_covered, 0, "Pneumocystis");
    if (!zoster) add(*cause, Detail::not_covered, 0, "varicella zoster virus");
    add_medication(w, *cause);
}

void check_cmv_test(const Watching& w, Instant at) {
    WatchState& state = w.state;
    if (state.steroid_since == kAlways || state.cmv_tested >= state.steroid_since) return;
    const auto ordinal = static_cast<std::uint16_t>(kCmv + state.steroids);
    AlertCause* cause = raise(w, {SubjectRule::uncovered_steroid, ordinal, Urgency::medium, at});
    if (cause == nullptr) return;
    add_at(w, *cause, Detail::cmv_not_tested, state.steroid_since, state.cover(CoverKind::steroid).began_by);
}

}  // namespace cellvigil
