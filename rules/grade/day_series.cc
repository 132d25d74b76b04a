#include "rules/grade/day_series.h"

#include <algorithm>

namespace cellvigil {
namespace {

bool before(const DayValue& value, std::int32_t day) { return value.day < day; }

}  // namespace

Quantity as_bound(Quantity value, Comparator comparator) {
    if (comparator == Comparator::less) return {value.micro - 1};
    return comparator == Comparator::greater ? Quantity{value.micro + 1} : value;
}

bool DaySeries::note(const DayValue& value, WorstOfDay worst) {
    const auto place = std::lower_bound(values.begin(), values.end(), value.day, before);
    if (place == values.end() || place->day != value.day) {
        values.insert(place, value);
        return true;
    }
    const Quantity held = as_bound(place->value, place->comparator);
    const Quantity told = as_bound(value.value, value.comparator);
    const bool severe = place->severe || value.severe;
    const bool worse = worst == WorstOfDay::lowest ? told < held : told > held;
    const bool changed = worse || severe != place->severe;
    if (worse) *place = value;
    place->severe = severe;
    return changed;
}

const DayValue* DaySeries::on(std::int32_t day) const {
    const auto place = std::lower_bound(values.begin(), values.end(), day, before);
    return place != values.end() && place->day == day ? &*place : nullptr;
}

const DayValue* DaySeries::last_up_to(std::int32_t day) const {
    const auto place = std::lower_bound(values.begin(), values.end(), day + 1, before);
    return place == values.begin() ? nullptr : &*(place - 1);
}

const DayValue* DaySeries::first_from(std::int32_t day) const {
    const auto place = std::lower_bound(values.begin(), values.end(), day, before);
    return place == values.end() ? nullptr : &*place;
}

bool DaySeries::any_within(std::int32_t first, std::int32_t last) const {
    const DayValue* found = first_from(first);
    return found != nullptr && found->day <= last;
}

void DaySeries::forget_within(std::int32_t from, std::int32_t until) {
    std::erase_if(values, [&](const DayValue& value) { return value.day >= from && value.day < until; });
}

}  // namespace cellvigil
