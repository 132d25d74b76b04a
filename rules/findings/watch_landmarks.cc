// P15 and P16: what is due by the calendar. Asked only of who is followed: enrolled before the window, alive, not lost,
// not off study, not withdrawn.
#include <array>

#include "rules/findings/watch_parts.h"

namespace cellvigil {
namespace {

constexpr std::int32_t kLandmarks = 18;  // 28, 90, 180, 365 and the years 2 to 15
constexpr std::array<const char*, kLandmarkTests> kTests{"neutrophils", "IgG", "CD4", "B cells (CD19)"};
constexpr std::uint16_t kInactivated = 1;
constexpr std::uint16_t kZoster = 2;

std::int32_t landmark_day(std::int32_t place) {
    constexpr std::array<std::int32_t, 4> kFirst{28, 90, 180, 365};
    return place < 4 ? kFirst[static_cast<std::size_t>(place)] : 365 * (place - 2);
}

std::int32_t margin_of(const Watching& w, std::int32_t place) {
    return place == 0 ? w.limits().p15_early_margin_days : w.limits().p15_margin_days;
}

bool is_followed(const Watching& w) {
    const SubjectState standing = w.scene.standing;
    return standing != SubjectState::lost && standing != SubjectState::off_study &&
           standing != SubjectState::withdrawn && standing != SubjectState::dead;
}

void plan_landmark(const Watching& w) {
    const std::int32_t place = w.state.landmark;
    w.state.check(WatchCheck::landmark) =
        place < kLandmarks ? w.start_of_day(landmark_day(place) + margin_of(w, place) + 1) : kNever;
}

void tell_overdue(const Watching& w, std::int32_t place, Urgency urgency, Instant at) {
    const Instant from = w.start_of_day(landmark_day(place) - margin_of(w, place));
    if (!is_followed(w) || w.state.entered > from) return;
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < kLandmarkTests; ++i) {
        if (w.state.tested[i] < from) missing.push_back(i);
    }
    if (missing.empty()) return;
    const bool matters = static_cast<std::int32_t>(missing.size()) >= w.limits().p15_medium_missing &&
                         landmark_day(place) <= w.limits().p15_medium_last_day;
    if (urgency == Urgency::medium && !matters) return;
    AlertCause* cause = raise(w, {SubjectRule::landmark_overdue, static_cast<std::uint16_t>(place + 1), urgency, at});
    if (cause == nullptr) return;
    add(*cause, Detail::landmark, landmark_day(place));
    // Not when each was last done: with every earlier result that comes later the alert would speak again.
    for (const std::size_t i : missing) add(*cause, Detail::missing, 0, kTests[i]);
    add_at(w, *cause, Detail::due_since, w.start_of_day(landmark_day(place) + margin_of(w, place)));
}

// Put off after immunoglobulin: it takes the vaccine's effect away.
bool put_off(const Watching& w, WatchCheck check, Instant at) {
    const Cover& given = w.state.cover(CoverKind::immunoglobulin);
    if (given.began == kAlways) return false;
    const Instant free = given.began + days(w.limits().p16_immunoglobulin_free_days);
    if (free <= at) return false;
    w.state.check(check) = free;
    return true;
}

void tell_vaccine(const Watching& w, CoverKind kind, std::uint16_t ordinal, const char* name, Instant at) {
    const Cover& given = w.state.cover(kind);
    const bool since_infusion = given.began != kAlways && given.began >= w.scene.context.infusion.at;
    if (!is_followed(w) || w.state.entered == kNever || since_infusion) return;
    AlertCause* cause = raise(w, {SubjectRule::vaccine_due, ordinal, Urgency::info, at});
    if (cause == nullptr) return;
    add(*cause, Detail::vaccine, 0, name);
    const ProphylaxisPolicy* policy = policy_for(w.rules(), ProphylaxisKind::zoster_vaccine, {});
    if (kind == CoverKind::zoster_vaccine && policy != nullptr) add(*cause, Detail::policy, 0, policy->id);
    if (given.began != kAlways) add_at(w, *cause, Detail::last_dose, given.began, given.began_by);
    add_cd4(w, *cause, at, w.rules().immune.cd4_valid_days);
    add_medication(w, *cause);
}

}  // namespace

void begin_landmarks(const Watching& w) {
    plan_landmark(w);
    w.state.check(WatchCheck::vaccine) = w.start_of_day(w.limits().p16_inactivated_day);
    const ProphylaxisPolicy* policy = policy_for(w.rules(), ProphylaxisKind::zoster_vaccine, {});
    w.state.check(WatchCheck::zoster_vaccine) =
        w.start_of_day(policy != nullptr && policy->from_day > 0 ? policy->from_day : w.limits().p16_zoster_day);
}

void check_landmark(const Watching& w, Instant at) {
    const std::int32_t place = w.state.landmark;
    tell_overdue(w, place, Urgency::info, at);
    w.state.late_landmark = place;
    w.state.check(WatchCheck::landmark_late) = at + days(w.limits().p15_medium_after_days);
    ++w.state.landmark;
    plan_landmark(w);
}

void check_landmark_late(const Watching& w, Instant at) { tell_overdue(w, w.state.late_landmark, Urgency::medium, at); }

void check_vaccine(const Watching& w, Instant at) {
    if (!put_off(w, WatchCheck::vaccine, at))
        tell_vaccine(w, CoverKind::vaccine, kInactivated, "inactivated vaccines", at);
}

void check_zoster_vaccine(const Watching& w, Instant at) {
    if (!put_off(w, WatchCheck::zoster_vaccine, at))
        tell_vaccine(w, CoverKind::zoster_vaccine, kZoster, "recombinant zoster vaccine", at);
}

}  // namespace cellvigil
