// C09: does a site report later than it did? Compared with its own earlier quarters, or with all sites' while it has
// few.
#include <algorithm>

#include "rules/monitor/screen.h"
#include "rules/monitor/screen_text.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {
namespace {

constexpr std::int64_t kFewestEarlier = 20;
constexpr std::int64_t kFewestRecent = 5;

using Delays = std::map<std::int32_t, std::int64_t>;  // reports by days from onset

std::int64_t size_of(const Delays& delays) {
    std::int64_t sum = 0;
    for (const auto& [days, reports] : delays) sum += reports;
    return sum;
}

// The smallest delay that at least this share of the reports do not exceed. There is a report.
std::int32_t quantile_of(const Delays& delays, double share) {
    const double wanted = share * static_cast<double>(size_of(delays));
    double seen = 0;
    for (const auto& [days, reports] : delays) {
        seen += static_cast<double>(reports);
        if (seen >= wanted) return days;
    }
    return delays.empty() ? 0 : delays.rbegin()->first;
}

std::int64_t later_than(const Delays& delays, std::int32_t limit) {
    std::int64_t sum = 0;
    for (auto at = delays.upper_bound(limit); at != delays.end(); ++at) sum += at->second;
    return sum;
}

struct Halves {
    Delays earlier;
    Delays recent;  // of this quarter and the one before
};
void sort_in(Halves& halves, const ScreenTable::Row& row, std::int32_t quarter) {
    for (const auto& [place, reports] : row) {
        if (reports == 0 || quarter_at(place) > quarter) continue;
        (quarter_at(place) >= quarter - 1 ? halves.recent : halves.earlier)[delay_at(place)] += reports;
    }
}

}  // namespace

ScreenLook look_at_delays(const ScreenSpec& spec, const ScreenTable& delays, CalendarDay through) {
    ScreenLook look;
    const std::int32_t quarter = through / kQuarterDays;
    Halves all;
    for (const auto& [site, counts] : delays.units()) sort_in(all, counts.of(ScreenColumn::events), quarter);
    if (size_of(all.earlier) < kFewestEarlier) {
        look.cannot_signal = "fewer than 20 reports before the last two quarters to compare with";
        return look;
    }
    const double alpha = static_cast<double>(spec.alpha_millionths) / 1e6;
    const std::int64_t fewest = spec.least > 0 ? spec.least : kFewestRecent;
    for (const auto& [site, counts] : delays.units()) {
        Halves halves;
        sort_in(halves, counts.of(ScreenColumn::events), quarter);
        const std::int64_t recent = size_of(halves.recent);
        if (recent == 0 && halves.earlier.empty()) continue;
        const bool own = size_of(halves.earlier) >= kFewestEarlier;
        const Delays& reference = own ? halves.earlier : all.earlier;
        const std::int32_t limit = quantile_of(reference, 0.9);
        // The share of the reference beyond its own 90th percentile, half a report more so that it is never 0.
        const double share = std::min(1.0, (static_cast<double>(later_than(reference, limit)) + 0.5) /
                                               (static_cast<double>(size_of(reference)) + 1));
        const std::int64_t late = later_than(halves.recent, limit);
        const double tail =
            special::binomial_upper(static_cast<double>(late), static_cast<double>(recent), std::max(share, 0.1));
        ScreenUnit unit;
        unit.unit = site;
        unit.cause = "delay";
        unit.side = "late";
        unit.p = std::min(1.0, static_cast<double>(delays.units().size()) * tail);
        unit.raised = recent >= fewest && *unit.p <= alpha;
        unit.figures = {{"recent_reports", static_cast<double>(recent)},
                        {"recent_median_days", std::nullopt},
                        {"recent_p90_days", std::nullopt},
                        {"earlier_median_days", static_cast<double>(quantile_of(reference, 0.5))},
                        {"earlier_p90_days", static_cast<double>(limit)},
                        {"recent_later_than_p90", static_cast<double>(late)}};
        unit.words = site + ": no report in the last two quarters.";
        if (recent > 0) {
            const std::int32_t median = quantile_of(halves.recent, 0.5);
            const std::int32_t p90 = quantile_of(halves.recent, 0.9);
            unit.figures[1].value = median;
            unit.figures[2].value = p90;
            unit.words = site + ": " + std::to_string(recent) +
                         " infections first reported in the last two quarters, " + "median " + days_text(median) +
                         " after onset, 90th percentile " + days_text(p90) + "; before " + (own ? "" : "(all sites) ") +
                         "median " + days_text(quantile_of(reference, 0.5)) + ", 90th percentile " + days_text(limit) +
                         ". " + std::to_string(late) + " came later than that, p " + number_text(*unit.p) +
                         " over all sites.";
        }
        if (unit.raised) unit.clears = "The site reports the next infections within " + days_text(limit) + ".";
        look.units.push_back(std::move(unit));
    }
    return look;
}

}  // namespace cellvigil
