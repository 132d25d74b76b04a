#include "rules/grade/registered.h"

#include <algorithm>
#include <tuple>
#include <variant>

#include "rules/grade/coded_diagnosis.h"
#include "rules/grade/ctcae_version.h"
#include "rules/grade/part.h"
#include "rules/grade/reported_term.h"

namespace cellvigil {
namespace {

constexpr days kInfectionLasts{14};
constexpr days kSteroidWithin{30};  // of the onset of LICATS, while no end is stated
constexpr days kWeek{7};

bool is_glucocorticoid(Agent agent) { return agent >= Agent::dexamethasone && agent <= Agent::glucocorticoid_other; }

bool is_malignancy(const AdverseEvent& said) {
    if (said.category == AdverseEventCategory::second_malignancy) return true;
    if (is_t_cell_malignancy(said)) return true;
    return coded_term(said) == Term::secondary_malignancy;
}

std::optional<Term> registered_term(const AdverseEvent& said) {
    if (is_malignancy(said)) return Term::secondary_malignancy;
    if (said.category == AdverseEventCategory::licats) return Term::licats;
    return said.category == AdverseEventCategory::enterocolitis ? std::optional(Term::enterocolitis) : std::nullopt;
}

void add_record(RegisteredEvent& event, RecordRef record) {
    for (RecordRef& slot : event.records) {
        if (slot == record) return;
        if (slot.known()) continue;
        slot = record;
        return;
    }
}

void observe_report(RegisteredState& state, const Fact& fact, const AdverseEvent& said, const FoldContext& context) {
    const auto term = registered_term(said);
    if (!term || state.events.size() >= RegisteredState::kMaxEvents) return;
    RegisteredEvent event;
    event.term = *term;
    event.t_cell = is_t_cell_malignancy(said);
    event.infusion = context.infusion.ordinal;
    event.ordinal =
        static_cast<std::uint16_t>(1 + std::count_if(state.events.begin(), state.events.end(), [&](const auto& one) {
                                       return one.term == *term && one.infusion == event.infusion;
                                   }));
    event.day_0 = context.infusion.date;
    event.offset = context.infusion.offset;
    event.onset = fact.at;
    event.recovered = said.outcome == Outcome::recovered || said.outcome == Outcome::recovered_with_sequelae;
    if (fact.until != kNever) {
        event.ends = std::max(fact.until, fact.at);
    } else if (event.recovered) {
        event.ends = fact.at;
    }
    event.admitted = said.seriousness.hospitalisation.value_or(false);
    event.life_threatening = said.seriousness.life_threatening.value_or(false);
    event.fatal = said.seriousness.death.value_or(false) || said.outcome == Outcome::fatal;
    event.infection_near = state.infection_until != kAlways && fact.at <= state.infection_until;
    event.imputed = (fact.flags & bit(EventFlag::imputed_date)) != 0;
    event.records[0] = fact.record;
    state.events.push_back(event);
}

void observe_given(RegisteredState& state, const Fact& fact, const Intervention& given) {
    if (given.phase == InterventionPhase::stop) return;
    for (RegisteredEvent& event : state.events) {
        if (event.term != Term::licats || !event.holds(fact.at)) continue;
        if (given.kind == InterventionKind::icu_stay) {
            event.intensive_care = true;
        } else if (is_glucocorticoid(given.agent) && !given.physiological && fact.at - event.onset <= kSteroidWithin) {
            event.steroid = true;
        } else {
            continue;
        }
        add_record(event, fact.record);
    }
}

void observe_death(RegisteredState& state, const Fact& fact, const Death& death) {
    if (death.principal != DeathCause::second_malignancy) return;
    for (auto event = state.events.rbegin(); event != state.events.rend(); ++event) {
        if (event->term != Term::secondary_malignancy) continue;
        event->fatal = true;
        add_record(*event, fact.record);
        return;
    }
}

void observe_infection(RegisteredState& state, const Fact& fact, const Infection& infection) {
    if (infection.certainty == Certainty::refuted) return;
    const Instant end = fact.until != kNever ? fact.until : fact.at + kInfectionLasts;
    state.infection_until = std::max(state.infection_until, end);
    for (RegisteredEvent& event : state.events) {
        if (event.holds(fact.at)) event.infection_near = true;
    }
}

RegisteredGrade grade_licats(const RegisteredEvent& event) {
    RegisteredGrade result;
    const bool long_course = event.ends != kNever && event.ends - event.onset > kWeek;
    if (event.intensive_care) {
        result.grade = 4;
    } else if (event.admitted) {
        result.grade = 3;
    } else if (event.steroid) {
        result.grade = long_course ? 2 : 1;
    } else {
        result.grade = 1;
    }
    result.upper = result.grade;
    const auto perhaps = [&](Grade grade, Flag why) {
        if (grade <= result.upper) return;
        result.upper = grade;
        result.flags.add(why);
    };
    if (event.steroid) perhaps(2, Flag::ambiguous_scale);
    if (!event.recovered) perhaps(2, Flag::treatment_unknown);
    if (event.life_threatening || event.fatal) perhaps(4, Flag::ambiguous_scale);
    return result;
}

Flags flags_of(const RegisteredEvent& event, const RegisteredGrade& graded) {
    Flags flags = graded.flags;
    flags.add(Flag::suspicion);
    if (event.term == Term::secondary_malignancy) flags.add(Flag::always_serious);
    if (event.infection_near && event.term != Term::secondary_malignancy) flags.add(Flag::alt_cause_suspected);
    if (event.imputed) flags.add(Flag::imputed_date);
    return flags;
}

// Under which scales an event is said, and as which term.
struct Said {
    Scale scale;
    Term term;
};
std::vector<Said> said_as(const RegisteredEvent& event, BitSet<Scale> scales) {
    std::vector<Said> all;
    const Scale first = first_ctcae(scales);
    if (event.term == Term::licats) {
        if (scales.has(Scale::licats_2025)) all.push_back({Scale::licats_2025, Term::licats});
    } else if (event.term == Term::enterocolitis) {
        if (first != Scale::unspecified) all.push_back({first, Term::enterocolitis});
    } else {
        for (const Scale scale : ctcae_of(scales)) all.push_back({scale, Term::secondary_malignancy});
        if (event.t_cell && first != Scale::unspecified) all.push_back({first, Term::t_cell_malignancy});
    }
    return all;
}

Assessment statement(const RegisteredEvent* event, Said as, Instant at, const FoldContext& context) {
    Assessment said;
    said.at = at;
    said.scale = as.scale;
    said.term = as.term;
    said.infusion = context.infusion.ordinal;
    said.day = day_of(at, context);
    said.under_surveillance = event != nullptr;
    if (event == nullptr) return said;
    const RegisteredGrade graded = grade_registered(*event);
    said.infusion = event->infusion;
    said.episode = event->ordinal;
    said.episode_open = true;
    said.day = infusion_day(event->day_0, site_date(at, event->offset)).value;
    said.grade = graded.grade;
    said.grade_upper = graded.upper;
    said.flags = flags_of(*event, graded);
    for (const RecordRef record : event->records) said.add_evidence(record);
    return said;
}

bool worse(const RegisteredEvent& a, const RegisteredEvent& b) {
    const RegisteredGrade left = grade_registered(a);
    const RegisteredGrade right = grade_registered(b);
    return std::tie(left.upper, left.grade) >= std::tie(right.upper, right.grade);
}

}  // namespace

RegisteredGrade grade_registered(const RegisteredEvent& event) {
    if (event.term == Term::licats) return grade_licats(event);
    RegisteredGrade result;
    if (event.term == Term::secondary_malignancy || event.admitted) result.grade = 3;
    if (event.life_threatening) result.grade = 4;
    if (event.fatal) result.grade = 5;
    // Stool counts are in no message: without admission grades 1 and 2 stay open.
    result.upper = result.grade == kNotGradable ? Grade{2} : result.grade;
    return result;
}

bool concerns_registered(const Fact& fact) {
    if (fact.body == nullptr) return false;
    if (const auto* event = std::get_if<AdverseEvent>(fact.body)) return registered_term(*event).has_value();
    if (const auto* given = std::get_if<Intervention>(fact.body)) {
        return given->kind == InterventionKind::icu_stay || is_glucocorticoid(given->agent);
    }
    return fact.kind == FactKind::infection || fact.kind == FactKind::death;
}

void begin_infusion(RegisteredState&, const FoldContext&) {}

void observe(RegisteredState& state, const Fact& fact, const FoldContext& context) {
    if (context.infusion.ordinal == 0 || fact.body == nullptr) return;
    if (const auto* infection = std::get_if<Infection>(fact.body)) {
        observe_infection(state, fact, *infection);
    } else if (const auto* event = std::get_if<AdverseEvent>(fact.body)) {
        state.scales = context.subject.scales;
        observe_report(state, fact, *event, context);
    } else if (const auto* given = std::get_if<Intervention>(fact.body)) {
        observe_given(state, fact, *given);
    } else if (const auto* death = std::get_if<Death>(fact.body)) {
        observe_death(state, fact, *death);
    }
}

Instant next_deadline(const RegisteredState& state, Instant after, const FoldContext&) {
    Instant next = kNever;
    for (const RegisteredEvent& event : state.events) {
        if (event.ends != kNever) sooner(next, event.ends + milliseconds(1), after);
    }
    return next;
}

void assess(const RegisteredState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>&) {
    if (state.events.empty()) return;
    std::vector<std::pair<Said, const RegisteredEvent*>> standing;
    for (const RegisteredEvent& event : state.events) {
        for (const Said as : said_as(event, state.scales)) {
            auto known = std::find_if(standing.begin(), standing.end(), [&](const auto& one) {
                return one.first.scale == as.scale && one.first.term == as.term;
            });
            if (known == standing.end()) known = standing.insert(known, {as, nullptr});
            if (!event.holds(at)) continue;
            if (known->second == nullptr || worse(event, *known->second)) known->second = &event;
        }
    }
    for (const auto& [as, event] : standing) statements.push_back(statement(event, as, at, context));
}

void append_episodes(const RegisteredState& state, std::vector<Episode>& episodes) {
    for (const RegisteredEvent& event : state.events) {
        const RegisteredGrade graded = grade_registered(event);
        for (const Said as : said_as(event, state.scales)) {
            Episode episode;
            episode.scale = as.scale;
            episode.term = as.term;
            episode.infusion = event.infusion;
            episode.ordinal = event.ordinal;
            episode.onset = event.onset;
            if (event.ends != kNever) episode.resolved = event.ends;
            episode.max_grade = graded.grade;
            episode.max_upper = graded.upper;
            episode.max_at = event.onset;
            episode.flags = flags_of(event, graded);
            episodes.push_back(episode);
        }
    }
}

}  // namespace cellvigil
