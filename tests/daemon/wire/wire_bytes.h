// Protobuf bytes written by hand, right or wrong on purpose; and mutations of bytes. Seeded, so that a failure can be
// repeated.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace cellvigil::wire::bytes {

std::string varint(std::uint64_t value);
std::string overlong(std::uint64_t value, int extra);  // the same value in `extra` bytes more
std::string tag(std::uint32_t number, std::uint32_t type);
std::string number(std::uint32_t field, std::uint64_t value);
std::string zigzag(std::uint32_t field, std::int64_t value);
std::string chunk(std::uint32_t field, std::string_view content);
std::string fixed(std::uint32_t field, double value);

class Random {
  public:
    explicit Random(std::uint64_t seed) : source_(seed) {}
    std::uint64_t operator()() { return source_(); }
    std::uint64_t calm = 1;  // deviations are so many times rarer

  private:
    std::mt19937_64 source_;
};
std::uint64_t below(Random& random, std::uint64_t limit);
bool one_in(Random& random, std::uint64_t n);

// An envelope with an observation: mostly as a producer writes it, sometimes with fields in another order, twice,
// missing, with defaults, long varints, foreign fields, other payloads, text that is not ASCII or not UTF-8.
std::string random_envelope(Random& random);
// A few bytes changed, inserted, taken out, doubled or cut.
std::string mutated(std::string bytes, Random& random);

}  // namespace cellvigil::wire::bytes
