// A graded state of one subject at one time on one scale: the literal grade, the worst that remains possible, what
// decided, from which records. Source: docs/clinical/contract.md. Pure values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "rules/base/bit_set.h"
#include "rules/base/short_bytes.h"
#include "rules/base/time.h"
#include "rules/event/body.h"
#include "rules/grade/figure.h"
#include "rules/grade/flag.h"
#include "rules/grade/term.h"

namespace cellvigil {

// 0..5, or "cannot grade" (kNotGradable), which is never 0.
using Grade = std::int8_t;
inline constexpr Grade kNotGradable = -1;

const char* name_of(Component component);
const char* name_of(Scale scale);

using Components = BitSet<Component>;

// One record of the subject, by its place in the timeline's table of records: record_text() of the timeline names it.
// Comparable within one timeline only.
struct RecordRef {
    std::uint32_t index = 0xffffffff;
    bool known() const { return index != 0xffffffff; }
    bool operator==(const RecordRef&) const = default;
};

inline constexpr std::size_t kMaxEvidence = 8;

struct Assessment {
    Instant at{};  // event time from which this holds
    Scale scale = Scale::unspecified;
    Term term = Term::none;  // within the scale
    Grade grade = kNotGradable;
    Grade grade_upper = kNotGradable;  // >= grade
    std::uint16_t infusion = 0;        // 1.. : which index infusion of the subject
    std::uint16_t episode = 0;         // 1.. : the episode open at this time, or that would open next
    bool episode_open = false;
    bool under_surveillance = true;  // false: outside the window, nothing abnormal: no statement
    std::int32_t day = 0;            // infusion day of `at`
    Components deciding;
    Flags flags;
    Figures figures{};                               // reported beside the grade
    std::array<RecordRef, kMaxEvidence> evidence{};  // the records that decided, known ones first

    bool needs_adjudication() const { return !flags.empty(); }
    // Same statement: all but the time and the evidence.
    bool says_same(const Assessment& other) const {
        return scale == other.scale && term == other.term && grade == other.grade && grade_upper == other.grade_upper &&
               infusion == other.infusion && episode == other.episode && episode_open == other.episode_open &&
               under_surveillance == other.under_surveillance && same_value(deciding, other.deciding) &&
               same_value(flags, other.flags) && figures == other.figures;
    }
    bool operator==(const Assessment&) const = default;
    void report(Figure what, std::int32_t value) {
        for (Reported& slot : figures) {
            if (slot.what != Figure::none) continue;
            slot = {what, static_cast<std::int16_t>(value)};
            return;
        }
    }
    void add_evidence(RecordRef record) {
        if (!record.known()) return;
        for (RecordRef& slot : evidence) {
            if (slot == record) return;
            if (!slot.known()) {
                slot = record;
                return;
            }
        }
    }
};

// A clinical happening with a start and an end.
struct Episode {
    Scale scale = Scale::unspecified;
    Term term = Term::none;
    std::uint16_t infusion = 0;
    std::uint16_t ordinal = 0;  // 1.. within the infusion
    Instant onset{};
    std::optional<Instant> resolved;  // last time any sign was present (counts: first value of the recovery); nullopt:
                                      // still open
    Grade max_grade = kNotGradable;
    Grade max_upper = kNotGradable;
    Instant max_at{};  // when max_grade was first reached
    Flags flags;
    bool operator==(const Episode&) const = default;
};

}  // namespace cellvigil
