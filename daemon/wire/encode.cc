#include "daemon/wire/encode.h"

#include "cellvigil/v1/envelope.pb.h"
#include "daemon/wire/put_body.h"

namespace cellvigil::wire {

std::string encode(const Event& event, const EnvelopeExtras& extras) {
    v1::EventEnvelope envelope;
    envelope.set_message_id(std::string(event.message_id));
    envelope.set_source_system(std::string(event.source_system));
    envelope.set_producer_version(extras.producer_version);
    envelope.set_study_id(std::string(event.study));
    envelope.set_cohort_id(std::string(event.cohort));
    envelope.set_site_id(std::string(event.site));
    envelope.set_subject_id(std::string(event.subject));
    envelope.set_record_id(std::string(event.record));
    envelope.set_record_version(event.version);
    envelope.set_action(static_cast<v1::RecordAction>(event.action));
    envelope.set_action_reason(std::string(event.action_reason));
    envelope.set_supersedes_message_id(extras.supersedes_message_id);
    const bool retracts = std::holds_alternative<Retraction>(event.body);
    if (!retracts || event.effective.from != Instant{}) {
        put_time(event.effective, extras.omit_offset, *envelope.mutable_effective());
    }
    if (event.effective_end) put_time(*event.effective_end, extras.omit_offset, *envelope.mutable_effective_end());
    put_time(event.recorded_at, *envelope.mutable_recorded_at());
    if (extras.sent_at) put_time(*extras.sent_at, *envelope.mutable_sent_at());
    envelope.set_producer_sequence(event.producer_sequence);
    envelope.set_infusion_record_id(std::string(event.infusion_record));
    envelope.set_origin(static_cast<v1::DataOrigin>(event.origin));
    put_body(event.body, extras, envelope);
    return envelope.SerializeAsString();
}

std::string key_of(const Event& event) {
    std::string key(event.study);
    if (std::holds_alternative<SiteHeartbeat>(event.body)) {
        key += "/site/";
        key += event.site;
    } else {
        key += '/';
        key += event.subject;
    }
    return key;
}

std::string cloud_event_type(FactKind kind) { return std::string("org.cellvigil.event.v1.") + name_of(kind); }

}  // namespace cellvigil::wire
