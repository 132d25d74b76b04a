// What the parts of the subject watch share; for rules/findings/watch_*.cc only.
#pragma once

#include <algorithm>
#include <string>

#include "rules/findings/subject_watch.h"
#include "rules/grade/milestone.h"

namespace cellvigil {

struct Watching {
    WatchState& state;
    CopyOnWrite<std::vector<AlertCause>>& causes;
    const WatchScene& scene;

    const RuleSet& rules() const { return scene.context.rules; }
    const AlertLimits& limits() const { return scene.context.rules.alert_limits; }
    bool infused() const { return state.infusion > 0; }
    std::int32_t day(Instant at) const { return infused() ? day_of(at, scene.context) : 0; }
    // First instant of an infusion day at the site.
    Instant start_of_day(std::int32_t day) const {
        return start_of(scene.context.infusion.date + days(day), scene.context.infusion.offset);
    }
};

struct Raised {
    SubjectRule rule = SubjectRule::prophylaxis_ended;
    std::uint16_t ordinal = 1;
    Urgency urgency = Urgency::medium;
    Instant at{};
    std::int32_t weight = 0;
    std::int32_t infusion = -1;  // -1: the present one
};
// The cause, without details, to be filled; nullptr: it stands already and is no worse, or the cohort does not want it.
AlertCause* raise(const Watching& w, const Raised& raised);
// The cause as it stands; nullptr: there is none.
const AlertCause* known_cause(const Watching& w, SubjectRule rule, std::uint16_t ordinal, std::uint16_t infusion);
// The cause as it stands, to be amended without being worse; nullptr: there is none.
AlertCause* standing_cause(const Watching& w, SubjectRule rule, std::uint16_t ordinal, std::uint16_t infusion);

void add(AlertCause& cause, Detail what, std::int64_t number, std::string text = {}, RecordRef record = {});
void add_at(const Watching& w, AlertCause& cause, Detail what, Instant at, RecordRef record = {},
            std::string text = {});
void add_test(const Watching& w, AlertCause& cause, Detail what, const WatchedTest& test);
// The last value and, when it is not usable at `at`, that it is unknown.
void add_cd4(const Watching& w, AlertCause& cause, Instant at, std::int32_t valid_days);
void add_medication(const Watching& w, AlertCause& cause);

// yes: at most the limit. "<x" only if x is at most it, ">x" above only if x is at least it.
Standing at_most(const WatchedTest& test, Quantity limit);
inline bool usable(const WatchedTest& test, Instant at, std::int32_t valid_days) {
    return test.known() && at - test.at <= days(valid_days);
}
// Unknown when there is none, or it is too old.
inline Standing low(const WatchedTest& test, Instant at, std::int32_t valid_days, Quantity limit) {
    return usable(test, at, valid_days) ? at_most(test, limit) : Standing::unknown;
}
inline Quantity per_ul(std::int32_t count) { return thousandths(count); }
inline Instant just_after(Instant at) { return at + milliseconds(1); }

WatchedTest test_of(const Fact& fact);
// nullptr: the pack has none of that kind, or none of that name.
const ProphylaxisPolicy* policy_for(const RuleSet& rules, ProphylaxisKind kind, const std::string& named);

// The parts. Each takes facts that concern it and ignores the others.
void begin_landmarks(const Watching& w);
void watch_covers(const Watching& w, const Fact& fact);
void cover_ended(const Watching& w);  // antiviral prophylaxis: asks again after the gap
void plan_cover_gap(const Watching& w);
void check_prophylaxis_ended(const Watching& w, Instant at);
void check_cover_gap(const Watching& w, Instant at);
void check_hepatitis_b(const Watching& w, Instant at);
void check_steroid(const Watching& w, Instant at);
void check_cmv_test(const Watching& w, Instant at);

void watch_infection(const Watching& w, const Fact& fact, bool zoster_changed);
void watch_severe_infections(const Watching& w, const Fact& fact);
void check_low_igg(const Watching& w, Instant at);
void check_b_cell_aplasia(const Watching& w, Instant at);
void check_neuralgia(const Watching& w, Instant at);

void watch_counts(const Watching& w, const Fact& fact);
void check_cytopenia(const Watching& w, Instant at);

void watch_fever(const Watching& w, const Fact& fact);
void check_fever(const Watching& w, Instant at);

void watch_malignancy(const Watching& w, const Fact& fact);
void watch_sign(const Watching& w, const Fact& fact, const AdverseEvent& report);
// A run of severe values of the lineage goes on, up to `fact`.
void watch_new_cytopenia(const Watching& w, std::size_t lineage, const Fact& fact);
void check_landmark(const Watching& w, Instant at);
void check_landmark_late(const Watching& w, Instant at);
void check_vaccine(const Watching& w, Instant at);
void check_zoster_vaccine(const Watching& w, Instant at);

}  // namespace cellvigil
