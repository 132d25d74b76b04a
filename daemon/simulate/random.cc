#include "daemon/simulate/random.h"

#include <bit>
#include <cmath>
#include <numbers>

#include "rules/base/ensure.h"

namespace cellvigil::simulate {
namespace {

std::uint64_t splitmix(std::uint64_t& state) {
    state += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31U);
}

}  // namespace

Random::Random(std::uint64_t seed) {
    for (std::uint64_t& word : state_) word = splitmix(seed);
}

Random Random::stream(std::uint64_t seed, std::uint64_t subject, std::uint64_t purpose) {
    std::uint64_t mixed = seed;
    std::uint64_t mark = splitmix(mixed) ^ (subject * 0xD1342543DE82EF95ULL);
    mark = splitmix(mark) ^ (purpose * 0xDA942042E4DD58B5ULL);
    return Random(splitmix(mark));
}

std::uint64_t Random::next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

double Random::uniform() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

double Random::uniform(Span span) { return span.from + (span.until - span.from) * uniform(); }

std::uint32_t Random::below(std::uint32_t count) {
    ensure(count > 0, "a choice needs something to choose from");
    return static_cast<std::uint32_t>(((next() >> 32U) * count) >> 32U);
}

int Random::integer(int first, int last) {
    ensure(first <= last, "the first is not after the last");
    return first + static_cast<int>(below(static_cast<std::uint32_t>(last - first + 1)));
}

bool Random::chance(double probability) { return uniform() < probability; }

double Random::normal(double mean, double sd) {
    if (has_spare_) {
        has_spare_ = false;
        return mean + sd * spare_;
    }
    const double radius = std::sqrt(-2 * std::log(1 - uniform()));
    const double angle = 2 * std::numbers::pi * uniform();
    spare_ = radius * std::sin(angle);
    has_spare_ = true;
    return mean + sd * radius * std::cos(angle);
}

double Random::lognormal(Lognormal shape) { return shape.median * std::exp(normal(0, shape.sigma)); }

double Random::exponential(double mean) { return -mean * std::log(1 - uniform()); }

// Marsaglia and Tsang 2000; below shape 1 through shape + 1.
double Random::gamma(double shape, double scale) {
    ensure(shape > 0 && scale > 0, "a gamma distribution has a positive shape and scale");
    const double thinned = shape < 1 ? std::pow(1 - uniform(), 1 / shape) : 1;
    const double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;
    const double c = 1 / std::sqrt(9 * d);
    while (true) {
        const double x = normal(0, 1);
        const double v = std::pow(1 + c * x, 3);
        if (v <= 0) continue;
        if (std::log(1 - uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v * scale * thinned;
    }
}

std::size_t Random::pick(std::span<const double> weights) {
    double total = 0;
    for (const double weight : weights) total += weight;
    double rest = uniform() * total;
    for (std::size_t index = 0; index + 1 < weights.size(); ++index) {
        if (rest < weights[index]) return index;
        rest -= weights[index];
    }
    return weights.size() - 1;
}

}  // namespace cellvigil::simulate
