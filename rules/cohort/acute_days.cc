#include "rules/cohort/acute_days.h"

#include <algorithm>
#include <variant>

namespace cellvigil {
namespace {

bool is_crs(Endpoint endpoint) { return endpoint == Endpoint::crs_any || endpoint == Endpoint::crs_3; }
Grade least_grade(Endpoint endpoint) {
    return endpoint == Endpoint::crs_3 || endpoint == Endpoint::icans_3 ? Grade{3} : Grade{1};
}

std::optional<Day> from_summary(const SubjectSummary& summary, Endpoint endpoint, bool upper) {
    const FirstDays& days = is_crs(endpoint) ? (upper ? summary.crs_upper_days : summary.crs_days)
                                             : (upper ? summary.icans_upper_days : summary.icans_days);
    const auto day = least_grade(endpoint) == 3 ? days.severe : days.any;
    return day < 0 ? std::nullopt : std::optional<Day>(day);
}

std::optional<Day> from_assessments(const SubjectFacts& subject, const IndexCourse& index, Endpoint endpoint,
                                    bool upper) {
    const Scale scale = is_crs(endpoint) ? Scale::astct_crs_2019 : Scale::astct_icans_2019;
    for (const Assessment& said : subject.assessments) {
        if (said.scale != scale || said.infusion != index.ordinal || !said.under_surveillance) continue;
        if ((upper ? said.grade_upper : said.grade) >= least_grade(endpoint)) return std::max(said.day, 0);
    }
    return std::nullopt;
}

std::optional<Day> computed_day(const SubjectFacts& subject, const IndexCourse& index, Endpoint endpoint, bool upper) {
    return index.ordinal == 1 ? from_summary(subject.summary, endpoint, upper)
                              : from_assessments(subject, index, endpoint, upper);
}

std::optional<Day> site_day(const SubjectFacts& subject, const IndexCourse& index, Endpoint endpoint) {
    const AdverseEventCategory category = is_crs(endpoint) ? AdverseEventCategory::crs : AdverseEventCategory::icans;
    for (const Fact& fact : subject.facts) {
        const auto* event = fact.body == nullptr ? nullptr : std::get_if<AdverseEvent>(fact.body);
        if (event == nullptr || event->category != category || !event->reported || fact.at < index.at) continue;
        if (event->reported->grade >= static_cast<std::uint32_t>(least_grade(endpoint)))
            return day_since(index.date, fact);
    }
    return std::nullopt;
}

bool was_graded(const SubjectFacts& subject, const IndexCourse& index, Endpoint endpoint) {
    if (index.ordinal == 1)
        return (is_crs(endpoint) ? subject.summary.crs_max : subject.summary.icans_max) != kNotGradable;
    return computed_day(subject, index, is_crs(endpoint) ? Endpoint::crs_any : Endpoint::icans_any, false).has_value();
}

}  // namespace

std::optional<Day> acute_day(const SubjectFacts& subject, const IndexCourse& index, Endpoint endpoint, GradeSide side,
                             const RuleSet& rules) {
    std::optional<Day> day;
    switch (side) {
        case GradeSide::computed:
            day = computed_day(subject, index, endpoint, false);
            break;
        case GradeSide::upper:
            day = computed_day(subject, index, endpoint, true);
            break;
        case GradeSide::site:
            day = site_day(subject, index, endpoint);
            break;
        case GradeSide::computed_else_site:
            day = was_graded(subject, index, endpoint) ? computed_day(subject, index, endpoint, false)
                                                       : site_day(subject, index, endpoint);
            break;
    }
    const bool after_cut = day && subject.data_cut && *day > day_since(index.date, *subject.data_cut, index.offset);
    return day && *day <= rules.cohorts.acute_last_day && !after_cut ? day : std::nullopt;
}

}  // namespace cellvigil
