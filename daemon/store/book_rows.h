// Rows of the book of alerts: what people and the engine did, what was said of cases, and what changed.
#pragma once

#include <cstdint>
#include <string>

#include "rules/alert/lifecycle.h"
#include "rules/alert/signal_management.h"

namespace cellvigil::store {

// One step of an alert's history. The engine's are written by the store itself with the revision that they bring: what
// a revision was is a function of the one before it (engine_step). People's come in a commit, each with the number it
// must get: a history that has grown meanwhile is a `conflict`, so nobody acts on what they have not seen.
struct ActionRow {
    std::string alert_id;
    std::uint32_t number = 0;  // within the alert, from 1
    AlertAction action;
    std::string request_key;  // Idempotency-Key of the request that brought it; empty: none
    bool operator==(const ActionRow&) const = default;
};

// What a site's report of an adverse event has said so far, beside the alert that it is: an upsert by id. Opaque to the
// store (rules/alert/case_report.h).
struct CaseRow {
    std::string alert_id;
    std::string versions;
    bool operator==(const CaseRow&) const = default;
};

// The alert's history has changed: a revision, a step of somebody, of its signal or of its case.
struct BookChange {
    std::int64_t sequence = 0;  // rises with every change; each alert has the one of its last
    std::string alert_id;
    bool operator==(const BookChange&) const = default;
};

// One step of a cohort signal's assessment, numbered as actions are.
struct SignalStepRow {
    std::string signal_id;
    std::uint32_t number = 0;
    SignalStep step;
    std::string request_key;
    bool operator==(const SignalStepRow&) const = default;
};

}  // namespace cellvigil::store
