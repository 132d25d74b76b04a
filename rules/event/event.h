// One accepted message as the core sees it: identity, versions, both times, and the body. Times are checked, units
// canonical, codes resolved. Text is a view into the message's bytes: valid only as long as they are; the timeline
// copies what it keeps.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/base/time.h"
#include "rules/event/body.h"

namespace cellvigil {

enum class RecordAction : std::uint8_t { unspecified, create, amend, retract };
enum class DataOrigin : std::uint8_t { unspecified, ehr, edc, registry, backfill, test };

// Data-quality marks that admission puts on an accepted message. Bits of Event::flags.
enum class EventFlag : std::uint8_t {
    unit_unknown,          // no unit, or one the code does not accept: value not usable
    implausible,           // outside the hard limits: value not usable
    unusual,               // outside the soft limits: used
    unit_slip_suspected,   // ratio to the previous value looks like another unit: value not usable
    imputed_date,          // day, month or year precision
    clock_ahead,           // effective after recorded_at, or recorded after append, by more than 10 min
    very_late,             // EHR origin, recorded more than 72 h after it was true
    created_late_version,  // CREATE with a version above 1
    code_unknown,          // observation code without a rule
    check_digit,           // LOINC code fails its check digit
    unknown_enumerator,    // an enumerator of a newer contract, read as unspecified
    offset_missing,        // no utc offset: the site's configured one is used
};
using EventFlags = std::uint32_t;
constexpr EventFlags bit(EventFlag flag) { return EventFlags{1} << static_cast<unsigned>(flag); }
const char* name_of(EventFlag flag);

struct Event {
    std::string_view message_id;  // one per transmission
    std::string_view source_system;
    std::string_view study;
    std::string_view cohort;
    std::string_view site;
    std::string_view subject;          // pseudonym; empty only for a site heartbeat
    std::string_view record;           // stable id of one clinical fact within source_system
    std::string_view infusion_record;  // which infusion it counts against; empty: the latest before it
    std::string_view action_reason;
    std::uint32_t version = 1;  // 1.. ; the highest wins
    RecordAction action = RecordAction::create;
    DataOrigin origin = DataOrigin::unspecified;
    EventFlags flags = 0;
    std::uint64_t producer_sequence = 0;  // 0: not stated
    EffectiveTime effective;
    std::optional<EffectiveTime> effective_end;
    Instant recorded_at{};  // when the source wrote it
    Instant appended_at{};  // when our log took it
    std::uint64_t content_hash =
        0;  // of what is said, not of how it was sent: equal for a re-transmission under a new id
    Body body;
};

}  // namespace cellvigil
