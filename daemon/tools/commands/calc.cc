#include "daemon/tools/commands/calc.h"

#include <array>
#include <cmath>
#include <iterator>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/tools/command.h"
#include "daemon/tools/commands/calc_functions.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

// A request larger than this is not typed by hand.
constexpr std::size_t kLongestRequest = 64U << 20U;

using Family = std::span<const CalcFunction> (*)();
constexpr std::array<Family, 9> kFamilies{
    binary_functions,           binary_rule_functions,   borrowing_functions,          person_time_functions,
    person_time_rule_functions, time_to_event_functions, disproportionality_functions, site_functions,
    multiplicity_functions};

const CalcFunction* find_function(std::string_view name) {
    for (const Family family : kFamilies) {
        for (const CalcFunction& function : family()) {
            if (function.name == name) return &function;
        }
    }
    return nullptr;
}

// JSON has no infinity; a NaN would be a mistake of ours.
bool is_finite(const json::value& result) {
    std::vector<const json::value*> open{&result};
    while (!open.empty()) {
        const json::value& value = *open.back();
        open.pop_back();
        if (const double* number = value.if_double()) {
            if (!std::isfinite(*number)) return false;
        } else if (const json::array* list = value.if_array()) {
            for (const json::value& one : *list) open.push_back(&one);
        } else if (const json::object* object = value.if_object()) {
            for (const auto& member : *object) open.push_back(&member.value());
        }
    }
    return true;
}

struct CalcOptions {
    bool json = false;
    bool list = false;
    std::string function;
    std::string arguments;
};

Result<json::object> read_arguments(const std::string& text) {
    if (text.size() > kLongestRequest) return fail(Errc::invalid, "the arguments are longer than 64 MiB");
    json::error_code error;
    json::value value = json::parse(text, error);
    if (error) return fail(Errc::invalid, "the arguments are no JSON: " + error.message());
    if (!value.is_object()) return fail(Errc::invalid, "the arguments must be one JSON object");
    return value.get_object();
}

void print_list(std::ostream& out) {
    for (const Family family : kFamilies) {
        for (const CalcFunction& function : family()) out << function.name << "  " << function.arguments << '\n';
    }
}

void print_list_json(std::ostream& out) {
    json::object functions;
    for (const Family family : kFamilies) {
        for (const CalcFunction& function : family()) functions[function.name] = function.arguments;
    }
    out << json::serialize(functions) << '\n';
}

ExitCode calc(const CalcOptions& options, Console& console) {
    if (options.list) {
        options.json ? print_list_json(console.out) : print_list(console.out);
        return ExitCode::fine;
    }
    if (options.function.empty() || options.arguments.empty()) {
        return failed(console,
                      {Errc::invalid, "calc needs a function and its arguments as JSON; calc --list names them"},
                      options.json, ExitCode::usage);
    }
    std::string text = options.arguments;
    if (text == "-") text.assign(std::istreambuf_iterator<char>(console.in), {});
    const auto arguments = read_arguments(text);
    if (!arguments) return failed(console, arguments.error(), options.json, ExitCode::usage);
    const CalcResult result = calculate(options.function, *arguments);
    if (!result) return failed(console, result.error(), options.json, ExitCode::usage);
    console.out << json::serialize(*result) << '\n';
    return ExitCode::fine;
}

}  // namespace

CalcResult calculate(std::string_view function, const json::object& arguments) {
    const CalcFunction* found = find_function(function);
    if (found == nullptr)
        return fail(Errc::not_found, fmt::format("there is no function '{}'; calc --list names them", function));
    CalcArguments in(arguments, found->arguments);
    if (in.fault()) return fail(*in.fault());
    CalcResult result = found->compute(in);
    if (result && !is_finite(*result))
        return fail(Errc::invalid, fmt::format("{}: the result is beyond the range of a double", function));
    return result;
}

void add_calc(CLI::App& app, Action& chosen) {
    auto options = std::make_shared<CalcOptions>();
    CLI::App* command = add_command(app, "calc", "One statistical function for given arguments", options->json);
    command->add_option("FUNCTION", options->function, "Its name; --list names them all");
    command->add_option("ARGUMENTS", options->arguments, "A JSON object; - for standard input");
    command->add_flag("--list", options->list, "Every function and its arguments; '?' marks what may be left out");
    command->callback([options, &chosen] { chosen = [options](Console& console) { return calc(*options, console); }; });
}

}  // namespace cellvigil::tools
