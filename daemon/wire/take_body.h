// The domain's body from the payload of an envelope. For the sources of this folder only.
#pragma once

#include <string_view>

#include "daemon/wire/sent.h"
#include "rules/event/body.h"

namespace cellvigil::v1 {
class EventEnvelope;
class EventTime;
}  // namespace cellvigil::v1
namespace google::protobuf {
class Timestamp;
}  // namespace google::protobuf

namespace cellvigil::wire {

SentTimestamp sent_timestamp(const google::protobuf::Timestamp& timestamp);
SentTime sent_time(const v1::EventTime& time, bool& unknown_enumerator);
Body take_body(const v1::EventEnvelope& envelope, const SiteTerms& terms, EventFlags& flags);

// The same of a payload's own bytes, which list_stated() took.
struct PayloadMessages;  // daemon/wire/payload_messages.h
Body take_payload(FactKind kind, std::string_view bytes, PayloadMessages& messages, const SiteTerms& terms,
                  EventFlags& flags);

}  // namespace cellvigil::wire
