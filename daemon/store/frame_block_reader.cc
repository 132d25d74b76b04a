#include <algorithm>
#include <span>
#include <vector>

#include "daemon/store/frame_block.h"
#include "daemon/store/frame_block_parts.h"

namespace cellvigil::store {
namespace {

using namespace frame_block;

// What there is to read. A read beyond the end gives zeros and is remembered.
class Input {
  public:
    explicit Input(std::string_view bytes) : rest_(bytes) {}
    bool at_end() const { return rest_.empty(); }
    bool cut() const { return cut_; }
    std::string_view rest() const { return rest_; }

    std::uint8_t byte() {
        const std::string_view one = bytes(1);
        return one.empty() ? 0 : static_cast<std::uint8_t>(one.front());
    }
    std::string_view bytes(std::size_t size) {
        if (size > rest_.size()) {
            cut_ = true;
            return {};
        }
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const std::uint8_t next = byte();
            value |= std::uint64_t{next & 0x7fU} << shift;
            if (next < 0x80) return value;
        }
        cut_ = true;
        return 0;
    }

  private:
    std::string_view rest_;
    bool cut_ = false;
};

// As field_extent, of bytes of which any number may be there; 0 also when the field is not all there.
std::size_t field_within(std::string_view bytes) {
    std::array<char, 16> head{};
    std::copy_n(bytes.data(), std::min(bytes.size(), head.size()), head.data());
    const std::size_t size = field_extent(head.data());
    return size > bytes.size() ? 0 : size;
}

char* put_number(char* out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) *out++ = static_cast<char>(value | 0x80);
    *out++ = static_cast<char>(value);
    return out;
}

class Reader {
  public:
    Reader(std::string_view block, std::size_t raw_size) : input_(block), raw_size_(raw_size) {
        raw_.reserve(raw_size);
        value_.reserve(512);
    }

    bool read() {
        while (!input_.at_end()) {
            const std::uint8_t item = input_.byte();
            if (!(item == kFrameAsItIs  ? take_as_it_is()
                  : item == kRestAsItIs ? append(input_.bytes(input_.rest().size()))
                                        : take_frame(item)))
                return false;
        }
        return raw_.size() == raw_size_;
    }
    std::string take() { return std::move(raw_); }

  private:
    struct Key {
        std::uint32_t begin = 0;
        std::uint32_t size = 0;
        Fields former;
    };
    struct Place {
        std::uint32_t begin = 0;
        std::uint32_t size = 0;
    };

    bool append(std::string_view bytes) {
        if (input_.cut() || bytes.size() > raw_size_ - raw_.size()) return false;
        raw_.append(bytes);
        return true;
    }

    bool take_as_it_is() {
        Input length = input_;
        const std::uint64_t size = length.number();
        const std::size_t prefix = input_.rest().size() - length.rest().size();
        if (length.cut() || size > length.rest().size()) return false;
        return append(input_.bytes(prefix + size));
    }

    struct Shape {
        bool known = false;
        std::uint8_t stated = 0;
        std::uint8_t fields = 0;
        std::array<Part, kMaxFields> parts{};
    };

    const Shape* shape_of(std::uint8_t item) {
        if (item != kNewShape) {
            if (item < kFirstShape || item - kFirstShape >= static_cast<int>(kShapes)) return nullptr;
            const Shape& there = shapes_[item - kFirstShape];
            return there.known ? &there : nullptr;
        }
        const std::uint8_t slot = input_.byte();
        Shape shape{.known = true, .stated = input_.byte(), .fields = input_.byte()};
        const std::string_view parts = input_.bytes(shape.fields);
        if (input_.cut() || slot >= kShapes || shape.stated > kAllStated || shape.fields > kMaxFields) return nullptr;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (static_cast<std::uint8_t>(parts[i]) >= kParts) return nullptr;
            shape.parts[i] = static_cast<Part>(parts[i]);
        }
        shapes_[slot] = shape;
        return &shapes_[slot];
    }

    bool take_frame(std::uint8_t item) {
        const Shape* shape = shape_of(item);
        if (shape == nullptr) return false;
        if ((shape->stated & kPartitionStated) != 0) partition_ = input_.number();
        if ((shape->stated & kPositionStated) != 0) position_ += input_.number();
        at_ += unzigzag(input_.number());
        std::size_t key = 0;
        std::string_view key_bytes;
        const Fields* former = &latest_;
        if ((shape->stated & kKeyStated) != 0) {
            key_bytes = input_.bytes(input_.byte());
        } else {
            key = input_.number();
            if (key >= keys_.size()) return false;
            key_bytes = std::string_view(raw_).substr(keys_[key].begin, keys_[key].size);
            former = &keys_[key].former;
        }
        if (input_.cut()) return false;
        Fields fields;
        Place remembered;
        std::size_t slot = 0;
        if (!take_fields(*shape, *former, fields, remembered, slot)) return false;
        if (!put_frame(key_bytes, fields)) return false;

        Key entry{static_cast<std::uint32_t>(fields.value - key_gap_ - key_bytes.size()),
                  static_cast<std::uint32_t>(key_bytes.size()), fields};
        if ((shape->stated & kKeyStated) == 0) {
            keys_[key] = entry;
        } else if (keys_.size() < kKeys) {
            keys_.push_back(entry);
        } else {
            keys_[next_key_] = entry;
            next_key_ = (next_key_ + 1) % kKeys;
        }
        latest_ = fields;
        ++position_;
        if (remembered.size != 0) known_[slot] = {fields.value + remembered.begin, remembered.size};
        return true;
    }

    // The frame of what is in value_.
    bool put_frame(std::string_view key, Fields& fields) {
        std::array<char, 64> head{};  // from the kind to the key
        char* end = head.data();
        *end++ = 1;  // a message
        end = put_number(end, partition_);
        end = put_number(end, position_);
        end = put_number(end, zigzag(at_));
        end = put_number(end, key.size());
        std::array<char, 16> middle{};  // from the key to the value
        char* value = put_number(middle.data() + 1, value_.size());
        const auto head_size = static_cast<std::size_t>(end - head.data());
        key_gap_ = static_cast<std::size_t>(value - middle.data());
        const std::size_t size = head_size + key.size() + key_gap_ + value_.size();
        std::array<char, 16> length{};
        const auto length_size = static_cast<std::size_t>(put_number(length.data(), size) - length.data());
        if (raw_size_ - raw_.size() < length_size + size) return false;
        raw_.append(length.data(), length_size).append(head.data(), head_size);
        raw_.append(key).append(middle.data(), key_gap_);
        fields.value = static_cast<std::uint32_t>(raw_.size());
        raw_.append(value_);
        return true;
    }

    bool take_fields(const Shape& shape, const Fields& former, Fields& fields, Place& remembered, std::size_t& slot) {
        value_.clear();
        seconds_ = 0;
        const std::string_view raw = raw_;
        for (std::size_t i = 0; i < shape.fields; ++i) {
            const Part part = shape.parts[i];
            const std::string_view before = i < former.count
                                                ? raw.substr(former.value + former.begin_of(i), former.size_of(i))
                                                : std::string_view();
            const std::size_t begin = value_.size();
            if (is_remembered(part)) {
                if (remembered.size != 0) return false;
                slot = input_.byte();
            }
            const std::string_view known = raw.substr(known_[slot].begin, known_[slot].size);
            if (!take_field(part, before, known, fields, i)) return false;
            if (input_.cut() || value_.size() == begin || value_.size() > kMaxValue) return false;
            fields.ends[i] = static_cast<std::uint16_t>(value_.size());
            if (is_remembered(part)) {
                remembered = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(value_.size() - begin)};
            }
        }
        fields.count = shape.fields;
        return true;
    }

    static bool is_remembered(Part part) { return part >= Part::known && part <= Part::known_same; }

    bool take_field(Part part, std::string_view before, std::string_view known, const Fields& fields,
                    std::size_t field) {
        switch (part) {
            case Part::same:
                value_.append(before);
                return true;
            case Part::literal:
            case Part::remembered: {
                const std::size_t size = field_within(input_.rest());
                value_.append(input_.bytes(size));
                return size != 0;
            }
            case Part::gap:
            case Part::known: {
                const std::uint8_t extent = input_.byte();
                return take_gap(part == Part::gap ? before : known, extent >> 3, (extent & 7) + 1);
            }
            case Part::wide_gap:
            case Part::known_wide: {
                const std::uint8_t from = input_.byte();
                const std::uint8_t size = input_.byte();
                return take_gap(part == Part::wide_gap ? before : known, from, size);
            }
            case Part::known_same:
                value_.append(known);
                return true;
            case Part::echo:
                return take_echo(before, fields, field);
            case Part::time:
            case Part::time_within:
                return take_time(part, before);
            case Part::id:
            case Part::id_of_time:
                return take_id(part == Part::id ? 0 : kIdShared);
        }
        return false;
    }

    bool take_gap(std::string_view like, std::size_t from, std::size_t size) {
        if (from > like.size() || size > like.size() - from) return false;
        value_.append(like.substr(0, from)).append(input_.bytes(size)).append(like.substr(from + size));
        return true;
    }

    bool take_echo(std::string_view before, const Fields& fields, std::size_t field) {
        if (before.empty() || field == 0 || fields.size_of(field - 1) <= kEchoFrom) return false;
        const std::size_t from = fields.begin_of(field - 1) + kEchoFrom;
        echo_.clear();
        echo_.push_back(before.front());
        echo_.append(value_, from, fields.ends[field - 1] - from);
        const std::size_t size = field_within(echo_);
        value_.append(echo_, 0, size);
        return size != 0;
    }

    bool take_time(Part part, std::string_view before) {
        const std::size_t place = instant_place(part);
        if (before.size() < place + 2 + kSecondsSize) return false;
        const std::uint64_t then = seconds_ != 0 ? seconds_ : seconds_before(before.substr(place + 2));
        seconds_ = then + unzigzag(input_.number());
        const std::uint64_t below = input_.number();
        if (seconds_ < kLeastSeconds || seconds_ >= kSecondsEnd || below >> 36 != 0) return false;
        const std::size_t former_end = place + 1 + static_cast<std::uint8_t>(before[place]);
        if (former_end > before.size()) return false;
        const std::string_view tail = before.substr(former_end);
        std::array<char, 24> instant{kSecondsTag};
        char* end = put_number(instant.data() + 1, seconds_);
        if (below != 0) {
            *end++ = kNanosTag;
            end = put_number(end, (below & 1) != 0 ? below >> 1 : (below >> 1) * kNanosPerMilli);
        }
        const auto extent = static_cast<std::size_t>(end - instant.data());
        const std::size_t size = extent + tail.size() + (place - 1);
        if (size >= 0x80) return false;
        value_.push_back(before.front());
        value_.push_back(static_cast<char>(size));
        if (part == Part::time_within) {
            value_.push_back(kWithinTag);
            value_.push_back(static_cast<char>(extent));
        }
        value_.append(instant.data(), extent).append(tail);
        return true;
    }

    static std::uint64_t seconds_before(std::string_view bytes) {
        std::array<char, 8> first{};
        std::copy_n(bytes.data(), kSecondsSize, first.data());
        return seconds_in(word(first.data()));
    }

    bool take_id(std::size_t shared) {
        const std::string_view bytes = input_.bytes(sizeof id_.words - shared);
        if (input_.cut()) return false;
        std::memcpy(reinterpret_cast<char*>(id_.words.data()) + shared, bytes.data(), bytes.size());
        std::array<char, kIdField> text{0x0a, 0x24};
        text_of(id_, text.data() + 2);
        value_.append(text.data(), text.size());
        return true;
    }

    Input input_;
    std::size_t raw_size_;
    std::string raw_;
    std::string value_;  // of the frame at hand
    std::string echo_;
    std::uint64_t partition_ = 0;
    std::uint64_t position_ = 0;
    std::uint64_t at_ = 0;
    std::uint64_t seconds_ = 0;  // of the instant before in the value at hand
    Uuid id_;
    Fields latest_;
    std::size_t key_gap_ = 0;  // bytes from the end of the key to the value
    std::vector<Key> keys_;
    std::size_t next_key_ = 0;
    std::array<Place, kKnownFields> known_;
    std::array<Shape, kShapes> shapes_;
};

}  // namespace

Result<std::string> read_frame_block(std::string_view block, std::size_t raw_size) {
    Reader reader(block, raw_size);
    if (!reader.read()) return fail(Errc::corrupt, "a block of frames is malformed");
    return reader.take();
}

}  // namespace cellvigil::store
