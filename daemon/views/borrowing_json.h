// A cohort beside its reference profile, as JSON: the same in the API's signals and in reports. What cannot be said is
// null. Pure.
#pragma once

#include <optional>

#include <boost/json/value.hpp>

#include "rules/cohort/borrowing.h"

namespace cellvigil::views {

// null: the monitor names no reference.
boost::json::value borrowing_json(const std::optional<Borrowing>& borrowing);

}  // namespace cellvigil::views
