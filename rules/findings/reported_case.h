// What a version of a site's adverse event report says of its case: seriousness, expectedness, relatedness, and whether
// a later version says anything new. HOUSE where the guidance leaves it open: serious is any criterion (ICH E2A), a
// fatal outcome or grade 5; not serious only when all six are denied; possible, probable and definite are related,
// unlikely is not; a judgement without an assessor is the investigator's, a committee's the sponsor's. Grade 4 does not
// imply life-threatening. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "rules/alert/case_report.h"
#include "rules/event/body.h"
#include "rules/findings/alert_cause.h"

namespace cellvigil {

// `event`: what the version says; `from`, `until` its times. Number, times of arrival and a retraction are the
// caller's.
CaseVersion case_version(const AdverseEvent& event, Instant from, Instant until);

// How soon to look at it: fatal or life-threatening immediately, known to be serious high, not known medium, else info.
Urgency urgency_of(const CaseState& state, ReportLevel level);
// "death, hospitalisation", "none of the six", "not stated".
std::string seriousness_words(const AdverseEvent& event);
// "investigator probable, sponsor not related", "not stated".
std::string causality_words(const AdverseEvent& event);

}  // namespace cellvigil
