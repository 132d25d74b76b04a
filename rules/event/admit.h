// What becomes of a message, decided from the message, its append time and the configuration alone. Reasons that depend
// on other facts (version conflict, id reuse, after death, before enrolment) belong to the timeline.
#pragma once

#include <string>
#include <vector>

#include "rules/event/event.h"

namespace cellvigil {

// Why a message was not accepted. The name is the metric's label and the dead letter's reason.
// clang-format off
enum class Reason : std::uint8_t {
    // rejected: a dead letter
    unparsable, unknown_framing, oversize, missing_field, bad_field, out_of_range, not_finite, bad_utf8, bad_time,
    wrong_schema,
    // quarantined: kept, visible, judged again when configuration or a correction makes it valid
    unknown_study, unknown_cohort, unknown_site, future_time, key_mismatch, id_mismatch,
    // quarantined by the timeline
    version_conflict, id_reuse, after_death, before_enrolment, unit_slip_suspected, values_disagree,
};
// clang-format on
const char* name_of(Reason reason);
bool is_rejection(Reason reason);  // false: quarantine

struct Issue {
    std::string path;  // "observation.quantity.value"; empty: the message as a whole
    Reason reason = Reason::bad_field;
    std::string detail;  // what was expected; never names a subject
};

enum class Intake : std::uint8_t { accepted, quarantined, rejected };

}  // namespace cellvigil
