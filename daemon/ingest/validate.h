// Holds an envelope to the table of limits and to the rules that tie fields together. Two ways with one answer:
// `is_clean` on what the fast reader gave, and `validate` on every field, which says each reason and where.
#pragma once

#include <vector>

#include "daemon/wire/decode.h"
#include "rules/event/admit.h"

namespace cellvigil::ingest {

// Parts of an envelope that were found to keep their limits before and need no second look.
struct KnownClean {
    bool names = false;    // source_system, study_id, cohort_id, site_id
    bool subject = false;  // subject_id
    bool code = false;     // of the observation, and its unit
};
bool names_are_clean(const wire::SentEnvelope& sent);
// True only if validate() would find nothing. Of an envelope with an observation that the fast reader took; false is no
// verdict.
bool is_clean(const wire::SentEnvelope& sent, const KnownClean& known = {});

// Every reason, in order of the fields. `flags` gets unknown_enumerator where an enumerator is newer than we.
void validate(const wire::SentEnvelope& sent, const std::vector<wire::SentField>& fields, EventFlags& flags,
              std::vector<Issue>& issues);

}  // namespace cellvigil::ingest
