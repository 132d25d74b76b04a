// The row of the published table that a component meets, in words with its limits: "ICE 3 to 6". Where the table leaves
// the limit to us, the words hold the value of the rule set. Source: docs/clinical/crs.md, docs/clinical/icans.md.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/grade/render.h"

namespace cellvigil {

// Empty when the scale has no such row.
std::string criterion_of(Scale scale, Term term, Component component, Grade grade, const RuleSet& rules);

// The rows of the terms that have no components: infections, suspicions, what is registered. Not gradable: what was seen.
std::string infection_criterion_of(Scale scale, Term term, Grade grade);

// An assessment as values for programs: what the sentence says, in parts.
struct Criterion {
    Component component = Component::none;
    std::string text;  // criterion_of() at the assessment's grade
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
};
Explanation explain(const Assessment& said, const FactOf& fact_of, UtcOffset offset, const RuleSet& rules);

}  // namespace cellvigil
