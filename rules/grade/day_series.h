// The worst value of each site-local calendar day of one analyte, in the order of days. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/base/quantity.h"
#include "rules/event/body.h"
#include "rules/grade/assessment.h"

namespace cellvigil {

struct DayValue {
    std::int32_t day = 0;  // since 1970
    RecordRef record;
    Quantity value;  // as reported; `comparator` says what it bounds
    Comparator comparator = Comparator::unspecified;
    bool severe = false;  // some value of the day is CTCAE 5.0 grade 3 or 4
    bool operator==(const DayValue&) const = default;
};

// The end of what a result can be that is worst for a count: "<0.1" is taken as just below 0.1, ">2" as just above 2.
Quantity as_bound(Quantity value, Comparator comparator);

enum class WorstOfDay : std::uint8_t { lowest, highest };

struct DaySeries {
    std::vector<DayValue> values;  // ascending days, one each

    bool note(const DayValue& value, WorstOfDay worst);  // false: the day is as it was
    const DayValue* on(std::int32_t day) const;
    const DayValue* last_up_to(std::int32_t day) const;
    const DayValue* first_from(std::int32_t day) const;
    bool any_within(std::int32_t first, std::int32_t last) const;
    void forget_within(std::int32_t from, std::int32_t until);  // from <= day < until
    bool operator==(const DaySeries&) const = default;
};

}  // namespace cellvigil
