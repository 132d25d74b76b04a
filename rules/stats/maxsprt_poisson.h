// Poisson MaxSPRT (Kulldorff 2011; a minimum number of events: Kulldorff and Silva 2015), for registries that ask for
// it by name. Never with fewest_events 1: it lets a single early event alarm and has 38 % power where the default
// Gamma-Poisson rule has 49 %. Use 3 or 4. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/stats/event_limits.h"

namespace cellvigil {

// (mu - c) + c log(c / mu) when c > mu, else 0. mu >= 0; nullopt: events, and none was possible (mu = 0).
std::optional<double> maxsprt_poisson_llr(std::int64_t events, double expected);

struct PoissonMaxsprt {
    Horizon horizon;
    std::int32_t fewest_events = 3;  // M >= 1
    double alpha = 0.05;
};

// The critical value of the log likelihood ratio with exact error alpha: a ratio of at least that value alarms. With a
// delayed first look (D > 0) the error falls in steps, at the ratios of whole numbers of events at D, and alpha may lie
// inside one: then it is the lowest value whose error is below alpha (the package Sequential calls it conservative);
// other values up to the next step give the same limits. nullopt: cannot signal, M events are rarer than alpha within
// the horizon.
std::optional<double> maxsprt_poisson_critical_value(const PoissonMaxsprt& design);

// mu_n = -n W0(-exp(-1 - cv / n)) for n = M, M + 1, ... up to T; 0 before M.
EventLimits maxsprt_poisson_limits(double critical_value, std::int32_t fewest_events, double expected);
// The same for one n >= 1, whatever M.
double maxsprt_poisson_limit(double critical_value, std::int64_t event);

}  // namespace cellvigil
