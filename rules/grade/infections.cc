#include "rules/grade/infections.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

#include "rules/base/hash.h"
#include "rules/grade/antimicrobial.h"
#include "rules/grade/ctcae_version.h"
#include "rules/grade/part.h"
#include "rules/grade/reported_term.h"

namespace cellvigil {
namespace {

constexpr std::size_t kMaxReports = 32;
constexpr std::size_t kMaxNames = 64;
constexpr std::size_t kMaxRecent = 32;
constexpr auto kInfectionTerms =
    std::to_array<Term>({Term::infection, Term::sepsis, Term::bacteraemia, Term::shingles, Term::cmv_reactivation,
                         Term::hsv_reactivation, Term::ebv_reactivation, Term::hbv_reactivation});

bool is_stay(const Intervention& given) {
    return (given.kind == InterventionKind::hospital_stay || given.kind == InterventionKind::icu_stay) &&
           given.phase != InterventionPhase::stop && given.phase != InterventionPhase::change;
}

bool is_course(const Intervention& given) {
    return given.phase != InterventionPhase::stop && is_antimicrobial_treatment(given);
}

// The term of an adverse event report that is an infection's.
std::optional<Term> event_term(const AdverseEvent& report) {
    const auto coded = coded_term(report);
    if (coded) return is_infection_term(*coded) ? coded : std::nullopt;
    return report.category == AdverseEventCategory::infection ? std::optional(Term::infection) : std::nullopt;
}

std::uint64_t name_hash(std::string_view name) { return hash64(name); }

// The record of the same source that a report names: "source/record" with another record.
std::uint64_t linked_hash(std::string_view own, const std::string& linked) {
    std::string name(own.substr(0, own.find('/') + 1));
    return name_hash(name += linked);
}

void add_name(GradedInfection& episode, std::uint64_t name) {
    const bool known = std::find(episode.names.begin(), episode.names.end(), name) != episode.names.end();
    if (!known && episode.names.size() < kMaxNames) episode.names.push_back(name);
}

// Bacteraemia may turn out to be sepsis: the two are numbered together.
Term numbered_with(Term reported) { return reported == Term::bacteraemia ? Term::sepsis : reported; }

GradedInfection* begin_episode(InfectionsState& state, Term reported, const Fact& fact, const FoldContext& context) {
    if (state.episodes.size() >= InfectionsState::kMaxEpisodes) return nullptr;
    GradedInfection next;
    next.reported = reported;
    next.infusion = context.infusion.ordinal;
    next.ordinal = 1;
    for (const GradedInfection& before : state.episodes) {
        if (before.infusion == next.infusion && numbered_with(before.reported) == numbered_with(reported))
            ++next.ordinal;
    }
    next.day_0 = context.infusion.date;
    next.offset = context.infusion.offset;
    next.onset = fact.at;
    next.last = fact.at;
    next.picture.viraemia_only = true;
    next.picture.unconfirmed = true;
    state.episodes.push_back(std::move(next));
    return &state.episodes.back();
}

GradedInfection* zoster_before(InfectionsState& state, const Fact& fact, const FoldContext& context) {
    for (auto episode = state.episodes.rbegin(); episode != state.episodes.rend(); ++episode) {
        if (episode->reported != Term::shingles || episode->from_events_only) continue;
        const bool continues = episode->infusion == context.infusion.ordinal &&
                               fact.at - episode->last <= days(context.rules.infection.zoster_refractory_days);
        return continues ? &*episode : nullptr;
    }
    return nullptr;
}

GradedInfection* linked_before(InfectionsState& state, std::uint64_t own, std::optional<std::uint64_t> linked) {
    for (GradedInfection& episode : state.episodes) {
        for (const std::uint64_t name : episode.names) {
            if (name == own || (linked && name == *linked)) return &episode;
        }
    }
    return nullptr;
}

GradedInfection* holding(InfectionsState& state, Term term, Instant at, bool events_only, const FoldContext& context) {
    const hours margin = context.rules.infection.join;
    for (auto episode = state.episodes.rbegin(); episode != state.episodes.rend(); ++episode) {
        if (episode->term() != term && episode->reported != term) continue;
        if (events_only && !episode->from_events_only) continue;
        const bool over = episode->resolved != kNever && at > episode->resolved + margin;
        if (episode->onset - margin <= at && !over) return &*episode;
    }
    return nullptr;
}

void note_route(InfectionPicture& picture, Route route) {
    switch (route) {
        case Route::intravenous:
            picture.intravenous = true;
            break;
        case Route::oral:
            picture.oral = true;
            break;
        case Route::topical:
            picture.topical = true;
            break;
        case Route::subcutaneous:
        case Route::intramuscular:
        case Route::inhaled:
        case Route::other:
            picture.other_route = true;
            break;
        case Route::unspecified:
            picture.route_unsaid = true;
            break;
    }
}

void note_evidence(GradedInfection& episode, RecordRef record) {
    for (RecordRef& slot : episode.treatment) {
        if (slot == record) return;
        if (slot.known()) continue;
        slot = record;
        return;
    }
}

void treat(GradedInfection& episode, RecordRef record, const Intervention& given) {
    InfectionPicture& picture = episode.picture;
    if (is_stay(given)) {
        (given.indication == Indication::infection ? picture.admitted : picture.perhaps_admitted) = true;
    } else {
        note_route(picture, route_of(given));
    }
    note_evidence(episode, record);
}

// A course treats an episode when it begins from shortly before the onset until the resolution, or the stated days
// after the onset. A stay counts when it begins about the onset; one for another reason never.
bool belongs(const GradedInfection& episode, Instant at, const Intervention& given, const FoldContext& context) {
    const InfectionRules& rules = context.rules.infection;
    if (at < episode.onset - rules.course_before || at > episode.resolved) return false;
    if (is_stay(given)) {
        const bool stated = given.indication == Indication::infection;
        const bool open = given.indication == Indication::unspecified && admission_counts(episode.term());
        return (stated || open) && at <= episode.onset + rules.course_before;
    }
    return at <= episode.onset + days(rules.course_after_days) && may_treat(given, episode.pathogen, episode.organism);
}

void treat_from_recent(const InfectionsState& state, GradedInfection& episode, const FoldContext& context) {
    for (const InfectionCourse& course : state.recent) {
        if (belongs(episode, course.at, course.given, context)) treat(episode, course.record, course.given);
    }
}

void note_seriousness(InfectionPicture& picture, const Seriousness& serious, Outcome outcome) {
    if (serious.life_threatening.value_or(false)) picture.life_threatening = true;
    if (serious.hospitalisation.value_or(false)) picture.admitted = true;
    if (serious.death.value_or(false) || outcome == Outcome::fatal) picture.fatal = true;
}

void note_end(GradedInfection& episode, const Fact& fact, Outcome outcome) {
    const bool over = outcome == Outcome::recovered || outcome == Outcome::recovered_with_sequelae;
    const Instant end = fact.until != kNever ? std::max(fact.until, fact.at) : over ? fact.at : kNever;
    episode.resolved = end;
    episode.last = std::max(episode.last, end == kNever ? fact.at : end);
    if (end != kNever) episode.resolved = episode.last;
    if ((fact.flags & bit(EventFlag::imputed_date)) != 0) episode.imputed = true;
    if (episode.reports.size() < kMaxReports) episode.reports.push_back(fact.record);
}

void note_extent(InfectionPicture& picture, const Zoster& zoster) {
    const bool widespread = zoster.non_contiguous.value_or(false) || zoster.visceral.value_or(false) ||
                            zoster.cns.value_or(false) || zoster.disseminated.value_or(false) ||
                            zoster.outside_lesions.value_or(0) > 20;
    if (widespread) picture.widespread = true;
    if (zoster.ophthalmic.value_or(false) || zoster.oticus.value_or(false)) picture.eye_or_ear = true;
}

void note_max(GradedInfection& episode, Instant at) {
    const Grade grade = grade_infection(episode.term(), episode.picture).grade;
    if (grade <= episode.max_grade) return;
    episode.max_grade = grade;
    episode.max_at = at;
}

void report_infection(InfectionsState& state, const Fact& fact, const Infection& said, const FoldContext& context) {
    if (said.certainty == Certainty::refuted) return;
    const Term term = infection_term(said);
    const std::uint64_t own = name_hash(fact.name);
    std::optional<std::uint64_t> linked;
    if (!said.linked_record.empty()) linked = linked_hash(fact.name, said.linked_record);
    GradedInfection* episode = linked_before(state, own, linked);
    if (episode == nullptr && term == Term::shingles) episode = zoster_before(state, fact, context);
    if (episode == nullptr) episode = holding(state, term, fact.at, true, context);
    if (episode == nullptr) episode = begin_episode(state, term, fact, context);
    if (episode == nullptr) return;
    episode->from_events_only = false;
    episode->onset = std::min(episode->onset, fact.at);
    add_name(*episode, own);
    if (linked) add_name(*episode, *linked);
    if (said.pathogen != PathogenClass::unspecified) episode->pathogen = said.pathogen;
    if (said.organism != Organism::unspecified) episode->organism = said.organism;
    InfectionPicture& picture = episode->picture;
    if (!said.viraemia_only.value_or(false)) picture.viraemia_only = false;
    if (said.certainty != Certainty::possible) picture.unconfirmed = false;
    if (said.hospitalised) (*said.hospitalised ? picture.admitted : picture.not_admitted) = true;
    for (const Route route : said.treatment_routes) note_route(picture, route);
    if (said.zoster) note_extent(picture, *said.zoster);
    note_seriousness(picture, said.seriousness, said.outcome);
    note_end(*episode, fact, said.outcome);
    treat_from_recent(state, *episode, context);
    note_max(*episode, fact.at);
}

void report_event(InfectionsState& state, const Fact& fact, const AdverseEvent& said, const FoldContext& context) {
    const auto term = event_term(said);
    if (!term) return;
    GradedInfection* episode = holding(state, *term, fact.at, false, context);
    const bool known = episode != nullptr;
    if (!known) episode = begin_episode(state, *term, fact, context);
    if (episode == nullptr) return;
    InfectionPicture& picture = episode->picture;
    picture.viraemia_only = known && picture.viraemia_only;
    picture.unconfirmed = known && picture.unconfirmed;
    if (*term == Term::sepsis) picture.sepsis = true;
    note_seriousness(picture, said.seriousness, said.outcome);
    if (episode->from_events_only) {
        note_end(*episode, fact, said.outcome);
    } else if (episode->reports.size() < kMaxReports) {
        episode->reports.push_back(fact.record);
    }
    treat_from_recent(state, *episode, context);
    note_max(*episode, fact.at);
}

void note_course(InfectionsState& state, const Fact& fact, const Intervention& given, const FoldContext& context) {
    const Instant from = fact.at - context.rules.infection.course_before;
    std::erase_if(state.recent, [&](const InfectionCourse& course) { return course.at < from; });
    if (state.recent.size() >= kMaxRecent) state.recent.erase(state.recent.begin());
    state.recent.push_back({fact.at, fact.record, given});
    for (GradedInfection& episode : state.episodes) {
        if (!belongs(episode, fact.at, given, context)) continue;
        treat(episode, fact.record, given);
        note_max(episode, fact.at);
    }
}

// A death by infection is that of the one episode that is open; of several open ones it may be any.
void note_death(InfectionsState& state, const Fact& fact, const Death& death) {
    const bool principal = death.principal == DeathCause::infection;
    const bool contributing = std::find(death.contributing.begin(), death.contributing.end(), DeathCause::infection) !=
                              death.contributing.end();
    const bool open_cause = death.principal == DeathCause::unspecified || death.principal == DeathCause::unknown;
    if (!principal && !contributing && !open_cause) return;
    const auto open = std::count_if(state.episodes.begin(), state.episodes.end(),
                                    [&](const GradedInfection& episode) { return episode.holds(fact.at); });
    for (GradedInfection& episode : state.episodes) {
        if (!episode.holds(fact.at)) continue;
        (principal && open == 1 ? episode.picture.fatal : episode.picture.perhaps_fatal) = true;
        note_evidence(episode, fact.record);
        note_max(episode, fact.at);
    }
}

Flags flags_of(const GradedInfection& episode, const InfectionGrade& graded) {
    Flags flags = graded.flags;
    if (episode.imputed) flags.add(Flag::imputed_date);
    return flags;
}

// The worst of the episodes of a term that hold; nullptr: none.
const GradedInfection* standing(const InfectionsState& state, Term term, Instant at) {
    const GradedInfection* worst = nullptr;
    InfectionGrade graded;
    for (const GradedInfection& episode : state.episodes) {
        if (episode.term() != term || !episode.holds(at)) continue;
        const InfectionGrade next = grade_infection(term, episode.picture);
        const bool milder = worst != nullptr && std::tie(next.upper, next.grade) < std::tie(graded.upper, graded.grade);
        if (milder) continue;
        worst = &episode;
        graded = next;
    }
    return worst;
}

Assessment statement(const InfectionsState& state, Scale scale, Term term, Instant at, const FoldContext& context) {
    Assessment said;
    said.at = at;
    said.scale = scale;
    said.term = term;
    said.infusion = context.infusion.ordinal;
    if (said.infusion > 0) said.day = day_of(at, context);
    said.under_surveillance = false;
    const GradedInfection* episode = standing(state, term, at);
    if (episode == nullptr) return said;
    const InfectionGrade graded = grade_infection(term, episode->picture);
    said.under_surveillance = true;
    said.infusion = episode->infusion;
    said.episode = episode->ordinal;
    said.episode_open = true;
    said.day = infusion_day(episode->day_0, site_date(at, episode->offset)).value;
    said.grade = graded.grade;
    said.grade_upper = graded.upper;
    said.flags = flags_of(*episode, graded);
    said.evidence = evidence_of(*episode);
    return said;
}

}  // namespace

bool concerns_infections(const Fact& fact) {
    if (fact.kind == FactKind::infection || fact.kind == FactKind::adverse_event) return true;
    if (fact.kind == FactKind::death) return true;
    if (fact.kind != FactKind::intervention || fact.body == nullptr) return false;
    const auto& given = std::get<Intervention>(*fact.body);
    return is_stay(given) || is_course(given);
}

void begin_infusion(InfectionsState&, const FoldContext&) {}

void observe(InfectionsState& state, const Fact& fact, const FoldContext& context) {
    const bool graded = first_ctcae(context.subject.scales) != Scale::unspecified;
    if (!graded || context.infusion.ordinal == 0 || fact.body == nullptr) return;
    state.scales = context.subject.scales;
    if (const auto* infection = std::get_if<Infection>(fact.body)) {
        report_infection(state, fact, *infection, context);
    } else if (const auto* event = std::get_if<AdverseEvent>(fact.body)) {
        report_event(state, fact, *event, context);
    } else if (const auto* given = std::get_if<Intervention>(fact.body)) {
        note_course(state, fact, *given, context);
    } else if (const auto* death = std::get_if<Death>(fact.body)) {
        note_death(state, fact, *death);
    }
}

Instant next_deadline(const InfectionsState& state, Instant after, const FoldContext&) {
    Instant next = kNever;
    for (const GradedInfection& episode : state.episodes) {
        if (episode.resolved != kNever) sooner(next, episode.resolved + milliseconds(1), after);
    }
    return next;
}

void assess(const InfectionsState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>&) {
    if (state.episodes.empty()) return;
    for (const Scale scale : ctcae_of(state.scales)) {
        for (const Term term : kInfectionTerms) statements.push_back(statement(state, scale, term, at, context));
    }
}

void append_episodes(const InfectionsState& state, std::vector<Episode>& episodes) {
    for (const Scale scale : ctcae_of(state.scales)) {
        for (const GradedInfection& one : state.episodes) {
            const InfectionGrade graded = grade_infection(one.term(), one.picture);
            Episode episode;
            episode.scale = scale;
            episode.term = one.term();
            episode.infusion = one.infusion;
            episode.ordinal = one.ordinal;
            episode.onset = one.onset;
            if (one.resolved != kNever) episode.resolved = one.resolved;
            episode.max_grade = graded.grade;
            episode.max_upper = graded.upper;
            episode.max_at = one.max_at;
            episode.flags = flags_of(one, graded);
            episodes.push_back(episode);
        }
    }
}

const GradedInfection* episode_of(const InfectionsState& state, RecordRef report) {
    for (const GradedInfection& episode : state.episodes) {
        const bool known = std::find(episode.reports.begin(), episode.reports.end(), report) != episode.reports.end();
        if (known) return &episode;
    }
    return nullptr;
}

std::array<RecordRef, kMaxEvidence> evidence_of(const GradedInfection& episode) {
    Assessment holder;
    for (const RecordRef record : episode.reports) {
        if (holder.evidence[3].known()) break;
        holder.add_evidence(record);
    }
    for (const RecordRef record : episode.treatment) holder.add_evidence(record);
    return holder.evidence;
}

}  // namespace cellvigil
