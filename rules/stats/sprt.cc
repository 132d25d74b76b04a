#include "rules/stats/sprt.h"

#include <cmath>

#include "rules/base/ensure.h"

namespace cellvigil {

SprtLines wald_lines(const SprtDesign& design) {
    ensure(0 < design.p0 && design.p0 < design.p1 && design.p1 < 1, "the rate to be found is above the limit");
    ensure(design.alpha > 0 && design.beta > 0 && design.alpha + design.beta < 1, "both errors together are below 1");
    const double log_not = std::log1p(-design.p0) - std::log1p(-design.p1);
    const double log_odds_ratio = std::log(design.p1 / design.p0) + log_not;
    return {.slope = log_not / log_odds_ratio,
            .upper_intercept = std::log((1 - design.beta) / design.alpha) / log_odds_ratio,
            .lower_intercept = std::log(design.beta / (1 - design.alpha)) / log_odds_ratio};
}

}  // namespace cellvigil
