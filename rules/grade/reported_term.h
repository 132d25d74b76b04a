// What a site's report is about in the words of a scale: its term, from the MedDRA number that CTCAE prints, the name
// of the term as the verbatim, or the report's category. nullopt: the scale has no term of ours for it. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "rules/event/body.h"
#include "rules/grade/term.h"

namespace cellvigil {

inline constexpr bool is_ctcae(Scale scale) { return scale == Scale::ctcae_5_0 || scale == Scale::ctcae_6_0; }

// CTCAE's term for a coded or worded report, whatever its category. A number counts when its system is empty or names
// MedDRA.
std::optional<Term> coded_term(const AdverseEvent& report);
// `day`: infusion day of the report, which tells the windows of T-ICAHT apart (from day 31: late).
std::optional<Term> reported_term(const AdverseEvent& report, Scale scale, std::int32_t day);

// Disease by varicella zoster virus: not viraemia alone.
bool is_shingles(const Infection& infection);
// Bacteria found in blood: the site says "blood".
bool is_in_blood(const Infection& infection);
// Of an infection's own report; bacteria in blood read as bacteraemia.
Term infection_term(const Infection& infection);
// One of the terms of infections, hbv_reactivation included.
bool is_infection_term(Term term);

}  // namespace cellvigil
