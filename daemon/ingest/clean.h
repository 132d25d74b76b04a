// Whether an envelope keeps every limit and every rule that ties fields together, without saying why not: the short way
// of validate(), on what the fast reader gave.
#pragma once

#include "daemon/wire/sent.h"
#include "daemon/wire/stated.h"

namespace cellvigil::ingest {

// Parts of an envelope that were found to keep their limits before and need no second look.
struct KnownClean {
    bool names = false;    // source_system, study_id, cohort_id, site_id
    bool subject = false;  // subject_id; of a heartbeat it is looked at again
    bool code = false;     // of the observation, and its unit
};
bool names_are_clean(const wire::SentEnvelope& sent);
// True only if validate() would find nothing. Of an envelope with an observation that the fast reader took; false is no
// verdict.
bool is_clean(const wire::SentEnvelope& sent, const KnownClean& known = {});

// The same of one with another payload, of which `payload` is what it states.
bool is_clean(const wire::SentEnvelope& sent, const wire::StatedPayload& payload, const KnownClean& known = {});

// Of an observation whose names, subject and payload, but for the number and the panel, are known to be clean: whether
// it says what nearly all say and nothing else (created, a time with its offset and no calendar day, no end, no reason,
// no infusion) and is clean; false is no verdict. `effective` and `recorded` get its times.
bool is_plain(const wire::SentEnvelope& sent, Instant& effective, Instant& recorded);

}  // namespace cellvigil::ingest
