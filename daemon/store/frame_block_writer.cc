#include <algorithm>
#include <optional>

#include "daemon/store/frame_block.h"
#include "daemon/store/frame_block_compare.h"
#include "daemon/store/frame_block_parts.h"

namespace cellvigil::store {
namespace {

using namespace frame_block;

// Bytes that can be read behind whatever is compared. A shorter frame is left as it is, and so is nothing that matters.
constexpr std::size_t kSlack = 64;
constexpr std::size_t kShortGap = 8;
constexpr std::size_t kShortPrefix = 31;
constexpr std::size_t kWorthRemembering = 24;  // bytes of a field
constexpr std::size_t kLeastInstant = 10;      // bytes of a field that may be one
constexpr int kKnownBits = 8;
constexpr int kShapeBits = 7;
static_assert(kKnownFields == 1 << kKnownBits && kShapes == 1 << kShapeBits);
constexpr int kBucketBits = 13;

}  // namespace

class FrameBlockWriter::Impl {
  public:
    std::size_t write(std::string_view raw, char* to) {
        begin(raw);
        char* out = to;
        for (std::size_t at = 0; at < raw.size();) {
            const std::size_t size = frame_extent(raw.substr(at));
            char* const end = size == 0 ? nullptr : put_frame(at, size, out);
            if (end != nullptr) {
                out = end;
                at += size;
                continue;
            }
            const std::size_t rest = size == 0 ? raw.size() - at : size;
            *out++ = static_cast<char>(size == 0 ? kRestAsItIs : kFrameAsItIs);
            std::memcpy(out, raw.data() + at, rest);
            out += rest;
            at += rest;
        }
        return static_cast<std::size_t>(out - to);
    }

  private:
    struct Place {  // in the raw bytes
        std::uint32_t begin = 0;
        std::uint32_t size = 0;
    };
    struct Key {
        Place place;
        Fields former;
    };
    // Of words, as it is compared as soon as it is written; a part takes four bits.
    struct Shape {
        std::uint64_t stated = 0;
        std::uint64_t fields = 0;
        std::uint64_t first_parts = 0;
        std::uint64_t last_parts = 0;

        void set(std::size_t field, Part part) {
            (field < 16 ? first_parts : last_parts) |= std::uint64_t{static_cast<std::uint8_t>(part)}
                                                       << (4 * (field % 16));
        }
        Part at(std::size_t field) const {
            return static_cast<Part>((field < 16 ? first_parts : last_parts) >> (4 * (field % 16)) & 15);
        }
        bool operator==(const Shape&) const = default;
    };
    struct Header {
        std::uint64_t partition = 0;
        std::uint64_t position = 0;
        std::uint64_t at = 0;
        std::string_view key;
        std::string_view value;
    };

    void begin(std::string_view raw) {
        raw_ = raw;
        partition_ = next_position_ = at_ = 0;
        keys_ = next_key_ = 0;
        latest_ = 0;
        table_[0] = {};
        id_ = {};
        known_.fill({});
        shapes_.fill({.stated = 0, .fields = kMaxFields + 1});
    }

    // The first frame with its length; 0 when there is none.
    static std::size_t frame_extent(std::string_view bytes) {
        std::size_t size = 0;
        for (std::size_t i = 0; i < std::min<std::size_t>(bytes.size(), 4); ++i) {
            const auto byte = static_cast<std::uint8_t>(bytes[i]);
            size |= static_cast<std::size_t>(byte & 0x7f) << (7 * i);
            if (byte >= 0x80) continue;
            if (byte == 0 && i > 0) return 0;
            return size < bytes.size() - i ? i + 1 + size : 0;
        }
        return 0;
    }

    // false: not a message as nearly all are.
    static bool take_header(const char* frame, std::size_t size, Header& header) {
        const char* at = frame + short_number_at(frame).size;
        const char* const end = frame + size;
        if (*at++ != 1) return false;  // a message
        const Number partition = short_number_at(at);
        at += partition.size;
        const Number position = number_at(at);
        at += position.size;
        const Number time = number_at(at);
        at += time.size;
        if (partition.size == 0 || partition.size > 5 || position.size == 0 || time.size == 0) return false;
        const auto key_size = static_cast<std::uint8_t>(*at++);
        if (key_size >= 0x80 || end - at < key_size + 2) return false;
        header.key = {at, key_size};
        at += key_size;
        if (*at++ != 0) return false;  // headers
        const Number value = short_number_at(at);
        at += value.size;
        if (value.size == 0 || value.value == 0 || end - at != static_cast<std::ptrdiff_t>(value.value)) return false;
        header.value = {at, value.value};
        header.partition = partition.value;
        header.position = position.value;
        header.at = unzigzag(time.value);
        return true;
    }

    char* put_frame(std::size_t at, std::size_t size, char* const item) {
        if (size < kSlack || size > kMaxValue) return nullptr;
        const char* frame = raw_.data() + at;
        if (raw_.size() - at - size < kSlack) {  // at the very end: from where bytes can be read around it
            apart_.assign(kSlack, '\0').append(frame, size).append(kSlack, '\0');
            frame = apart_.data() + kSlack;
        }
        Header header;
        if (!take_header(frame, size, header) || header.position < next_position_) return nullptr;
        const auto place_of = [&](std::string_view bytes) {
            return Place{static_cast<std::uint32_t>(at + static_cast<std::size_t>(bytes.data() - frame)),
                         static_cast<std::uint32_t>(bytes.size())};
        };
        const std::size_t bucket = bucket_of(header.key);
        const std::optional<std::uint32_t> key = find(header.key, bucket);

        Shape shape;
        char* out = item + 1;
        if (header.partition != partition_) {
            shape.stated |= kPartitionStated;
            out = put_number(out, header.partition);
        }
        if (header.position != next_position_) {
            shape.stated |= kPositionStated;
            out = put_number(out, header.position - next_position_);
        }
        out = put_number(out, zigzag(header.at - at_));
        if (key) {
            out = put_number(out, *key);
        } else {
            shape.stated |= kKeyStated;
            *out++ = static_cast<char>(header.key.size());
            std::memcpy(out, header.key.data(), header.key.size());
            out += header.key.size();
        }
        Fields fields;
        fields.value = place_of(header.value).begin;
        Uuid id = id_;
        Remembered remembered;
        out = put_fields(out, header.value, table_[key ? *key : latest_].former, fields, shape, id, remembered);
        if (out == nullptr) return nullptr;
        out = put_shape(item, out, shape);

        partition_ = header.partition;
        next_position_ = header.position + 1;
        at_ = header.at;
        id_ = id;
        latest_ = key ? *key : add(bucket);
        table_[latest_] = {place_of(header.key), fields};
        if (remembered.field != kMaxFields) {
            known_[remembered.slot] = {static_cast<std::uint32_t>(fields.value + fields.begin_of(remembered.field)),
                                       static_cast<std::uint32_t>(fields.size_of(remembered.field))};
        }
        return out;
    }

    // ---- keys

    static std::size_t bucket_of(std::string_view key) {
        const std::uint64_t last = key.size() < 8 ? key.size() : word(key.data() + key.size() - 8);
        return hash(head_of(key.data(), key.size()), last) >> (64 - kBucketBits);
    }

    std::optional<std::uint32_t> find(std::string_view key, std::size_t bucket) const {
        for (const std::uint16_t entry : {buckets_[bucket], buckets_[bucket ^ 1]}) {
            if (entry >= keys_) continue;  // of an earlier block
            const Place& place = table_[entry].place;
            if (place.size == key.size() && same_bytes(raw_.data() + place.begin, key.data(), key.size())) return entry;
        }
        return std::nullopt;
    }

    std::uint32_t add(std::size_t bucket) {
        const std::uint32_t entry = next_key_;
        next_key_ = (next_key_ + 1) % kKeys;
        keys_ = std::max(keys_, entry + 1);
        buckets_[bucket ^ 1] = buckets_[bucket];
        buckets_[bucket] = static_cast<std::uint16_t>(entry);
        return entry;
    }

    // ---- the value

    struct Remembered {  // the field of the frame at hand that is to be remembered, if any
        std::size_t field = kMaxFields;
        std::size_t slot = 0;
    };

    // nullptr: the value cannot be taken apart.
    char* put_fields(char* out, std::string_view value, const Fields& former, Fields& fields, Shape& shape, Uuid& id,
                     Remembered& remembered) const {
        const char* const old = raw_.data() + former.value;
        const char* const begin = value.data();
        std::size_t at = 0;
        std::size_t count = 0;
        if (value.size() >= kIdField && begin[0] == 0x0a && begin[1] == 0x24 && uuid_of(begin + 2, id)) {
            out = put_id(out, id, shape);
            at = fields.ends[count++] = kIdField;
            if (former.count > 0 && former.ends[0] == kIdField) {  // most of what follows is the subject's
                fields.ends = former.ends;
                const std::size_t both = std::min<std::size_t>(value.size(), former.ends[former.count - 1]);
                const std::size_t end = at + long_alike(begin + at, old + at, both - at);
                while (count < former.count && former.ends[count] <= end) at = former.ends[count++];
            }
        }
        std::uint64_t seconds = 0;  // of the instant before in this value
        std::size_t former_at = count <= former.count ? former.begin_of(count) : 0;
        for (; at < value.size(); ++count) {
            if (count == kMaxFields) return nullptr;
            const char* const field = begin + at;
            const char* const before = old + former_at;
            const std::size_t room = value.size() - at;
            std::size_t former_size = 0;
            std::size_t prefix = 0;
            if (count < former.count) {
                former_size = former.ends[count] - former_at;
                former_at += former_size;
                prefix = former_size <= room ? alike(before, field, former_size) : 0;
                if (prefix == former_size && prefix != 0) {
                    at += former_size;
                    fields.ends[count] = static_cast<std::uint16_t>(at);
                    continue;
                }
            }
            const std::size_t size = field_extent(field);
            if (size == 0 || size > room) return nullptr;
            at += size;
            fields.ends[count] = static_cast<std::uint16_t>(at);
            Part part = Part::literal;
            if (seconds != 0 && former_size != 0 && *before == *field && echoes(begin, fields, count)) {
                part = Part::echo;
            } else if (former_size >= kLeastInstant && put_time(out, before, former_size, field, size, seconds, part)) {
            } else if (size >= kWorthRemembering && remembered.field == kMaxFields) {
                remembered = {count, hash(word(field), word(field + 5)) >> (64 - kKnownBits)};
                *out++ = static_cast<char>(remembered.slot);
                const Place& known = known_[remembered.slot];
                const char* const like = raw_.data() + known.begin;
                const std::size_t shared = known.size == size ? alike(like, field, size) : 0;
                part = Part::remembered;
                if (shared == size) {
                    part = Part::known_same;
                } else if (shared > 0) {
                    part = put_gap(out, like, field, size, shared, {Part::known, Part::known_wide, part});
                }
            } else if (former_size == size) {
                part = put_gap(out, before, field, size, prefix, {Part::gap, Part::wide_gap, part});
            }
            if (part == Part::literal || part == Part::remembered) {
                copy(out, field, size);
                out += size;
            }
            shape.set(count, part);
        }
        fields.count = static_cast<std::uint32_t>(count);
        shape.fields = count;
        return out;
    }

    char* put_id(char* out, const Uuid& id, Shape& shape) const {
        const bool shared = ((id.words[0] ^ id_.words[0]) & 0x00ffffff) == 0;
        shape.set(0, shared ? Part::id_of_time : Part::id);
        const std::size_t skipped = shared ? kIdShared : 0;
        std::memcpy(out, reinterpret_cast<const char*>(id.words.data()) + skipped, sizeof id.words - skipped);
        return out + sizeof id.words - skipped;
    }

    static bool echoes(const char* value, const Fields& fields, std::size_t field) {
        if (field == 0) return false;
        const std::size_t before = fields.begin_of(field - 1);
        const std::size_t at = fields.ends[field - 1];
        const std::size_t size = fields.ends[field] - at;
        return value[at + 1] == value[before + kEchoFrom] && size > kEchoFrom && at - before >= size - 1 + kEchoFrom &&
               same_bytes(value + before + kEchoFrom, value + at + 1, size - 1);
    }

    // false: the field is no instant like the former's.
    static bool put_time(char*& out, const char* before, std::size_t former_size, const char* field, std::size_t size,
                         std::uint64_t& seconds, Part& part) {
        if (*before != *field || size < kLeastInstant || size >= 0x80 || field[1] != static_cast<char>(size - 2))
            return false;
        if (field[2] != before[2]) return false;
        const Part kind = field[2] == kWithinTag ? Part::time_within : Part::time;
        const std::size_t place = instant_place(kind);
        const auto extent = static_cast<std::uint8_t>(field[place]);
        const auto former_extent = static_cast<std::uint8_t>(before[place]);
        const std::size_t end = place + 1 + extent;
        const std::size_t former_end = place + 1 + former_extent;
        const char* const instant = field + place + 1;
        if (extent < kSecondsSize + 1 || former_extent < kSecondsSize + 1 || end > size || former_end > former_size ||
            size - end != former_size - former_end || instant[0] != kSecondsTag) {
            return false;
        }
        const std::uint64_t digits = word(instant + 1);
        if ((digits & 0x8080808080) != 0x0080808080 || instant[kSecondsSize] == 0) return false;
        std::uint64_t below = 0;
        if (extent > kSecondsSize + 1) {
            const Number nanos = number_at(instant + kSecondsSize + 2);
            if (instant[kSecondsSize + 1] != kNanosTag || nanos.value == 0 || nanos.size > 5 ||
                nanos.size + kSecondsSize + 2 != extent) {
                return false;
            }
            const std::uint64_t millis = nanos.value / kNanosPerMilli;
            below = millis * kNanosPerMilli == nanos.value ? millis << 1 : nanos.value << 1 | 1;
        }
        if (kind == Part::time ? end != size : !same_bytes(before + former_end, field + end, size - end)) return false;
        const std::uint64_t now = seconds_in(digits);
        const std::uint64_t then = seconds != 0 ? seconds : seconds_in(word(before + place + 2));
        out = put_number(out, zigzag(now - then));
        out = put_number(out, below);
        seconds = now;
        part = kind;
        return true;
    }

    struct GapParts {
        Part narrow;
        Part wide;
        Part none;
    };
    // `field` as `like` but for what lies between, unless that is no shorter than the field.
    static Part put_gap(char*& out, const char* like, const char* field, std::size_t size, std::size_t prefix,
                        const GapParts& parts) {
        const std::size_t end = end_of_difference(like, field, size);
        const std::size_t from = std::min(prefix, kShortPrefix);
        if (end - from <= kShortGap && end - from + 1 < size) {
            *out++ = static_cast<char>(from << 3 | (end - from - 1));
            std::memcpy(out, field + from, kShortGap);
            out += end - from;
            return parts.narrow;
        }
        const std::size_t wide_from = std::min<std::size_t>(prefix, 255);
        if (end - wide_from > 255 || end - wide_from + 2 >= size) return parts.none;
        *out++ = static_cast<char>(wide_from);
        *out++ = static_cast<char>(end - wide_from);
        copy(out, field + wide_from, end - wide_from);
        out += end - wide_from;
        return parts.wide;
    }

    // The shape in front of what was written behind `item`, in one byte when its slot has it.
    char* put_shape(char* item, char* end, const Shape& shape) {
        const std::size_t slot =
            hash(shape.first_parts ^ shape.stated << 60, shape.last_parts ^ shape.fields << 56) >> (64 - kShapeBits);
        Shape& there = shapes_[slot];
        if (there == shape) {
            *item = static_cast<char>(kFirstShape + slot);
            return end;
        }
        there = shape;
        const std::size_t more = 3 + shape.fields;
        std::memmove(item + 1 + more, item + 1, static_cast<std::size_t>(end - item) - 1);
        *item++ = static_cast<char>(kNewShape);
        *item++ = static_cast<char>(slot);
        *item++ = static_cast<char>(shape.stated);
        *item++ = static_cast<char>(shape.fields);
        for (std::size_t i = 0; i < shape.fields; ++i) *item++ = static_cast<char>(shape.at(i));
        return end + more;
    }

    static char* put_number(char* out, std::uint64_t value) {
        if (value < 1 << 14) {  // nearly always: without a branch between one byte and two
            const bool two = value >= 0x80;
            out[0] = static_cast<char>(value | (two ? 0x80 : 0));
            out[1] = static_cast<char>(value >> 7);
            return out + 1 + (two ? 1 : 0);
        }
        for (; value >= 0x80; value >>= 7) *out++ = static_cast<char>(value | 0x80);
        *out++ = static_cast<char>(value);
        return out;
    }

    std::string_view raw_;
    std::string apart_;
    std::uint64_t partition_ = 0;
    std::uint64_t next_position_ = 0;
    std::uint64_t at_ = 0;
    Uuid id_;
    std::uint32_t latest_ = 0;    // the key of the frame before
    std::uint32_t keys_ = 0;      // in the table
    std::uint32_t next_key_ = 0;  // where the next new one goes
    std::array<Key, kKeys> table_;
    std::array<std::uint16_t, std::size_t{1} << kBucketBits> buckets_{};
    std::array<Place, kKnownFields> known_;
    std::array<Shape, kShapes> shapes_;
};

FrameBlockWriter::FrameBlockWriter() : impl_(std::make_unique<Impl>()) {}
FrameBlockWriter::~FrameBlockWriter() = default;
std::size_t FrameBlockWriter::write(std::string_view raw, char* to) { return impl_->write(raw, to); }

}  // namespace cellvigil::store
