// A cohort's counts beside those of the reference profile that its monitor names: for display, never for an alarm. The
// posterior borrows the reference's counts at the pack's weight (rules/stats/borrowed_posterior.h); a comparison with
// the reference borrows nothing. docs/statistics/borrowing.md. Pure; up to a millisecond for each reading, so it is
// made when somebody asks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/pack/catalogue.h"
#include "rules/stats/interval.h"

namespace cellvigil {

// What the cohort shows at the monitor's endpoint.
struct SeenInCohort {
    std::int64_t events = 0;
    std::int64_t subjects = 0;     // binary endpoints: those that the monitor counts
    std::int64_t person_days = 0;  // person-time endpoints
};

// With one whole count of the reference. Shares of subjects, or events per person-year.
struct BorrowedReading {
    std::int64_t reference_events = 0;
    double mean = 0;
    Interval interval;           // 95 %, equal tails
    double above_limit = 0;      // P(theta > the monitor's limit)
    double above_reference = 0;  // P(theta > the reference's crude rate, taken as exact)
    // P(theta of the cohort > theta of the reference), each from its own counts alone.
    double exceeds_reference = 0;
};

struct Borrowing {
    std::string profile;
    std::string set;  // its analysis set
    std::int64_t events_first = 0;
    std::int64_t events_last = 0;  // another number: the source does not settle the count
    std::int64_t subjects = 0;
    std::optional<std::int64_t> person_days;
    bool person_time_presumed = false;
    std::string data_cut;
    SourceTier tier = SourceTier::promotional;
    double weight = 0;           // in use, 0 to 1
    std::string why_not;         // why nothing is borrowed although the pack does not say so; empty: no such reason
    std::string cannot_compare;  // why there is no reading; empty: there is
    std::vector<BorrowedReading> readings;  // one; of an unsettled count two, with its ends
};

// nullopt: the monitor names no reference, or the pack has no count of it.
std::optional<Borrowing> borrowing_of(const Catalogue& catalogue, const MonitorSpec& monitor, const SeenInCohort& seen);

// A row of the cohort's report.
struct ReportedReference {
    MonitorSpec monitor;
    SeenInCohort seen;
    Borrowing borrowing;
};

}  // namespace cellvigil
