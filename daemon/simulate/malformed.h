// Messages that should never have been sent: one kind for every way in which a producer breaks the contract. Each is
// made from the bytes of a sound message, under a message id and a record id of its own, and never in place of it.
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "daemon/simulate/random.h"
#include "rules/base/time.h"

namespace cellvigil::simulate {

enum class Malformed : std::uint8_t {
    truncated,
    random_bytes,
    empty,
    unknown_framing,
    bad_utf8,
    not_a_number,
    infinite,
    negative_age,
    no_message_id,
    no_record_id,
    no_payload,
    no_reason,
    oversize,
    unknown_study,
    unknown_cohort,
    unknown_site,
    future_date,
    wrong_key,
    unknown_unit,
};
inline constexpr int kMalformed = static_cast<int>(Malformed::unknown_unit) + 1;
const char* name_of(Malformed kind);

// What the daemon is expected to do with it.
enum class Expected : std::uint8_t { rejected, quarantined, flagged };
const char* name_of(Expected expected);
Expected expected_of(Malformed kind);
// The reason it is expected to give: a Reason's name, or the flag's.
const char* reason_of(Malformed kind);

enum class Payload : std::uint8_t { any, enrollment, quantity };  // what the sound message must carry
Payload needed_by(Malformed kind);

struct SoundMessage {
    std::string_view study;
    std::string_view subject;
    Instant recorded{};
    std::string_view key;
    std::string_view value;  // serialised EventEnvelope
};
struct BrokenMessage {
    std::string key;
    std::string value;
};
BrokenMessage broken(Malformed kind, const SoundMessage& sound, std::string_view message_id, std::string_view record,
                     Random& random);

}  // namespace cellvigil::simulate
