#include "rules/timeline/cross_check.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "rules/event/agent_groups.h"

namespace cellvigil {
namespace {

enum class Concern : std::uint8_t { none, systolic, diastolic, leukocytes, differential, slip_only, il6 };

constexpr Concern concern_of(Analyte analyte) {
    if (analyte == Analyte::systolic) return Concern::systolic;
    if (analyte == Analyte::diastolic) return Concern::diastolic;
    if (analyte == Analyte::leukocytes) return Concern::leukocytes;
    if (analyte == Analyte::neutrophils || analyte == Analyte::lymphocytes) return Concern::differential;
    if (analyte == Analyte::platelets || analyte == Analyte::cd4 || analyte == Analyte::cd19 ||
        analyte == Analyte::haemoglobin || analyte == Analyte::crp) {
        return Concern::slip_only;
    }
    return analyte == Analyte::il6 ? Concern::il6 : Concern::none;
}

constexpr std::array<Concern, kAnalytes> make_concerns() {
    std::array<Concern, kAnalytes> concerns{};
    for (std::size_t i = 0; i < concerns.size(); ++i) concerns[i] = concern_of(static_cast<Analyte>(i));
    return concerns;
}
constexpr auto kConcerns = make_concerns();
constexpr Concern concern(const Fact& fact) { return kConcerns[static_cast<std::size_t>(fact.analyte)]; }

constexpr auto kSlips =
    std::to_array<Analyte>({Analyte::neutrophils, Analyte::lymphocytes, Analyte::leukocytes, Analyte::platelets,
                            Analyte::cd4, Analyte::cd19, Analyte::haemoglobin, Analyte::crp});
static_assert(kSlips.size() == kSlipAnalytes);

std::optional<std::size_t> slip_place(Analyte analyte) {
    const auto found = std::find(kSlips.begin(), kSlips.end(), analyte);
    if (found == kSlips.end()) return std::nullopt;
    return static_cast<std::size_t>(found - kSlips.begin());
}

bool is_exact(Comparator comparator) { return comparator == Comparator::unspecified; }
bool is_at_least(Comparator comparator) {
    return is_exact(comparator) || comparator == Comparator::greater || comparator == Comparator::greater_or_equal;
}
bool is_at_most(Comparator comparator) {
    return is_exact(comparator) || comparator == Comparator::less || comparator == Comparator::less_or_equal;
}

void note(PairedReadings& readings, const Fact& fact) {
    if (readings.at != fact.at) readings = {fact.at, {}};
    readings.readings[1] = readings.readings[0];
    readings.readings[0] = {fact.value, fact.record, fact.panel, fact.comparator, false};
}

// The latest reading that belongs to the fact; null: none.
std::size_t partner_of(const PairedReadings& readings, const Fact& fact) {
    if (readings.at != fact.at) return readings.readings.size();
    for (std::size_t i = 0; i < readings.readings.size(); ++i) {
        const auto& reading = readings.readings[i];
        if (!reading.record.known()) continue;
        if (reading.panel == fact.panel || reading.panel == 0 || fact.panel == 0) return i;
    }
    return readings.readings.size();
}

bool check_systolic(CrossCheckState& state, const Fact& fact, std::vector<QualityItem>& items) {
    const std::size_t place = partner_of(state.diastolic, fact);
    if (place == state.diastolic.readings.size()) return true;
    auto& partner = state.diastolic.readings[place];
    if (!is_exact(fact.comparator) || !is_exact(partner.comparator) || fact.value > partner.value) return true;
    items.push_back({QualityKind::pressure_order, fact.at, fact.record, partner.record});
    if (!partner.listed) items.push_back({QualityKind::pressure_order, fact.at, partner.record, fact.record});
    partner.listed = true;
    return false;
}

bool check_differential(CrossCheckState& state, const Fact& fact, const RuleSet& rules,
                        std::vector<QualityItem>& items) {
    const LabMemory& labs = *state.labs;
    if (labs.misfit_at == fact.at && labs.misfit_panel == fact.panel) {
        items.push_back({QualityKind::differential, fact.at, fact.record, labs.misfit_against});
        return false;
    }
    const std::size_t place = partner_of(labs.leukocytes, fact);
    if (place == labs.leukocytes.readings.size()) return true;
    const auto& whole_count = labs.leukocytes.readings[place];
    const bool comparable = is_at_least(fact.comparator) && is_at_most(whole_count.comparator);
    if (!comparable || fact.value.micro * 100 <= whole_count.value.micro * rules.quality.differential_percent)
        return true;
    items.push_back({QualityKind::differential, fact.at, fact.record, whole_count.record});
    LabMemory& edited = state.labs.edit();
    edited.misfit_at = fact.at;
    edited.misfit_panel = fact.panel;
    edited.misfit_against = whole_count.record;
    return false;
}

bool within(Quantity larger, Quantity smaller, std::int32_t first, std::int32_t last) {
    return larger.micro >= smaller.micro * first && larger.micro <= smaller.micro * last;
}

bool is_slip(const Fact& fact, Quantity before, const QualityRules& rules) {
    if (before <= whole(0) || fact.value <= whole(0)) return false;
    const bool tenfold = fact.analyte == Analyte::haemoglobin || fact.analyte == Analyte::crp;
    const std::int32_t first = tenfold ? rules.slip_tenfold_from : rules.slip_count_from;
    const std::int32_t last = tenfold ? rules.slip_tenfold_to : rules.slip_count_to;
    return within(fact.value, before, first, last) || within(before, fact.value, first, last);
}

bool check_slip(const CrossCheckState& state, const Fact& fact, const RuleSet& rules, std::vector<QualityItem>& items) {
    const auto place = slip_place(fact.analyte);
    if (!place || !is_exact(fact.comparator) || !rules.quality.slip_within) return true;
    const LabMemory::Last& last = state.labs->last[*place];
    if (last.at == kAlways || fact.at - last.at > *rules.quality.slip_within) return true;
    if (!is_slip(fact, last.value, rules.quality)) return true;
    items.push_back({QualityKind::unit_slip_suspected, fact.at, fact.record, last.record});
    return false;
}

// An accepted value is what later ones are compared with.
void remember(CrossCheckState& state, const Fact& fact) {
    if (concern(fact) == Concern::diastolic) return note(state.diastolic, fact);
    if (concern(fact) == Concern::leukocytes) note(state.labs.edit().leukocytes, fact);
    const auto place = slip_place(fact.analyte);
    if (place && is_exact(fact.comparator)) state.labs.edit().last[*place] = {fact.at, fact.value, fact.record};
}

void note_blocker(CrossCheckState& state, const Fact& fact, const RuleSet& rules) {
    const auto* given = std::get_if<Intervention>(fact.body);
    if (given == nullptr || given->phase == InterventionPhase::stop) return;
    if (!blocks_il6(given->agent)) return;
    LabMemory& labs = state.labs.edit();
    labs.il6_blocked_until = fact.at + rules.quality.il6_blocked;
    labs.il6_blocker = fact.record;
}

void mark_blocked(const CrossCheckState& state, const Fact& fact, std::vector<QualityItem>& items) {
    const LabMemory& labs = *state.labs;
    if (labs.il6_blocked_until == kAlways || fact.at > labs.il6_blocked_until) return;
    items.push_back({QualityKind::il6_blocked, fact.at, fact.record, labs.il6_blocker});
}

const JudgedValue* verdict_on(const Fact& fact, const SubjectContext& subject) {
    for (const JudgedValue& judged : subject.judged) {
        if (judged.record == fact.record) return &judged;
    }
    return nullptr;
}

bool fits(CrossCheckState& state, const Fact& fact, const RuleSet& rules, std::vector<QualityItem>& items) {
    switch (concern(fact)) {
        case Concern::none:
        case Concern::diastolic:
            return true;
        case Concern::il6:
            mark_blocked(state, fact, items);
            return true;
        case Concern::systolic:
            return check_systolic(state, fact, items);
        case Concern::differential:
            return check_differential(state, fact, rules, items) && check_slip(state, fact, rules, items);
        case Concern::leukocytes:
        case Concern::slip_only:
            return check_slip(state, fact, rules, items);
    }
    return true;
}

constexpr EventFlags kUnusable = bit(EventFlag::unit_unknown) | bit(EventFlag::implausible);

}  // namespace

bool concerns_cross_check(const Fact& fact, const SubjectContext& subject) {
    if (fact.kind == FactKind::intervention) return true;
    if (fact.kind != FactKind::observation) return false;
    return concern(fact) != Concern::none || (fact.flags & kUnusable) != 0 || !subject.judged.empty();
}

bool cross_check(CrossCheckState& state, const Fact& fact, const SubjectContext& subject, const RuleSet& rules,
                 std::vector<QualityItem>& items) {
    if (fact.kind == FactKind::intervention) {
        if (fact.body != nullptr) note_blocker(state, fact, rules);
        return true;
    }
    if (!fact.has_value) {
        const bool unknown = (fact.flags & bit(EventFlag::unit_unknown)) != 0;
        if ((fact.flags & kUnusable) != 0) {
            items.push_back({unknown ? QualityKind::unit_unknown : QualityKind::implausible, fact.at, fact.record, {}});
        }
        return true;
    }
    const JudgedValue* verdict = verdict_on(fact, subject);
    if (verdict != nullptr && !verdict->usable) {
        items.push_back({QualityKind::value_rejected, fact.at, fact.record, verdict->by});
        return false;
    }
    if (verdict == nullptr && !fits(state, fact, rules, items)) return false;
    remember(state, fact);
    return true;
}

Fact without_value(const Fact& fact) {
    Fact held = fact;
    held.has_value = false;
    held.value = {};
    held.body = nullptr;
    held.flags |= bit(EventFlag::implausible);
    return held;
}

int reading_rank(Analyte analyte) {
    if (analyte == Analyte::diastolic || analyte == Analyte::leukocytes) return 0;
    return analyte == Analyte::lymphocytes ? 1 : 2;
}

}  // namespace cellvigil
