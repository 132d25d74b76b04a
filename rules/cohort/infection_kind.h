// Which infections are of one organism, and how long after resolution a report of it is the same infection. Source:
// BMT CTN manual of procedures, recurrence intervals; CIBMTR forms manual; docs/clinical/infections.md. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "rules/event/body.h"
#include "rules/pack/rule_set.h"

namespace cellvigil {

enum class RecurrenceGroup : std::uint8_t {
    bacteria,
    c_difficile,
    vzv,
    herpes,
    respiratory,
    sars_cov_2,
    bk_virus,
    yeast,
    mould,
    pneumocystis,
    helicobacter,
    hbv,
    other,
    unknown,
};
const char* name_of(RecurrenceGroup group);

// One organism as reported. `unknown`: none was found, or none was named.
struct Pathogen {
    Organism organism = Organism::unspecified;
    RecurrenceGroup group = RecurrenceGroup::unknown;
    std::string code;  // "system|code" as sent; empty when the site sent none
    bool operator==(const Pathogen&) const = default;
};

Pathogen pathogen_of(const Infection& infection);
// Could both be one organism? Not when both carry a code and the codes differ, not across groups, and never `unknown`.
bool may_be_same(const Pathogen& a, const Pathogen& b);
days recurrence_interval(RecurrenceGroup group, const InfectionRules& rules);
// Where, as sent: "system|code"; empty when not said.
std::string site_of(const Infection& infection);

}  // namespace cellvigil
