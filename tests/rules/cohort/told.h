// A story told, as cohorts look at it; and corrections of it.
#pragma once

#include <optional>
#include <utility>

#include "rules/cohort/contribution.h"
#include "rules/cohort/index_course.h"
#include "rules/cohort/infection_episode.h"
#include "tests/support/fact_story.h"

namespace cellvigil::story {

// Keeps the timeline that the facts point into.
class Seen {
  public:
    explicit Seen(const Story& told, const RuleSet& rules = {}, std::optional<Instant> known_at = std::nullopt,
                  std::optional<Instant> data_cut = std::nullopt)
        : rules_(rules), timeline_(told.timeline(rules)), facts_(subject_facts(timeline_, rules, known_at, data_cut)) {}

    const SubjectFacts& facts() const { return facts_; }
    IndexCourse index(std::size_t ordinal = 1) const { return index_courses(facts_, rules_).at(ordinal - 1); }
    Infections infections() const { return infections_of(facts_, rules_); }
    SubjectShare share() const { return share_of(facts_, {}, rules_); }
    // The spells of an endpoint of the first infusion; empty when there is none.
    std::vector<Spell> spells(EndpointKey key) const {
        const SubjectShare whole = share();
        if (whole.indexes.empty()) return {};
        for (const Contribution& one : whole.indexes.front().contributions) {
            if (one.key == key) return one.spells;
        }
        return {};
    }

  private:
    RuleSet rules_;
    SubjectTimeline timeline_;
    SubjectFacts facts_;
};

inline Infection infected(Organism organism, const char* site = "", const char* code = "") {
    Infection said;
    said.organism = organism;
    said.certainty = Certainty::proven;
    if (*site != '\0') said.site = {"s", site, ""};
    if (*code != '\0') said.organism_code = {"o", code, ""};
    return said;
}
inline Infection rash(std::uint32_t dermatomes = 1) {
    Infection said = infected(Organism::vzv);
    said.zoster = Zoster{};
    said.zoster->dermatomes = dermatomes;
    return said;
}
inline Contact alive_through(Instant through, SurveillanceDomain domain = SurveillanceDomain::all) {
    Surveillance said;
    said.domain = domain;
    said.complete_through = {through, through, kOffset, TimePrecision::day};
    return {ContactStatus::alive, {said}};
}

}  // namespace cellvigil::story
