#include "rules/stats/special_functions.h"

#include <math.h>  // NOLINT(modernize-deprecated-headers): lgamma_r, which <cmath> does not name
#include <cmath>
#include <limits>

#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "rules/stats/tail_root.h"

namespace cellvigil::special {
namespace {

namespace policies = boost::math::policies;

// Errors come back as NaN or the last value instead of exceptions; the inverses below check what they get.
using Policy = policies::policy<
    policies::promote_float<false>, policies::promote_double<false>, policies::domain_error<policies::ignore_error>,
    policies::pole_error<policies::ignore_error>, policies::overflow_error<policies::ignore_error>,
    policies::underflow_error<policies::ignore_error>, policies::denorm_error<policies::ignore_error>,
    policies::rounding_error<policies::ignore_error>, policies::evaluation_error<policies::ignore_error>,
    policies::indeterminate_result_error<policies::ignore_error>>;
constexpr Policy kPolicy{};

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Below it Boost's sums for whole numbers underflow term by term, and logarithms are kept instead.
constexpr double kSmallTail = 1e-150;
constexpr double kHalfLogOfTwoPi = 0.91893853320467274178;

// Wilson and Hilferty's approximation to the quantile of Gamma(a), z the normal's.
double gamma_start(double a, double z) {
    const double root = 1 - 1 / (9 * a) + z / (3 * std::sqrt(a));
    return root > 0.1 ? a * root * root * root : a * 1e-3;
}

bool is_beta(double a, double b) { return a > 0 && b > 0 && std::isfinite(a) && std::isfinite(b); }

// Stirling's correction: log Gamma(x) - [(x - 1/2) log x - x + log(2 pi) / 2], x >= 10, to full precision.
double stirling_correction(double x) {
    const double y = 1 / (x * x);
    return (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y * (1.0 / 1188 - y * 691.0 / 360360))))) /
           x;
}

// The continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method, for x below the mean.
double beta_fraction(double a, double b, double x) {
    constexpr double tiny = 1e-300;
    double c = 1;
    double d = 1 / (1 - (a + b) * x / (a + 1));
    double h = d;
    for (int m = 1; m <= 10'000; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        for (const double step : {even, odd}) {
            d = 1 + step * d;
            c = 1 + step / c;
            if (std::fabs(d) < tiny) d = tiny;
            if (std::fabs(c) < tiny) c = tiny;
            d = 1 / d;
            h *= d * c;
        }
        if (std::fabs(d * c - 1) < 1e-15) break;
    }
    return h;
}

// The logarithm of I_x(a, b) where it is so small that x lies far below the mean: the fraction converges at once.
double log_far_beta_tail(double a, double b, double x, double log_x, double log_rest) {
    return a * log_x + b * log_rest - std::log(a) - log_beta(a, b) + std::log(beta_fraction(a, b, x));
}

// Gamma(a, x) e^x x^-a (DLMF 8.9.2) by Lentz's method, for x above a.
double gamma_fraction(double a, double x) {
    constexpr double tiny = 1e-300;
    double b = x + 1 - a;
    double c = 1 / tiny;
    double d = 1 / b;
    double h = d;
    for (int i = 1; i <= 10'000; ++i) {
        const double step = -i * (i - a);
        b += 2;
        d = step * d + b;
        c = b + step / c;
        if (std::fabs(d) < tiny) d = tiny;
        if (std::fabs(c) < tiny) c = tiny;
        d = 1 / d;
        h *= d * c;
        if (std::fabs(d * c - 1) < 1e-15) break;
    }
    return h;
}

}  // namespace

double beta_lower(double a, double b, double x) {
    if (!is_beta(a, b) || !(x >= 0 && x <= 1)) return kNan;
    const double plain = boost::math::ibeta(a, b, x, kPolicy);
    if (plain >= kSmallTail || x == 0 || x == 1) return plain;
    return std::exp(log_far_beta_tail(a, b, x, std::log(x), std::log1p(-x)));
}

double beta_upper(double a, double b, double x) {
    if (!is_beta(a, b) || !(x >= 0 && x <= 1)) return kNan;
    const double plain = boost::math::ibetac(a, b, x, kPolicy);
    if (plain >= kSmallTail || x == 0 || x == 1) return plain;
    return std::exp(log_far_beta_tail(b, a, 1 - x, std::log1p(-x), std::log(x)));
}

double beta_lower_quantile(double a, double b, double p) {
    if (!is_beta(a, b) || !(p >= 0 && p <= 1)) return kNan;
    if (p == 0 || p == 1) return p;
    return tail_root(TailSide::lower, p, a / (a + b), 1, [a, b](double x) {
        return Tail{beta_lower(a, b, x), x * boost::math::ibeta_derivative(a, b, x, kPolicy)};
    });
}

double beta_upper_quantile(double a, double b, double q) {
    if (!is_beta(a, b) || !(q >= 0 && q <= 1)) return kNan;
    if (q == 0 || q == 1) return 1 - q;
    return tail_root(TailSide::upper, q, a / (a + b), 1, [a, b](double x) {
        return Tail{beta_upper(a, b, x), -x * boost::math::ibeta_derivative(a, b, x, kPolicy)};
    });
}

double log_beta(double a, double b) {
    if (!is_beta(a, b)) return kNan;
    const double small = std::fmin(a, b);
    const double large = std::fmax(a, b);
    const double share = small / (small + large);
    if (small >= 10) {
        const double correction =
            stirling_correction(small) + stirling_correction(large) - stirling_correction(small + large);
        return kHalfLogOfTwoPi - 0.5 * std::log(large) + correction + (small - 0.5) * std::log(share) +
               large * std::log1p(-share);
    }
    if (large >= 10) {
        const double correction = stirling_correction(large) - stirling_correction(small + large);
        return log_gamma(small) + correction + small - small * std::log(small + large) +
               (large - 0.5) * std::log1p(-share);
    }
    return log_gamma(small) + log_gamma(large) - log_gamma(small + large);
}

double log_beta_upper(double a, double b, double x) {
    const double plain = beta_upper(a, b, x);
    if (!(plain < kSmallTail) || x >= 1) return std::log(plain);
    return log_far_beta_tail(b, a, 1 - x, std::log1p(-x), std::log(x));
}

double gamma_lower(double a, double x) {
    if (!(a > 0 && std::isfinite(a) && x >= 0)) return kNan;
    if (std::isinf(x)) return 1;
    return boost::math::gamma_p(a, x, kPolicy);
}

double gamma_upper(double a, double x) {
    if (!(a > 0 && std::isfinite(a) && x >= 0)) return kNan;
    if (std::isinf(x)) return 0;
    return boost::math::gamma_q(a, x, kPolicy);
}

double gamma_lower_quantile(double a, double p) {
    if (!(a > 0 && std::isfinite(a) && p >= 0 && p <= 1)) return kNan;
    if (p == 0) return 0;
    if (p == 1) return kInfinity;
    return tail_root(TailSide::lower, p, gamma_start(a, normal_upper_quantile(1 - p)), kInfinity, [a](double x) {
        return Tail{gamma_lower(a, x), x * boost::math::gamma_p_derivative(a, x, kPolicy)};
    });
}

double gamma_upper_quantile(double a, double q) {
    if (!(a > 0 && std::isfinite(a) && q >= 0 && q <= 1)) return kNan;
    if (q == 0) return kInfinity;
    if (q == 1) return 0;
    return tail_root(TailSide::upper, q, gamma_start(a, normal_upper_quantile(q)), kInfinity, [a](double x) {
        return Tail{gamma_upper(a, x), -x * boost::math::gamma_p_derivative(a, x, kPolicy)};
    });
}

double gamma_density(double a, double x) {
    if (!(a > 0 && std::isfinite(a) && x >= 0)) return kNan;
    return boost::math::gamma_p_derivative(a, x, kPolicy);
}

double log_gamma_upper(double a, double x) {
    const double plain = gamma_upper(a, x);
    if (!(plain < kSmallTail)) return std::log(plain);
    if (std::isinf(x)) return -kInfinity;
    return a * std::log(x) - x - log_gamma(a) + std::log(gamma_fraction(a, x));
}

double log_gamma(double x) {
    if (!(x > 0)) return kNan;
    int sign = 0;
    return ::lgamma_r(x, &sign);
}

double digamma(double x) {
    if (!(x > 0)) return kNan;
    return boost::math::digamma(x, kPolicy);
}

double normal_upper(double z) { return 0.5 * boost::math::erfc(z / std::sqrt(2.0), kPolicy); }

double normal_upper_quantile(double q) {
    if (!(q > 0 && q < 1)) return kNan;
    return std::sqrt(2.0) * boost::math::erfc_inv(2 * q, kPolicy);
}

double poisson_mass(double k, double mu) {
    if (!(k >= 0 && mu >= 0)) return kNan;
    if (mu == 0) return k == 0 ? 1 : 0;
    return boost::math::gamma_p_derivative(k + 1, mu, kPolicy);
}

double binomial_mass(double k, double n, double p) {
    if (!(k >= 0 && k <= n && p >= 0 && p <= 1)) return kNan;
    if (p == 0) return k == 0 ? 1 : 0;
    if (p == 1) return k == n ? 1 : 0;
    return boost::math::ibeta_derivative(k + 1, n - k + 1, p, kPolicy) / (n + 1);
}

double poisson_upper(double k, double mu) {
    if (!(mu >= 0)) return kNan;
    return k <= 0 ? 1 : gamma_lower(k, mu);
}

double binomial_upper(double k, double n, double p) {
    if (!(n >= 0 && p >= 0 && p <= 1)) return kNan;
    if (k <= 0) return 1;
    return k > n ? 0 : beta_lower(k, n - k + 1, p);
}

}  // namespace cellvigil::special
