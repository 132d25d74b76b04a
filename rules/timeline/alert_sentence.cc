#include "rules/timeline/alert_sentence.h"

#include <algorithm>
#include <string_view>

#include "rules/grade/render.h"
#include "rules/pack/decisions.h"

namespace cellvigil {

namespace {

// The statement as the alert keeps it: its evidence has no order any more.
Assessment statement_of(const SubjectTimeline& timeline, const SubjectAlert& alert, const std::vector<Fact>& facts) {
    Assessment said;
    said.at = alert.worst_at;
    said.scale = alert.scale;
    said.grade = alert.grade;
    said.grade_upper = alert.grade_upper;
    said.infusion = alert.infusion;
    said.episode = alert.ordinal;
    said.day = alert.worst_day;
    said.deciding = alert.deciding;
    said.flags = alert.flags;
    for (const std::string& evidence : alert.evidence) {
        for (const Fact& fact : facts) {
            if (timeline.record_text(fact.record) == evidence) said.add_evidence(fact.record);
        }
    }
    return said;
}

// "2026-04-15 (day 100)": the date at the site.
std::string date_text(const AlertDetail& detail, UtcOffset offset, bool infused) {
    const std::string date = to_rfc3339(detail.at, offset).substr(0, 10);
    return infused ? date + " (day " + std::to_string(detail.day) + ")" : date;
}

std::string detail_text(const AlertDetail& detail, UtcOffset offset, bool infused) {
    std::string text = words_of(detail.what);
    const std::string value = value_text(detail);
    if (!value.empty()) text += " " + value;
    if (unit_of(detail.what)[0] != '\0') text += std::string(" ") + unit_of(detail.what);
    if (detail.at != kAlways) text += (value.empty() ? " on " : ", ") + date_text(detail, offset, infused);
    return text;
}

// What an alert without a scale rests on, one detail after the other.
std::string detailed_sentence(const SubjectAlert& alert, UtcOffset offset) {
    const bool infused = alert.infusion > 0;
    std::string text = title_of(alert.rule);
    if (infused) text += ", day " + std::to_string(alert.day);
    const char* before = ": ";
    for (const AlertDetail& detail : alert.details) {
        text += before + detail_text(detail, offset, infused);
        before = "; ";
    }
    return text;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> deciding_keys(SubjectRule rule, const RuleSet& rules) {
    std::vector<std::pair<std::string, std::string>> keys;
    std::string_view rest = keys_of(rule);
    while (!rest.empty()) {
        const std::string_view key = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(rest.size(), key.size() + 1));
        const Decision* decision = find_decision(key);
        if (decision == nullptr) continue;
        const auto value = decision->get(rules);
        keys.emplace_back(key, value ? std::to_string(*value) : "none");
    }
    return keys;
}

std::string alert_sentence(const SubjectTimeline& timeline, const SubjectAlert& alert, const RuleSet& rules) {
    const std::vector<Fact> facts = timeline.facts();
    const UtcOffset offset = facts.empty() ? UtcOffset{0} : facts.back().offset;
    if (alert.scale == Scale::unspecified) return detailed_sentence(alert, offset);
    Assessment said = statement_of(timeline, alert, facts);
    for (const Assessment& one : timeline.derived(rules, kAlways).assessments) {
        const bool same = one.at == said.at && one.scale == said.scale && one.grade == said.grade &&
                          one.grade_upper == said.grade_upper && one.deciding == said.deciding &&
                          one.flags == said.flags;
        if (same) said = one;
    }
    const auto fact_of = [&](RecordRef record) -> const Fact* {
        for (const Fact& fact : facts) {
            if (fact.record == record) return &fact;
        }
        return nullptr;
    };
    return render_sentence(said, fact_of, offset, rules);
}

}  // namespace cellvigil
