// What is believed of a proportion or a rate when the counts of a reference are borrowed at a discount: a power prior
// of fixed weight w (Ibrahim and Chen, Stat Sci 2000;15:46; on choosing a discount Neuenschwander, Branson and
// Spiegelhalter, Stat Med 2009;28:3562). With x of n seen and x0 of n0 in the reference,
//   proportion:  Beta(a + w x0 + x, b + w (n0 - x0) + n - x)
//   rate:        Gamma(shape + w x0 + x, rate + w T0 + T), events in person-time T and T0 of one unit
// w = 0 borrows nothing, w = 1 pools. The initial prior is Jeffreys' unless stated: Beta(1/2, 1/2), Gamma(1/2, 0).
// For display only: borrowing makes false alarms likelier when the reference is lower than the truth, and hides a
// change when it is higher; no alarm rests on it. docs/statistics/borrowing.md. Pure; microseconds, comparing two
// proportions up to a millisecond.
#pragma once

#include "rules/base/result.h"
#include "rules/stats/beta_posterior.h"
#include "rules/stats/evalue.h"
#include "rules/stats/interval.h"
#include "rules/stats/poisson_rate.h"

namespace cellvigil {

// A reference subject counts as half a subject: the half-weight power prior on Jeffreys' of the surveillance rules.
inline constexpr double kBorrowingWeight = 0.5;
inline constexpr BetaPrior kJeffreysBeta{0.5, 0.5};
inline constexpr GammaPrior kJeffreysGamma{0.5, 0};

// `invalid`, naming what is wrong: a weight outside 0 to 1, events below 0 or above subjects, a negative person-time or
// one that is no number, a prior without positive parameters (a Gamma's rate may be 0), no person-time at all.
Result<BetaPrior> borrowed_beta(BetaPrior initial, Proportion seen, Proportion reference, double weight);
Result<GammaPrior> borrowed_gamma(GammaPrior initial, Rate seen, Rate reference, double weight);

struct Posterior {
    double mean = 0;
    Interval interval;  // equal tails
};
// Parameters above 0; rates per the unit of person-time.
Posterior summary_of(BetaPrior posterior, Confidence confidence);
Posterior summary_of(GammaPrior posterior, Confidence confidence);

// P(theta > limit). A limit of 1 (proportions) or above all is never exceeded.
double exceedance(BetaPrior posterior, double limit);   // 0 <= limit <= 1
double exceedance(GammaPrior posterior, double limit);  // limit >= 0

// P(first > second) of two independent posteriors: the reference is as uncertain as its own counts make it. Nothing may
// be borrowed between the two, or the reference is counted on both sides. Proportions: trapezoid rule over the log odds
// of the narrower one, absolute error below 1e-11, always the same points; parameters from kLeastShape to
// kGreatestShape. Rates: exact, by the Beta distribution of the share.
inline constexpr double kLeastShape = 0.1;
inline constexpr double kGreatestShape = 1e7;
double probability_greater(BetaPrior first, BetaPrior second);
double probability_greater(GammaPrior first, GammaPrior second);

}  // namespace cellvigil
