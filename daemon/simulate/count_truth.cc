#include <algorithm>
#include <cmath>

#include "daemon/simulate/truth.h"

namespace cellvigil::simulate {
namespace {

constexpr double kEdge = 0.48;           // 10*9/L at both ends of a dip
constexpr double kLymphodepletion = -5;  // its first day
constexpr double kRecoveryDays = 4;      // from the edge back up
constexpr double kFallDays = 3;          // down into a second dip
constexpr double kRecovered = 2.2;       // where the count returns to, at most what it was before
constexpr double kDaysPerMonth = 365.25 / 12;

double between(double from, double until, double share) {
    return from * std::pow(until / from, std::clamp(share, 0.0, 1.0));
}

Dip dip_of(double from, double length, double nadir) { return {{from, from + length}, std::min(nadir, 0.45), kEdge}; }

std::vector<Dip> draw_dips(Phenotype phenotype, Random& random) {
    const double start = random.uniform({3, 6});
    switch (phenotype) {
        case Phenotype::mild: {
            const double half = random.uniform({1, 3});
            const double nadir = std::max(random.lognormal({1.3, 0.15}), 1.02);
            return {{{6 - half, 6 + half}, nadir, nadir + 0.4}};
        }
        case Phenotype::quick: {
            const double length = random.lognormal({7, 0.40});
            return {dip_of(start, length, random.lognormal({0.070, 0.9}))};
        }
        case Phenotype::intermittent: {
            const double length = random.lognormal({5, 0.4});
            const Dip first = dip_of(start, length, random.lognormal({0.070, 0.9}));
            const double again = std::max(random.uniform({20, 28}), first.low.until + kRecoveryDays + kFallDays + 1);
            const double second = random.lognormal({6, 0.45});
            return {first, dip_of(again, second, random.lognormal({0.150, 0.7}))};
        }
        case Phenotype::aplastic: {
            const double length = std::max(14.0, random.lognormal({20, 0.40}));
            return {dip_of(start, length, random.lognormal({0.030, 0.6}))};
        }
    }
    return {};
}

// Log-linear from the edge of one dip to what follows it.
double outside_dips(const CountsTruth& counts, double day) {
    const double plateau = std::min(counts.neutrophils_before, kRecovered);
    const Dip* before = nullptr;
    const Dip* after = nullptr;
    for (const Dip& dip : counts.dips) {
        if (dip.low.until <= day) before = &dip;
        if (dip.low.from > day && after == nullptr) after = &dip;
    }
    if (before == nullptr) {
        if (after == nullptr || day <= kLymphodepletion) return counts.neutrophils_before;
        const double share = (day - kLymphodepletion) / (after->low.from - kLymphodepletion);
        return between(counts.neutrophils_before, after->edge, share);
    }
    const double up = between(before->edge, plateau, (day - before->low.until) / kRecoveryDays);
    if (after == nullptr) return up;
    return std::min(up, between(after->edge, plateau, (after->low.from - day) / kFallDays));
}

}  // namespace

double neutrophils_at(const CountsTruth& counts, double day, bool with_growth_factor) {
    double count = -1;
    for (const Dip& dip : counts.dips) {
        if (!dip.low.holds(day)) continue;
        const double half = (dip.low.until - dip.low.from) / 2;
        const double off = (day - dip.low.from - half) / half;
        count = between(dip.nadir, dip.edge, off * off);
    }
    if (count < 0) count = outside_dips(counts, day);
    if (with_growth_factor) {
        for (const GrowthFactor& given : counts.growth_factor)
            if (day >= given.day + 0.5 && day < given.day + 0.5 + given.lasts) count *= given.factor;
    }
    return count;
}

namespace {

// Down from day -5 to a nadir, then up to three quarters of the start on the day of recovery and on to nine tenths.
double down_and_up(double start, double nadir, double nadir_day, double recovered_day, double day) {
    if (day <= kLymphodepletion) return start;
    if (day <= nadir_day) return between(start, nadir, (day - kLymphodepletion) / (nadir_day - kLymphodepletion));
    const double full = std::max(recovered_day, nadir_day + 2);
    if (day <= full) return between(nadir, std::max(0.75 * start, nadir), (day - nadir_day) / (full - nadir_day));
    return between(std::max(0.75 * start, nadir), 0.9 * start, (day - full) / 180);
}

}  // namespace

double platelets_at(const CountsTruth& counts, double day) {
    return down_and_up(counts.platelets_before, counts.platelets_nadir, counts.platelets_nadir_day,
                       counts.platelets_recover, day);
}

double haemoglobin_at(const CountsTruth& counts, double day) {
    return down_and_up(counts.haemoglobin_before, counts.haemoglobin_nadir, 10, counts.haemoglobin_recover, day);
}

double lymphocytes_at(const CountsTruth& counts, double day) {
    return down_and_up(counts.lymphocytes_before, 0.05, 0, counts.lymphocytes_recover, day);
}

void draw_counts(SubjectTruth& truth, const Parameters& parameters) {
    Random random = stream_of(parameters, truth.index, Purpose::counts);
    CountsTruth& counts = truth.counts;
    counts.phenotype = static_cast<Phenotype>(random.pick(parameters.counts.shares));
    counts.neutrophils_before = std::clamp(random.lognormal({3.0, 0.40}), 1.6, 9.0);
    counts.dips = draw_dips(counts.phenotype, random);
    counts.platelets_before = std::clamp(random.lognormal({160, 0.35}), 60.0, 400.0);
    counts.platelets_nadir = std::min(random.lognormal({45, 0.7}), 0.7 * counts.platelets_before);
    counts.platelets_nadir_day = random.uniform({10, 20});
    counts.platelets_recover = random.lognormal(parameters.counts.platelets_recover_days);
    counts.haemoglobin_before = std::clamp(random.normal(112, 14), 80.0, 155.0);
    counts.haemoglobin_nadir = counts.haemoglobin_before * random.uniform({0.60, 0.85});
    counts.haemoglobin_recover = random.lognormal(parameters.counts.haemoglobin_recover_days);
    counts.lymphocytes_before = std::clamp(random.lognormal({1.0, 0.4}), 0.4, 2.5);
    counts.lymphocytes_recover = random.lognormal(parameters.counts.lymphocytes_recover_days);
    counts.white_cells_spared =
        stream_of(parameters, truth.index, Purpose::white_cells).chance(parameters.counts.white_cells_spared);
    if (!random.chance(parameters.counts.growth_factor)) return;
    for (const Dip& dip : counts.dips) {
        counts.growth_factor.push_back({dip.low.from + random.uniform({0.2, 0.6}) * (dip.low.until - dip.low.from),
                                        random.uniform({3, 5}), random.uniform({2, 3})});
    }
}

void draw_immune_recovery(SubjectTruth& truth, const Parameters& parameters) {
    Random random = stream_of(parameters, truth.index, Purpose::immune);
    ImmuneTruth& immune = truth.immune;
    immune.b_cells_return = random.lognormal(parameters.immune.b_cells_recover_months) * kDaysPerMonth;
    immune.b_cells_after = random.lognormal({0.14, 0.5});
    immune.igg_before = random.lognormal(parameters.immune.igg_baseline);
    immune.cd4_rank = random.normal(0, 1);
    if (!random.chance(parameters.immune.immunoglobulin_given)) return;
    // Every four weeks from the first visit that finds IgG below 4 g/L until it stays above by itself.
    const double until = random.uniform({240, 720});
    for (int day = 30; day < until; day += 28)
        if (igg_at(immune, parameters.immune.igg_nadir_factor, day, false) < 4.0) immune.immunoglobulin.push_back(day);
}

double igg_at(const ImmuneTruth& immune, double igg_nadir_factor, double day, bool with_replacement) {
    const double nadir = immune.igg_before * igg_nadir_factor;
    double level = day < 180 ? between(immune.igg_before, nadir, day / 180)
                             : between(nadir, 0.95 * immune.igg_before, (day - 180) / (4 * 365));
    if (!with_replacement) return level;
    for (const double given : immune.immunoglobulin)
        if (given <= day) level += 3.0 * std::exp2(-(day - given) / 25);
    return level;
}

double cd4_at(const ImmuneTruth& immune, double day) {
    struct Knot {
        double day, median, sigma;
    };
    // Per microlitre.
    constexpr std::array<Knot, 6> kKnots{
        {{-7, 250, 0.6}, {30, 120, 0.6}, {365, 155, 0.5}, {540, 200, 0.5}, {1460, 350, 0.5}, {3000, 400, 0.5}}};
    double median = kKnots.front().median;
    double sigma = kKnots.front().sigma;
    for (std::size_t index = 1; index < kKnots.size(); ++index) {
        const Knot& from = kKnots.at(index - 1);
        const Knot& to = kKnots.at(index);
        if (day < from.day) break;
        const double share = std::min(1.0, (day - from.day) / (to.day - from.day));
        median = between(from.median, to.median, share);
        sigma = from.sigma + (to.sigma - from.sigma) * share;
    }
    return 0.001 * median * std::exp(sigma * immune.cd4_rank);
}

double cd19_at(const ImmuneTruth& immune, double day) {
    if (day < 5) return day < 0 ? immune.b_cells_after * 0.8 : 0.02;
    if (day < immune.b_cells_return) return 0;
    return immune.b_cells_after * std::min(1.0, 0.2 + (day - immune.b_cells_return) / 180);
}

}  // namespace cellvigil::simulate
