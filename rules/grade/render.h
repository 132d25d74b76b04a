// An assessment in the words that a physician reads: "CRS grade 3 since 14:20 on day 4: norepinephrine running since
// 14:20; ...". The command line, the API and alerts all use this. Times are site-local. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "rules/grade/assessment.h"
#include "rules/pack/rule_set.h"
#include "rules/timeline/fact.h"

namespace cellvigil {

// The live fact of a record, nullptr when it is not live. Valid while rendering.
using FactOf = std::function<const Fact*(RecordRef)>;

// "hypotension", "ICE", "raised intracranial pressure".
std::string component_words(Component component);
// "CRS", "shingles (CTCAE 5.0)".
std::string statement_words(Scale scale, Term term);
// "14:20", site-local.
std::string clock_of(Instant at, UtcOffset offset);

std::string render_sentence(const Assessment& said, const FactOf& fact_of, UtcOffset offset, const RuleSet& rules);

// "temperature 38.6 °C at 09:00", "norepinephrine started 14:20"; with its infusion day where that is not the
// statement's: "nasal cannula 1 L/min started 11:03 on day 4".
std::string describe_fact(const Fact& fact, const Assessment& said, UtcOffset offset);

// What an infection's or an adverse event's report says: "herpes zoster, 1 dermatome, treated by mouth (site's
// report)".
std::string describe_report(const Body& body);

}  // namespace cellvigil
