#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "daemon/simulate/course.h"

namespace cellvigil::simulate {
namespace {

constexpr double kHour = 1.0 / 24;
constexpr double kMinute = kHour / 60;
constexpr double kFever = 38.0;
constexpr double kHighestWithoutFever = 37.7;  // nobody has CRS by noise
constexpr double kMonitoredFrom = -1 * kHour;

// A reading out of turn: somebody looked because something was wrong.
struct Moment {
    double day = 0;
    bool low_pressure = false;
    bool low_saturation = false;
};

struct AntipyreticDip {
    double from;
    double lasts;
    double depth;
};

class VitalCourse {
  public:
    VitalCourse(Course& course, Random random) : course_(course), random_(random) {
        base_temperature_ = std::clamp(random_.normal(36.7, 0.3), 36.0, 37.2);
        base_systolic_ = std::clamp(random_.normal(122, 12), 106.0, 160.0);
        base_saturation_ = std::clamp(random_.normal(97, 1), 95.5, 99.0);
        base_heart_rate_ = std::clamp(random_.normal(78, 10), 55.0, 105.0);
        if (!course_.truth().crs) return;
        crs_ = &*course_.truth().crs;
        pressure_ = steps_of(*crs_, crs_->hypotension);
        oxygen_ = steps_of(*crs_, crs_->hypoxia);
        plan_fever();
    }

    std::vector<Moment> moments() const;
    void chart(const Moment& moment);
    void give_antipyretics();
    Random& random() { return random_; }

  private:
    void plan_fever();
    double fever_share(double day) const;
    double temperature(double day);
    double adult_systolic(const Moment& moment);
    double systolic(const Moment& moment);
    double saturation(const Moment& moment);

    Course& course_;
    Random random_;
    const CrsTruth* crs_ = nullptr;
    std::vector<Step> pressure_;
    std::vector<Step> oxygen_;
    std::vector<AntipyreticDip> dips_;
    double base_temperature_ = 0, base_systolic_ = 0, base_saturation_ = 0, base_heart_rate_ = 0;
    double rise_from_ = 0, fall_from_ = 0, fall_days_ = 0;
    double noise_ = 0;  // of the temperature: autoregressive
    int panels_ = 0;
};

// The ramps cross 38.0 at the true onset and at the true end of fever.
void VitalCourse::plan_fever() {
    const double height = crs_->plateau_celsius - base_temperature_;
    const double below = (kFever - base_temperature_) / height;
    rise_from_ = crs_->course.from - crs_->rise_days * below;
    fall_days_ = random_.uniform({6, 12}) * kHour;
    fall_from_ = crs_->fever_until - fall_days_ * (1 - below);
    double dose = crs_->course.from + random_.uniform({3, 5}) * kHour;
    while (dose < crs_->fever_until - 2 * kHour) {
        dips_.push_back({dose, random_.uniform({4, 8}) * kHour, random_.uniform({0.8, 1.5})});
        dose += random_.uniform({6, 10}) * kHour;
    }
}

double VitalCourse::fever_share(double day) const {
    if (crs_ == nullptr) return 0;
    const double up = (day - rise_from_) / crs_->rise_days;
    const double down = 1 - (day - fall_from_) / fall_days_;
    return std::clamp(std::min(up, down), 0.0, 1.0);
}

double VitalCourse::temperature(double day) {
    noise_ = 0.7 * noise_ + random_.normal(0, 0.15 * std::sqrt(1 - 0.7 * 0.7));
    const double hour = course_.truth().hour_of(day);
    const double circadian = 0.3 * std::cos(2 * std::numbers::pi * (hour - 17) / 24);
    const double calm = base_temperature_ + circadian + noise_;
    const double share = fever_share(day);
    if (share <= 0) return std::min(calm, kHighestWithoutFever);
    double dip = 0;
    for (const AntipyreticDip& given : dips_) {
        const double along = (day - given.from) / given.lasts;
        if (along > 0 && along < 1) dip = std::max(dip, given.depth * (1 - std::abs(2 * along - 1)));
    }
    const double risen =
        base_temperature_ + share * (crs_->plateau_celsius - base_temperature_) + noise_ + 0.3 * circadian;
    return std::min(std::max(risen - dip, base_temperature_), 41.5);
}

double VitalCourse::adult_systolic(const Moment& moment) {
    if (moment.low_pressure) return random_.uniform({78, 87.4});
    const double noise = random_.normal(0, 5);
    switch (level_at(pressure_, moment.day)) {
        case 2:
            return std::clamp(86 + 0.5 * noise, 78.0, 89.0);
        case 3:
            return std::clamp(98 + noise, 86.0, 118.0);
        case 4:
            return std::clamp(92 + noise, 78.0, 112.0);
        default:
            break;
    }
    const bool ill = crs_ != nullptr && crs_->course.holds(moment.day);
    return std::max(base_systolic_ - (ill ? 10 : 0) + noise, 94.0);
}

// A child's pressures in proportion to the limit below which they are low: 70 + 2 x age (1 to 10 years), else 90.
double VitalCourse::systolic(const Moment& moment) {
    const double years = course_.truth().age_years;
    const double limit = years <= 10 ? 70 + 2 * years : 90;
    return adult_systolic(moment) * limit / 90;
}

double VitalCourse::saturation(const Moment& moment) {
    if (moment.low_saturation) return random_.uniform({87.6, 89.4});
    switch (level_at(oxygen_, moment.day)) {
        case 2:
            return random_.uniform({90, 93.4});
        case 3:
            return random_.uniform({89.6, 94});
        case 4:
            return random_.uniform({88, 95});
        default:
            return std::clamp(base_saturation_ + random_.normal(0, 0.7), 94.5, 100.0);
    }
}

std::vector<Moment> VitalCourse::moments() const {
    if (crs_ == nullptr) return {};
    std::vector<Moment> all{{crs_->course.from + 2.5 * kHour}, {rise_from_ + crs_->rise_days + 0.4 * kHour}};
    // An outpatient with fever comes in before anything else is seen.
    if (!pressure_.empty()) {
        all.push_back({pressure_.front().from, true, false});
        all.push_back({pressure_.front().from + 10 * kMinute, true, false});
    }
    if (!oxygen_.empty()) {
        all.push_back({oxygen_.front().from - 12 * kMinute, false, true});
        all.push_back({oxygen_.front().from - 4 * kMinute, false, true});
    }
    return all;
}

void VitalCourse::chart(const Moment& moment) {
    const double day = moment.day;
    const double celsius = temperature(day);
    const double upper = systolic(moment);
    const double lower = std::min(0.6 * upper + random_.normal(2, 3), upper - 12);
    const double beats = base_heart_rate_ + 10 * std::max(0.0, celsius - 37) +
                         (moment.low_pressure || level_at(pressure_, day) >= 2 ? 15 : 0) + random_.normal(0, 4);
    course_.add(Reporting::charted, day, observed(Analyte::temperature, celsius, 1));
    const std::string panel = fmt::format("p{}", ++panels_);
    for (const auto& [analyte, amount] : {std::pair{Analyte::systolic, upper}, std::pair{Analyte::diastolic, lower}}) {
        Observation pressure = observed(analyte, amount, 0);
        pressure.panel = panel;
        course_.add(Reporting::charted, day, pressure);
    }
    course_.add(Reporting::charted, day, observed(Analyte::spo2, saturation(moment), 0));
    course_.add(Reporting::charted, day, observed(Analyte::heart_rate, std::clamp(beats, 45.0, 190.0), 0));
}

void VitalCourse::give_antipyretics() {
    for (const AntipyreticDip& dip : dips_) {
        Intervention dose;
        dose.kind = InterventionKind::drug;
        dose.phase = InterventionPhase::single;
        dose.indication = Indication::fever;
        dose.agent = Agent::paracetamol;
        dose.route = Route::oral;
        dose.dose = whole(1000);
        dose.dose_unit = "mg";
        course_.add(Reporting::support, dip.from - 0.5 * kHour, dose);
    }
}

// When somebody measures: the ward's rounds, once a day at home to day 14, at visits.
std::vector<Moment> rounds(const Course& course, Random& random) {
    const SubjectTruth& truth = course.truth();
    const VitalSigns& habits = course.parameters().vitals;
    const double every = habits.every_minutes * kMinute;
    std::vector<Moment> all;
    const double last = std::min(std::max(truth.discharge_day, 14.0) + 2, truth.exits.observed_until());
    double next_at_home = 1;
    double day = kMonitoredFrom;
    while (day < last) {
        const double jitter = habits.every_minutes >= 60 ? random.uniform({-0.06, 0.06}) * every : 0;
        const bool missed = random.chance(habits.missed_reading);
        const bool on_the_ward = day < 1 * kHour || truth.in_hospital(day);
        const bool at_home = !on_the_ward && truth.outpatient && day >= next_at_home && day < 14.5;
        if (!missed && (on_the_ward || at_home)) all.push_back({day + jitter});
        if (!missed && at_home) next_at_home = std::floor(day) + 1;
        day += every;
    }
    for (const double visit : truth.visits) all.push_back({visit});
    return all;
}

}  // namespace

void chart_vital_signs(Course& course) {
    VitalCourse vitals(course, course.random(Purpose::vitals));
    std::vector<Moment> all = rounds(course, vitals.random());
    for (const Moment& moment : vitals.moments()) all.push_back(moment);
    std::stable_sort(all.begin(), all.end(), [](const Moment& a, const Moment& b) { return a.day < b.day; });
    for (const Moment& moment : all) vitals.chart(moment);
    vitals.give_antipyretics();
}

}  // namespace cellvigil::simulate
