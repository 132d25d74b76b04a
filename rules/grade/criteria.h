// The row of the published table that a component meets, in words with its limits: "ICE 3 to 6". Where the table leaves
// the limit to us, the words hold the value of the rule set. Source: docs/clinical/crs.md, docs/clinical/icans.md.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/grade/decided_by.h"
#include "rules/grade/limits.h"
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
// The rows of the terms that have no components: infections, suspicions, what is registered. Not gradable: what was
// seen.
std::string infection_criterion_of(Scale scale, Term term, Grade grade);

// Of B cells and IgG, which have no published scale.
std::string immunity_criterion(Term term, Grade grade, const RuleSet& rules);

// An assessment as values for programs: what the sentence says, in parts.
struct CitedValue {
    RecordRef record;
    Instant at{};
    NamedValue value;
};
struct Criterion {
    Component component = Component::none;
    std::string text;  // criterion_of() at the assessment's grade
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
    // Of the deciding components; where none decides, one of the whole statement with all that was looked at.
    std::vector<Criterion> criteria;
    std::vector<Quote> quotes;  // in the order of the evidence; records that are not live are left out
    std::vector<Remark> remarks;
    std::vector<DecisionUse> decisions;
};
Explanation explain(const Assessment& said, const FactOf& fact_of, UtcOffset offset, const RuleSet& rules);

}  // namespace cellvigil
