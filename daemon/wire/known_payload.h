// Observations as messages had them, with what they say: the next one of the same code and unit most often differs in
// the number and the panel only, and comparing the rest is cheaper than reading it. A fixed table; what is crowded out
// costs the reading, nothing else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "daemon/wire/sent.h"
#include "rules/base/short_bytes.h"

namespace cellvigil::wire {

class KnownPayload {
  public:
    KnownPayload() = default;
    KnownPayload(const KnownPayload&) = delete;  // `sent_` points into it
    KnownPayload& operator=(const KnownPayload&) = delete;

    // `bytes` is an observation as a serialiser writes it, `sent` what it says, its texts being parts of `bytes`.
    // False, and nothing changes: not one that can be remembered, whose code comes first, then a number other than 0,
    // the panel last, and which is not long.
    bool remember(std::string_view bytes, const SentObservation& sent) {
        const std::size_t value_at = value_place(bytes);
        const std::size_t size = size_without_panel(bytes, sent);
        if (value_at == 0 || value_at + kValue > size || size > bytes_.size()) return false;
        if (std::memcmp(bytes.data() + value_at, &sent.value, kValue) != 0) return false;
        std::memcpy(bytes_.data(), bytes.data(), size);
        sent_ = sent;
        sent_.panel = {};
        for (std::string_view* text : {&sent_.unit, &sent_.code.system, &sent_.code.code, &sent_.code.version,
                                       &sent_.code.display, &sent_.not_done_reason}) {
            if (!text->empty()) *text = {bytes_.data() + (text->data() - bytes.data()), text->size()};
        }
        value_at_ = static_cast<std::uint8_t>(value_at);
        size_ = static_cast<std::uint8_t>(size);
        return true;
    }
    void forget() { size_ = 0; }

    // Are these bytes like it, up to the number and what follows size()?
    bool is(std::string_view bytes) const {
        return size_ != 0 && bytes.size() >= size_ && same_short(bytes.data(), {bytes_.data(), value_at_}) &&
               same_short(bytes.data() + value_at_ + kValue,
                          {bytes_.data() + value_at_ + kValue, size_ - (value_at_ + kValue)});
    }
    std::size_t size() const { return size_; }
    // What bytes like it say but for the number and the panel; its texts are parts of this object.
    const SentObservation& said() const { return sent_; }
    // The number of bytes like it. False: it is 0, which a serialiser does not write.
    bool tell(std::string_view bytes, double& value) const {
        std::uint64_t bits = 0;
        std::memcpy(&bits, bytes.data() + value_at_, kValue);
        std::memcpy(&value, &bits, kValue);
        return bits != 0;
    }

    // Tells codes and units apart; of bytes that cannot be remembered anything.
    static std::uint32_t hash(std::string_view bytes) {
        if (bytes.size() < kShortest) return 0;
        const std::size_t end = 2U + static_cast<unsigned char>(bytes[1]);  // of the code
        if (end < 4 || end + 2 > bytes.size()) return 0;
        std::uint32_t last = 0;
        std::memcpy(&last, bytes.data() + end - 4, 4);
        return ((last + static_cast<unsigned char>(bytes[end + 1])) * 0x9E3779B1U) >> 16U;
    }

  private:
    static constexpr std::size_t kValue = 8;
    static constexpr std::size_t kShortest = 8;
    // 0: not where it is looked for.
    static std::size_t value_place(std::string_view bytes) {
        constexpr char kCodeTag = 1 << 3 | 2;
        constexpr char kQuantityTag = 2 << 3 | 2;
        constexpr char kValueTag = 1 << 3 | 1;
        if (bytes.size() < kShortest || bytes[0] != kCodeTag) return 0;
        const std::size_t end = 2U + static_cast<unsigned char>(bytes[1]);
        if (end >= 0x82 || end + 3 + kValue > bytes.size()) return 0;
        return bytes[end] == kQuantityTag && bytes[end + 2] == kValueTag ? end + 3 : 0;
    }
    // 0: the panel is not the last field.
    static std::size_t size_without_panel(std::string_view bytes, const SentObservation& sent) {
        constexpr std::size_t kTagAndSize = 2;
        constexpr std::size_t kLongest = 127;  // whose size is one byte
        if (sent.panel.empty()) return bytes.size();
        const bool last = sent.panel.data() + sent.panel.size() == bytes.data() + bytes.size();
        return last && sent.panel.size() <= kLongest ? bytes.size() - sent.panel.size() - kTagAndSize : 0;
    }

    std::array<char, 160> bytes_{};
    std::uint8_t size_ = 0;
    std::uint8_t value_at_ = 0;
    SentObservation sent_;
};

class KnownPayloads {
  public:
    static constexpr std::size_t kPlaces = 256;
    static constexpr std::size_t kNowhere = kPlaces;
    // The place of one that these bytes are like; kNowhere: of none. `speaker` tells apart who means different things
    // by the same bytes; only the place depends on it.
    std::size_t find(std::string_view bytes, std::size_t speaker) const {
        const std::size_t first = place_of(bytes, speaker);
        if (payloads_[first].is(bytes)) return first;
        return payloads_[first ^ 1U].is(bytes) ? first ^ 1U : kNowhere;
    }
    const KnownPayload& at(std::size_t place) const { return payloads_[place]; }
    // What a message like the one at `place` says, of which the number and the panel are there.
    void complete(std::size_t place, SentObservation& sent) const {
        const double value = sent.value;
        const std::string_view panel = sent.panel;
        sent = payloads_[place].said();
        sent.value = value;
        sent.panel = panel;
    }
    // See KnownPayload::remember; its place, or kNowhere.
    std::size_t remember(std::string_view bytes, std::size_t speaker, const SentObservation& sent) {
        std::size_t place = place_of(bytes, speaker);
        if (payloads_[place].size() != 0) place ^= 1U;
        return payloads_[place].remember(bytes, sent) ? place : kNowhere;
    }
    void clear() {
        for (KnownPayload& payload : payloads_) payload.forget();
    }

  private:
    static std::size_t place_of(std::string_view bytes, std::size_t speaker) {
        return (KnownPayload::hash(bytes) + 2 * speaker) % kPlaces;
    }
    std::array<KnownPayload, kPlaces> payloads_;
};

}  // namespace cellvigil::wire
