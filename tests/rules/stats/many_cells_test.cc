// How the methods for many cells, sites and pairs behave, by simulation with fixed seeds: the tables of
// docs/statistics/multiplicity.md and docs/statistics/sites.md.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "rules/stats/beta_posterior.h"
#include "rules/stats/evalue.h"
#include "rules/stats/hysteresis.h"
#include "rules/stats/multiplicity.h"
#include "rules/stats/site_gamma.h"
#include "rules/stats/site_underreport.h"
#include "rules/stats/special_functions.h"
#include "rules/stats/stop_rule_bin.h"

namespace cellvigil {
namespace {

// ---- 20 cohorts of 48 patients with 10 endpoints; every patient is a look, alarms are latched.

constexpr std::array<double, 10> kLimits{.02, .03, .05, .05, .08, .10, .15, .20, .25, .30};
constexpr std::size_t kCohorts = 20;
constexpr int kProgrammes = 150;

struct Alarms {
    double false_per_programme = 0;
    double found = 0;              // share of the raised cells
    double false_discoveries = 0;  // mean share of false ones among a programme's alarms
};

constexpr std::size_t kRules = 3;  // Geller 0.05, Geller 0.01, e-BH 0.10 within the endpoint

struct Tally {
    std::array<Alarms, kRules> rules{};
};

struct Endpoint {
    double limit = 0;
    std::array<BinaryBoundary, 2> boundaries;
};

std::vector<Endpoint> endpoints() {
    std::vector<Endpoint> all;
    all.reserve(kLimits.size());
    for (const double limit : kLimits) {
        all.push_back({limit,
                       {calibrate(default_binary_rule(48, limit, 0.05)).boundary,
                        calibrate(default_binary_rule(48, limit, 0.01)).boundary}});
    }
    return all;
}

struct Cell {
    double rate = 0;
    bool is_raised = false;
    std::int32_t events = 0;
    std::array<bool, kRules> alarmed{};
};

std::vector<Cell> cells_of(double limit, bool is_realistic, std::mt19937_64& random) {
    std::uniform_real_distribution<double> uniform(0, 1);
    std::vector<Cell> cells(kCohorts);
    for (Cell& cell : cells) {
        cell.is_raised = is_realistic && uniform(random) < 0.05;
        const double share = is_realistic ? 0.3 + 0.7 * uniform(random) : 1;
        const double ratio = limit > 0.15 ? 2 : 3;
        cell.rate = limit * (cell.is_raised ? ratio : share);
    }
    return cells;
}

void see_next_patient(const Endpoint& endpoint, std::int64_t n, std::vector<Cell>& cells, std::mt19937_64& random) {
    std::uniform_real_distribution<double> uniform(0, 1);
    const double limit = endpoint.limit;
    std::vector<double> e;
    for (Cell& cell : cells) {
        cell.events += uniform(random) < cell.rate ? 1 : 0;
        for (std::size_t rule = 0; rule < endpoint.boundaries.size(); ++rule) {
            const std::int32_t at = endpoint.boundaries[rule].at[static_cast<std::size_t>(n - 1)];
            cell.alarmed[rule] = cell.alarmed[rule] || (at > 0 && cell.events >= at);
        }
        e.push_back(std::exp(log_evalue_binomial({10 * limit, 10 * (1 - limit)}, {cell.events, n}, limit)));
    }
    const std::vector<bool> rejected = e_benjamini_hochberg(e, 0.10);
    for (std::size_t c = 0; c < cells.size(); ++c) cells[c].alarmed[2] = cells[c].alarmed[2] || rejected[c];
}

std::vector<Cell> programme(const std::vector<Endpoint>& all, bool is_realistic, std::mt19937_64& random) {
    std::vector<Cell> seen;
    for (const Endpoint& endpoint : all) {
        std::vector<Cell> cells = cells_of(endpoint.limit, is_realistic, random);
        for (std::int64_t n = 1; n <= 48; ++n) see_next_patient(endpoint, n, cells, random);
        seen.insert(seen.end(), cells.begin(), cells.end());
    }
    return seen;
}

void count_alarms(const std::vector<Cell>& seen, std::size_t rule, Alarms& alarms) {
    double wrong = 0;
    double right = 0;
    for (const Cell& cell : seen) {
        if (cell.alarmed[rule]) (cell.is_raised ? right : wrong) += 1;
    }
    alarms.false_per_programme += wrong / kProgrammes;
    alarms.found += right;
    if (wrong + right > 0) alarms.false_discoveries += wrong / (wrong + right) / kProgrammes;
}

Tally simulate(bool is_realistic, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const std::vector<Endpoint> all = endpoints();
    Tally tally;
    double raised_cells = 0;
    for (int i = 0; i < kProgrammes; ++i) {
        const std::vector<Cell> seen = programme(all, is_realistic, random);
        for (const Cell& cell : seen) raised_cells += cell.is_raised ? 1 : 0;
        for (std::size_t rule = 0; rule < kRules; ++rule) count_alarms(seen, rule, tally.rules[rule]);
    }
    for (Alarms& rule : tally.rules) rule.found = raised_cells > 0 ? rule.found / raised_cells : 0;
    return tally;
}

TEST(TwoHundredCells, all_at_their_limits) {
    const Tally tally = simulate(false, 23);
    double expected_05 = 0;
    double expected_01 = 0;
    for (const double limit : kLimits) {
        expected_05 += kCohorts * calibrate(default_binary_rule(48, limit, 0.05)).alpha_actual;
        expected_01 += kCohorts * calibrate(default_binary_rule(48, limit, 0.01)).alpha_actual;
    }
    // Independent cells: the sum of exact alphas, Poisson around it.
    EXPECT_NEAR(tally.rules[0].false_per_programme, expected_05, 3.5 * std::sqrt(expected_05 / kProgrammes));
    EXPECT_NEAR(tally.rules[1].false_per_programme, expected_01, 3.5 * std::sqrt(expected_01 / kProgrammes));
    EXPECT_LT(tally.rules[2].false_per_programme, 0.5);
    EXPECT_LT(tally.rules[2].false_discoveries, 0.15);
    RecordProperty("false_05", std::to_string(tally.rules[0].false_per_programme));
    RecordProperty("false_01", std::to_string(tally.rules[1].false_per_programme));
    RecordProperty("false_ebh", std::to_string(tally.rules[2].false_per_programme));
}

TEST(TwoHundredCells, most_below_their_limits_and_one_in_twenty_far_above) {
    const Tally tally = simulate(true, 29);
    const auto& [at_05, at_01, e_bh] = tally.rules;
    EXPECT_NEAR(at_05.false_per_programme, 2.4, 0.6);
    EXPECT_NEAR(at_01.false_per_programme, 0.4, 0.2);
    EXPECT_LT(e_bh.false_per_programme, 0.1);
    EXPECT_LT(e_bh.false_discoveries, 0.03);
    EXPECT_GT(at_05.found, at_01.found);
    EXPECT_GT(at_01.found, e_bh.found);
    EXPECT_GT(e_bh.found, 0.4);
    for (std::size_t rule = 0; rule < 3; ++rule) {
        RecordProperty("rule_" + std::to_string(rule), std::to_string(tally.rules[rule].false_per_programme) + " " +
                                                           std::to_string(tally.rules[rule].false_discoveries) + " " +
                                                           std::to_string(tally.rules[rule].found));
    }
}

// ---- 30 sites of 4 to 12 patients with 5 events on average; one site in ten leaves events out.

struct SiteRates {
    double poisson = 0;
    double resampling = 0;
    double resampling_bh = 0;
    double empirical_bayes = 0;
};

// Of the honest sites (kept = 1: of all), and of those that report this share of their events.
struct SiteShares {
    SiteRates accused;
    SiteRates found;
};

using Site = std::vector<std::int64_t>;  // reported events by patient
constexpr std::size_t kSilentSites = 3;

std::vector<Site> reports_of_a_study(bool is_over_dispersed, double kept, std::mt19937_64& random) {
    std::uniform_int_distribution<int> patients_of(4, 12);
    std::gamma_distribution<double> between(2.0, 2.5);
    std::vector<Site> sites(30);
    for (std::size_t s = 0; s < sites.size(); ++s) {
        for (int i = patients_of(random); i > 0; --i) {
            const double mean = is_over_dispersed ? between(random) : 5.0;
            std::int64_t count = std::poisson_distribution<std::int64_t>(mean)(random);
            if (s < kSilentSites) count = std::binomial_distribution<std::int64_t>(count, kept)(random);
            sites[s].push_back(count);
        }
    }
    return sites;
}

Site pool_without(const std::vector<Site>& sites, std::size_t own) {
    Site pool;
    for (std::size_t other = 0; other < sites.size(); ++other) {
        if (other != own) pool.insert(pool.end(), sites[other].begin(), sites[other].end());
    }
    return pool;
}

std::int64_t sum_of(const Site& site) {
    std::int64_t sum = 0;
    for (const std::int64_t count : site) sum += count;
    return sum;
}

// 1 for each rule that accuses the site.
std::vector<SiteRates> judged(const std::vector<Site>& sites) {
    std::vector<SiteRates> verdicts(sites.size());
    std::vector<double> tails;
    std::vector<SiteEvents> totals;
    for (std::size_t s = 0; s < sites.size(); ++s) {
        const Site pool = pool_without(sites, s);
        const auto patients = static_cast<double>(sites[s].size());
        totals.push_back({sum_of(sites[s]), patients});
        tails.push_back(
            site_underreport_probability(pool, static_cast<std::int64_t>(sites[s].size()), totals[s].events));
        const double expected = static_cast<double>(sum_of(pool)) / static_cast<double>(pool.size()) * patients;
        const double poisson = special::gamma_upper(static_cast<double>(totals[s].events) + 1, expected);
        verdicts[s].poisson = poisson < 0.05 ? 1 : 0;
        verdicts[s].resampling = tails[s] < 0.05 ? 1 : 0;
    }
    const std::vector<double> adjusted = adjust_benjamini_hochberg(tails);
    const auto fit = fit_site_gamma(totals);
    for (std::size_t s = 0; s < sites.size(); ++s) {
        verdicts[s].resampling_bh = adjusted[s] < 0.05 ? 1 : 0;
        verdicts[s].empirical_bayes = fit && site_posterior(fit->gamma, totals[s], 0.7).p_below >= 0.95 ? 1 : 0;
    }
    return verdicts;
}

SiteShares simulate_sites(bool is_over_dispersed, double kept, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    constexpr int studies = 300;
    SiteShares shares;
    for (int study = 0; study < studies; ++study) {
        const auto verdicts = judged(reports_of_a_study(is_over_dispersed, kept, random));
        for (std::size_t s = 0; s < verdicts.size(); ++s) {
            const bool is_silent = s < kSilentSites;
            SiteRates& rates = is_silent ? shares.found : shares.accused;
            const double weight =
                1.0 / (studies * static_cast<double>(is_silent ? kSilentSites : verdicts.size() - kSilentSites));
            rates.poisson += verdicts[s].poisson * weight;
            rates.resampling += verdicts[s].resampling * weight;
            rates.resampling_bh += verdicts[s].resampling_bh * weight;
            rates.empirical_bayes += verdicts[s].empirical_bayes * weight;
        }
    }
    return shares;
}

std::string shown(const SiteRates& rates) {
    return std::to_string(rates.poisson) + " " + std::to_string(rates.resampling) + " " +
           std::to_string(rates.resampling_bh) + " " + std::to_string(rates.empirical_bayes);
}

TEST(ThirtySites, patients_that_differ_make_a_poisson_test_accuse_the_honest) {
    const SiteShares shares = simulate_sites(true, 0.5, 31);
    EXPECT_GT(shares.accused.poisson, 0.10);
    EXPECT_LT(shares.accused.resampling, 0.05);
    EXPECT_LT(shares.accused.resampling_bh, 0.005);
    EXPECT_LT(shares.accused.empirical_bayes, 0.015);
    EXPECT_GT(shares.found.resampling, 0.4);
    RecordProperty("accused", shown(shares.accused));
    RecordProperty("found", shown(shares.found));
}

TEST(ThirtySites, a_site_that_leaves_out_four_events_of_five_is_found) {
    const SiteShares shares = simulate_sites(true, 0.2, 37);
    EXPECT_GT(shares.found.resampling, 0.9);
    EXPECT_GT(shares.found.resampling_bh, 0.6);
    EXPECT_GT(shares.found.empirical_bayes, 0.8);
    RecordProperty("accused", shown(shares.accused));
    RecordProperty("found", shown(shares.found));
}

// ---- one cell, limit 5 %, true rate 15 %: how often a colour changes over 48 patients.

TEST(TrafficLight, hysteresis_calms_it) {
    std::mt19937_64 random(41);
    std::bernoulli_distribution has_event(0.15);
    constexpr int trials = 4000;
    const std::array<HysteresisRule, 3> rules{{{0.95, 0.95, 1}, {0.95, 0.80, 1}, {0.95, 0.80, 2}}};
    std::array<double, 3> toggles{};
    for (int trial = 0; trial < trials; ++trial) {
        std::array<HysteresisState, 3> states{};
        std::int64_t events = 0;
        for (std::int64_t n = 1; n <= 48; ++n) {
            events += has_event(random) ? 1 : 0;
            const double score = posterior_above({0.5, 9.5}, {events, n}, 0.05);
            for (std::size_t rule = 0; rule < rules.size(); ++rule) {
                const HysteresisState next = after(rules[rule], states[rule], score);
                toggles[rule] += next.is_raised != states[rule].is_raised ? 1.0 / trials : 0;
                states[rule] = next;
            }
        }
    }
    EXPECT_NEAR(toggles[0], 1.77, 0.1);
    EXPECT_NEAR(toggles[1], 0.83, 0.05);
    EXPECT_NEAR(toggles[2], 0.80, 0.05);
}

}  // namespace
}  // namespace cellvigil
