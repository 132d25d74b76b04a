#include "daemon/tools/commands/calc_arguments.h"

#include <cmath>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "rules/base/ensure.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

std::vector<std::string_view> words_of(std::string_view names) {
    std::vector<std::string_view> words;
    while (!names.empty()) {
        const std::size_t end = std::min(names.find(' '), names.size());
        if (end > 0) words.push_back(names.substr(0, end));
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    return words;
}

std::string_view without_mark(std::string_view word) {
    if (word.ends_with('?')) word.remove_suffix(1);
    return word;
}

std::string described(const Range& range, bool is_whole) {
    std::string text = is_whole ? "a whole number" : "a number";
    if (range.least > -1e299) text += fmt::format(", {} {}", range.excludes_ends ? "above" : "at least", range.least);
    if (range.most < 1e299) text += fmt::format(", {} {}", range.excludes_ends ? "below" : "at most", range.most);
    return text;
}

}  // namespace

CalcArguments::CalcArguments(const json::object& given, std::string_view names) : given_(given), names_(names) {
    for (const auto& member : given) {
        if (!is_declared(member.key())) {
            blame(member.key(), fmt::format("is no argument of this function; it takes {}", names));
            return;
        }
    }
}

bool CalcArguments::is_declared(std::string_view name) const {
    for (const std::string_view word : words_of(names_)) {
        if (without_mark(word) == name) return true;
    }
    return false;
}

void CalcArguments::blame(std::string_view name, const std::string& what) {
    if (!fault_) fault_ = Error{Errc::invalid, fmt::format("argument '{}' {}", name, what)};
}

void CalcArguments::require(bool holds, std::string_view name, std::string_view what) {
    if (!holds) blame(name, std::string(what));
}

bool CalcArguments::has(std::string_view name) const {
    const json::value* value = given_.if_contains(name);
    return value != nullptr && !value->is_null();
}

bool CalcArguments::has_list(std::string_view name) const { return has(name) && given_.at(name).is_array(); }

const json::value* CalcArguments::find(std::string_view name) {
    ensure(is_declared(name), "a function reads the arguments it declares");
    const json::value* value = given_.if_contains(name);
    if (value == nullptr) blame(name, "is missing");
    return value;
}

std::optional<std::string> CalcArguments::text(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_string()) {
        blame(name, "must be a word");
        return std::nullopt;
    }
    return std::string(value->get_string());
}

std::optional<double> CalcArguments::number_in(const json::value& value, std::string_view name, const Range& range,
                                               bool is_whole) {
    double number = 0;
    bool is_fine = value.is_number();
    if (is_fine) {
        number = value.is_double()  ? value.get_double()
                 : value.is_int64() ? static_cast<double>(value.get_int64())
                                    : static_cast<double>(value.get_uint64());
        is_fine = range.excludes_ends ? number > range.least && number < range.most
                                      : number >= range.least && number <= range.most;
        is_fine = is_fine && (!is_whole || number == std::floor(number));
    }
    if (is_fine) return number;
    blame(name, "must be " + described(range, is_whole));
    return std::nullopt;
}

double CalcArguments::number(std::string_view name, const Range& range) {
    const json::value* value = find(name);
    return value == nullptr ? range.least : number_in(*value, name, range, false).value_or(range.least);
}

std::optional<double> CalcArguments::optional_number(std::string_view name, const Range& range) {
    if (!has(name)) return std::nullopt;
    return number_in(*find(name), name, range, false);
}

std::int64_t CalcArguments::integer(std::string_view name, const Range& range) {
    const json::value* value = find(name);
    return static_cast<std::int64_t>(value == nullptr ? range.least
                                                      : number_in(*value, name, range, true).value_or(range.least));
}

std::optional<std::int64_t> CalcArguments::optional_integer(std::string_view name, const Range& range) {
    if (!has(name)) return std::nullopt;
    const std::optional<double> number = number_in(*find(name), name, range, true);
    return number ? std::optional(static_cast<std::int64_t>(*number)) : std::nullopt;
}

bool CalcArguments::flag(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) return false;
    if (!value->is_bool()) blame(name, "must be true or false");
    return value->is_bool() && value->get_bool();
}

const json::array* CalcArguments::list(std::string_view name) {
    const json::value* value = find(name);
    if (value == nullptr) return nullptr;
    if (!value->is_array()) {
        blame(name, "must be a list");
        return nullptr;
    }
    if (value->get_array().size() > kLongestList) {
        blame(name, fmt::format("is longer than {}", kLongestList));
        return nullptr;
    }
    return &value->get_array();
}

std::vector<double> CalcArguments::numbers(std::string_view name, const Range& range) {
    std::vector<double> result;
    const json::array* values = list(name);
    if (values == nullptr) return result;
    for (std::size_t i = 0; i < values->size(); ++i) {
        const auto number = number_in((*values)[i], fmt::format("{}[{}]", name, i), range, false);
        if (!number) break;
        result.push_back(*number);
    }
    return result;
}

std::vector<std::int64_t> CalcArguments::integers(std::string_view name, const Range& range) {
    std::vector<std::int64_t> result;
    const json::array* values = list(name);
    if (values == nullptr) return result;
    for (std::size_t i = 0; i < values->size(); ++i) {
        const auto number = number_in((*values)[i], fmt::format("{}[{}]", name, i), range, true);
        if (!number) break;
        result.push_back(static_cast<std::int64_t>(*number));
    }
    return result;
}

std::vector<bool> CalcArguments::flags(std::string_view name) {
    std::vector<bool> result;
    const json::array* values = list(name);
    if (values == nullptr) return result;
    for (std::size_t i = 0; i < values->size(); ++i) {
        const json::value& value = (*values)[i];
        if (value.is_bool()) {
            result.push_back(value.get_bool());
            continue;
        }
        const auto number = number_in(value, fmt::format("{}[{}]", name, i), {0, 1}, true);
        if (!number) break;
        result.push_back(*number == 1);
    }
    return result;
}

std::vector<std::vector<std::int64_t>> CalcArguments::table(std::string_view name, const Range& range,
                                                            std::size_t columns) {
    std::vector<std::vector<std::int64_t>> rows;
    const json::array* values = list(name);
    if (values == nullptr) return rows;
    for (std::size_t i = 0; i < values->size() && !fault_; ++i) {
        const std::string at = fmt::format("{}[{}]", name, i);
        const json::array* row = (*values)[i].if_array();
        if (row == nullptr || (columns != 0 && row->size() != columns)) {
            blame(at, columns == 0 ? std::string("must be a list") : fmt::format("must be a list of {}", columns));
            break;
        }
        std::vector<std::int64_t> numbers;
        for (std::size_t j = 0; j < row->size(); ++j) {
            const auto number = number_in((*row)[j], fmt::format("{}[{}]", at, j), range, true);
            if (!number) break;
            numbers.push_back(static_cast<std::int64_t>(*number));
        }
        rows.push_back(std::move(numbers));
    }
    return rows;
}

std::vector<std::vector<std::int64_t>> CalcArguments::records(std::string_view name,
                                                              std::initializer_list<std::string_view> members,
                                                              const Range& range) {
    std::vector<std::vector<std::int64_t>> rows;
    const json::array* values = list(name);
    if (values == nullptr) return rows;
    for (std::size_t i = 0; i < values->size() && !fault_; ++i) {
        const json::object* record = (*values)[i].if_object();
        if (record == nullptr || record->size() != members.size()) {
            blame(fmt::format("{}[{}]", name, i), fmt::format("must be an object of {} members", members.size()));
            break;
        }
        std::vector<std::int64_t> numbers;
        for (const std::string_view member : members) {
            const std::string at = fmt::format("{}[{}].{}", name, i, member);
            const json::value* value = record->if_contains(member);
            if (value == nullptr) {
                blame(at, "is missing");
                break;
            }
            const auto number = number_in(*value, at, range, true);
            if (!number) break;
            numbers.push_back(static_cast<std::int64_t>(*number));
        }
        rows.push_back(std::move(numbers));
    }
    return rows;
}

}  // namespace cellvigil::tools
