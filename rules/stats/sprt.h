// Wald's sequential probability ratio test of a proportion as two straight lines over the number of patients. Pure.
#pragma once

namespace cellvigil {

struct SprtDesign {
    double p0 = 0;  // the limit, between 0 and 1
    double p1 = 0;  // the rate to be found, between p0 and 1, both excluded
    double alpha = 0.05;
    double beta = 0.2;  // the chance of missing p1; alpha + beta below 1
};

struct SprtLines {
    double slope = 0;
    double upper_intercept = 0;  // at least upper_intercept + slope n events: p1
    double lower_intercept = 0;  // at most lower_intercept + slope n events: p0
};

// Wald 1945. Approximate, not truncated: for a fixed number of patients calibrate BinaryFamily::sprt instead.
SprtLines wald_lines(const SprtDesign& design);

}  // namespace cellvigil
