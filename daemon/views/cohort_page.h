// A cohort's report as one HTML page that needs nothing else: tables and figures, made to be printed. Equal reports
// give equal bytes.
#pragma once

#include <string>

#include "rules/cohort/cohort_report.h"

namespace cellvigil::views {

std::string cohort_page(const CohortReport& report);

}  // namespace cellvigil::views
