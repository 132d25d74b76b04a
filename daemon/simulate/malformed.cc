#include "daemon/simulate/malformed.h"

#include <array>
#include <limits>

#include "daemon/simulate/wire_edit.h"
#include "rules/base/ensure.h"

namespace cellvigil::simulate {
namespace {

// Field numbers of proto/cellvigil/v1/envelope.proto.
constexpr std::uint32_t kMessageId = 1, kStudy = 4, kCohort = 5, kSite = 6, kRecord = 8, kVersion = 9, kAction = 10,
                        kActionReason = 11, kEffective = 13, kEnrollment = 30, kObservation = 32;
constexpr std::uint32_t kFirstPayload = 30, kLastPayload = 44;
constexpr std::uint32_t kRetract = 3;
constexpr std::uint32_t kEventTimeInstant = 1, kTimestampSeconds = 1;
constexpr std::uint32_t kAgeYears = 2;
constexpr std::uint32_t kObservationQuantity = 2, kQuantityValue = 1, kQuantityUnit = 2;
constexpr std::size_t kOversize = (std::size_t{1} << 20U) + 4096;
constexpr std::int64_t kFutureSeconds = std::int64_t{400} * 86'400;

struct Row {
    const char* name;
    Expected expected;
    const char* reason;
};
constexpr std::array<Row, kMalformed> kRows{{
    {"truncated", Expected::rejected, "unparsable"},
    {"random_bytes", Expected::rejected, "unparsable"},
    {"empty", Expected::rejected, "missing_field"},
    {"unknown_framing", Expected::rejected, "unknown_framing"},
    {"bad_utf8", Expected::rejected, "bad_utf8"},
    {"not_a_number", Expected::rejected, "not_finite"},
    {"infinite", Expected::rejected, "not_finite"},
    {"negative_age", Expected::rejected, "out_of_range"},
    {"no_message_id", Expected::rejected, "missing_field"},
    {"no_record_id", Expected::rejected, "missing_field"},
    {"no_payload", Expected::rejected, "missing_field"},
    {"no_reason", Expected::rejected, "missing_field"},
    {"oversize", Expected::rejected, "oversize"},
    {"unknown_study", Expected::quarantined, "unknown_study"},
    {"unknown_cohort", Expected::quarantined, "unknown_cohort"},
    {"unknown_site", Expected::quarantined, "unknown_site"},
    {"future_date", Expected::quarantined, "future_time"},
    {"wrong_key", Expected::quarantined, "key_mismatch"},
    {"unknown_unit", Expected::flagged, "unit_unknown"},
}};

std::string random_bytes(Random& random) {
    std::string bytes(11, '\xFF');  // no varint is that long
    const int count = random.integer(5, 120);
    for (int index = 0; index < count; ++index) bytes.push_back(static_cast<char>(random.below(256)));
    return bytes;
}

// The envelope without its payload.
std::string without_payload(std::string envelope) {
    for (std::uint32_t field = kFirstPayload; field <= kLastPayload; ++field) envelope = edited(envelope, {field}, {});
    return envelope;
}

std::string in_the_future(std::string_view envelope, Instant recorded) {
    const std::int64_t at = recorded.time_since_epoch().count() / 1000 + kFutureSeconds;
    return edited(envelope, {kEffective, kEventTimeInstant, kTimestampSeconds},
                  varint_field(kTimestampSeconds, static_cast<std::uint64_t>(at)));
}

std::string with_amount(std::string_view envelope, double amount) {
    return edited(envelope, {kObservation, kObservationQuantity, kQuantityValue}, double_field(kQuantityValue, amount));
}

}  // namespace

const char* name_of(Malformed kind) { return kRows.at(static_cast<std::size_t>(kind)).name; }
Expected expected_of(Malformed kind) { return kRows.at(static_cast<std::size_t>(kind)).expected; }

const char* reason_of(Malformed kind) { return kRows.at(static_cast<std::size_t>(kind)).reason; }

const char* name_of(Expected expected) {
    switch (expected) {
        case Expected::rejected:
            return "rejected";
        case Expected::quarantined:
            return "quarantined";
        case Expected::flagged:
            return "flagged";
    }
    return "";
}

Payload needed_by(Malformed kind) {
    if (kind == Malformed::negative_age) return Payload::enrollment;
    if (kind == Malformed::not_a_number || kind == Malformed::infinite || kind == Malformed::unknown_unit)
        return Payload::quantity;
    return Payload::any;
}

BrokenMessage broken(Malformed kind, const SoundMessage& sound, std::string_view message_id, std::string_view record,
                     Random& random) {
    std::string own = edited(sound.value, {kMessageId}, bytes_field(kMessageId, message_id));
    own = edited(own, {kRecord}, bytes_field(kRecord, record));
    own = edited(own, {kVersion}, varint_field(kVersion, 1));
    BrokenMessage out{std::string(sound.key), {}};
    switch (kind) {
        case Malformed::truncated:  // inside the last field, which is the message id's 36 characters
            own = edited(own, {kMessageId}, bytes_field(kMessageId, message_id));
            out.value = own.substr(0, own.size() - 1 - random.below(30));
            break;
        case Malformed::random_bytes:
            out.value = random_bytes(random);
            break;
        case Malformed::empty:
            break;
        case Malformed::unknown_framing:
            out.value = std::string("\0\0\0", 3);
            break;
        case Malformed::bad_utf8:
            out.value = edited(own, {kSite}, bytes_field(kSite, "site-\xC3\x28"));
            break;
        case Malformed::not_a_number:
            out.value = with_amount(own, std::numeric_limits<double>::quiet_NaN());
            break;
        case Malformed::infinite:
            out.value = with_amount(own, std::numeric_limits<double>::infinity());
            break;
        case Malformed::negative_age:
            out.value = edited(own, {kEnrollment, kAgeYears}, varint_field(kAgeYears, static_cast<std::uint64_t>(-1)));
            break;
        case Malformed::no_message_id:
            out.value = edited(own, {kMessageId}, {});
            break;
        case Malformed::no_record_id:
            out.value = edited(own, {kRecord}, {});
            break;
        case Malformed::no_payload:
            out.value = without_payload(own);
            break;
        case Malformed::no_reason:
            out.value = edited(without_payload(own), {kActionReason}, {});
            out.value = edited(out.value, {kAction}, varint_field(kAction, kRetract));
            break;
        case Malformed::oversize:
            out.value = edited(own, {kActionReason}, bytes_field(kActionReason, std::string(kOversize, 'x')));
            break;
        case Malformed::unknown_study:
            out.value = edited(own, {kStudy}, bytes_field(kStudy, "NO-SUCH-STUDY"));
            out.key = "NO-SUCH-STUDY/" + std::string(sound.subject);
            break;
        case Malformed::unknown_cohort:
            out.value = edited(own, {kCohort}, bytes_field(kCohort, "NO-SUCH-COHORT"));
            break;
        case Malformed::unknown_site:
            out.value = edited(own, {kSite}, bytes_field(kSite, "site-99"));
            break;
        case Malformed::future_date:
            out.value = in_the_future(own, sound.recorded);
            break;
        case Malformed::wrong_key:
            out.value = own;
            out.key = std::string(sound.study) + "/somebody-else";
            break;
        case Malformed::unknown_unit:
            out.value =
                edited(own, {kObservation, kObservationQuantity, kQuantityUnit}, bytes_field(kQuantityUnit, "furlong"));
            break;
    }
    return out;
}

}  // namespace cellvigil::simulate
