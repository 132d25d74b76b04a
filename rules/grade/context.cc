#include "rules/grade/context.h"

namespace cellvigil {
namespace {

std::int32_t days_since_infusion(Instant at, const FoldContext& context) {
    return context.infusion.ordinal == 0 ? 0 : day_of(at, context);
}

}  // namespace

std::optional<std::int32_t> age_days_at(Instant at, const FoldContext& context) {
    if (!context.subject.age_days) return std::nullopt;
    return *context.subject.age_days + days_since_infusion(at, context);
}

std::optional<std::int32_t> age_years_at(Instant at, const FoldContext& context) {
    if (const auto age = age_days_at(at, context))
        return static_cast<std::int32_t>(static_cast<std::int64_t>(*age) * 100 / 36525);
    return context.subject.age_years;
}

bool is_adult(Instant at, const FoldContext& context) {
    const auto years = age_years_at(at, context);
    return !years || *years >= 18;
}

}  // namespace cellvigil
