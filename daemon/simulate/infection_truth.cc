#include <algorithm>
#include <cmath>

#include "daemon/simulate/truth.h"

namespace cellvigil::simulate {
namespace {

constexpr double kYear = 365.25;

// Windows of the infection densities and their mix of bacteria, viruses and fungi.
struct Window {
    double from;
    double until;
    std::array<double, 3> mix;
};
constexpr std::array<Window, 4> kWindows{
    {{0, 29, {60, 30, 10}}, {29, 91, {40, 50, 10}}, {91, 366, {30, 62, 8}}, {366, 1e9, {30, 65, 5}}}};

struct Share {
    Organism organism;
    double weight;
};
constexpr std::array<Share, 2> kBacteria{{{Organism::bacteria, 0.9}, {Organism::c_difficile, 0.1}}};
constexpr std::array<Share, 9> kViruses{{{Organism::rhinovirus, 0.22},
                                         {Organism::sars_cov_2, 0.20},
                                         {Organism::influenza, 0.12},
                                         {Organism::cmv, 0.14},
                                         {Organism::rsv, 0.09},
                                         {Organism::parainfluenza, 0.08},
                                         {Organism::hsv, 0.07},
                                         {Organism::adenovirus, 0.05},
                                         {Organism::bk_virus, 0.03}}};
constexpr std::array<Share, 3> kFungi{{{Organism::yeast, 0.5}, {Organism::mould, 0.3}, {Organism::pneumocystis, 0.2}}};

template <std::size_t N>
Organism pick_organism(const std::array<Share, N>& shares, Random& random) {
    std::array<double, N> weights{};
    for (std::size_t index = 0; index < N; ++index) weights.at(index) = shares.at(index).weight;
    return shares.at(random.pick(weights)).organism;
}

InfectionTruth draw_infection(double onset, const Window& window, const Infections& shape, Random& random) {
    InfectionTruth infection;
    switch (random.pick(window.mix)) {
        case 0:
            infection.pathogen = PathogenClass::bacterial;
            infection.organism = pick_organism(kBacteria, random);
            break;
        case 1:
            infection.pathogen = PathogenClass::viral;
            infection.organism = pick_organism(kViruses, random);
            break;
        default:
            infection.pathogen = PathogenClass::fungal;
            infection.organism = pick_organism(kFungi, random);
            break;
    }
    infection.severe = random.chance(shape.severe.at(onset < 29 ? 0 : 1));
    const double rank = random.uniform();
    infection.grade = infection.severe ? (rank < 0.85 ? 3 : 4) : (rank < 0.7 ? 2 : 1);
    infection.course = {onset, onset + std::max(2.0, random.lognormal({infection.severe ? 16.0 : 10.0, 0.5}))};
    infection.reported = random.chance(shape.seen);
    return infection;
}

double zoster_hazard_per_day(const SubjectTruth& truth, const Parameters& parameters, double day) {
    constexpr std::array<double, 5> kLimits{30, 90, 365, 730, 1095};
    const auto piece =
        static_cast<std::size_t>(std::upper_bound(kLimits.begin(), kLimits.end(), day) - kLimits.begin());
    double hazard = parameters.zoster.per_1000_years.at(piece) / 1000 / kYear;
    if (day < truth.prophylaxis_stop) hazard *= parameters.zoster.hazard_ratio_on_prophylaxis;
    switch (parameters.scenario) {
        case Scenario::none:
        case Scenario::prophylaxis_shortened:
        case Scenario::crs_tripled:
        case Scenario::icans_tripled:
            break;
        case Scenario::hazard_doubled:
            if (truth.at(day) >= parameters.scenario_from) hazard *= 2;
            break;
        case Scenario::lot_doubled:
            if (truth.lot == "LOT-01") hazard *= 2;
            break;
        case Scenario::site_tripled:
            if (truth.site == 0) hazard *= 3;
            break;
    }
    return hazard;
}

ZosterTruth draw_episode(double onset, const SubjectTruth& truth, const ZosterRisk& shape, Random& random) {
    constexpr std::array<ZosterClass, 5> kClasses{ZosterClass::localised, ZosterClass::multidermatomal,
                                                  ZosterClass::disseminated, ZosterClass::ophthalmic_or_oticus,
                                                  ZosterClass::cns_or_visceral};
    ZosterTruth zoster;
    zoster.course = {onset, onset + std::max(5.0, random.lognormal({14, 0.4}))};
    zoster.extent = kClasses.at(random.pick(shape.classes));
    // One in four is serious: all of the widespread ones, and of the others as many as that leaves.
    const double widespread = shape.classes[2] + shape.classes[3] + shape.classes[4];
    const bool wide = zoster.extent >= ZosterClass::disseminated;
    const bool admitted = random.chance(std::max(0.0, (shape.serious - widespread) / (1 - widespread)));
    zoster.serious = wide || admitted;
    zoster.neuralgia = random.chance(shape.neuralgia);
    zoster.on_prophylaxis = onset < truth.prophylaxis_stop;
    return zoster;
}

}  // namespace

void draw_infections(SubjectTruth& truth, const Parameters& parameters) {
    Random random = stream_of(parameters, truth.index, Purpose::infections);
    const Infections& shape = parameters.infections;
    const double frailty =
        shape.frailty_variance > 0 ? random.gamma(1 / shape.frailty_variance, shape.frailty_variance) : 1;
    for (std::size_t index = 0; index < kWindows.size(); ++index) {
        const Window& window = kWindows.at(index);
        const double per_day = shape.per_100_days.at(index) / 100 * frailty;
        if (per_day <= 0) continue;
        const double until = std::min(window.until, truth.exits.cut);
        double day = window.from + random.exponential(1 / per_day);
        while (day < until) {
            truth.infections.push_back(draw_infection(std::max(day, 0.2), window, shape, random));
            day += random.exponential(1 / per_day);
        }
    }
}

void draw_zoster(SubjectTruth& truth, const Parameters& parameters) {
    Random random = stream_of(parameters, truth.index, Purpose::zoster);
    Lognormal stop = parameters.zoster.prophylaxis_stop_days;
    if (parameters.scenario == Scenario::prophylaxis_shortened) stop.median = 60;
    truth.prophylaxis_stop = std::max(7.0, random.lognormal(stop));
    double left = random.exponential(1);
    int day = 0;
    while (day < truth.exits.cut) {
        left -= zoster_hazard_per_day(truth, parameters, day + 0.5);
        if (left < 0) break;
        ++day;
    }
    if (day >= truth.exits.cut) return;
    double onset = day + random.uniform();
    truth.zoster.push_back(draw_episode(onset, truth, parameters.zoster, random));
    while (parameters.zoster.recurrence_per_year > 0) {
        onset =
            truth.zoster.back().course.until + 30 + random.exponential(kYear / parameters.zoster.recurrence_per_year);
        if (onset >= truth.exits.cut) return;
        truth.zoster.push_back(draw_episode(onset, truth, parameters.zoster, random));
        truth.zoster.back().recurrence = true;
    }
}

namespace {

DeathCause draw_cause(const SubjectTruth& truth, double day, Random& random) {
    constexpr std::array<DeathCause, 6> kCauses{
        DeathCause::infection,         DeathCause::crs,  DeathCause::icans, DeathCause::other_toxicity,
        DeathCause::second_malignancy, DeathCause::other};
    constexpr std::array<double, 6> kEarly{0.56, 0.10, 0.04, 0.15, 0.0, 0.15};
    constexpr std::array<double, 6> kLate{0.51, 0.0, 0.0, 0.10, 0.10, 0.29};
    const DeathCause cause = kCauses.at(random.pick(day <= 28 ? kEarly : kLate));
    if (cause == DeathCause::crs && !(truth.crs && truth.crs->grade >= 3)) return DeathCause::infection;
    if (cause == DeathCause::icans && !(truth.icans && truth.icans->grade >= 3)) return DeathCause::infection;
    return cause;
}

template <typename T>
void drop_unseen(std::vector<T>& happenings, double until) {
    std::erase_if(happenings, [until](const T& happening) { return happening.course.from >= until; });
    for (T& happening : happenings) happening.course.until = std::min(happening.course.until, until);
}

}  // namespace

namespace {

// A course that is cut short has the grade it had reached.
void cut_acute_toxicity(SubjectTruth& truth, double until) {
    if (truth.crs && truth.crs->course.from >= until) truth.crs.reset();
    if (truth.icans && truth.icans->course.from >= until) truth.icans.reset();
    if (truth.crs) {
        truth.crs->course.until = std::min(truth.crs->course.until, until);
        if (truth.crs->peak.from >= until) truth.crs->hypotension = truth.crs->hypoxia = 0;
        if (truth.crs->peak.from >= until) truth.crs->grade = 1;
    }
    if (truth.icans) {
        truth.icans->course.until = std::min(truth.icans->course.until, until);
        if (truth.icans->peak.from >= until) truth.icans->grade = 1;
    }
}

}  // namespace

void settle_death(SubjectTruth& truth, const Parameters& parameters) {
    Random random = stream_of(parameters, truth.index, Purpose::death);
    ExitsTruth& exits = truth.exits;
    if (exits.death && exits.cause == DeathCause::unknown) {
        exits.cause = draw_cause(truth, *exits.death, random);
        if (exits.cause == DeathCause::crs) exits.death = truth.crs->peak.until;
        if (exits.cause == DeathCause::icans) exits.death = truth.icans->peak.until;
        if (exits.cause == DeathCause::infection) {
            const double ill_for = std::min(random.uniform({3, 15}), *exits.death * 0.8);
            InfectionTruth last =
                draw_infection(*exits.death - ill_for, kWindows.front(), parameters.infections, random);
            last.course.until = *exits.death;
            last.severe = last.fatal = last.reported = true;
            last.grade = 5;
            truth.infections.push_back(last);
        }
    }
    const double until = exits.observed_until();
    std::sort(truth.infections.begin(), truth.infections.end(),
              [](const InfectionTruth& a, const InfectionTruth& b) { return a.course.from < b.course.from; });
    drop_unseen(truth.infections, until);
    drop_unseen(truth.zoster, until);
    cut_acute_toxicity(truth, until);
    if (exits.relapse && *exits.relapse >= until) exits.relapse.reset();
    if (exits.next_therapy && *exits.next_therapy >= until) exits.next_therapy.reset();
}

}  // namespace cellvigil::simulate
