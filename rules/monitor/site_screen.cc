// C07: a site's rate of an endpoint against all sites', both tails, and fewer infection reports than chance allows.
// C08: lots. Both by exact conditional Poisson: given all events, a unit's are binomial with its share of the time at
// risk.
#include <algorithm>
#include <cmath>

#include "rules/monitor/screen.h"
#include "rules/monitor/screen_text.h"
#include "rules/stats/funnel.h"
#include "rules/stats/multiplicity.h"
#include "rules/stats/site_gamma.h"
#include "rules/stats/site_underreport.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {
namespace {

constexpr double kTrim = 0.1;
constexpr double kFarBelow = 0.7;            // of the mean rate of all sites
constexpr double kSevere = 0.95;             // P(rate < kFarBelow of the mean) from here on: severe
constexpr std::int64_t kFewestSubjects = 4;  // with fewer at a site: show, never alert
constexpr std::int64_t kFewestEvents = 3;

struct Rated {
    std::string unit;
    std::int64_t events = 0;
    std::int64_t days = 0;
    std::int64_t subjects = 0;
    std::int32_t first_day = 0;
};
struct RatedUnits {
    std::vector<Rated> units;
    std::int64_t events = 0;
    std::int64_t days = 0;
};

RatedUnits rated(const ScreenTable& table) {
    RatedUnits all;
    for (const auto& [name, counts] : table.units()) {
        Rated one{name, counts.total(ScreenColumn::events), counts.total(ScreenColumn::at_risk),
                  counts.total(ScreenColumn::subjects)};
        if (one.days <= 0) continue;
        for (const auto& [day, subjects] : counts.of(ScreenColumn::subjects)) {
            if (subjects == 0) continue;
            one.first_day = day;
            break;
        }
        all.events += one.events;
        all.days += one.days;
        all.units.push_back(std::move(one));
    }
    return all;
}

struct Tails {
    double high = 1;  // P(as many or more), given all events
    double low = 1;   // P(as few or fewer)
};
Tails exact_tails(const Rated& one, const RatedUnits& all) {
    const double share = static_cast<double>(one.days) / static_cast<double>(all.days);
    const auto k = static_cast<double>(one.events);
    const auto n = static_cast<double>(all.events);
    Tails tails;
    tails.high = special::binomial_upper(k, n, share);
    tails.low = special::binomial_upper(n - k, n, 1 - share);
    return tails;
}

// How far from the others, in units of chance and of how far the other sites lie apart from each other.
struct Against {
    double expected = 0;
    double z = 0;
    double tau2 = 0;
};
Against against_others(const RatedUnits& all, std::size_t site) {
    Against standing;
    const Rated& one = all.units[site];
    const auto others_days = static_cast<double>(all.days - one.days);
    standing.expected = static_cast<double>(all.events - one.events) * static_cast<double>(one.days) / others_days;
    std::vector<SiteCount> others;
    for (std::size_t i = 0; i < all.units.size(); ++i) {
        if (i == site) continue;
        const double expected =
            static_cast<double>(all.events - one.events) * static_cast<double>(all.units[i].days) / others_days;
        if (expected > 0) others.push_back({static_cast<double>(all.units[i].events), expected});
    }
    if (const auto spread = over_dispersion(others, kTrim)) standing.tau2 = spread->tau2;
    if (standing.expected > 0) {
        const double ratio = static_cast<double>(one.events) / standing.expected;
        standing.z = (std::sqrt(ratio) - 1) / std::sqrt(1 / (4 * standing.expected) + standing.tau2);
    }
    return standing;
}

double alpha_of(const ScreenSpec& spec) { return static_cast<double>(spec.alpha_millionths) / 1e6; }

ScreenUnit rate_unit(const ScreenSpec& spec, const RatedUnits& all, std::size_t site) {
    const Rated& one = all.units[site];
    const Tails tails = exact_tails(one, all);
    const Against standing = against_others(all, site);
    const double both = 2.0 * static_cast<double>(all.units.size());  // tails and sites of this look
    const double limit = special::normal_upper_quantile(std::min(0.5, alpha_of(spec) / both));
    ScreenUnit unit;
    unit.unit = one.unit;
    const bool high = standing.z >= 0;
    const double tail = high ? tails.high : tails.low;
    unit.p = std::min(1.0, both * tail);
    // Chance alone must not do it, nor what the other sites differ by among themselves.
    const bool far = std::abs(standing.z) >= limit || standing.expected == 0;
    unit.raised = far && *unit.p <= alpha_of(spec) && (!high || one.events >= kFewestEvents);
    unit.side = high ? "high" : "low";
    unit.figures = {{"events", static_cast<double>(one.events)},
                    {"person_days", static_cast<double>(one.days)},
                    {"expected_from_other_sites", standing.expected},
                    {"z", standing.z},
                    {"z_limit", limit},
                    {"tau2", standing.tau2},
                    {"p_high", tails.high},
                    {"p_low", tails.low}};
    unit.words = one.unit + ": " + std::to_string(one.events) + " with " + row_of(spec.endpoint).words + " in " +
                 std::to_string(one.days) + " person-days, " + number_text(standing.expected) +
                 " by the rate of the other sites; z " + number_text(standing.z) + " (limit " + number_text(limit) +
                 ", what the other sites differ by included), p " + number_text(*unit.p) + " over all sites.";
    if (unit.raised && high) unit.clears = "One event fewer at the site, or more time at risk there.";
    if (unit.raised && !high) unit.clears = "Events of the site that have not been reported yet.";
    return unit;
}

std::int64_t subjects_in(const ScreenTable::Unit& site) { return site.total(ScreenColumn::subjects); }
std::int64_t reports_in(const ScreenTable::Unit& site) {
    std::int64_t sum = 0;
    for (const auto& [reports, subjects] : site.of(ScreenColumn::subjects)) sum += reports * subjects;
    return sum;
}

// Sites whose subjects have fewer infection reports than other sites' subjects, followed as long.
void add_under_reporting(ScreenLook& look, const ScreenSpec& spec, const ScreenTable& reports) {
    const std::int64_t fewest = spec.least > 0 ? spec.least : kFewestSubjects;
    std::vector<double> tails;
    std::vector<ScreenUnit> units;
    std::vector<SiteEvents> rates;
    for (const auto& [name, site] : reports.units()) {
        const std::int64_t subjects = subjects_in(site);
        if (subjects <= 0) continue;
        rates.push_back({reports_in(site), static_cast<double>(subjects)});
        std::vector<std::int64_t> pool;
        for (const auto& [other, counts] : reports.units()) {
            if (other == name) continue;
            for (const auto& [events, number] : counts.of(ScreenColumn::subjects))
                pool.insert(pool.end(), static_cast<std::size_t>(std::max<std::int64_t>(number, 0)), events);
        }
        if (pool.empty() || subjects < fewest) continue;
        ScreenUnit unit;
        unit.unit = name;
        unit.cause = "reports";
        unit.side = "low";
        tails.push_back(site_underreport_probability(pool, subjects, reports_in(site)));
        unit.figures = {{"subjects", static_cast<double>(subjects)},
                        {"infection_reports", static_cast<double>(reports_in(site))},
                        {"p_low", tails.back()}};
        units.push_back(std::move(unit));
    }
    const std::vector<double> adjusted = adjust_benjamini_hochberg(tails);
    const bool any = std::any_of(adjusted.begin(), adjusted.end(), [&](double p) { return p <= alpha_of(spec); });
    const auto fit = any ? fit_site_gamma(rates) : std::nullopt;
    for (std::size_t i = 0; i < units.size(); ++i) {
        ScreenUnit& unit = units[i];
        unit.p = adjusted[i];
        unit.raised = adjusted[i] <= alpha_of(spec);
        unit.words = unit.unit + ": " + number_text(*unit.figures[1].value) + " infections on days 0 to 90 of " +
                     number_text(*unit.figures[0].value) +
                     " subjects followed so long; so few or fewer have probability " + number_text(tails[i]) +
                     " among other sites' subjects (" + number_text(adjusted[i]) +
                     " over all sites, Benjamini-Hochberg).";
        if (!unit.raised) continue;
        unit.clears = "Reports that the site has not sent yet.";
        if (!fit) continue;
        const SitePosterior far = site_posterior(
            fit->gamma, {static_cast<std::int64_t>(*unit.figures[1].value), *unit.figures[0].value}, kFarBelow);
        unit.figures.push_back({"p_rate_below_0.7_mean", far.p_below});
        if (far.p_below >= kSevere) unit.words += " Severe: far below the other sites.";
    }
    look.units.insert(look.units.end(), std::make_move_iterator(units.begin()), std::make_move_iterator(units.end()));
}

struct Window {
    std::size_t first = 0;
    std::size_t last = 0;  // included
    std::int64_t events = 0;
    std::int64_t days = 0;
    double p = 1;
};

std::vector<Window> windows_of(const RatedUnits& all, std::size_t widest) {
    std::vector<Window> windows;
    for (std::size_t first = 0; first < all.units.size(); ++first) {
        Window window{first, first};
        for (std::size_t last = first; last < all.units.size() && last - first < widest; ++last) {
            window.last = last;
            window.events += all.units[last].events;
            window.days += all.units[last].days;
            if (window.days >= all.days) break;  // everything is no cluster
            const double share = static_cast<double>(window.days) / static_cast<double>(all.days);
            window.p =
                special::binomial_upper(static_cast<double>(window.events), static_cast<double>(all.events), share);
            windows.push_back(window);
        }
    }
    return windows;
}

}  // namespace

ScreenLook look_at_sites(const ScreenSpec& spec, const ScreenTable& rates, const ScreenTable& reports) {
    ScreenLook look;
    const RatedUnits all = rated(rates);
    if (all.units.size() < 3) {
        look.cannot_signal = "fewer than three sites have time at risk";
        return look;
    }
    for (std::size_t i = 0; i < all.units.size(); ++i) look.units.push_back(rate_unit(spec, all, i));
    add_under_reporting(look, spec, reports);
    return look;
}

ScreenLook look_at_lots(const ScreenSpec& spec, const ScreenTable& rates) {
    ScreenLook look;
    RatedUnits all = rated(rates);
    if (all.units.size() < 2) {
        look.cannot_signal = "fewer than two lots have time at risk";
        return look;
    }
    std::sort(all.units.begin(), all.units.end(), [](const Rated& a, const Rated& b) {
        return a.first_day != b.first_day ? a.first_day < b.first_day : a.unit < b.unit;
    });
    std::vector<Window> windows = windows_of(all, static_cast<std::size_t>(spec.widest));
    std::stable_sort(windows.begin(), windows.end(), [](const Window& a, const Window& b) { return a.p < b.p; });
    const std::int64_t fewest = spec.least > 0 ? spec.least : kFewestEvents;
    std::vector<bool> taken(all.units.size(), false);
    for (const Window& window : windows) {
        bool free = true;
        for (std::size_t i = window.first; i <= window.last; ++i) free = free && !taken[i];
        ScreenUnit unit;
        unit.p = std::min(1.0, static_cast<double>(windows.size()) * window.p);
        const bool raised = free && *unit.p <= alpha_of(spec) && window.events >= fewest;
        const bool single = window.first == window.last;
        if (!raised && !(single && free)) continue;
        std::size_t peak = window.first;  // names the alarm: a window grows and shrinks, its heart stays
        for (std::size_t i = window.first; i <= window.last; ++i) {
            taken[i] = true;
            if (all.units[i].events > all.units[peak].events) peak = i;
        }
        unit.unit = all.units[peak].unit;
        unit.raised = raised;
        unit.side = "high";
        const double expected =
            static_cast<double>(all.events) * static_cast<double>(window.days) / static_cast<double>(all.days);
        unit.figures = {{"events", static_cast<double>(window.events)},
                        {"person_days", static_cast<double>(window.days)},
                        {"expected", expected},
                        {"lots", static_cast<double>(window.last - window.first + 1)},
                        {"p", window.p},
                        {"windows", static_cast<double>(windows.size())}};
        std::string names;
        for (std::size_t i = window.first; i <= window.last; ++i)
            names += (names.empty() ? "" : ", ") + all.units[i].unit;
        unit.words = names + ": " + std::to_string(window.events) + " of " + std::to_string(all.events) + " with " +
                     row_of(spec.endpoint).words + " in " +
                     percent_text(expected / std::max(1.0, static_cast<double>(all.events))) +
                     " of the time at risk, " + number_text(expected) + " expected; p " + number_text(*unit.p) +
                     " over " + std::to_string(windows.size()) + " lots and neighbours.";
        if (raised) unit.clears = "One event fewer in the lot, or more time at risk there.";
        look.units.push_back(std::move(unit));
    }
    return look;
}

}  // namespace cellvigil
