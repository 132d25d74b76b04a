// The simulator's own random numbers: xoshiro256** seeded through splitmix64, and the distributions it needs, because
// the standard library's differ from one library to the next. The same seed gives the same draws; separate streams keep
// one part of a subject's course from shifting another. Not thread-safe; one object per stream.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace cellvigil::simulate {

// A log-normal distribution by its median and the standard deviation of the logarithm.
struct Lognormal {
    double median = 1;
    double sigma = 0;
};

// [from, until)
struct Span {
    double from = 0;
    double until = 1;
};

class Random {
  public:
    explicit Random(std::uint64_t seed);
    // An independent stream for a subject and a purpose under one seed.
    static Random stream(std::uint64_t seed, std::uint64_t subject, std::uint64_t purpose);

    std::uint64_t next();
    double uniform();                          // [0, 1)
    double uniform(Span span);                 // [from, until)
    std::uint32_t below(std::uint32_t count);  // 0..count-1; count > 0
    int integer(int first, int last);          // both included; first <= last
    bool chance(double probability);
    double normal(double mean, double sd);
    double lognormal(Lognormal shape);
    double exponential(double mean);           // mean > 0
    double gamma(double shape, double scale);  // both > 0
    // An index with probability proportional to its weight; the weights are not all zero.
    std::size_t pick(std::span<const double> weights);

  private:
    std::array<std::uint64_t, 4> state_{};
    double spare_ = 0;
    bool has_spare_ = false;
};

}  // namespace cellvigil::simulate
