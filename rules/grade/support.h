// What carries a blood count for a while: transfusions, growth factors, immunoglobulin. Days are site-local calendar
// days since 1970. A course that was started and neither stopped nor given an end goes on. Source:
// docs/clinical/recoveries.md. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "rules/base/bit_set.h"
#include "rules/pack/rule_set.h"
#include "rules/timeline/fact.h"

namespace cellvigil {

// clang-format off
enum class Support : std::uint8_t { red_cells, platelets, filgrastim, pegfilgrastim, tpo_agonist, immunoglobulin };
// clang-format on
inline constexpr std::size_t kSupports = static_cast<std::size_t>(Support::immunoglobulin) + 1;
using SupportSet = BitSet<Support>;
inline constexpr SupportSet kGrowthFactors{Support::filgrastim, Support::pegfilgrastim};
inline constexpr SupportSet kPlateletSupport{Support::platelets, Support::tpo_agonist};
inline constexpr SupportSet kCountSupport{Support::red_cells, Support::platelets, Support::filgrastim,
                                          Support::pegfilgrastim, Support::tpo_agonist};

// nullopt: no support, or its kind is not known (a transfusion without a product, a growth factor without an agent
// counts as filgrastim).
std::optional<Support> support_of(const Fact& fact);
// A value less than this many days after the last day of the support may be carried by it.
std::int32_t carries_for(Support what, const CountsRules& rules);

inline std::int32_t absolute_day(SiteDate date) { return static_cast<std::int32_t>(date.time_since_epoch().count()); }

struct SupportSpan {
    Support what = Support::red_cells;
    std::int32_t first = 0;
    std::int32_t last = 0;  // kGoesOn: not ended
    RecordRef record;
    static constexpr std::int32_t kGoesOn = INT32_MAX;
    bool operator==(const SupportSpan&) const = default;
};

// Every span, in the order of its first day as told.
struct SupportSpans {
    std::vector<SupportSpan> spans;

    // `offset`: of the site, by which days are counted.
    void observe(const Fact& fact, UtcOffset offset);
    void forget_before(std::int32_t day);  // spans that ended before it
    // The latest span that may carry a value of `day`; nullptr: the value stands by itself.
    const SupportSpan* carrying(SupportSet which, std::int32_t day, const CountsRules& rules) const;
    std::int32_t days_given(SupportSet which, std::int32_t first, std::int32_t last) const;
    bool operator==(const SupportSpans&) const = default;
};

// Only the latest of each kind: enough to judge values as they come, in the order of time.
struct LatestSupport {
    struct Last {
        std::int32_t day = INT32_MIN;  // kGoesOn: not ended
        RecordRef record;
        bool operator==(const Last&) const = default;
    };
    std::array<Last, kSupports> last{};

    void observe(const Fact& fact, UtcOffset offset);
    bool carries(SupportSet which, std::int32_t day, const CountsRules& rules) const;
    bool operator==(const LatestSupport&) const = default;
};

}  // namespace cellvigil
