// A curve of a cohort's report as an inline SVG drawing: steps, 95 % band, numbers at risk below. Black and grey: it
// must be readable in print. Pure.
#pragma once

#include <string>

#include "rules/cohort/cohort_report.h"

namespace cellvigil::views {

// Empty when there is no curve to draw.
std::string curve_svg(const CurveReport& curve);

// Text inside markup: < > & and quotes replaced.
std::string escaped(std::string_view text);

}  // namespace cellvigil::views
