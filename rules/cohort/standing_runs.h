// What is so on each day of a stretch, three-valued, as runs of days without gaps. Pure values.
#pragma once

#include <algorithm>
#include <vector>

#include "rules/cohort/index_course.h"
#include "rules/grade/milestone.h"

namespace cellvigil {

struct StandingRun {
    Day first = 0;
    Day last = 0;
    Standing standing = Standing::unknown;
    bool operator==(const StandingRun&) const = default;
};

// Asks `standing_on(day)` where it may change (`changes`, in any order) and joins what is alike.
template <typename Run, typename StandingOn>
std::vector<Run> runs_over(DaySpan span, std::vector<Day> changes, StandingOn standing_on) {
    changes.push_back(span.first);
    std::sort(changes.begin(), changes.end());
    std::vector<Run> runs;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const Day from = changes[i];
        if (from < span.first || from > span.last || (i > 0 && changes[i - 1] == from)) continue;
        const auto standing = standing_on(from);
        if (!runs.empty()) runs.back().last = from - 1;
        if (!runs.empty() && runs.back().standing == standing) {
            runs.back().last = span.last;
            continue;
        }
        runs.push_back({from, span.last, standing});
    }
    if (!runs.empty()) runs.back().last = span.last;
    return runs;
}

// `unknown` outside the runs.
inline Standing standing_on(const std::vector<StandingRun>& runs, Day day) {
    for (const StandingRun& run : runs) {
        if (run.first <= day && day <= run.last) return run.standing;
    }
    return Standing::unknown;
}

}  // namespace cellvigil
