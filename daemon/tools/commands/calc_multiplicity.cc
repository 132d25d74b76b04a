// Many questions at once: adjusted p values, e-BH, online false discovery rates, hysteresis.
#include <array>

#include "daemon/tools/commands/calc_functions.h"
#include "rules/stats/hysteresis.h"
#include "rules/stats/multiplicity.h"
#include "rules/stats/online_fdr.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

using Adjust = std::vector<double> (*)(std::span<const double>);

template <Adjust kAdjust>
CalcResult adjusted(CalcArguments& in) {
    const std::vector<double> p = in.numbers("p", kProbability);
    if (in.fault()) return fail(*in.fault());
    return json_list(kAdjust(p));
}

CalcResult ebh(CalcArguments& in) {
    const std::vector<double> e = in.numbers("e", kNotNegative);
    const double alpha = in.number("alpha", kInside);
    if (in.fault()) return fail(*in.fault());
    json::array rejected;
    for (const bool one : e_benjamini_hochberg(e, alpha)) rejected.emplace_back(one);
    return rejected;
}

CalcResult decisions_json(const std::vector<OnlineDecision>& decisions) {
    json::array alpha;
    json::array reject;
    for (const OnlineDecision& decision : decisions) {
        alpha.emplace_back(decision.alpha);
        reject.emplace_back(decision.reject);
    }
    return json::object{{"alpha", alpha}, {"reject", reject}};
}

// Every decision looks back at the earlier ones.
constexpr std::size_t kMostQuestions = 20'000;

std::vector<double> questions(CalcArguments& in, std::string_view name, const Range& range) {
    std::vector<double> values = in.numbers(name, range);
    in.require(values.size() <= kMostQuestions, name, "is longer than 20000");
    return values;
}

CalcResult online_lordpp(CalcArguments& in) {
    const std::vector<double> p = questions(in, "p", kProbability);
    const double alpha = in.number("alpha", kInside);
    const double w0 = in.number("w0", kInside);
    in.require(w0 <= alpha, "w0", "must be at most alpha");
    if (in.fault()) return fail(*in.fault());
    return decisions_json(online_lord_plus_plus(p, alpha, w0));
}

CalcResult online_lond_of(CalcArguments& in) {
    const std::vector<double> p = questions(in, "p", kProbability);
    const double alpha = in.number("alpha", kInside);
    if (in.fault()) return fail(*in.fault());
    return decisions_json(online_lond(p, alpha));
}

CalcResult online_elond(CalcArguments& in) {
    const std::vector<double> e = questions(in, "e", kNotNegative);
    const double alpha = in.number("alpha", kInside);
    if (in.fault()) return fail(*in.fault());
    return decisions_json(online_e_lond(e, alpha));
}

CalcResult hysteresis(CalcArguments& in) {
    const std::vector<double> scores = in.numbers("score", kAny);
    const HysteresisRule rule{.raise = in.number("raise", kAny),
                              .clear = in.number("clear", kAny),
                              .in_a_row = static_cast<std::int32_t>(in.integer("k", {1, 1'000'000}))};
    in.require(rule.clear <= rule.raise, "clear", "must be at most raise");
    if (in.fault()) return fail(*in.fault());
    HysteresisState state;
    json::array path;
    for (const double score : scores) {
        state = after(rule, state, score);
        path.emplace_back(state.is_raised ? 1 : 0);
    }
    return path;
}

constexpr auto kFunctions = std::to_array<CalcFunction>({
    {"p_adjust_bh", "p", adjusted<adjust_benjamini_hochberg>},
    {"p_adjust_by", "p", adjusted<adjust_benjamini_yekutieli>},
    {"p_adjust_holm", "p", adjusted<adjust_holm>},
    {"ebh", "e alpha", ebh},
    {"online_lordpp", "p alpha w0", online_lordpp},
    {"online_lond", "p alpha", online_lond_of},
    {"online_elond", "e alpha", online_elond},
    {"hysteresis", "score raise clear k", hysteresis},
});

}  // namespace

std::span<const CalcFunction> multiplicity_functions() { return kFunctions; }

}  // namespace cellvigil::tools
