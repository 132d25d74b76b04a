// An envelope as it was sent: every field a reader has seen, nothing judged or converted. Text is a view into the
// message or into the decoder's own copy of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "rules/base/time.h"
#include "rules/event/body.h"
#include "rules/event/event.h"

namespace cellvigil::wire {

struct SentTimestamp {
    bool stated = false;
    std::int32_t nanos = 0;
    std::int64_t seconds = 0;
    bool operator==(const SentTimestamp&) const = default;
};

struct SentTime {
    bool stated = false;
    TimePrecision precision = TimePrecision::unspecified;
    SentTimestamp instant;
    std::optional<std::int32_t> offset_minutes;
    bool operator==(const SentTime&) const = default;
};

struct SentCoding {
    std::string_view system;
    std::string_view code;
    std::string_view version;
    std::string_view display;
    bool operator==(const SentCoding&) const = default;
};

enum class SentResult : std::uint8_t { none, quantity, boolean, coded, text };

struct SentObservation {
    bool has_code = false;
    SentResult result = SentResult::none;
    bool boolean = false;
    Comparator comparator = Comparator::unspecified;
    ResultStatus status = ResultStatus::unspecified;
    double value = 0;  // of the quantity
    std::string_view unit;
    std::optional<double> reference_low;
    std::optional<double> reference_high;
    SentCoding code;
    SentCoding coded;
    std::string_view text;
    std::string_view not_done_reason;
    std::string_view panel;
};

struct SentFields {
    std::string_view message_id;
    std::string_view source_system;
    std::string_view producer_version;
    std::string_view study;
    std::string_view cohort;
    std::string_view site;
    std::string_view subject;
    std::string_view record;
    std::string_view action_reason;
    std::string_view supersedes;
    std::string_view infusion_record;
    std::uint32_t version = 0;
    RecordAction action = RecordAction::unspecified;
    DataOrigin origin = DataOrigin::unspecified;
    bool unknown_enumerator = false;  // one of an enumeration above or of the observation is newer than we
    SentTime effective;
    SentTime effective_end;
    SentTimestamp recorded_at;
    SentTimestamp sent_at;
    std::uint64_t producer_sequence = 0;
    std::uint64_t content_hash = 0;
    std::optional<FactKind> payload;  // nullopt: unset
    bool head_is_known = false;       // the fields from the source to the subject were compared, not read
    std::string_view head;            // their bytes where our own reader read them; else empty
    std::string_view in_order;        // an observation's bytes where our own reader found them in order; else empty
    std::optional<std::size_t> known_payload;  // the place of the payload that the observation was compared with
};
struct SentEnvelope : SentFields {
    SentObservation observation;  // meaningful with payload observation
};

// What the site is known to mean where a message leaves it open.
struct SiteTerms {
    std::optional<UtcOffset> offset;
    const std::map<std::string, std::string>* unit_aliases = nullptr;
    const std::map<std::string, std::string>* code_aliases = nullptr;
};

inline constexpr std::int64_t kFirstSecond = -2'208'988'800;  // 1900-01-01T00:00:00Z
inline constexpr std::int64_t kEndSecond = 7'258'118'400;     // 2200-01-01T00:00:00Z

// Seconds and nanoseconds as an instant to the millisecond; nullopt: nanoseconds out of range, or before 1900 or after
// 2199.
inline std::optional<Instant> instant_of(const SentTimestamp& sent) {
    if (sent.seconds < kFirstSecond || sent.seconds >= kEndSecond) return std::nullopt;
    if (sent.nanos < 0 || sent.nanos > 999'999'999) return std::nullopt;
    return Instant(milliseconds(sent.seconds * 1000 + sent.nanos / 1'000'000));
}

inline TimePrecision precision_of(const SentTime& sent) {
    return sent.precision == TimePrecision::unspecified ? TimePrecision::second : sent.precision;
}

// The interval that is meant: a point for seconds and minutes, else the whole calendar day, month or year at the offset
// that holds the instant. Without an offset the site's is taken (none configured: UTC) and the flag set. nullopt: not
// stated, or no time that can be.
std::optional<EffectiveTime> effective_time(const SentTime& sent, const SiteTerms& terms, EventFlags& flags);

// The unit as the site means it: its own alias, else as sent.
std::string_view unit_at_site(std::string_view unit, const SiteTerms& terms);

// The site's own word for a code that names no public system; empty: none.
std::string_view code_at_site(std::string_view system, std::string_view code, const SiteTerms& terms);
// What a code means: by the public tables, else by the site's own one, which is asked for codes that name no public
// system. `other` (Agent::none for no code): neither knows it.
Analyte analyte_at_site(std::string_view system, std::string_view code, const SiteTerms& terms);
Agent agent_at_site(std::string_view system, std::string_view code, const SiteTerms& terms);

}  // namespace cellvigil::wire
