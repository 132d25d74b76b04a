#include "rules/stats/hysteresis.h"

#include "rules/base/ensure.h"

namespace cellvigil {

HysteresisState after(const HysteresisRule& rule, HysteresisState state, double score) {
    ensure(rule.clear <= rule.raise && rule.in_a_row >= 1, "clearing is not easier than raising");
    const bool would_change = state.is_raised ? score < rule.clear : score >= rule.raise;
    state.run = would_change ? state.run + 1 : 0;
    if (state.run >= rule.in_a_row) state = {.is_raised = !state.is_raised, .run = 0};
    return state;
}

}  // namespace cellvigil
