// Whether a subject's defences are low, day by day: IgG, CD4, B cells (CD19), lymphocytes. The last value counts as
// long as the pack lets it; then, and before the first value on or after day 0, it is unknown, which is neither low nor
// above. A value equal to a limit is low. "<x" is low only if x is at most the limit, ">x" above only if x is at least
// the limit (settled for B cells; here for all); otherwise such a result says nothing. docs/clinical/infections.md.
// Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/cohort/standing_runs.h"

namespace cellvigil {

enum class ImmuneMarker : std::uint8_t { igg, cd4, b_cells, lymphocytes };
const char* name_of(ImmuneMarker marker);

// yes: low.
std::vector<StandingRun> low_runs(const SubjectFacts& subject, const IndexCourse& index, ImmuneMarker marker,
                                  DaySpan span, const RuleSet& rules);

enum class Cd4Band : std::uint8_t { unknown, very_low, low, above };
struct Cd4Run {
    Day first = 0;
    Day last = 0;
    Cd4Band standing = Cd4Band::unknown;
    bool operator==(const Cd4Run&) const = default;
};
std::vector<Cd4Run> cd4_runs(const SubjectFacts& subject, const IndexCourse& index, DaySpan span, const RuleSet& rules);

}  // namespace cellvigil
