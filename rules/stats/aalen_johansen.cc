#include "rules/stats/aalen_johansen.h"

#include <cmath>

#include "rules/base/ensure.h"
#include "rules/stats/log_log_interval.h"

namespace cellvigil {
namespace {

struct Step {
    std::int32_t day;
    double n;
    double d;       // events of all causes
    double d_k;     // of the cause
    double before;  // survival before the day
    double incidence;
};

std::vector<Step> steps_of(const RiskTable& table, std::size_t cause) {
    std::vector<Step> steps;
    double survival = 1;
    double incidence = 0;
    for (std::size_t i = 0; i < table.days().size(); ++i) {
        const RiskDay& day = table.days()[i];
        if (day.events == 0) continue;
        const auto n = static_cast<double>(day.at_risk);
        const auto d = static_cast<double>(day.events);
        const auto d_k = static_cast<double>(table.events(i, cause));
        incidence += survival * d_k / n;
        steps.push_back({day.day, n, d, d_k, survival, incidence});
        survival *= (n - d) / n;
    }
    return steps;
}

}  // namespace

std::vector<IncidencePoint> aalen_johansen(const RiskTable& table, std::size_t cause,
                                           const std::vector<std::int32_t>& days, Confidence confidence) {
    ensure(cause < table.causes(), "the table has this cause");
    const std::vector<Step> steps = steps_of(table, cause);
    std::vector<IncidencePoint> points;
    points.reserve(days.size());
    for (const std::int32_t day : days) {
        std::size_t count = 0;
        while (count < steps.size() && steps[count].day <= day) ++count;
        IncidencePoint point{.day = day};
        if (count > 0) point.incidence = steps[count - 1].incidence;
        double variance = 0;
        double added = 0;  // without what is taken away
        for (std::size_t i = 0; i < count; ++i) {
            const Step& step = steps[i];
            const double ahead = point.incidence - step.incidence;
            if (step.n > step.d) added += ahead * ahead * step.d / (step.n * (step.n - step.d));
            added += step.before * step.before * step.d_k * (step.n - step.d_k) / (step.n * step.n * step.n);
            variance -= 2 * ahead * step.before * step.d_k / (step.n * step.n);
        }
        variance += added;
        // Where everybody has had an event all of it is taken away, but for the last digits.
        constexpr double kDust = 1e-14;
        point.se = variance > kDust * added ? std::sqrt(variance) : 0;
        point.interval = log_log_interval(point.incidence, point.se, confidence);
        points.push_back(point);
    }
    return points;
}

}  // namespace cellvigil
