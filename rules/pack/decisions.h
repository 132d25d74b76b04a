// The decision register: every clinical decision that a guideline leaves open, by its key, with its range, our default
// and the question it answers. Rule packs set these keys and no others; docs/clinical/decisions.md is printed from this
// table. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "rules/pack/rule_set.h"

namespace cellvigil {

struct Decision {
    const char* key;
    const char* unit;    // "h", "min", "d", "mm[Hg]", "%", "mL", "mL/kg", "grade", "years"
    std::int64_t first;  // smallest and largest allowed, both included, whole units
    std::int64_t last;
    const char* question;      // what the guideline does not say
    bool may_be_none = false;  // "none": the rule does not apply
    // nullopt: none.
    std::optional<std::int64_t> (*get)(const RuleSet&);
    void (*set)(RuleSet&, std::optional<std::int64_t>);
};

std::span<const Decision> decisions();
const Decision* find_decision(std::string_view key);

// "crs.sbp_adult=90" and so on, one line per key in the table's order: what a pack's hash is taken over.
std::string decision_lines(const RuleSet& rules);
// The register as a Markdown table with the defaults.
std::string decisions_markdown();

}  // namespace cellvigil
