// C13: is a kind of event reported disproportionately often of one product? A report is a subject and a kind of event.
#include <algorithm>
#include <map>
#include <set>

#include "rules/monitor/screen.h"
#include "rules/monitor/screen_text.h"
#include "rules/stats/information_component.h"
#include "rules/stats/mgps_fit.h"
#include "rules/stats/two_by_two.h"

namespace cellvigil {
namespace {

constexpr Confidence kConfidence{0.95};
constexpr double kShrinkage = 0.5;
constexpr std::int64_t kFewestReports = 3;
constexpr double kEscalates = 2;  // EB05

struct Reports {
    std::map<std::pair<std::string, std::string>, std::int64_t> pairs;  // product, kind
    std::map<std::string, std::int64_t> products;
    std::map<std::string, std::int64_t> kinds;
    std::int64_t total = 0;
};

// Through this month of onset.
Reports reports_through(const ScreenTable& table, std::int32_t month) {
    Reports reports;
    for (const auto& [unit, counts] : table.units()) {
        const std::size_t mark = unit.rfind('#');
        std::int64_t count = 0;
        for (const auto& [at, subjects] : counts.of(ScreenColumn::events)) {
            if (at <= month) count += subjects;
        }
        if (mark == std::string::npos || count <= 0) continue;
        const std::string product = unit.substr(0, mark);
        const std::string kind = unit.substr(mark + 1);
        reports.pairs[{product, kind}] += count;
        reports.products[product] += count;
        reports.kinds[kind] += count;
        reports.total += count;
    }
    return reports;
}

TwoByTwo two_by_two(const Reports& reports, const std::pair<std::string, std::string>& pair) {
    TwoByTwo table;
    const auto found = reports.pairs.find(pair);
    table.a = found == reports.pairs.end() ? 0 : found->second;
    const auto product = reports.products.find(pair.first);
    const auto kind = reports.kinds.find(pair.second);
    table.b = (product == reports.products.end() ? 0 : product->second) - table.a;
    table.c = (kind == reports.kinds.end() ? 0 : kind->second) - table.a;
    table.d = reports.total - table.a - table.b - table.c;
    return table;
}

double expected_of(const TwoByTwo& table) {
    const auto total = static_cast<double>(table.a + table.b + table.c + table.d);
    return total == 0 ? 0 : static_cast<double>(table.a + table.b) * static_cast<double>(table.a + table.c) / total;
}

bool ic_above_none(const TwoByTwo& table, std::int64_t fewest) {
    if (table.a < fewest) return false;
    return information_component(static_cast<double>(table.a), expected_of(table), kShrinkage, kConfidence)
               .interval.lower > 0;
}

// Fitted where there is enough to fit, over all pairs, those without a report included; else the fixed prior. Of whole
// months only: a month's first report does not refit, and a report weighs against what was known before it.
MgpsPrior prior_of(const Reports& reports, PairFit& last) {
    PairCounts counts;
    std::map<std::string, std::uint32_t> products;
    std::map<std::string, std::uint32_t> kinds;
    for (const auto& [name, total] : reports.products) {
        products.emplace(name, static_cast<std::uint32_t>(counts.product_totals.size()));
        counts.product_totals.push_back(total);
    }
    for (const auto& [name, total] : reports.kinds) {
        kinds.emplace(name, static_cast<std::uint32_t>(counts.event_totals.size()));
        counts.event_totals.push_back(total);
    }
    if (counts.product_totals.size() < kFewestProductsToFit || reports.pairs.size() < kFewestCellsToFit) return {};
    counts.total = reports.total;
    for (const auto& [pair, count] : reports.pairs)
        counts.cells.push_back({products.at(pair.first), kinds.at(pair.second), count});
    if (counts == last.counts) return last.prior;
    const auto fit = fit_mgps(weighted_pairs(counts, ZeroCounts::included), ZeroCounts::included);
    last = {std::move(counts), fit ? fit->prior : MgpsPrior{}};
    return last.prior;
}

struct PairScore {
    InformationComponent ic;
    MgpsScore mgps;
};

void add_ratio(ScreenUnit& unit, const char* name, const char* lower, const char* upper, const RatioEstimate& said) {
    unit.figures.push_back({name, said.ratio});
    unit.figures.push_back({lower, said.interval ? std::optional(said.interval->lower) : std::nullopt});
    unit.figures.push_back({upper, said.interval ? std::optional(said.interval->upper) : std::nullopt});
}

bool is_raised(const ScreenSpec& spec, const TwoByTwo& now, const TwoByTwo& before, const PairScore& score,
               std::int64_t fewest) {
    if (now.a < fewest) return false;
    switch (spec.method) {
        case ScreenMethod::ic:
            return score.ic.interval.lower > 0 && ic_above_none(before, fewest);
        case ScreenMethod::eb05:
            return score.mgps.eb05 >= kEscalates;
        case ScreenMethod::prr:
            return chi_squared(now).evans;
        case ScreenMethod::ror: {
            const RatioEstimate odds = reporting_odds_ratio(now, kConfidence);
            return odds.interval && odds.interval->lower > 1;
        }
        case ScreenMethod::site_outlier:
        case ScreenMethod::lot_scan:
        case ScreenMethod::reporting_delay:
        case ScreenMethod::completeness:
            break;
    }
    return false;
}

}  // namespace

ScreenLook look_at_pairs(const ScreenSpec& spec, const ScreenTable& pairs, CalendarDay through, PairFit& fit) {
    ScreenLook look;
    const std::int32_t month = through / kMonthDays;
    const Reports now = reports_through(pairs, month);
    const Reports before = reports_through(pairs, month - 1);
    if (now.products.size() < 2) {
        look.cannot_signal = "fewer than two products have reports";
        return look;
    }
    const std::int64_t fewest = spec.least > 0 ? spec.least : kFewestReports;
    const MgpsPrior prior = prior_of(before, fit);
    for (const auto& [pair, count] : now.pairs) {
        const TwoByTwo table = two_by_two(now, pair);
        const double expected = expected_of(table);
        const PairScore scored{information_component(static_cast<double>(table.a), expected, kShrinkage, kConfidence),
                               mgps_score(prior, table.a, expected)};
        const auto& [ic, score] = scored;
        ScreenUnit unit;
        unit.unit = pair.first + "#" + pair.second;
        unit.cause = "reporting";
        unit.side = "high";
        unit.raised = is_raised(spec, table, two_by_two(before, pair), scored, fewest);
        unit.figures = {{"reports", static_cast<double>(table.a)},
                        {"expected", expected},
                        {"ic", ic.ic},
                        {"ic025", ic.interval.lower},
                        {"ic975", ic.interval.upper},
                        {"ebgm", score.ebgm},
                        {"eb05", score.eb05},
                        {"eb95", score.eb95}};
        add_ratio(unit, "prr", "prr_lower", "prr_upper", proportional_reporting_ratio(table, kConfidence));
        add_ratio(unit, "ror", "ror_lower", "ror_upper", reporting_odds_ratio(table, kConfidence));
        unit.figures.push_back({"chi_squared_yates", chi_squared(table).yates});
        unit.words = pair.second + " of " + pair.first + ": " + std::to_string(table.a) + " reports, " +
                     number_text(expected) + " expected from all products; IC " + number_text(ic.ic) + " (" +
                     number_text(ic.interval.lower) + " to " + number_text(ic.interval.upper) + "), EBGM " +
                     number_text(score.ebgm) + " (EB05 " + number_text(score.eb05) + ").";
        if (unit.raised)
            unit.clears = "More reports of other kinds for the product, or of this kind for other products.";
        look.units.push_back(std::move(unit));
    }
    return look;
}

}  // namespace cellvigil
