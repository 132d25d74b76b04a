// What a screen's look leaves in the store, and what is told of screens and of who has an event.
#include "daemon/pipeline/screen_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "daemon/pipeline/screen_views.h"
#include "tests/support/case_name.h"

namespace cellvigil::pipeline {
namespace {

namespace json = boost::json;
using testing::ElementsAre;

constexpr CalendarDay kThrough = 20'000;
const Instant kAt = start_of(SiteDate(days(kThrough + 2)), UtcOffset(0));

Catalogue catalogue(ScreenMethod method) {
    Catalogue catalogue;
    catalogue.cohorts.push_back({.id = "all", .products = {}, .studies = {}, .cohorts = {}, .sites = {}, .lots = {}});
    MonitorSpec monitor;
    monitor.id = "zoster";
    monitor.cohort = "all";
    monitor.endpoint = ReportedEndpoint::zoster_past_day_90;
    monitor.method = MonitorMethod::gamma_poisson;
    monitor.limit_millionths = 50'000;
    monitor.planned_subjects = 48;
    monitor.planned_person_days = 30'681;
    catalogue.monitors = {monitor, monitor};
    catalogue.monitors[1].id = "zoster-strict";
    catalogue.monitors[1].limit_millionths = 20'000;
    ScreenSpec screen;
    screen.id = "a-screen";
    screen.cohort = "all";
    screen.method = method;
    catalogue.screens.push_back(screen);
    return catalogue;
}

ScreenUnit unit(bool raised, const std::string& name = "site-02") {
    ScreenUnit unit;
    unit.unit = name;
    unit.raised = raised;
    unit.cause = "rate";
    unit.side = "high";
    unit.p = 0.01;
    unit.figures = {{"events", 7.0}, {"z", std::nullopt}};
    unit.words = "seven events";
    unit.clears = raised ? "one event fewer" : "";
    return unit;
}

Looked looked(ScreenMethod method, std::vector<ScreenUnit> units) {
    Looked looked;
    looked.prepared = std::make_shared<const Prepared>(prepare(watch_plan(catalogue(method))));
    looked.screens.resize(1);
    looked.screens[0].units = std::move(units);
    looked.live_through = kThrough;
    return looked;
}

std::string id_of_unit(const Looked& looked) {
    return screen_alarm_id(looked.prepared->plan.screens.screens[0].spec, looked.screens[0].units[0]);
}

std::vector<store::AlertRow> standing(const std::string& id, std::uint32_t revision) {
    if (revision == 0) return {};
    store::AlertRow row;
    row.alert_id = id;
    row.revision = revision;
    row.state = revision % 2 == 1 ? store::AlertState::raised : store::AlertState::cleared;
    return {row};
}

RuleSet rules() {
    RuleSet rules;
    rules.pack = "a-pack";
    rules.hash = "its-hash";
    return rules;
}

std::string encoded(const ScreenNews& news) { return "told " + std::to_string(news.revision); }

struct TurnCase {
    const char* name;
    std::uint32_t before;  // the standing revision; 0: none. Odd: raised
    bool raised;
    std::uint32_t after;  // the new revision; 0: nothing is written
};
class ScreenTurns : public testing::TestWithParam<TurnCase> {};
TEST_P(ScreenTurns, write_a_revision) {
    const Looked seen = looked(ScreenMethod::site_outlier, {unit(GetParam().raised)});
    Batch batch;
    append_screens(batch, seen, kAt, standing(id_of_unit(seen), GetParam().before), rules(), encoded);
    if (GetParam().after == 0) {
        EXPECT_TRUE(batch.commit.alerts.empty() && batch.commit.outbox.empty() && batch.commit.audit.empty());
        EXPECT_TRUE(batch.alerts.empty());
        return;
    }
    ASSERT_EQ(batch.commit.alerts.size(), 1U);
    EXPECT_EQ(batch.commit.alerts[0].revision, GetParam().after);
    EXPECT_EQ(batch.commit.alerts[0].state, GetParam().raised ? store::AlertState::raised : store::AlertState::cleared);
    ASSERT_EQ(batch.commit.outbox.size(), 1U);
    EXPECT_EQ(batch.commit.outbox[0].id, id_of_unit(seen) + "." + std::to_string(GetParam().after));
    EXPECT_EQ(batch.commit.outbox[0].body, "told " + std::to_string(GetParam().after));
    EXPECT_EQ(batch.commit.audit.at(0).what, GetParam().after == 1 ? "alert.raised" : "alert.updated");
    EXPECT_EQ(batch.alerts.at(0).change,
              GetParam().after == 1 ? metrics::AlertChange::raised : metrics::AlertChange::updated);
}
INSTANTIATE_TEST_SUITE_P(Revisions, ScreenTurns,
                         testing::Values(TurnCase{"quiet_stays_quiet", 0, false, 0}, TurnCase{"raised", 0, true, 1},
                                         TurnCase{"raised_already", 1, true, 0}, TurnCase{"no_longer", 1, false, 2},
                                         TurnCase{"no_longer_already", 2, false, 0}, TurnCase{"again", 2, true, 3},
                                         TurnCase{"again_already", 3, true, 0}),
                         CaseName{});

struct SiteCase {
    const char* name;
    ScreenMethod method;
    const char* rule;
    const char* severity;
    const char* site;
    bool endpoint;
};
class ScreenRow : public testing::TestWithParam<SiteCase> {};
TEST_P(ScreenRow, says_what_it_is_about) {
    const Looked seen = looked(GetParam().method, {unit(true)});
    Batch batch;
    append_screens(batch, seen, kAt, {}, rules(), encoded);
    const store::AlertRow& row = batch.commit.alerts.at(0);
    EXPECT_EQ(row.alert_id, id_of_unit(seen));
    EXPECT_EQ(row.rule, GetParam().rule);
    EXPECT_EQ(row.severity, GetParam().severity);
    EXPECT_EQ(row.site, GetParam().site);
    EXPECT_EQ(row.cohort, "all");
    EXPECT_EQ(row.subject_key, "");
    EXPECT_EQ(row.state, store::AlertState::raised);
    EXPECT_EQ(row.event_time, start_of(SiteDate(days(kThrough)), UtcOffset(0)));
    EXPECT_EQ(row.body, "told 1");
    const store::AuditRow& kept = batch.commit.audit.at(0);
    EXPECT_EQ(kept.at, kAt);
    EXPECT_EQ(kept.object, row.alert_id);
    const json::object detail = json::parse(kept.detail).as_object();
    EXPECT_EQ(detail.at("unit"), "site-02");
    EXPECT_EQ(detail.at("through_day"), kThrough);
    EXPECT_EQ(detail.at("p"), 0.01);
    EXPECT_EQ(detail.at("figures").at("events"), 7.0);
    EXPECT_TRUE(detail.at("figures").at("z").is_null());
    EXPECT_EQ(detail.at("clears"), "one event fewer");
    EXPECT_EQ(detail.at("pack"), "a-pack");
    EXPECT_EQ(detail.at("pack_hash"), "its-hash");
    EXPECT_EQ(detail.contains("endpoint"), GetParam().endpoint);
}
INSTANTIATE_TEST_SUITE_P(
    Methods, ScreenRow,
    testing::Values(SiteCase{"sites", ScreenMethod::site_outlier, "C07", "high", "site-02", true},
                    SiteCase{"lots", ScreenMethod::lot_scan, "C08", "high", "", true},
                    SiteCase{"delays", ScreenMethod::reporting_delay, "C09", "medium", "site-02", false},
                    SiteCase{"completeness", ScreenMethod::completeness, "C10", "medium", "", false},
                    SiteCase{"pairs", ScreenMethod::ic, "C13", "medium", "", false}),
    CaseName{});

TEST(ScreenRows, every_unit_turns_by_itself) {
    const Looked seen = looked(ScreenMethod::site_outlier, {unit(true, "a"), unit(false, "b"), unit(true, "c")});
    Batch batch;
    append_screens(batch, seen, kAt, standing(id_of_unit(seen), 1), rules(), encoded);
    ASSERT_EQ(batch.commit.alerts.size(), 1U) << "a stands, b is quiet";
    EXPECT_EQ(batch.commit.alerts[0].site, "c");
}

TEST(ScreenRows, nothing_is_written_of_what_was_not_looked_at) {
    Looked seen = looked(ScreenMethod::site_outlier, {unit(true)});
    Batch batch;
    append_screens(batch, seen, kAt, {}, rules(), nullptr);
    seen.live_through.reset();
    append_screens(batch, seen, kAt, {}, rules(), encoded);
    EXPECT_TRUE(batch.commit.alerts.empty());
}

// ---- what is told

TEST(ScreensJson, has_every_unit_with_every_figure) {
    Looked seen = looked(ScreenMethod::site_outlier, {unit(true), unit(false, "site-03")});
    seen.screens[0].units[1].p.reset();
    seen.screens[0].left_out = 4;
    const json::array screens = screens_json(&seen);
    ASSERT_EQ(screens.size(), 1U);
    EXPECT_EQ(screens[0].at("rule"), "C07");
    EXPECT_EQ(screens[0].at("alpha"), 0.05);
    EXPECT_EQ(screens[0].at("endpoint"), "zoster_past_day_90");
    EXPECT_EQ(screens[0].at("left_out"), 4);
    EXPECT_TRUE(screens[0].at("cannot_signal").is_null());
    const json::value& first = screens[0].at("units").at(0);
    EXPECT_EQ(first.at("alert_id"), json::value(id_of_unit(seen)));
    EXPECT_EQ(first.at("raised"), true);
    EXPECT_EQ(first.at("words"), "seven events");
    EXPECT_EQ(first.at("figures").at("events"), 7.0);
    EXPECT_TRUE(screens[0].at("units").at(1).at("p").is_null());
    EXPECT_TRUE(screens_json(nullptr).empty());
}

TEST(ScreensJson, says_why_one_cannot_signal) {
    Looked seen = looked(ScreenMethod::completeness, {});
    seen.screens[0].cannot_signal = "nobody has been at risk";
    const json::array screens = screens_json(&seen);
    EXPECT_EQ(screens.at(0).at("cannot_signal"), "nobody has been at risk");
    EXPECT_TRUE(screens.at(0).at("endpoint").is_null());
    EXPECT_TRUE(screens.at(0).at("units").as_array().empty());
}

struct NamedCase {
    const char* name;
    bool formally;
    bool live;
    std::size_t named;
    std::size_t shown;  // of the one signal; 0: there is no signal
    bool more;
};
class NamedSubjects : public testing::TestWithParam<NamedCase> {};
TEST_P(NamedSubjects, are_those_of_what_crossed) {
    Looked seen = looked(ScreenMethod::site_outlier, {});
    seen.signals.resize(2);
    seen.live.resize(2);
    seen.subjects.resize(2);
    if (GetParam().formally) seen.signals[1].signal.crossed = Crossing{};
    if (GetParam().live) seen.live[1].signal.crossed = Crossing{};
    for (std::size_t i = 0; i < GetParam().named; ++i) seen.subjects[1].push_back("S/" + std::to_string(i));
    const json::value told = json::parse(signal_subjects_json(&seen, [](std::string_view) { return true; }));
    EXPECT_EQ(told.at("through"), "2024-10-04");
    const json::array& signals = told.at("signals").as_array();
    ASSERT_EQ(signals.size(), GetParam().shown == 0 ? 0U : 1U);
    if (GetParam().shown == 0) return;
    EXPECT_EQ(signals[0].at("monitor"), "zoster-strict");
    EXPECT_EQ(signals[0].at("alert_id"), json::value(seen.prepared->watches[1].alarm_id));
    EXPECT_EQ(signals[0].at("endpoint"), "zoster_past_day_90");
    EXPECT_EQ(signals[0].at("subjects").as_array().size(), GetParam().shown);
    EXPECT_EQ(signals[0].at("more"), GetParam().more);
}
INSTANTIATE_TEST_SUITE_P(Signals, NamedSubjects,
                         testing::Values(NamedCase{"nothing_crossed", false, false, 3, 0, false},
                                         NamedCase{"in_the_last_look", true, false, 3, 3, false},
                                         NamedCase{"provisionally", false, true, 3, 3, false},
                                         NamedCase{"fifty", true, true, kMostNamed, kMostNamed, false},
                                         NamedCase{"fifty_one", true, true, kMostNamed + 1, kMostNamed, true}),
                         CaseName{});

TEST(NamedSubjectsOfAStudy, are_shown_to_who_may_see_them) {
    Looked seen = looked(ScreenMethod::site_outlier, {});
    seen.live.resize(2);
    seen.live[0].signal.crossed = Crossing{};
    seen.subjects = {{"P/1", "Q/1", "P/2"}, {}};
    const json::value told =
        json::parse(signal_subjects_json(&seen, [](std::string_view key) { return key.starts_with("P/"); }));
    EXPECT_EQ(told.at("signals").at(0).at("subjects"), (json::array{"P/1", "P/2"}));
    EXPECT_EQ(signal_subjects_json(nullptr, [](std::string_view) { return true; }),
              "{\"through\":null,\"signals\":[]}\n");
}

}  // namespace
}  // namespace cellvigil::pipeline
