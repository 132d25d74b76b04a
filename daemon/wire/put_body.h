// The payload of an envelope from the domain's body. For the sources of this folder only.
#pragma once

#include "daemon/wire/encode.h"
#include "rules/event/body.h"

namespace cellvigil::v1 {
class EventEnvelope;
class EventTime;
}  // namespace cellvigil::v1
namespace google::protobuf {
class Timestamp;
}  // namespace google::protobuf

namespace cellvigil::wire {

void put_time(Instant at, google::protobuf::Timestamp& timestamp);
void put_time(const EffectiveTime& time, bool omit_offset, v1::EventTime& sent);
double number_of_quantity(Quantity amount);
// A Retraction leaves the payload unset.
void put_body(const Body& body, const EnvelopeExtras& extras, v1::EventEnvelope& envelope);

}  // namespace cellvigil::wire
