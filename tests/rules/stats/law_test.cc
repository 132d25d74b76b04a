// Laws that hold whatever the numbers: merging, identities between estimators, monotone boundaries, invariance.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <vector>

#include <rapidcheck/gtest.h>

#include "rules/stats/aalen_johansen.h"
#include "rules/stats/binomial_interval.h"
#include "rules/stats/cmaxsprt.h"
#include "rules/stats/information_component.h"
#include "rules/stats/kaplan_meier.h"
#include "rules/stats/maxsprt_poisson.h"
#include "rules/stats/mgps_fit.h"
#include "rules/stats/mgps_score.h"
#include "rules/stats/multiplicity.h"
#include "rules/stats/prefix_rule.h"
#include "rules/stats/site_gamma.h"
#include "rules/stats/special_functions.h"
#include "rules/stats/stop_rule_bin.h"
#include "rules/stats/stop_rule_gamma_poisson.h"

namespace cellvigil {
namespace {

constexpr Confidence k95{0.95};

struct Stay {
    std::int32_t origin = 0;
    std::int32_t exit = 0;
    int outcome = 0;  // 0 censored, else the cause
};

DayTable table_of(const std::vector<Stay>& stays, std::size_t causes) {
    DayTable table(causes);
    for (const Stay& stay : stays) {
        table.enter(stay.origin);
        if (stay.outcome == 0) {
            table.censor(stay.exit);
        } else {
            table.have_event(stay.exit, static_cast<std::size_t>(stay.outcome - 1));
        }
    }
    return table;
}

std::vector<Stay> some_stays(int causes, int fewest = 0) {
    std::vector<Stay> stays;
    const int count = *rc::gen::inRange(fewest, 60);
    for (int i = 0; i < count; ++i) {
        Stay stay;
        stay.origin = *rc::gen::element(-1, 0, 0, 0, 30, 90);
        stay.exit = stay.origin + *rc::gen::inRange(1, 80);
        stay.outcome = *rc::gen::inRange(0, causes + 1);
        stays.push_back(stay);
    }
    return stays;
}

RC_GTEST_PROP(DayTableLaw, any_split_merged_in_any_order_gives_equal_bits, ()) {
    const std::vector<Stay> stays = some_stays(2);
    const DayTable whole = table_of(stays, 2);
    const auto parts = static_cast<std::size_t>(*rc::gen::inRange(2, 8));
    std::vector<std::vector<Stay>> split(parts);
    for (const Stay& stay : stays) split[*rc::gen::inRange<std::size_t>(0, parts)].push_back(stay);
    DayTable merged(2);
    while (!split.empty()) {
        const auto next = *rc::gen::inRange<std::size_t>(0, split.size());
        merged.merge(table_of(split[next], 2));
        split.erase(split.begin() + static_cast<std::ptrdiff_t>(next));
    }
    RC_ASSERT(merged == whole);
    const auto one = kaplan_meier(*risk_table(merged), k95);
    const auto other = kaplan_meier(*risk_table(whole), k95);
    RC_ASSERT(one.points.size() == other.points.size());
    for (std::size_t i = 0; i < one.points.size(); ++i) {
        RC_ASSERT(one.points[i].survival == other.points[i].survival);
        RC_ASSERT(one.points[i].se == other.points[i].se);
        RC_ASSERT(one.points[i].interval == other.points[i].interval);
    }
    RC_ASSERT(risk_table(merged)->person_days() == risk_table(whole)->person_days());
}

RC_GTEST_PROP(DayTableLaw, what_is_subtracted_was_never_there, ()) {
    const std::vector<Stay> kept = some_stays(2);
    const std::vector<Stay> gone = some_stays(2);
    DayTable table = table_of(kept, 2);
    table.merge(table_of(gone, 2));
    table.subtract(table_of(gone, 2));
    RC_ASSERT(table == table_of(kept, 2));
}

RC_GTEST_PROP(DayTableLaw, person_days_are_the_sum_of_stays, ()) {
    const std::vector<Stay> stays = some_stays(1);
    std::int64_t days = 0;
    for (const Stay& stay : stays) days += stay.exit - stay.origin;
    RC_ASSERT(risk_table(table_of(stays, 1))->person_days() == days);
}

RC_GTEST_PROP(SurvivalLaw, without_censoring_it_is_the_empirical_survival, ()) {
    std::vector<Stay> stays = some_stays(1, 1);
    for (Stay& stay : stays) {
        stay.exit -= stay.origin;
        stay.origin = 0;
        stay.outcome = 1;
    }
    const SurvivalCurve curve = kaplan_meier(*risk_table(table_of(stays, 1)), k95);
    for (std::int32_t day = 0; day < 90; ++day) {
        const auto left =
            std::count_if(stays.begin(), stays.end(), [day](const Stay& stay) { return stay.exit > day; });
        const double share = static_cast<double>(left) / static_cast<double>(stays.size());
        RC_ASSERT(std::fabs(survival_on(curve, day).survival - share) < 1e-12);
    }
}

RC_GTEST_PROP(SurvivalLaw, incidences_of_all_causes_add_up_to_one_minus_survival, ()) {
    const auto risk = risk_table(table_of(some_stays(3), 3));
    const SurvivalCurve curve = kaplan_meier(*risk, k95);
    const std::vector<std::int32_t> days{0, 5, 20, 60, 95, 200};
    std::vector<double> sum(days.size(), 0);
    for (std::size_t cause = 0; cause < 3; ++cause) {
        const auto points = aalen_johansen(*risk, cause, days, k95);
        for (std::size_t i = 0; i < days.size(); ++i) sum[i] += points[i].incidence;
    }
    for (std::size_t i = 0; i < days.size(); ++i)
        RC_ASSERT(std::fabs(sum[i] - (1 - survival_on(curve, days[i]).survival)) < 1e-12);
}

RC_GTEST_PROP(SurvivalLaw, one_cause_is_one_minus_kaplan_meier_with_its_error, ()) {
    const auto risk = risk_table(table_of(some_stays(1), 1));
    const SurvivalCurve curve = kaplan_meier(*risk, k95);
    const std::vector<std::int32_t> days{0, 5, 20, 60, 95, 200};
    const auto points = aalen_johansen(*risk, 0, days, k95);
    for (std::size_t i = 0; i < days.size(); ++i) {
        const SurvivalPoint point = survival_on(curve, days[i]);
        RC_ASSERT(std::fabs(points[i].incidence - (1 - point.survival)) < 1e-12);
        if (point.se) RC_ASSERT(std::fabs(points[i].se - *point.se) < 1e-9);
    }
}

BinaryRule some_rule() {
    BinaryRule rule = default_binary_rule(*rc::gen::inRange(1, 61), *rc::gen::inRange(1, 40) / 100.0, 0);
    rule.alpha = *rc::gen::inRange(1, 20) / 100.0;
    rule.family = *rc::gen::element(BinaryFamily::pocock, BinaryFamily::obrien_fleming, BinaryFamily::wang_tsiatis,
                                    BinaryFamily::beta_binomial, BinaryFamily::chen_chaloner, BinaryFamily::sprt,
                                    BinaryFamily::maxsprt);
    rule.p1 = rule.p0 + (1 - rule.p0) * *rc::gen::inRange(1, 9) / 10.0;
    rule.nu = *rc::gen::inRange(0, 10) / 10.0;
    return rule;
}

RC_GTEST_PROP(BoundaryLaw, error_is_kept_and_the_boundary_does_not_fall, ()) {
    const BinaryRule rule = some_rule();
    const CalibratedBinaryRule calibrated = calibrate(rule);
    RC_ASSERT(calibrated.alpha_actual <= rule.alpha);
    RC_ASSERT(calibrated.alpha_actual == behaviour(calibrated.boundary, rule.p0).reject_probability);
    std::int32_t before = 0;
    for (std::size_t i = 0; i < calibrated.boundary.at.size(); ++i) {
        const std::int32_t at = calibrated.boundary.at[i];
        RC_ASSERT(at <= static_cast<std::int32_t>(i + 1));
        if (at != 0) RC_ASSERT(at >= before);
        if (at != 0) before = at;
    }
}

RC_GTEST_PROP(BoundaryLaw, more_alpha_never_raises_the_boundary, ()) {
    BinaryRule rule = some_rule();
    const BinaryBoundary strict = calibrate(rule).boundary;
    rule.alpha += 0.03;
    const BinaryBoundary loose = calibrate(rule).boundary;
    for (std::size_t i = 0; i < strict.at.size(); ++i) {
        if (strict.at[i] == 0) continue;
        RC_ASSERT(loose.at[i] != 0);
        RC_ASSERT(loose.at[i] <= strict.at[i]);
    }
}

RC_GTEST_PROP(BoundaryLaw, behaviour_adds_up, ()) {
    const CalibratedBinaryRule calibrated = calibrate(some_rule());
    const double p = *rc::gen::inRange(0, 101) / 100.0;
    const BinaryBehaviour shown = behaviour(calibrated.boundary, p);
    RC_ASSERT(shown.reject_probability >= 0 && shown.reject_probability <= 1 + 1e-12);
    // Wald's identity: every patient seen has the event with probability p.
    RC_ASSERT(std::fabs(shown.expected_events - p * shown.expected_patients) < 1e-9);
}

// Patients with random days and outcomes; the events become known one by one in random order.
RC_GTEST_PROP(PrefixLaw, the_final_alarm_is_the_rule_on_resolved_data_and_no_alarm_comes_that_it_would_not_raise, ()) {
    static const BinaryBoundary boundary = calibrate(default_binary_rule(48, 0.05, 0.05)).boundary;
    const int patients = *rc::gen::inRange(0, 49);
    std::vector<InfusionDayCount> final_table;
    std::vector<std::int32_t> event_days;
    std::int32_t day = 0;
    for (int i = 0; i < patients; ++i) {
        day += *rc::gen::inRange(0, 4);
        const bool event = *rc::gen::inRange(0, 8) == 0;
        final_table.push_back({day, 1, event ? 1 : 0});
        if (event) event_days.push_back(day);
    }
    // The rule, looked at at the end of each day of infusion.
    std::optional<PrefixAlarm> resolved;
    std::map<std::int32_t, std::pair<std::int64_t, std::int64_t>> by_day;
    for (const InfusionDayCount& row : final_table) {
        by_day[row.day].first += row.patients;
        by_day[row.day].second += row.known_events;
    }
    std::int64_t n = 0;
    std::int64_t x = 0;
    for (const auto& [at, counts] : by_day) {
        n += counts.first;
        x += counts.second;
        const std::int32_t limit = boundary.at[static_cast<std::size_t>(n - 1)];
        if (limit > 0 && x >= limit) {
            resolved = PrefixAlarm{n, x};
            break;
        }
    }
    const auto shuffled = [](std::vector<InfusionDayCount> rows) {
        for (std::size_t i = rows.size(); i > 1; --i)
            std::swap(rows[i - 1], rows[*rc::gen::inRange<std::size_t>(0, i)]);
        return rows;
    };
    RC_ASSERT(prefix_rule(shuffled(final_table), boundary) == resolved);

    std::vector<InfusionDayCount> known = final_table;
    for (InfusionDayCount& row : known) row.known_events = 0;
    bool has_alarmed = false;
    while (!event_days.empty()) {
        const auto next = *rc::gen::inRange<std::size_t>(0, event_days.size());
        known.push_back({event_days[next], 0, 1});
        event_days.erase(event_days.begin() + static_cast<std::ptrdiff_t>(next));
        const bool alarms = prefix_rule(known, boundary).has_value();
        RC_ASSERT(alarms || !has_alarmed);
        has_alarmed = alarms;
    }
    RC_ASSERT(has_alarmed == resolved.has_value());
}

RC_GTEST_PROP(EventLimitLaw, an_alarm_is_impossible_at_rate_0_and_likelier_at_a_higher_rate, ()) {
    const double expected = *rc::gen::inRange(1, 200) / 10.0;
    const EventLimits limits =
        calibrate(GammaPoissonRule{.expected = expected, .shape = *rc::gen::inRange(1, 50) / 10.0}).limits;
    const Horizon horizon{.expected = expected};
    RC_ASSERT(behaviour(limits, horizon, 0).alarm_probability == 0);
    RC_ASSERT(behaviour(limits, horizon, 1e-9).alarm_probability < 1e-6);
    double before = 0;
    for (const double ratio : {0.2, 0.5, 1.0, 1.5, 2.0, 4.0, 8.0}) {
        const EventLimitBehaviour shown = behaviour(limits, horizon, ratio);
        RC_ASSERT(shown.alarm_probability >= before);
        RC_ASSERT(shown.alarm_probability <= 1 + 1e-12);
        RC_ASSERT(shown.alarm_time <= expected * shown.alarm_probability + 1e-12);
        before = shown.alarm_probability;
    }
}

RC_GTEST_PROP(MaxsprtLaw, a_longer_watch_needs_a_larger_critical_value_and_keeps_its_error, ()) {
    const double expected = *rc::gen::inRange(20, 200) / 10.0;
    const std::int32_t fewest = *rc::gen::inRange(1, 5);
    const auto shorter = maxsprt_poisson_critical_value({{.expected = expected}, fewest, 0.05});
    const auto longer = maxsprt_poisson_critical_value({{.expected = expected + 0.5}, fewest, 0.05});
    RC_PRE(shorter.has_value());
    RC_ASSERT(longer.has_value());
    RC_ASSERT(*longer > *shorter);
    const EventLimits limits = maxsprt_poisson_limits(*shorter, fewest, expected);
    RC_ASSERT(std::fabs(behaviour(limits, {.expected = expected}, 1).alarm_probability - 0.05) < 1e-10);
}

RC_GTEST_PROP(MaxsprtLaw, a_limit_is_where_the_ratio_is_the_critical_value, ()) {
    const double cv = *rc::gen::inRange(1, 100) / 10.0;
    const std::int64_t n = *rc::gen::inRange(1, 50);
    const double mu = maxsprt_poisson_limit(cv, n);
    RC_ASSERT(std::fabs(maxsprt_poisson_llr(n, mu).value() - cv) < 1e-10 * cv);
    const std::int64_t history = *rc::gen::inRange(1, 500);
    const double tau = cmaxsprt_limit(cv, n, history);
    RC_ASSERT(std::fabs(cmaxsprt_llr(n, history, tau).value() - cv) < 1e-8 * cv);
}

TEST(ConditionalMaxsprtLaw, a_huge_history_is_a_known_rate) {
    constexpr std::int64_t history = 1'000'000;
    for (const double expected : {2.0, 5.0, 10.0}) {
        const auto conditional = cmaxsprt_critical_value({.history_events = history,
                                                          .fewest_events = 2,
                                                          .most_events = std::nullopt,
                                                          .most_tau = expected / static_cast<double>(history),
                                                          .alpha = 0.05,
                                                          .shape_offset = 0.5});
        const auto known = maxsprt_poisson_critical_value({{.expected = expected}, 2, 0.05});
        EXPECT_NEAR(conditional.value(), known.value(), 1e-4) << expected;
    }
}

RC_GTEST_PROP(DelayedLookLaw, waiting_until_the_horizon_is_a_single_look, ()) {
    const double expected = *rc::gen::inRange(5, 200) / 10.0;
    const auto n = static_cast<std::size_t>(*rc::gen::inRange(1, 30));
    EventLimits limits;
    limits.at.assign(n, 0);
    limits.at[n - 1] = expected;
    const Horizon at_end{.expected = expected, .first_look = expected};
    const double alarm = behaviour(limits, at_end, 1).alarm_probability;
    const double tail = special::poisson_upper(static_cast<double>(n), expected);
    RC_ASSERT(std::fabs(alarm - tail) < 1e-12 * tail);
}

MgpsPrior some_prior() {
    return {*rc::gen::inRange(1, 50) / 10.0, *rc::gen::inRange(1, 50) / 10.0, *rc::gen::inRange(1, 50) / 10.0,
            *rc::gen::inRange(1, 50) / 10.0, *rc::gen::inRange(1, 100) / 100.0};
}

RC_GTEST_PROP(MgpsLaw, swapping_the_components_changes_no_score, ()) {
    const MgpsPrior prior = some_prior();
    const MgpsPrior swapped{prior.alpha2, prior.beta2, prior.alpha1, prior.beta1, 1 - prior.p};
    const std::int64_t n = *rc::gen::inRange(0, 200);
    const double e = *rc::gen::inRange(1, 500) / 10.0;
    const MgpsScore one = mgps_score(prior, n, e);
    const MgpsScore other = mgps_score(swapped, n, e);
    RC_ASSERT(std::fabs(one.ebgm / other.ebgm - 1) < 1e-10);
    RC_ASSERT(std::fabs(one.eb05 / other.eb05 - 1) < 1e-10);
    RC_ASSERT(std::fabs(one.eb95 / other.eb95 - 1) < 1e-10);
    RC_ASSERT(std::fabs(one.weight + other.weight - 1) < 1e-12);
}

RC_GTEST_PROP(MgpsLaw, the_score_lies_between_the_means_of_the_components_and_below_the_posterior_mean, ()) {
    const MgpsPrior prior = some_prior();
    const std::int64_t count = *rc::gen::inRange(0, 200);
    const auto n = static_cast<double>(count);
    const double e = *rc::gen::inRange(1, 500) / 10.0;
    const MgpsScore score = mgps_score(prior, count, e);
    const double mean1 = (prior.alpha1 + n) / (prior.beta1 + e);
    const double mean2 = (prior.alpha2 + n) / (prior.beta2 + e);
    RC_ASSERT(score.ebgm <= score.weight * mean1 + (1 - score.weight) * mean2);
    RC_ASSERT(score.ebgm <= std::max(mean1, mean2));
    RC_ASSERT(score.eb05 < score.eb95);
    const double below = score.weight * special::gamma_lower(prior.alpha1 + n, (prior.beta1 + e) * score.eb05) +
                         (1 - score.weight) * special::gamma_lower(prior.alpha2 + n, (prior.beta2 + e) * score.eb05);
    RC_ASSERT(std::fabs(below - 0.05) < 1e-10);
}

RC_GTEST_PROP(MgpsLaw, with_many_reports_both_scores_point_the_same_way, ()) {
    const std::int64_t n = *rc::gen::inRange(20, 300);
    const double e = static_cast<double>(n) * *rc::gen::element(0.2, 0.4, 0.6, 1.7, 2.5, 5.0);
    const double ic = information_component(static_cast<double>(n), e, 0.5, k95).ic;
    RC_ASSERT((ic > 0) == (std::log(mgps_score(MgpsPrior{}, n, e).ebgm) > 0));
}

RC_GTEST_PROP(MgpsLaw, compressed_pairs_say_what_all_pairs_say_in_any_order, ()) {
    const auto products = *rc::gen::inRange<std::size_t>(2, 8);
    const auto events = *rc::gen::inRange<std::size_t>(2, 8);
    PairCounts counts;
    counts.product_totals.assign(products, 0);
    counts.event_totals.assign(events, 0);
    std::vector<std::vector<std::int64_t>> dense(products, std::vector<std::int64_t>(events, 0));
    for (std::size_t i = 0; i < products; ++i) {
        for (std::size_t j = 0; j < events; ++j) {
            dense[i][j] = i + j == 0 ? 3 : std::max(0, *rc::gen::inRange(-10, 10));
            counts.product_totals[i] += dense[i][j];
            counts.event_totals[j] += dense[i][j];
            counts.total += dense[i][j];
            if (dense[i][j] > 0)
                counts.cells.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j), dense[i][j]});
        }
    }
    const MgpsPrior prior = some_prior();
    double wanted = 0;
    for (std::size_t i = 0; i < products; ++i) {
        for (std::size_t j = 0; j < events; ++j) {
            const double e = static_cast<double>(counts.product_totals[i] * counts.event_totals[j]) /
                             static_cast<double>(counts.total);
            if (e == 0) continue;
            const auto n = static_cast<double>(dense[i][j]);
            wanted -= std::log(prior.p * std::exp(log_component(prior.alpha1, prior.beta1, n, e)) +
                               (1 - prior.p) * std::exp(log_component(prior.alpha2, prior.beta2, n, e)));
        }
    }
    const auto pairs = weighted_pairs(counts, ZeroCounts::included);
    const double got = mgps_negative_log_likelihood(prior, pairs, ZeroCounts::included);
    RC_ASSERT(std::fabs(got - wanted) < 1e-9 * std::fabs(wanted));
    std::reverse(counts.cells.begin(), counts.cells.end());
    const auto again = weighted_pairs(counts, ZeroCounts::included);
    RC_ASSERT(got == mgps_negative_log_likelihood(prior, again, ZeroCounts::included));
}

RC_GTEST_PROP(MgpsLaw, the_gradient_is_the_slope_of_the_likelihood, ()) {
    const MgpsPrior prior = some_prior();
    const auto zeros = *rc::gen::element(ZeroCounts::included, ZeroCounts::cut_off);
    const double lowest = zeros == ZeroCounts::included ? 0 : 1;
    std::vector<WeightedPair> pairs;
    for (int i = 0; i < 6; ++i)
        pairs.push_back({lowest + *rc::gen::inRange(0, 30), *rc::gen::inRange(1, 100) / 10.0, 1.0 + i});
    std::vector<double> gradient(5);
    mgps_negative_log_likelihood(prior, pairs, zeros, gradient);
    for (std::size_t i = 0; i < 5; ++i) {
        const auto at = [&](double step) {
            MgpsPrior moved = prior;
            if (i == 0) moved.alpha1 *= std::exp(step);
            if (i == 1) moved.beta1 *= std::exp(step);
            if (i == 2) moved.alpha2 *= std::exp(step);
            if (i == 3) moved.beta2 *= std::exp(step);
            if (i == 4) moved.p = 1 / (1 + (1 / prior.p - 1) * std::exp(-step));
            return mgps_negative_log_likelihood(moved, pairs, zeros);
        };
        const double slope = (at(1e-5) - at(-1e-5)) / 2e-5;
        RC_ASSERT(std::fabs(gradient[i] - slope) < 1e-4 * std::max(1.0, std::fabs(slope)));
    }
}

RC_GTEST_PROP(QuantileLaw, a_quantile_has_its_probability, ()) {
    const double a = std::exp(*rc::gen::inRange(-30, 80) / 10.0);
    const double b = std::exp(*rc::gen::inRange(-30, 80) / 10.0);
    const double p = std::exp(-*rc::gen::inRange(1, 400) / 10.0);
    const double low = special::beta_lower_quantile(a, b, p);
    // Near 1 the doubles are too far apart for more.
    if (low > 1e-290 && low < 0.9) RC_ASSERT(std::fabs(special::beta_lower(a, b, low) / p - 1) < 1e-9);
    const double x = special::gamma_lower_quantile(a, p);
    if (x > 1e-290) RC_ASSERT(std::fabs(special::gamma_lower(a, x) / p - 1) < 1e-9);
    RC_ASSERT(std::fabs(special::gamma_upper(a, special::gamma_upper_quantile(a, p)) / p - 1) < 1e-9);
    RC_ASSERT(std::fabs(special::normal_upper(special::normal_upper_quantile(p)) / p - 1) < 1e-9);
}

RC_GTEST_PROP(IntervalLaw, clopper_pearson_contains_the_estimate_and_mirrors, ()) {
    const std::int64_t n = *rc::gen::inRange(1, 500);
    const std::int64_t x = *rc::gen::inRange<std::int64_t>(0, n + 1);
    const Interval interval = clopper_pearson(x, n, k95).value();
    const double share = static_cast<double>(x) / static_cast<double>(n);
    RC_ASSERT(interval.lower <= share && share <= interval.upper);
    const Interval mirrored = clopper_pearson(n - x, n, k95).value();
    RC_ASSERT(std::fabs(interval.lower - (1 - mirrored.upper)) < 1e-12);
}

RC_GTEST_PROP(MultiplicityLaw, e_bh_rejects_the_largest_and_more_evidence_rejects_no_less, ()) {
    std::vector<double> e;
    for (int i = *rc::gen::inRange(1, 30); i > 0; --i) e.push_back(std::exp(*rc::gen::inRange(-20, 80) / 10.0));
    const std::vector<bool> rejected = e_benjamini_hochberg(e, 0.1);
    const auto count = std::count(rejected.begin(), rejected.end(), true);
    for (std::size_t i = 0; i < e.size(); ++i) {
        const bool is_large = e[i] * 0.1 * static_cast<double>(count) >= static_cast<double>(e.size());
        RC_ASSERT(!rejected[i] || is_large);
    }
    e[0] *= 10;
    const std::vector<bool> more = e_benjamini_hochberg(e, 0.1);
    RC_ASSERT(std::count(more.begin(), more.end(), true) >= count);
}

TEST(SiteGammaFit, survives_a_site_a_million_times_above_the_others) {
    std::vector<SiteEvents> sites{{31, 14.2}, {44, 19.9}, {12, 6.1}, {9, 9.8}, {1'000'000'000, 7.7}, {3, 2.0}};
    const auto fit = fit_site_gamma(sites);
    EXPECT_TRUE(!fit || fit->gamma.shape > 0);
}

}  // namespace
}  // namespace cellvigil
