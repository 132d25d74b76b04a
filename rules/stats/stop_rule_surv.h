// Stopping rules for a toxicity whose time is observed: patients contribute follow-up, each at most `window`, and the
// events so far are compared with the follow-up so far (Martens, Lian, Geller, Leifer and Logan 2024; R's
// stoppingrule). The recursion of event_limits.h with mu = follow-up x -log(1 - p0) / window and T = n p0. Pure.
//
// mu_n, c the calibrated constant
//   pocock          ((-c + sqrt(c^2 + 4 n)) / 2)^2: do not use, it spends alpha on the first event
//   obrien_fleming  n - c sqrt(T)
//   wang_tsiatis    the root of mu + c T^(1/2 - D) mu^D = n
//   sprt            (n log r - c) / (r - 1), r = log(1 - p1) / log(1 - p0)
//   maxsprt         -n W0(-exp(-1 - c / n))
//   gamma_poisson   G(1 - c; shape + n) - rate (-log(1 - p0) / window), prior Gamma(shape, rate in follow-up)
#pragma once

#include <cstdint>
#include <optional>

#include "rules/stats/evalue.h"
#include "rules/stats/event_limits.h"

namespace cellvigil {

enum class FollowUpFamily : std::uint8_t { pocock, obrien_fleming, wang_tsiatis, sprt, maxsprt, gamma_poisson };

struct FollowUpRule {
    FollowUpFamily family = FollowUpFamily::gamma_poisson;
    std::int32_t patients = 0;  // n >= 1
    double p0 = 0;              // the limit: events within `window`, between 0 and 1
    double window = 0;          // tau, in any unit of time, above 0
    double alpha = 0.05;
    double p1 = 0;        // sprt: above p0, below 1
    double delta = 0.25;  // wang_tsiatis: D, 0 to 1
    GammaPrior prior;     // gamma_poisson
};

struct CalibratedFollowUpRule {
    double constant = 0;  // c
    double expected = 0;  // T
    EventLimits limits;   // in units of mu, up to T
    double alpha_actual = 0;
};
// nullopt: cannot signal, even the most eager rule of the family alarms more rarely than alpha.
std::optional<CalibratedFollowUpRule> calibrate(const FollowUpRule& rule);

// In follow-up, not cut off at the end; 0 or less: the event cannot alarm.
double follow_up_limit(const FollowUpRule& rule, double constant, std::int64_t event);

}  // namespace cellvigil
