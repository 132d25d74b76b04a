// How much an alert matters. Names are those of the wire and of docs/alerts.md. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cellvigil {

enum class Severity : std::uint8_t { info, medium, high, immediate };
inline constexpr std::size_t kSeverities = 4;
inline constexpr std::array<std::string_view, kSeverities> kSeverityNames{"info", "medium", "high", "immediate"};
inline std::string_view name_of(Severity severity) { return kSeverityNames[static_cast<std::size_t>(severity)]; }
inline std::optional<Severity> severity_named(std::string_view name) {
    for (std::size_t i = 0; i < kSeverities; ++i) {
        if (kSeverityNames[i] == name) return static_cast<Severity>(i);
    }
    return std::nullopt;
}

// One value for each severity.
template <typename T>
struct BySeverity {
    std::array<T, kSeverities> values{};
    const T& operator[](Severity severity) const { return values[static_cast<std::size_t>(severity)]; }
    T& operator[](Severity severity) { return values[static_cast<std::size_t>(severity)]; }
    bool operator==(const BySeverity&) const = default;
};

}  // namespace cellvigil
