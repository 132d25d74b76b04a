// Between reading and using: every setting that was given, by key and names, the last word winning. Private to this
// folder.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/config/config_yaml.h"
#include "daemon/config/keys.h"

namespace cellvigil::config {

struct Given {
    Value value;
    std::string origin;  // "file:line:column", "default", "environment NAME"
};
// By the key's place in the table, then its names: the order of --print-config.
using Effective = std::map<std::pair<std::size_t, Names>, Given>;

// "studies.<study>.cohorts" with its names put in.
std::vector<std::string> segments_with(const Key& key, const Names& names);
std::string path_of(const Key& key, const Names& names);
// The place in the table of a path without names; it must be there.
std::size_t place_of(std::string_view path);

// Brings settings into the order of a tree: what shares a parent stands together, each level in order of first
// appearance.
void sort_as_tree(std::vector<Setting>& settings);

// Reads one YAML file over what is there; its problems are added.
void read_yaml(const std::string& file, Effective& effective, std::vector<Problem>& problems);
// What no single key can tell: combinations that make no sense.
void check(const Effective& effective, const Config& config, std::vector<Problem>& problems);

}  // namespace cellvigil::config
