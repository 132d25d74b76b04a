#include "daemon/views/cohort_words.h"

#include <fmt/core.h>

#include <algorithm>

#include "rules/cohort/decimal.h"
#include "rules/stats/half_up.h"

namespace cellvigil::views {

std::string share_text(double share) { return percent_of_share(std::clamp(share, 0.0, 1.0)) + " %"; }

std::string fraction_text(const Fraction& fraction) {
    std::string text = std::to_string(fraction.events) + "/" + std::to_string(fraction.subjects);
    if (const auto shown = percent(fraction.events, fraction.subjects)) text += " (" + *shown + " %)";
    return text;
}

std::string interval_text(const std::optional<Interval>& interval) {
    if (!interval) return "-";
    return percent_of_share(std::clamp(interval->lower, 0.0, 1.0)) + " to " +
           percent_of_share(std::clamp(interval->upper, 0.0, 1.0)) + " %";
}

std::string years_text(std::int64_t person_days) {
    return decimal_half_up(static_cast<double>(person_days) / kDaysPerYear, 1);
}

std::string per_100_text(const EventRate& rate) {
    return rate.per_100_years ? decimal_half_up(*rate.per_100_years, 1) : "-";
}

std::string per_100_interval_text(const EventRate& rate) {
    if (!rate.garwood) return "-";
    return decimal_half_up(rate.garwood->lower, 1) + " to " + decimal_half_up(rate.garwood->upper, 1);
}

std::string day_or_not_reached(const std::optional<double>& day) {
    return day ? "day " + decimal_half_up(*day, 1) : "not reached";
}

std::string estimand_words(Estimand estimand) {
    return estimand == Estimand::before_next_therapy ? "before next therapy" : "regardless of therapy";
}

std::string stratum_words(const Stratum& stratum) {
    if (stratum.dimension == Dimension::all) return "all";
    return std::string(name_of(stratum.dimension)) + " " + stratum.value;
}

std::string side_words(GradeSide side) {
    switch (side) {
        case GradeSide::computed:
            return "computed";
        case GradeSide::upper:
            return "upper limit";
        case GradeSide::site:
            return "by the site";
        case GradeSide::computed_else_site:
            return "computed, else by the site";
    }
    return "";
}

std::string curve_title(const CurveReport& curve) {
    const char* what = curve.kind == CurveKind::survival ? "without " : "cumulative incidence of ";
    std::string words = words_of(curve.key.endpoint.endpoint);
    if (words.size() > 1 && words[1] >= 'a' && words[1] <= 'z') words[0] = static_cast<char>(words[0] | 0x20);
    std::string title =
        what + words + ", " + estimand_words(curve.key.endpoint.estimand) + ", " + name_of(curve.key.set) + " set";
    title[0] = static_cast<char>(title[0] & ~0x20);
    return title;
}

std::string basis_words(const ReportHead& head) {
    std::string text = head.data_cut ? "Events and time to " + to_rfc3339(*head.data_cut)
                                     : std::string("Each subject to the last day that was verified");
    text += head.known_at ? ", from what was known at " + to_rfc3339(*head.known_at)
                          : std::string(", from all that is known");
    return text;
}

std::string budget_words(const CohortReport& report) {
    std::string text;
    for (const ReportedBudget& budget : report.budgets)
        text += fmt::format("{}{}: {:.4g} of {:.4g}", text.empty() ? "" : "; ", budget.id,
                            static_cast<double>(budget.spent_millionths) / 1e6,
                            static_cast<double>(budget.alpha_millionths) / 1e6);
    return text;
}

ReferenceWords reference_words(const ReportedReference& row) {
    const Borrowing& borrowing = row.borrowing;
    const bool person_time = counts_person_time(row.monitor.method);
    ReferenceWords words;
    words.cohort = person_time ? fmt::format("{} in {} person-years", row.seen.events, years_text(row.seen.person_days))
                               : fmt::format("{}/{}", row.seen.events, row.seen.subjects);
    std::string events = std::to_string(borrowing.events_first);
    if (borrowing.events_last != borrowing.events_first) events += " to " + std::to_string(borrowing.events_last);
    words.reference = fmt::format("{}, {}: {}/{}", borrowing.profile, borrowing.set, events, borrowing.subjects);
    if (borrowing.person_days)
        words.reference += " in " + years_text(*borrowing.person_days) +
                           (borrowing.person_time_presumed ? " presumed" : "") + " person-years";
    words.weight = fmt::format("{:g}", borrowing.weight);
    if (!borrowing.why_not.empty()) words.weight += ": " + borrowing.why_not;
    words.above_limit = words.above_reference = words.exceeds_reference = "-";
    if (borrowing.readings.empty()) {
        words.posterior = "- " + borrowing.cannot_compare;
        return words;
    }
    for (const BorrowedReading& reading : borrowing.readings) {
        const std::string shown =
            person_time ? fmt::format("{:.1f} ({:.1f} to {:.1f}) per 100 person-years", 100 * reading.mean,
                                      100 * reading.interval.lower, 100 * reading.interval.upper)
                        : fmt::format("{} ({})", share_text(reading.mean), interval_text(reading.interval));
        words.posterior += (words.posterior.empty() ? "" : "; ") + shown;
    }
    const auto ends = [&](double BorrowedReading::*value) {
        const double first = borrowing.readings.front().*value;
        const double last = borrowing.readings.back().*value;
        return borrowing.readings.size() == 1 ? fmt::format("{:.3f}", first)
                                              : fmt::format("{:.3f} to {:.3f}", first, last);
    };
    words.above_limit = ends(&BorrowedReading::above_limit);
    words.above_reference = ends(&BorrowedReading::above_reference);
    words.exceeds_reference = ends(&BorrowedReading::exceeds_reference);
    return words;
}

CompletenessWords completeness_words(const Completeness& completeness) {
    constexpr double kEnough = 0.7;
    if (completeness.person_days <= 0) return {"-", "-", true};
    const auto share = [&](std::int64_t known) {
        return static_cast<double>(known) / static_cast<double>(completeness.person_days);
    };
    const double prophylaxis = share(completeness.prophylaxis_known);
    const double cd4 = share(completeness.cd4_known);
    return {share_text(prophylaxis), share_text(cd4), std::min(prophylaxis, cd4) < kEnough};
}

}  // namespace cellvigil::views
