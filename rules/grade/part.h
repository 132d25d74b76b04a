// What the scales share: where a value came from, how long it holds, and one component's reading. Pure.
#pragma once

#include <array>
#include <cstdint>

#include "rules/grade/assessment.h"
#include "rules/timeline/fact.h"

namespace cellvigil {

// Where a value came from.
struct Source {
    RecordRef record;
    bool imputed = false;    // its date was imputed
    bool suspected = false;  // its message names another cause: flagged, no more
    bool operator==(const Source&) const = default;
};

inline Source source_of(const Fact& fact) {
    Source source;
    source.record = fact.record;
    source.imputed = (fact.flags & bit(EventFlag::imputed_date)) != 0;
    return source;
}

// One component's reading of the state at a time.
struct Part {
    Grade grade = 0;
    Grade upper = 0;
    Flags flags;
    std::array<Source, 4> sources{};
    std::uint8_t source_count = 0;

    void raise(Grade to) {
        if (to > grade) grade = to;
        raise_upper(to);
    }
    void raise_upper(Grade to) {
        if (to > upper) upper = to;
    }
    void from(const Source& source) {
        if (source.record.known() && source_count < sources.size()) sources[source_count++] = source;
    }
};

// kAlways as a time of observation means "none yet".
inline void sooner(Instant& next, Instant candidate, Instant after) {
    if (candidate > after && candidate < next) next = candidate;
}
// The instant at which something that still holds `validity` after `at` first no longer does; of kAlways long before
// every time.
inline Instant expiry(Instant at, milliseconds validity) { return at + validity + milliseconds(1); }
// `now` is a time; kAlways holds at none.
inline bool holds(Instant at, milliseconds validity, Instant now) { return at >= now - validity; }

}  // namespace cellvigil
