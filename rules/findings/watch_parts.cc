#include "rules/findings/watch_parts.h"

#include <tuple>
#include <utility>

namespace cellvigil {
namespace {

auto key_of(const AlertCause& cause) { return std::tuple(cause.rule, cause.infusion, cause.ordinal); }

using Key = std::tuple<SubjectRule, std::uint16_t, std::uint16_t>;

std::size_t place_of(const std::vector<AlertCause>& causes, const Key& key) {
    const auto place =
        std::lower_bound(causes.begin(), causes.end(), key,
                         [](const AlertCause& cause, const Key& sought) { return key_of(cause) < sought; });
    return static_cast<std::size_t>(place - causes.begin());
}

bool is_there(const std::vector<AlertCause>& causes, std::size_t place, const Key& key) {
    return place < causes.size() && key_of(causes[place]) == key;
}

}  // namespace

AlertCause* raise(const Watching& w, const Raised& raised) {
    if (!w.scene.context.subject.alerts.has(raised.rule)) return nullptr;
    const auto infusion = raised.infusion < 0 ? w.state.infusion : static_cast<std::uint16_t>(raised.infusion);
    const Key key{raised.rule, infusion, raised.ordinal};
    const std::vector<AlertCause>& standing = *w.causes;
    const std::size_t place = place_of(standing, key);
    const bool there = is_there(standing, place, key);
    const auto badness = std::pair(raised.urgency, raised.weight);
    if (there && badness <= std::pair(standing[place].urgency, standing[place].weight)) return nullptr;
    std::vector<AlertCause>& causes = w.causes.edit();
    if (!there) {
        AlertCause fresh;
        fresh.rule = raised.rule;
        fresh.infusion = infusion;
        fresh.ordinal = raised.ordinal;
        fresh.at = raised.at;
        fresh.day = w.day(raised.at);
        causes.insert(causes.begin() + static_cast<std::ptrdiff_t>(place), std::move(fresh));
    }
    AlertCause& cause = causes[place];
    cause.urgency = raised.urgency;
    cause.weight = raised.weight;
    cause.worst_at = raised.at;
    cause.worst_day = w.day(raised.at);
    cause.flags = {};
    cause.evidence = {};
    cause.details.clear();
    return &cause;
}

const AlertCause* known_cause(const Watching& w, SubjectRule rule, std::uint16_t ordinal, std::uint16_t infusion) {
    const Key key{rule, infusion, ordinal};
    const std::size_t place = place_of(*w.causes, key);
    return is_there(*w.causes, place, key) ? &(*w.causes)[place] : nullptr;
}

AlertCause* standing_cause(const Watching& w, SubjectRule rule, std::uint16_t ordinal, std::uint16_t infusion) {
    const Key key{rule, infusion, ordinal};
    const std::size_t place = place_of(*w.causes, key);
    return is_there(*w.causes, place, key) ? &w.causes.edit()[place] : nullptr;
}

void add(AlertCause& cause, Detail what, std::int64_t number, std::string text, RecordRef record) {
    AlertDetail detail;
    detail.what = what;
    detail.number = number;
    detail.text = std::move(text);
    detail.record = record;
    cause.details.push_back(std::move(detail));
    cause.add_evidence(record);
}

void add_at(const Watching& w, AlertCause& cause, Detail what, Instant at, RecordRef record, std::string text) {
    add(cause, what, 0, std::move(text), record);
    cause.details.back().at = at;
    cause.details.back().day = w.day(at);
}

void add_test(const Watching& w, AlertCause& cause, Detail what, const WatchedTest& test) {
    if (!test.known()) return;
    const bool below = test.bound == Comparator::less || test.bound == Comparator::less_or_equal;
    const bool above = test.bound == Comparator::greater || test.bound == Comparator::greater_or_equal;
    add(cause, what, test.value.micro, below ? "<" : (above ? ">" : ""), test.record);
    cause.details.back().at = test.at;
    cause.details.back().day = w.day(test.at);
}

void add_cd4(const Watching& w, AlertCause& cause, Instant at, std::int32_t valid_days) {
    add_test(w, cause, Detail::cd4, w.state.cd4);
    if (!usable(w.state.cd4, at, valid_days)) add(cause, Detail::cd4_unknown, valid_days);
}

void add_medication(const Watching& w, AlertCause& cause) {
    if (w.state.medication_complete == kAlways) return add(cause, Detail::medication_not_stated, 0);
    add_at(w, cause, Detail::medication_complete, w.state.medication_complete);
}

Standing at_most(const WatchedTest& test, Quantity limit) {
    const auto low_if = [](bool low) { return low ? Standing::yes : Standing::unknown; };
    const auto above_if = [](bool above) { return above ? Standing::no : Standing::unknown; };
    switch (test.bound) {
        case Comparator::unspecified:
            return test.value <= limit ? Standing::yes : Standing::no;
        case Comparator::less:
        case Comparator::less_or_equal:
            return low_if(test.value <= limit);
        case Comparator::greater:
            return above_if(test.value >= limit);
        case Comparator::greater_or_equal:
            return above_if(test.value > limit);
    }
    return Standing::unknown;
}

WatchedTest test_of(const Fact& fact) { return {fact.at, fact.value, fact.comparator, fact.record}; }

const ProphylaxisPolicy* policy_for(const RuleSet& rules, ProphylaxisKind kind, const std::string& named) {
    const ProphylaxisPolicy* first = nullptr;
    for (const ProphylaxisPolicy& policy : rules.policies) {
        if (policy.kind != kind) continue;
        if (!named.empty() && policy.id == named) return &policy;
        if (first == nullptr) first = &policy;
    }
    return named.empty() ? first : nullptr;
}

}  // namespace cellvigil
