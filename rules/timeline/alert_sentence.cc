#include "rules/timeline/alert_sentence.h"

#include "rules/grade/render.h"

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

}  // namespace

std::string alert_sentence(const SubjectTimeline& timeline, const SubjectAlert& alert, const RuleSet& rules) {
    if (alert.scale == Scale::unspecified) return {};
    const std::vector<Fact> facts = timeline.facts();
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
    return render_sentence(said, fact_of, facts.empty() ? UtcOffset{0} : facts.back().offset, rules);
}

}  // namespace cellvigil
