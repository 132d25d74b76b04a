// What a rule pack says beside the decisions of grading: products, reference profiles, cohorts, monitors, prophylaxis
// policies. A rate is never a percentage: a count, the analysis set that counted it, its scale, its data cut and where
// it was read. Pure values. Source: docs/packs.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/quantity.h"
#include "rules/event/body.h"
#include "rules/pack/policy.h"
#include "rules/pack/reported_endpoint.h"
#include "rules/pack/screen_spec.h"

namespace cellvigil {

// One product under its names: a code, the INN, a trade name. Names are compared without regard to case.
struct Product {
    std::string id;
    std::vector<std::string> names;    // the id among them
    std::vector<std::string> targets;  // "CD19", "CD20"
    std::string costimulation;         // "4-1BB", "CD28"
    std::string atc;                   // empty: none yet
    bool operator==(const Product&) const = default;
};

enum class Estimator : std::uint8_t { crude, kaplan_meier, cumulative_incidence };
// How far a source may be trusted. Only the first three may serve as a prior without a sign-off.
enum class SourceTier : std::uint8_t { primary, registry, label, review, press, promotional };
const char* name_of(Estimator estimator);
const char* name_of(SourceTier tier);
inline bool may_be_prior(SourceTier tier) { return tier <= SourceTier::label; }

struct ProfileSet {
    std::string id;  // "safety"
    std::int64_t subjects = 0;
    std::string definition;  // "infused"
    bool operator==(const ProfileSet&) const = default;
};

// Events among the subjects of a set. first = last when the count is known; a range when the source does not settle it:
// several whole counts round to the printed percentage, or "more than half".
struct ReferenceRate {
    ReportedEndpoint endpoint = ReportedEndpoint::crs_any;
    std::string set;  // an ProfileSet of the same profile
    std::int64_t events_first = 0;
    std::int64_t events_last = 0;
    std::int64_t subjects = 0;                // of the set
    std::optional<std::int64_t> person_days;  // over which the events were counted: makes it a history to compare with
    bool person_time_presumed = false;        // worked out from what the source prints: shown, never a formal history
    Scale scale = Scale::unspecified;         // where the endpoint requires one
    bool scale_presumed = false;              // not stated by the source
    Estimator estimator = Estimator::crude;
    std::optional<std::int32_t> horizon_days;
    std::optional<std::int64_t> estimate_per_mille;  // of a curve at the horizon, printed; crude rates have none
    std::string data_cut;                            // "2025-12", "first report"
    std::string source;                              // where it was read
    SourceTier tier = SourceTier::promotional;
    bool signed_off = false;  // may serve as a prior although its tier alone does not allow it
    std::string note;
    bool settled() const { return events_first == events_last; }
    bool operator==(const ReferenceRate&) const = default;
};

struct Profile {
    std::string id;
    std::string product;                     // Product::id
    std::vector<std::string> registrations;  // a study may pool several
    std::string population;
    std::optional<std::int32_t> line_of_therapy_first;  // mandatory for comparators: 2 or 3 may not be mixed silently
    std::vector<ProfileSet> sets;
    std::vector<ReferenceRate> rates;
    bool operator==(const Profile&) const = default;
};

// Which subjects a cohort holds: all conditions must hold; an empty list is no condition.
struct CohortFilter {
    std::string id;
    std::vector<std::string> products;  // Product::id
    std::vector<std::string> studies;
    std::vector<std::string> cohorts;  // "study/cohort"
    std::vector<std::string> sites;
    std::vector<std::string> lots;
    bool operator==(const CohortFilter&) const = default;
};

enum class MonitorMethod : std::uint8_t {
    beta_binomial,  // Geller: every infusion-ordered prefix
    pocock,
    obrien_fleming,
    wang_tsiatis,
    chen_chaloner,
    sprt,
    maxsprt_binomial,
    bernoulli_cusum,
    evalue_binomial,
    gamma_poisson,  // person-time
    maxsprt_poisson,
    conditional_maxsprt,
    poisson_cusum,
    evalue_poisson,
};
const char* name_of(MonitorMethod method);
std::optional<MonitorMethod> monitor_method_of(std::string_view name);
bool counts_person_time(MonitorMethod method);

// A threshold that is watched. Limits are clinical choices: a pack that ships one which nobody has signed says
// `placeholder`.
struct MonitorSpec {
    std::string id;
    std::string cohort;  // CohortFilter::id; "*": each cohort of the pack
    ReportedEndpoint endpoint = ReportedEndpoint::crs_3;
    MonitorMethod method = MonitorMethod::beta_binomial;
    std::int64_t limit_millionths = 0;  // probability, or events per person-year
    std::int64_t alpha_millionths = 50'000;
    std::int64_t planned_subjects = 0;              // binary methods
    std::int64_t planned_person_days = 0;           // person-time methods
    std::optional<std::int64_t> prior_thousandths;  // prior size (beta-binomial, in subjects) or shape (gamma), 1/1000
    std::optional<std::int64_t> alternative_millionths;  // SPRT, Chen-Chaloner, CUSUM
    std::optional<std::int64_t>
        threshold_thousandths;  // h of a CUSUM, 1/1000; absent: calibrated where that is possible
    std::int64_t least_events = 1;
    std::string comparator;  // Profile::id; the history of conditional MaxSPRT
    // For display only, never for an alarm: whose counts are shown beside the cohort's, and what one subject of it
    // weighs when its counts are borrowed, 0 (not at all) to 1000 (as much as ours). Absent: half, where the source's
    // tier allows a prior, else 0.
    std::string reference;  // Profile::id; empty: none
    std::optional<std::int64_t> borrowing_per_mille;
    bool placeholder = true;
    bool operator==(const MonitorSpec&) const = default;
};

// What the formal monitors of a pack may spend together: the sum of their alphas bounds the probability of any false
// alarm among them, however their patients overlap (Bonferroni). The loader refuses a pack that spends more.
struct AlphaBudget {
    std::string id;
    std::vector<std::string> cohorts;         // CohortFilter::id; empty: all
    std::vector<ReportedEndpoint> endpoints;  // empty: all
    std::int64_t alpha_millionths = 0;
    bool operator==(const AlphaBudget&) const = default;
};

// The colours of the display, by the posterior probability that a rate lies above its limit, in thousandths.
struct LightRules {
    std::int64_t red_per_mille = 950;
    std::int64_t red_clears_per_mille = 800;
    std::int64_t amber_per_mille = 800;
    std::int64_t amber_clears_per_mille = 650;
    std::int32_t weeks = 2;  // so many weekly scores in a row raise or clear a colour, 1 to 4
    bool operator==(const LightRules&) const = default;
};

struct Catalogue {
    std::vector<Product> products;
    std::vector<Profile> profiles;
    std::vector<CohortFilter> cohorts;
    std::vector<MonitorSpec> monitors;
    std::vector<ProphylaxisPolicy> policies;
    std::vector<ScreenSpec> screens;
    std::vector<AlphaBudget> budgets;
    // e-BH over the cohorts of one endpoint; absent: each monitor's own alpha.
    std::optional<std::int64_t> fdr_millionths;
    LightRules lights;
    bool operator==(const Catalogue&) const = default;
};

// By one of its names or by its ATC code, whatever the case; nullptr when nothing has that name, or several have that
// code.
const Product* product_named(const Catalogue& catalogue, std::string_view name);
const Profile* profile_of(const Catalogue& catalogue, std::string_view id);

// The rate of the profile that can be compared with: of this endpoint, its count settled and its person-time stated by
// the source; nullptr: none.
const ReferenceRate* history_in(const Profile& profile, ReportedEndpoint endpoint);
// The crude rate of the profile that is shown beside the endpoint: the first one that was counted over person-time
// where the endpoint is, else the first; nullptr: none.
const ReferenceRate* reference_in(const Profile& profile, ReportedEndpoint endpoint);
// May the rate's counts be borrowed: by its source's tier, or signed off.
inline bool may_be_borrowed(const ReferenceRate& rate) {
    return rate.signed_off || (may_be_prior(rate.tier) && !rate.person_time_presumed);
}
// What the monitors in a budget spend: a monitor of "*" once for every cohort that the budget holds.
std::int64_t spent_millionths(const Catalogue& catalogue, const AlphaBudget& budget);

// Every whole N up to `most` for which each whole percentage is the half-up rounding of some n/N: {91, 75}, 51 -> {32,
// 44}.
std::vector<std::int64_t> candidate_denominators(const std::vector<std::int64_t>& percents, std::int64_t most);
// The whole counts whose share of `subjects` rounds (half up) to `percent`; empty: none does.
std::vector<std::int64_t> candidate_counts(std::int64_t percent, std::int64_t subjects);

// One line per thing that decides, in order: what a pack's hash covers.
std::string catalogue_lines(const Catalogue& catalogue);

}  // namespace cellvigil
