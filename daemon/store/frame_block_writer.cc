#include <algorithm>
#include <optional>

#include "daemon/store/frame_block.h"
#include "daemon/store/frame_block_compare.h"
#include "daemon/store/frame_block_parts.h"
#include "daemon/store/frame_block_tell.h"

namespace cellvigil::store {
namespace {

using namespace frame_block;

// Bytes that can be read behind whatever is compared. A shorter frame is left as it is, and so is nothing that matters.
constexpr std::size_t kSlack = 64;
constexpr std::size_t kWorthRemembering = 24;  // bytes of a field
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
        std::array<Frame, 2> frames;  // the one at hand and the next
        look(0, frames[0]);
        for (std::size_t i = 0, at = 0; at < raw.size(); i ^= 1) {
            const Frame& frame = frames[i];
            look(at + frame.size, frames[i ^ 1]);
            char* const end = frame.usual ? put_frame(frame, out) : nullptr;
            if (end != nullptr) {
                out = end;
            } else {
                *out++ = static_cast<char>(frame.whole ? kFrameAsItIs : kRestAsItIs);
                std::memcpy(out, raw.data() + at, frame.size);
                out += frame.size;
            }
            at += frame.size;
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
    struct Frame {
        std::size_t at = 0;    // in the raw bytes
        std::size_t size = 0;  // of all that is left, when there is no whole frame
        const char* bytes = nullptr;
        bool whole = false;
        bool usual = false;  // a message as nearly all are
        Header header;
        std::size_t bucket = 0;
    };

    void begin(std::string_view raw) {
        raw_ = raw;
        partition_ = next_position_ = at_ = 0;
        expected_position_ = former_time_ = Expected(0);
        whole_ = 1;
        keys_ = next_key_ = 0;
        latest_ = 0;
        table_[0] = {};
        id_ = {};
        known_.fill({});
        shapes_.fill({.stated = 0, .fields = kMaxFields + 1});
    }

    // The first frame with its length; 0 when there is none.
    static std::size_t frame_extent(std::string_view bytes) {
        std::array<char, 16> last{};
        const char* at = bytes.data();
        if (bytes.size() < 8) {
            std::copy(bytes.begin(), bytes.end(), last.begin());
            at = last.data();
        }
        const Number size = short_number_at(at);
        if (size.size == 0 || size.size > 4 || size.value > bytes.size() - size.size) return 0;
        return size.size + size.value;
    }

    // false: not a message as nearly all are.
    bool take_header(const char* frame, std::size_t size, Header& header) {
        const char* at = frame + short_number_at(frame).size;
        const char* const end = frame + size;
        if (*at++ != 1) return false;  // a message
        const Number partition = short_number_at(at);
        at += partition.size;
        const Number position = expected_position_.number_at(at);
        expected_position_.follow(position.value);
        at += position.size;
        const Number time = former_time_.number_at(at);
        former_time_.expect(time.value);
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

    // What is at `at`, so that what it will be compared with is on its way before it is needed.
    void look(std::size_t at, Frame& frame) {
        frame.usual = false;
        if (at == raw_.size()) return;
        frame.at = at;
        frame.size = frame_extent(raw_.substr(at));
        frame.whole = frame.size != 0;
        if (!frame.whole) frame.size = raw_.size() - at;
        if (!frame.whole || frame.size < kSlack || frame.size > kMaxValue) return;
        frame.bytes = raw_.data() + at;
        if (raw_.size() - at - frame.size < kSlack) {  // at the very end: from where bytes can be read around it
            apart_.assign(kSlack, '\0').append(frame.bytes, frame.size).append(kSlack, '\0');
            frame.bytes = apart_.data() + kSlack;
        }
        frame.usual = take_header(frame.bytes, frame.size, frame.header);
        if (!frame.usual) return;
        frame.bucket = bucket_of(frame.header.key);
        const std::uint16_t entry = buckets_[frame.bucket];
        if (entry >= keys_) return;
        const Key& key = table_[entry];
        const char* const former = raw_.data() + key.place.begin;
        for (std::size_t i = 0; i < 4; ++i) __builtin_prefetch(former + 64 * i);
    }

    // nullptr: it cannot be told by what is new in it.
    char* put_frame(const Frame& frame, char* const item) {
        const Header& header = frame.header;
        if (header.position < next_position_) return nullptr;
        const auto place_of = [&](std::string_view bytes) {
            return Place{static_cast<std::uint32_t>(frame.at + static_cast<std::size_t>(bytes.data() - frame.bytes)),
                         static_cast<std::uint32_t>(bytes.size())};
        };
        const std::size_t bucket = frame.bucket;
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
                     Remembered& remembered) {
        const char* const old = raw_.data() + former.value;
        const char* const begin = value.data();
        std::size_t at = 0;
        std::size_t count = 0;
        if (value.size() >= kIdField && begin[0] == 0x0a && begin[1] == 0x24 && uuid_of(begin + 2, id)) {
            const bool of_time = ((id.words[0] ^ id_.words[0]) & 0x00ffffff) == 0;
            shape.set(0, of_time ? Part::id_of_time : Part::id);
            out = put_id(out, id, of_time ? kIdShared : 0);
            at = fields.ends[count++] = kIdField;
            if (former.count > 1 && former.ends[0] == kIdField) {  // most of what follows is the subject's
                fields.ends = former.ends;
                const std::size_t both = std::min<std::size_t>(value.size(), former.ends[former.count - 1]);
                count = whole_fields(former, at + long_alike(begin + at, old + at, both - at));
                at = former.ends[count - 1];
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
            std::uint64_t different = 0;  // of a former in one word that fits
            if (count < former.count) {
                former_size = former.ends[count] - former_at;
                former_at += former_size;
                if (former_size <= 8 && former_size <= room) {
                    different = (word(before) ^ word(field)) << (64 - 8 * former_size);
                    prefix = different == 0 ? former_size : 0;
                } else if (former_size <= room) {
                    prefix = alike(before, field, former_size);
                }
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
            if (different != 0 && size == former_size) {
                part = put_short_gap(out, field, size, different);
            } else if (seconds != 0 && former_size != 0 && *before == *field && echoes(begin, fields, count)) {
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

    // How many of the former's fields end at `end` or before; at least one does. Mostly as many as in the frame before.
    std::size_t whole_fields(const Fields& former, std::size_t end) {
        std::size_t whole = whole_;
        if (whole >= former.count || former.ends[whole - 1] > end || former.ends[whole] <= end) {
            for (whole = 1; whole < former.count && former.ends[whole] <= end;) ++whole;
            whole_ = whole;
        }
        return whole;
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

    std::string_view raw_;
    std::string apart_;
    std::uint64_t partition_ = 0;
    std::uint64_t next_position_ = 0;
    std::uint64_t at_ = 0;
    Expected expected_position_{0};
    Expected former_time_{0};
    Uuid id_;
    std::size_t whole_ = 1;       // fields alike behind the id of the frame before
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
