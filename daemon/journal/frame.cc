#include "daemon/journal/frame.h"

#include <algorithm>
#include <array>
#include <limits>

#include "rules/base/ensure.h"

namespace cellvigil::journal {
namespace {

constexpr std::size_t kLongestVarint = 10;

std::size_t varint_size(std::uint64_t value) {
    const int bits = 64 - __builtin_clzll(value | 1);
    return static_cast<std::size_t>((bits + 6) / 7);
}

// The small fields, gathered so that they cost one append, with room before them for a length that is known last.
class Small {
  public:
    void byte(std::uint8_t value) { bytes_[end_++] = static_cast<char>(value); }
    void varint(std::uint64_t value) {
        while (value >= 0x80) {
            byte(static_cast<std::uint8_t>(value | 0x80));
            value >>= 7;
        }
        byte(static_cast<std::uint8_t>(value));
    }
    bool has_room_for(std::size_t more) const { return bytes_.size() - end_ >= more; }
    void text(std::string_view text) {
        std::copy_n(text.data(), text.size(), bytes_.data() + end_);
        end_ += text.size();
    }
    std::size_t size() const { return end_ - kLongestVarint; }
    void append_to(std::string& out) const { out.append(bytes_.data() + kLongestVarint, size()); }
    void append_to(std::string& out, std::uint64_t length) {
        std::size_t from = kLongestVarint - varint_size(length);
        const std::size_t first = from;
        for (; length >= 0x80; length >>= 7) bytes_[from++] = static_cast<char>(length | 0x80);
        bytes_[from] = static_cast<char>(length);
        out.append(bytes_.data() + first, end_ - first);
    }

  private:
    std::array<char, 192> bytes_;  // a key of usual length among them
    std::size_t end_ = kLongestVarint;
};

void append_varint(std::string& out, std::uint64_t value) {
    Small small;
    small.varint(value);
    small.append_to(out);
}

std::size_t string_size(std::string_view text) { return varint_size(text.size()) + text.size(); }

std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

enum class Fault : std::uint8_t { none, cut, overlong, length, kind, partition, position, headers, value, trailing };

const char* text_of(Fault fault) {
    switch (fault) {
        case Fault::none:
            return "whole";
        case Fault::cut:
            return "cut short";
        case Fault::overlong:
            return "over-long varint";
        case Fault::length:
            return "a field is longer than the frame";
        case Fault::kind:
            return "unknown kind";
        case Fault::partition:
            return "partition out of range";
        case Fault::position:
            return "position out of range";
        case Fault::headers:
            return "more headers than bytes";
        case Fault::value:
            return "tombstone with a value";
        case Fault::trailing:
            return "bytes after the last field";
    }
    return "unknown fault";
}

Fault take_varint(std::string_view& bytes, std::uint64_t& value) {
    value = 0;
    for (std::size_t i = 0; i < kLongestVarint; ++i) {
        if (i == bytes.size()) return Fault::cut;
        const auto byte = static_cast<std::uint8_t>(bytes[i]);
        if (i == kLongestVarint - 1 && byte > 1) return Fault::overlong;
        value |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            if (byte == 0 && i > 0) return Fault::overlong;
            bytes.remove_prefix(i + 1);
            return Fault::none;
        }
    }
    return Fault::overlong;
}

Fault take_string(std::string_view& bytes, std::string_view& text) {
    std::uint64_t size = 0;
    if (const Fault fault = take_varint(bytes, size); fault != Fault::none) return fault;
    if (size > bytes.size()) return Fault::length;
    text = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return Fault::none;
}

Fault take_fixed_fields(std::string_view& bytes, Frame& frame) {
    if (bytes.empty()) return Fault::cut;
    const auto kind = static_cast<std::uint8_t>(bytes.front());
    if (kind < 1 || kind > 3) return Fault::kind;
    frame.kind = static_cast<FrameKind>(kind);
    bytes.remove_prefix(1);
    std::uint64_t value = 0;
    if (const Fault fault = take_varint(bytes, value); fault != Fault::none) return fault;
    if (value > std::numeric_limits<std::uint32_t>::max()) return Fault::partition;
    frame.partition = static_cast<std::uint32_t>(value);
    if (const Fault fault = take_varint(bytes, value); fault != Fault::none) return fault;
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return Fault::position;
    frame.position = static_cast<std::int64_t>(value);
    if (const Fault fault = take_varint(bytes, value); fault != Fault::none) return fault;
    frame.appended_at = Instant(milliseconds(unzigzag(value)));
    return Fault::none;
}

Fault take_headers(std::string_view& bytes, std::vector<Header>& headers) {
    headers.clear();
    std::uint64_t count = 0;
    if (const Fault fault = take_varint(bytes, count); fault != Fault::none) return fault;
    if (count > bytes.size() / 2) return Fault::headers;  // two lengths each, at the least
    for (std::uint64_t i = 0; i < count; ++i) {
        Header& header = headers.emplace_back();
        if (const Fault fault = take_string(bytes, header.name); fault != Fault::none) return fault;
        if (const Fault fault = take_string(bytes, header.value); fault != Fault::none) return fault;
    }
    return Fault::none;
}

Fault take_fields(std::string_view bytes, Frame& frame) {
    if (const Fault fault = take_fixed_fields(bytes, frame); fault != Fault::none) return fault;
    if (const Fault fault = take_string(bytes, frame.key); fault != Fault::none) return fault;
    if (const Fault fault = take_headers(bytes, frame.headers); fault != Fault::none) return fault;
    if (const Fault fault = take_string(bytes, frame.value); fault != Fault::none) return fault;
    if (!bytes.empty()) return Fault::trailing;
    return frame.kind == FrameKind::tombstone && !frame.value.empty() ? Fault::value : Fault::none;
}

}  // namespace

void append_frame(std::string& out, const Frame& frame) { append_frame(out, frame, frame.headers); }

void append_frame(std::string& out, const Frame& frame, std::span<const Header> headers) {
    ensure(frame.position >= 0, "a frame's position is not negative");
    ensure(frame.kind != FrameKind::tombstone || frame.value.empty(), "a tombstone has no value");
    Small small;
    small.byte(static_cast<std::uint8_t>(frame.kind));
    small.varint(frame.partition);
    small.varint(static_cast<std::uint64_t>(frame.position));
    small.varint(zigzag(frame.appended_at.time_since_epoch().count()));
    small.varint(frame.key.size());
    if (headers.empty() && small.has_room_for(frame.key.size() + 2 * kLongestVarint)) {  // most: in two pieces
        small.text(frame.key);
        small.varint(0);
        small.varint(frame.value.size());
        small.append_to(out, small.size() + frame.value.size());
        out.append(frame.value);
        return;
    }
    std::size_t size = small.size() + frame.key.size() + varint_size(headers.size()) + string_size(frame.value);
    for (const Header& header : headers) size += string_size(header.name) + string_size(header.value);
    small.append_to(out, size);
    out.append(frame.key);
    append_varint(out, headers.size());
    for (const Header& header : headers) {
        append_varint(out, header.name.size());
        out.append(header.name);
        append_varint(out, header.value.size());
        out.append(header.value);
    }
    append_varint(out, frame.value.size());
    out.append(frame.value);
}

Result<std::optional<std::size_t>> frame_size(std::string_view bytes) {
    const std::size_t had = bytes.size();
    std::uint64_t size = 0;
    const Fault fault = take_varint(bytes, size);
    if (fault == Fault::cut) return std::optional<std::size_t>();
    if (fault != Fault::none) return fail(Errc::corrupt, std::string("frame length: ") + text_of(fault));
    if (size > std::numeric_limits<std::size_t>::max() - kLongestVarint)
        return fail(Errc::corrupt, "frame length out of range");
    return std::optional<std::size_t>(had - bytes.size() + size);
}

Result<void> FrameReader::next(Frame& frame) {
    std::string_view rest = rest_;
    std::string_view fields;
    Fault fault = take_string(rest, fields);
    if (fault == Fault::length) fault = Fault::cut;
    if (fault == Fault::none) fault = take_fields(fields, frame);
    if (fault != Fault::none) {
        return fail(Errc::corrupt, "frame at byte " + std::to_string(offset()) + ": " + text_of(fault));
    }
    rest_ = rest;
    return {};
}

}  // namespace cellvigil::journal
