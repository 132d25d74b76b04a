#include "rules/grade/disagreement_words.h"

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

// The facts of the computed grade, told from the report's day.
std::string evidence_words(const Disagreement& item, const FactOf& fact_of, UtcOffset offset) {
    Assessment told;
    told.at = item.at;
    told.day = item.day;
    told.scale = item.scale;
    std::string text;
    for (const RecordRef record : item.evidence) {
        const Fact* fact = record.known() && record != item.report ? fact_of(record) : nullptr;
        if (fact == nullptr) continue;
        text += (text.empty() ? "" : "; ") + describe_fact(*fact, told, offset);
    }
    return text;
}

}  // namespace

std::string render_disagreement(const Disagreement& item, const FactOf& fact_of, UtcOffset offset,
                                const RuleSet& rules) {
    std::string text = reported_words(item);
    if (item.kind == DisagreementKind::not_computed) {
        text += "; " + why_words(item.why, rules);
    } else {
        text += "; computed " + computed_words(item);
    }
    const std::string evidence = evidence_words(item, fact_of, offset);
    if (!evidence.empty()) text += ": " + evidence;
    if (item.imputed) text += "; of the report's date only the day, month or year is known";
    return text;
}

}  // namespace cellvigil
