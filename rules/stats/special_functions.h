// The special functions that the statistics stand on: Boost.Math 1.81 behind plain names, in double throughout (no
// promotion to long double: seven times quicker, and the same on every machine). Pure; nothing here throws: outside
// its domain a function is NaN, and a caller that can be asked for that says so in its own header.
//
// Tails are functions of their own, never 1 - the other tail, which loses every digit below 1e-10.
#pragma once

namespace cellvigil::special {

// Regularised incomplete beta I_x(a, b), a, b > 0, 0 <= x <= 1: the lower tail of Beta(a, b), and its complement.
double beta_lower(double a, double b, double x);
double beta_upper(double a, double b, double x);
// x with beta_lower = p, and x with beta_upper = q; 0 <= p, q <= 1. The root is bracketed: it is found for every p,
// 1e-300 included.
double beta_lower_quantile(double a, double b, double p);
double beta_upper_quantile(double a, double b, double q);
// The logarithm of beta_upper, exact where beta_upper itself underflows.
double log_beta_upper(double a, double b, double x);
double log_beta(double a, double b);

// Regularised incomplete gamma P(a, x) and Q(a, x), a > 0, x >= 0: tails of Gamma(shape a, rate 1).
double gamma_lower(double a, double x);
double gamma_upper(double a, double x);
double gamma_density(double a, double x);  // of Gamma(a, 1)
double gamma_lower_quantile(double a, double p);
double gamma_upper_quantile(double a, double q);
// The logarithm of gamma_upper, by continued fraction where gamma_upper underflows.
double log_gamma_upper(double a, double x);

double log_gamma(double x);  // x > 0
double digamma(double x);    // x > 0

double normal_upper(double z);           // P(Z > z)
double normal_upper_quantile(double q);  // z with P(Z > z) = q, 0 < q < 1

// Probabilities of single counts, k >= 0. Exactly 1 at k = 0 when nothing can happen.
double poisson_mass(double k, double mu);             // mu >= 0
double binomial_mass(double k, double n, double p);   // 0 <= k <= n
double poisson_upper(double k, double mu);            // P(X >= k)
double binomial_upper(double k, double n, double p);  // P(X >= k)

}  // namespace cellvigil::special
