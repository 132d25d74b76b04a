// A reference profile of a rule pack: analysis sets, and rates counted on them.
#pragma once

#include "daemon/packs/section.h"
#include "rules/pack/catalogue.h"

namespace cellvigil::packs {

void read_profile(const YAML::Node& node, Catalogue& into, Problems& problems);

}  // namespace cellvigil::packs
