// P10 and P14: severe late or fatal infections, second malignancies.
#include <variant>

#include "rules/findings/watch_parts.h"
#include "rules/grade/coded_diagnosis.h"
#include "rules/grade/infection_ladder.h"
#include "rules/grade/infections.h"

namespace cellvigil {
namespace {

constexpr std::uint16_t kByDeath = 1000;  // ordinal of what only the death's cause says

Grade site_grade_of(const Fact& fact) {
    const auto* said = fact.body == nullptr ? nullptr : std::get_if<Infection>(fact.body);
    Grade worst = kNotGradable;
    if (said == nullptr) return worst;
    for (const SiteGrade& given : said->severities) {
        const bool ctcae =
            given.scale == Scale::ctcae_5_0 || given.scale == Scale::ctcae_6_0 || given.scale == Scale::ctcae_4_03;
        if (ctcae) worst = std::max(worst, static_cast<Grade>(given.grade));
    }
    return worst;
}

std::uint16_t ordinal_of(WatchState& state, std::size_t place) {
    auto& severe = state.severe_infections;
    const auto known = std::find(severe.begin(), severe.end(), static_cast<std::uint32_t>(place));
    const auto ordinal = static_cast<std::uint16_t>(known - severe.begin() + 1);
    if (known == severe.end()) severe.push_back(static_cast<std::uint32_t>(place));
    return ordinal;
}

void judge_infection(const Watching& w, const GradedInfection& episode, std::size_t place, const Fact& fact) {
    const bool reported_here =
        std::find(episode.reports.begin(), episode.reports.end(), fact.record) != episode.reports.end();
    const Grade site = reported_here ? site_grade_of(fact) : kNotGradable;
    const std::int32_t day = infusion_day(episode.day_0, site_date(episode.onset, episode.offset)).value;
    const bool late = episode.infusion > 0 && day > w.rules().infection.delayed_after_day;
    const InfectionPicture& picture = episode.picture;
    if (!late && !picture.fatal && !picture.perhaps_fatal && site < 5) return;
    const InfectionGrade graded = grade_infection(episode.term(), picture);
    const Grade upper = std::max(graded.upper, site);
    const bool fatal = std::max(graded.grade, upper) == 5;
    if (!fatal && !(late && upper >= 3)) return;
    const Grade sure = std::max(graded.grade, site);
    const Urgency urgency = sure >= 3 ? Urgency::immediate : Urgency::high;
    AlertCause* cause = raise(w, {SubjectRule::severe_infection, ordinal_of(w.state, place), urgency, fact.at,
                                  sure * 10 + upper, episode.infusion});
    if (cause == nullptr) return;
    cause->grade = graded.grade;
    cause->grade_upper = upper;
    cause->flags = graded.flags;
    cause->at = episode.onset;
    cause->day = day;
    for (const RecordRef record : evidence_of(episode)) cause->add_evidence(record);
    add_at(w, *cause, Detail::infection, episode.onset, {}, words_of(episode.term()));
    if (graded.grade >= 1) add(*cause, Detail::grade, graded.grade);
    if (upper > graded.grade) add(*cause, Detail::grade_upper, upper);
    if (site >= 1) add(*cause, Detail::site_grade, site, {}, fact.record);
    if (sure == 5) add(*cause, Detail::fatal, 0);
    add_at(w, *cause, Detail::clock_7_days, fact.recorded_at + days(7));
    add_at(w, *cause, Detail::clock_15_days, fact.recorded_at + days(15));
}

void judge_death(const Watching& w, const Fact& fact, const Death& death) {
    if (death.principal == DeathCause::infection) {
        // An infection that was reported says more; without one the death is all that is known.
        if (standing_cause(w, SubjectRule::severe_infection, kByDeath, w.state.infusion) != nullptr) return;
        const InfectionsState& infections = *w.scene.panel.infections;
        const bool told =
            std::any_of(infections.episodes.begin(), infections.episodes.end(),
                        [](const GradedInfection& one) { return grade_infection(one.term(), one.picture).grade == 5; });
        if (told) return;
        AlertCause* cause = raise(w, {SubjectRule::severe_infection, kByDeath, Urgency::immediate, fact.at});
        if (cause == nullptr) return;
        cause->grade = cause->grade_upper = 5;
        add_at(w, *cause, Detail::fatal, fact.at, fact.record);
        add_at(w, *cause, Detail::clock_7_days, fact.recorded_at + days(7));
    }
    if (death.principal != DeathCause::second_malignancy || !w.scene.panel.registered->events.empty()) return;
    AlertCause* cause = raise(w, {SubjectRule::second_malignancy, kByDeath, Urgency::immediate, fact.at, 2});
    if (cause == nullptr) return;
    add_at(w, *cause, Detail::malignancy, fact.at, fact.record, "cause of death");
}

void judge_malignancy(const Watching& w, const RegisteredEvent& event) {
    const std::int32_t weight = event.fatal ? 3 : (event.life_threatening ? 2 : 1);
    AlertCause* cause = raise(
        w, {SubjectRule::second_malignancy, event.ordinal, Urgency::immediate, event.onset, weight, event.infusion});
    if (cause == nullptr) return;
    for (const RecordRef record : event.records) cause->add_evidence(record);
    if (event.imputed) cause->flags.add(Flag::imputed_date);
    cause->flags.add(Flag::always_serious);
    add_at(w, *cause, Detail::malignancy, event.onset, event.records[0],
           event.t_cell ? "of T cells" : "second primary");
    if (event.fatal) add(*cause, Detail::fatal, 0);
    add(*cause, Detail::transgene, 0);
    add(*cause, Detail::lifelong, 0);
}

// May the fact have changed what an episode is? Its own reports do, courses and stays about its onset, a death.
bool may_change(const Watching& w, const GradedInfection& episode, const Fact& fact) {
    if (fact.kind == FactKind::death) return true;
    if (fact.kind == FactKind::intervention)
        return fact.at - episode.onset <= days(w.rules().infection.course_after_days + 1);
    return std::find(episode.reports.begin(), episode.reports.end(), fact.record) != episode.reports.end();
}

}  // namespace

void watch_severe_infections(const Watching& w, const Fact& fact) {
    const InfectionsState& infections = *w.scene.panel.infections;
    for (std::size_t i = infections.episodes.size(); i-- > 0;) {
        if (may_change(w, infections.episodes[i], fact)) judge_infection(w, infections.episodes[i], i, fact);
    }
}

void watch_malignancy(const Watching& w, const Fact& fact) {
    for (const RegisteredEvent& event : w.scene.panel.registered->events) {
        if (event.term == Term::secondary_malignancy) judge_malignancy(w, event);
    }
    const auto* report = fact.body == nullptr ? nullptr : std::get_if<AdverseEvent>(fact.body);
    if (report != nullptr) watch_sign(w, fact, *report);
    const auto* death = fact.body == nullptr ? nullptr : std::get_if<Death>(fact.body);
    if (death != nullptr) judge_death(w, fact, *death);
}

}  // namespace cellvigil
