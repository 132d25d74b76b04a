#include "rules/stats/alpha_spend.h"

#include <algorithm>
#include <cmath>

#include "rules/base/ensure.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {

double alpha_spent(const Spending& spending, double t) {
    ensure(spending.alpha > 0 && spending.alpha < 1, "alpha lies between 0 and 1");
    const double alpha = spending.alpha;
    const double g = spending.parameter;
    if (t <= 0) return 0;
    if (t >= 1) return alpha;
    switch (spending.family) {
        case SpendingFamily::ld_obrien_fleming:
            return 2 * special::normal_upper(special::normal_upper_quantile(alpha / 2) / std::sqrt(t));
        case SpendingFamily::ld_pocock:
            return alpha * std::log1p(std::expm1(1.0) * t);
        case SpendingFamily::hwang_shih_decani:
            return g == 0 ? alpha * t : alpha * std::expm1(-g * t) / std::expm1(-g);
        case SpendingFamily::power:
            return alpha * std::pow(t, g);
    }
    return 0;
}

SpendingBoundary spending_boundary(const Spending& spending, const std::vector<std::int32_t>& looks,
                                   std::int32_t patients, double p0) {
    ensure(patients >= 1, "somebody is planned");
    ensure(p0 >= 0 && p0 <= 1, "a probability lies between 0 and 1");
    SpendingBoundary result;
    std::vector<double> mass{1.0};  // by events so far, of paths without an alarm
    double spent = 0;
    std::int32_t seen = 0;
    for (const std::int32_t look : looks) {
        ensure(look > seen, "looks come one after another");
        for (; seen < look; ++seen) {
            mass.push_back(0);
            for (std::size_t s = mass.size() - 1; s > 0; --s) mass[s] = mass[s] * (1 - p0) + mass[s - 1] * p0;
            mass[0] *= 1 - p0;
        }
        const double available = alpha_spent(spending, static_cast<double>(look) / patients) - spent;
        std::size_t from = mass.size();
        double tail = 0;
        while (from > 1 && tail + mass[from - 1] <= available) tail += mass[--from];
        // Counts that cannot be, so early, are no boundary.
        result.boundary.push_back(from == mass.size() ? 0 : static_cast<std::int32_t>(from));
        mass.resize(from);
        spent += tail;
        result.alpha_spent.push_back(spent);
    }
    return result;
}

}  // namespace cellvigil
