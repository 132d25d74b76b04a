// Products against each other: two-by-two tables, the information component, MGPS.
#include <array>

#include "daemon/tools/commands/calc_functions.h"
#include "rules/stats/information_component.h"
#include "rules/stats/mgps_fit.h"
#include "rules/stats/mgps_score.h"
#include "rules/stats/two_by_two.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

TwoByTwo two_by_two(CalcArguments& in) {
    return {.a = in.integer("a", kCount),
            .b = in.integer("b", kCount),
            .c = in.integer("c", kCount),
            .d = in.integer("d", kCount)};
}

using RatioOf = RatioEstimate (*)(const TwoByTwo&, Confidence);

CalcResult ratio(CalcArguments& in, std::string_view name, RatioOf ratio_of) {
    const TwoByTwo table = two_by_two(in);
    const Confidence confidence{in.number("conf", kInside)};
    if (in.fault()) return fail(*in.fault());
    const RatioEstimate estimate = ratio_of(table, confidence);
    const auto& interval = estimate.interval;
    return json::object{{name, json_of(estimate.ratio)},
                        {"lower", interval ? json::value(interval->lower) : json::value(nullptr)},
                        {"upper", interval ? json::value(interval->upper) : json::value(nullptr)}};
}

CalcResult prr(CalcArguments& in) { return ratio(in, "prr", proportional_reporting_ratio); }

CalcResult ror(CalcArguments& in) { return ratio(in, "ror", reporting_odds_ratio); }

CalcResult chisq_2x2(CalcArguments& in) {
    const TwoByTwo table = two_by_two(in);
    if (in.fault()) return fail(*in.fault());
    const ChiSquared result = chi_squared(table);
    return json::object{
        {"yates", json_of(result.yates)}, {"pearson", json_of(result.pearson)}, {"evans", result.evans}};
}

CalcResult ic(CalcArguments& in) {
    const double observed = in.number("obs", kNotNegative);
    const double expected = in.number("exp", kNotNegative);
    const double shrinkage = in.number("shrinkage", kPositive);
    const Confidence confidence{in.number("conf", kInside)};
    if (in.fault()) return fail(*in.fault());
    const InformationComponent result = information_component(observed, expected, shrinkage, confidence);
    return json::object{{"ic", result.ic}, {"ic025", result.interval.lower}, {"ic975", result.interval.upper}};
}

CalcResult expected_stratified(CalcArguments& in) {
    std::vector<ReportStratum> strata;
    for (const auto& row : in.records("strata", {"n_drug", "n_event", "n"}, kCount)) {
        if (in.fault()) break;
        in.require(row[0] <= row[2] && row[1] <= row[2], "strata", "must not hold more reports of a part than of all");
        strata.push_back({.product = row[0], .event = row[1], .all = row[2]});
    }
    if (in.fault()) return fail(*in.fault());
    return expected_reports(strata);
}

MgpsPrior theta(CalcArguments& in) {
    const std::vector<double> values = in.numbers("theta", kNotNegative);
    in.require(values.size() == 5, "theta", "must be a list of 5: alpha1, beta1, alpha2, beta2, P");
    if (values.size() != 5) return {};
    const MgpsPrior prior{values[0], values[1], values[2], values[3], values[4]};
    in.require(prior.alpha1 > 0 && prior.beta1 > 0 && prior.alpha2 > 0 && prior.beta2 > 0, "theta",
               "must hold parameters above 0");
    in.require(prior.p <= 1, "theta", "must end with a P of at most 1");
    return prior;
}

CalcResult mgps_score_of(CalcArguments& in) {
    const MgpsPrior prior = theta(in);
    const std::int64_t n = in.integer("n", kCount);
    const double expected = in.number("e", kPositive);
    if (in.fault()) return fail(*in.fault());
    const MgpsScore score = mgps_score(prior, n, expected);
    return json::object{{"qn", score.weight}, {"ebgm", score.ebgm}, {"eb05", score.eb05}, {"eb95", score.eb95}};
}

// Products in rows, events in columns; the totals are the sums.
PairCounts pair_counts(CalcArguments& in) {
    PairCounts counts;
    const auto rows = in.table("counts", {0, 1'000'000}, 0);
    if (in.fault()) return counts;
    in.require(!rows.empty() && !rows[0].empty(), "counts", "must hold at least one pair");
    if (in.fault()) return counts;
    in.require(rows.size() * rows[0].size() <= 1'000'000, "counts", "must hold at most a million pairs");
    counts.product_totals.assign(rows.size(), 0);
    counts.event_totals.assign(rows[0].size(), 0);
    for (std::size_t i = 0; i < rows.size() && !in.fault(); ++i) {
        in.require(rows[i].size() == rows[0].size(), "counts", "must have rows of one length");
        for (std::size_t j = 0; j < rows[i].size() && !in.fault(); ++j) {
            const std::int64_t count = rows[i][j];
            counts.product_totals[i] += count;
            counts.event_totals[j] += count;
            counts.total += count;
            if (count > 0)
                counts.cells.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), count});
        }
    }
    in.require(counts.total > 0, "counts", "must hold a report");
    in.require(counts.total <= 2'000'000'000, "counts", "must hold at most 2000000000 reports");
    return counts;
}

ZeroCounts zeros(CalcArguments& in) { return in.flag("zeros") ? ZeroCounts::included : ZeroCounts::cut_off; }

CalcResult mgps_negll(CalcArguments& in) {
    const MgpsPrior prior = theta(in);
    const PairCounts counts = pair_counts(in);
    const ZeroCounts which = zeros(in);
    if (in.fault()) return fail(*in.fault());
    return mgps_negative_log_likelihood(prior, weighted_pairs(counts, which), which);
}

// The pairs that are scored: those asked for, else the first three with at least three reports, column by column, which
// is enough to compare a fit with another program's.
std::vector<PairCounts::Cell> pairs_to_score(CalcArguments& in, const PairCounts& counts) {
    const std::size_t products = counts.product_totals.size();
    const std::size_t events = counts.event_totals.size();
    std::vector<std::int64_t> dense(products * events, 0);
    for (const PairCounts::Cell& cell : counts.cells) dense[cell.product * events + cell.event] = cell.count;
    std::vector<PairCounts::Cell> chosen;
    if (in.has("cells")) {
        for (const auto& pair : in.table("cells", kCount, 2)) {
            if (in.fault()) break;
            const auto i = static_cast<std::size_t>(pair[0]);
            const auto j = static_cast<std::size_t>(pair[1]);
            in.require(i < products && j < events, "cells", "must name rows and columns of counts, from 0");
            if (in.fault()) break;
            chosen.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), dense[i * events + j]});
        }
        return chosen;
    }
    for (std::size_t j = 0; j < events && chosen.size() < 3; ++j) {
        for (std::size_t i = 0; i < products && chosen.size() < 3; ++i) {
            const std::int64_t count = dense[i * events + j];
            if (count >= 3) chosen.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), count});
        }
    }
    return chosen;
}

CalcResult mgps_fit(CalcArguments& in) {
    const PairCounts counts = pair_counts(in);
    const ZeroCounts which = zeros(in);
    const auto pairs = in.fault() ? std::vector<PairCounts::Cell>{} : pairs_to_score(in, counts);
    if (in.fault()) return fail(*in.fault());
    const auto fit = fit_mgps(weighted_pairs(counts, which), which);
    if (!fit) return json::value(nullptr);
    json::array scores;
    for (const PairCounts::Cell& pair : pairs) {
        const double totals = static_cast<double>(counts.product_totals[pair.product]) *
                              static_cast<double>(counts.event_totals[pair.event]);
        if (totals == 0) {
            scores.push_back(
                json::object{{"row", pair.product}, {"col", pair.event}, {"ebgm", nullptr}, {"eb05", nullptr}});
            continue;
        }
        const MgpsScore score = mgps_score(fit->prior, pair.count, totals / static_cast<double>(counts.total));
        scores.push_back(json::object{{"row", pair.product},
                                      {"col", pair.event},
                                      {"ebgm", score.ebgm},
                                      {"eb05", score.eb05},
                                      {"eb95", score.eb95}});
    }
    const MgpsPrior& prior = fit->prior;
    return json::object{{"nll_min", fit->negative_log_likelihood},
                        {"theta", json::array{prior.alpha1, prior.beta1, prior.alpha2, prior.beta2, prior.p}},
                        {"scores", scores}};
}

constexpr auto kFunctions = std::to_array<CalcFunction>({
    {"prr", "a b c d conf", prr},
    {"ror", "a b c d conf", ror},
    {"chisq_2x2", "a b c d", chisq_2x2},
    {"ic", "obs exp shrinkage conf", ic},
    {"expected_stratified", "strata", expected_stratified},
    {"mgps_score", "theta n e", mgps_score_of},
    {"mgps_negll", "theta counts zeros", mgps_negll},
    {"mgps_fit", "counts zeros cells?", mgps_fit},
});

}  // namespace

std::span<const CalcFunction> disproportionality_functions() { return kFunctions; }

}  // namespace cellvigil::tools
