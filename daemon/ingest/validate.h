// Holds an envelope to the table of limits and to the rules that tie fields together, and says each reason and where.
// clean.h is the short way for what has none.
#pragma once

#include <vector>

#include "daemon/wire/decode.h"
#include "rules/event/admit.h"

namespace cellvigil::ingest {

// Every reason, in order of the fields. `flags` gets unknown_enumerator where an enumerator is newer than we.
void validate(const wire::SentEnvelope& sent, const std::vector<wire::SentField>& fields, EventFlags& flags,
              std::vector<Issue>& issues);

bool ends_before_it_begins(const wire::SentEnvelope& sent);

}  // namespace cellvigil::ingest
