#include "rules/stats/binary_boundary.h"

#include <algorithm>

#include "rules/base/ensure.h"

namespace cellvigil {

BinaryBehaviour behaviour(const BinaryBoundary& boundary, double p) {
    ensure(p >= 0 && p <= 1, "a probability lies between 0 and 1");
    const double q = 1 - p;
    std::vector<double> mass{1.0};  // by events so far, of paths without an alarm
    BinaryBehaviour result;
    double stopped_patients = 0;
    double patients = 0;
    for (const std::int32_t limit : boundary.at) {
        patients += 1;
        mass.push_back(0);
        for (std::size_t s = mass.size() - 1; s > 0; --s) mass[s] = mass[s] * q + mass[s - 1] * p;
        mass[0] *= q;
        if (limit <= 0) continue;
        for (std::size_t s = static_cast<std::size_t>(limit); s < mass.size(); ++s) {
            result.reject_probability += mass[s];
            stopped_patients += mass[s] * patients;
            result.expected_events += mass[s] * static_cast<double>(s);
        }
        // What was rejected never comes back: later rows stay as short as the boundary.
        mass.resize(std::min(mass.size(), static_cast<std::size_t>(limit)));
    }
    double remaining = 0;
    for (std::size_t s = 0; s < mass.size(); ++s) {
        remaining += mass[s];
        result.expected_events += mass[s] * static_cast<double>(s);
    }
    result.expected_patients = stopped_patients + remaining * patients;
    if (result.reject_probability > 0)
        result.expected_patients_given_alarm = stopped_patients / result.reject_probability;
    return result;
}

double reject_probability(const BinaryBoundary& boundary, double p) {
    return behaviour(boundary, p).reject_probability;
}

}  // namespace cellvigil
