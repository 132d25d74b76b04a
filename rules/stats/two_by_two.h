// Disproportionality of one product and one event against all others, from a two-by-two table of reports: PRR, ROR, chi
// squared, Evans' criteria. Reports are the unit: count a (report, product, event) once. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "rules/stats/interval.h"

namespace cellvigil {

struct TwoByTwo {
    std::int64_t a = 0;  // this product, this event
    std::int64_t b = 0;  // this product, other events
    std::int64_t c = 0;  // other products, this event
    std::int64_t d = 0;  // other products, other events
};

struct RatioEstimate {
    std::optional<double> ratio;       // nullopt: undefined, a denominator is 0
    std::optional<Interval> interval;  // nullopt: the ratio is undefined or 0
};

// Proportional reporting ratio (a / (a + b)) / (c / (c + d)); undefined at c = 0 (it may be infinite) and without
// reports of the product. Interval: exp(log PRR +- z sqrt(1/a - 1/(a+b) + 1/c - 1/(c+d))).
RatioEstimate proportional_reporting_ratio(const TwoByTwo& table, Confidence confidence);

// Reporting odds ratio ad / (bc); undefined at b = 0 or c = 0. Interval: exp(log ROR +- z sqrt(1/a + 1/b + 1/c + 1/d)).
RatioEstimate reporting_odds_ratio(const TwoByTwo& table, Confidence confidence);

struct ChiSquared {
    std::optional<double> yates;    // nullopt: a margin is 0
    std::optional<double> pearson;  // the same
    // Evans et al. 2001: a >= 3, PRR >= 2, chi squared by Yates >= 4; all limits count as reached. No other product
    // with the event (c = 0) passes as an infinite PRR.
    bool evans = false;
};
ChiSquared chi_squared(const TwoByTwo& table);

// What a is expected to be, reports times events over all, summed over strata (DuMouchel 1999). A stratum without
// reports adds nothing.
struct ReportStratum {
    std::int64_t product = 0;  // reports of the product
    std::int64_t event = 0;    // reports of the event
    std::int64_t all = 0;
};
double expected_reports(std::span<const ReportStratum> strata);

}  // namespace cellvigil
