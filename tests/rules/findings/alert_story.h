// What the tables of subject alerts tell a story with.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/support/fact_story.h"

namespace cellvigil::story {

inline RuleSet only(SubjectRule rule) { return alerting({rule}); }

inline std::vector<SubjectAlert> alerts_of(const Story& told, SubjectRule rule, Instant as_of, RuleSet rules) {
    rules.alerts = {rule};
    std::vector<SubjectAlert> found;
    for (const SubjectAlert& alert : told.timeline(rules).derived(rules, as_of).alerts) {
        if (alert.rule == rule) found.push_back(alert);
    }
    return found;
}
inline std::vector<SubjectAlert> alerts_of(const Story& told, SubjectRule rule, Instant as_of = kAlways) {
    return alerts_of(told, rule, as_of, {});
}

inline const AlertDetail* detail_of(const SubjectAlert& alert, Detail what, int nth = 0) {
    for (const AlertDetail& detail : alert.details) {
        if (detail.what == what && nth-- == 0) return &detail;
    }
    return nullptr;
}
inline bool tells(const SubjectAlert& alert, Detail what) { return detail_of(alert, what) != nullptr; }

// The story of every alert: an adult, infused on day 0. What a test tells comes after it.
inline Story treated_adult() {
    Story told;
    told.adult().infused();
    return told;
}
class TreatedAdult : public testing::Test {
  protected:
    Story told = treated_adult();
};

// One row: what is told after a plain infusion, as of when, and how urgent the alerts of the rule then are, in order.
struct AlertCase {
    const char* name;
    std::function<void(Story&)> tell;
    Instant as_of;
    std::vector<Urgency> expected;
};
inline std::string urgencies(const std::vector<SubjectAlert>& alerts) {
    std::string text;
    for (const SubjectAlert& alert : alerts) text += std::string(text.empty() ? "" : " ") + name_of(alert.urgency);
    return text;
}
inline std::string urgencies(const std::vector<Urgency>& expected) {
    std::string text;
    for (const Urgency urgency : expected) text += std::string(text.empty() ? "" : " ") + name_of(urgency);
    return text;
}
inline void expect_row(SubjectRule rule, const AlertCase& row) {
    Story told = treated_adult();
    row.tell(told);
    EXPECT_EQ(urgencies(alerts_of(told, rule, row.as_of)), urgencies(row.expected)) << row.name;
}

inline Infection infection(Organism organism, PathogenClass pathogen, const char* site = "") {
    Infection said;
    said.organism = organism;
    said.pathogen = pathogen;
    said.site.display = site;
    said.certainty = Certainty::proven;
    return said;
}
inline Infection pneumonia(bool serious = false, bool treated = false) {
    Infection said = infection(Organism::bacteria, PathogenClass::bacterial, "lung");
    if (serious) said.seriousness.hospitalisation = true;
    if (treated) said.treatment_routes = {Route::oral};
    return said;
}
inline Infection zoster(std::uint32_t dermatomes = 1) {
    Infection said = infection(Organism::vzv, PathogenClass::viral);
    said.zoster = Zoster{};
    said.zoster->dermatomes = dermatomes;
    return said;
}
inline Infection nerve_pain(Outcome outcome = Outcome::unspecified) {
    Infection said = infection(Organism::vzv, PathogenClass::viral);
    said.zoster = Zoster{};
    said.zoster->postherpetic_neuralgia = true;
    said.outcome = outcome;
    return said;
}
inline Intervention treating(Agent agent, InterventionPhase phase = InterventionPhase::start) {
    Intervention given;
    given.kind = InterventionKind::drug;
    given.agent = agent;
    given.phase = phase;
    given.treatment = true;
    given.indication = Indication::infection;
    return given;
}
inline Intervention course(Agent agent, InterventionPhase phase, std::string policy = "") {
    Intervention given;
    given.kind = InterventionKind::drug;
    given.agent = agent;
    given.phase = phase;
    given.indication = Indication::prophylaxis;
    given.policy = std::move(policy);
    return given;
}

}  // namespace cellvigil::story
