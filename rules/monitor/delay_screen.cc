// C09: does a site report later than it did? Compared with its own earlier quarters, or with all sites' while it has
// few.
#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "rules/monitor/screen.h"
#include "rules/monitor/screen_text.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {
namespace {

constexpr std::int64_t kFewestEarlier = 20;
constexpr std::int64_t kFewestRecent = 5;

// Reports by days from onset.
class Delays {
  public:
    void add(std::int32_t days, std::int64_t reports) {
        by_day_[static_cast<std::size_t>(days)] += reports;
        size_ += reports;
    }
    void merge(const Delays& other) {
        for (std::size_t day = 0; day < by_day_.size(); ++day) by_day_[day] += other.by_day_[day];
        size_ += other.size_;
    }
    std::int64_t size() const { return size_; }
    // The smallest delay that at least this share of the reports do not exceed. There is a report.
    std::int32_t quantile(double share) const {
        const double wanted = share * static_cast<double>(size_);
        double seen = 0;
        std::int32_t last = 0;
        for (std::size_t day = 0; day < by_day_.size(); ++day) {
            if (by_day_[day] == 0) continue;
            last = static_cast<std::int32_t>(day);
            seen += static_cast<double>(by_day_[day]);
            if (seen >= wanted) break;
        }
        return last;
    }
    std::int64_t later_than(std::int32_t limit) const {
        const auto from = by_day_.begin() + limit + 1;
        return std::accumulate(from, by_day_.end(), std::int64_t{0});
    }

  private:
    std::array<std::int64_t, kDelayCap + 1> by_day_{};
    std::int64_t size_ = 0;
};

struct Halves {
    Delays earlier;
    Delays recent;  // of this quarter and the one before
};
Halves halves_of(const ScreenTable::Row& row, std::int32_t quarter) {
    Halves halves;
    for (const auto& [place, reports] : row) {
        if (reports == 0 || quarter_at(place) > quarter) continue;
        (quarter_at(place) >= quarter - 1 ? halves.recent : halves.earlier).add(delay_at(place), reports);
    }
    return halves;
}

}  // namespace

ScreenLook look_at_delays(const ScreenSpec& spec, const ScreenTable& delays, CalendarDay through) {
    ScreenLook look;
    const std::int32_t quarter = through / kQuarterDays;
    std::vector<Halves> sites;
    sites.reserve(delays.units().size());
    Delays all_earlier;
    for (const auto& [site, counts] : delays.units()) {
        sites.push_back(halves_of(counts.of(ScreenColumn::events), quarter));
        all_earlier.merge(sites.back().earlier);
    }
    if (all_earlier.size() < kFewestEarlier) {
        look.cannot_signal = "fewer than 20 reports before the last two quarters to compare with";
        return look;
    }
    const double alpha = static_cast<double>(spec.alpha_millionths) / 1e6;
    const std::int64_t fewest = spec.least > 0 ? spec.least : kFewestRecent;
    auto half = sites.begin();
    for (const auto& [site, counts] : delays.units()) {
        const Halves& halves = *half++;
        const std::int64_t recent = halves.recent.size();
        if (recent == 0 && halves.earlier.size() == 0) continue;
        const bool own = halves.earlier.size() >= kFewestEarlier;
        const Delays& reference = own ? halves.earlier : all_earlier;
        const std::int32_t limit = reference.quantile(0.9);
        // The share of the reference beyond its own 90th percentile, half a report more so that it is never 0.
        const double share = std::min(1.0, (static_cast<double>(reference.later_than(limit)) + 0.5) /
                                               (static_cast<double>(reference.size()) + 1));
        const std::int64_t late = halves.recent.later_than(limit);
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
                        {"earlier_median_days", static_cast<double>(reference.quantile(0.5))},
                        {"earlier_p90_days", static_cast<double>(limit)},
                        {"recent_later_than_p90", static_cast<double>(late)}};
        unit.words = site + ": no report in the last two quarters.";
        if (recent > 0) {
            const std::int32_t median = halves.recent.quantile(0.5);
            const std::int32_t p90 = halves.recent.quantile(0.9);
            unit.figures[1].value = median;
            unit.figures[2].value = p90;
            unit.words = site + ": " + std::to_string(recent) +
                         " infections first reported in the last two quarters, " + "median " + days_text(median) +
                         " after onset, 90th percentile " + days_text(p90) + "; before " + (own ? "" : "(all sites) ") +
                         "median " + days_text(reference.quantile(0.5)) + ", 90th percentile " + days_text(limit) +
                         ". " + std::to_string(late) + " came later than that, p " + number_text(*unit.p) +
                         " over all sites.";
        }
        if (unit.raised) unit.clears = "The site reports the next infections within " + days_text(limit) + ".";
        look.units.push_back(std::move(unit));
    }
    return look;
}

}  // namespace cellvigil
