#include "rules/cohort/immune_state.h"

#include <algorithm>

namespace cellvigil {
namespace {

struct Measured {
    Day day = 0;
    Quantity value;
    Comparator comparator = Comparator::unspecified;
};

struct MarkerRule {
    Analyte analyte = Analyte::other;
    Quantity low;  // at most: low
    Day valid = 0;
};

MarkerRule rule_of(ImmuneMarker marker, const ImmuneRules& rules) {
    // Per microlitre to 10*9 per litre.
    const auto per_ul = [](std::int32_t count) { return thousandths(count); };
    switch (marker) {
        case ImmuneMarker::igg:
            return {Analyte::igg, whole(rules.igg_low_g_per_l), rules.igg_valid_days};
        case ImmuneMarker::cd4:
            return {Analyte::cd4, per_ul(rules.cd4_low_per_ul), rules.cd4_valid_days};
        case ImmuneMarker::b_cells:
            return {Analyte::cd19, per_ul(rules.cd19_low_per_ul), rules.cd19_valid_days};
        case ImmuneMarker::lymphocytes:
            return {Analyte::lymphocytes, per_ul(rules.alc_low_per_ul), rules.alc_valid_days};
    }
    return {};
}

// By day, the last of a day last. Lymphodepletion empties the counts: what was measured before the infusion says
// nothing.
std::vector<Measured> measured(const SubjectFacts& subject, const IndexCourse& index, Analyte analyte) {
    std::vector<Measured> values;
    for (const Fact& fact : subject.facts) {
        if (fact.kind != FactKind::observation || fact.analyte != analyte || !fact.has_value) continue;
        const Day day = day_since(index.date, fact);
        if (day >= 0) values.push_back({day, fact.value, fact.comparator});
    }
    std::stable_sort(values.begin(), values.end(), [](const Measured& a, const Measured& b) { return a.day < b.day; });
    return values;
}

Standing at_most(const Measured& value, Quantity limit) {
    const auto low_if = [](bool low) { return low ? Standing::yes : Standing::unknown; };
    const auto above_if = [](bool above) { return above ? Standing::no : Standing::unknown; };
    switch (value.comparator) {
        case Comparator::unspecified:
            return value.value <= limit ? Standing::yes : Standing::no;
        case Comparator::less:
        case Comparator::less_or_equal:
            return low_if(value.value <= limit);
        case Comparator::greater:
            return above_if(value.value >= limit);
        case Comparator::greater_or_equal:
            return above_if(value.value > limit);
    }
    return Standing::unknown;
}

const Measured* value_on(const std::vector<Measured>& values, Day day, Day valid) {
    const Measured* last = nullptr;
    for (const Measured& value : values) {
        if (value.day <= day) last = &value;
    }
    return last != nullptr && day - last->day <= valid ? last : nullptr;
}

std::vector<Day> changes_of(const std::vector<Measured>& values, Day valid) {
    std::vector<Day> changes;
    for (const Measured& value : values) {
        changes.push_back(value.day);
        changes.push_back(value.day + valid + 1);
    }
    return changes;
}

}  // namespace

const char* name_of(ImmuneMarker marker) {
    switch (marker) {
        case ImmuneMarker::igg:
            return "igg";
        case ImmuneMarker::cd4:
            return "cd4";
        case ImmuneMarker::b_cells:
            return "b_cells";
        case ImmuneMarker::lymphocytes:
            return "lymphocytes";
    }
    return "unknown";
}

std::vector<StandingRun> low_runs(const SubjectFacts& subject, const IndexCourse& index, ImmuneMarker marker,
                                  DaySpan span, const RuleSet& rules) {
    const MarkerRule rule = rule_of(marker, rules.immune);
    const std::vector<Measured> values = measured(subject, index, rule.analyte);
    return runs_over<StandingRun>(span, changes_of(values, rule.valid), [&](Day day) {
        const Measured* value = value_on(values, day, rule.valid);
        return value == nullptr ? Standing::unknown : at_most(*value, rule.low);
    });
}

std::vector<Cd4Run> cd4_runs(const SubjectFacts& subject, const IndexCourse& index, DaySpan span,
                             const RuleSet& rules) {
    const MarkerRule rule = rule_of(ImmuneMarker::cd4, rules.immune);
    const Quantity very_low = thousandths(rules.immune.cd4_very_low_per_ul);
    const std::vector<Measured> values = measured(subject, index, rule.analyte);
    return runs_over<Cd4Run>(span, changes_of(values, rule.valid), [&](Day day) {
        const Measured* value = value_on(values, day, rule.valid);
        if (value == nullptr) return Cd4Band::unknown;
        if (at_most(*value, very_low) == Standing::yes) return Cd4Band::very_low;
        const Standing low = at_most(*value, rule.low);
        if (low == Standing::no) return Cd4Band::above;
        // "<200" may be very low as well: no band can be said.
        const bool one_band = low == Standing::yes && at_most(*value, very_low) == Standing::no;
        return one_band ? Cd4Band::low : Cd4Band::unknown;
    });
}

}  // namespace cellvigil
