// The information component: how many doublings a count lies above its expectation, shrunk towards none (Noren,
// Hopstadius and Bate 2013; the UMC's pvda). A signal when the lower end is above 0 with 3 or more reports in two
// snapshots in a row. Pure.
#pragma once

#include "rules/stats/interval.h"

namespace cellvigil {

struct InformationComponent {
    double ic = 0;      // log2((observed + s) / (expected + s))
    Interval interval;  // log2 of the quantiles of Gamma(observed + s, rate expected + s)
};

// observed, expected >= 0; shrinkage s > 0, usually 1/2.
InformationComponent information_component(double observed, double expected, double shrinkage, Confidence confidence);

}  // namespace cellvigil
