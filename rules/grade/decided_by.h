// Which keys of the decision register had a say in a statement, with their values: a key is named where its question
// arose, by what decided, by a flag, or by a fact among the evidence. Not every key named changed the grade. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/grade/render.h"

namespace cellvigil {

struct DecisionUse {
    std::string_view key;
    std::string value;  // "90"; "none"
    std::string_view unit;
    bool operator==(const DecisionUse&) const = default;
};

// In the order of the register.
std::vector<DecisionUse> decisions_behind(const Assessment& said, const FactOf& fact_of, const RuleSet& rules);

// Can a key ever be named?
bool may_be_named(std::string_view key);

}  // namespace cellvigil
