#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "daemon/simulate/antibacterial.h"
#include "daemon/simulate/course.h"

namespace cellvigil::simulate {
namespace {

constexpr double kHour = 1.0 / 24;
constexpr double kMinute = kHour / 60;

Intervention drug(Agent agent, Indication indication, InterventionPhase phase, double dose_mg) {
    Intervention given;
    given.kind = InterventionKind::drug;
    given.phase = phase;
    given.indication = indication;
    given.agent = agent;
    given.route = Route::intravenous;
    given.dose = to_digits(dose_mg, 0);
    given.dose_unit = "mg";
    return given;
}

Intervention stay(InterventionKind kind, InterventionPhase phase, const char* course) {
    Intervention bed;
    bed.kind = kind;
    bed.phase = phase;
    bed.course = course;
    return bed;
}

void give_bolus(Course& course, double day, Random& random) {
    Intervention bolus;
    bolus.kind = InterventionKind::fluid_bolus;
    bolus.phase = InterventionPhase::single;
    bolus.indication = Indication::hypotension;
    const double weight = course.truth().weight_kg;
    const double adult = random.chance(0.6) ? 500 : 250;
    bolus.volume_ml = to_digits(course.truth().paediatric() ? 10 * std::ceil(weight) : adult, 0);
    bolus.duration_min = whole(30);
    course.add(Reporting::support, day, bolus);
}

struct Pressor {
    Agent agent = Agent::none;
    const char* course = "";
    Span rate;  // ug/kg/min
};
constexpr Pressor kFirst{Agent::norepinephrine, "pressor-1", {0.04, 0.25}};
constexpr Pressor kSecond{Agent::epinephrine, "pressor-2", {0.02, 0.12}};

void run_pressor(Course& course, const Pressor& pressor, Stretch while_given, Random& random) {
    Intervention given;
    given.kind = InterventionKind::vasopressor;
    given.indication = Indication::crs;
    given.agent = pressor.agent;
    given.route = Route::intravenous;
    given.by_infusion = true;
    given.rate_unit = "ug/kg/min";
    given.course = pressor.course;
    given.phase = InterventionPhase::start;
    double day = while_given.from;
    while (day < while_given.until) {
        given.rate = to_digits(random.uniform(pressor.rate), 2);
        course.add(Reporting::support, day, given);
        given.phase = InterventionPhase::change;
        day += random.uniform({4, 10}) * kHour;
    }
    given.phase = InterventionPhase::stop;
    given.rate.reset();
    course.add(Reporting::support, while_given.until, given);
}

// [from, until) over which the steps are at a level or above it.
Stretch stretch_at_least(const std::vector<Step>& steps, int level) {
    Stretch found{0, 0};
    for (const Step& step : steps) {
        if (found.from <= 0 && step.level >= level) found.from = step.from;
        if (step.level >= level) found.until = 1e9;
        if (found.from > 0 && step.level < level && found.until > 1e8) found.until = step.from;
    }
    return found;
}

void treat_hypotension(Course& course, const CrsTruth& crs, Random& random) {
    const std::vector<Step> steps = steps_of(crs, crs.hypotension);
    if (steps.empty()) return;
    double day = steps.front().from + 20 * kMinute;
    while (day < steps.back().from) {
        if (level_at(steps, day) == 2) give_bolus(course, day, random);
        day += random.uniform({6, 12}) * kHour;
    }
    if (crs.hypotension >= 3) run_pressor(course, kFirst, stretch_at_least(steps, 3), random);
    if (crs.hypotension >= 4) run_pressor(course, kSecond, stretch_at_least(steps, 4), random);
}

Intervention oxygen_at(int level, Random& random) {
    Intervention oxygen;
    oxygen.kind = InterventionKind::oxygen;
    oxygen.indication = Indication::hypoxia;
    oxygen.course = "oxygen-1";
    switch (level) {
        case 2:
            oxygen.device = OxygenDevice::nasal_cannula;
            oxygen.flow_l_min = whole(random.integer(1, 6));
            break;
        case 3:
            if (random.chance(0.6)) {
                oxygen.device = OxygenDevice::high_flow_nasal;
                oxygen.flow_l_min = whole(random.integer(2, 5) * std::int64_t{10});
                oxygen.fio2 = hundredths(random.integer(35, 60));
            } else {
                oxygen.device = OxygenDevice::non_rebreather;
                oxygen.flow_l_min = whole(random.integer(10, 15));
            }
            break;
        default:
            oxygen.device = random.chance(0.6) ? OxygenDevice::bipap : OxygenDevice::invasive_ventilation;
            oxygen.fio2 = hundredths(random.integer(40, 80));
            break;
    }
    return oxygen;
}

void treat_hypoxia(Course& course, const CrsTruth& crs, Random& random) {
    const std::vector<Step> steps = steps_of(crs, crs.hypoxia);
    for (std::size_t index = 0; index < steps.size(); ++index) {
        const Step& step = steps[index];
        Intervention oxygen = oxygen_at(step.level == 0 ? 2 : step.level, random);
        oxygen.phase = index == 0 ? InterventionPhase::start : InterventionPhase::change;
        if (step.level == 0) {
            oxygen.phase = InterventionPhase::stop;
            oxygen.device = OxygenDevice::room_air;
            oxygen.flow_l_min.reset();
        }
        course.add(Reporting::support, step.from, oxygen);
    }
}

void give_dexamethasone(Course& course, Indication indication, Stretch while_given, double every_days) {
    double day = while_given.from;
    while (day < while_given.until) {
        course.add(Reporting::support, day, drug(Agent::dexamethasone, indication, InterventionPhase::single, 10));
        day += every_days;
    }
}

void treat_crs(Course& course, const CrsTruth& crs, Random& random) {
    treat_hypotension(course, crs, random);
    treat_hypoxia(course, crs, random);
    if (crs.tocilizumab) {
        course.add(Reporting::support, *crs.tocilizumab,
                   drug(Agent::tocilizumab, Indication::crs, InterventionPhase::single,
                        std::min(8 * course.truth().weight_kg, 800.0)));
    }
    if (crs.grade < 3) return;
    give_dexamethasone(course, Indication::crs, {crs.peak.from + 2 * kHour, crs.peak.until}, 1);
    course.add(Reporting::support, crs.peak.from + 0.5 * kHour,
               stay(InterventionKind::icu_stay, InterventionPhase::start, "icu-crs"));
    course.add(Reporting::support, crs.peak.until + 4 * kHour,
               stay(InterventionKind::icu_stay, InterventionPhase::stop, "icu-crs"));
}

void treat_icans(Course& course, const IcansTruth& icans) {
    if (icans.grade >= 2)
        give_dexamethasone(course, Indication::icans, {icans.peak.from + 1 * kHour, icans.peak.until}, 0.5);
    if (icans.seizure) {
        course.add(Reporting::support, *icans.seizure + 5 * kMinute,
                   drug(Agent::levetiracetam, Indication::seizure, InterventionPhase::single, 1500));
    }
    if (icans.sedated) {
        Intervention propofol = drug(Agent::propofol, Indication::airway, InterventionPhase::start, 100);
        propofol.by_infusion = true;
        propofol.course = "sedation-1";
        course.add(Reporting::support, icans.sedated->from, propofol);
        Intervention tube;
        tube.kind = InterventionKind::oxygen;
        tube.phase = InterventionPhase::start;
        tube.indication = Indication::airway;
        tube.device = OxygenDevice::invasive_ventilation;
        tube.fio2 = hundredths(30);
        tube.course = "airway-1";
        course.add(Reporting::support, icans.sedated->from, tube);
        propofol.phase = tube.phase = InterventionPhase::stop;
        tube.device = OxygenDevice::room_air;
        tube.fio2.reset();
        course.add(Reporting::support, icans.sedated->until, propofol);
        course.add(Reporting::support, icans.sedated->until, tube);
    }
    if (icans.grade < 3) return;
    course.add(Reporting::support, icans.peak.from,
               stay(InterventionKind::icu_stay, InterventionPhase::start, "icu-icans"));
    course.add(Reporting::support, icans.peak.until,
               stay(InterventionKind::icu_stay, InterventionPhase::stop, "icu-icans"));
}

void stay_in_hospital(Course& course) {
    const SubjectTruth& truth = course.truth();
    std::vector<Stretch> stays;
    if (!truth.outpatient) stays.push_back({-5.1, truth.discharge_day});
    if (truth.outpatient && truth.crs)
        stays.push_back({truth.crs->course.from + 3 * kHour, truth.crs->course.until + 1});
    if (truth.outpatient && truth.icans) {
        const Stretch stretch{truth.icans->course.from + 3 * kHour, truth.icans->course.until + 1};
        if (stays.empty() || stretch.from > stays.back().until) {
            stays.push_back(stretch);
        } else {
            stays.back().until = std::max(stays.back().until, stretch.until);
        }
    }
    for (std::size_t index = 0; index < stays.size(); ++index) {
        const std::string name = fmt::format("stay-{}", index + 1);
        course.add(Reporting::support, stays[index].from,
                   stay(InterventionKind::hospital_stay, InterventionPhase::start, name.c_str()));
        course.add(Reporting::support, stays[index].until,
                   stay(InterventionKind::hospital_stay, InterventionPhase::stop, name.c_str()));
    }
}

void treat_fever(Course& course, const CrsTruth& crs, Random& random) {
    const double from = crs.course.from + days_to_antibacterial(random);
    Intervention given = drug(Agent::levofloxacin, Indication::infection, InterventionPhase::start, 500);
    given.treatment = true;
    given.course = "empiric-antibacterial";
    course.add(Reporting::support, from, given);
    given.phase = InterventionPhase::stop;
    given.dose.reset();
    given.dose_unit.clear();
    course.add(Reporting::support, std::max(crs.course.until, from + 1) + 2, given);
}

}  // namespace

void give_support(Course& course) {
    Random random = course.random(Purpose::support);
    stay_in_hospital(course);
    for (const double day : {-5.0, -4.0, -3.0}) {
        course.add(Reporting::support, day,
                   drug(Agent::cyclophosphamide, Indication::other, InterventionPhase::single, 480));
        course.add(Reporting::support, day + 2 * kHour,
                   drug(Agent::fludarabine, Indication::other, InterventionPhase::single, 48));
    }
    if (course.truth().crs) treat_crs(course, *course.truth().crs, random);
    if (course.truth().icans) treat_icans(course, *course.truth().icans);
    if (course.truth().crs) treat_fever(course, *course.truth().crs, random);
}

}  // namespace cellvigil::simulate
