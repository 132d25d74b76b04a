#include "rules/cohort/lab_grade.h"

#include <algorithm>

namespace cellvigil {
namespace {

Quantity value_to_grade(const Fact& fact) {
    if (fact.comparator == Comparator::less) return {fact.value.micro - 1};
    return fact.value;
}

std::optional<Quantity> as_mmol_per_litre(const Fact& fact) {
    const auto* said = fact.body == nullptr ? nullptr : std::get_if<Observation>(fact.body);
    return said != nullptr && said->in_mmol_per_litre ? said->value_as_sent : std::nullopt;
}

}  // namespace

std::vector<GradedDay> graded_days(const SubjectFacts& subject, const IndexCourse& index, LabTerm term, DaySpan span) {
    std::vector<GradedDay> graded;
    const auto analyte = analyte_of(term);
    for (const Fact& fact : subject.facts) {
        if (fact.kind != FactKind::observation || !fact.has_value || fact.analyte != analyte) continue;
        const Day day = day_since(index.date, fact);
        if (day < span.first || day > span.last) continue;
        const Grade grade =
            grade_lab(term, CtcaeVersion::v5_0, {value_to_grade(fact), as_mmol_per_litre(fact), std::nullopt}).grade;
        if (!graded.empty() && graded.back().day == day) {
            graded.back().grade = std::max(graded.back().grade, grade);
        } else {
            graded.push_back({day, grade});
        }
    }
    // Offsets may differ between facts, so that days need not rise as instants do.
    std::stable_sort(graded.begin(), graded.end(),
                     [](const GradedDay& a, const GradedDay& b) { return a.day < b.day; });
    return graded;
}

std::optional<Day> first_day_of_grade(const SubjectFacts& subject, const IndexCourse& index, LabTerm term, DaySpan span,
                                      Grade at_least) {
    for (const GradedDay& value : graded_days(subject, index, term, span)) {
        if (value.grade >= at_least) return value.day;
    }
    return std::nullopt;
}

}  // namespace cellvigil
