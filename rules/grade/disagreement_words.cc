#include "rules/grade/disagreement_words.h"

#include <algorithm>
#include <variant>

namespace cellvigil {
namespace {

std::string reported_words(const Disagreement& item) {
    return "site says " + statement_words(item.scale, item.term) + " " + std::to_string(int{item.reported});
}

std::string computed_words(const Disagreement& item) {
    const bool open = item.computed_upper > item.computed;
    std::string text = item.computed == kNotGradable ? "not gradable" : std::to_string(int{item.computed});
    if (open) text += ", could be as high as " + std::to_string(int{item.computed_upper});
    return text;
}

std::string why_words(NotComputed why, const RuleSet& rules) {
    switch (why) {
        case NotComputed::none:
            return "";
        case NotComputed::scale:
            return "this scale is not computed here";
        case NotComputed::term:
            return "this scale has no computed term for it";
        case NotComputed::episode:
            return "no computed episode within " + std::to_string(rules.report_tolerance.count()) + " h of the report";
        case NotComputed::grade:
            return "computed: not gradable";
    }
    return "";
}

const Intervention* started(const Fact& fact) {
    const auto* given = fact.body == nullptr ? nullptr : std::get_if<Intervention>(fact.body);
    return given != nullptr && given->phase == InterventionPhase::start ? given : nullptr;
}

// When what a fact starts was stopped; nullopt: it was not, or nobody said.
std::optional<Instant> stop_of(const Fact& start, std::span<const Fact> facts) {
    const Intervention* given = started(start);
    if (given == nullptr) return std::nullopt;
    if (start.until != kNever) return start.until;
    for (const Fact& fact : facts) {
        const auto* later = fact.body == nullptr ? nullptr : std::get_if<Intervention>(fact.body);
        if (later == nullptr || later->phase != InterventionPhase::stop || fact.at < start.at) continue;
        const bool same = later->kind == given->kind && later->agent == given->agent && later->course == given->course;
        if (same) return fact.at;
    }
    return std::nullopt;
}

// "norepinephrine 14:20 to 18:05 on day 4", "levofloxacin 22:46 on day 2 to 07:17 on day 9".
std::string fact_words(const Fact& fact, const Assessment& told, std::span<const Fact> facts, UtcOffset offset) {
    std::string text = describe_fact(fact, told, offset);
    const auto stopped = stop_of(fact, facts);
    const std::string since = " started " + clock_of(fact.at, offset);
    const auto place = text.find(since);
    if (!stopped || place == std::string::npos) return text;
    const auto days_later = (site_date(*stopped, offset) - site_date(fact.at, offset)).count();
    if (days_later == 0) {
        return text.replace(place, since.size(), " " + clock_of(fact.at, offset) + " to " + clock_of(*stopped, offset));
    }
    const auto stopped_on = told.day + (site_date(*stopped, offset) - site_date(told.at, offset)).count();
    text.replace(place, since.size(), " " + clock_of(fact.at, offset));
    return text + " to " + clock_of(*stopped, offset) + " on day " + std::to_string(stopped_on);
}

std::string evidence_words(const Disagreement& item, std::span<const Fact> facts, UtcOffset offset) {
    Assessment told;
    told.at = item.at;
    told.day = item.day;
    told.scale = item.scale;
    std::string text;
    for (const RecordRef record : item.evidence) {
        if (!record.known() || record == item.report) continue;
        const auto fact =
            std::find_if(facts.begin(), facts.end(), [&](const Fact& one) { return one.record == record; });
        if (fact != facts.end()) text += (text.empty() ? "" : "; ") + fact_words(*fact, told, facts, offset);
    }
    if (!text.empty() || item.kind == DisagreementKind::not_computed) return text;
    // Infections and the like are graded from what the report itself says beside its grade.
    const auto report =
        std::find_if(facts.begin(), facts.end(), [&](const Fact& one) { return one.record == item.report; });
    return report == facts.end() ? text : describe_fact(*report, told, offset);
}

}  // namespace

std::string render_disagreement(const Disagreement& item, std::span<const Fact> facts, UtcOffset offset,
                                const RuleSet& rules) {
    std::string text = reported_words(item);
    if (item.kind == DisagreementKind::not_computed) {
        text += "; " + why_words(item.why, rules);
    } else {
        text += "; computed " + computed_words(item);
    }
    const std::string evidence = evidence_words(item, facts, offset);
    if (!evidence.empty()) text += ": " + evidence;
    if (item.imputed) text += "; of the report's date only the day, month or year is known";
    return text;
}

}  // namespace cellvigil
