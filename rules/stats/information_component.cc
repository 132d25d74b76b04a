#include "rules/stats/information_component.h"

#include <cmath>

#include "rules/base/ensure.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {

InformationComponent information_component(double observed, double expected, double shrinkage, Confidence confidence) {
    ensure(observed >= 0 && expected >= 0 && shrinkage > 0, "counts are not negative, and shrunk");
    const double shape = observed + shrinkage;
    const double rate = expected + shrinkage;
    const double tail = (1 - confidence.level) / 2;
    return {.ic = std::log2(shape / rate),
            .interval = {.lower = std::log2(special::gamma_lower_quantile(shape, tail) / rate),
                         .upper = std::log2(special::gamma_upper_quantile(shape, tail) / rate)}};
}

}  // namespace cellvigil
