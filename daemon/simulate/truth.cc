#include "daemon/simulate/truth.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace cellvigil::simulate {
namespace {

constexpr double kDaysPerMonth = 365.25 / 12;
constexpr double kDaysPerYear = 365.25;
constexpr double kAdmitted = -5.2;

// Time to the first of piecewise constant hazards: each limit is the end of its piece, the last piece is open.
struct HazardPiece {
    double until_day;
    double per_day;
};
double draw_from_pieces(Random& random, std::initializer_list<HazardPiece> pieces) {
    double left = random.exponential(1);
    double from = 0;
    for (const HazardPiece& piece : pieces) {
        const double held = (piece.until_day - from) * piece.per_day;
        if (left < held) return from + left / piece.per_day;
        left -= held;
        from = piece.until_day;
    }
    return from;
}

double hazard_of(double cumulative, double over_days) { return -std::log(1 - cumulative) / over_days; }

void draw_relapse(ExitsTruth& exits, const Exits& shape, Random& random) {
    const bool cured = random.chance(shape.cured);
    const double at = random.lognormal(shape.relapse_months) * kDaysPerMonth;
    const double survived =
        random.exponential(shape.survival_after_relapse_median_months * kDaysPerMonth / std::log(2.0));
    const bool treated = random.chance(shape.treated_after_relapse);
    const double treated_after = random.lognormal(shape.treatment_after_relapse_days);
    constexpr std::array<SubsequentTherapyKind, 6> kKinds{
        SubsequentTherapyKind::systemic,       SubsequentTherapyKind::t_cell_engager,
        SubsequentTherapyKind::radiotherapy,   SubsequentTherapyKind::cell_therapy,
        SubsequentTherapyKind::allogeneic_hct, SubsequentTherapyKind::checkpoint_inhibitor};
    constexpr std::array<double, 6> kShares{0.55, 0.15, 0.10, 0.07, 0.08, 0.05};
    const auto kind = kKinds.at(random.pick(kShares));
    if (cured) return;
    exits.relapse = std::max(at, 14.0);
    exits.death = *exits.relapse + survived;
    exits.cause = DeathCause::disease;
    if (!treated || treated_after >= survived) return;
    exits.next_therapy = *exits.relapse + treated_after;
    exits.next_therapy_kind = kind;
}

}  // namespace

double ExitsTruth::observed_until() const { return std::min({cut, death.value_or(cut), lost.value_or(cut)}); }

Instant SubjectTruth::at(double day) const {
    return infused + std::chrono::floor<minutes>(milliseconds(std::llround(day * 86'400'000.0)));
}

int SubjectTruth::day_number(double day) const {
    return infusion_day(site_date(infused, offset), site_date(at(day), offset)).value;
}

double SubjectTruth::hour_of(double day) const {
    const auto local = at(day).time_since_epoch() + offset;
    return static_cast<double>((local - std::chrono::floor<days>(local)).count()) / 3'600'000.0;
}

Random stream_of(const Parameters& parameters, std::uint32_t subject, Purpose purpose) {
    return Random::stream(parameters.seed, subject, static_cast<std::uint64_t>(purpose));
}

void draw_exits(SubjectTruth& truth, const Parameters& parameters) {
    const Exits& shape = parameters.exits;
    Random random = stream_of(parameters, truth.index, Purpose::exits);
    ExitsTruth& exits = truth.exits;
    const double months = std::clamp(random.lognormal(shape.follow_up_months), shape.follow_up_limits_months.from,
                                     shape.follow_up_limits_months.until);
    const bool lost = random.chance(shape.lost);
    const double lost_at = random.uniform(shape.lost_days);
    draw_relapse(exits, shape, random);
    const double other_death =
        draw_from_pieces(random, {{28, hazard_of(shape.other_death_to_day_28, 28)},
                                  {365, hazard_of(shape.other_death_day_28_to_365, 365 - 28)},
                                  {200 * kDaysPerYear, hazard_of(shape.other_death_per_later_year, kDaysPerYear)}});
    if (other_death < exits.death.value_or(1e9)) {
        exits.death = std::max(other_death, 1.0);
        exits.cause = DeathCause::unknown;
        if (exits.relapse && *exits.relapse >= *exits.death) exits.relapse.reset();
        if (exits.next_therapy && *exits.next_therapy >= *exits.death) exits.next_therapy.reset();
    }
    if (lost) exits.lost = lost_at;

    // The cut is the last whole day before now; the infusion is a morning that many months earlier.
    const SiteDate cut = site_date(parameters.now, truth.offset) - days(1);
    const SiteDate infused = cut - days(std::llround(months * kDaysPerMonth));
    truth.infused = start_of(infused, truth.offset) + minutes(random.integer(9 * 60, 15 * 60));
    exits.cut = static_cast<double>((start_of(cut, truth.offset) - truth.infused).count()) / 86'400'000.0;
}

bool SubjectTruth::in_hospital(double day) const {
    constexpr double kAdmission = 3.0 / 24;
    if (!outpatient) return day >= kAdmitted && day < discharge_day;
    const bool with_crs = crs && day >= crs->course.from + kAdmission && day < crs->course.until + 1;
    return with_crs || (icans && day >= icans->course.from + kAdmission && day < icans->course.until + 1);
}

void draw_visits(SubjectTruth& truth, const Parameters& parameters) {
    Random random = stream_of(parameters, truth.index, Purpose::visits);
    constexpr std::array<double, 9> kPlanned{18, 21, 28, 60, 90, 135, 180, 270, 365};
    for (const double planned : kPlanned) {
        const double day =
            std::round(planned + random.uniform({-0.02, 0.05}) * planned) - 0.1 + random.uniform({0, 0.2});
        if (day > truth.discharge_day + 1) truth.visits.push_back(day);
    }
    for (int planned = 365 + 180; planned < truth.exits.cut; planned += 180)
        truth.visits.push_back(planned + random.uniform({-14, 21}));
}

SubjectTruth draw_subject(const Parameters& parameters, std::uint32_t index) {
    SubjectTruth truth;
    truth.index = index;
    truth.subject = fmt::format("{}{:04}", parameters.subject_prefix, index + 1);
    truth.offset = parameters.site_offset;
    Random random = stream_of(parameters, index, Purpose::subject);
    truth.site = random.below(parameters.sites);
    truth.lot = fmt::format("LOT-{:02}", random.below(parameters.lots) + 1);
    const bool child = random.chance(parameters.paediatric);
    truth.age_years = child ? static_cast<std::uint32_t>(random.integer(2, 11))
                            : static_cast<std::uint32_t>(std::clamp(random.normal(57, 12), 18.0, 82.0));
    if (child) truth.age_days = truth.age_years * 365 + static_cast<std::uint32_t>(random.integer(3, 360));
    truth.sex = random.chance(0.56) ? Sex::male : Sex::female;
    truth.weight_kg = std::round(child ? 9 + 2.6 * truth.age_years + random.normal(0, 2)
                                       : std::clamp(random.normal(66, 11), 42.0, 115.0));
    truth.prior_transplant = random.chance(0.12);
    truth.prior_zoster = random.chance(0.10);
    truth.outpatient = random.chance(parameters.vitals.outpatient);
    draw_exits(truth, parameters);
    draw_acute_toxicity(truth, parameters);
    draw_visits(truth, parameters);
    draw_counts(truth, parameters);
    draw_immune_recovery(truth, parameters);
    draw_infections(truth, parameters);
    draw_zoster(truth, parameters);
    settle_death(truth, parameters);
    return truth;
}

}  // namespace cellvigil::simulate
