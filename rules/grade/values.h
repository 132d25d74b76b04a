// What a fact says in numbers, and which component of a scale it speaks to: for explanations. Units are UCUM. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/grade/assessment.h"
#include "rules/timeline/fact.h"

namespace cellvigil {

struct NamedValue {
    std::string_view what;  // "systolic", "ice", "rate"
    std::string value;      // "88", "<0.2", "awakens to voice"
    std::string unit;       // "mm[Hg]", "{score}"; empty for words
    bool operator==(const NamedValue&) const = default;
};

// The numbers of a fact, a reference range included. Empty for a fact without any, and for a value that is not usable.
std::vector<NamedValue> values_of(const Fact& fact);

// The components that a fact can decide: a temperature speaks to fever, an ICE to ICE, CAPD and consciousness.
Components components_of(const Fact& fact);

}  // namespace cellvigil
