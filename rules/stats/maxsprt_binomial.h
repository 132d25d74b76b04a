// Binomial MaxSPRT (Kulldorff 2011): each event falls to the exposed or to the comparator, for matched or
// self-controlled designs only. `ratio` z is comparator to exposed: under the null an event is the exposed's with
// probability 1 / (1 + z). Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/stats/binary_boundary.h"

namespace cellvigil {

// The log likelihood ratio of `cases` exposed events among `events`; 0 when the share is not above the null's. 0 at no
// event.
double maxsprt_binomial_llr(std::int64_t cases, std::int64_t events, double ratio);

struct BinomialMaxsprt {
    std::int32_t events = 0;        // planned, 1 to 2000
    std::int32_t fewest_cases = 1;  // no alarm with fewer exposed events
    double ratio = 1;               // z, above 0
    double alpha = 0.05;
};

struct CalibratedBinomialMaxsprt {
    BinaryBoundary boundary;  // exposed events among the first n
    double critical_value = 0;
    double alpha_actual = 0;
};
// The least conservative boundary with an exact error of at most alpha, after every event a look.
CalibratedBinomialMaxsprt calibrate(const BinomialMaxsprt& design);

}  // namespace cellvigil
