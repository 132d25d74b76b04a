// What a person says of an alert's case for its reporting clocks: the reason of an assessment, in fixed words.
//
//   case.information:serious=yes,unexpected=no   a primary source says so: starts or restarts clocks
//   case.review:unexpected=no                    our own review or recoding says so: no new clock
//   case.determination                           the sponsor has determined that the case qualifies
//   case.duplicate:2026-06-01T00:00:00Z          the same case was known to somebody of ours since then
//   case.report_sent:eu_trial                    the report went out; case.report_sent_incomplete: something is missing
//   case.emerging_issue:yes                      of a cohort's signal alone: it is an emerging safety issue, or is none
//
// Facts: serious, fatal_or_life_threatening, unexpected, related_by_investigator, related_by_sponsor, each yes or no.
// Who did it and when are the step's, where it is known from is its comment. `case.` may be left out. Older histories
// have such words as the reason of a comment. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "rules/alert/reporting_clock.h"
#include "rules/base/result.h"

namespace cellvigil::book {

bool is_of_case(std::string_view reason);  // begins with "case."
// "case.emerging_issue:yes" or ":no"; nullopt: it speaks of something else.
std::optional<bool> emerging_issue_said(std::string_view reason);
// The event, `before` being what was known of the case. `invalid` says what was expected.
Result<CaseEvent> case_event(std::string_view reason, Instant at, const CaseState& before);

}  // namespace cellvigil::book
