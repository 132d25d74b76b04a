// A subject's blood counts as CTCAE 5.0 grades by day, for cohort endpoints. Pure.
#pragma once

#include <optional>
#include <vector>

#include "rules/cohort/index_course.h"
#include "rules/grade/ctcae_lab.h"

namespace cellvigil {

struct GradedDay {
    Day day = 0;
    Grade grade = kNotGradable;  // worst of the day
};

// The days of the span that have a usable value, ascending. "<x" is graded as a value below x, ">x" as x.
std::vector<GradedDay> graded_days(const SubjectFacts& subject, const IndexCourse& index, LabTerm term, DaySpan span);

// First day of the span with at least this grade.
std::optional<Day> first_day_of_grade(const SubjectFacts& subject, const IndexCourse& index, LabTerm term, DaySpan span,
                                      Grade at_least);

}  // namespace cellvigil
