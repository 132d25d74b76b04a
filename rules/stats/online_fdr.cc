#include "rules/stats/online_fdr.h"

#include <algorithm>
#include <cmath>

#include "rules/base/ensure.h"

namespace cellvigil {
namespace {

double gamma_at(std::size_t index) {
    const auto j = static_cast<double>(index);
    return 0.07720838 * std::log(std::max(j, 2.0)) / (j * std::exp(std::sqrt(std::log(j))));
}

template <typename Rejects>
std::vector<OnlineDecision> lond(std::span<const double> values, double alpha, const Rejects& rejects) {
    ensure(alpha > 0 && alpha < 1, "alpha lies between 0 and 1");
    std::vector<OnlineDecision> decisions;
    double rejections = 0;
    for (std::size_t t = 1; t <= values.size(); ++t) {
        const double level = alpha * gamma_at(t) * (rejections + 1);
        const bool reject = rejects(values[t - 1], level);
        if (reject) rejections += 1;
        decisions.push_back({level, reject});
    }
    return decisions;
}

}  // namespace

std::vector<OnlineDecision> online_lord_plus_plus(std::span<const double> p, double alpha, double w0) {
    ensure(w0 > 0 && w0 <= alpha && alpha < 1, "the initial wealth is at most alpha");
    std::vector<OnlineDecision> decisions;
    std::vector<std::size_t> rejections;
    for (std::size_t t = 1; t <= p.size(); ++t) {
        double level = w0 * gamma_at(t);
        for (std::size_t i = 0; i < rejections.size(); ++i)
            level += (i == 0 ? alpha - w0 : alpha) * gamma_at(t - rejections[i]);
        const bool reject = p[t - 1] <= level;
        if (reject) rejections.push_back(t);
        decisions.push_back({level, reject});
    }
    return decisions;
}

std::vector<OnlineDecision> online_lond(std::span<const double> p, double alpha) {
    return lond(p, alpha, [](double value, double level) { return value <= level; });
}

std::vector<OnlineDecision> online_e_lond(std::span<const double> e, double alpha) {
    return lond(e, alpha, [](double value, double level) { return value * level >= 1; });
}

}  // namespace cellvigil
