#include "daemon/packs/catalogue_reader.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "daemon/packs/profile_reader.h"
#include "daemon/packs/screen_reader.h"
#include "rules/grade/assessment.h"

namespace cellvigil::packs {
namespace {

void read_product(const YAML::Node& node, Catalogue& into, Problems& problems) {
    Section section(node, "products", problems);
    if (!section.is_map()) return;
    Product product;
    product.id = section.text("id", true);
    product.names = section.texts("names");
    if (std::find(product.names.begin(), product.names.end(), product.id) == product.names.end()) {
        product.names.insert(product.names.begin(), product.id);
    }
    product.targets = section.texts("targets");
    product.costimulation = section.text("costimulation", false);
    product.atc = section.text("atc", false);
    section.finish();
    into.products.push_back(std::move(product));
}

void read_cohort(const YAML::Node& node, Catalogue& into, Problems& problems) {
    Section section(node, "cohorts", problems);
    if (!section.is_map()) return;
    CohortFilter cohort;
    cohort.id = section.text("id", true);
    cohort.products = section.texts("products");
    cohort.studies = section.texts("studies");
    cohort.cohorts = section.texts("cohorts");
    cohort.sites = section.texts("sites");
    cohort.lots = section.texts("lots");
    section.finish();
    into.cohorts.push_back(std::move(cohort));
}

constexpr std::int64_t kMillion = 1'000'000;

// A limit per 100 person-years is kept per person-year.
void read_limit(Section& section, MonitorSpec& monitor) {
    const bool person_time = counts_person_time(monitor.method);
    const auto probability = section.decimal("limit", kMillion, 1, kMillion - 1);
    const auto rate = section.decimal("limit_per_100_person_years", kMillion, 1, 100'000 * kMillion);
    if (person_time) {
        if (probability) section.problem("limit", "this method counts person-time: give limit_per_100_person_years");
        if (!rate && !probability) section.problem("limit_per_100_person_years: missing");
        monitor.limit_millionths = rate.value_or(0) / 100;
    } else {
        if (rate)
            section.problem("limit_per_100_person_years", "this method counts subjects: give limit, a probability");
        if (!probability && !rate) section.problem("limit: missing");
        monitor.limit_millionths = probability.value_or(0);
    }
}

void read_plan(Section& section, MonitorSpec& monitor) {
    const auto subjects = section.whole("planned_subjects", 1, 100'000);
    const auto days = section.whole("planned_person_days", 1, 1'000'000'000);
    if (counts_person_time(monitor.method)) {
        if (!days)
            section.problem("planned_person_days: missing; the boundary is calibrated on the planned person-time");
        monitor.planned_person_days = days.value_or(0);
    } else {
        if (!subjects)
            section.problem("planned_subjects: missing; the boundary is calibrated on the planned number of subjects");
        monitor.planned_subjects = subjects.value_or(0);
    }
}

void read_monitor(const YAML::Node& node, Catalogue& into, Problems& problems) {
    Section section(node, "monitors", problems);
    if (!section.is_map()) return;
    MonitorSpec monitor;
    monitor.id = section.text("id", true);
    monitor.cohort = section.text("cohort", true);
    const std::string name = section.text("endpoint", true);
    const auto endpoint = reported_endpoint_of(name);
    if (!endpoint && !name.empty()) section.problem("endpoint", name + ": unknown endpoint");
    monitor.endpoint = endpoint.value_or(ReportedEndpoint::crs_3);
    const auto method = section.choice(
        "method", MonitorMethod::evalue_poisson, [](MonitorMethod m) { return name_of(m); }, true);
    monitor.method = method.value_or(MonitorMethod::beta_binomial);
    if (endpoint && method) {
        const bool time = row_of(*endpoint).kind == EndpointKind::person_time;
        if (time != counts_person_time(*method)) {
            section.problem(
                "method", std::string(name_of(*method)) + (time ? " counts subjects, the endpoint counts person-time"
                                                                : " counts person-time, the endpoint counts subjects"));
        }
    }
    read_limit(section, monitor);
    read_plan(section, monitor);
    monitor.alpha_millionths = section.decimal("alpha", kMillion, 1, kMillion / 2).value_or(monitor.alpha_millionths);
    monitor.prior_thousandths = section.decimal("prior", 1000, 1, 1'000'000);
    monitor.alternative_millionths = section.decimal("alternative", kMillion, 1, 1000 * kMillion);
    monitor.threshold_thousandths = section.decimal("threshold", 1000, 1, 1'000'000);
    const bool rises = method && (*method == MonitorMethod::poisson_cusum || *method == MonitorMethod::bernoulli_cusum);
    if (rises && !section.has("alternative")) section.problem("alternative: missing; a CUSUM looks for a stated rise");
    monitor.least_events = section.whole("least_events", 1, 1000).value_or(1);
    monitor.comparator = section.text("comparator", false);
    monitor.reference = section.text("reference", false);
    monitor.borrowing_per_mille = section.decimal("borrowing", 1000, 0, 1000);
    if (monitor.borrowing_per_mille && monitor.reference.empty())
        section.problem("borrowing", "there is no reference to borrow from: name a profile as reference");
    monitor.placeholder = section.flag("placeholder").value_or(true);
    if (method && *method == MonitorMethod::conditional_maxsprt && monitor.comparator.empty()) {
        section.problem("comparator: missing; the conditional method compares with a profile's history");
    }
    section.finish();
    into.monitors.push_back(std::move(monitor));
}

void read_policy(const YAML::Node& node, Catalogue& into, Problems& problems) {
    Section section(node, "policies", problems);
    if (!section.is_map()) return;
    ProphylaxisPolicy policy;
    policy.id = section.text("id", true);
    policy.kind = section
                      .choice(
                          "kind", ProphylaxisKind::zoster_vaccine, [](ProphylaxisKind k) { return name_of(k); }, true)
                      .value_or(ProphylaxisKind::antiviral);
    const auto number = [&](const char* key, std::int64_t first, std::int64_t last, std::int32_t fallback) {
        return static_cast<std::int32_t>(section.whole(key, first, last).value_or(fallback));
    };
    policy.from_day = number("from_day", 0, 365, 0);
    policy.at_least_until_day = number("at_least_until_day", 0, 3650, 0);
    if (const auto cd4 = section.decimal("cd4_above", kMillion, 1, 10 * kMillion)) policy.cd4_above = Quantity{*cd4};
    const std::string when = section.text("stop_when", false);
    if (!when.empty() && when != "both" && when != "either") section.problem("stop_when", "both or either is expected");
    policy.both = when != "either";
    policy.cd4_tests = number("cd4_tests", 1, 5, policy.cd4_tests);
    policy.cd4_apart_days = number("cd4_apart_days", 0, 365, policy.cd4_apart_days);
    policy.cd4_valid_days = number("cd4_valid_days", 1, 365, policy.cd4_valid_days);
    policy.free_of_episode_days = number("free_of_episode_days", 0, 730, policy.free_of_episode_days);
    policy.source = section.text("source", true);
    section.finish();
    into.policies.push_back(std::move(policy));
}

struct Part {
    std::string_view key;
    void (*read)(const YAML::Node&, Catalogue&, Problems&);
};
constexpr auto kParts = std::to_array<Part>({{"products", read_product},
                                             {"profiles", read_profile},
                                             {"cohorts", read_cohort},
                                             {"monitors", read_monitor},
                                             {"policies", read_policy},
                                             {"screens", read_screen},
                                             {"budgets", read_budget}});

template <typename Things>
void check_ids(const Things& things, const char* what, const YAML::Node& root, Problems& problems) {
    std::set<std::string> seen;
    for (const auto& thing : things) {
        if (!thing.id.empty() && !seen.insert(thing.id).second)
            problems.at(root[what].Mark(), std::string(what) + ": " + thing.id + ": given twice");
    }
}

template <typename Things>
bool has_id(const Things& things, const std::string& id) {
    return std::any_of(things.begin(), things.end(), [&](const auto& thing) { return thing.id == id; });
}

// Where the monitor says `key`: the catalogue keeps no places.
YAML::Mark mark_in_monitor(const YAML::Node& root, const std::string& id, const char* key) {
    for (const auto& entry : root["monitors"]) {
        if (entry.IsMap() && entry["id"] && entry["id"].IsScalar() && entry["id"].Scalar() == id && entry[key])
            return entry[key].Mark();
    }
    return root["monitors"].Mark();
}

void check_reference(const Catalogue& catalogue, const MonitorSpec& monitor, const YAML::Node& root,
                     Problems& problems) {
    if (monitor.reference.empty()) return;
    const auto problem = [&](const char* key, const std::string& detail) {
        problems.at(mark_in_monitor(root, monitor.id, key), "monitors: " + monitor.id + ": " + key + ": " + detail);
    };
    const Profile* profile = profile_of(catalogue, monitor.reference);
    if (profile == nullptr) return problem("reference", monitor.reference + " is not in profiles");
    const ReferenceRate* rate = reference_in(*profile, monitor.endpoint);
    if (rate == nullptr) {
        return problem("reference", monitor.reference + " has no crude count of " + row_of(monitor.endpoint).name);
    }
    if (monitor.borrowing_per_mille.value_or(0) > 0 && !may_be_borrowed(*rate)) {
        problem("borrowing",
                std::string("a source of tier ") + name_of(rate->tier) +
                    " cannot serve as a prior; sign the rate off (signed_off: true), or leave borrowing out");
    }
}

}  // namespace

Scale scale_named(const std::string& name) {
    for (int i = 0; i < static_cast<int>(Scale::unspecified); ++i) {
        if (name == name_of(static_cast<Scale>(i))) return static_cast<Scale>(i);
    }
    return Scale::unspecified;
}

bool is_catalogue_key(const std::string& key) {
    return std::any_of(kParts.begin(), kParts.end(), [&](const Part& part) { return part.key == key; });
}

void read_catalogue_part(const std::string& key, const YAML::Node& node, Catalogue& into, Problems& problems) {
    if (!node.IsSequence()) return problems.at(node.Mark(), key + ": a list is expected");
    for (const Part& part : kParts) {
        if (part.key != key) continue;
        for (const auto& entry : node) part.read(entry, into, problems);
    }
}

void check_catalogue(const Catalogue& catalogue, const YAML::Node& root, Problems& problems) {
    check_ids(catalogue.products, "products", root, problems);
    check_ids(catalogue.profiles, "profiles", root, problems);
    check_ids(catalogue.cohorts, "cohorts", root, problems);
    check_ids(catalogue.monitors, "monitors", root, problems);
    check_ids(catalogue.policies, "policies", root, problems);
    check_ids(catalogue.screens, "screens", root, problems);
    check_ids(catalogue.budgets, "budgets", root, problems);
    check_screens(catalogue, root, problems);
    for (const Profile& profile : catalogue.profiles) {
        if (!has_id(catalogue.products, profile.product)) {
            problems.at(root["profiles"].Mark(),
                        "profiles: " + profile.id + ": product " + profile.product + " is not in products");
        }
    }
    for (const CohortFilter& cohort : catalogue.cohorts) {
        for (const std::string& product : cohort.products) {
            if (has_id(catalogue.products, product)) continue;
            problems.at(root["cohorts"].Mark(),
                        "cohorts: " + cohort.id + ": product " + product + " is not in products");
        }
    }
    for (const MonitorSpec& monitor : catalogue.monitors) {
        check_reference(catalogue, monitor, root, problems);
        if (monitor.cohort != "*" && !has_id(catalogue.cohorts, monitor.cohort)) {
            problems.at(root["monitors"].Mark(),
                        "monitors: " + monitor.id + ": cohort " + monitor.cohort + " is not in cohorts");
        }
        if (!monitor.comparator.empty() && !has_id(catalogue.profiles, monitor.comparator)) {
            problems.at(root["monitors"].Mark(),
                        "monitors: " + monitor.id + ": comparator " + monitor.comparator + " is not in profiles");
        }
        const Profile* profile = profile_of(catalogue, monitor.comparator);
        if (monitor.method == MonitorMethod::conditional_maxsprt && profile != nullptr &&
            history_in(*profile, monitor.endpoint) == nullptr) {
            problems.at(root["monitors"].Mark(), "monitors: " + monitor.id + ": comparator " + monitor.comparator +
                                                     " has no rate of " + row_of(monitor.endpoint).name +
                                                     " with a settled count above 0 and its person_days, not presumed");
        }
    }
}

}  // namespace cellvigil::packs
