#include "rules/monitor/screen_memo.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "rules/stats/mgps_fit.h"

namespace cellvigil {
namespace {

constexpr CalendarDay kMonthBegin = 600 * kMonthDays;

Prepared prepared_with(const std::vector<ScreenMethod>& methods) {
    Catalogue catalogue;
    catalogue.cohorts.push_back({.id = "all", .products = {}, .studies = {}, .cohorts = {}, .sites = {}, .lots = {}});
    for (const ScreenMethod method : methods) {
        ScreenSpec screen;
        screen.id = name_of(method);
        screen.cohort = "all";
        screen.method = method;
        catalogue.screens.push_back(screen);
    }
    return prepare(watch_plan(catalogue));
}

std::string written(const std::vector<ScreenLook>& looks) {
    std::string text;
    for (const ScreenLook& look : looks) {
        text += look.cannot_signal + "|" + std::to_string(look.left_out) + "\n";
        for (const ScreenUnit& unit : look.units) {
            text += unit.unit + " " + unit.cause + " " + unit.side + (unit.raised ? " raised " : " ") + unit.words +
                    unit.clears + std::to_string(unit.p.value_or(-1));
            for (const ScreenFigure& figure : unit.figures)
                text += std::string(" ") + figure.name + "=" + std::to_string(figure.value.value_or(-1));
            text += "\n";
        }
    }
    return text;
}

// A fact more somewhere, or less: any table, any unit, any place.
void change(std::vector<ScreenTable>& tables, const ScreenPlan& plan, std::mt19937& random) {
    const std::size_t table = random() % tables.size();
    const auto any = static_cast<std::int32_t>(random() % 5);
    const ScreenGroup group = plan.tables[table].group;
    const std::string unit = group == ScreenGroup::completeness ? ""
                             : group == ScreenGroup::pairs
                                 ? "p" + std::to_string(random() % 3) + "#" + (any < 3 ? "zoster" : "crs_any")
                                 : "u" + std::to_string(random() % 4);
    const auto column = static_cast<ScreenColumn>(random() % kScreenColumns);
    const std::int32_t x = group == ScreenGroup::site_delays ? delay_place(kMonthBegin / kQuarterDays - any, 3 * any)
                           : group == ScreenGroup::pairs     ? kMonthBegin / kMonthDays - any
                                                             : any;
    tables[table].add(unit, column, x, static_cast<std::int64_t>(random() % 30));
}

TEST(ScreenMemo, a_look_is_the_one_without_a_memory) {
    const auto prepared = std::make_shared<const Prepared>(prepared_with(
        {ScreenMethod::site_outlier, ScreenMethod::lot_scan, ScreenMethod::reporting_delay, ScreenMethod::completeness,
         ScreenMethod::ic, ScreenMethod::eb05, ScreenMethod::prr, ScreenMethod::ror}));
    std::mt19937 random(11);
    std::vector<ScreenTable> tables(prepared->plan.screens.tables.size());
    ScreenMemo memo(prepared);
    CalendarDay day = kMonthBegin;
    for (int step = 0; step < 300; ++step) {
        if (random() % 3 != 0) change(tables, prepared->plan.screens, random);
        if (random() % 4 == 0) day += static_cast<CalendarDay>(random() % 40);
        ASSERT_EQ(written(memo.look(tables, day)), written(look_at_screens(*prepared, tables, day))) << step;
    }
    EXPECT_LT(memo.computed(), 300 * prepared->plan.screens.screens.size() * 3 / 5) << "little was remembered";
}

struct MemoCase {
    const char* name;
    ScreenMethod method;
    CalendarDay later;     // days after the first look
    std::size_t computed;  // of two looks at the same counts
};
class MemoOfTheDay : public testing::TestWithParam<MemoCase> {};
TEST_P(MemoOfTheDay, is_kept_while_the_day_says_nothing_else) {
    const MemoCase& one = GetParam();
    ScreenMemo memo(std::make_shared<const Prepared>(prepared_with({one.method})));
    const std::vector<ScreenTable> tables(memo.prepared()->plan.screens.tables.size());
    static_cast<void>(memo.look(tables, kMonthBegin));
    static_cast<void>(memo.look(tables, kMonthBegin + one.later));
    EXPECT_EQ(memo.computed(), one.computed);
}
constexpr CalendarDay kToNextQuarter = kQuarterDays - kMonthBegin % kQuarterDays;
INSTANTIATE_TEST_SUITE_P(
    Limits, MemoOfTheDay,
    testing::Values(MemoCase{"last_day_of_the_month", ScreenMethod::ic, kMonthDays - 1, 1},
                    MemoCase{"first_of_the_next", ScreenMethod::ic, kMonthDays, 2},
                    MemoCase{"last_day_of_the_quarter", ScreenMethod::reporting_delay, kToNextQuarter - 1, 1},
                    MemoCase{"first_of_the_next_quarter", ScreenMethod::reporting_delay, kToNextQuarter, 2},
                    MemoCase{"sites_take_nothing_of_the_day", ScreenMethod::site_outlier, 4000, 1}),
    [](const auto& one) { return one.param.name; });

// Thirty products and three hundred pairs: enough to fit.
ScreenTable many_pairs(std::int32_t month) {
    ScreenTable table;
    for (int product = 0; product < 30; ++product) {
        for (int kind = 0; kind < 10; ++kind)
            table.add("p" + std::to_string(product) + "#k" + std::to_string(kind), ScreenColumn::events, month,
                      1 + (product * kind) % 7 + (product == kind ? 20 : 0));
    }
    return table;
}

TEST(PairFit, is_of_the_months_before_and_is_not_done_again_for_the_same_counts) {
    ScreenSpec spec;
    spec.method = ScreenMethod::eb05;
    const std::int32_t month = kMonthBegin / kMonthDays;
    PairFit fit;
    ScreenTable table = many_pairs(month - 1);
    const ScreenLook first = look_at_pairs(spec, table, kMonthBegin, fit);
    EXPECT_EQ(fit.counts.cells.size(), 300U);
    EXPECT_NE(fit.prior.alpha1, MgpsPrior{}.alpha1);
    // A remembered prior is taken as it is: had it been fitted again, the mark would be gone.
    fit.prior.p = 0.123;
    table.add("p1#k1", ScreenColumn::events, month, 1);
    static_cast<void>(look_at_pairs(spec, table, kMonthBegin, fit));
    EXPECT_EQ(fit.prior.p, 0.123);
    table.add("p1#k1", ScreenColumn::events, month - 1, 1);
    static_cast<void>(look_at_pairs(spec, table, kMonthBegin, fit));
    EXPECT_NE(fit.prior.p, 0.123);
}

}  // namespace
}  // namespace cellvigil
