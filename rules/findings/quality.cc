#include "rules/findings/quality.h"

namespace cellvigil {
namespace {

struct Row {
    QualityKind kind;
    const char* name;
    std::string_view meaning;
    bool used;
};

// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {QualityKind::unit_unknown, "unit_unknown", "no unit, or one that is not accepted for it", false},
    {QualityKind::implausible, "implausible", "outside what a living patient's value can be", false},
    {QualityKind::unit_slip_suspected, "unit_slip_suspected", "differs from the value before as if in another unit", false},
    {QualityKind::pressure_order, "pressure_order", "systolic pressure not above the diastolic of the same reading", false},
    {QualityKind::differential, "differential", "part of a differential count that exceeds the leukocytes", false},
    {QualityKind::value_rejected, "value_rejected", "signed as wrong", false},
    {QualityKind::after_death, "after_death", "later than the subject's death", false},
    {QualityKind::il6_blocked, "il6_blocked", "interleukin-6 rises artificially under a blocker of its receptor", true},
    {QualityKind::infusion_unknown, "infusion_unknown", "counted against an infusion that is not known, or was retracted", true},
    {QualityKind::infusion_contradicted, "infusion_contradicted", "counted against another infusion than its time says", true},
});
// clang-format on

constexpr bool in_order() {
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (kRows[i].kind != static_cast<QualityKind>(i)) return false;
    }
    return kRows.size() == kQualityKinds;
}
static_assert(in_order(), "a row for every kind, in the order of the enumeration");

}  // namespace

const char* name_of(QualityKind kind) { return kRows[static_cast<std::size_t>(kind)].name; }
std::string_view meaning_of(QualityKind kind) { return kRows[static_cast<std::size_t>(kind)].meaning; }
bool is_used(QualityKind kind) { return kRows[static_cast<std::size_t>(kind)].used; }

std::optional<Reason> held_reason(QualityKind kind) {
    switch (kind) {
        case QualityKind::unit_slip_suspected:
            return Reason::unit_slip_suspected;
        case QualityKind::pressure_order:
        case QualityKind::differential:
        case QualityKind::value_rejected:
            return Reason::values_disagree;
        case QualityKind::unit_unknown:
        case QualityKind::implausible:
        case QualityKind::after_death:
        case QualityKind::il6_blocked:
        case QualityKind::infusion_unknown:
        case QualityKind::infusion_contradicted:
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace cellvigil
