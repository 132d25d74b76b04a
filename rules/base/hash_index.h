// From a 64-bit hash to a place in a table; the caller confirms each candidate, so that equal hashes do no harm. Open
// addressing, grows by doubling, never shrinks. Values are below 2^32 - 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rules/base/fetch_ahead.h"

namespace cellvigil {

class HashIndex {
  public:
    static constexpr std::uint32_t kAbsent = 0xffffffff;

    // The first value under `hash` that `is_it` confirms, else kAbsent.
    template <typename IsIt>
    std::uint32_t find(std::uint64_t hash, IsIt is_it) const {
        if (slots_.empty()) return kAbsent;
        const std::uint32_t tag = tag_of(hash);
        for (std::size_t at = tag & mask();; at = (at + 1) & mask()) {
            const Slot slot = slots_[at];
            if (slot.value == kAbsent) return kAbsent;
            if (slot.tag == tag && is_it(slot.value)) return slot.value;
        }
    }

    void insert(std::uint64_t hash, std::uint32_t value) {
        if ((size_ + 1) * 3 > slots_.size() * 2) grow();
        put(slots_, {tag_of(hash), value});
        ++size_;
    }

    // The first value under `hash` that `is_it` confirms; where there is none `value` is inserted, and it is kAbsent.
    template <typename IsIt>
    std::uint32_t find_or_insert(std::uint64_t hash, IsIt is_it, std::uint32_t value) {
        if ((size_ + 1) * 3 > slots_.size() * 2) grow();
        const std::uint32_t tag = tag_of(hash);
        Slot* const slots = slots_.data();
        const std::size_t last = mask();
        for (std::size_t at = tag & last;; at = (at + 1) & last) {
            Slot& slot = slots[at];
            if (slot.value == kAbsent) {
                slot = {tag, value};
                ++size_;
                return kAbsent;
            }
            if (slot.tag == tag && is_it(slot.value)) return slot.value;
        }
    }

    // Replaces the first value under `hash` that `is_it` confirms.
    template <typename IsIt>
    void replace(std::uint64_t hash, IsIt is_it, std::uint32_t value) {
        const std::uint32_t tag = tag_of(hash);
        for (std::size_t at = tag & mask(); slots_[at].value != kAbsent; at = (at + 1) & mask()) {
            if (slots_[at].tag == tag && is_it(slots_[at].value)) {
                slots_[at].value = value;
                return;
            }
        }
    }

    // Asks for the memory that find() and insert() will touch first.
    void prefetch(std::uint64_t hash) const {
        if (!slots_.empty()) fetch_ahead(&slots_[tag_of(hash) & mask()]);
    }
    std::size_t size() const { return size_; }
    std::size_t memory_bytes() const { return slots_.capacity() * sizeof(Slot); }

  private:
    // Half of the hash is enough to place and to tell apart, as candidates are confirmed; it keeps a slot at eight
    // bytes, and a table is as fast as little of it has to come from memory.
    struct Slot {
        std::uint32_t tag = 0;
        std::uint32_t value = kAbsent;
    };
    std::size_t mask() const { return slots_.size() - 1; }
    static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }

    static void put(std::vector<Slot>& slots, Slot slot) {
        const std::size_t last = slots.size() - 1;
        std::size_t at = slot.tag & last;
        while (slots[at].value != kAbsent) at = (at + 1) & last;
        slots[at] = slot;
    }
    void grow() {
        std::vector<Slot> bigger(slots_.empty() ? 16 : slots_.size() * 2);
        for (const Slot& slot : slots_) {
            if (slot.value != kAbsent) put(bigger, slot);
        }
        slots_ = std::move(bigger);
    }

    std::vector<Slot> slots_;
    std::size_t size_ = 0;
};

}  // namespace cellvigil
