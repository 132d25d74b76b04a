#include "rules/stats/minimise.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cellvigil {
namespace {

double dot(std::span<const double> one, std::span<const double> other) {
    double sum = 0;
    for (std::size_t i = 0; i < one.size(); ++i) sum += one[i] * other[i];
    return sum;
}

struct Point {
    std::vector<double> x;
    std::vector<double> gradient;
    double value = std::numeric_limits<double>::infinity();
};

// The approximation of the inverse Hessian, row by row.
class InverseHessian {
  public:
    explicit InverseHessian(std::size_t n) : n_(n), h_(n * n, 0) { reset(); }

    void reset() {
        std::fill(h_.begin(), h_.end(), 0);
        for (std::size_t i = 0; i < n_; ++i) h_[i * n_ + i] = 1;
        is_fresh_ = true;
    }
    bool is_fresh() const { return is_fresh_; }

    std::vector<double> times(std::span<const double> v) const {
        std::vector<double> product(n_, 0);
        for (std::size_t i = 0; i < n_; ++i) product[i] = dot(std::span(h_).subspan(i * n_, n_), v);
        return product;
    }

    // s: the step taken, y: the change of the gradient.
    void learn(std::span<const double> s, std::span<const double> y) {
        const double sy = dot(s, y);
        if (!(sy > 1e-300)) return;
        if (is_fresh_) {
            const double scale = sy / dot(y, y);
            for (double& entry : h_) entry *= scale;
            is_fresh_ = false;
        }
        const std::vector<double> hy = times(y);
        const double factor = (1 + dot(y, hy) / sy) / sy;
        for (std::size_t i = 0; i < n_; ++i) {
            for (std::size_t j = 0; j < n_; ++j)
                h_[i * n_ + j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy;
        }
    }

  private:
    std::size_t n_;
    std::vector<double> h_;
    bool is_fresh_ = true;
};

// From `from` along `direction` to a point that is lower and less steep; `from` itself when there is none.
Point line_search(const Smooth& function, const Point& from, std::span<const double> direction, int& evaluations) {
    const double slope = dot(from.gradient, direction);
    double low = 0;
    double high = std::numeric_limits<double>::infinity();
    double step = 1;
    Point best = from;
    for (int i = 0; i < 60; ++i) {
        Point to = from;
        for (std::size_t j = 0; j < to.x.size(); ++j) to.x[j] += step * direction[j];
        to.value = function(to.x, to.gradient);
        ++evaluations;
        if (!(to.value <= from.value + 1e-4 * step * slope)) {
            high = step;
        } else {
            if (to.value <= best.value) best = to;
            if (dot(to.gradient, direction) >= 0.9 * slope) return to;
            low = step;
        }
        step = std::isinf(high) ? 2 * low : (low + high) / 2;
    }
    return best;
}

bool is_flat(const Point& point, double limit) {
    const double scale = std::max(1.0, std::fabs(point.value));
    return std::all_of(point.gradient.begin(), point.gradient.end(),
                       [&](double slope) { return std::fabs(slope) <= limit * scale; });
}

}  // namespace

Minimum minimise(const Smooth& function, std::vector<double> start, MinimiseLimits limits) {
    Minimum result;
    Point at{.x = std::move(start), .gradient = {}};
    at.gradient.resize(at.x.size(), 0);
    at.value = function(at.x, at.gradient);
    result.evaluations = 1;
    InverseHessian hessian(at.x.size());
    for (int i = 0; i < limits.iterations && !result.is_converged; ++i) {
        if (!std::isfinite(at.value)) break;
        result.is_converged = is_flat(at, limits.gradient);
        if (result.is_converged) break;
        std::vector<double> direction = hessian.times(at.gradient);
        for (double& component : direction) component = -component;
        if (!(dot(direction, at.gradient) < 0)) {
            hessian.reset();
            continue;
        }
        Point next = line_search(function, at, direction, result.evaluations);
        if (!(next.value < at.value)) {
            // Nothing lower that way: try steepest descent once, then this is the minimum as far as doubles can tell.
            result.is_converged = hessian.is_fresh();
            hessian.reset();
            continue;
        }
        std::vector<double> moved(at.x.size());
        std::vector<double> turned(at.x.size());
        for (std::size_t j = 0; j < moved.size(); ++j) {
            moved[j] = next.x[j] - at.x[j];
            turned[j] = next.gradient[j] - at.gradient[j];
        }
        hessian.learn(moved, turned);
        at = std::move(next);
    }
    result.x = std::move(at.x);
    result.value = at.value;
    return result;
}

}  // namespace cellvigil
