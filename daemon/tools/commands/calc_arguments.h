// The arguments of one call of `cellvigilctl calc`: a JSON object, read by name and checked against a range. The first
// fault is kept with its field; a getter that finds one returns a harmless value, and the caller asks for the fault
// before it computes.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "rules/base/result.h"

namespace cellvigil::tools {

// Which numbers are possible. Both ends belong to it unless said otherwise.
struct Range {
    double least = 0;
    double most = 0;
    bool excludes_ends = false;
};
inline constexpr Range kAny{-1e300, 1e300};
inline constexpr Range kPositive{0, 1e300, true};
inline constexpr Range kNotNegative{0, 1e300};
inline constexpr Range kProbability{0, 1};
inline constexpr Range kInside{0, 1, true};  // a probability, neither 0 nor 1
inline constexpr Range kCount{0, 1'000'000'000};

class CalcArguments {
  public:
    static constexpr std::size_t kLongestList = 1'000'000;

    // `names`: those there are, an optional one followed by '?'. Another one in `given` is a fault.
    CalcArguments(const boost::json::object& given, std::string_view names);

    double number(std::string_view name, const Range& range);
    std::optional<double> optional_number(std::string_view name, const Range& range);
    std::int64_t integer(std::string_view name, const Range& range);  // 48 and 48.0, not 48.5
    std::optional<std::int64_t> optional_integer(std::string_view name, const Range& range);
    bool flag(std::string_view name);
    std::vector<double> numbers(std::string_view name, const Range& range);
    std::vector<std::int64_t> integers(std::string_view name, const Range& range);
    std::vector<bool> flags(std::string_view name);  // true and false, or 1 and 0
    // Rows of whole numbers; `columns`: how many each must have, 0: any.
    std::vector<std::vector<std::int64_t>> table(std::string_view name, const Range& range, std::size_t columns);
    // A list of objects, each with these members, as rows of whole numbers.
    std::vector<std::vector<std::int64_t>> records(std::string_view name,
                                                   std::initializer_list<std::string_view> members, const Range& range);
    // The value that belongs to the given word.
    template <typename T>
    T choice(std::string_view name, std::initializer_list<std::pair<std::string_view, T>> words) {
        const std::optional<std::string> word = text(name);
        std::string known;
        for (const auto& [text, value] : words) {
            if (word == text) return value;
            known += known.empty() ? "" : ", ";
            known += text;
        }
        if (word) blame(name, "is none of " + known);
        return words.begin()->second;
    }
    bool has(std::string_view name) const;       // given, and not null
    bool has_list(std::string_view name) const;  // given as a list
    bool is_declared(std::string_view name) const;

    // A fault of the caller's own, if `holds` is false: `what` reads after the field's name.
    void require(bool holds, std::string_view name, std::string_view what);
    const std::optional<Error>& fault() const { return fault_; }

  private:
    const boost::json::value* find(std::string_view name);  // nullptr: a fault was noted
    std::optional<std::string> text(std::string_view name);
    std::optional<double> number_in(const boost::json::value& value, std::string_view name, const Range& range,
                                    bool is_whole);
    const boost::json::array* list(std::string_view name);
    void blame(std::string_view name, const std::string& what);

    const boost::json::object& given_;
    std::string_view names_;
    std::optional<Error> fault_;
};

}  // namespace cellvigil::tools
