// The parts of a rule pack beside its decisions: products, profiles, cohorts, monitors, policies. Refuses rates that
// are percentages without counts, rates outside the analysis sets of their profile, and grades without a known scale.
#pragma once

#include <string>

#include "daemon/packs/section.h"
#include "rules/pack/catalogue.h"

namespace cellvigil::packs {

// Is `key` one that read_catalogue_part takes?
bool is_catalogue_key(const std::string& key);
void read_catalogue_part(const std::string& key, const YAML::Node& node, Catalogue& into, Problems& problems);
// What can only be seen once all is read: references by name, ids given twice.
void check_catalogue(const Catalogue& catalogue, const YAML::Node& root, Problems& problems);

// "ASTCT_CRS_2019" -> the scale; `unspecified` for any other name.
Scale scale_named(const std::string& name);

}  // namespace cellvigil::packs
