// Ends the process where two admissions of one message differ.
#pragma once

#include "daemon/ingest/admission.h"
#include "rules/base/ensure.h"

namespace cellvigil::ingest {

inline void expect_same(const Event& one, const Event& other) {
    ensure(one.message_id == other.message_id, "the same message id");
    ensure(one.source_system == other.source_system, "the same source");
    ensure(one.study == other.study, "the same study");
    ensure(one.cohort == other.cohort, "the same cohort");
    ensure(one.site == other.site, "the same site");
    ensure(one.subject == other.subject, "the same subject");
    ensure(one.record == other.record, "the same record");
    ensure(one.infusion_record == other.infusion_record, "the same infusion");
    ensure(one.action_reason == other.action_reason, "the same reason");
    ensure(one.version == other.version, "the same version");
    ensure(one.action == other.action, "the same action");
    ensure(one.origin == other.origin, "the same origin");
    ensure(one.flags == other.flags, "the same flags");
    ensure(one.producer_sequence == other.producer_sequence, "the same sequence");
    ensure(one.effective == other.effective, "the same time");
    ensure(one.effective_end == other.effective_end, "the same end");
    ensure(one.recorded_at == other.recorded_at, "recorded at the same time");
    ensure(one.appended_at == other.appended_at, "appended at the same time");
    ensure(one.content_hash == other.content_hash, "the same content");
    ensure(one.body == other.body, "the same body");
}

inline void expect_same(const Admitted& one, const Admitted& other) {
    ensure(one.intake == other.intake, "one outcome");
    ensure(one.issues.size() == other.issues.size(), "the same issues");
    for (std::size_t i = 0; i < one.issues.size(); ++i) {
        ensure(one.issues[i].path == other.issues[i].path, "issues of the same fields");
        ensure(one.issues[i].reason == other.issues[i].reason, "issues for the same reasons");
    }
    if (one.intake != Intake::rejected) expect_same(one.event, other.event);
}

}  // namespace cellvigil::ingest
