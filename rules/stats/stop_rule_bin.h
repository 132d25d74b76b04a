// Seven families of stopping boundaries for a yes/no toxicity, each calibrated so that its exact probability of a false
// alarm, when every patient is a look, is at most alpha. The default is the beta-binomial rule of Geller et al. 2003
// with prior mean p0 and prior size 10: on the frontier of power and delay at the sizes of a CAR-T cohort
// (docs/statistics/binary.md). A rule triggers a review, not a decision. Pure; milliseconds: callers keep the result.
//
// At each n the boundary is the smallest s, 1 to n, with (q0 = 1 - p0, N the planned number, c the calibrated constant)
//   pocock          P(X >= s; n, p0) <= c
//   obrien_fleming  s >= c sqrt(N p0 q0) + n p0
//   wang_tsiatis    s >= c (n/N)^(D - 1/2) sqrt(n p0 q0) + n p0
//   beta_binomial   P(p > p0 | s, n) >= c under Beta(a, b)                     (Geller 2003)
//   chen_chaloner   P(p > p0 | s, n) > c and P(p > p1 | s, n) > nu             (Chen and Chaloner 2006)
//   sprt            s log(p1 q0 / (q1 p0)) + n log(q1 / q0) >= c               (truncated; Goldman 1987)
//   maxsprt         s > n p0 and s log(s / (n p0)) + (n - s) log((n - s) / (n q0)) >= c
// and none where no s does it. Equality within 1e-12 counts as reached in obrien_fleming, wang_tsiatis, sprt and
// maxsprt. Equal to R's stoppingrule 0.5.2 (Martens and Logan 2024). The exact error is a step function of c: the
// boundary is determined, c is not. Compare boundaries.
//
// Traps. maxsprt at p0 = alpha spends everything on the first patient: begin with from_patient 3 or fewest_events 2.
// chen_chaloner is beta_binomial when nu is small, and only its second condition when nu is large: report alpha_actual.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/stats/beta_posterior.h"
#include "rules/stats/binary_boundary.h"

namespace cellvigil {

enum class BinaryFamily : std::uint8_t {
    pocock,
    obrien_fleming,
    wang_tsiatis,
    beta_binomial,
    chen_chaloner,
    sprt,
    maxsprt
};

struct BinaryRule {
    static constexpr std::int32_t kMostPatients = 2000;

    BinaryFamily family = BinaryFamily::beta_binomial;
    std::int32_t patients = 0;       // N, 1 to kMostPatients
    double p0 = 0;                   // the limit, between 0 and 1, both excluded
    double alpha = 0.05;             // between 0 and 1, both excluded
    BetaPrior prior;                 // beta_binomial, chen_chaloner
    double p1 = 0;                   // sprt, chen_chaloner: the rate to be found, between p0 and 1, both excluded
    double nu = 0;                   // chen_chaloner, 0 to 1
    double delta = 0.25;             // wang_tsiatis: D, 0 like obrien_fleming, 1/2 like pocock
    std::int32_t from_patient = 1;   // no alarm before this many patients
    std::int32_t fewest_events = 1;  // no alarm with fewer events
};

// Geller's rule with prior mean p0 and prior size 10.
BinaryRule default_binary_rule(std::int32_t patients, double p0, double alpha);

struct CalibratedBinaryRule {
    BinaryBoundary boundary;
    double constant = 0;      // c; one of many that give this boundary
    double alpha_actual = 0;  // exact, at most alpha
};
// The boundary that alarms most often with an exact error of at most alpha.
CalibratedBinaryRule calibrate(const BinaryRule& rule);

// The boundary of a given constant.
BinaryBoundary boundary_at(const BinaryRule& rule, double constant);

}  // namespace cellvigil
