// Whether a subject was protected, day by day: antiviral, against Pneumocystis, immunoglobulin, zoster vaccine. Yes
// while a recorded course runs; no only where somebody said that the medication is known (MEDICATION surveillance
// reaches that day) and no course runs; else unknown: that nobody recorded a course does not mean that there was none.
// A STOP alone ends a course and does not say what came after. docs/clinical/infections.md. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/cohort/standing_runs.h"

namespace cellvigil {

enum class Prophylaxis : std::uint8_t {
    antiviral,  // active against varicella zoster virus, not given to treat
    pneumocystis,
    immunoglobulin,  // a dose counts for the pack's number of days
    zoster_vaccine,  // from the second recombinant dose on
};
const char* name_of(Prophylaxis kind);

struct ProphylaxisCourse {
    Day first = 0;
    Day last = 0;        // last day that it covers; kOpenCourse: no end is known
    std::string policy;  // of the message that began it
    bool operator==(const ProphylaxisCourse&) const = default;
};
inline constexpr Day kOpenCourse = 1'000'000;

// By first day. A course runs from its START (or first CHANGE) to the day of its STOP or stated end, both included; it
// is found by its course id, else by its agent. A STOP without a START covers its own day.
std::vector<ProphylaxisCourse> prophylaxis_courses(const SubjectFacts& subject, const IndexCourse& index,
                                                   Prophylaxis kind, const RuleSet& rules);

std::vector<StandingRun> prophylaxis_runs(const SubjectFacts& subject, const IndexCourse& index, Prophylaxis kind,
                                          DaySpan span, const RuleSet& rules);

}  // namespace cellvigil
