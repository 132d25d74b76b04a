#include "rules/stats/cusum_run_length.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "rules/base/ensure.h"

namespace cellvigil {

double average_run_length(const IntegerCusum& chart, double p) {
    ensure(chart.step >= 2 && chart.limit >= 1, "an event moves the chart up, and the limit is above 0");
    ensure(std::int64_t{chart.step} * chart.limit <= IntegerCusum::kMostCells,
           "the chart has a limited number of states");
    ensure(p > 0 && p <= 1, "an event is possible");
    const auto step = static_cast<std::size_t>(chart.step);
    const auto states = static_cast<std::size_t>(chart.limit);
    const double q = 1 - p;
    // Row i: u_i = time_i + sum over 0 < j < step of to_i[j] u_(i + j), the run length from i by those from above it.
    // The weights of a row sum to 1 (a chart that leaves i upwards lands somewhere; beyond the limit u is 0), so the
    // complement of staying at i is a sum too.
    std::vector<double> time(states, 0);
    std::vector<double> to(states * step, 0);
    for (std::size_t i = 0; i < states; ++i) {
        double* row = to.data() + i * step;
        row[step - 1] = p;
        double leave = p;
        double spent = 1;
        if (i > 0) {
            const double* below = row - step;
            spent += q * time[i - 1];
            for (std::size_t j = 2; j < step; ++j) {
                row[j - 1] += q * below[j];
                leave += q * below[j];
            }
        }
        time[i] = spent / leave;
        for (std::size_t j = 1; j < step; ++j) row[j] /= leave;
    }
    std::vector<double> length(states, 0);
    for (std::size_t i = states; i-- > 0;) {
        length[i] = time[i];
        for (std::size_t j = 1; j < step && i + j < states; ++j) length[i] += to[i * step + j] * length[i + j];
    }
    return length[0];
}

double alarm_probability(const BernoulliCusum& chart, std::int32_t patients, double p) {
    ensure(chart.p0 > 0 && chart.p0 < chart.p1 && chart.p1 < 1, "the rate to be found is above the limit");
    ensure(chart.h > 0 && p >= 0 && p <= 1, "the limit is above 0 and a probability between 0 and 1");
    constexpr double tie = 1e-12;
    const double with = std::log(chart.p1 / chart.p0);
    const double without = std::log1p(-chart.p1) - std::log1p(-chart.p0);
    // mass[age][events]: paths since C was last 0, by patients and events since then. A patient makes every path one
    // older, so one table is enough when the oldest move first.
    const auto most = static_cast<std::size_t>(patients);
    std::vector<std::vector<double>> mass(most + 1);
    mass[0] = {1.0};
    double alarmed = 0;
    for (std::size_t i = 0; i < most; ++i) {
        double back_at_zero = 0;
        for (std::size_t age = i + 1; age-- > 0;) {
            std::vector<double>& older = mass[age + 1];
            older.assign(mass[age].size() + 1, 0);
            for (std::size_t events = 0; events < mass[age].size(); ++events) {
                const double here = mass[age][events];
                if (here == 0) continue;
                const double others = static_cast<double>(age - events) * without;
                const double c = static_cast<double>(events) * with + others;
                if (c + with >= chart.h - tie) {
                    alarmed += here * p;
                } else {
                    older[events + 1] += here * p;
                }
                (c + without > 0 ? older[events] : back_at_zero) += here * (1 - p);
            }
            while (!older.empty() && older.back() == 0) older.pop_back();
        }
        mass[0] = {back_at_zero};
    }
    return alarmed;
}

}  // namespace cellvigil
