// The screens, budgets and colours of a rule pack. Not thread-safe.
#pragma once

#include "daemon/packs/section.h"
#include "rules/pack/catalogue.h"

namespace cellvigil::packs {

void read_screen(const YAML::Node& node, Catalogue& into, Problems& problems);
void read_budget(const YAML::Node& node, Catalogue& into, Problems& problems);
void read_lights(const YAML::Node& node, Catalogue& into, Problems& problems);
// Once everything is read: cohorts and endpoints that are not there, and budgets that are overspent.
void check_screens(const Catalogue& catalogue, const YAML::Node& root, Problems& problems);

}  // namespace cellvigil::packs
