// Posteriors with a reference's counts borrowed at a discount, and comparisons with an uncertain reference.
#include <array>

#include "daemon/tools/commands/calc_functions.h"
#include "rules/stats/borrowed_posterior.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

constexpr Range kShape{kLeastShape, kGreatestShape};
// Together within kShape.
constexpr Range kSubjects{0, 1'000'000};
constexpr Range kPriorShape{kLeastShape, 1'000'000};

double weight(CalcArguments& in) { return in.optional_number("weight", kProbability).value_or(kBorrowingWeight); }
Confidence confidence(CalcArguments& in) { return {in.optional_number("conf", kInside).value_or(0.95)}; }

json::object posterior_json(const Posterior& posterior) {
    return {{"mean", posterior.mean}, {"lo", posterior.interval.lower}, {"hi", posterior.interval.upper}};
}

CalcResult beta_borrow(CalcArguments& in) {
    const Proportion seen{.events = in.integer("x", kSubjects), .subjects = in.integer("n", kSubjects)};
    const Proportion reference{.events = in.integer("x0", kSubjects), .subjects = in.integer("n0", kSubjects)};
    const double share = weight(in);
    const BetaPrior initial{.a = in.optional_number("a", kPriorShape).value_or(kJeffreysBeta.a),
                            .b = in.optional_number("b", kPriorShape).value_or(kJeffreysBeta.b)};
    const Confidence level = confidence(in);
    const auto limit = in.optional_number("p0", kProbability);
    in.require(seen.events <= seen.subjects, "x", "must be at most n");
    in.require(reference.events <= reference.subjects, "x0", "must be at most n0");
    if (in.fault()) return fail(*in.fault());
    const auto posterior = borrowed_beta(initial, seen, reference, share);
    if (!posterior) return fail(posterior.error());
    json::object result = posterior_json(summary_of(*posterior, level));
    result["a"] = posterior->a;
    result["b"] = posterior->b;
    result["above_limit"] = limit ? json::value(exceedance(*posterior, *limit)) : json::value(nullptr);
    result["above_reference"] = nullptr;
    result["exceeds_reference"] = nullptr;
    if (reference.subjects == 0) return result;
    result["above_reference"] =
        exceedance(*posterior, static_cast<double>(reference.events) / static_cast<double>(reference.subjects));
    const auto own = borrowed_beta(initial, seen, {}, 0);
    const auto other = borrowed_beta(initial, reference, {}, 0);
    if (!own || !other) return fail(own ? other.error() : own.error());
    result["exceeds_reference"] = probability_greater(*own, *other);
    return result;
}

CalcResult gamma_borrow(CalcArguments& in) {
    const Rate seen{.events = in.integer("x", kCount), .person_time = in.number("pt", kNotNegative)};
    const Rate reference{.events = in.integer("x0", kCount), .person_time = in.number("pt0", kNotNegative)};
    const double share = weight(in);
    const GammaPrior initial{.shape = in.optional_number("shape", kPositive).value_or(kJeffreysGamma.shape),
                             .rate = in.optional_number("rate", kNotNegative).value_or(kJeffreysGamma.rate)};
    const Confidence level = confidence(in);
    const auto limit = in.optional_number("r0", kNotNegative);
    if (in.fault()) return fail(*in.fault());
    const auto posterior = borrowed_gamma(initial, seen, reference, share);
    if (!posterior) return fail(posterior.error());
    json::object result = posterior_json(summary_of(*posterior, level));
    result["shape"] = posterior->shape;
    result["rate"] = posterior->rate;
    result["above_limit"] = limit ? json::value(exceedance(*posterior, *limit)) : json::value(nullptr);
    result["above_reference"] = nullptr;
    result["exceeds_reference"] = nullptr;
    if (reference.person_time == 0) return result;
    result["above_reference"] = exceedance(*posterior, static_cast<double>(reference.events) / reference.person_time);
    const auto own = borrowed_gamma(initial, seen, {}, 0);
    const auto other = borrowed_gamma(initial, reference, {}, 0);
    if (own && other) result["exceeds_reference"] = probability_greater(*own, *other);
    return result;
}

CalcResult beta_prob_greater(CalcArguments& in) {
    const BetaPrior first{.a = in.number("a1", kShape), .b = in.number("b1", kShape)};
    const BetaPrior second{.a = in.number("a2", kShape), .b = in.number("b2", kShape)};
    if (in.fault()) return fail(*in.fault());
    return probability_greater(first, second);
}

CalcResult gamma_prob_greater(CalcArguments& in) {
    const GammaPrior first{.shape = in.number("shape1", kPositive), .rate = in.number("rate1", kPositive)};
    const GammaPrior second{.shape = in.number("shape2", kPositive), .rate = in.number("rate2", kPositive)};
    if (in.fault()) return fail(*in.fault());
    return probability_greater(first, second);
}

constexpr auto kFunctions = std::to_array<CalcFunction>({
    {"beta_borrow", "x n x0 n0 weight? a? b? conf? p0?", beta_borrow},
    {"gamma_borrow", "x pt x0 pt0 weight? shape? rate? conf? r0?", gamma_borrow},
    {"beta_prob_greater", "a1 b1 a2 b2", beta_prob_greater},
    {"gamma_prob_greater", "shape1 rate1 shape2 rate2", gamma_prob_greater},
});

}  // namespace

std::span<const CalcFunction> borrowing_functions() { return kFunctions; }

}  // namespace cellvigil::tools
