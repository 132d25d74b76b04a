// A cohort's report as values: every table and curve that people are shown, each number with its analysis set,
// numerator, denominator, estimator, interval and number at risk. Views turn it into text, JSON and pages and compute
// nothing. A function of the table, so that the same facts give the same report. docs/cohorts.md. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "rules/cohort/borrowing.h"
#include "rules/cohort/estimates.h"

namespace cellvigil {

struct ReportHead {
    std::string cohort;
    std::optional<Instant> data_cut;  // nullopt: each subject to its last verified contact
    std::optional<Instant> known_at;  // nullopt: from all that is known
    std::string pack;
    std::string pack_hash;
    std::size_t subjects = 0;  // that belong, infused or not
};

struct CountRow {
    TableKey key;
    Fraction crude;
    std::optional<Fraction> completed;  // of endpoints with a last day
    std::int64_t pending = 0;
};
struct RateRow {
    TableKey key;
    EventRate rate;
};
struct LandmarkRow {
    TableKey key;
    Prevalence prevalence;
};
struct ExitRow {
    TableKey key;
    std::int64_t subjects = 0;
    std::array<std::int64_t, kExits> exits{};
};
struct DeathRow {
    AnalysisSet set = AnalysisSet::safety;
    std::array<std::int64_t, kCauses> by_cause{};  // columns of cause_name(Endpoint::death, ..)
};

struct CurvePoint {
    Day day = 0;
    double value = 0;
    std::optional<Interval> interval;  // 95 %, log-log
};
struct CurveStand {  // what the curve says at a day people ask for
    CurvePoint at;
    std::optional<double> se;
    std::int64_t at_risk = 0;
    bool few = false;  // fewer at risk than the pack wants
};
enum class CurveKind : std::uint8_t {
    survival,   // Kaplan-Meier: share without the event
    incidence,  // Aalen-Johansen: share with the event, the others competing
};
struct CurveReport {
    TableKey key;
    CurveKind kind = CurveKind::survival;
    Day origin = 0;  // where the axis begins
    std::int64_t entered = 0;
    std::int64_t events = 0;
    bool too_few = false;                    // fewer than kFewestAtLandmark at its beginning: counts only, no curve
    std::vector<CurvePoint> points;          // where it moves
    std::vector<CurveStand> stands;          // at the axis' marks
    std::optional<SurvivalQuantile> median;  // of survival
    // Cumulative incidence of what competes, at the last mark; and one minus Kaplan-Meier there, which overstates.
    std::vector<std::pair<std::string, CurvePoint>> competing;
    std::optional<double> one_minus_survival;
};

struct Completeness {  // of the time at risk of zoster past day 90
    std::int64_t person_days = 0;
    std::int64_t prophylaxis_known = 0;
    std::int64_t cd4_known = 0;
};

// What the pack's monitors spend of what a budget allows; the pack's, not the cohort's.
struct ReportedBudget {
    std::string id;
    std::int64_t alpha_millionths = 0;
    std::int64_t spent_millionths = 0;
};

struct CohortReport {
    ReportHead head;
    std::int64_t safety = 0;
    std::int64_t efficacy = 0;
    std::int64_t reinfusions = 0;
    std::optional<double> median_follow_up_days;
    std::vector<CountRow> counts;
    std::vector<RateRow> rates;
    std::vector<LandmarkRow> landmarks;
    std::vector<ExitRow> exits;
    std::vector<DeathRow> deaths;
    std::vector<CurveReport> curves;
    Completeness completeness;
    std::vector<ReportedBudget> budgets;  // the caller's: report_of() knows no pack
    // The caller's too; empty: no monitor of the pack names a reference; nullopt: the caller did not look.
    std::optional<std::vector<ReportedReference>> references;
};

// `invalid` when the table is a sum of which a part is missing.
Result<CohortReport> report_of(const CohortTable& table, ReportHead head, const RuleSet& rules);

}  // namespace cellvigil
