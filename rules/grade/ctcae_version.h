// Which versions of CTCAE are graded for a subject: none, one, or both beside each other. Pure.
#pragma once

#include <array>

#include "rules/base/bit_set.h"
#include "rules/event/body.h"

namespace cellvigil {

inline constexpr bool is_ctcae(Scale scale) { return scale == Scale::ctcae_5_0 || scale == Scale::ctcae_6_0; }

// Suspicions and registrations are said under the CTCAE version graded for the subject, the older one of two;
// unspecified: neither is.
inline Scale first_ctcae(BitSet<Scale> scales) {
    if (scales.has(Scale::ctcae_5_0)) return Scale::ctcae_5_0;
    return scales.has(Scale::ctcae_6_0) ? Scale::ctcae_6_0 : Scale::unspecified;
}

// Every CTCAE version graded for the subject, the older first; to be looped over.
struct CtcaeChosen {
    std::array<Scale, 2> scales{};
    std::size_t count = 0;
    const Scale* begin() const { return scales.data(); }
    const Scale* end() const { return scales.data() + count; }
};
inline CtcaeChosen ctcae_of(BitSet<Scale> scales) {
    CtcaeChosen chosen;
    for (const Scale scale : {Scale::ctcae_5_0, Scale::ctcae_6_0}) {
        if (scales.has(scale)) chosen.scales[chosen.count++] = scale;
    }
    return chosen;
}

}  // namespace cellvigil
