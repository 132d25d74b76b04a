#include "rules/monitor/alarm_course.h"

#include <algorithm>

namespace cellvigil {

std::int64_t further_needed(std::int64_t told, const RefireRules& rules) {
    constexpr std::int64_t kWhole = 100;
    return std::max<std::int64_t>(rules.events, told * rules.percent / kWhole);
}

Telling tell(AlarmCourse& course, bool crossed, std::int64_t events, const RefireRules& rules) {
    if (!crossed) {
        const bool stood = course.crossed;
        course = {};
        return stood ? Telling::ended : Telling::nothing;
    }
    if (!course.crossed) {
        course = {true, events};
        return Telling::crossed;
    }
    if (!course.told) {
        course.told = events;
        return Telling::nothing;
    }
    if (events - *course.told < further_needed(*course.told, rules)) return Telling::nothing;
    course.told = events;
    return Telling::further;
}

}  // namespace cellvigil
