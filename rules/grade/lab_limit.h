// Is a result above or below a limit? A result with a comparator is known only so far: "<150" is below 150 and leaves
// 100 open. nullopt: cannot be told. Strict: equal to the limit is neither. Pure.
#pragma once

#include <optional>
#include <variant>

#include "rules/timeline/fact.h"

namespace cellvigil {

inline bool is_upper_bound(Comparator comparator) {
    return comparator == Comparator::less || comparator == Comparator::less_or_equal;
}
inline bool is_lower_bound(Comparator comparator) {
    return comparator == Comparator::greater || comparator == Comparator::greater_or_equal;
}

inline std::optional<bool> is_above(const Fact& fact, Quantity limit) {
    if (!fact.has_value) return std::nullopt;
    if (is_upper_bound(fact.comparator)) return fact.value <= limit ? std::optional(false) : std::nullopt;
    if (!is_lower_bound(fact.comparator)) return fact.value > limit;
    const bool above = fact.comparator == Comparator::greater ? fact.value >= limit : fact.value > limit;
    return above ? std::optional(true) : std::nullopt;
}

inline std::optional<bool> is_below(const Fact& fact, Quantity limit) {
    if (!fact.has_value) return std::nullopt;
    if (is_lower_bound(fact.comparator)) return fact.value >= limit ? std::optional(false) : std::nullopt;
    if (!is_upper_bound(fact.comparator)) return fact.value < limit;
    const bool below = fact.comparator == Comparator::less ? fact.value <= limit : fact.value < limit;
    return below ? std::optional(true) : std::nullopt;
}

inline std::optional<Quantity> reference_high_of(const Fact& fact) {
    const auto* observation = fact.body == nullptr ? nullptr : std::get_if<Observation>(fact.body);
    return observation == nullptr ? std::nullopt : observation->reference_high;
}
inline std::optional<Quantity> reference_low_of(const Fact& fact) {
    const auto* observation = fact.body == nullptr ? nullptr : std::get_if<Observation>(fact.body);
    return observation == nullptr ? std::nullopt : observation->reference_low;
}
inline Quantity times(Quantity amount, std::int64_t factor) { return {amount.micro * factor}; }

// Suspicions and registrations are said under the CTCAE version graded for the subject, the older one of two;
// unspecified: neither is.
inline Scale first_ctcae(BitSet<Scale> scales) {
    if (scales.has(Scale::ctcae_5_0)) return Scale::ctcae_5_0;
    return scales.has(Scale::ctcae_6_0) ? Scale::ctcae_6_0 : Scale::unspecified;
}

}  // namespace cellvigil
