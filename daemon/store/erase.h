// Takes a subject out of an SQLite store: journal, snapshot, alerts, outbox, held messages and dead letters, in one
// transaction. Nobody else may have the store open for writing (`conflict` names who has). docs/store.md, "Erasure".
//
// A frame of the subject becomes a tombstone without key, headers and value at its position, so that ranges stay
// contiguous and counts true. The chain is not computed anew: a rewritten segment keeps its old hash as its link, and a
// row of `erasure` says {segment, old hash, new hash}; the same stands in the audit trail, which is a chain of its own,
// and in a control record of the partition. Reading and `verify` accept a segment that is not what was written only
// where such a row says what it is now.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "daemon/journal/frame.h"
#include "daemon/store/store.h"
#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::store {

struct Erasure {
    std::string folder;
    std::string subject_key;                                    // "study/subject"
    std::function<bool(const journal::Frame& frame)> concerns;  // any message: is it of the subject?
    Instant at{};
    std::string who;
    std::string reason;
    std::vector<Cell> cells;  // what the cohort counts change by: values are added to those stored
};

struct Erased {
    std::uint64_t messages = 0;  // frames in the journal
    std::uint64_t segments = 0;
    std::uint64_t snapshots = 0;
    std::uint64_t alerts = 0;
    std::uint64_t held = 0;
    std::uint64_t dead_letters = 0;
    bool operator==(const Erased&) const = default;
};

// `not_found`: nothing there is of the subject. `corrupt`: the store is not whole; nothing was changed. When it returns
// well, what was taken out is neither in the database nor in its write-ahead log.
Result<Erased> erase_subject(const Erasure& erasure);

}  // namespace cellvigil::store
