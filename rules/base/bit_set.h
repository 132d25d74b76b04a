// A small set of enumerators as bits. Pure.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace cellvigil {

template <typename Enum, std::size_t Words = 1>
class BitSet {
  public:
    constexpr BitSet() = default;
    constexpr BitSet(std::initializer_list<Enum> members) {
        for (const Enum member : members) add(member);
    }
    constexpr void add(Enum member) { words_[word_of(member)] |= mask_of(member); }
    constexpr void add(const BitSet& others) {
        for (std::size_t i = 0; i < Words; ++i) words_[i] |= others.words_[i];
    }
    constexpr void remove(Enum member) { words_[word_of(member)] &= ~mask_of(member); }
    constexpr bool has(Enum member) const { return (words_[word_of(member)] & mask_of(member)) != 0; }
    constexpr bool empty() const { return words_ == std::array<std::uint64_t, Words>{}; }
    // The members as numbers, the first 64 enumerators in the first word.
    constexpr const std::array<std::uint64_t, Words>& words() const { return words_; }
    static constexpr BitSet of_words(const std::array<std::uint64_t, Words>& words) {
        BitSet set;
        set.words_ = words;
        return set;
    }
    auto operator<=>(const BitSet&) const = default;

  private:
    static constexpr std::size_t word_of(Enum member) { return static_cast<std::size_t>(member) / 64; }
    static constexpr std::uint64_t mask_of(Enum member) {
        return std::uint64_t{1} << (static_cast<unsigned>(member) % 64);
    }
    std::array<std::uint64_t, Words> words_{};
};

}  // namespace cellvigil
