// The minimum of a smooth function of a few variables: quasi-Newton (BFGS) with a weak Wolfe line search. In place of
// NLopt, whose random numbers and clock have no place in the core; with five variables it is a page. Pure.
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace cellvigil {

// The value at `x`; writes the gradient. May be infinite or NaN away from the minimum: such points are avoided.
using Smooth = std::function<double(std::span<const double> x, std::span<double> gradient)>;

struct Minimum {
    std::vector<double> x;
    double value = 0;
    int evaluations = 0;
    bool is_converged =
        false;  // the gradient has vanished or nothing gets smaller; false: stopped at the limit of iterations
};

struct MinimiseLimits {
    int iterations = 500;
    double gradient = 1e-9;  // converged when no component is larger, relative to max(1, |value|)
};

Minimum minimise(const Smooth& function, std::vector<double> start, MinimiseLimits limits = {});

}  // namespace cellvigil
