// What is wrong, or remarkable, with single facts: values that were not used, and why. Every item stays as long as the
// facts that cause it stand; a correction or a signed verdict on the value takes it away. Source:
// docs/clinical/units.md. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "rules/event/admit.h"
#include "rules/grade/assessment.h"

namespace cellvigil {

// clang-format off
enum class QualityKind : std::uint8_t {
    // by the message alone
    unit_unknown, implausible,
    // by other facts of the subject: the value is held, and no grader sees it
    unit_slip_suspected, pressure_order, differential,
    // by a signed verdict
    value_rejected,
    after_death,
    // used, and marked
    il6_blocked,
};
// clang-format on
inline constexpr std::size_t kQualityKinds = static_cast<std::size_t>(QualityKind::il6_blocked) + 1;
const char* name_of(QualityKind kind);          // "unit_slip_suspected": the metric's label
std::string_view meaning_of(QualityKind kind);  // in words
bool is_used(QualityKind kind);                 // is the value graded although it is listed?

// Why the message that brought such a value counts as quarantined; nullopt: it does not, or for another reason.
std::optional<Reason> held_reason(QualityKind kind);

struct QualityItem {
    QualityKind kind = QualityKind::implausible;
    Instant at{};       // of the fact
    RecordRef record;   // the fact
    RecordRef against;  // the fact that it does not fit with, or the verdict; unknown: the message alone says so
    bool operator==(const QualityItem&) const = default;
};

// How many items of each kind; a count stops at its type's limit.
struct QualityCounts {
    std::array<std::uint16_t, kQualityKinds> of{};
    void add(QualityKind kind) {
        std::uint16_t& count = of[static_cast<std::size_t>(kind)];
        if (count < 0xffff) ++count;
    }
    bool operator==(const QualityCounts&) const = default;
};

}  // namespace cellvigil
