// An observation as sent to the domain's: code to analyte, number to the canonical unit, plausibility.
#pragma once

#include "daemon/wire/sent.h"
#include "rules/event/body.h"

namespace cellvigil::ingest {

// As a new one; text keeps its room.
void clear(Observation& observation);

// Fills `to` anew. What cannot be used stays nullopt; `flags` says why. Allocates only for text that is longer than
// what `to` held before.
void take_observation(const wire::SentObservation& sent, const wire::SiteTerms& terms, Observation& to,
                      EventFlags& flags);

}  // namespace cellvigil::ingest
