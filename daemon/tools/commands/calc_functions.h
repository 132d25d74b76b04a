// The functions of `cellvigilctl calc`, by family: each reads its arguments, checks them and calls rules/stats. They
// decide nothing of their own.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "daemon/tools/commands/calc_arguments.h"
#include "rules/base/result.h"
#include "rules/stats/interval.h"

namespace cellvigil::tools {

using CalcResult = Result<boost::json::value>;

struct CalcFunction {
    std::string_view name;
    std::string_view arguments;  // names, an optional one followed by '?'
    CalcResult (*compute)(CalcArguments& in);
};

std::span<const CalcFunction> binary_functions();
std::span<const CalcFunction> binary_rule_functions();
std::span<const CalcFunction> borrowing_functions();
std::span<const CalcFunction> person_time_functions();
std::span<const CalcFunction> person_time_rule_functions();
std::span<const CalcFunction> time_to_event_functions();
std::span<const CalcFunction> disproportionality_functions();
std::span<const CalcFunction> site_functions();
std::span<const CalcFunction> multiplicity_functions();

// The answer of one function. Undefined is null. Fails with not_found for a name there is none of, with invalid for
// arguments that are missing, unknown, of another type or impossible, and when a result is beyond the range of double.
CalcResult calculate(std::string_view function, const boost::json::object& arguments);

inline boost::json::value json_of(std::optional<double> number) {
    return number ? boost::json::value(*number) : boost::json::value(nullptr);
}
inline boost::json::value json_of(const Interval& interval) {
    return boost::json::array{interval.lower, interval.upper};
}
// Two nulls when nothing can be said.
inline boost::json::value json_of(const std::optional<Interval>& interval) {
    return interval ? json_of(*interval) : boost::json::array{nullptr, nullptr};
}
template <typename Numbers>
boost::json::array json_list(const Numbers& numbers) {
    boost::json::array list;
    for (const auto& number : numbers) list.emplace_back(number);
    return list;
}

}  // namespace cellvigil::tools
