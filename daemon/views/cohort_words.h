// The numbers of a cohort's report in words, the same for text and pages. Pure.
#pragma once

#include <string>

#include "rules/cohort/cohort_report.h"

namespace cellvigil::views {

std::string fraction_text(const Fraction& fraction);                 // "9/48 (18.8 %)"; "0/0" of nobody
std::string interval_text(const std::optional<Interval>& interval);  // of a share: "9.4 to 33.1 %"; "-"
std::string share_text(double share);                                // "17.1 %"
std::string years_text(std::int64_t person_days);                    // "118.5"
std::string per_100_text(const EventRate& rate);                     // "6.8"; "-" without time at risk
std::string per_100_interval_text(const EventRate& rate);            // "2.9 to 13.3"; "-"
std::string day_or_not_reached(const std::optional<double>& day);
std::string estimand_words(Estimand estimand);      // "before next therapy"
std::string stratum_words(const Stratum& stratum);  // "antiviral off"; "all"
std::string side_words(GradeSide side);             // "computed", "upper limit", "by the site", ...
std::string curve_title(const CurveReport& curve);
std::string basis_words(const ReportHead& head);  // "events to 2026-03-01T00:00:00Z, from what was known ..."
// "Days with known prophylaxis: 93.2 %; with a CD4 count of at most 120 days: 12.0 %": low below 70 %.
// "safety: 0.25 of 0.25"; empty: no budget.
std::string budget_words(const CohortReport& report);

// A row of the comparison with a reference profile, cell by cell.
struct ReferenceWords {
    std::string cohort;     // "3/20", "9 in 118.5 person-years"
    std::string reference;  // "c-car039-iit, safety: 1/48"; a range "0 to 9/48"
    std::string weight;     // "0.5"; "0: a source of tier press ..."
    std::string posterior;  // "8.9 % (2.5 to 18.7 %)", "7.1 (3.9 to 11.2) per 100 person-years"; or why there is none
    std::string above_limit, above_reference, exceeds_reference;  // "0.823"; of a range "0.8 to 0.9"; "-"
};
ReferenceWords reference_words(const ReportedReference& row);

struct CompletenessWords {
    std::string prophylaxis, cd4;
    bool low = false;
};
CompletenessWords completeness_words(const Completeness& completeness);

}  // namespace cellvigil::views
