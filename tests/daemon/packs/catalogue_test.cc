// The shipped packs, and what the loader refuses with its place.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "daemon/packs/rule_pack.h"

namespace cellvigil::packs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string file(const std::string& path) {
    std::ifstream in(CELLVIGIL_SOURCE_DIR + ("/" + path));
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

class ShippedPack : public testing::TestWithParam<const char*> {};
TEST_P(ShippedPack, is_read_without_a_problem_and_marks_its_placeholders) {
    const PackReading reading = read_rule_pack(file(std::string("rules/packs/") + GetParam() + ".yaml"), GetParam());
    for (const PackProblem& problem : reading.problems) ADD_FAILURE() << problem.where << ": " << problem.detail;
    EXPECT_EQ(reading.rules.pack, GetParam());
    EXPECT_FALSE(reading.catalogue.monitors.empty());
    for (const MonitorSpec& monitor : reading.catalogue.monitors) EXPECT_TRUE(monitor.placeholder) << monitor.id;
}
INSTANTIATE_TEST_SUITE_P(Packs, ShippedPack, testing::Values("c-car039", "axi-cel", "relma-cel", "cd19-generic"));

const ReferenceRate& rate_of(const Profile& profile, ReportedEndpoint endpoint, const std::string& set) {
    return *std::find_if(profile.rates.begin(), profile.rates.end(),
                         [&](const ReferenceRate& rate) { return rate.endpoint == endpoint && rate.set == set; });
}

TEST(ShippedPacks, ambiguous_figures_stay_ranges_and_every_rate_has_its_set) {
    const PackReading reading = read_rule_pack(file("rules/packs/c-car039.yaml"), "c-car039.yaml");
    const Profile* profile = profile_of(reading.catalogue, "c-car039-iit");
    ASSERT_NE(profile, nullptr);
    const ReferenceRate& infections = rate_of(*profile, ReportedEndpoint::infection_past_day_90, "safety");
    EXPECT_EQ(infections.events_first, 25);
    EXPECT_EQ(infections.events_last, 48);
    EXPECT_FALSE(infections.settled());
    EXPECT_EQ(rate_of(*profile, ReportedEndpoint::overall_response, "efficacy").subjects, 47);
    EXPECT_EQ(rate_of(*profile, ReportedEndpoint::overall_response, "lbcl-efficacy").subjects, 43);
    EXPECT_EQ(rate_of(*profile, ReportedEndpoint::progression_free_survival, "efficacy").estimate_per_mille, 533);
}

TEST(ShippedPacks, zoster_past_day_90_is_watched_and_has_a_marked_reference) {
    const PackReading reading = read_rule_pack(file("rules/packs/c-car039.yaml"), "c-car039.yaml");
    const auto& monitors = reading.catalogue.monitors;
    const auto monitor = std::find_if(monitors.begin(), monitors.end(),
                                      [](const MonitorSpec& one) { return one.id == "zoster-past-day-90"; });
    ASSERT_NE(monitor, monitors.end());
    EXPECT_EQ(monitor->limit_millionths, 50'000);
    const Profile* profile = profile_of(reading.catalogue, monitor->reference);
    ASSERT_NE(profile, nullptr);
    const ReferenceRate* shown = reference_in(*profile, monitor->endpoint);
    ASSERT_NE(shown, nullptr);
    EXPECT_EQ(shown->person_days, 42'004) << "115 years: before relapse, as the monitor counts; the wider interval";
    EXPECT_TRUE(shown->person_time_presumed);
    EXPECT_FALSE(may_be_borrowed(*shown));
    EXPECT_EQ(history_in(*profile, monitor->endpoint), nullptr) << "no formal history is made of a presumption";
    const auto both = std::count_if(profile->rates.begin(), profile->rates.end(), [&](const ReferenceRate& rate) {
        return rate.endpoint == monitor->endpoint && rate.person_days;
    });
    EXPECT_EQ(both, 2);
}

// The example of docs/packs.md, as a statistician would copy it.
TEST(PacksPage, the_reference_with_person_time_can_be_added_as_written) {
    const std::string page = file("docs/packs.md");
    const std::size_t from = page.find("pack: axi-cel-with-registry");
    ASSERT_NE(from, std::string::npos);
    const std::string text = page.substr(from, page.find("```", from) - from);
    const PackReading reading = read_rule_pack(text, "page");
    for (const PackProblem& problem : reading.problems) ADD_FAILURE() << problem.where << ": " << problem.detail;
    const Profile* profile = profile_of(reading.catalogue, "registry");
    ASSERT_NE(profile, nullptr);
    const ReferenceRate* history = history_in(*profile, ReportedEndpoint::zoster_past_day_90);
    ASSERT_NE(history, nullptr);
    EXPECT_TRUE(may_be_borrowed(*history));
    ASSERT_EQ(reading.catalogue.monitors.size(), 2U);
    EXPECT_EQ(reading.catalogue.monitors[1].method, MonitorMethod::conditional_maxsprt);
}

// A profile around one rate.
std::string profile_with(const std::string& rate) {
    return "pack: p\nproducts:\n  - {id: x}\nprofiles:\n  - id: one\n    product: x\n    population: adults\n"
           "    line_of_therapy_from: 3\n    analysis_sets:\n      - {id: safety, subjects: 48, definition: infused}\n"
           "    rates:\n      - {" +
           rate + "}\n";
}
constexpr const char* kRead = ", data_cut: now, source: s, tier: primary";

struct RefusedCase {
    const char* name;
    std::string text;
    const char* where;
    const char* says;
};
// A profile with one rate of crs_3, and a monitor that refers to it.
std::string referring(const std::string& tier, const std::string& monitor) {
    return "pack: p\nproducts: [{id: x}]\nprofiles:\n  - id: old\n    product: x\n    population: adults\n"
           "    line_of_therapy_from: 3\n    analysis_sets:\n      - {id: safety, subjects: 48, definition: infused}\n"
           "    rates:\n      - {endpoint: crs_3, set: safety, events: 1, scale: ASTCT_CRS_2019, data_cut: now, "
           "source: "
           "s, tier: " +
           tier + "}\ncohorts: [{id: c}]\nmonitors:\n  - id: m\n    cohort: c\n    endpoint: crs_3\n" +
           "    method: beta_binomial\n    limit: 0.05\n    planned_subjects: 48\n    " + monitor + "\n";
}

TEST(References, a_monitor_names_a_profile_and_how_much_is_borrowed) {
    const PackReading reading = read_rule_pack(referring("primary", "reference: old\n    borrowing: 0.25"), "p.yaml");
    for (const PackProblem& problem : reading.problems) ADD_FAILURE() << problem.where << ": " << problem.detail;
    ASSERT_EQ(reading.catalogue.monitors.size(), 1U);
    EXPECT_EQ(reading.catalogue.monitors[0].reference, "old");
    EXPECT_EQ(reading.catalogue.monitors[0].borrowing_per_mille, 250);
    const PackReading silent = read_rule_pack(referring("press", "reference: old"), "p.yaml");
    EXPECT_TRUE(silent.problems.empty()) << "compared with, not borrowed from";
    EXPECT_EQ(silent.catalogue.monitors[0].borrowing_per_mille, std::nullopt);
    const PackReading none = read_rule_pack(referring("press", "reference: old\n    borrowing: 0"), "p.yaml");
    EXPECT_TRUE(none.problems.empty());
    const PackReading signed_off =
        read_rule_pack(referring("press, signed_off: true", "reference: old\n    borrowing: 1"), "p.yaml");
    EXPECT_TRUE(signed_off.problems.empty());
    EXPECT_EQ(signed_off.catalogue.monitors[0].borrowing_per_mille, 1000);
    EXPECT_NE(catalogue_lines(silent.catalogue), catalogue_lines(none.catalogue)) << "the pack's hash covers it";
}

class RefusedPack : public testing::TestWithParam<RefusedCase> {};
TEST_P(RefusedPack, with_its_place) {
    const PackReading reading = read_rule_pack(GetParam().text, "p.yaml");
    ASSERT_FALSE(reading.problems.empty());
    EXPECT_EQ(reading.problems[0].where, std::string("p.yaml:") + GetParam().where);
    EXPECT_THAT(reading.problems[0].detail, HasSubstr(GetParam().says));
}

std::string monitor(const std::string& fields) {
    return "pack: p\ncohorts: [{id: c}]\nmonitors:\n  - {id: m, cohort: c, " + fields + "}\n";
}

INSTANTIATE_TEST_SUITE_P(
    Faults, RefusedPack,
    testing::ValuesIn(std::vector<RefusedCase>{
        {"percentage",
         profile_with(std::string("endpoint: infection_any, set: safety, percent: 18.8, events: 9") + kRead), "12:57",
         "without its count"},
        {"no_count", profile_with(std::string("endpoint: infection_any, set: safety") + kRead), "12:9",
         "[first, last]"},
        {"mixed_sets", profile_with(std::string("endpoint: infection_any, set: safety, events: 43, of: 47") + kRead),
         "12:64", "may not be mixed"},
        {"unknown_set", profile_with(std::string("endpoint: infection_any, set: all, events: 43") + kRead), "12:40",
         "no analysis set"},
        {"more_than_all", profile_with(std::string("endpoint: infection_any, set: safety, events: 49") + kRead),
         "12:56", "49 of 48"},
        {"unknown_scale", profile_with(std::string("endpoint: crs_3, set: safety, events: 1, scale: ASTCT") + kRead),
         "12:58", "unknown scale"},
        {"no_scale", profile_with(std::string("endpoint: crs_3, set: safety, events: 1") + kRead), "12:9",
         "without its grading scale"},
        {"unknown_endpoint", profile_with(std::string("endpoint: crs3, set: safety, events: 1") + kRead), "12:20",
         "unknown endpoint"},
        {"curve_without_horizon",
         profile_with(std::string("endpoint: overall_survival, set: safety, estimator: kaplan_meier, estimate: 0.6") +
                      kRead),
         "12:9", "without its horizon"},
        {"unknown_tier",
         profile_with("endpoint: infection_any, set: safety, events: 9, data_cut: now, source: s, tier: gossip"),
         "12:91", "primary, registry"},
        {"unknown_key",
         profile_with(std::string("endpoint: infection_any, set: safety, events: 9, colour: red") + kRead), "12:59",
         "unknown key"},
        {"unknown_product",
         "pack: p\nprofiles:\n  - {id: one, product: y, population: a, line_of_therapy_from: 3, analysis_sets: [], "
         "rates: []}\n",
         "3:3", "not in products"},
        {"binary_limit_for_person_time",
         monitor("endpoint: zoster_past_day_90, method: gamma_poisson, limit: 0.05, planned_person_days: 1000"), "4:84",
         "limit_per_100_person_years"},
        {"method_of_the_other_kind",
         monitor("endpoint: crs_3, method: gamma_poisson, limit_per_100_person_years: 5, planned_person_days: 1000"),
         "4:49", "counts person-time"},
        {"no_plan", monitor("endpoint: crs_3, method: beta_binomial, limit: 0.05"), "4:5", "planned_subjects"},
        {"no_history",
         monitor("endpoint: zoster_past_day_90, method: conditional_maxsprt, limit_per_100_person_years: 5, "
                 "planned_person_days: 1000"),
         "4:5", "comparator"},
        {"history_without_person_time",
         "pack: p\nproducts: [{id: x}]\nprofiles:\n  - id: old\n    product: x\n    population: adults\n"
         "    line_of_therapy_from: 3\n    analysis_sets:\n      - {id: safety, subjects: 48, definition: infused}\n"
         "    rates:\n      - {endpoint: zoster_past_day_90, set: safety, events: 9, data_cut: now, source: s, tier: "
         "primary}\n"
         "cohorts: [{id: c}]\nmonitors:\n  - {id: m, cohort: c, endpoint: zoster_past_day_90, method: "
         "conditional_maxsprt, "
         "comparator: old, limit_per_100_person_years: 5, planned_person_days: 1000}\n",
         "14:3", "person_days"},
        {"history_of_presumed_person_time",
         "pack: p\nproducts: [{id: x}]\nprofiles:\n  - id: old\n    product: x\n    population: adults\n"
         "    line_of_therapy_from: 3\n    analysis_sets:\n      - {id: safety, subjects: 48, definition: infused}\n"
         "    rates:\n      - {endpoint: zoster_past_day_90, set: safety, events: 9, person_days: 42004, "
         "person_time_presumed: true, data_cut: now, source: s, tier: primary}\n"
         "cohorts: [{id: c}]\nmonitors:\n  - {id: m, cohort: c, endpoint: zoster_past_day_90, method: "
         "conditional_maxsprt, comparator: old, limit_per_100_person_years: 5, planned_person_days: 1000}\n",
         "14:3", "not presumed"},
        {"presumed_person_time_of_none",
         profile_with(std::string("endpoint: zoster_past_day_90, set: safety, events: 9, person_time_presumed: true") +
                      kRead),
         "12:86", "no person_days to presume"},
        {"unknown_reference", referring("primary", "reference: new"), "20:16", "new is not in profiles"},
        {"weight_above_1", referring("primary", "reference: old\n    borrowing: 1.001"), "21:16", "from 0 to 1"},
        {"weight_below_0", referring("primary", "reference: old\n    borrowing: -0.1"), "21:16", "from 0 to 1"},
        {"weight_without_reference", referring("primary", "borrowing: 0.5"), "20:16", "no reference to borrow from"},
        {"borrowing_from_the_press", referring("press", "reference: old\n    borrowing: 0.001"), "21:16",
         "cannot serve as a prior"},
        {"reference_without_the_endpoint",
         [] {
             std::string text = referring("primary", "reference: old");
             text.replace(text.find("endpoint: crs_3\n"), 15, "endpoint: icans_3");
             return text;
         }(),
         "20:16", "no crude count of icans_3"},
        {"screen_without_endpoint", "pack: p\ncohorts: [{id: c}]\nscreens: [{id: s, cohort: c, method: lot_scan}]\n",
         "3:11", "counts one"},
        {"screen_with_an_endpoint_too_many",
         "pack: p\ncohorts: [{id: c}]\nscreens: [{id: s, cohort: c, method: completeness, endpoint: crs_3}]\n", "3:62",
         "none of its own"},
        {"screen_of_nobody", "pack: p\nscreens: [{id: s, cohort: c, method: completeness}]\n", "2:10",
         "not in cohorts"},
        {"unknown_screen", "pack: p\ncohorts: [{id: c}]\nscreens: [{id: s, cohort: c, method: magic}]\n", "3:38",
         "site_outlier"},
        {"overspent",
         "pack: p\ncohorts: [{id: c}, {id: d}]\nmonitors: [{id: m, cohort: '*', endpoint: crs_3, method: pocock, "
         "limit: 0.05, alpha: 0.05, planned_subjects: 48}]\nbudgets: [{id: all, alpha: 0.09}]\n",
         "4:10", "spend 0.1, more than 0.09"},
        {"light_that_clears_above", "pack: p\nlights: {red: 0.9, red_clears: 0.95}\n", "2:32", "at most"},
        {"false_discovery_rate_of_one", "pack: p\nfalse_discovery_rate: 1.0\n", "2:23", "0.5"},
        {"unknown_cohort",
         "pack: p\nmonitors: [{id: m, cohort: c, endpoint: crs_3, method: pocock, limit: 0.05, planned_subjects: "
         "48}]\n",
         "2:11", "not in cohorts"},
        {"given_twice", "pack: p\ncohorts: [{id: c}, {id: c}]\n", "2:10", "given twice"},
        {"too_fine_a_limit", monitor("endpoint: crs_3, method: pocock, limit: 0.00000001, planned_subjects: 48"),
         "4:64", "decimal"},
    }),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Packs, budgets_count_a_monitor_once_for_every_cohort_that_they_hold) {
    const PackReading reading = read_rule_pack(
        "pack: p\ncohorts: [{id: c}, {id: d}]\nmonitors:\n"
        "  - {id: m, cohort: '*', endpoint: crs_3, method: pocock, limit: 0.05, alpha: 0.05, planned_subjects: 48}\n"
        "  - {id: n, cohort: d, endpoint: icans_3, method: pocock, limit: 0.05, alpha: 0.02, planned_subjects: 48}\n"
        "budgets:\n  - {id: all, alpha: 0.12}\n  - {id: d, cohorts: d, alpha: 0.07}\n"
        "  - {id: crs, endpoints: [crs_3], alpha: 0.1}\nfalse_discovery_rate: 0.1\nlights: {red: 0.9, weeks: 3}\n"
        "screens: [{id: s, cohort: '*', method: lot_scan, endpoint: crs_3, alpha: 0.01, widest: 3}]\n",
        "p.yaml");
    for (const PackProblem& problem : reading.problems) ADD_FAILURE() << problem.where << ": " << problem.detail;
    const Catalogue& catalogue = reading.catalogue;
    ASSERT_EQ(catalogue.budgets.size(), 3U);
    EXPECT_EQ(spent_millionths(catalogue, catalogue.budgets[0]), 120'000);
    EXPECT_EQ(spent_millionths(catalogue, catalogue.budgets[1]), 70'000);
    EXPECT_EQ(spent_millionths(catalogue, catalogue.budgets[2]), 100'000);
    EXPECT_EQ(catalogue.fdr_millionths, 100'000);
    EXPECT_EQ(catalogue.lights.red_per_mille, 900);
    EXPECT_EQ(catalogue.lights.weeks, 3);
    ASSERT_EQ(catalogue.screens.size(), 1U);
    EXPECT_EQ(catalogue.screens[0].widest, 3);
}

TEST(Packs, each_of_budgets_screens_lights_and_history_is_in_the_hash) {
    const auto hash = [](const std::string& more) {
        const PackReading reading = read_rule_pack("pack: p\ncohorts: [{id: c}]\n" + more, "p.yaml");
        EXPECT_TRUE(reading.problems.empty()) << more;
        return reading.rules.hash;
    };
    std::set<std::string> hashes{hash(""),
                                 hash("false_discovery_rate: 0.1\n"),
                                 hash("lights: {red: 0.9}\n"),
                                 hash("budgets: [{id: b, alpha: 0.1}]\n"),
                                 hash("screens: [{id: s, cohort: c, method: completeness}]\n"),
                                 hash("screens: [{id: s, cohort: c, method: completeness, floor: 0.8}]\n")};
    EXPECT_EQ(hashes.size(), 6U);
}

TEST(Packs, a_limit_per_100_person_years_is_kept_exactly) {
    const PackReading reading =
        read_rule_pack(monitor("endpoint: zoster_past_day_90, method: gamma_poisson, limit_per_100_person_years: 5.6, "
                               "planned_person_days: 30681, prior: 2"),
                       "p.yaml");
    ASSERT_TRUE(reading.problems.empty()) << reading.problems[0].detail;
    EXPECT_EQ(reading.catalogue.monitors[0].limit_millionths, 56'000);
    EXPECT_EQ(reading.catalogue.monitors[0].prior_thousandths, 2000);
}

TEST(Packs, a_monitor_s_limit_is_in_the_hash) {
    const auto hash = [](const char* limit) {
        return read_rule_pack(
                   monitor(std::string("endpoint: crs_3, method: pocock, planned_subjects: 48, limit: ") + limit),
                   "p.yaml")
            .rules.hash;
    };
    EXPECT_NE(hash("0.05"), hash("0.06"));
    EXPECT_EQ(hash("0.05"), hash("0.050"));
}

}  // namespace
}  // namespace cellvigil::packs
