// Stopping rules for yes/no events: calibrated boundaries, how they behave, and their use on pending patients.
#include <array>

#include "daemon/tools/commands/calc_functions.h"
#include "rules/stats/alpha_spend.h"
#include "rules/stats/maxsprt_binomial.h"
#include "rules/stats/prefix_rule.h"
#include "rules/stats/stop_rule_bin.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

std::vector<double> rule_parameters(CalcArguments& in, std::size_t count, std::string_view what) {
    std::vector<double> values;
    if (in.has_list("param")) {
        values = in.numbers("param", kAny);
    } else if (in.has("param")) {
        values = {in.number("param", kAny)};
    }
    in.require(values.size() == count, "param", what);
    values.resize(count, 0.5);
    return values;
}

void read_parameters(CalcArguments& in, BinaryRule& rule) {
    const auto require_prior = [&] {
        in.require(rule.prior.a > 0 && rule.prior.b > 0, "param", "must hold a prior a, b above 0");
    };
    const auto require_p1 = [&] {
        in.require(rule.p1 > rule.p0 && rule.p1 < 1, "param", "must hold a p1 above p0 and below 1");
    };
    switch (rule.family) {
        case BinaryFamily::pocock:
        case BinaryFamily::obrien_fleming:
        case BinaryFamily::maxsprt:
            return rule_parameters(in, 0, "is not used by this type"), void();
        case BinaryFamily::wang_tsiatis:
            if (!in.has("param")) return;
            rule.delta = rule_parameters(in, 1, "must be one number, Delta")[0];
            in.require(rule.delta >= -1 && rule.delta <= 1, "param", "must lie between -1 and 1");
            return;
        case BinaryFamily::beta_binomial: {
            if (!in.has("param")) {
                rule.prior = default_binary_rule(rule.patients, rule.p0, rule.alpha).prior;
                return;
            }
            const auto values = rule_parameters(in, 2, "must be a list of 2: a, b");
            rule.prior = {.a = values[0], .b = values[1]};
            return require_prior();
        }
        case BinaryFamily::chen_chaloner: {
            const auto values = rule_parameters(in, 4, "must be a list of 4: a, b, p1, nu");
            rule.prior = {.a = values[0], .b = values[1]};
            rule.p1 = values[2];
            rule.nu = values[3];
            in.require(rule.nu >= 0 && rule.nu <= 1, "param", "must hold a nu between 0 and 1");
            require_p1();
            return require_prior();
        }
        case BinaryFamily::sprt:
            rule.p1 = rule_parameters(in, 1, "must be one number, p1")[0];
            return require_p1();
    }
}

BinaryRule binary_rule(CalcArguments& in) {
    BinaryRule rule;
    rule.family = in.choice<BinaryFamily>("type", {{"Pocock", BinaryFamily::pocock},
                                                   {"OBF", BinaryFamily::obrien_fleming},
                                                   {"WT", BinaryFamily::wang_tsiatis},
                                                   {"BB", BinaryFamily::beta_binomial},
                                                   {"CC", BinaryFamily::chen_chaloner},
                                                   {"SPRT", BinaryFamily::sprt},
                                                   {"MaxSPRT", BinaryFamily::maxsprt}});
    rule.patients = static_cast<std::int32_t>(in.integer("n", {1, BinaryRule::kMostPatients}));
    rule.p0 = in.number("p0", kInside);
    rule.alpha = in.number("alpha", kInside);
    rule.from_patient = static_cast<std::int32_t>(in.optional_integer("from_patient", {1, 2000}).value_or(1));
    rule.fewest_events = static_cast<std::int32_t>(in.optional_integer("fewest_events", {1, 2000}).value_or(1));
    read_parameters(in, rule);
    return rule;
}

CalcResult stop_rule_bin(CalcArguments& in) {
    const BinaryRule rule = binary_rule(in);
    if (in.fault()) return fail(*in.fault());
    const CalibratedBinaryRule calibrated = calibrate(rule);
    return json::object{{"boundary", json_list(calibrated.boundary.at)},
                        {"alpha_actual", calibrated.alpha_actual},
                        {"constant", calibrated.constant}};
}

CalcResult stop_rule_bin_oc(CalcArguments& in) {
    const BinaryRule rule = binary_rule(in);
    const double p = in.number("p", kProbability);
    if (in.fault()) return fail(*in.fault());
    const BinaryBehaviour shown = behaviour(calibrate(rule).boundary, p);
    return json::object{{"reject_prob", shown.reject_probability},
                        {"exp_events", shown.expected_events},
                        {"exp_n", shown.expected_patients},
                        {"exp_n_given_stop", json_of(shown.expected_patients_given_alarm)}};
}

CalcResult prefix(CalcArguments& in) {
    std::vector<InfusionDayCount> table;
    for (const auto& row : in.table("infusion_table", {-1e6, 1e6}, 3)) {
        if (in.fault()) break;
        in.require(row[1] >= 0 && row[2] >= 0, "infusion_table", "must not hold a negative count");
        in.require(row[2] <= row[1], "infusion_table", "must not hold more events than patients");
        table.push_back({.day = static_cast<std::int32_t>(row[0]), .patients = row[1], .known_events = row[2]});
    }
    BinaryBoundary boundary;
    for (const std::int64_t at : in.integers("boundary", {0, 1e6}))
        boundary.at.push_back(static_cast<std::int32_t>(at));
    if (in.fault()) return fail(*in.fault());
    const auto alarm = prefix_rule(std::move(table), boundary);
    return json::object{{"alarm", alarm.has_value()},
                        {"n", alarm ? json::value(alarm->patients) : json::value(nullptr)},
                        {"x", alarm ? json::value(alarm->events) : json::value(nullptr)}};
}

Spending spending(CalcArguments& in, std::string_view type) {
    Spending spending;
    spending.family = in.choice<SpendingFamily>(type, {{"LDOF", SpendingFamily::ld_obrien_fleming},
                                                       {"LDPocock", SpendingFamily::ld_pocock},
                                                       {"HSD", SpendingFamily::hwang_shih_decani},
                                                       {"Power", SpendingFamily::power}});
    spending.alpha = in.number("alpha", kInside);
    const bool has_parameter =
        spending.family == SpendingFamily::hwang_shih_decani || spending.family == SpendingFamily::power;
    in.require(!has_parameter || in.has("param"), "param", "is missing: this type needs it");
    const bool is_power = spending.family == SpendingFamily::power;
    spending.parameter = in.optional_number("param", is_power ? Range{0, 100, true} : Range{-100, 100}).value_or(1);
    return spending;
}

CalcResult alpha_spend(CalcArguments& in) {
    const Spending chosen = spending(in, "type");
    const double t = in.number("t", kNotNegative);
    if (in.fault()) return fail(*in.fault());
    return alpha_spent(chosen, t);
}

CalcResult alpha_spend_binom_boundary(CalcArguments& in) {
    const Spending chosen = spending(in, "spend");
    const auto nmax = static_cast<std::int32_t>(in.integer("nmax", {1, 10'000}));
    const double p0 = in.number("p0", kProbability);
    std::vector<std::int32_t> looks;
    for (const std::int64_t look : in.integers("looks", {1, 10'000})) {
        in.require(looks.empty() || look > looks.back(), "looks", "must ascend");
        looks.push_back(static_cast<std::int32_t>(look));
    }
    in.require(looks.empty() || looks.back() <= nmax, "looks", "must be at most nmax");
    if (in.fault()) return fail(*in.fault());
    const SpendingBoundary result = spending_boundary(chosen, looks, nmax, p0);
    return json::object{{"boundary", json_list(result.boundary)}, {"alpha_cum", json_list(result.alpha_spent)}};
}

CalcResult maxsprt_binomial_llr_of(CalcArguments& in) {
    const std::int64_t cases = in.integer("cases", kCount);
    const std::int64_t n = in.integer("n", kCount);
    const double z = in.number("z", kPositive);
    in.require(cases <= n, "cases", "must be at most n");
    if (in.fault()) return fail(*in.fault());
    return maxsprt_binomial_llr(cases, n, z);
}

CalcResult maxsprt_binomial_boundary(CalcArguments& in) {
    const BinomialMaxsprt design{.events = static_cast<std::int32_t>(in.integer("N", {1, 2000})),
                                 .fewest_cases = static_cast<std::int32_t>(in.integer("M", {1, 2000})),
                                 .ratio = in.number("z", kPositive),
                                 .alpha = in.number("alpha", kInside)};
    if (in.fault()) return fail(*in.fault());
    const CalibratedBinomialMaxsprt result = calibrate(design);
    return json::object{{"boundary", json_list(result.boundary.at)},
                        {"alpha_actual", result.alpha_actual},
                        {"critical_value", result.critical_value}};
}

constexpr auto kFunctions = std::to_array<CalcFunction>({
    {"stop_rule_bin", "type n p0 alpha param? from_patient? fewest_events?", stop_rule_bin},
    {"stop_rule_bin_oc", "type n p0 alpha param? from_patient? fewest_events? p", stop_rule_bin_oc},
    {"prefix_rule", "infusion_table boundary", prefix},
    {"alpha_spend", "type t alpha param?", alpha_spend},
    {"alpha_spend_binom_boundary", "looks nmax p0 alpha spend param?", alpha_spend_binom_boundary},
    {"maxsprt_binomial_llr", "cases n z", maxsprt_binomial_llr_of},
    {"maxsprt_binomial_boundary", "N alpha M z", maxsprt_binomial_boundary},
});

}  // namespace

std::span<const CalcFunction> binary_rule_functions() { return kFunctions; }

}  // namespace cellvigil::tools
