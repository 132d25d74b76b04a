// A subject told in the test as a story: facts at hours or days from infusion, in the words of the ward. Builds Events,
// applies them to a SubjectTimeline, and asks what was derived. Infusion is 2026-01-05T10:00+08:00 at `site-01`.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rules/timeline/subject_timeline.h"

namespace cellvigil::story {

inline constexpr UtcOffset kOffset{480};
// 2026-01-05T02:00:00Z
inline Instant infusion_time() { return Instant(std::chrono::sys_days(std::chrono::year(2026) / 1 / 5)) + hours(2); }
inline Instant d(int day, int hour = 10, int minute = 0) {  // site-local clock on that infusion day
    return infusion_time() + days(day) + hours(hour - 10) + minutes(minute);
}

// The built-in rules with these of P01 to P18 alone.
inline RuleSet alerting(SubjectRuleSet alerts = {}) {
    RuleSet rules;
    rules.alerts = alerts;
    return rules;
}

// An Event that owns its text.
struct Told {
    std::string message_id, record;
    Event event;
    std::string infusion = {};  // the infusion that it is counted against by its sender; empty: it names none
};

// The event with its views in place; valid as long as `told`.
Event event_of(const Told& told);

class Story {
  public:
    Story();
    // Identity and context
    Story& enrolled(Enrollment enrollment = {});
    Story& adult();
    Story& aged_years(std::uint32_t years);
    Story& aged_days(std::uint32_t age_days);
    Story& infused(Instant at = infusion_time(), std::string lot = "");
    // Any body at a time; the record's name is generated unless given.
    Story& tell(Instant at, Body body, std::string record = "");
    Story& tell_until(Instant at, Instant until, Body body, std::string record = "");
    Story& last_with(EventFlags flags);  // puts admission flags on the last event told
    // Vital signs (canonical units)
    Story& temperature(Instant at, double celsius);
    Story& systolic(Instant at, int mmhg);
    Story& mean_pressure(Instant at, int mmhg);
    Story& spo2(Instant at, int percent);
    Story& lab(Instant at, Analyte analyte, double value);
    // Support and drugs
    Story& starts(Instant at, Agent agent);
    Story& stops(Instant at, Agent agent);
    Story& gives(Instant at, Agent agent);
    Story& transfuses(Instant at, BloodProduct product);
    Story& bolus(Instant at, int ml, Indication indication = Indication::unspecified);
    Story& oxygen(Instant at, OxygenDevice device, std::optional<double> flow = std::nullopt,
                  Indication indication = Indication::unspecified);
    // Neurology
    Story& ice(Instant at, std::uint32_t total, Consciousness consciousness = Consciousness::alert);
    Story& neuro(Instant at, NeuroFinding finding);
    // Verdicts and ends
    Story& signed_other(Instant at, Scale scale, Component component, std::string cause = "other");
    Story& died(Instant at, DeathCause cause);

    const std::vector<Told>& told() const { return told_; }
    // Applies everything in the order told.
    SubjectTimeline timeline(const RuleSet& rules = {}) const;
    // The last assessment of the scale at or before `at`.
    Assessment at(Instant at, Scale scale, const RuleSet& rules = {}) const;
    Assessment at(Instant at, Scale scale, Term term, const RuleSet& rules = {}) const;

  private:
    std::vector<Told> told_;
    int next_ = 1;
};

}  // namespace cellvigil::story
