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

struct Tally {
    std::array<Alarms, 3> rules{};  // Geller 0.05, Geller 0.01, e-BH 0.10 within endpoint
};

Tally simulate(bool is_realistic, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::array<std::vector<BinaryBoundary>, 2> boundaries;
    for (const double limit : kLimits) {
        boundaries[0].push_back(calibrate(default_binary_rule(48, limit, 0.05)).boundary);
        boundaries[1].push_back(calibrate(default_binary_rule(48, limit, 0.01)).boundary);
    }
    Tally tally;
    double raised_cells = 0;
    for (int programme = 0; programme < kProgrammes; ++programme) {
        std::array<double, 3> wrong{};
        std::array<double, 3> right{};
        for (std::size_t endpoint = 0; endpoint < kLimits.size(); ++endpoint) {
            const double limit = kLimits[endpoint];
            std::array<double, kCohorts> rate{};
            std::array<bool, kCohorts> is_raised{};
            for (std::size_t c = 0; c < kCohorts; ++c) {
                is_raised[c] = is_realistic && uniform(random) < 0.05;
                const double share = is_realistic ? 0.3 + 0.7 * uniform(random) : 1;
                rate[c] = limit * (is_raised[c] ? (limit > 0.15 ? 2 : 3) : share);
                raised_cells += is_raised[c] ? 1 : 0;
            }
            std::array<std::int32_t, kCohorts> events{};
            std::array<std::array<bool, kCohorts>, 3> alarmed{};
            std::vector<double> e(kCohorts, 1);
            for (std::int64_t n = 1; n <= 48; ++n) {
                for (std::size_t c = 0; c < kCohorts; ++c) {
                    events[c] += uniform(random) < rate[c] ? 1 : 0;
                    for (std::size_t rule = 0; rule < 2; ++rule) {
                        const std::int32_t at = boundaries[rule][endpoint].at[static_cast<std::size_t>(n - 1)];
                        if (at > 0 && events[c] >= at) alarmed[rule][c] = true;
                    }
                    e[c] = std::exp(log_evalue_binomial({10 * limit, 10 * (1 - limit)}, {events[c], n}, limit));
                }
                const std::vector<bool> rejected = e_benjamini_hochberg(e, 0.10);
                for (std::size_t c = 0; c < kCohorts; ++c) alarmed[2][c] = alarmed[2][c] || rejected[c];
            }
            for (std::size_t rule = 0; rule < 3; ++rule) {
                for (std::size_t c = 0; c < kCohorts; ++c) {
                    if (alarmed[rule][c]) (is_raised[c] ? right : wrong)[rule] += 1;
                }
            }
        }
        for (std::size_t rule = 0; rule < 3; ++rule) {
            tally.rules[rule].false_per_programme += wrong[rule] / kProgrammes;
            tally.rules[rule].found += right[rule];
            if (wrong[rule] + right[rule] > 0)
                tally.rules[rule].false_discoveries += wrong[rule] / (wrong[rule] + right[rule]) / kProgrammes;
        }
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

SiteShares simulate_sites(bool is_over_dispersed, double kept, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<int> patients_of(4, 12);
    std::gamma_distribution<double> between(2.0, 2.5);
    constexpr int studies = 300;
    constexpr std::size_t sites = 30;
    SiteShares shares;
    double honest = 0;
    double silent = 0;
    for (int study = 0; study < studies; ++study) {
        std::array<std::vector<std::int64_t>, sites> reported;
        for (std::size_t s = 0; s < sites; ++s) {
            const int patients = patients_of(random);
            for (int i = 0; i < patients; ++i) {
                std::poisson_distribution<std::int64_t> events(is_over_dispersed ? between(random) : 5.0);
                std::int64_t count = events(random);
                if (s < 3) count = std::binomial_distribution<std::int64_t>(count, kept)(random);
                reported[s].push_back(count);
            }
        }
        std::vector<double> tails;
        std::vector<double> poisson;
        std::vector<SiteEvents> totals;
        double all_events = 0;
        double all_patients = 0;
        for (const auto& site : reported) {
            std::int64_t total = 0;
            for (const std::int64_t count : site) total += count;
            totals.push_back({total, static_cast<double>(site.size())});
            all_events += static_cast<double>(total);
            all_patients += static_cast<double>(site.size());
        }
        for (std::size_t s = 0; s < sites; ++s) {
            std::vector<std::int64_t> pool;
            for (std::size_t other = 0; other < sites; ++other) {
                if (other != s) pool.insert(pool.end(), reported[other].begin(), reported[other].end());
            }
            const auto n = static_cast<std::int64_t>(reported[s].size());
            tails.push_back(site_underreport_probability(pool, n, totals[s].events));
            const double others =
                (all_events - static_cast<double>(totals[s].events)) / (all_patients - totals[s].exposure);
            poisson.push_back(
                special::gamma_upper(static_cast<double>(totals[s].events) + 1, others * totals[s].exposure));
        }
        const std::vector<double> adjusted = adjust_benjamini_hochberg(tails);
        const auto fit = fit_site_gamma(totals);
        for (std::size_t s = 0; s < sites; ++s) {
            SiteRates& rates = s < 3 ? shares.found : shares.accused;
            (s < 3 ? silent : honest) += 1;
            rates.poisson += poisson[s] < 0.05 ? 1 : 0;
            rates.resampling += tails[s] < 0.05 ? 1 : 0;
            rates.resampling_bh += adjusted[s] < 0.05 ? 1 : 0;
            rates.empirical_bayes += fit && site_posterior(fit->gamma, totals[s], 0.7).p_below >= 0.95 ? 1 : 0;
        }
    }
    for (SiteRates* rates : {&shares.accused, &shares.found}) {
        const double count = rates == &shares.found ? silent : honest;
        rates->poisson /= count;
        rates->resampling /= count;
        rates->resampling_bh /= count;
        rates->empirical_bayes /= count;
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
