#include <algorithm>
#include <cmath>

#include "daemon/simulate/course.h"

namespace cellvigil::simulate {
namespace {

constexpr double kHour = 1.0 / 24;
constexpr std::uint32_t kChildBaseline = 1;  // CAPD before the infusion; a well child has 0 or 1
constexpr double kLastAssessment = 10;       // days, when nothing is wrong

// The grade's ramp: 1 from the onset, the full grade over the peak, then down in steps.
int level_of(const IcansTruth& icans, double day) {
    if (!icans.course.holds(day)) return 0;
    if (icans.peak.holds(day)) return icans.grade;
    if (day < icans.peak.from) {
        const double share = (day - icans.course.from) / std::max(0.01, icans.peak.from - icans.course.from);
        return std::clamp(1 + static_cast<int>(share * (icans.grade - 1)), 1, icans.grade);
    }
    const double share = (day - icans.peak.until) / std::max(0.01, icans.course.until - icans.peak.until);
    return std::clamp(icans.grade - 1 - static_cast<int>(share * (icans.grade - 1)), 1, icans.grade);
}

// Points go in the order in which they are lost: counting back, writing, the city and date, objects, commands.
void set_parts(IceAssessment& ice, std::uint32_t total) {
    std::uint32_t lost = 10 - total;
    const auto take = [&lost](std::uint32_t points) {
        const std::uint32_t gone = std::min(lost, points);
        lost -= gone;
        return points - gone;
    };
    ice.attention = take(1);
    ice.writing = take(1);
    ice.orientation = take(4);
    ice.naming = take(3);
    ice.commands = take(1);
    ice.total = total;
}

IceAssessment assess_adult(int level, Random& random) {
    IceAssessment ice;
    ice.consciousness = Consciousness::alert;
    switch (level) {
        case 0:
            set_parts(ice, 10);
            break;
        case 1:
            set_parts(ice, static_cast<std::uint32_t>(random.integer(7, 9)));
            break;
        case 2:
            set_parts(ice, static_cast<std::uint32_t>(random.integer(3, 6)));
            ice.consciousness = random.chance(0.5) ? Consciousness::to_voice : Consciousness::spontaneous;
            break;
        case 3:
            set_parts(ice, static_cast<std::uint32_t>(random.integer(0, 2)));
            ice.consciousness = random.chance(0.5) ? Consciousness::to_tactile : Consciousness::to_voice;
            break;
        default:
            ice.consciousness = Consciousness::unarousable;
            ice.unassessable = Unassessable::unarousable;
            break;
    }
    return ice;
}

IceAssessment assess_child(int level, Random& random) {
    IceAssessment capd;
    capd.capd_items_answered = 8;
    capd.consciousness = Consciousness::alert;
    switch (level) {
        case 0:
            capd.capd_total = static_cast<std::uint32_t>(random.integer(0, 1));
            break;
        case 1:
            capd.capd_total = static_cast<std::uint32_t>(random.integer(4, 8));
            capd.consciousness = Consciousness::spontaneous;
            break;
        case 2:
            capd.capd_total = static_cast<std::uint32_t>(random.integer(5, 8));
            capd.consciousness = Consciousness::to_voice;
            break;
        case 3:
            capd.capd_total = static_cast<std::uint32_t>(random.integer(9, 24));
            capd.consciousness = Consciousness::to_tactile;
            break;
        default:
            capd.capd_items_answered.reset();
            capd.consciousness = Consciousness::unarousable;
            capd.unassessable = Unassessable::unarousable;
            break;
    }
    return capd;
}

IceAssessment assess(const SubjectTruth& truth, double day, Random& random) {
    const int level = truth.icans ? level_of(*truth.icans, day) : 0;
    if (truth.icans && truth.icans->sedated && truth.icans->sedated->holds(day)) {
        IceAssessment sedated;
        sedated.unassessable = Unassessable::sedated;
        sedated.rass = -4;
        return sedated;
    }
    return truth.paediatric() ? assess_child(level, random) : assess_adult(level, random);
}

std::vector<double> assessment_days(const Course& course, Random& random) {
    const SubjectTruth& truth = course.truth();
    double last = kLastAssessment;
    if (truth.crs) last = std::max(last, truth.crs->course.until + 1);
    if (truth.icans) last = std::max(last, truth.icans->course.until + 2);
    std::vector<double> all{-0.05};
    double day = 0.3;
    while (day < last) {
        const double hour = truth.hour_of(day);
        const bool night = hour >= 22 || hour < 6;
        const bool missed = night && random.chance(course.parameters().vitals.missed_night_assessment);
        if (!missed) all.push_back(day);
        day += random.uniform({8, 12}) * kHour;
    }
    if (truth.icans) {
        // Somebody looks when it begins, when it is worst and when it is over.
        all.push_back(truth.icans->course.from + 0.5 * kHour);
        all.push_back(truth.icans->peak.from + 1 * kHour);
        all.push_back(truth.icans->course.until + 1 * kHour);
    }
    std::sort(all.begin(), all.end());
    return all;
}

void find_signs(Course& course, const IcansTruth& icans, Random& random) {
    if (icans.seizure) {
        NeuroFinding seizure;
        seizure.kind = NeuroKind::seizure;
        seizure.present = true;
        seizure.seizure_type = SeizureType::generalised;
        seizure.duration_seconds =
            static_cast<std::uint32_t>(icans.long_seizure ? random.integer(380, 900) : random.integer(20, 120));
        seizure.returned_to_baseline = !icans.long_seizure;
        seizure.repetitive = false;
        course.add(Reporting::charted, *icans.seizure, seizure);
    }
    if (icans.deep_weakness) {
        NeuroFinding weakness;
        weakness.kind = NeuroKind::focal_motor_weakness;
        weakness.present = true;
        weakness.depth = WeaknessDepth::deep;
        course.add(Reporting::charted, Stretch{icans.peak.from, icans.peak.until}, weakness);
    }
    if (icans.focal_oedema) {
        NeuroFinding oedema;
        oedema.kind = NeuroKind::focal_oedema_imaging;
        oedema.present = true;
        course.add(Reporting::laboratory, Stretch{icans.peak.from + 2 * kHour, icans.peak.until}, oedema);
    }
    if (icans.grade <= 2 && random.chance(0.3)) {
        NeuroFinding tremor;  // does not count towards the grade
        tremor.kind = NeuroKind::tremor;
        tremor.present = true;
        course.add(Reporting::charted, icans.course.from, tremor);
    }
}

}  // namespace

void chart_neurology(Course& course) {
    Random random = course.random(Purpose::neuro);
    for (const double day : assessment_days(course, random)) {
        IceAssessment assessment = assess(course.truth(), day, random);
        assessment.baseline = day < 0;
        if (assessment.baseline && assessment.capd_total) assessment.capd_total = kChildBaseline;
        course.add(Reporting::charted, day, assessment);
    }
    if (course.truth().icans) find_signs(course, *course.truth().icans, random);
}

}  // namespace cellvigil::simulate
