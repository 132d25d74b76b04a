#include "daemon/packs/section.h"

#include <algorithm>
#include <charconv>

namespace cellvigil::packs {
namespace {

std::optional<std::int64_t> whole_of(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

}  // namespace

std::optional<std::int64_t> decimal_of(std::string_view text, std::int64_t unit) {
    const std::size_t dot = text.find('.');
    std::string digits(text.substr(0, dot));
    std::string fraction(dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1));
    if (digits.empty() || (dot != std::string_view::npos && fraction.empty())) return std::nullopt;
    for (std::int64_t scale = unit; scale > 1; scale /= 10) {
        digits += fraction.empty() ? '0' : fraction.front();
        if (!fraction.empty()) fraction.erase(0, 1);
    }
    if (fraction.find_first_not_of('0') != std::string::npos) return std::nullopt;
    return whole_of(digits);
}

void Problems::at(const YAML::Mark& mark, const std::string& detail) {
    into_.push_back({name_ + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1), detail});
}

Section::Section(const YAML::Node& node, std::string what, Problems& problems)
    : node_(node), what_(std::move(what)), problems_(problems), map_(node.IsMap()) {
    if (!map_) problems_.at(node_.Mark(), what_ + ": a map is expected");
}

bool Section::has(const char* key) const { return map_ && node_[key]; }

YAML::Node Section::ask(const char* key) {
    asked_.emplace_back(key);
    return map_ ? node_[key] : YAML::Node(YAML::NodeType::Undefined);
}

YAML::Node Section::node(const char* key) { return ask(key); }

void Section::problem(const std::string& detail) { problems_.at(node_.Mark(), what_ + ": " + detail); }

void Section::problem(const char* key, const std::string& detail) {
    const bool there = map_ && node_[key];
    problems_.at(there ? node_[key].Mark() : node_.Mark(), what_ + ": " + key + ": " + detail);
}

std::string Section::text(const char* key, bool required) {
    const YAML::Node value = ask(key);
    if (!value) {
        if (required && map_) problem(key, "missing");
        return {};
    }
    if (!value.IsScalar() || (required && value.Scalar().empty())) {
        problem(key, "a text is expected");
        return {};
    }
    return value.Scalar();
}

std::vector<std::string> Section::texts(const char* key) {
    const YAML::Node value = ask(key);
    if (!value) return {};
    if (value.IsScalar()) return {value.Scalar()};
    std::vector<std::string> all;
    if (!value.IsSequence()) {
        problem(key, "a list is expected");
        return all;
    }
    for (const auto& entry : value) {
        if (entry.IsScalar()) {
            all.push_back(entry.Scalar());
        } else {
            problems_.at(entry.Mark(), what_ + ": " + key + ": a text is expected");
        }
    }
    return all;
}

std::optional<std::int64_t> Section::whole(const char* key, std::int64_t first, std::int64_t last) {
    return decimal(key, 1, first, last);
}

std::optional<std::int64_t> Section::decimal(const char* key, std::int64_t unit, std::int64_t first,
                                             std::int64_t last) {
    const YAML::Node value = ask(key);
    if (!value) return std::nullopt;
    const auto given = value.IsScalar() ? decimal_of(value.Scalar(), unit) : std::nullopt;
    if (given && *given >= first && *given <= last) return given;
    const auto shown = [unit](std::int64_t parts) {
        std::string text = std::to_string(parts / unit);
        if (parts % unit != 0) {
            std::string rest = std::to_string(unit + parts % unit).substr(1);
            rest.erase(rest.find_last_not_of('0') + 1);
            text += "." + rest;
        }
        return text;
    };
    problem(key, std::string(unit == 1 ? "a whole number" : "a decimal number") + " from " + shown(first) + " to " +
                     shown(last) + " is expected");
    return std::nullopt;
}

std::optional<bool> Section::flag(const char* key) {
    const YAML::Node value = ask(key);
    if (!value) return std::nullopt;
    if (value.IsScalar() && value.Scalar() == "true") return true;
    if (value.IsScalar() && value.Scalar() == "false") return false;
    problem(key, "true or false is expected");
    return std::nullopt;
}

std::optional<std::size_t> Section::place_of(const char* key, const std::vector<std::string>& names, bool required) {
    const std::string given = text(key, required);
    if (given.empty()) return std::nullopt;
    const auto found = std::find(names.begin(), names.end(), given);
    if (found == names.end()) {
        problem(key, given + ": unknown; expected one of " + joined(names));
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - names.begin());
}

void Section::finish() {
    if (!map_) return;
    for (const auto& entry : node_) {
        const std::string key = entry.first.Scalar();
        if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) {
            problems_.at(entry.first.Mark(), what_ + ": " + key + ": unknown key; expected one of " + joined(asked_));
        }
    }
}

}  // namespace cellvigil::packs
