#include "daemon/simulate/course.h"

#include <cmath>

#include <fmt/format.h>

#include "rules/base/ensure.h"

namespace cellvigil::simulate {
namespace {

const char* prefix_of(Reporting reporting) {
    switch (reporting) {
        case Reporting::charted:
            return "v";
        case Reporting::laboratory:
            return "l";
        case Reporting::support:
            return "s";
        case Reporting::registration:
            return "e";
        case Reporting::visit:
            return "f";
        case Reporting::inpatient:
        case Reporting::outpatient:
            return "r";
        case Reporting::exit:
            return "x";
    }
    return "";
}

}  // namespace

Fact* Course::add(Reporting reporting, double day, Body body) {
    if (reporting != Reporting::exit && !observed(day)) return nullptr;
    Fact fact;
    fact.reporting = reporting;
    fact.record = fmt::format("{}{}", prefix_of(reporting), facts_.size() + 1);
    const Instant at = truth_.at(day);
    fact.wordings.push_back({at, std::nullopt, at, std::move(body)});
    facts_.push_back(std::move(fact));
    return &facts_.back();
}

Fact* Course::add(Reporting reporting, Stretch stretch, Body body) {
    Fact* fact = add(reporting, stretch.from, std::move(body));
    if (fact != nullptr) fact->wordings.front().until = truth_.at(stretch.until);
    return fact;
}

std::vector<Fact> course_of(const SubjectTruth& truth, const Parameters& parameters) {
    Course course(truth, parameters);
    register_subject(course);
    chart_vital_signs(course);
    chart_neurology(course);
    give_support(course);
    measure_blood(course);
    measure_immunity(course);
    give_prophylaxis(course);
    report_happenings(course);
    follow_up(course);
    return course.take();
}

std::vector<Step> steps_of(const CrsTruth& crs, int peak_level) {
    if (peak_level == 0) return {};
    const double from = crs.peak.from;
    const double length = crs.peak.until - from;
    if (peak_level == 2) return {{from, 2}, {crs.peak.until, 0}};
    std::vector<Step> steps{{from, 2}, {from + 0.15 * length, 3}};
    if (peak_level == 4) {
        steps.push_back({from + 0.30 * length, 4});
        steps.push_back({from + 0.60 * length, 3});
    }
    steps.push_back({from + 0.80 * length, 2});
    steps.push_back({crs.peak.until, 0});
    return steps;
}

int level_at(const std::vector<Step>& steps, double day) {
    int level = 0;
    for (const Step& step : steps)
        if (step.from <= day) level = step.level;
    return level;
}

Quantity to_digits(double amount, int decimals) {
    ensure(decimals >= 0 && decimals <= 6, "a Quantity counts millionths");
    std::int64_t scale = 1;
    for (int digit = 0; digit < decimals; ++digit) scale *= 10;
    return {std::llround(amount * static_cast<double>(scale)) * (1'000'000 / scale)};
}

Observation observed(Analyte analyte, double amount, int decimals) {
    Observation observation;
    observation.analyte = analyte;
    observation.status = ResultStatus::final;
    observation.value = to_digits(amount, decimals);
    return observation;
}

}  // namespace cellvigil::simulate
