#include <algorithm>
#include <cmath>

#include "daemon/simulate/truth.h"

namespace cellvigil::simulate {
namespace {

constexpr double kShortestCrsDays = 0.6;
constexpr double kShortestIcansDays = 0.75;
constexpr double kLongestDays = 60;
constexpr double kLastLateOnsetDay = 28;

int draw_grade(const AcuteToxicity& shape, Random& random) {
    const bool severe = random.chance(shape.severe / shape.any);
    const double within = random.uniform();
    if (severe) return within < shape.grade_4_of_severe ? 4 : 3;
    return within < shape.grade_1_of_mild ? 1 : 2;
}

double draw_onset(const AcuteToxicity& shape, Random& random) {
    if (random.chance(shape.late_onset)) return random.uniform({shape.onset_below_day, kLastLateOnsetDay});
    for (int attempt = 0; attempt < 1000; ++attempt) {
        const double onset = random.lognormal(shape.onset_days);
        if (onset >= 0.3 && onset < shape.onset_below_day) return onset;
    }
    return shape.onset_below_day / 2;
}

// Which component reaches the grade: low pressure alone 60 %, hypoxia alone 25 %, both 15 %; with a severe grade the
// other component is often there at grade 2.
void draw_signs(CrsTruth& crs, Random& random) {
    constexpr std::array<double, 3> kShares{0.60, 0.25, 0.15};
    const std::size_t which = random.pick(kShares);
    const bool companion = random.chance(0.5);
    if (crs.grade < 2) return;
    const int other = crs.grade >= 3 && companion ? 2 : 0;
    crs.hypotension = which == 1 ? other : crs.grade;
    crs.hypoxia = which == 0 ? other : crs.grade;
}

CrsTruth draw_crs(const AcuteToxicity& shape, double fall_after_tocilizumab, Random& random) {
    CrsTruth crs;
    crs.grade = draw_grade(shape, random);
    const double onset = draw_onset(shape, random);
    const double length = std::clamp(random.lognormal(shape.duration_days), kShortestCrsDays, kLongestDays);
    crs.course = {onset, onset + length};
    crs.peak = {onset + length * random.uniform({0.15, 0.35}), onset + length * random.uniform({0.70, 0.95})};
    draw_signs(crs, random);
    crs.plateau_celsius = random.uniform({38.3, 40.2});
    crs.rise_days = std::min(random.uniform({6.0 / 24, 12.0 / 24}), length / 3);
    crs.fever_until = crs.course.until;
    const bool given = random.chance(crs.grade >= 3 ? 0.95 : crs.grade == 2 ? 0.60 : 0.0);
    const bool responds = random.chance(fall_after_tocilizumab);
    const double after = random.uniform({1.0 / 24, 6.0 / 24});
    const double fall = random.uniform({6.0 / 24, 12.0 / 24});
    if (!given) return crs;
    crs.tocilizumab = std::min(crs.peak.from + after, crs.course.until);
    if (responds) crs.fever_until = std::min(*crs.tocilizumab + fall, crs.course.until);
    // The organ signs, not the fever, then say how long it lasted.
    if (responds) crs.peak.until = std::max(crs.peak.until, crs.course.until - 0.1 * length);
    return crs;
}

void draw_neurology(IcansTruth& icans, Random& random) {
    const double rank = random.uniform();
    const double middle = (icans.peak.from + icans.peak.until) / 2;
    const bool intubated = random.chance(0.3);
    if (icans.grade == 3) {
        if (rank < 0.25) icans.seizure = middle;
        icans.focal_oedema = rank >= 0.25 && rank < 0.30;
    }
    if (icans.grade == 4) {
        if (rank < 0.35) icans.seizure = middle;
        icans.long_seizure = rank < 0.20;
        icans.deep_weakness = rank >= 0.35 && rank < 0.42;
        if (intubated) icans.sedated = Stretch{middle, icans.peak.until};
    }
}

IcansTruth draw_icans(const AcuteToxicity& shape, const std::optional<CrsTruth>& crs, Random& random) {
    IcansTruth icans;
    icans.grade = draw_grade(shape, random);
    double onset = draw_onset(shape, random);
    const double after_crs = random.lognormal({1.5, 0.6});
    const bool rarely_before = random.chance(0.1);
    if (crs && onset < crs->course.from && !rarely_before) onset = crs->course.from + after_crs;
    const double length = std::clamp(random.lognormal(shape.duration_days), kShortestIcansDays, kLongestDays);
    icans.course = {onset, onset + length};
    const double drop = std::min(random.uniform({0.5, 1.5}), 0.4 * length);
    icans.peak = {onset + drop, onset + drop + random.uniform({0.3, 0.5}) * length};
    draw_neurology(icans, random);
    return icans;
}

AcuteToxicity shape_in(AcuteToxicity shape, bool tripled) {
    if (!tripled) return shape;
    shape.severe = std::min(3 * shape.severe, 1.0);
    shape.any = std::max(shape.any, shape.severe);
    return shape;
}

}  // namespace

void draw_acute_toxicity(SubjectTruth& truth, const Parameters& parameters) {
    Random random = stream_of(parameters, truth.index, Purpose::acute);
    const AcuteToxicity crs_shape = shape_in(parameters.crs, parameters.scenario == Scenario::crs_tripled);
    const AcuteToxicity icans_shape = shape_in(parameters.icans, parameters.scenario == Scenario::icans_tripled);
    const bool crs = random.chance(crs_shape.any);
    const bool icans = random.chance(icans_shape.any);
    if (crs) truth.crs = draw_crs(crs_shape, parameters.vitals.fall_after_tocilizumab, random);
    if (icans) truth.icans = draw_icans(icans_shape, truth.crs, random);
    if (truth.crs) truth.discharge_day = std::max(truth.discharge_day, truth.crs->course.until + 1.5);
    if (truth.icans) truth.discharge_day = std::max(truth.discharge_day, truth.icans->course.until + 1.5);
}

}  // namespace cellvigil::simulate
