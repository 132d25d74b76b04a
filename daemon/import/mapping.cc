#include "daemon/import/mapping.h"

#include <array>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "rules/base/ensure.h"
#include "rules/event/codes.h"

namespace cellvigil::import {
namespace {

template <typename T>
struct Named {
    std::string_view name;
    T value;
};

template <typename T, std::size_t N>
std::optional<T> find_named(const std::array<Named<T>, N>& names, std::string_view name) {
    for (const Named<T>& one : names)
        if (one.name == name) return one.value;
    return std::nullopt;
}

constexpr auto kRoutes = std::to_array<Named<Route>>({{"intravenous", Route::intravenous},
                                                      {"oral", Route::oral},
                                                      {"subcutaneous", Route::subcutaneous},
                                                      {"intramuscular", Route::intramuscular},
                                                      {"topical", Route::topical},
                                                      {"inhaled", Route::inhaled},
                                                      {"other", Route::other}});
using C = AdverseEventCategory;
constexpr auto kCategories = std::to_array<Named<C>>({{"crs", C::crs},
                                                      {"icans", C::icans},
                                                      {"iec_hs", C::iec_hs},
                                                      {"cytopenia", C::cytopenia},
                                                      {"infection", C::infection},
                                                      {"hypogammaglobulinaemia", C::hypogammaglobulinaemia},
                                                      {"second_malignancy", C::second_malignancy},
                                                      {"cardiac", C::cardiac},
                                                      {"neuro_other", C::neuro_other},
                                                      {"other", C::other},
                                                      {"licats", C::licats},
                                                      {"enterocolitis", C::enterocolitis},
                                                      {"t_cell_malignancy", C::t_cell_malignancy}});
constexpr auto kRelatedness = std::to_array<Named<Relatedness>>({{"not_related", Relatedness::not_related},
                                                                 {"unlikely", Relatedness::unlikely},
                                                                 {"possible", Relatedness::possible},
                                                                 {"probable", Relatedness::probable},
                                                                 {"definite", Relatedness::definite}});
constexpr auto kOutcomes = std::to_array<Named<Outcome>>({{"recovered", Outcome::recovered},
                                                          {"recovering", Outcome::recovering},
                                                          {"not_recovered", Outcome::not_recovered},
                                                          {"recovered_with_sequelae", Outcome::recovered_with_sequelae},
                                                          {"fatal", Outcome::fatal},
                                                          {"unknown", Outcome::unknown}});
constexpr auto kDispositions = std::to_array<Named<Disposition>>({{"none", Disposition::none},
                                                                  {"completed", Disposition::completed},
                                                                  {"lost_to_follow_up", Disposition::lost_to_follow_up},
                                                                  {"stop_collection", Disposition::stop_collection},
                                                                  {"death", Disposition::death}});

// "+08:00"
std::optional<UtcOffset> offset_named(std::string_view text) {
    UtcOffset offset{};
    if (!parse_rfc3339("2000-01-01T00:00:00" + std::string(text), &offset)) return std::nullopt;
    return offset;
}

std::optional<std::string> text_named(std::string_view text) { return std::string(text); }
std::optional<Route> route_named(std::string_view name) { return find_named(kRoutes, name); }
std::optional<C> category_named(std::string_view name) { return find_named(kCategories, name); }
std::optional<Relatedness> relatedness_named(std::string_view name) { return find_named(kRelatedness, name); }
std::optional<Outcome> outcome_named(std::string_view name) { return find_named(kOutcomes, name); }
std::optional<Disposition> disposition_named(std::string_view name) { return find_named(kDispositions, name); }

// Walks the document and keeps the first fault; every key must be one that is read.
class MappingReader {
  public:
    explicit MappingReader(Mapping& mapping) : mapping_(mapping) {}

    void read(const YAML::Node& root) {
        only(root, "",
             {"study", "cohort", "source_system", "utc_offset", "sites", "indication", "units", "vital_signs",
              "laboratory", "agents", "routes", "cell_products", "adverse_events", "causality", "outcomes",
              "dispositions"});
        scalar(root, "study", mapping_.study, text_named);
        scalar(root, "cohort", mapping_.cohort, text_named);
        scalar(root, "source_system", mapping_.source_system, text_named);
        scalar(root, "utc_offset", mapping_.utc_offset, offset_named);
        if (root["indication"]) coding(root["indication"], "indication", mapping_.indication);
        table(root, "sites", mapping_.site_offsets, offset_named);
        table(root, "units", mapping_.units, text_named);
        table(root, "vital_signs", mapping_.vital_signs, analyte_of_name);
        table(root, "laboratory", mapping_.laboratory, analyte_of_name);
        table(root, "agents", mapping_.agents, agent_of_name);
        table(root, "routes", mapping_.routes, route_named);
        read_products(root["cell_products"]);
        read_events(root["adverse_events"]);
        table(root, "causality", mapping_.causality, relatedness_named);
        table(root, "outcomes", mapping_.outcomes, outcome_named);
        table(root, "dispositions", mapping_.dispositions, disposition_named);
    }
    const std::string& fault() const { return fault_; }

  private:
    void refuse(const YAML::Node& node, std::string_view where, std::string_view what) {
        if (fault_.empty()) fault_ = fmt::format("line {}: {}: {}", node.Mark().line + 1, where, what);
    }
    void only(const YAML::Node& node, std::string_view where, const std::set<std::string_view>& names) {
        if (!node || node.IsNull()) return;
        if (!node.IsMap()) return refuse(node, where, "a mapping of keys to values is expected");
        for (const auto& entry : node)
            if (!names.contains(entry.first.Scalar())) refuse(entry.first, entry.first.Scalar(), "no such key");
    }
    template <typename T, typename Read>
    void scalar(const YAML::Node& node, const char* name, T& target, Read read_one) {
        const YAML::Node value = node[name];
        if (!value) return;
        const auto read_value = value.IsScalar() ? read_one(value.Scalar()) : std::nullopt;
        if (read_value) {
            target = *read_value;
        } else {
            refuse(value, name, "not a value that this key takes");
        }
    }
    template <typename T, typename Read>
    void table(const YAML::Node& node, const char* name, std::map<std::string, T, std::less<>>& target, Read read_one) {
        const YAML::Node entries = node[name];
        if (!entries || entries.IsNull()) return;
        if (!entries.IsMap()) return refuse(entries, name, "a mapping of codes to names is expected");
        for (const auto& entry : entries) {
            const auto read_value = entry.second.IsScalar() ? read_one(entry.second.Scalar()) : std::nullopt;
            if (read_value) {
                target.insert_or_assign(entry.first.Scalar(), *read_value);
            } else {
                refuse(entry.second, entry.first.Scalar(), fmt::format("not a name that `{}` takes", name));
            }
        }
    }
    void coding(const YAML::Node& node, std::string_view where, Coding& target) {
        only(node, where, {"system", "code", "display"});
        if (!node.IsMap()) return;
        scalar(node, "system", target.system, text_named);
        scalar(node, "code", target.code, text_named);
        scalar(node, "display", target.display, text_named);
    }
    void read_products(const YAML::Node& node) {
        if (!node || node.IsNull()) return;
        if (!node.IsMap()) return refuse(node, "cell_products", "a mapping of treatments to codes is expected");
        for (const auto& entry : node)
            coding(entry.second, entry.first.Scalar(), mapping_.cell_products[entry.first.Scalar()]);
    }
    void read_events(const YAML::Node& node) {
        if (!node) return;
        only(node, "adverse_events", {"category", "by_code", "by_term", "by_class", "severity_as_grade"});
        if (!node.IsMap()) return;
        scalar(node, "category", mapping_.event_category, category_named);
        table(node, "by_code", mapping_.event_codes, category_named);
        table(node, "by_term", mapping_.event_terms, category_named);
        table(node, "by_class", mapping_.event_classes, category_named);
        scalar(node, "severity_as_grade", mapping_.severity_as_grade, [](std::string_view text) -> std::optional<bool> {
            if (text == "true") return true;
            if (text == "false") return false;
            return std::nullopt;
        });
    }

    Mapping& mapping_;
    std::string fault_;
};

Result<void> overlay(Mapping& mapping, std::string_view yaml) {
    try {
        const YAML::Node root = YAML::Load(std::string(yaml));
        if (!root || root.IsNull()) return {};
        MappingReader reader(mapping);
        reader.read(root);
        if (!reader.fault().empty()) return fail(Errc::invalid, reader.fault());
    } catch (const YAML::Exception& error) {
        return fail(Errc::invalid, fmt::format("line {}: {}", error.mark.line + 1, error.msg));
    }
    return {};
}

}  // namespace

UtcOffset Mapping::offset_of(std::string_view site) const {
    const auto found = site_offsets.find(site);
    return found == site_offsets.end() ? utc_offset : found->second;
}

Mapping default_mapping() {
    Mapping mapping;
    ensure(overlay(mapping, default_mapping_text()).has_value(), "the built-in mapping is sound");
    return mapping;
}

Result<Mapping> read_mapping(std::string_view yaml) {
    Mapping mapping = default_mapping();
    if (auto read = overlay(mapping, yaml); !read) return fail(read.error());
    return mapping;
}

}  // namespace cellvigil::import
