#include "rules/cohort/contribution.h"

#include <algorithm>
#include <variant>

#include "rules/cohort/acute_days.h"
#include "rules/cohort/immune_state.h"
#include "rules/cohort/infection_episode.h"
#include "rules/cohort/lab_grade.h"
#include "rules/cohort/landmark.h"
#include "rules/cohort/prophylaxis.h"
#include "rules/cohort/spells.h"

namespace cellvigil {
namespace {

constexpr Estimand kEstimands[] = {Estimand::before_next_therapy, Estimand::regardless};
constexpr DaySpan kEveryDay{0, kOpenEnd};

class Share {
  public:
    Share(const SubjectFacts& subject, const IndexCourse& index, const Infections& infections, const RuleSet& rules)
        : subject_(subject), index_(index), infections_(infections), rules_(rules) {}

    std::vector<Contribution> contributions() && {
        for (const Endpoint endpoint : {Endpoint::crs_any, Endpoint::crs_3, Endpoint::icans_any, Endpoint::icans_3})
            add_acute(endpoint);
        add_counts(Endpoint::neutropenia_3, LabTerm::neutrophil_count_decreased);
        add_counts(Endpoint::leukopenia_3, LabTerm::white_blood_cell_decreased);
        for (const Endpoint endpoint : {Endpoint::zoster_past_day_90, Endpoint::zoster_past_day_90_with_possible,
                                        Endpoint::infection_past_day_90, Endpoint::zoster})
            add_infections(endpoint, GradeSide::computed);
        for (const Endpoint endpoint : {Endpoint::severe_infection_w0, Endpoint::severe_infection_w1,
                                        Endpoint::severe_infection_w2, Endpoint::severe_infection_w3}) {
            add_infections(endpoint, GradeSide::computed);
            add_infections(endpoint, GradeSide::upper);
        }
        add_malignancy();
        add_survival();
        add_progression();
        add_response(Endpoint::response, index_.response);
        add_response(Endpoint::complete_response, index_.complete_response);
        for (const Endpoint endpoint :
             {Endpoint::severe_cytopenia, Endpoint::low_igg, Endpoint::low_cd4, Endpoint::b_cell_aplasia}) {
            for (const Estimand estimand : kEstimands)
                add({endpoint, estimand}, landmark_spells(subject_, index_, endpoint, estimand, rules_));
        }
        std::sort(found_.begin(), found_.end(),
                  [](const Contribution& a, const Contribution& b) { return a.key < b.key; });
        return std::move(found_);
    }

  private:
    void add(EndpointKey key, std::vector<Spell> spells) {
        if (!spells.empty()) found_.push_back({key, std::move(spells)});
    }
    void add(EndpointKey key, const std::optional<Spell>& spell) {
        if (spell) found_.push_back({key, {*spell}});
    }
    RiskQuestion question(Endpoint endpoint, Estimand estimand, FollowUp follow_up) const {
        RiskQuestion question;
        question.window = days_of(endpoint, rules_);
        question.follow_up = follow_up;
        question.estimand = estimand;
        return question;
    }
    void add_first(EndpointKey key, std::optional<Day> event, FollowUp follow_up) {
        // Who had it before coming under observation cannot have it for the first time.
        if (event && *event < index_.entry) return;
        RiskQuestion asked = question(key.endpoint, key.estimand, follow_up);
        asked.event = event;
        add(key, time_at_risk(index_, asked));
    }
    void add_acute(Endpoint endpoint) {
        for (const Estimand estimand : kEstimands) {
            for (const GradeSide side :
                 {GradeSide::computed, GradeSide::upper, GradeSide::site, GradeSide::computed_else_site})
                add_first({endpoint, estimand, side}, acute_day(subject_, index_, endpoint, side, rules_),
                          index_.survival);
        }
    }
    void add_counts(Endpoint endpoint, LabTerm term) {
        const auto day = first_day_of_grade(subject_, index_, term, days_of(endpoint, rules_), 3);
        for (const Estimand estimand : kEstimands) add_first({endpoint, estimand}, day, index_.survival);
    }

    bool is_counted(const InfectionEpisode& episode, Endpoint endpoint, GradeSide side) const {
        InfectionRules certain = rules_.infection;
        if (endpoint == Endpoint::zoster_past_day_90_with_possible) certain.fewest_certainty = 1;
        if (!counts(episode, certain)) return false;
        switch (endpoint) {
            case Endpoint::zoster:
            case Endpoint::zoster_past_day_90:
            case Endpoint::zoster_past_day_90_with_possible:
                return episode.is(RecurrenceGroup::vzv);
            case Endpoint::infection_past_day_90:
                return true;
            case Endpoint::severe_infection_w0:
            case Endpoint::severe_infection_w1:
            case Endpoint::severe_infection_w2:
            case Endpoint::severe_infection_w3:
                return side == GradeSide::upper
                           ? may_be_severe(episode.severity)
                           : is_severe(episode.severity, rules_.infection.severe_by) == Standing::yes;
            case Endpoint::crs_any:
            case Endpoint::crs_3:
            case Endpoint::icans_any:
            case Endpoint::icans_3:
            case Endpoint::neutropenia_3:
            case Endpoint::leukopenia_3:
            case Endpoint::second_malignancy:
            case Endpoint::death:
            case Endpoint::non_relapse_death:
            case Endpoint::progression_free:
            case Endpoint::response:
            case Endpoint::complete_response:
            case Endpoint::severe_cytopenia:
            case Endpoint::low_igg:
            case Endpoint::low_cd4:
            case Endpoint::b_cell_aplasia:
                return false;
        }
        return false;
    }
    // Zoster cannot begin anew while an episode lasts and for its interval; another infection can on the next day.
    std::vector<Occurrence> occurrences(Endpoint endpoint, GradeSide side) const {
        std::vector<Occurrence> found;
        for (const InfectionEpisode& episode : infections_.episodes) {
            if (!is_counted(episode, endpoint, side)) continue;
            const Day onset = day_since(index_.date, episode.onset, episode.offset);
            const Day blocked =
                episode.is(RecurrenceGroup::vzv) && endpoint != Endpoint::infection_past_day_90
                    ? day_since(index_.date, refractory_until(episode, rules_.infection), episode.offset)
                    : onset;
            found.push_back({onset, std::max(onset, blocked)});
        }
        std::stable_sort(found.begin(), found.end(),
                         [](const Occurrence& a, const Occurrence& b) { return a.onset < b.onset; });
        return found;
    }
    void add_infections(Endpoint endpoint, GradeSide side) {
        const std::vector<Occurrence> found = occurrences(endpoint, side);
        const DaySpan window = days_of(endpoint, rules_);
        const bool had_before_entry = std::any_of(found.begin(), found.end(), [&](const Occurrence& one) {
            return one.onset >= window.first && one.onset < index_.entry;
        });
        for (const Estimand estimand : kEstimands) {
            std::vector<Spell> every = recurrent_time(index_, question(endpoint, estimand, index_.infections), found);
            std::vector<Spell> first(every.begin(), every.begin() + (every.empty() ? 0 : 1));
            if (!had_before_entry) add({endpoint, estimand, side, Counting::first}, std::move(first));
            add({endpoint, estimand, side, Counting::every}, std::move(every));
        }
    }
    void add_malignancy() {
        std::optional<Day> first;
        for (const Fact& fact : subject_.facts) {
            const auto* event = fact.body == nullptr ? nullptr : std::get_if<AdverseEvent>(fact.body);
            if (event == nullptr || fact.at < index_.at || first) continue;
            if (event->category == AdverseEventCategory::second_malignancy ||
                event->category == AdverseEventCategory::t_cell_malignancy)
                first = day_since(index_.date, fact);
        }
        // Who died of one had one, even if nobody reported it before.
        if (!first && index_.death_cause == DeathCause::second_malignancy) first = index_.death;
        for (const Estimand estimand : kEstimands)
            add_first({Endpoint::second_malignancy, estimand}, first, index_.survival);
    }
    void add_survival() {
        RiskQuestion alive = question(Endpoint::death, Estimand::regardless, index_.survival);
        alive.therapies_end = false;
        alive.lost_ends = false;
        auto spell = time_at_risk(index_, alive);
        if (spell && spell->ended_in_cause) spell->cause = static_cast<std::uint8_t>(death_column(index_.death_cause));
        // Without a day at risk too: this is where the infused are counted, and N of every share is their number.
        found_.push_back(
            {{Endpoint::death, Estimand::regardless}, spell ? std::vector<Spell>{*spell} : std::vector<Spell>{}});

        RiskQuestion relapse_free = alive;
        relapse_free.death_competes = false;
        relapse_free.progression = index_.progression;
        const bool relapsed = index_.progression && index_.death && *index_.progression <= *index_.death;
        if (!relapsed) relapse_free.event = index_.death;
        add({Endpoint::non_relapse_death, Estimand::regardless}, time_at_risk(index_, relapse_free));
    }
    // Of the disease: until its last assessment on or before `until`.
    FollowUp disease_follow_up(std::optional<Day> until) const {
        FollowUp follow_up{0, index_.survival.why};
        for (const Day day : index_.disease_assessments) {
            if (!until || day <= *until) follow_up.last = day;
        }
        return follow_up;
    }
    void add_progression() {
        for (const Estimand estimand : kEstimands) {
            RiskQuestion asked = question(Endpoint::progression_free, estimand, disease_follow_up(std::nullopt));
            asked.therapies_end = false;
            asked.event = index_.progression;
            const auto therapy = estimand == Estimand::before_next_therapy ? index_.next_therapy() : std::nullopt;
            if (therapy && !(index_.progression && *index_.progression <= *therapy)) {
                // Treated without progression: censored at the last assessment before.
                asked.follow_up = disease_follow_up(therapy);
                asked.event.reset();
                asked.death_competes = false;
            }
            add({Endpoint::progression_free, estimand}, time_at_risk(index_, asked));
        }
    }
    void add_response(Endpoint endpoint, std::optional<Day> event) {
        RiskQuestion asked = question(endpoint, Estimand::before_next_therapy, disease_follow_up(std::nullopt));
        asked.event = event;
        asked.progression = index_.progression;
        add({endpoint, Estimand::before_next_therapy}, time_at_risk(index_, asked));
    }

    const SubjectFacts& subject_;
    const IndexCourse& index_;
    const Infections& infections_;
    const RuleSet& rules_;
    std::vector<Contribution> found_;
};

const char* on_off(Standing standing) {
    switch (standing) {
        case Standing::yes:
            return "on";
        case Standing::no:
            return "off";
        case Standing::unknown:
            return "unknown";
    }
    return "unknown";
}

const char* band_name(Cd4Band band) {
    switch (band) {
        case Cd4Band::very_low:
            return "very_low";
        case Cd4Band::low:
            return "low";
        case Cd4Band::above:
            return "above";
        case Cd4Band::unknown:
            return "unknown";
    }
    return "unknown";
}

void add_runs(std::vector<StratumRun>& runs, const SubjectFacts& subject, const IndexCourse& index,
              const RuleSet& rules) {
    const auto add_prophylaxis = [&](Prophylaxis kind, Dimension dimension) {
        for (const StandingRun& run : prophylaxis_runs(subject, index, kind, kEveryDay, rules))
            runs.push_back({run.first, run.last, {dimension, on_off(run.standing)}});
    };
    add_prophylaxis(Prophylaxis::antiviral, Dimension::antiviral);
    add_prophylaxis(Prophylaxis::immunoglobulin, Dimension::immunoglobulin);
    for (const Cd4Run& run : cd4_runs(subject, index, kEveryDay, rules))
        runs.push_back({run.first, run.last, {Dimension::cd4, band_name(run.standing)}});
    Day from = 0;
    const Day ends[] = {rules.cohorts.acute_last_day, rules.infection.delayed_after_day, rules.cohorts.late_last_day,
                        kOpenEnd};
    for (int i = 0; i < 4; ++i) {
        runs.push_back({from, ends[i], {Dimension::window, "w" + std::to_string(i)}});
        from = ends[i] + 1;
    }
}

bool is_any(const std::vector<std::string>& wanted, std::string_view name) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end();
}

template <typename T>
const T* last_of(const SubjectFacts& subject) {
    const T* found = nullptr;
    for (const Fact& fact : subject.facts) {
        if (const auto* said = fact.body == nullptr ? nullptr : std::get_if<T>(fact.body)) found = said;
    }
    return found;
}

std::string product_of(const SubjectFacts& subject) {
    for (const Fact& fact : subject.facts) {
        if (const auto* given = fact.body == nullptr ? nullptr : std::get_if<Infusion>(fact.body))
            return given->product.code;
    }
    return {};
}

}  // namespace

std::string indication_of(const SubjectFacts& subject) {
    const auto* enrollment = last_of<Enrollment>(subject);
    return enrollment == nullptr ? std::string() : enrollment->indication.code;
}

bool belongs(const SubjectFacts& subject, const CohortDefinition& cohort) {
    return is_any(cohort.cohorts, subject.cohort) && is_any(cohort.sites, subject.site) &&
           is_any(cohort.products, product_of(subject)) && is_any(cohort.indications, indication_of(subject));
}

SubjectShare share_of(const SubjectFacts& subject, const CohortDefinition& cohort, const RuleSet& rules) {
    SubjectShare share;
    if (!belongs(subject, cohort)) return share;
    const Infections infections = infections_of(subject, rules);
    for (const IndexCourse& index : index_courses(subject, rules)) {
        if (!is_any(cohort.lots, index.lot)) continue;
        IndexShare one;
        one.ordinal = index.ordinal;
        one.efficacy = index.evaluable;
        if (!subject.site.empty()) one.fixed.push_back({Dimension::site, subject.site});
        if (!index.lot.empty()) one.fixed.push_back({Dimension::lot, index.lot});
        const std::string indication = indication_of(subject);
        if (!indication.empty()) one.fixed.push_back({Dimension::indication, indication});
        add_runs(one.runs, subject, index, rules);
        one.contributions = Share(subject, index, infections, rules).contributions();
        share.indexes.push_back(std::move(one));
    }
    return share;
}

}  // namespace cellvigil
