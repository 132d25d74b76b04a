// What the API tells of monitors beside their reference profiles.
#include "daemon/pipeline/signal_views.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace cellvigil::pipeline {
namespace {

namespace json = boost::json;

Looked looked(const std::string& reference, std::int64_t subjects) {
    Catalogue catalogue;
    catalogue.cohorts.push_back({.id = "all", .products = {}, .studies = {}, .cohorts = {}, .sites = {}, .lots = {}});
    Profile profile;
    profile.id = "old";
    ReferenceRate rate;
    rate.set = "safety";
    rate.endpoint = ReportedEndpoint::crs_3;
    rate.events_first = rate.events_last = 1;
    rate.subjects = 48;
    rate.tier = SourceTier::label;
    profile.rates.push_back(rate);
    catalogue.profiles.push_back(profile);
    MonitorSpec monitor;
    monitor.id = "crs-3";
    monitor.cohort = "all";
    monitor.limit_millionths = 50'000;
    monitor.planned_subjects = 48;
    monitor.reference = reference;
    catalogue.monitors.push_back(monitor);
    Looked looked;
    looked.prepared = std::make_shared<const Prepared>(prepare(watch_plan(catalogue)));
    WatchSignal signal;
    signal.signal.events = subjects == 0 ? 0 : 3;
    signal.signal.subjects = subjects;
    looked.signals.push_back(signal);
    looked.through = 20'000;
    return looked;
}

json::value reference_of(const Looked& looked) {
    return json::parse(signals_json(&looked)).at("signals").at(0).at("reference");
}

TEST(SignalViews, a_signal_stands_beside_its_reference) {
    const json::value reference = reference_of(looked("old", 20));
    EXPECT_EQ(reference.at("profile"), json::value("old"));
    EXPECT_EQ(reference.at("analysis_set"), json::value("safety"));
    EXPECT_EQ(reference.at("events_first"), json::value(1));
    EXPECT_EQ(reference.at("events_last"), json::value(1));
    EXPECT_EQ(reference.at("subjects"), json::value(48));
    EXPECT_TRUE(reference.at("person_days").is_null());
    EXPECT_EQ(reference.at("source_tier"), json::value("label"));
    EXPECT_EQ(reference.at("weight"), json::value(0.5));
    EXPECT_TRUE(reference.at("why_nothing_is_borrowed").is_null());
    EXPECT_TRUE(reference.at("cannot_compare").is_null());
    const json::value& reading = reference.at("readings").at(0);
    EXPECT_NEAR(reading.at("posterior_mean").as_double(), 0.088888888888888889, 1e-12);
    EXPECT_NEAR(reading.at("lower").as_double(), 0.025328421703450754, 1e-12);
    EXPECT_NEAR(reading.at("upper").as_double(), 0.18656201007202235, 1e-12);
    EXPECT_NEAR(reading.at("above_limit").as_double(), 0.82348903204863316, 1e-12);
    EXPECT_NEAR(reading.at("above_reference").as_double(), 0.9868158728337912, 1e-12);
    EXPECT_NEAR(reading.at("exceeds_reference").as_double(), 0.97562767467849852, 1e-11);
}

TEST(SignalViews, without_a_reference_it_is_null) { EXPECT_TRUE(reference_of(looked("", 20)).is_null()); }

TEST(SignalViews, nobody_in_the_cohort_is_null_and_not_0) {
    const json::value reference = reference_of(looked("old", 0));
    EXPECT_TRUE(reference.at("readings").is_null());
    EXPECT_EQ(reference.at("cannot_compare"), json::value("the monitor counts nobody yet"));
}

TEST(SignalViews, what_is_borrowed_moves_no_alarm) {
    const Looked plain = looked("", 20);
    const Looked beside = looked("old", 20);
    const json::value without = json::parse(signals_json(&plain)).at("signals").at(0);
    const json::value with = json::parse(signals_json(&beside)).at("signals").at(0);
    for (const auto& member : without.as_object()) {
        if (member.key() == "reference") continue;
        EXPECT_EQ(with.at(member.key()), member.value()) << member.key();
    }
}

}  // namespace
}  // namespace cellvigil::pipeline
