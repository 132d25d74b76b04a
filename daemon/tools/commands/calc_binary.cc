// Proportions: intervals, posterior and predictive probabilities, e-values, cumulative sums.
#include <array>
#include <cmath>

#include "daemon/tools/commands/calc_functions.h"
#include "rules/stats/beta_posterior.h"
#include "rules/stats/binomial_interval.h"
#include "rules/stats/cusum.h"
#include "rules/stats/cusum_run_length.h"
#include "rules/stats/evalue.h"
#include "rules/stats/half_up.h"
#include "rules/stats/special_functions.h"
#include "rules/stats/sprt.h"
#include "rules/stats/wilson.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

Proportion proportion(CalcArguments& in) {
    const Proportion seen{.events = in.integer("x", kCount), .subjects = in.integer("n", kCount)};
    in.require(seen.events <= seen.subjects, "x", "must be at most n");
    return seen;
}

BetaPrior prior(CalcArguments& in) { return {.a = in.number("a", kPositive), .b = in.number("b", kPositive)}; }

using BinomialInterval = std::optional<Interval> (*)(std::int64_t, std::int64_t, Confidence);

template <BinomialInterval kInterval>
CalcResult binomial_interval(CalcArguments& in) {
    const Proportion seen = proportion(in);
    const Confidence confidence{in.number("conf", kInside)};
    if (in.fault()) return fail(*in.fault());
    return json_of(kInterval(seen.events, seen.subjects, confidence));
}

CalcResult binom_upper_tail(CalcArguments& in) {
    const auto x = static_cast<double>(in.integer("x", kCount));
    const auto n = static_cast<double>(in.integer("n", kCount));
    const double p = in.number("p", kProbability);
    if (in.fault()) return fail(*in.fault());
    return special::binomial_upper(x, n, p);
}

CalcResult beta_post_gt(CalcArguments& in) {
    const BetaPrior before = prior(in);
    const Proportion seen = proportion(in);
    const double p0 = in.number("p0", kProbability);
    if (in.fault()) return fail(*in.fault());
    return posterior_above(before, seen, p0);
}

CalcResult beta_post_quantile(CalcArguments& in) {
    const BetaPrior before = prior(in);
    const Proportion seen = proportion(in);
    const double q = in.number("q", kInside);
    if (in.fault()) return fail(*in.fault());
    return posterior_quantile(before, seen, q);
}

CalcResult betabinom_pred_ge(CalcArguments& in) {
    const BetaPrior before = prior(in);
    const Proportion seen = proportion(in);
    const Proportion next{.events = in.integer("k", {-1e9, 1e9}), .subjects = in.integer("m", {0, 1'000'000})};
    if (in.fault()) return fail(*in.fault());
    return predictive_at_least(before, seen, next);
}

CalcResult log_evalue_binom(CalcArguments& in) {
    const BetaPrior before = prior(in);
    const Proportion seen = proportion(in);
    const double p0 = in.number("p0", kInside);
    if (in.fault()) return fail(*in.fault());
    return log_evalue_binomial(before, seen, p0);
}

CalcResult evalue_binom(CalcArguments& in) {
    CalcResult log = log_evalue_binom(in);
    if (!log) return log;
    return std::exp(log->get_double());
}

CalcResult sprt_wald_lines(CalcArguments& in) {
    const SprtDesign design{.p0 = in.number("p0", kInside),
                            .p1 = in.number("p1", kInside),
                            .alpha = in.number("alpha", kInside),
                            .beta = in.number("beta", kInside)};
    in.require(design.p1 > design.p0, "p1", "must be above p0");
    in.require(design.alpha + design.beta < 1, "beta", "and alpha together must be below 1");
    if (in.fault()) return fail(*in.fault());
    const SprtLines lines = wald_lines(design);
    return json::object{
        {"slope", lines.slope}, {"upper_intercept", lines.upper_intercept}, {"lower_intercept", lines.lower_intercept}};
}

CalcResult cusum_bernoulli_path(CalcArguments& in) {
    const std::vector<bool> x = in.flags("x");
    const double p0 = in.number("p0", kInside);
    const double p1 = in.number("p1", kInside);
    if (in.fault()) return fail(*in.fault());
    return json_list(cusum_bernoulli(x, p0, p1));
}

CalcResult cusum_bernoulli_arl(CalcArguments& in) {
    const IntegerCusum chart{.step = static_cast<std::int32_t>(in.integer("m", {2, 100'000})),
                             .limit = static_cast<std::int32_t>(in.integer("H", {1, 1'000'000}))};
    const double p = in.number("p", kProbability);
    in.require(p > 0, "p", "must be above 0: the chart never alarms");
    in.require(std::int64_t{chart.step} * chart.limit <= IntegerCusum::kMostCells, "H", "times m is too large");
    if (in.fault()) return fail(*in.fault());
    return average_run_length(chart, p);
}

CalcResult cusum_bernoulli_alarm_prob(CalcArguments& in) {
    const BernoulliCusum chart{
        .p0 = in.number("p0", kInside), .p1 = in.number("p1", kInside), .h = in.number("h", {0, 1000, true})};
    const auto n = static_cast<std::int32_t>(in.integer("n", {0, 2000}));
    const double p = in.number("p", kProbability);
    in.require(chart.p1 > chart.p0, "p1", "must be above p0");
    if (in.fault()) return fail(*in.fault());
    return alarm_probability(chart, n, p);
}

CalcResult cusum_risk_adjusted_path(CalcArguments& in) {
    const std::vector<bool> y = in.flags("y");
    const std::vector<double> p = in.numbers("p", kProbability);
    const double null_ratio = in.number("R0", kPositive);
    const double ratio = in.number("R1", kPositive);
    in.require(y.size() == p.size(), "p", "must be as long as y");
    if (in.fault()) return fail(*in.fault());
    std::vector<PredictedOutcome> outcomes;
    for (std::size_t i = 0; i < y.size(); ++i) outcomes.push_back({.probability = p[i], .event = y[i]});
    return json_list(cusum_risk_adjusted(outcomes, null_ratio, ratio));
}

CalcResult percent_half_up(CalcArguments& in) {
    const Proportion seen = proportion(in);
    const auto decimals = static_cast<int>(in.optional_integer("decimals", {0, 9}).value_or(1));
    if (in.fault()) return fail(*in.fault());
    const auto text = percent(seen.events, seen.subjects, decimals);
    return text ? json::value(*text) : json::value(nullptr);
}

CalcResult candidate_denominators(CalcArguments& in) {
    const auto percentages = in.integers("percentages", {0, 100});
    const std::int64_t most = in.integer("most", {0, 100'000});
    if (in.fault()) return fail(*in.fault());
    return json_list(denominators_of(percentages, most));
}

constexpr auto kFunctions = std::to_array<CalcFunction>({
    {"binom_wilson_ci", "x n conf", binomial_interval<wilson>},
    {"binom_clopper_pearson_ci", "x n conf", binomial_interval<clopper_pearson>},
    {"binom_jeffreys_ci", "x n conf", binomial_interval<jeffreys>},
    {"binom_upper_tail", "x n p", binom_upper_tail},
    {"beta_post_gt", "a b x n p0", beta_post_gt},
    {"beta_post_quantile", "a b x n q", beta_post_quantile},
    {"betabinom_pred_ge", "a b x n m k", betabinom_pred_ge},
    {"evalue_binom", "x n p0 a b", evalue_binom},
    {"log_evalue_binom", "x n p0 a b", log_evalue_binom},
    {"sprt_wald_lines", "p0 p1 alpha beta", sprt_wald_lines},
    {"cusum_bernoulli_path", "x p0 p1", cusum_bernoulli_path},
    {"cusum_bernoulli_arl", "m H p", cusum_bernoulli_arl},
    {"cusum_bernoulli_alarm_prob", "p0 p1 h n p", cusum_bernoulli_alarm_prob},
    {"cusum_risk_adjusted_path", "y p R0 R1", cusum_risk_adjusted_path},
    {"percent_half_up", "x n decimals?", percent_half_up},
    {"candidate_denominators", "percentages most", candidate_denominators},
});

}  // namespace

std::span<const CalcFunction> binary_functions() { return kFunctions; }

}  // namespace cellvigil::tools
