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

// Fields come in the order of their numbers: each is there or it is not, and what is left at the end is none of them.
CELLVIGIL_INLINE bool read_timestamp(std::string_view bytes, const char* readable, SentTimestamp& sent) {
    Cursor in(bytes, readable);
    sent.stated = true;
    std::uint64_t value = 0;
    if (in.skip(tag(1, kVarint))) {
        if (!in.varint_of_five(value) || value == 0) return false;
        sent.seconds = static_cast<std::int64_t>(value);
    }
    if (in.skip(tag(2, kVarint))) {
        if (!in.varint(value) || value == 0 ||
            value > static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max())) {
            return false;
        }
        sent.nanos = static_cast<std::int32_t>(value);
    }
    return in.at_end();
}

CELLVIGIL_INLINE bool read_offset(Cursor& in, std::optional<std::int32_t>& minutes_east) {
    std::uint64_t value = 0;
    if (!in.varint(value) || value > std::numeric_limits<std::uint32_t>::max()) return false;
    const auto zigzag = static_cast<std::uint32_t>(value);
    minutes_east = static_cast<std::int32_t>(zigzag >> 1U) ^ -static_cast<std::int32_t>(zigzag & 1U);
    return true;
}

// `instant`: the instant's bytes; empty: it has none.
CELLVIGIL_INLINE bool read_time(std::string_view bytes, const char* readable, SentTime& sent,
                                std::string_view& instant) {
    Cursor in(bytes, readable);
    sent.stated = true;
    if (in.skip(tag(1, kLength)) && !(in.message(instant) && read_timestamp(instant, readable, sent.instant))) {
        return false;
    }
    if (in.skip(tag(2, kVarint)) && !in.enumerator(sent.precision, TimePrecision::year)) return false;
    if (in.skip(tag(3, kVarint)) && !read_offset(in, sent.offset_minutes)) return false;
    return in.at_end();
}

CELLVIGIL_INLINE bool read_coding(std::string_view bytes, SentCoding& sent) {
    Cursor in(bytes);
    return (!in.skip(tag(1, kLength)) || in.text(sent.system)) && (!in.skip(tag(2, kLength)) || in.text(sent.code)) &&
           (!in.skip(tag(3, kLength)) || in.text(sent.version)) &&
           (!in.skip(tag(4, kLength)) || in.text(sent.display)) && in.at_end();
}

CELLVIGIL_INLINE bool read_quantity(std::string_view bytes, SentObservation& sent) {
    Cursor in(bytes);
    if (in.skip(tag(1, kFixed64))) {
        std::uint64_t bits = 0;
        if (!in.fixed(sent.value)) return false;
        std::memcpy(&bits, &sent.value, 8);
        if (bits == 0) return false;
    }
    if (in.skip(tag(2, kLength)) && !in.text(sent.unit)) return false;
    if (in.skip(tag(3, kVarint)) && !in.enumerator(sent.comparator, Comparator::greater)) return false;
    return in.at_end();
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
    std::uint32_t size;
    const char* from;
};
struct ObservationPlaces {
    std::array<FieldPlace, 12> fields;  // the first `count`
    std::size_t count = 0;
    bool sorted = true;
};

CELLVIGIL_INLINE bool read_observation(std::string_view bytes, SentObservation& sent, ObservationPlaces& places) {
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
        places.fields[places.count++] = {number, static_cast<std::uint32_t>(in.place() - from), from};
    }
    return true;
}

// The content's bytes, gathered from the message without what does not count.
class Content {
  public:
    CELLVIGIL_INLINE bool add(std::string_view bytes) {
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
        if (!content.add({places.fields[i].from, places.fields[i].size})) return false;
    }
    return true;
}

// The first or second byte of a tag that takes two.
constexpr unsigned char low(std::uint32_t tag) { return static_cast<unsigned char>((tag & 0x7fU) | 0x80U); }
constexpr unsigned char high(std::uint32_t tag) { return static_cast<unsigned char>(tag >> 7U); }
template <std::uint32_t Number, std::uint32_t Type>
CELLVIGIL_INLINE bool skip_tag(Cursor& in) {
    constexpr std::uint32_t kTag = tag(Number, Type);
    if constexpr (kTag < 0x80) {
        return in.skip(static_cast<unsigned char>(kTag));
    } else {
        return in.skip(low(kTag), high(kTag));
    }
}
template <std::uint32_t Number>
CELLVIGIL_INLINE bool read_text(Cursor& in, std::string_view& to) {
    return !skip_tag<Number, kLength>(in) || in.text(to);
}
// Rare ones, kept out of the way.
[[gnu::noinline]] bool read_time_of(Cursor& in, SentTime& to) {
    std::string_view inner;
    std::string_view instant;
    return in.message(inner) && read_time(inner, in.readable(), to, instant);
}

CELLVIGIL_INLINE bool read_version(Cursor& in, SentEnvelope& sent) {
    std::uint64_t number = 0;
    if (!skip_tag<9, kVarint>(in)) return true;
    if (!in.varint(number) || number == 0 || number > std::numeric_limits<std::uint32_t>::max()) return false;
    sent.version = static_cast<std::uint32_t>(number);
    return true;
}

// Gathers what counts: runs of fields, and between them what is left out.
class Counted {
  public:
    explicit Counted(Content& content) : content_(content) {}
    void begin(const Cursor& in) { from_ = in.place(); }
    // What was read since `place` is left out.
    CELLVIGIL_INLINE bool leave_out(const char* place, const Cursor& in) {
        if (in.place() == place) return true;
        const bool fits = add_until(place);
        begin(in);
        return fits;
    }
    CELLVIGIL_INLINE bool leave_out(const char* from, const char* until) {
        const bool fits = add_until(from);
        from_ = until;
        return fits;
    }
    CELLVIGIL_INLINE bool add_until(const char* place) {
        return content_.add({from_, static_cast<std::size_t>(place - from_)});
    }

  private:
    Content& content_;
    const char* from_ = nullptr;
};

// The fields from the source to the subject.
CELLVIGIL_INLINE bool read_head(Cursor& in, SentEnvelope& sent, Counted& counted) {
    const char* from = in.place();
    if (!read_text<2>(in, sent.source_system)) return false;
    const char* at = in.place();
    if (!read_text<3>(in, sent.producer_version) || !counted.leave_out(at, in)) return false;
    if (!(read_text<4>(in, sent.study) && read_text<5>(in, sent.cohort) && read_text<6>(in, sent.site) &&
          read_text<7>(in, sent.subject))) {
        return false;
    }
    sent.head = std::string_view(from, static_cast<std::size_t>(in.place() - from));
    return true;
}

// The fields from the source to the subject, as they were before.
CELLVIGIL_INLINE bool skip_head(Cursor& in, const KnownHead& known, SentEnvelope& sent, Counted& counted) {
    const char* at = in.place();
    if (known.bytes().empty() || !in.skip(known.bytes())) return false;
    known.tell(at, sent);
    sent.head_is_known = true;
    constexpr std::size_t kTagAndSize = 2;  // of a text that is short enough to be remembered
    return sent.producer_version.empty() ||
           counted.leave_out(sent.producer_version.data() - kTagAndSize,
                             sent.producer_version.data() + sent.producer_version.size());
}

CELLVIGIL_INLINE bool read_version_and_action(Cursor& in, SentEnvelope& sent) {
    constexpr std::uint32_t kFirstOfCreated = tag(9, kVarint) | 1U << 8U | tag(10, kVarint) << 16U | 1U << 24U;
    if (in.skip_four(kFirstOfCreated)) {  // what most messages say
        sent.version = 1;
        sent.action = RecordAction::create;
        return true;
    }
    return read_version(in, sent) && (!skip_tag<10, kVarint>(in) || in.enumerator(sent.action, RecordAction::retract));
}

// When it was, and when it was recorded.
CELLVIGIL_INLINE bool read_times(Cursor& in, SentEnvelope& sent) {
    std::string_view inner;
    std::string_view instant;
    if (skip_tag<13, kLength>(in) && !(in.message(inner) && read_time(inner, in.readable(), sent.effective, instant))) {
        return false;
    }
    if (skip_tag<14, kLength>(in) && !read_time_of(in, sent.effective_end)) return false;
    if (!skip_tag<15, kLength>(in)) return true;
    if (!in.message(inner)) return false;
    if (sent.effective.instant.stated && same_short(inner, instant)) {  // recorded as it happened
        sent.recorded_at = sent.effective.instant;
        return true;
    }
    return read_timestamp(inner, in.readable(), sent.recorded_at);
}

// Everything between the head and the payload, in the order of numbers.
CELLVIGIL_INLINE bool read_before_payload(Cursor& in, SentEnvelope& sent, Counted& counted) {
    if (!read_text<8>(in, sent.record) || !read_version_and_action(in, sent)) return false;
    if (!read_text<11>(in, sent.action_reason)) return false;
    const char* at = in.place();
    if (!read_text<12>(in, sent.supersedes) || !counted.leave_out(at, in)) return false;
    if (!read_times(in, sent)) return false;
    at = in.place();
    std::string_view inner;
    if (skip_tag<16, kLength>(in) && !(in.message(inner) && read_timestamp(inner, in.readable(), sent.sent_at))) {
        return false;
    }
    if (skip_tag<17, kVarint>(in) && !(in.varint(sent.producer_sequence) && sent.producer_sequence != 0)) return false;
    if (!counted.leave_out(at, in) || !read_text<18>(in, sent.infusion_record)) return false;
    return !skip_tag<19, kVarint>(in) || in.enumerator(sent.origin, DataOrigin::test);
}

// Nothing but a panel after the fields of a known payload.
CELLVIGIL_INLINE bool read_panel_to_end(std::string_view rest, SentObservation& sent) {
    sent.panel = {};
    if (rest.empty()) return true;
    Cursor in(rest);
    return in.skip(tag(12, kLength)) && in.text(sent.panel) && in.at_end();
}

// Field by field.
[[gnu::noinline]] bool read_unlike(std::string_view bytes, SentEnvelope& sent, Counted& counted, Content& content) {
    ObservationPlaces places;
    std::construct_at(&sent.observation);
    sent.known_payload.reset();
    if (!read_observation(bytes, sent.observation, places)) return false;
    if (places.sorted) {
        sent.in_order = bytes;
        return counted.add_until(bytes.data() + bytes.size());
    }
    return counted.add_until(bytes.data()) && add_sorted(content, places);
}

// An observation whose tag has been read; with it the envelope ends.
CELLVIGIL_INLINE bool read_observation_to_end(Cursor& in, const Known& known, SentEnvelope& sent, Counted& counted,
                                              Content& content) {
    std::string_view inner;
    if (!in.message(inner) || !in.at_end()) return false;
    sent.payload = FactKind::observation;
    if (known.payloads != nullptr) {
        const std::size_t place = known.payloads->find(inner, known.speaker);
        if (place != KnownPayloads::kNowhere) {
            const KnownPayload& payload = known.payloads->at(place);
            if (payload.tell(inner, sent.observation.value) &&
                read_panel_to_end({inner.data() + payload.size(), inner.size() - payload.size()}, sent.observation)) {
                sent.known_payload = place;
                return counted.add_until(in.place());
            }
        }
    }
    return read_unlike(inner, sent, counted, content);
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

}  // namespace

std::uint64_t content_hash_of(std::string_view content) { return hash64(content); }

bool read_fast(std::string_view bytes, SentEnvelope& sent, OtherPayload& other, const Known& known) {
    static_assert(std::is_trivially_destructible_v<SentEnvelope>);
    std::construct_at(&sent);  // in place: assigning would copy it whole
    other = {};
    Cursor in(bytes);
    Content content;
    Counted counted(content);
    if (!read_text<1>(in, sent.message_id)) return false;
    counted.begin(in);
    const bool like = known.head != nullptr && skip_head(in, *known.head, sent, counted);
    if (!like && !read_head(in, sent, counted)) return false;
    if (!read_before_payload(in, sent, counted)) return false;
    if (skip_tag<kObservation, kLength>(in)) {
        if (!read_observation_to_end(in, known, sent, counted, content)) return false;
        if (sent.known_payload) known.payloads->complete(*sent.known_payload, sent.observation);
    } else {
        std::uint32_t next = 0;
        if (!in.tag(next)) return false;
        other.number = next >> 3U;
        sent.payload = payload_of(other.number);
        if (!sent.payload || next != tag(other.number, kLength) || !in.message(other.bytes) || !in.at_end()) {
            return false;
        }
        if (!counted.add_until(in.place())) return false;
    }
    sent.content_hash = content_hash_of(content.bytes());
    return true;
}

bool read_like(std::string_view bytes, SentEnvelope& sent, const Known& known) {
    std::construct_at(static_cast<SentFields*>(&sent));  // the observation: where it is filled
    Cursor in(bytes);
    Content content;
    Counted counted(content);
    if (!read_text<1>(in, sent.message_id)) return false;
    counted.begin(in);
    if (!skip_head(in, *known.head, sent, counted) || !read_before_payload(in, sent, counted)) return false;
    if (!skip_tag<kObservation, kLength>(in)) return false;
    if (!read_observation_to_end(in, known, sent, counted, content)) return false;
    sent.content_hash = content_hash_of(content.bytes());
    return true;
}

}  // namespace cellvigil::wire
