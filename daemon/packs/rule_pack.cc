#include "daemon/packs/rule_pack.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include <openssl/evp.h>
#include <yaml-cpp/yaml.h>

#include "daemon/packs/catalogue_reader.h"
#include "daemon/packs/screen_reader.h"
#include "rules/base/ensure.h"
#include "rules/grade/assessment.h"
#include "rules/pack/decisions.h"

namespace cellvigil::packs {
namespace {

std::string names_of(const ScaleSet& scales) {
    std::string names;
    for (int i = 0; i < static_cast<int>(Scale::unspecified); ++i) {
        const auto scale = static_cast<Scale>(i);
        if (scales.has(scale)) names += std::string(names.empty() ? "" : " ") + name_of(scale);
    }
    return names;
}

std::string scale_lines(const RuleSet& rules) {
    std::string lines = "scales=" + names_of(rules.scales) + "\n";
    for (const auto& [cohort, scales] : rules.cohort_scales)
        lines += "scales of " + cohort + "=" + names_of(scales) + "\n";
    return lines;
}

std::string codes_of(const SubjectRuleSet& rules) {
    std::string codes;
    for (int i = 0; i < kSubjectRules; ++i) {
        const auto rule = static_cast<SubjectRule>(i);
        if (kSwitchedRules.has(rule) && rules.has(rule)) codes += std::string(codes.empty() ? "" : " ") + code_of(rule);
    }
    return codes;
}

std::string alert_lines(const RuleSet& rules) {
    std::string lines = "alerts=" + codes_of(rules.alerts) + "\n";
    for (const auto& [cohort, alerts] : rules.cohort_alerts)
        lines += "alerts of " + cohort + "=" + codes_of(alerts) + "\n";
    return lines;
}

// SHA-256 over what decides, so that a comment or another order of keys is the same pack.
std::string hash_of(const RuleSet& rules, const Catalogue& catalogue) {
    const std::string lines = rules.pack + "\n" + decision_lines(rules) + scale_lines(rules) + alert_lines(rules) +
                              catalogue_lines(catalogue);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    ensure(EVP_Digest(lines.data(), lines.size(), digest, &size, EVP_sha256(), nullptr) == 1, "SHA-256 is there");
    constexpr char kHex[] = "0123456789abcdef";
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
        text += kHex[digest[i] >> 4];
        text += kHex[digest[i] & 15];
    }
    return text;
}

constexpr const char* kKeys =
    "pack, version, scales, cohort_scales, alerts, cohort_alerts, decisions, products, profiles, cohorts, monitors, "
    "policies, "
    "screens, budgets, lights, false_discovery_rate";

class Reader {
  public:
    Reader(const std::string& name, PackReading& into) : problems_(name, into.problems), into_(into) {}

    void read(const YAML::Node& root) {
        if (!root.IsMap()) return problem(root.Mark(), "a rule pack is a map with the keys " + std::string(kKeys));
        for (const auto& entry : root) {
            const std::string key = entry.first.Scalar();
            if (key == "pack") {
                into_.rules.pack = entry.second.Scalar();
                if (into_.rules.pack.empty()) problem(entry.second.Mark(), "pack: a name is expected");
            } else if (key == "version") {
                if (!number(entry.second.Scalar())) problem(entry.second.Mark(), "version: a whole number is expected");
            } else if (key == "scales") {
                into_.rules.scales = read_scales(entry.second, "scales");
            } else if (key == "cohort_scales") {
                read_cohort_scales(entry.second);
            } else if (key == "alerts") {
                into_.rules.alerts = read_alerts(entry.second, "alerts");
            } else if (key == "cohort_alerts") {
                read_cohort_alerts(entry.second);
            } else if (is_catalogue_key(key)) {
                read_catalogue_part(key, entry.second, into_.catalogue, problems_);
            } else if (key == "false_discovery_rate") {
                read_false_discovery_rate(entry.second);
            } else if (key == "lights") {
                read_lights(entry.second, into_.catalogue, problems_);
            } else if (key == "decisions") {
                read_decisions(entry.second);
            } else {
                problem(entry.first.Mark(), key + ": unknown key; expected one of " + std::string(kKeys));
            }
        }
        check_catalogue(into_.catalogue, root, problems_);
        if (!root["pack"]) problem(root.Mark(), "pack: missing; every pack has a name");
    }

    void problem(const YAML::Mark& mark, const std::string& detail) { problems_.at(mark, detail); }

  private:
    static std::optional<std::int64_t> number(const std::string& text) {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
        return value;
    }

    void read_false_discovery_rate(const YAML::Node& node) {
        const auto given = node.IsScalar() ? decimal_of(node.Scalar(), 1'000'000) : std::nullopt;
        if (!given || *given < 1 || *given > 500'000)
            return problem(node.Mark(), "false_discovery_rate: a decimal number above 0 and at most 0.5 is expected");
        into_.catalogue.fdr_millionths = *given;
    }

    // ASTCT CRS and ICANS are graded whether they are listed or not.
    ScaleSet read_scales(const YAML::Node& node, const std::string& key) {
        ScaleSet scales{Scale::astct_crs_2019, Scale::astct_icans_2019};
        if (!node.IsSequence()) {
            problem(node.Mark(), key + ": a list of scales is expected: " + names_of(kComputedScales));
            return scales;
        }
        for (const auto& entry : node) {
            const Scale found = scale_named(entry.Scalar());
            if (found == Scale::unspecified || !kComputedScales.has(found)) {
                problem(entry.Mark(), key + ": " + entry.Scalar() +
                                          " is no scale that is computed; known: " + names_of(kComputedScales));
            } else {
                scales.add(found);
            }
        }
        return scales;
    }

    void read_cohort_scales(const YAML::Node& node) {
        if (!node.IsMap())
            return problem(node.Mark(), "cohort_scales: a map of study/cohort to a list of scales is expected");
        for (const auto& entry : node) {
            const std::string cohort = entry.first.Scalar();
            if (cohort.find('/') == std::string::npos)
                problem(entry.first.Mark(), "cohort_scales: " + cohort + ": study/cohort is expected");
            into_.rules.cohort_scales.emplace_back(cohort, read_scales(entry.second, "cohort_scales: " + cohort));
        }
        std::sort(into_.rules.cohort_scales.begin(), into_.rules.cohort_scales.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
    }

    SubjectRuleSet read_alerts(const YAML::Node& node, const std::string& key) {
        SubjectRuleSet rules;
        if (!node.IsSequence()) {
            problem(node.Mark(), key + ": a list of alerts is expected: " + codes_of(kSwitchedRules));
            return rules;
        }
        for (const auto& entry : node) {
            if (const auto rule = subject_rule_coded(entry.Scalar())) {
                rules.add(*rule);
            } else {
                problem(entry.Mark(), key + ": " + entry.Scalar() +
                                          " is no alert that can be switched; known: " + codes_of(kSwitchedRules));
            }
        }
        return rules;
    }

    void read_cohort_alerts(const YAML::Node& node) {
        if (!node.IsMap())
            return problem(node.Mark(), "cohort_alerts: a map of study/cohort to a list of alerts is expected");
        for (const auto& entry : node) {
            const std::string cohort = entry.first.Scalar();
            if (cohort.find('/') == std::string::npos)
                problem(entry.first.Mark(), "cohort_alerts: " + cohort + ": study/cohort is expected");
            into_.rules.cohort_alerts.emplace_back(cohort, read_alerts(entry.second, "cohort_alerts: " + cohort));
        }
        std::sort(into_.rules.cohort_alerts.begin(), into_.rules.cohort_alerts.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
    }

    void read_decisions(const YAML::Node& node) {
        if (!node.IsMap()) return problem(node.Mark(), "decisions: a map of keys to values is expected");
        for (const auto& entry : node) read_decision(entry.first, entry.second);
    }

    void read_decision(const YAML::Node& key, const YAML::Node& value) {
        const Decision* decision = find_decision(key.Scalar());
        if (decision == nullptr) return problem(key.Mark(), key.Scalar() + ": no such decision key");
        if (decision->may_be_none && value.Scalar() == "none") return decision->set(into_.rules, std::nullopt);
        const auto given = number(value.Scalar());
        if (!given || *given < decision->first || *given > decision->last) {
            return problem(value.Mark(), key.Scalar() + ": a whole number of " + decision->unit + " from " +
                                             std::to_string(decision->first) + " to " + std::to_string(decision->last) +
                                             (decision->may_be_none ? ", or none," : "") + " is expected");
        }
        decision->set(into_.rules, *given);
    }

    Problems problems_;
    PackReading& into_;
};

}  // namespace

PackReading read_rule_pack(std::string_view text, const std::string& name) {
    PackReading reading;
    Reader reader(name, reading);
    try {
        reader.read(YAML::Load(std::string(text)));
    } catch (const YAML::Exception& error) {
        reader.problem(error.mark, error.msg);
    }
    const CrsRules& crs = reading.rules.crs;
    if (crs.onset_soft_day > crs.onset_hard_day)
        reading.problems.push_back({name, "crs.onset_soft_d is past crs.onset_hard_d"});
    if (crs.spo2_suspect < crs.spo2_untreated)
        reading.problems.push_back({name, "crs.spo2_suspect is below crs.spo2_untreated"});
    if (reading.rules.icans.carry_fresh > reading.rules.icans.carry) {
        reading.problems.push_back({name, "icans.carry_fresh_h is past icans.carry_h"});
    }
    reading.rules.policies = reading.catalogue.policies;
    reading.rules.hash = hash_of(reading.rules, reading.catalogue);
    return reading;
}

Result<Pack> load_pack(const std::string& path) {
    if (path.empty()) return Pack{built_in_rules(), {}};
    std::ifstream file(path);
    if (!file) return fail(Errc::not_found, "rule pack " + path + " cannot be read");
    std::stringstream text;
    text << file.rdbuf();
    PackReading reading = read_rule_pack(text.str(), path);
    if (reading.problems.empty()) return Pack{std::move(reading.rules), std::move(reading.catalogue)};
    std::string all;
    for (const PackProblem& problem : reading.problems) {
        if (!all.empty()) all += '\n';
        all += problem.where + ": " + problem.detail;
    }
    return fail(Errc::invalid, all);
}

Result<RuleSet> load_rule_pack(const std::string& path) {
    auto pack = load_pack(path);
    if (!pack) return fail(pack.error());
    return std::move(pack->rules);
}

RuleSet built_in_rules() {
    RuleSet rules;
    rules.hash = hash_of(rules, {});
    return rules;
}

}  // namespace cellvigil::packs
