// The row of the published table that a component meets, in words with its limits: "ICE 3 to 6". Where the table leaves
// the limit to us, the words hold the value of the rule set. Source: docs/clinical/crs.md, docs/clinical/icans.md.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/grade/decided_by.h"
#include "rules/grade/render.h"
#include "rules/grade/values.h"

namespace cellvigil {

// Empty when the scale has no such row.
std::string criterion_of(Scale scale, Term term, Component component, Grade grade, const RuleSet& rules);

// Of blood counts, B cells and IgG (criteria_counts.cc).
bool is_counts_scale(Scale scale, Term term);
std::string counts_criterion(Scale scale, Term term, Component component, Grade grade);
// What stands instead of "grade 3" where the number is no grade: "CAR-HEMATOTOX score 3, high risk". Empty: a grade.
std::string counts_headline(const Assessment& said);
// The rows of the terms that have no components: infections, suspicions, what is registered. Not gradable: what was seen.
std::string infection_criterion_of(Scale scale, Term term, Grade grade);

// An assessment as values for programs: what the sentence says, in parts.
// A limit that the criterion compares with: "systolic below 90 mm[Hg]".
struct Limit {
    std::string_view what;    // as NamedValue::what
    std::string_view holds;   // "below", "at_least", "above", "at_most": what meets the criterion
    std::string value;
    std::string_view unit;
    std::string_view key;     // of the decision register, where the table leaves it to us; else empty
    bool operator==(const Limit&) const = default;
};
// Empty where the criterion is no comparison of numbers.
std::vector<Limit> limits_of(Scale scale, Component component, Grade grade, const RuleSet& rules);

struct CitedValue {
    RecordRef record;
    Instant at{};
    NamedValue value;
};
struct Criterion {
    Component component = Component::none;
    std::string text;                // criterion_of() at the assessment's grade
    std::vector<Limit> limits;
    std::vector<CitedValue> values;  // of the evidence that speaks to the component
};
struct Quote {  // a fact that decided
    RecordRef record;
    Instant at{};
    std::string text;  // describe_fact()
};
struct Remark {
    Flag flag = Flag::implausible_input;
    std::string_view meaning;
};
struct Explanation {
    std::string sentence;
    std::vector<Criterion> criteria;  // of the deciding components; of the whole statement where it has none
    std::vector<Quote> quotes;        // in the order of the evidence; records that are not live are left out
    std::vector<Remark> remarks;
    std::vector<DecisionUse> decisions;
};
Explanation explain(const Assessment& said, const FactOf& fact_of, UtcOffset offset, const RuleSet& rules);

}  // namespace cellvigil
