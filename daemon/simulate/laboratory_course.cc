#include <algorithm>
#include <cmath>

#include "daemon/simulate/course.h"

namespace cellvigil::simulate {
namespace {

constexpr double kSparedWhiteCells = 2.2;  // 10*9/L
constexpr double kMorning = 6.2;           // hour of the ward's blood round

// Cytokine markers peak a day or two after the CRS.
struct Markers {
    double crp_peak = 0;       // mg/L above the baseline
    double ferritin_peak = 0;  // ug/L
    double day = 0;
};

double bell(double peak, double peak_day, double day) {
    const double width = day < peak_day ? 1.5 : 3.5;
    return peak * std::exp(-0.5 * std::pow((day - peak_day) / width, 2));
}

// Daily to day 14, three times a week to day 30, weekly to day 90, then at visits; some taken twice.
std::vector<double> sampling_days(const Course& course, Random& random) {
    const SubjectTruth& truth = course.truth();
    std::vector<double> all{-5.2};
    const double to_morning = (kMorning - truth.hour_of(0)) / 24;
    double day = 0;
    while (day < 90) {
        all.push_back(day + to_morning + random.uniform({-0.02, 0.03}));
        if (random.chance(course.parameters().counts.redraw)) all.push_back(all.back() + 0.25);
        if (day < 14) {
            day += 1;
        } else if (day < 30) {
            day += static_cast<double>(random.integer(2, 3));
        } else {
            day += static_cast<double>(random.integer(6, 8));
        }
    }
    for (const double visit : truth.visits)
        if (visit > 95) all.push_back(visit + 0.02);
    return all;
}

class BloodCourse {
  public:
    BloodCourse(Course& course, Random random) : course_(course), random_(random) {
        const auto& crs = course_.truth().crs;
        crp_before_ = random_.lognormal({4, 0.7});
        ferritin_before_ = random_.lognormal({350, 0.7});
        if (!crs) return;
        const bool severe = crs->grade >= 3;
        markers_ = {random_.lognormal({severe ? 250.0 : 110.0, 0.4}),
                    random_.lognormal({severe ? 8000.0 : 1500.0, 0.5}), crs->peak.from + random_.uniform({1, 2})};
    }

    void draw_sample(double day);

  private:
    double noisy(double amount) { return amount * std::exp(random_.normal(0, 0.10)); }
    void count_cells(double day);
    void measure_chemistry(double day);
    void transfuse(double day, double platelets, double haemoglobin);

    Course& course_;
    Random random_;
    Markers markers_;
    double crp_before_ = 0, ferritin_before_ = 0;
    double last_platelets_ = -10, last_red_cells_ = -10;
};

void BloodCourse::count_cells(double day) {
    const CountsTruth& counts = course_.truth().counts;
    const double neutrophils = noisy(neutrophils_at(counts, day, true));
    const double lymphocytes = noisy(lymphocytes_at(counts, day));
    const double rest = random_.uniform({0.02, 0.25});
    // Monocytes, and the given cells as they expand.
    const double others =
        rest + (counts.white_cells_spared ? std::max(0.12 * neutrophils, kSparedWhiteCells) : 0.12 * neutrophils);
    const double platelets = noisy(platelets_at(counts, day));
    const double haemoglobin = haemoglobin_at(counts, day) * std::exp(random_.normal(0, 0.03));
    course_.add(Reporting::laboratory, day, observed(Analyte::neutrophils, neutrophils, 2));
    course_.add(Reporting::laboratory, day, observed(Analyte::lymphocytes, lymphocytes, 2));
    course_.add(Reporting::laboratory, day, observed(Analyte::leukocytes, neutrophils + lymphocytes + others, 2));
    course_.add(Reporting::laboratory, day, observed(Analyte::platelets, platelets, 0));
    course_.add(Reporting::laboratory, day, observed(Analyte::haemoglobin, haemoglobin, 0));
    transfuse(day, platelets, haemoglobin);
}

void BloodCourse::transfuse(double day, double platelets, double haemoglobin) {
    Intervention unit;
    unit.kind = InterventionKind::transfusion;
    unit.phase = InterventionPhase::single;
    if (platelets < 12 && day - last_platelets_ > 1.5) {
        unit.product = BloodProduct::platelets;
        course_.add(Reporting::support, day + 0.2, unit);
        last_platelets_ = day;
    }
    if (haemoglobin < 70 && day - last_red_cells_ > 2.5) {
        unit.product = BloodProduct::red_cells;
        course_.add(Reporting::support, day + 0.25, unit);
        last_red_cells_ = day;
    }
}

void BloodCourse::measure_chemistry(double day) {
    const bool acute = day < 31;
    const double crp = crp_before_ + (acute ? bell(markers_.crp_peak, markers_.day, day) : 0);
    const double ferritin = ferritin_before_ + (acute ? bell(markers_.ferritin_peak, markers_.day + 0.5, day) : 0);
    Observation measured = observed(Analyte::crp, noisy(crp), 1);
    if (*measured.value < thousandths(500)) {  // below what the method tells
        measured.value = thousandths(500);
        measured.comparator = Comparator::less;
    }
    course_.add(Reporting::laboratory, day, measured);
    course_.add(Reporting::laboratory, day, observed(Analyte::ferritin, noisy(ferritin), 0));
    if (!random_.chance(0.35)) return;
    const double strain = course_.truth().crs ? 1 + bell(1.2, markers_.day, day) : 1;
    course_.add(Reporting::laboratory, day, observed(Analyte::alt, noisy(24 * strain), 0));
    course_.add(Reporting::laboratory, day, observed(Analyte::ast, noisy(27 * strain), 0));
    course_.add(Reporting::laboratory, day, observed(Analyte::bilirubin, noisy(11), 1));
    course_.add(Reporting::laboratory, day, observed(Analyte::creatinine, noisy(72), 0));
    course_.add(Reporting::laboratory, day, observed(Analyte::ldh, noisy(230 * strain), 0));
    course_.add(Reporting::laboratory, day, observed(Analyte::fibrinogen, noisy(3.6 / strain), 2));
}

void BloodCourse::draw_sample(double day) {
    count_cells(day);
    if (day < 31 || random_.chance(0.5)) measure_chemistry(day);
}

void give_growth_factor(Course& course) {
    for (const GrowthFactor& given : course.truth().counts.growth_factor) {
        for (int dose = 0; dose < given.lasts; ++dose) {
            Intervention filgrastim;
            filgrastim.kind = InterventionKind::growth_factor;
            filgrastim.phase = InterventionPhase::single;
            filgrastim.agent = Agent::filgrastim;
            filgrastim.route = Route::subcutaneous;
            filgrastim.dose = to_digits(5 * course.truth().weight_kg, 0);
            filgrastim.dose_unit = "ug";
            course.add(Reporting::support, given.day + dose, filgrastim);
        }
    }
}

}  // namespace

void measure_blood(Course& course) {
    BloodCourse blood(course, course.random(Purpose::laboratory));
    Random timing = course.random(Purpose::sampling);
    for (const double day : sampling_days(course, timing)) blood.draw_sample(day);
    give_growth_factor(course);
}

void measure_immunity(Course& course) {
    const SubjectTruth& truth = course.truth();
    const ImmuneRecovery& shape = course.parameters().immune;
    Random random = course.random(Purpose::immune_tests);
    std::vector<double> days{-6};
    for (const double visit : truth.visits)
        if (visit > 25) days.push_back(visit);
    for (const double day : days) {
        const double missing = day < 60    ? 0.05
                               : day < 120 ? shape.missing[0]
                               : day < 240 ? shape.missing[1]
                                           : shape.missing[2];
        const double igg = igg_at(truth.immune, shape.igg_nadir_factor, day, true) * std::exp(random.normal(0, 0.04));
        const double cd4 = cd4_at(truth.immune, day) * std::exp(random.normal(0, 0.15));
        const double cd19 = cd19_at(truth.immune, day) * std::exp(random.normal(0, 0.2));
        if (!random.chance(missing)) course.add(Reporting::laboratory, day + 0.03, observed(Analyte::igg, igg, 2));
        if (random.chance(missing)) continue;
        course.add(Reporting::laboratory, day + 0.03, observed(Analyte::cd4, cd4, 3));
        Observation b_cells = observed(Analyte::cd19, cd19, 4);
        if (*b_cells.value < Quantity{200}) {  // 0.2 cells per microlitre: the method's limit
            b_cells.value = Quantity{200};
            b_cells.comparator = Comparator::less;
        }
        course.add(Reporting::laboratory, day + 0.03, b_cells);
    }
    for (const double day : truth.immune.immunoglobulin) {
        Intervention replacement;
        replacement.kind = InterventionKind::immunoglobulin;
        replacement.phase = InterventionPhase::single;
        replacement.agent = Agent::immunoglobulin_iv;
        replacement.route = Route::intravenous;
        replacement.dose = to_digits(0.4 * truth.weight_kg, 0);
        replacement.dose_unit = "g";
        course.add(Reporting::support, day, replacement);
    }
}

}  // namespace cellvigil::simulate
