// How SDTM writes dates and results. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "rules/base/quantity.h"
#include "rules/base/result.h"
#include "rules/base/time.h"
#include "rules/event/body.h"

namespace cellvigil::import {

// ISO 8601 as SDTM uses it: "2014-01-16T13:17", "2014-01-16", "2014-01", "2014", with an offset or without (then the
// site's). The precision is what was written. nullopt: empty, an unknown part in the middle ("2014---15"), or not a
// date.
std::optional<EffectiveTime> read_date(std::string_view text, UtcOffset site_offset);

// "3.8", "<0.2", ">= 100". nullopt: not a number.
struct Amount {
    Quantity value;
    Comparator comparator = Comparator::unspecified;
};
std::optional<Amount> read_amount(std::string_view text);

}  // namespace cellvigil::import
