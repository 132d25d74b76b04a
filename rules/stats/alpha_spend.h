// Spending alpha over looks at fixed dates (a data safety monitoring board's): Lan and DeMets 1983, Hwang, Shih and
// DeCani 1990. One-sided. Pure.
#pragma once

#include <cstdint>
#include <vector>

namespace cellvigil {

enum class SpendingFamily : std::uint8_t {
    ld_obrien_fleming,  // 2 - 2 Phi(z_(alpha/2) / sqrt t)
    ld_pocock,          // alpha log(1 + (e - 1) t)
    hwang_shih_decani,  // alpha (1 - exp(-g t)) / (1 - exp(-g)); alpha t at g = 0
    power               // alpha t^g; g = 1 spends evenly
};

struct Spending {
    SpendingFamily family = SpendingFamily::power;
    double alpha = 0.05;   // between 0 and 1, both excluded
    double parameter = 1;  // g of hwang_shih_decani (any) and power (above 0)
};

// What may have been spent by information share t: 0 at t <= 0, alpha at t >= 1.
double alpha_spent(const Spending& spending, double t);

struct SpendingBoundary {
    std::vector<std::int32_t> boundary;  // per look: alarm with so many events or more; 0: this look cannot alarm
    std::vector<double> alpha_spent;     // exact, cumulative; what a look does not use carries over
};
// Looks after `looks` patients each (ascending, at least 1), information share n / patients: at each look the smallest
// number of events whose exact probability, without an earlier alarm, fits into what may have been spent.
SpendingBoundary spending_boundary(const Spending& spending, const std::vector<std::int32_t>& looks,
                                   std::int32_t patients, double p0);

}  // namespace cellvigil
