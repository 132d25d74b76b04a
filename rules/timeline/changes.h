// What was said otherwise at two times of knowledge, and because of which records: "what did we say on 1 March, and
// what has changed since?". A record is a cause when the statement is another one without that record's change, or with
// that change alone. Pure; derives from scratch, at a cost of (changed records + 1) x facts.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rules/timeline/subject_timeline.h"

namespace cellvigil {

enum class RecordChangeKind : std::uint8_t { appeared, amended, gone };
const char* name_of(RecordChangeKind kind);

struct RecordChange {
    RecordRef record;
    RecordChangeKind kind = RecordChangeKind::appeared;
    std::uint32_t before = 0;  // version numbers; 0: none was live
    std::uint32_t after = 0;
    bool operator==(const RecordChange&) const = default;
};

struct StatementChange {
    std::optional<Assessment> before;  // nullopt: not said then
    std::optional<Assessment> after;   // nullopt: no longer said
    std::vector<RecordRef> because;    // in order of record
};

struct Changes {
    std::vector<RecordChange> records;        // in order of record
    std::vector<StatementChange> statements;  // by (at, scale, term)
    // False: too much changed to tell causes apart within a reasonable time; `because` then holds the changed records
    // among the evidence.
    bool causes_told_apart = true;
};

// Of statements at or before `as_of`. `known_before` <= `known_after`; kNever: now.
Changes changes_between(const SubjectTimeline& timeline, const RuleSet& rules, Instant known_before,
                        Instant known_after, Instant as_of);

}  // namespace cellvigil
