// What the simulation finds against what is known exactly: false alarms against alpha, power against the recursion.
#include "daemon/backtest/backtest.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "daemon/backtest/picture.h"
#include "daemon/packs/rule_pack.h"

namespace cellvigil::backtest {
namespace {

using simulate::Scenario;

Catalogue pack() { return packs::load_pack(CELLVIGIL_SOURCE_DIR "/rules/packs/c-car039.yaml")->catalogue; }

// More subjects than are planned: every plan is used up, and what lies beyond it is not looked at.
Design design(Scenario scenario, std::uint32_t runs) {
    Design design;
    design.parameters = *simulate::preset("c-car039");
    design.parameters.now = *parse_rfc3339("2026-01-01T00:00:00Z");
    design.parameters.scenario_from = design.parameters.now - days(730);
    design.parameters.subjects = 64;
    design.parameters.seed = 11;
    design.parameters.scenario = scenario;
    design.runs = runs;
    return design;
}

const Characteristics& of(const std::vector<Characteristics>& rows, const std::string& monitor) {
    return *std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.monitor == monitor; });
}

double exact_power(const std::vector<Watched>& watched, const std::string& monitor, double ratio) {
    const auto found =
        std::find_if(watched.begin(), watched.end(), [&](const auto& one) { return one.monitor.id == monitor; });
    return *power(found->monitor, found->boundary, ratio);
}

std::vector<Characteristics> run(const Design& design, const std::vector<Watched>& watched) {
    auto rows = backtest(design, watched, {});
    EXPECT_TRUE(rows) << rows.error().detail;
    return *rows;
}

constexpr std::uint32_t kRuns = 1500;
constexpr double kErrors = 3.5;  // Monte Carlo standard errors

TEST(Backtest, false_alarms_of_every_monitor_equal_its_exact_alpha) {
    const auto watched = monitors_of(pack(), Base::at_limit).watched;
    ASSERT_EQ(watched.size(), 4U);
    for (const Characteristics& row : run(design(Scenario::none, kRuns), watched)) {
        const double error = std::sqrt(row.alpha * (1 - row.alpha) / kRuns);
        EXPECT_GT(row.plan_used_up, 0.99) << row.monitor;
        EXPECT_GT(row.alpha, 0.03) << row.monitor;
        EXPECT_NEAR(row.alarm.value, row.alpha, kErrors * error) << row.monitor;
        EXPECT_FALSE(row.power);
    }
}

TEST(Backtest, a_tripled_proportion_is_detected_with_the_exact_power) {
    const auto watched = monitors_of(pack(), Base::at_limit).watched;
    const auto rows = run(design(Scenario::crs_tripled, kRuns / 2), watched);
    const Characteristics& crs = of(rows, "crs-3");
    EXPECT_NEAR(crs.power->value, exact_power(watched, "crs-3", 3), kErrors * 0.5 / std::sqrt(kRuns / 2.0));
    EXPECT_EQ(crs.alarms_before_excess, 0U);
    EXPECT_LT(of(rows, "icans-3").alarm.value, 0.10);
    EXPECT_FALSE(of(rows, "icans-3").power);
}

struct Excess {
    Scenario scenario;
    double at_least_like;  // power lies between those of the limit times these ratios
    double at_most_like;
};

class Excesses : public testing::TestWithParam<Excess> {};

TEST_P(Excesses, are_detected_about_as_often_as_the_mean_rate_says) {
    const auto watched = monitors_of(pack(), Base::at_limit).watched;
    const auto rows = run(design(GetParam().scenario, kRuns / 3), watched);
    const Characteristics& zoster = of(rows, "zoster-past-day-90");
    const double error = 3 * 0.5 / std::sqrt(kRuns / 3.0);
    EXPECT_GT(zoster.alarm.value, exact_power(watched, "zoster-past-day-90", GetParam().at_least_like) - error);
    EXPECT_LT(zoster.alarm.value, exact_power(watched, "zoster-past-day-90", GetParam().at_most_like) + error);
    EXPECT_TRUE(zoster.power);
    EXPECT_LE(zoster.power->value, zoster.alarm.value);
}

// A lot of six at twice the rate is 7/6 of the rate, a site of four at three times 6/4; a doubling before the plan is
// used up lies between none and a doubling throughout.
INSTANTIATE_TEST_SUITE_P(Scenarios, Excesses,
                         testing::Values(Excess{Scenario::lot_doubled, 1.0, 1.3},
                                         Excess{Scenario::site_tripled, 1.3, 1.6},
                                         Excess{Scenario::hazard_doubled, 1.0, 2.0},
                                         Excess{Scenario::prophylaxis_shortened, 1.1, 4.0}),
                         [](const auto& row) {
                             std::string name = name_of(row.param.scenario);
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

TEST(Backtest, a_doubling_throughout_has_the_exact_power) {
    const auto watched = monitors_of(pack(), Base::at_limit).watched;
    Design doubled = design(Scenario::hazard_doubled, kRuns / 2);
    doubled.parameters.scenario_from = doubled.parameters.now - days(4000);
    const auto rows = run(doubled, watched);
    const Characteristics& zoster = of(rows, "zoster-past-day-90");
    EXPECT_NEAR(zoster.power->value, exact_power(watched, "zoster-past-day-90", 2),
                kErrors * 0.5 / std::sqrt(kRuns / 2.0));
    EXPECT_GT(zoster.mean_delay->value, 30);
}

TEST(Backtest, threads_do_not_change_a_figure_and_seeds_do) {
    const auto watched = monitors_of(pack(), Base::product).watched;
    Design one = design(Scenario::site_tripled, 40);
    one.base = Base::product;
    Design three = one;
    three.threads = 3;
    Design other = one;
    other.parameters.seed = 12;
    const Heading heading{"p", "c-car039", Base::product, 40, 64, 11};
    EXPECT_EQ(as_csv(heading, run(one, watched)), as_csv(heading, run(three, watched)));
    EXPECT_NE(as_csv(heading, run(one, watched)), as_csv(heading, run(other, watched)));
}

TEST(Backtest, refuses_designs_out_of_range) {
    const auto watched = monitors_of(pack(), Base::at_limit).watched;
    EXPECT_FALSE(backtest(design(Scenario::none, 0), watched, {}));
    Design threads = design(Scenario::none, 1);
    threads.threads = 0;
    EXPECT_FALSE(backtest(threads, watched, {}));
    Design nobody = design(Scenario::none, 1);
    nobody.parameters.subjects = 0;
    EXPECT_FALSE(backtest(nobody, watched, {}));
}

TEST(Backtest, says_which_monitors_it_cannot_simulate) {
    Catalogue catalogue = pack();
    catalogue.monitors[0].endpoint = ReportedEndpoint::serious_adverse_event;
    catalogue.monitors[1].method = MonitorMethod::conditional_maxsprt;
    const Selection selection = monitors_of(catalogue, Base::product);
    EXPECT_EQ(selection.watched.size(), 2U);
    EXPECT_EQ(selection.left_out.size(), 3U);  // and the share of disseminated zoster, which is of episodes
}

TEST(Summary, errors_of_shares_means_and_medians) {
    EXPECT_NEAR(share_of_runs(50, 1000).error, 0.006892, 1e-6);
    EXPECT_FALSE(mean_of({}));
    EXPECT_FALSE(median_of({}));
    EXPECT_DOUBLE_EQ(mean_of({1, 2, 3, 6})->value, 3);
    EXPECT_NEAR(mean_of({1, 2, 3, 6})->error, 1.0801, 1e-4);
    EXPECT_DOUBLE_EQ(median_of({6, 1, 3, 2})->value, 2.5);
    EXPECT_DOUBLE_EQ(median_of({5, 1, 3})->value, 3);
}

TEST(Picture, has_a_panel_per_monitor_and_a_line_per_scenario) {
    const auto watched = monitors_of(pack(), Base::at_limit).watched;
    const auto rows = run(design(Scenario::none, 5), watched);
    const std::string svg = as_svg({"a<b", "c-car039", Base::at_limit, 5, 64, 11}, rows);
    std::size_t lines = 0;
    for (std::size_t at = svg.find("<polyline"); at != std::string::npos; at = svg.find("<polyline", at + 1)) ++lines;
    EXPECT_EQ(lines, 4U);
    EXPECT_NE(svg.find("a&lt;b"), std::string::npos);
    EXPECT_NE(svg.find("zoster-past-day-90"), std::string::npos);
}

}  // namespace
}  // namespace cellvigil::backtest
