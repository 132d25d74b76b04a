#include "rules/pack/catalogue.h"

#include <algorithm>
#include <array>

namespace cellvigil {
namespace {

struct MethodRow {
    MonitorMethod method;
    const char* name;
    bool person_time;
};
constexpr auto kMethods = std::to_array<MethodRow>({
    {MonitorMethod::beta_binomial, "beta_binomial", false},
    {MonitorMethod::pocock, "pocock", false},
    {MonitorMethod::obrien_fleming, "obrien_fleming", false},
    {MonitorMethod::wang_tsiatis, "wang_tsiatis", false},
    {MonitorMethod::chen_chaloner, "chen_chaloner", false},
    {MonitorMethod::sprt, "sprt", false},
    {MonitorMethod::maxsprt_binomial, "maxsprt_binomial", false},
    {MonitorMethod::bernoulli_cusum, "bernoulli_cusum", false},
    {MonitorMethod::evalue_binomial, "evalue_binomial", false},
    {MonitorMethod::gamma_poisson, "gamma_poisson", true},
    {MonitorMethod::maxsprt_poisson, "maxsprt_poisson", true},
    {MonitorMethod::conditional_maxsprt, "conditional_maxsprt", true},
    {MonitorMethod::poisson_cusum, "poisson_cusum", true},
    {MonitorMethod::evalue_poisson, "evalue_poisson", true},
});

const MethodRow& row_of(MonitorMethod method) {
    return *std::find_if(kMethods.begin(), kMethods.end(), [&](const MethodRow& row) { return row.method == method; });
}

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
    return text;
}

void append(std::string& line, const char* key, const std::string& value) {
    line.append(" ").append(key).append("=").append(value);
}
void append(std::string& line, const char* key, std::int64_t value) { append(line, key, std::to_string(value)); }

std::string line_of(const Profile& profile, const ReferenceRate& rate) {
    std::string line = "rate " + profile.id;
    append(line, "endpoint", row_of(rate.endpoint).name);
    append(line, "set", rate.set);
    append(line, "first", rate.events_first);
    append(line, "last", rate.events_last);
    append(line, "of", rate.subjects);
    append(line, "person_days", rate.person_days.value_or(-1));
    if (rate.person_time_presumed) append(line, "person_time_presumed", 1);
    append(line, "scale", static_cast<std::int64_t>(rate.scale));
    append(line, "estimator", name_of(rate.estimator));
    append(line, "horizon", rate.horizon_days.value_or(-1));
    append(line, "estimate", rate.estimate_per_mille.value_or(-1));
    append(line, "cut", rate.data_cut);
    append(line, "tier", name_of(rate.tier));
    append(line, "signed", rate.signed_off ? 1 : 0);
    return line + "\n";
}

std::string line_of(const MonitorSpec& monitor) {
    std::string line = "monitor " + monitor.id;
    append(line, "cohort", monitor.cohort);
    append(line, "endpoint", row_of(monitor.endpoint).name);
    append(line, "method", name_of(monitor.method));
    append(line, "limit", monitor.limit_millionths);
    append(line, "alpha", monitor.alpha_millionths);
    append(line, "subjects", monitor.planned_subjects);
    append(line, "person_days", monitor.planned_person_days);
    append(line, "prior", monitor.prior_thousandths.value_or(-1));
    append(line, "alternative", monitor.alternative_millionths.value_or(-1));
    append(line, "threshold", monitor.threshold_thousandths.value_or(-1));
    append(line, "least", monitor.least_events);
    append(line, "comparator", monitor.comparator);
    if (!monitor.reference.empty()) {
        append(line, "reference", monitor.reference);
        append(line, "borrowing", monitor.borrowing_per_mille.value_or(-1));
    }
    return line + "\n";
}

std::string line_of(const ProphylaxisPolicy& policy) {
    std::string line = "policy " + policy.id;
    append(line, "kind", name_of(policy.kind));
    append(line, "from", policy.from_day);
    append(line, "until", policy.at_least_until_day);
    append(line, "cd4", policy.cd4_above ? policy.cd4_above->micro : -1);
    append(line, "both", policy.both ? 1 : 0);
    append(line, "tests", policy.cd4_tests);
    append(line, "apart", policy.cd4_apart_days);
    append(line, "valid", policy.cd4_valid_days);
    append(line, "free", policy.free_of_episode_days);
    return line + "\n";
}

}  // namespace

const char* name_of(Estimator estimator) {
    switch (estimator) {
        case Estimator::crude:
            return "crude";
        case Estimator::kaplan_meier:
            return "kaplan_meier";
        case Estimator::cumulative_incidence:
            return "cumulative_incidence";
    }
    return "unknown";
}

const char* name_of(SourceTier tier) {
    switch (tier) {
        case SourceTier::primary:
            return "primary";
        case SourceTier::registry:
            return "registry";
        case SourceTier::label:
            return "label";
        case SourceTier::review:
            return "review";
        case SourceTier::press:
            return "press";
        case SourceTier::promotional:
            return "promotional";
    }
    return "unknown";
}

const char* name_of(ProphylaxisKind kind) {
    switch (kind) {
        case ProphylaxisKind::antiviral:
            return "antiviral";
        case ProphylaxisKind::pneumocystis:
            return "pneumocystis";
        case ProphylaxisKind::immunoglobulin:
            return "immunoglobulin";
        case ProphylaxisKind::zoster_vaccine:
            return "zoster_vaccine";
    }
    return "unknown";
}

const char* name_of(MonitorMethod method) { return row_of(method).name; }
bool counts_person_time(MonitorMethod method) { return row_of(method).person_time; }

std::optional<MonitorMethod> monitor_method_of(std::string_view name) {
    const auto found =
        std::find_if(kMethods.begin(), kMethods.end(), [&](const MethodRow& row) { return name == row.name; });
    if (found == kMethods.end()) return std::nullopt;
    return found->method;
}

const Product* product_named(const Catalogue& catalogue, std::string_view name) {
    for (const Product& product : catalogue.products) {
        for (const std::string& known : product.names) {
            if (same_name(known, name)) return &product;
        }
    }
    const Product* by_atc = nullptr;
    for (const Product& product : catalogue.products) {
        if (product.atc.empty() || !same_name(product.atc, name)) continue;
        if (by_atc != nullptr) return nullptr;
        by_atc = &product;
    }
    return by_atc;
}

const Profile* profile_of(const Catalogue& catalogue, std::string_view id) {
    const auto found = std::find_if(catalogue.profiles.begin(), catalogue.profiles.end(),
                                    [&](const Profile& profile) { return profile.id == id; });
    return found == catalogue.profiles.end() ? nullptr : &*found;
}

const ReferenceRate* history_in(const Profile& profile, ReportedEndpoint endpoint) {
    const auto found = std::find_if(profile.rates.begin(), profile.rates.end(), [&](const ReferenceRate& rate) {
        return rate.endpoint == endpoint && rate.settled() && rate.events_first > 0 && rate.person_days &&
               !rate.person_time_presumed;
    });
    return found == profile.rates.end() ? nullptr : &*found;
}

const ReferenceRate* reference_in(const Profile& profile, ReportedEndpoint endpoint) {
    const bool over_time = row_of(endpoint).kind == EndpointKind::person_time;
    const ReferenceRate* first = nullptr;
    for (const ReferenceRate& rate : profile.rates) {
        if (rate.endpoint != endpoint || rate.estimator != Estimator::crude) continue;
        if (!over_time || rate.person_days) return &rate;
        if (first == nullptr) first = &rate;
    }
    return first;
}

std::int64_t spent_millionths(const Catalogue& catalogue, const AlphaBudget& budget) {
    const auto holds = [](const auto& wanted, const auto& one) {
        return wanted.empty() || std::find(wanted.begin(), wanted.end(), one) != wanted.end();
    };
    std::int64_t spent = 0;
    for (const MonitorSpec& monitor : catalogue.monitors) {
        if (!holds(budget.endpoints, monitor.endpoint)) continue;
        for (const CohortFilter& cohort : catalogue.cohorts) {
            if (monitor.cohort != "*" && monitor.cohort != cohort.id) continue;
            if (holds(budget.cohorts, cohort.id)) spent += monitor.alpha_millionths;
        }
    }
    return spent;
}

std::vector<std::int64_t> candidate_counts(std::int64_t percent, std::int64_t subjects) {
    std::vector<std::int64_t> counts;
    for (std::int64_t events = 0; events <= subjects; ++events) {
        if ((200 * events + subjects) / (2 * subjects) == percent) counts.push_back(events);
    }
    return counts;
}

std::vector<std::int64_t> candidate_denominators(const std::vector<std::int64_t>& percents, std::int64_t most) {
    std::vector<std::int64_t> fitting;
    for (std::int64_t subjects = 1; subjects <= most; ++subjects) {
        const bool fits = std::all_of(percents.begin(), percents.end(), [&](std::int64_t percent) {
            return !candidate_counts(percent, subjects).empty();
        });
        if (fits) fitting.push_back(subjects);
    }
    return fitting;
}

std::string catalogue_lines(const Catalogue& catalogue) {
    std::string lines;
    for (const Product& product : catalogue.products)
        lines += "product " + product.id + " names=" + joined(product.names) + "\n";
    for (const Profile& profile : catalogue.profiles) {
        lines += "profile " + profile.id + " product=" + profile.product + "\n";
        for (const ReferenceRate& rate : profile.rates) lines += line_of(profile, rate);
    }
    for (const CohortFilter& cohort : catalogue.cohorts) {
        lines += "cohort " + cohort.id + " products=" + joined(cohort.products) + " studies=" + joined(cohort.studies) +
                 " cohorts=" + joined(cohort.cohorts) + " sites=" + joined(cohort.sites) +
                 " lots=" + joined(cohort.lots) + "\n";
    }
    for (const MonitorSpec& monitor : catalogue.monitors) lines += line_of(monitor);
    for (const ProphylaxisPolicy& policy : catalogue.policies) lines += line_of(policy);
    for (const ScreenSpec& screen : catalogue.screens) lines += line_of(screen);
    for (const AlphaBudget& budget : catalogue.budgets) {
        lines += "budget " + budget.id + " cohorts=" + joined(budget.cohorts);
        for (const ReportedEndpoint endpoint : budget.endpoints) lines += std::string(" ") + row_of(endpoint).name;
        lines += " alpha=" + std::to_string(budget.alpha_millionths) + "\n";
    }
    const LightRules& lights = catalogue.lights;
    if (!(lights == LightRules{})) {
        lines += "lights";
        for (const std::int64_t part : {lights.red_per_mille, lights.red_clears_per_mille, lights.amber_per_mille,
                                        lights.amber_clears_per_mille, std::int64_t{lights.weeks}})
            lines += " " + std::to_string(part);
        lines += "\n";
    }
    if (catalogue.fdr_millionths) lines += "fdr " + std::to_string(*catalogue.fdr_millionths) + "\n";
    return lines;
}

}  // namespace cellvigil
