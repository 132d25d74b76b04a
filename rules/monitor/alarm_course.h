// What the looks, one after the other, tell of a monitor's latched alarm. An acknowledgement is of what was known then:
// an alarm that had ended and is crossed again, or that further subjects have joined, is everybody's again. A function
// of the looks' counts alone, so whoever takes them tells the same. HOUSE: `refire` of the rule set;
// docs/alert-lifecycle.md. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/pack/rule_set.h"

namespace cellvigil {

enum class Telling : std::uint8_t {
    nothing,
    crossed,  // which it was not at the look before
    further,  // crossed still, by so many further events that it fires again
    ended,    // no longer crossed: a correction
};

struct AlarmCourse {
    bool crossed = false;
    // Events with which it last fired; nullopt: not crossed, or told before this was kept, so the next look's number.
    std::optional<std::int64_t> told;
    bool operator==(const AlarmCourse&) const = default;
};

// Further events that fire a crossed alarm again: `refire.events`, or `refire.percent` of `told` (rounded
// down) where that is more.
std::int64_t further_needed(std::int64_t told, const RefireRules& rules);

// Takes the next look in. Events that go and come back up to `told` are not further ones.
Telling tell(AlarmCourse& course, bool crossed, std::int64_t events, const RefireRules& rules);

}  // namespace cellvigil
