// When prophylaxis may stop, as one protocol or site says: sources disagree, so every alert names the policy that it
// followed. Pure values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rules/base/quantity.h"

namespace cellvigil {

enum class ProphylaxisKind : std::uint8_t { antiviral, pneumocystis, immunoglobulin, zoster_vaccine };
const char* name_of(ProphylaxisKind kind);

// Unknown CD4 is never "above".
struct ProphylaxisPolicy {
    std::string id;
    ProphylaxisKind kind = ProphylaxisKind::antiviral;
    std::int32_t from_day = 0;
    std::int32_t at_least_until_day = 0;
    std::optional<Quantity> cd4_above;  // 10*9/L; absent: no CD4 condition
    bool both = true;                   // the day and CD4; false: either
    std::int32_t cd4_tests = 2;  // so many, at least cd4_apart_days apart, the last not older than cd4_valid_days
    std::int32_t cd4_apart_days = 28;
    std::int32_t cd4_valid_days = 90;
    std::int32_t free_of_episode_days = 180;
    std::string source;
    bool operator==(const ProphylaxisPolicy&) const = default;
};

}  // namespace cellvigil
