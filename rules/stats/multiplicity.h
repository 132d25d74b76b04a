// Many questions at once. Adjusted p values as R's p.adjust gives them, and e-BH, the only one of these that holds
// under any dependence and any stopping: cells that share patients need it. Ordinary BH on p values that are tested
// again and again is not valid. Pure.
#pragma once

#include <span>
#include <vector>

namespace cellvigil {

// Each in the order of `p`, at most 1. p values between 0 and 1.
std::vector<double> adjust_holm(std::span<const double> p);                 // family-wise error, any dependence
std::vector<double> adjust_benjamini_hochberg(std::span<const double> p);   // false discovery rate, positive dependence
std::vector<double> adjust_benjamini_yekutieli(std::span<const double> p);  // false discovery rate, any dependence

// Wang and Ramdas 2022: of K e-values reject the k* largest, k* = max{k : e_(k) >= K / (alpha k)}; equality rejects.
// True: rejected. Feed it current e-values, never their running maxima. The guarantee is for the set at one stopping
// time.
std::vector<bool> e_benjamini_hochberg(std::span<const double> e, double alpha);

}  // namespace cellvigil
