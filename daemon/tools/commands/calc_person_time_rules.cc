// Stopping rules on person-time: MaxSPRT, conditional MaxSPRT, the calibrated Gamma-Poisson rule, rules on follow-up.
#include <array>

#include "daemon/tools/commands/calc_functions.h"
#include "rules/stats/cmaxsprt.h"
#include "rules/stats/maxsprt_poisson.h"
#include "rules/stats/stop_rule_gamma_poisson.h"
#include "rules/stats/stop_rule_surv.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

// Expected events of a planned watch. Beyond it a calibration takes minutes, and nobody plans so many adverse events.
constexpr Range kExpected{0, 1000, true};
constexpr Range kFewestEvents{1, 1000};
constexpr Range kRatio{0, 1e6};

CalcResult maxsprt_poisson_llr_of(CalcArguments& in) {
    const std::int64_t c = in.integer("c", kCount);
    const double mu = in.number("mu", kNotNegative);
    if (in.fault()) return fail(*in.fault());
    return json_of(maxsprt_poisson_llr(c, mu));
}

CalcResult maxsprt_poisson_cv(CalcArguments& in) {
    PoissonMaxsprt design;
    design.horizon.expected = in.number("T", kExpected);
    design.horizon.first_look = in.optional_number("D", kNotNegative).value_or(0);
    design.fewest_events = static_cast<std::int32_t>(in.integer("M", kFewestEvents));
    design.alpha = in.number("alpha", kInside);
    in.require(design.horizon.first_look <= design.horizon.expected, "D", "must be at most T");
    if (in.fault()) return fail(*in.fault());
    return json_of(maxsprt_poisson_critical_value(design));
}

CalcResult maxsprt_poisson_boundary(CalcArguments& in) {
    const double cv = in.number("cv", {0, 1e6});
    const std::int64_t fewest = in.integer("M", kFewestEvents);
    const std::int64_t most = in.integer("nmax", {1, 100'000});
    if (in.fault()) return fail(*in.fault());
    json::array limits;
    for (std::int64_t n = fewest; n <= most; ++n) limits.emplace_back(maxsprt_poisson_limit(cv, n));
    return limits;
}

CalcResult maxsprt_poisson_perf(CalcArguments& in) {
    const double t = in.number("T", kExpected);
    const auto fewest = static_cast<std::int32_t>(in.integer("M", kFewestEvents));
    const double cv = in.number("cv", {0, 1e6});
    const double ratio = in.number("RR", kRatio);
    const double first_look = in.optional_number("D", kNotNegative).value_or(0);
    in.require(first_look <= t, "D", "must be at most T");
    if (in.fault()) return fail(*in.fault());
    const Horizon horizon{.expected = t, .first_look = first_look};
    const EventLimitBehaviour shown = behaviour(maxsprt_poisson_limits(cv, fewest, t), horizon, ratio);
    const double power = shown.alarm_probability;
    return json::object{{"power", power},
                        {"exp_signal_time", power > 0 ? json::value(shown.alarm_time / power) : json::value(nullptr)},
                        {"exp_sample_size", shown.alarm_time + (1 - power) * t}};
}

CalcResult cmaxsprt_llr_of(CalcArguments& in) {
    const std::int64_t k = in.integer("k", kCount);
    const std::int64_t c = in.integer("c", {1, 1e9});
    const double tau = in.number("tau", kNotNegative);
    if (in.fault()) return fail(*in.fault());
    return json_of(cmaxsprt_llr(k, c, tau));
}

CalcResult cmaxsprt_cv(CalcArguments& in) {
    ConditionalMaxsprt design;
    if (const auto most = in.optional_integer("K", {1, 500})) design.most_events = static_cast<std::int32_t>(*most);
    design.most_tau = in.optional_number("T", kPositive);
    design.history_events = in.integer("c", {1, 1e9});
    design.fewest_events = static_cast<std::int32_t>(in.integer("M", kFewestEvents));
    design.alpha = in.number("alpha", kInside);
    design.shape_offset = in.optional_number("shape_offset", {-0.999, 1000}).value_or(0.5);
    in.require(design.most_events || design.most_tau, "K", "is missing, and so is T: the watch must end");
    in.require(!design.most_tau || *design.most_tau * static_cast<double>(design.history_events) <= 200, "T",
               "expects more than 200 events");
    if (in.fault()) return fail(*in.fault());
    return json_of(cmaxsprt_critical_value(design));
}

GammaPoissonRule gamma_poisson_rule(CalcArguments& in) {
    return {.expected = in.number("T", kExpected),
            .shape = in.number("shape", {0, 1e6, true}),
            .alpha = in.number("alpha", kInside)};
}

CalcResult stop_rule_gamma_poisson(CalcArguments& in) {
    const GammaPoissonRule rule = gamma_poisson_rule(in);
    if (in.fault()) return fail(*in.fault());
    const CalibratedGammaPoissonRule result = calibrate(rule);
    json::array mu;
    for (std::int64_t n = 1; n <= 12; ++n) mu.emplace_back(gamma_poisson_limit(result.threshold, rule.shape, n));
    return json::object{{"threshold", result.threshold}, {"mu", mu}, {"alpha_actual", result.alpha_actual}};
}

CalcResult stop_rule_gamma_poisson_oc(CalcArguments& in) {
    const GammaPoissonRule rule = gamma_poisson_rule(in);
    const double ratio = in.number("RR", kRatio);
    if (in.fault()) return fail(*in.fault());
    return behaviour(calibrate(rule).limits, {.expected = rule.expected}, ratio).alarm_probability;
}

void read_parameters(CalcArguments& in, FollowUpRule& rule) {
    switch (rule.family) {
        case FollowUpFamily::pocock:
        case FollowUpFamily::obrien_fleming:
        case FollowUpFamily::maxsprt:
            return in.require(!in.has("param"), "param", "is not used by this type");
        case FollowUpFamily::wang_tsiatis:
            rule.delta = in.optional_number("param", {0, 1}).value_or(0.25);
            return;
        case FollowUpFamily::sprt:
            rule.p1 = in.number("param", kInside);
            return in.require(rule.p1 > rule.p0, "param", "must be a p1 above p0");
        case FollowUpFamily::gamma_poisson: {
            const std::vector<double> values = in.numbers("param", kPositive);
            in.require(values.size() == 2, "param", "must be a list of 2: shape, rate");
            if (values.size() == 2) rule.prior = {.shape = values[0], .rate = values[1]};
            return;
        }
    }
}

CalcResult stop_rule_surv(CalcArguments& in) {
    FollowUpRule rule;
    rule.family = in.choice<FollowUpFamily>("type", {{"Pocock", FollowUpFamily::pocock},
                                                     {"OBF", FollowUpFamily::obrien_fleming},
                                                     {"WT", FollowUpFamily::wang_tsiatis},
                                                     {"SPRT", FollowUpFamily::sprt},
                                                     {"MaxSPRT", FollowUpFamily::maxsprt},
                                                     {"GP", FollowUpFamily::gamma_poisson},
                                                     {"Bayesian", FollowUpFamily::gamma_poisson}});
    rule.patients = static_cast<std::int32_t>(in.integer("n", {1, 10'000}));
    rule.p0 = in.number("p0", kInside);
    rule.alpha = in.number("alpha", kInside);
    rule.window = in.number("tau", kPositive);
    read_parameters(in, rule);
    in.require(rule.patients * rule.p0 <= kExpected.most, "n", "times p0 must be at most 1000");
    if (in.fault()) return fail(*in.fault());
    const auto result = calibrate(rule);
    if (!result) return json::value(nullptr);
    json::array events;
    json::array follow_up;
    for (std::int64_t n = 1; events.size() < 8 && n <= 100'000; ++n) {
        const double limit = follow_up_limit(rule, result->constant, n);
        if (!(limit > 0)) continue;
        events.emplace_back(n);
        follow_up.emplace_back(limit);
    }
    return json::object{{"cval", result->constant},
                        {"events", events},
                        {"followup", follow_up},
                        {"alpha_actual", result->alpha_actual}};
}

constexpr auto kFunctions = std::to_array<CalcFunction>({
    {"maxsprt_poisson_llr", "c mu", maxsprt_poisson_llr_of},
    {"maxsprt_poisson_cv", "T M D? alpha", maxsprt_poisson_cv},
    {"maxsprt_poisson_boundary", "cv M nmax", maxsprt_poisson_boundary},
    {"maxsprt_poisson_perf", "T M D? cv RR", maxsprt_poisson_perf},
    {"cmaxsprt_llr", "k c tau", cmaxsprt_llr_of},
    {"cmaxsprt_cv", "K? T? c M alpha shape_offset?", cmaxsprt_cv},
    {"stop_rule_gamma_poisson", "T shape alpha", stop_rule_gamma_poisson},
    {"stop_rule_gamma_poisson_oc", "T shape alpha RR", stop_rule_gamma_poisson_oc},
    {"stop_rule_surv", "type n p0 alpha tau param?", stop_rule_surv},
});

}  // namespace

std::span<const CalcFunction> person_time_rule_functions() { return kFunctions; }

}  // namespace cellvigil::tools
