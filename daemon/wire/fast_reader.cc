#include "daemon/wire/fast_reader.h"

#include <array>
#include <cstring>
#include <limits>
#include <memory>
#include <type_traits>

#include "daemon/wire/cursor.h"
#include "rules/base/hash.h"

namespace cellvigil::wire {
namespace {

constexpr std::uint64_t kMaxEnvelopeText = 4096;

bool read_timestamp(std::string_view bytes, SentTimestamp& sent) {
    Cursor in(bytes);
    sent.stated = true;
    std::uint32_t last = 0;
    while (!in.at_end()) {
        std::uint32_t next = 0;
        std::uint64_t value = 0;
        if (!in.tag(next) || next <= last || !in.varint(value) || value == 0) return false;
        last = next;
        if (next == tag(1, kVarint)) {
            sent.seconds = static_cast<std::int64_t>(value);
        } else if (next == tag(2, kVarint)) {
            if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max())) return false;
            sent.nanos = static_cast<std::int32_t>(value);
        } else {
            return false;
        }
    }
    return true;
}

bool read_offset(Cursor& in, std::optional<std::int32_t>& minutes_east) {
    std::uint64_t value = 0;
    if (!in.varint(value) || value > std::numeric_limits<std::uint32_t>::max()) return false;
    const auto zigzag = static_cast<std::uint32_t>(value);
    minutes_east = static_cast<std::int32_t>(zigzag >> 1U) ^ -static_cast<std::int32_t>(zigzag & 1U);
    return true;
}

bool read_time(std::string_view bytes, SentTime& sent) {
    Cursor in(bytes);
    sent.stated = true;
    std::uint32_t last = 0;
    while (!in.at_end()) {
        std::uint32_t next = 0;
        std::string_view inner;
        if (!in.tag(next) || next <= last) return false;
        last = next;
        if (next == tag(1, kLength)) {
            if (!in.message(inner) || !read_timestamp(inner, sent.instant)) return false;
        } else if (next == tag(2, kVarint)) {
            if (!in.enumerator(sent.precision, TimePrecision::year)) return false;
        } else if (next == tag(3, kVarint)) {
            if (!read_offset(in, sent.offset_minutes)) return false;
        } else {
            return false;
        }
    }
    return true;
}

bool read_coding(std::string_view bytes, SentCoding& sent) {
    Cursor in(bytes);
    std::uint32_t last = 0;
    while (!in.at_end()) {
        std::uint32_t next = 0;
        if (!in.tag(next) || next <= last) return false;
        last = next;
        std::string_view* field = nullptr;
        if (next == tag(1, kLength))
            field = &sent.system;
        else if (next == tag(2, kLength))
            field = &sent.code;
        else if (next == tag(3, kLength))
            field = &sent.version;
        else if (next == tag(4, kLength))
            field = &sent.display;
        if (field == nullptr || !in.text(*field)) return false;
    }
    return true;
}

bool read_quantity(std::string_view bytes, SentObservation& sent) {
    Cursor in(bytes);
    std::uint32_t last = 0;
    while (!in.at_end()) {
        std::uint32_t next = 0;
        if (!in.tag(next) || next <= last) return false;
        last = next;
        if (next == tag(1, kFixed64)) {
            std::uint64_t bits = 0;
            if (!in.fixed(sent.value)) return false;
            std::memcpy(&bits, &sent.value, 8);
            if (bits == 0) return false;
        } else if (next == tag(2, kLength)) {
            if (!in.text(sent.unit)) return false;
        } else if (next == tag(3, kVarint)) {
            if (!in.enumerator(sent.comparator, Comparator::greater)) return false;
        } else {
            return false;
        }
    }
    return true;
}

bool read_boolean(Cursor& in, bool& value) {
    std::uint64_t number = 0;
    if (!in.varint(number) || number > 1) return false;
    value = number == 1;
    return true;
}

bool read_optional(Cursor& in, std::optional<double>& value) {
    double number = 0;
    if (!in.fixed(number)) return false;
    value = number;
    return true;
}

// One field of an observation whose tag has been read.
bool read_observation_field(Cursor& in, std::uint32_t next, SentObservation& sent) {
    std::string_view inner;
    switch (next) {
        case tag(1, kLength):
            sent.has_code = true;
            return in.message(inner) && read_coding(inner, sent.code);
        case tag(2, kLength):
            sent.result = SentResult::quantity;
            return in.message(inner) && read_quantity(inner, sent);
        case tag(3, kVarint):
            sent.result = SentResult::boolean;
            return read_boolean(in, sent.boolean);
        case tag(4, kLength):
            sent.result = SentResult::coded;
            return in.message(inner) && read_coding(inner, sent.coded);
        case tag(5, kLength):
            sent.result = SentResult::text;
            return in.text_or_empty(sent.text);
        case tag(6, kVarint):
            return in.enumerator(sent.status, ResultStatus::cancelled);
        case tag(7, kFixed64):
            return read_optional(in, sent.reference_low);
        case tag(8, kFixed64):
            return read_optional(in, sent.reference_high);
        case tag(11, kLength):
            return in.text(sent.not_done_reason);
        case tag(12, kLength):
            return in.text(sent.panel);
        default:
            return false;
    }
}

// Where the fields of an observation lie, for writing them in the order of their numbers.
struct FieldPlace {
    std::uint32_t number;
    std::string_view bytes;
};
struct ObservationPlaces {
    std::array<FieldPlace, 12> fields{};
    std::size_t count = 0;
    bool sorted = true;
};

bool read_observation(std::string_view bytes, SentObservation& sent, ObservationPlaces& places) {
    Cursor in(bytes);
    std::uint32_t seen = 0;
    constexpr std::uint32_t kOneof = 1U << 2U | 1U << 3U | 1U << 4U | 1U << 5U;
    std::uint32_t last = 0;
    while (!in.at_end()) {
        const char* from = in.place();
        std::uint32_t next = 0;
        if (!in.tag(next)) return false;
        const std::uint32_t number = next >> 3U;
        if (number == 0 || number > 12) return false;
        const std::uint32_t own = (1U << number) & kOneof ? kOneof : 1U << number;
        if ((seen & own) != 0 || !read_observation_field(in, next, sent)) return false;
        seen |= 1U << number;
        places.sorted = places.sorted && number > last;
        last = number;
        places.fields[places.count++] = {number, std::string_view(from, static_cast<std::size_t>(in.place() - from))};
    }
    return true;
}

// The content's bytes, gathered from the message without what does not count.
class Content {
  public:
    bool add(std::string_view bytes) {
        if (bytes.size() > text_.size() - size_) return false;
        std::memcpy(text_.data() + size_, bytes.data(), bytes.size());
        size_ += bytes.size();
        return true;
    }
    std::string_view bytes() const { return {text_.data(), size_}; }

  private:
    std::array<char, kMaxEnvelopeText> text_;  // written before it is read
    std::size_t size_ = 0;
};

bool add_sorted(Content& content, ObservationPlaces& places) {
    for (std::size_t i = 1; i < places.count; ++i) {
        for (std::size_t j = i; j > 0 && places.fields[j - 1].number > places.fields[j].number; --j) {
            std::swap(places.fields[j - 1], places.fields[j]);
        }
    }
    for (std::size_t i = 0; i < places.count; ++i) {
        if (!content.add(places.fields[i].bytes)) return false;
    }
    return true;
}

// A scalar or time of the envelope whose tag has been read; the observation is read by the caller.
bool read_envelope_field(Cursor& in, std::uint32_t next, SentEnvelope& sent) {
    std::string_view inner;
    std::uint64_t number = 0;
    switch (next) {
        case tag(1, kLength):
            return in.text(sent.message_id);
        case tag(2, kLength):
            return in.text(sent.source_system);
        case tag(3, kLength):
            return in.text(sent.producer_version);
        case tag(4, kLength):
            return in.text(sent.study);
        case tag(5, kLength):
            return in.text(sent.cohort);
        case tag(6, kLength):
            return in.text(sent.site);
        case tag(7, kLength):
            return in.text(sent.subject);
        case tag(8, kLength):
            return in.text(sent.record);
        case tag(9, kVarint):
            if (!in.varint(number) || number == 0 || number > std::numeric_limits<std::uint32_t>::max()) return false;
            sent.version = static_cast<std::uint32_t>(number);
            return true;
        case tag(10, kVarint):
            return in.enumerator(sent.action, RecordAction::retract);
        case tag(11, kLength):
            return in.text(sent.action_reason);
        case tag(12, kLength):
            return in.text(sent.supersedes);
        case tag(13, kLength):
            return in.message(inner) && read_time(inner, sent.effective);
        case tag(14, kLength):
            return in.message(inner) && read_time(inner, sent.effective_end);
        case tag(15, kLength):
            return in.message(inner) && read_timestamp(inner, sent.recorded_at);
        case tag(16, kLength):
            return in.message(inner) && read_timestamp(inner, sent.sent_at);
        case tag(17, kVarint):
            return in.varint(sent.producer_sequence) && sent.producer_sequence != 0;
        case tag(18, kLength):
            return in.text(sent.infusion_record);
        case tag(19, kVarint):
            return in.enumerator(sent.origin, DataOrigin::test);
        default:
            return false;
    }
}

constexpr std::uint32_t kFirstPayload = 30;
constexpr std::uint32_t kObservation = 32;
std::optional<FactKind> payload_of(std::uint32_t number) {
    constexpr auto kKinds = std::to_array<FactKind>({
        FactKind::enrollment,
        FactKind::infusion,
        FactKind::observation,
        FactKind::ice_assessment,
        FactKind::neuro_finding,
        FactKind::intervention,
        FactKind::adverse_event,
        FactKind::infection,
        FactKind::disease_status,
        FactKind::subsequent_therapy,
        FactKind::death,
        FactKind::contact,
        FactKind::consent_change,
        FactKind::site_heartbeat,
        FactKind::adjudication,
    });
    if (number < kFirstPayload || number - kFirstPayload >= kKinds.size()) return std::nullopt;
    return kKinds[number - kFirstPayload];
}

constexpr bool counts(std::uint32_t number) {
    return number != 1 && number != 3 && number != 12 && number != 16 && number != 17;
}

}  // namespace

std::uint64_t content_hash_of(std::string_view content) { return hash64(content); }

bool read_fast(std::string_view bytes, SentEnvelope& sent, std::string_view& other_payload) {
    static_assert(std::is_trivially_destructible_v<SentEnvelope>);
    std::construct_at(&sent);  // in place: assigning would copy it whole
    other_payload = {};
    Cursor in(bytes);
    Content content;
    const char* counted_from = nullptr;  // start of the run of fields that count, nullptr: none open
    std::uint32_t last = 0;
    const auto close_run = [&](const char* at) {
        const bool fits =
            counted_from == nullptr || content.add({counted_from, static_cast<std::size_t>(at - counted_from)});
        counted_from = nullptr;
        return fits;
    };
    while (!in.at_end()) {
        const char* from = in.place();
        std::uint32_t next = 0;
        if (!in.tag(next) || next >> 3U <= last) return false;
        last = next >> 3U;
        std::string_view inner;
        if (last >= kFirstPayload && last != kObservation) {
            sent.payload = payload_of(last);
            if (!sent.payload || next != tag(last, kLength) || !in.message(inner) || !in.at_end()) return false;
            if (counted_from == nullptr) counted_from = from;
            other_payload = std::string_view(from, static_cast<std::size_t>(in.place() - from));
            break;
        }
        if (next == tag(kObservation, kLength)) {
            ObservationPlaces places;
            if (!in.message(inner) || !read_observation(inner, sent.observation, places) || !in.at_end()) return false;
            if (counted_from == nullptr) counted_from = from;
            sent.payload = FactKind::observation;
            if (places.sorted) break;
            if (!close_run(inner.data()) || !add_sorted(content, places)) return false;
            sent.content_hash = content_hash_of(content.bytes());
            return true;
        }
        if (!read_envelope_field(in, next, sent)) return false;
        if (!counts(last)) {
            if (!close_run(from)) return false;
        } else if (counted_from == nullptr) {
            counted_from = from;
        }
    }
    if (!sent.payload || !close_run(in.place())) return false;
    sent.content_hash = content_hash_of(content.bytes());
    return true;
}

}  // namespace cellvigil::wire
