#include "rules/stats/binomial_interval.h"

#include "rules/base/ensure.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {

std::optional<Interval> clopper_pearson(std::int64_t events, std::int64_t subjects, Confidence confidence) {
    ensure(events >= 0 && events <= subjects, "a subject has the event or not");
    if (subjects == 0) return std::nullopt;
    const double tail = (1 - confidence.level) / 2;
    const auto x = static_cast<double>(events);
    const auto rest = static_cast<double>(subjects - events);
    return Interval{.lower = events == 0 ? 0.0 : special::beta_lower_quantile(x, rest + 1, tail),
                    .upper = events == subjects ? 1.0 : special::beta_upper_quantile(x + 1, rest, tail)};
}

std::optional<Interval> jeffreys(std::int64_t events, std::int64_t subjects, Confidence confidence) {
    ensure(events >= 0 && events <= subjects, "a subject has the event or not");
    if (subjects == 0) return std::nullopt;
    const double tail = (1 - confidence.level) / 2;
    const double a = static_cast<double>(events) + 0.5;
    const double b = static_cast<double>(subjects - events) + 0.5;
    return Interval{.lower = events == 0 ? 0.0 : special::beta_lower_quantile(a, b, tail),
                    .upper = events == subjects ? 1.0 : special::beta_upper_quantile(a, b, tail)};
}

}  // namespace cellvigil
