// A rule pack file (YAML) read as a RuleSet: as a whole or not at all, every error with file, line and column and what
// was expected. docs/packs.md has the keys.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.h"
#include "rules/pack/catalogue.h"
#include "rules/pack/rule_set.h"

namespace cellvigil::packs {

struct PackProblem {
    std::string where;  // "packs/site.yaml:12:5"
    std::string detail;
};

struct PackReading {
    RuleSet rules;
    Catalogue catalogue;
    std::vector<PackProblem> problems;  // empty: the rest may be used
};

struct Pack {
    RuleSet rules;
    Catalogue catalogue;
};

PackReading read_rule_pack(std::string_view text, const std::string& name);
// `invalid` with every problem, one a line; `not_found` when the file cannot be read. An empty path: the built-in
// decisions.
Result<Pack> load_pack(const std::string& path);
// Its rules alone.
Result<RuleSet> load_rule_pack(const std::string& path);
// The built-in decisions with their hash filled in.
RuleSet built_in_rules();

}  // namespace cellvigil::packs
