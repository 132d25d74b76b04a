#include "rules/grade/support.h"

#include <algorithm>
#include <variant>

namespace cellvigil {
namespace {

enum class Act : std::uint8_t { begins, ends, single };

struct Given {
    Support what = Support::red_cells;
    Act act = Act::single;
    std::int32_t first = 0;
    std::int32_t last = 0;
};

std::optional<Support> of_agent(Agent agent) {
    if (agent == Agent::filgrastim) return Support::filgrastim;
    if (agent == Agent::pegfilgrastim) return Support::pegfilgrastim;
    if (agent == Agent::eltrombopag || agent == Agent::romiplostim) return Support::tpo_agonist;
    const bool immunoglobulin = agent == Agent::immunoglobulin_iv || agent == Agent::immunoglobulin_sc;
    return immunoglobulin ? std::optional(Support::immunoglobulin) : std::nullopt;
}

std::optional<Support> of_product(BloodProduct product) {
    if (product == BloodProduct::red_cells) return Support::red_cells;
    return product == BloodProduct::platelets ? std::optional(Support::platelets) : std::nullopt;
}

std::optional<Given> given_by(const Fact& fact, UtcOffset offset) {
    const auto what = support_of(fact);
    if (!what) return std::nullopt;
    Given given;
    given.what = *what;
    given.first = absolute_day(site_date(fact.at, offset));
    given.last = fact.until == kNever ? given.first : absolute_day(site_date(fact.until, offset));
    const InterventionPhase phase = std::get<Intervention>(*fact.body).phase;
    if (phase == InterventionPhase::stop) given.act = Act::ends;
    const bool course = phase == InterventionPhase::start || phase == InterventionPhase::change;
    if (course && fact.until == kNever && *what != Support::red_cells && *what != Support::platelets) {
        given.act = Act::begins;
        given.last = SupportSpan::kGoesOn;
    }
    return given;
}

bool reaches(std::int32_t last, std::int32_t day, std::int32_t days) {
    return last >= day || std::int64_t{day} - last < days;
}

}  // namespace

std::optional<Support> support_of(const Fact& fact) {
    if (fact.kind != FactKind::intervention || fact.body == nullptr) return std::nullopt;
    const auto& given = std::get<Intervention>(*fact.body);
    if (given.kind == InterventionKind::transfusion) return of_product(given.product);
    if (const auto what = of_agent(given.agent)) return what;
    if (given.kind == InterventionKind::growth_factor && given.agent == Agent::none) return Support::filgrastim;
    return given.kind == InterventionKind::immunoglobulin ? std::optional(Support::immunoglobulin) : std::nullopt;
}

std::int32_t carries_for(Support what, const CountsRules& rules) {
    switch (what) {
        case Support::red_cells:
        case Support::platelets:
            return rules.transfusion_days;
        case Support::filgrastim:
            return rules.filgrastim_days;
        case Support::pegfilgrastim:
            return rules.pegfilgrastim_days;
        case Support::tpo_agonist:
            return rules.tpo_agonist_days;
        case Support::immunoglobulin:
            return rules.immunoglobulin_days;
    }
    return 0;
}

void SupportSpans::observe(const Fact& fact, UtcOffset offset) {
    const auto given = given_by(fact, offset);
    if (!given) return;
    const auto open = std::find_if(spans.rbegin(), spans.rend(), [&](const SupportSpan& span) {
        return span.what == given->what && span.last == SupportSpan::kGoesOn;
    });
    if (given->act == Act::ends) {
        if (open != spans.rend()) open->last = given->last;
        return;
    }
    if (given->act == Act::begins && open != spans.rend()) return;
    spans.push_back({given->what, given->first, given->last, fact.record});
}

void SupportSpans::forget_before(std::int32_t day) {
    std::erase_if(spans, [&](const SupportSpan& span) { return span.last < day; });
}

const SupportSpan* SupportSpans::carrying(SupportSet which, std::int32_t day, const CountsRules& rules) const {
    const SupportSpan* latest = nullptr;
    for (const SupportSpan& span : spans) {
        if (!which.has(span.what) || span.first > day) continue;
        if (reaches(span.last, day, carries_for(span.what, rules))) latest = &span;
    }
    return latest;
}

std::int32_t SupportSpans::days_given(SupportSet which, std::int32_t first, std::int32_t last) const {
    std::int32_t given = 0;
    for (std::int32_t day = first; day <= last; ++day) {
        const bool on = std::any_of(spans.begin(), spans.end(), [&](const SupportSpan& span) {
            return which.has(span.what) && span.first <= day && day <= span.last;
        });
        given += on ? 1 : 0;
    }
    return given;
}

void LatestSupport::observe(const Fact& fact, UtcOffset offset) {
    const auto given = given_by(fact, offset);
    if (!given) return;
    Last& latest = last[static_cast<std::size_t>(given->what)];
    if (given->act == Act::ends) {
        if (latest.day == SupportSpan::kGoesOn) latest.day = given->last;
        return;
    }
    if (given->last >= latest.day) latest = {given->last, fact.record};
}

bool LatestSupport::carries(SupportSet which, std::int32_t day, const CountsRules& rules) const {
    for (std::size_t i = 0; i < kSupports; ++i) {
        const auto what = static_cast<Support>(i);
        if (!which.has(what) || last[i].day == INT32_MIN) continue;
        if (reaches(last[i].day, day, carries_for(what, rules))) return true;
    }
    return false;
}

}  // namespace cellvigil
