// What one subject adds to its cohort: per infusion, for each endpoint and estimand, the stretches of days at risk and
// how each ended; and by what it is stratified, day by day. A function of the facts, the cohort's rules and nothing
// else: a corrected, late or retracted fact changes the share, and the cohort takes the old one back and adds the new.
// Days are whole days at the site; a stretch is (origin, exit]: at risk from origin + 1 (settled point 41).
// docs/cohorts.md. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/cohort/endpoint.h"
#include "rules/cohort/subject_facts.h"

namespace cellvigil {

struct Spell {
    Day origin = -1;
    Day exit = 0;  // > origin
    Exit why = Exit::last_contact;
    std::uint8_t cause = 0;       // the table's column when it ended in one; see cause_name()
    bool ended_in_cause = false;  // false: censored, `why` says by what
    bool operator==(const Spell&) const = default;
};

struct Contribution {
    EndpointKey key;
    std::vector<Spell> spells;  // ascending, not overlapping
    bool operator==(const Contribution&) const = default;
};

struct StratumRun {  // both days included
    Day first = 0;
    Day last = 0;
    Stratum stratum;
    bool operator==(const StratumRun&) const = default;
};

struct IndexShare {
    std::uint16_t ordinal = 1;                // of the infusion; 1: the subject's first
    bool efficacy = false;                    // counts in the efficacy set as well
    std::vector<Stratum> fixed;               // site, lot, indication, where they are known
    std::vector<StratumRun> runs;             // antiviral, immunoglobulin, cd4, window: each over every day
    std::vector<Contribution> contributions;  // by key
    bool operator==(const IndexShare&) const = default;
};

struct SubjectShare {
    std::vector<IndexShare> indexes;  // empty: not infused
    bool operator==(const SubjectShare&) const = default;
};

// Who belongs: every filter that is not empty must hold.
struct CohortDefinition {
    std::string name;
    std::vector<std::string> cohorts;  // "study/cohort"
    std::vector<std::string> sites;
    std::vector<std::string> products;     // codes of the first infusion
    std::vector<std::string> lots;         // of the index infusion: others of the subject do not count
    std::vector<std::string> indications;  // codes of the enrollment
};
bool belongs(const SubjectFacts& subject, const CohortDefinition& cohort);

// Empty for a subject that does not belong. Does not read the clock: time at risk ends with what was verified.
SubjectShare share_of(const SubjectFacts& subject, const CohortDefinition& cohort, const RuleSet& rules);

// From the code of the live enrollment; empty: not stated.
std::string indication_of(const SubjectFacts& subject);

}  // namespace cellvigil
