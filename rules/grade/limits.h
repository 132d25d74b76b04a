// The numbers that the rows of the published tables compare with: "systolic below 90 mm[Hg]". Beside the words of
// criteria.h, for programs. Several limits of one row may be alternatives; the words say which. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/grade/assessment.h"
#include "rules/pack/rule_set.h"

namespace cellvigil {

struct Limit {
    std::string_view what;   // as NamedValue::what
    std::string_view holds;  // "below", "at_least", "above", "at_most": what meets the criterion
    std::string value;
    std::string_view unit;
    std::string_view key;  // of the decision register, where the table leaves it to us; else empty
    bool operator==(const Limit&) const = default;
};

// Empty where the row is no comparison of numbers, or where there is no such row.
std::vector<Limit> limits_of(Scale scale, Term term, Component component, Grade grade, const RuleSet& rules);

// Its parts.
std::vector<Limit> counts_limits(Scale scale, Term term, Component component, Grade grade, const RuleSet& rules);
std::vector<Limit> immunity_limits(Term term, Grade grade, const RuleSet& rules);
std::vector<Limit> legacy_limits(Scale scale, Term term, Component component, Grade grade, const RuleSet& rules);
std::vector<Limit> suspicion_limits(Term term, Grade grade, const RuleSet& rules);

}  // namespace cellvigil
