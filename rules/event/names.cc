// Names of the enumerators that leave the process: metric labels, dead letters, payload names.
#include "rules/event/admit.h"
#include "rules/event/body.h"
#include "rules/event/event.h"

namespace cellvigil {

// clang-format off
const char* name_of(Reason reason) {
    switch (reason) {
        case Reason::unparsable: return "unparsable";
        case Reason::unknown_framing: return "unknown_framing";
        case Reason::oversize: return "oversize";
        case Reason::missing_field: return "missing_field";
        case Reason::bad_field: return "bad_field";
        case Reason::out_of_range: return "out_of_range";
        case Reason::not_finite: return "not_finite";
        case Reason::bad_utf8: return "bad_utf8";
        case Reason::bad_time: return "bad_time";
        case Reason::wrong_schema: return "wrong_schema";
        case Reason::unknown_study: return "unknown_study";
        case Reason::unknown_cohort: return "unknown_cohort";
        case Reason::unknown_site: return "unknown_site";
        case Reason::future_time: return "future_time";
        case Reason::key_mismatch: return "key_mismatch";
        case Reason::id_mismatch: return "id_mismatch";
        case Reason::version_conflict: return "version_conflict";
        case Reason::id_reuse: return "id_reuse";
        case Reason::after_death: return "after_death";
        case Reason::before_enrolment: return "before_enrolment";
        case Reason::unit_slip_suspected: return "unit_slip_suspected";
        case Reason::values_disagree: return "values_disagree";
    }
    return "unknown";
}
// clang-format on

bool is_rejection(Reason reason) { return reason <= Reason::wrong_schema; }

// clang-format off
const char* name_of(EventFlag flag) {
    switch (flag) {
        case EventFlag::unit_unknown: return "unit_unknown";
        case EventFlag::implausible: return "implausible";
        case EventFlag::unusual: return "unusual";
        case EventFlag::unit_slip_suspected: return "unit_slip_suspected";
        case EventFlag::imputed_date: return "imputed_date";
        case EventFlag::clock_ahead: return "clock_ahead";
        case EventFlag::very_late: return "very_late";
        case EventFlag::created_late_version: return "created_late_version";
        case EventFlag::code_unknown: return "code_unknown";
        case EventFlag::check_digit: return "check_digit";
        case EventFlag::unknown_enumerator: return "unknown_enumerator";
        case EventFlag::offset_missing: return "offset_missing";
    }
    return "unknown";
}
// clang-format on

// clang-format off
const char* name_of(FactKind kind) {
    switch (kind) {
        case FactKind::observation: return "observation";
        case FactKind::ice_assessment: return "ice_assessment";
        case FactKind::neuro_finding: return "neuro_finding";
        case FactKind::intervention: return "intervention";
        case FactKind::enrollment: return "enrollment";
        case FactKind::infusion: return "infusion";
        case FactKind::adverse_event: return "adverse_event_report";
        case FactKind::infection: return "infection";
        case FactKind::disease_status: return "disease_status";
        case FactKind::subsequent_therapy: return "subsequent_therapy";
        case FactKind::death: return "death";
        case FactKind::contact: return "follow_up_contact";
        case FactKind::consent_change: return "consent_change";
        case FactKind::site_heartbeat: return "site_heartbeat";
        case FactKind::adjudication: return "adjudication";
        case FactKind::retraction: return "retraction";
    }
    return "unknown";
}
// clang-format on

}  // namespace cellvigil
