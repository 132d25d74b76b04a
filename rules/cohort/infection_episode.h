// Infections of one subject: reports of one infection are one episode. A report is the same episode when its organism
// is one of the episode's and it comes within that organism's recurrence interval, counted from resolution; without an
// organism, when it comes from the same site; with another organism, when site and onset are the same (co-infection:
// one episode, several organisms); or when the site says so by naming a record of it. A new site within the interval is
// spread: extent and severity change, nothing else. Everything follows from the live reports, so a corrected onset
// merges or splits by itself. Sources: docs/clinical/infections.md, docs/clinical/zoster.md. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/cohort/infection_severity.h"
#include "rules/cohort/subject_facts.h"
#include "rules/findings/infection_kind.h"

namespace cellvigil {

struct InfectionEpisode {
    std::uint16_t ordinal = 0;  // 1.. by onset
    Instant onset{};
    UtcOffset offset{0};  // of the first report
    Instant last{};       // resolution, or the last report while it is not resolved
    bool resolved = false;
    Certainty certainty = Certainty::possible;  // the strongest; a report that says none counts as probable
    std::vector<Pathogen> pathogens;            // two or more: a co-infection
    std::vector<std::string> sites;             // in order of report; two or more: it spread
    ZosterClass zoster = ZosterClass::unspecified;
    bool sine_herpete = false;  // pain without rash: needs adjudication
    bool only_viraemia = true;  // no report says more than a positive test
    bool postherpetic = false;
    bool imputed = false;  // a report's date is partial
    InfectionSeverity severity;
    std::vector<RecordRef> records;  // its reports, in fold order
    bool operator==(const InfectionEpisode&) const = default;

    bool is(RecurrenceGroup group) const;
    bool is_coinfection() const { return pathogens.size() > 1; }
};

// Pain that outlasts a zoster: its own event, linked to the zoster before it, never a new zoster.
struct PostherpeticNeuralgia {
    Instant at{};
    std::uint16_t episode = 0;  // ordinal; 0: no zoster is known before it, needs adjudication
    RecordRef record;
    bool operator==(const PostherpeticNeuralgia&) const = default;
};

struct Infections {
    std::vector<InfectionEpisode> episodes;  // by onset
    std::vector<PostherpeticNeuralgia> neuralgias;
    bool operator==(const Infections&) const = default;
};

// Refuted reports are none. A report without certainty is probable.
Infections infections_of(const SubjectFacts& subject, const RuleSet& rules);

// First instant at which another report of the episode's organisms would be a new episode; at the last report's for an
// episode that is not resolved.
Instant refractory_until(const InfectionEpisode& episode, const InfectionRules& rules);

// Is it of the certainty that cohorts count, and more than viraemia?
bool counts(const InfectionEpisode& episode, const InfectionRules& rules);

}  // namespace cellvigil
