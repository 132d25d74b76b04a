// False discovery rate for a stream of newly opened questions (ad-hoc queries, new products), not for a standing grid
// of cells that is looked at again and again. Pure.
#pragma once

#include <span>
#include <vector>

namespace cellvigil {

struct OnlineDecision {
    double alpha = 0;  // the level of this question
    bool reject = false;
};

// gamma_j = 0.07720838 log(max(j, 2)) / (j exp(sqrt(log j))), j from 1.
// LORD++ (Ramdas et al. 2017): alpha_t = w0 gamma_t + (alpha - w0) gamma_(t - tau1) + alpha sum over later rejections
// of gamma_(t - tau). Reject p <= alpha_t. Independent p values. 0 < w0 <= alpha < 1.
std::vector<OnlineDecision> online_lord_plus_plus(std::span<const double> p, double alpha, double w0);

// LOND (Javanmard and Montanari 2015): alpha_t = alpha gamma_t (rejections before + 1).
std::vector<OnlineDecision> online_lond(std::span<const double> p, double alpha);

// e-LOND (Xu and Ramdas 2024), any dependence: the same levels, reject e >= 1 / alpha_t.
std::vector<OnlineDecision> online_e_lond(std::span<const double> e, double alpha);

}  // namespace cellvigil
