#include "rules/stats/wilson.h"

#include <cmath>

#include "rules/base/ensure.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {

std::optional<Interval> wilson(std::int64_t events, std::int64_t subjects, Confidence confidence) {
    ensure(events >= 0 && events <= subjects, "a subject has the event or not");
    if (subjects == 0) return std::nullopt;
    const double z = special::normal_upper_quantile((1 - confidence.level) / 2);
    const auto n = static_cast<double>(subjects);
    const double p = static_cast<double>(events) / n;
    const double centre = p + z * z / (2 * n);
    const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    const double scale = 1 + z * z / n;
    return Interval{.lower = events == 0 ? 0.0 : (centre - half) / scale,
                    .upper = events == subjects ? 1.0 : (centre + half) / scale};
}

std::optional<Interval> wilson_95(std::int64_t events, std::int64_t subjects) {
    return wilson(events, subjects, Confidence{0.95});
}

}  // namespace cellvigil
