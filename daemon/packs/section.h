// One map of a rule pack read key by key: what is missing, of the wrong kind, out of range or unknown becomes a problem
// with its place. yaml-cpp stays in this folder. Not thread-safe.
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/packs/rule_pack.h"

namespace cellvigil::packs {

// "12.5" in parts of `unit` (a power of ten): digits are taken as they stand, no floating point. nullopt: none, or more
// digits than that.
std::optional<std::int64_t> decimal_of(std::string_view text, std::int64_t unit);

class Problems {
  public:
    Problems(const std::string& name, std::vector<PackProblem>& into) : name_(name), into_(into) {}
    void at(const YAML::Mark& mark, const std::string& detail);

  private:
    const std::string& name_;
    std::vector<PackProblem>& into_;
};

class Section {
  public:
    // `what` names the map in messages: "profiles: zuma-1".
    Section(const YAML::Node& node, std::string what, Problems& problems);
    bool is_map() const { return map_; }
    bool has(const char* key) const;

    // Each key is asked for once; the end of the section reports keys that nobody asked for.
    std::string text(const char* key, bool required);
    std::vector<std::string> texts(const char* key);  // a list, or one value
    std::optional<std::int64_t> whole(const char* key, std::int64_t first, std::int64_t last);
    // A decimal as an integer of `unit` parts: "0.05" with 1'000'000 is 50000. More digits than that are a problem.
    std::optional<std::int64_t> decimal(const char* key, std::int64_t unit, std::int64_t first, std::int64_t last);
    std::optional<bool> flag(const char* key);
    // One of the names; nullopt after a problem, or when the key is absent and not required.
    template <typename Enum, typename NameOf>
    std::optional<Enum> choice(const char* key, Enum last, NameOf&& name, bool required) {
        std::vector<std::string> names;
        for (int i = 0; i <= static_cast<int>(last); ++i) names.emplace_back(name(static_cast<Enum>(i)));
        const auto place = place_of(key, names, required);
        return place ? std::optional(static_cast<Enum>(*place)) : std::nullopt;
    }
    YAML::Node node(const char* key);                          // undefined when absent
    void problem(const char* key, const std::string& detail);  // at the key's value
    void problem(const std::string& detail);                   // at the map
    void finish();

  private:
    std::optional<std::size_t> place_of(const char* key, const std::vector<std::string>& names, bool required);
    YAML::Node ask(const char* key);

    const YAML::Node node_;
    const std::string what_;
    Problems& problems_;
    bool map_ = false;
    std::vector<std::string> asked_;
};

}  // namespace cellvigil::packs
