// A hand-made ledger of 48 subjects treated with C-CAR039, whose counts and curves are those that were published of
// such a cohort (CRS 45 of 48, zoster past day 90 9 of 48, ...). Nobody's data: every row is invented. Told as facts of
// the ward, so that what is counted went the whole way from temperatures and counts to the table.
#pragma once

#include <string>
#include <vector>

#include "tests/support/fact_story.h"

namespace cellvigil::ledger {

inline constexpr const char* kStudy = "CCAR039";
inline constexpr const char* kCohort = "CCAR039/PHASE1";

struct Subject {
    std::string id;
    std::string site;
    story::Story story;
    int shift_days = 0;  // of all its times against the story's
};

std::vector<Subject> subjects();
// The subject's events, in order; views into it.
std::vector<Event> events_of(const Subject& subject);
SubjectTimeline timeline_of(const Subject& subject, const RuleSet& rules = {});

}  // namespace cellvigil::ledger
