#include "daemon/packs/profile_reader.h"

#include <algorithm>
#include <array>

#include "daemon/packs/catalogue_reader.h"
#include "rules/grade/assessment.h"

namespace cellvigil::packs {
namespace {

constexpr std::int64_t kMostSubjects = 1'000'000;

struct Span {
    std::int64_t first = 0;
    std::int64_t last = 0;
};

// `events: 9`, or `events: [25, 48]` where the source settles only a range.
std::optional<Span> span_of(const YAML::Node& node) {
    const auto number = [](const YAML::Node& one) -> std::optional<std::int64_t> {
        if (!one.IsScalar() || one.Scalar().find_first_not_of("0123456789") != std::string::npos ||
            one.Scalar().empty())
            return std::nullopt;
        return one.as<std::int64_t>();
    };
    if (!node) return std::nullopt;
    if (node.IsScalar()) {
        const auto events = number(node);
        return events ? std::optional(Span{*events, *events}) : std::nullopt;
    }
    if (!node.IsSequence() || node.size() != 2) return std::nullopt;
    const auto first = number(node[0]);
    const auto last = number(node[1]);
    if (!first || !last || *first > *last) return std::nullopt;
    return Span{*first, *last};
}

// What people write instead of a count.
void refuse_percentages(Section& section) {
    for (const char* key : {"percent", "percentage", "rate", "proportion"}) {
        if (!section.has(key)) continue;
        section.node(key);
        section.problem(key,
                        "a percentage without its count cannot be used; give events (a whole number, or [first, last]) "
                        "and the set");
    }
}

void read_scale(Section& section, ReferenceRate& rate) {
    const std::string name = section.text("scale", false);
    rate.scale_presumed = section.flag("scale_presumed").value_or(false);
    if (!name.empty()) {
        rate.scale = scale_named(name);
        if (rate.scale == Scale::unspecified) section.problem("scale", name + ": unknown scale");
    } else if (row_of(rate.endpoint).scale_required) {
        section.problem("scale: missing; " + std::string(row_of(rate.endpoint).words) +
                        " means nothing without its grading scale");
    }
}

void read_count(Section& section, const Profile& profile, ReferenceRate& rate) {
    rate.set = section.text("set", true);
    const auto set = std::find_if(profile.sets.begin(), profile.sets.end(),
                                  [&](const ProfileSet& one) { return one.id == rate.set; });
    const auto given = section.whole("of", 1, kMostSubjects);
    if (set == profile.sets.end()) {
        if (!rate.set.empty()) section.problem("set", rate.set + ": no analysis set of this profile");
    } else {
        rate.subjects = set->subjects;
        if (given && *given != set->subjects) {
            section.problem(
                "of", std::to_string(*given) + " is not the " + std::to_string(set->subjects) + " of the set " +
                          rate.set + ": rates of several analysis sets may not be mixed; name the set that counted it");
        }
    }
    const auto events = span_of(section.node("events"));
    if (!events) return section.problem("events", "a whole number, or [first, last], is expected");
    rate.events_first = events->first;
    rate.events_last = events->last;
    if (rate.subjects > 0 && rate.events_last > rate.subjects) {
        section.problem("events",
                        std::to_string(rate.events_last) + " of " + std::to_string(rate.subjects) + " cannot be");
    }
}

// A curve at a horizon: the printed estimate stands for itself, the count is not known.
void read_estimate(Section& section, const Profile& profile, ReferenceRate& rate) {
    rate.set = section.text("set", true);
    for (const ProfileSet& set : profile.sets) {
        if (set.id == rate.set) rate.subjects = set.subjects;
    }
    if (rate.subjects == 0 && !rate.set.empty()) section.problem("set", rate.set + ": no analysis set of this profile");
    rate.events_last = rate.subjects;
    rate.estimate_per_mille = section.decimal("estimate", 1000, 0, 1000);
    if (!rate.estimate_per_mille)
        section.problem("estimate: missing; a curve is given by its value at a horizon, from 0 to 1");
    if (!section.has("horizon_days"))
        section.problem("horizon_days: missing; a curve has no value without its horizon");
}

void read_rate(const YAML::Node& node, Profile& profile, Problems& problems) {
    Section section(node, "profiles: " + profile.id + ": rates", problems);
    if (!section.is_map()) return;
    ReferenceRate rate;
    const std::string name = section.text("endpoint", true);
    const auto endpoint = reported_endpoint_of(name);
    if (!endpoint && !name.empty()) section.problem("endpoint", name + ": unknown endpoint");
    rate.endpoint = endpoint.value_or(ReportedEndpoint::crs_any);
    refuse_percentages(section);
    rate.estimator =
        section
            .choice(
                "estimator", Estimator::cumulative_incidence, [](Estimator e) { return name_of(e); }, false)
            .value_or(Estimator::crude);
    if (rate.estimator == Estimator::crude) {
        read_count(section, profile, rate);
    } else {
        read_estimate(section, profile, rate);
    }
    if (endpoint) read_scale(section, rate);
    rate.person_days = section.whole("person_days", 1, 1'000'000'000);
    if (rate.person_days && row_of(rate.endpoint).kind != EndpointKind::person_time)
        section.problem("person_days", std::string(row_of(rate.endpoint).name) + " does not count person-time");
    rate.person_time_presumed = section.flag("person_time_presumed").value_or(false);
    if (rate.person_time_presumed && !rate.person_days)
        section.problem("person_time_presumed", "there is no person_days to presume");
    if (const auto days = section.whole("horizon_days", 1, 40'000))
        rate.horizon_days = static_cast<std::int32_t>(*days);
    rate.data_cut = section.text("data_cut", true);
    rate.source = section.text("source", true);
    const auto tier = section.choice(
        "tier", SourceTier::promotional, [](SourceTier t) { return name_of(t); }, true);
    rate.tier = tier.value_or(SourceTier::promotional);
    rate.signed_off = section.flag("signed_off").value_or(false);
    rate.note = section.text("note", false);
    section.finish();
    profile.rates.push_back(std::move(rate));
}

void read_set(const YAML::Node& node, Profile& profile, Problems& problems) {
    Section section(node, "profiles: " + profile.id + ": analysis_sets", problems);
    if (!section.is_map()) return;
    ProfileSet set;
    set.id = section.text("id", true);
    set.subjects = section.whole("subjects", 1, kMostSubjects).value_or(0);
    if (!section.has("subjects")) section.problem("subjects: missing; a set has its own number");
    set.definition = section.text("definition", true);
    section.finish();
    profile.sets.push_back(std::move(set));
}

}  // namespace

void read_profile(const YAML::Node& node, Catalogue& into, Problems& problems) {
    Section section(node, "profiles", problems);
    if (!section.is_map()) return;
    Profile profile;
    profile.id = section.text("id", true);
    profile.product = section.text("product", true);
    profile.registrations = section.texts("registrations");
    profile.population = section.text("population", true);
    if (const auto line = section.whole("line_of_therapy_from", 1, 10))
        profile.line_of_therapy_first = static_cast<std::int32_t>(*line);
    if (!section.has("line_of_therapy_from"))
        section.problem("line_of_therapy_from: missing; comparators of several lines may not be mixed");
    for (const auto& one : section.node("analysis_sets")) read_set(one, profile, problems);
    for (const auto& one : section.node("rates")) read_rate(one, profile, problems);
    section.finish();
    into.profiles.push_back(std::move(profile));
}

}  // namespace cellvigil::packs
