// Rates per person-time: intervals, comparisons, posterior and predictive probabilities, e-values, cumulative sums.
#include <array>
#include <cmath>

#include "daemon/tools/commands/calc_functions.h"
#include "rules/stats/cusum.h"
#include "rules/stats/evalue.h"
#include "rules/stats/poisson_rate.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

Confidence confidence(CalcArguments& in) { return {in.number("conf", kInside)}; }

CalcResult poisson_garwood_ci(CalcArguments& in) {
    const Rate rate{.events = in.integer("x", kCount), .person_time = in.number("pt", kNotNegative)};
    const double per = in.number("per", kPositive);
    const Confidence level = confidence(in);
    if (in.fault()) return fail(*in.fault());
    if (rate.person_time == 0) return json::array{nullptr, nullptr};
    const Interval interval = garwood(rate.events, level);
    const double scale = per / rate.person_time;
    return json_of(Interval{.lower = interval.lower * scale, .upper = interval.upper * scale});
}

CalcResult oe_ratio_ci(CalcArguments& in) {
    const std::int64_t observed = in.integer("o", kCount);
    const double expected = in.number("e", kNotNegative);
    const Confidence level = confidence(in);
    if (in.fault()) return fail(*in.fault());
    if (expected == 0) return json::array{nullptr, nullptr, nullptr};
    const Interval interval = garwood(observed, level);
    return json::array{static_cast<double>(observed) / expected, interval.lower / expected, interval.upper / expected};
}

CalcResult poisson_upper_tail(CalcArguments& in) {
    const std::int64_t x = in.integer("x", kCount);
    const double mu = in.number("mu", kNotNegative);
    if (in.fault()) return fail(*in.fault());
    return poisson_at_least(x, mu);
}

CalcResult gamma_post_gt(CalcArguments& in) {
    const GammaPrior prior{.shape = in.number("shape", kPositive), .rate = in.number("rate", kNotNegative)};
    const Rate seen{.events = in.integer("x", kCount), .person_time = in.number("pt", kNotNegative)};
    const double limit = in.number("r0", kNotNegative);
    in.require(prior.rate + seen.person_time > 0, "rate", "and pt must not both be 0");
    if (in.fault()) return fail(*in.fault());
    return rate_posterior_above(prior, seen, limit);
}

CalcResult poisson_pred_ge(CalcArguments& in) {
    const double shape = in.number("prior_shape", kNotNegative);
    const Rate history{.events = in.integer("hist_events", kCount), .person_time = in.number("hist_pt", kPositive)};
    const Rate seen{.events = in.integer("x", kCount), .person_time = in.number("pt", kNotNegative)};
    in.require(shape + static_cast<double>(history.events) > 0, "prior_shape", "must be above 0 without events");
    if (in.fault()) return fail(*in.fault());
    return rate_predictive_at_least(shape, history, seen);
}

CalcResult rate_ratio_exact(CalcArguments& in) {
    const Rate first{.events = in.integer("x1", kCount), .person_time = in.number("pt1", kPositive)};
    const Rate second{.events = in.integer("x2", kCount), .person_time = in.number("pt2", kPositive)};
    const Confidence level = confidence(in);
    if (in.fault()) return fail(*in.fault());
    const RateRatio result = rate_ratio(first, second, level);
    return json::object{{"rr", json_of(result.ratio)},
                        {"lo", result.lower},
                        {"hi", json_of(result.upper)},
                        {"p_greater", result.p_greater}};
}

CalcResult log_evalue_poisson_of(CalcArguments& in) {
    const std::int64_t x = in.integer("x", kCount);
    const double mu = in.number("mu", kNotNegative);
    const GammaPrior prior{.shape = in.number("a", kPositive), .rate = in.number("b", kPositive)};
    if (in.fault()) return fail(*in.fault());
    return log_evalue_poisson(prior, x, mu);
}

CalcResult evalue_poisson(CalcArguments& in) {
    CalcResult log = log_evalue_poisson_of(in);
    if (!log) return log;
    return std::exp(log->get_double());
}

CalcResult cusum_poisson_path(CalcArguments& in) {
    const std::vector<double> mu = in.numbers("mu", kNotNegative);
    const std::vector<std::int64_t> event = in.integers("event", kCount);
    const double rho = in.number("rho", kPositive);
    in.require(mu.size() == event.size(), "event", "must be as long as mu");
    std::vector<ExpectedPoint> points;
    for (std::size_t i = 0; i < mu.size() && !in.fault(); ++i) {
        in.require(i == 0 || mu[i] >= mu[i - 1], "mu", "must not fall");
        points.push_back({.expected = mu[i], .events = event[i]});
    }
    if (in.fault()) return fail(*in.fault());
    return json_list(cusum_poisson(points, rho));
}

constexpr auto kFunctions = std::to_array<CalcFunction>({
    {"poisson_garwood_ci", "x pt per conf", poisson_garwood_ci},
    {"oe_ratio_ci", "o e conf", oe_ratio_ci},
    {"poisson_upper_tail", "x mu", poisson_upper_tail},
    {"gamma_post_gt", "shape rate x pt r0", gamma_post_gt},
    {"poisson_pred_ge", "prior_shape hist_events hist_pt x pt", poisson_pred_ge},
    {"rate_ratio_exact", "x1 pt1 x2 pt2 conf", rate_ratio_exact},
    {"evalue_poisson", "x mu a b", evalue_poisson},
    {"log_evalue_poisson", "x mu a b", log_evalue_poisson_of},
    {"cusum_poisson_path", "mu event rho", cusum_poisson_path},
});

}  // namespace

std::span<const CalcFunction> person_time_functions() { return kFunctions; }

}  // namespace cellvigil::tools
