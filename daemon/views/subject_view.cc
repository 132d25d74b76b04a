#include "daemon/views/subject_view.h"

#include <algorithm>
#include <tuple>

#include <algorithm>

#include "rules/grade/disagreement_words.h"

namespace cellvigil::views {
namespace {

std::string scale_name(Scale scale) {
    if (scale == Scale::astct_crs_2019) return "CRS";
    if (scale == Scale::astct_icans_2019) return "ICANS";
    return name_of(scale);
}

std::string track_name(const Assessment& said) {
    if (said.scale == Scale::unspecified) return name_of(said.term);
    return said.term == Term::none ? scale_name(said.scale) : scale_name(said.scale) + " " + name_of(said.term);
}

std::string grade_text(Grade grade) { return grade == kNotGradable ? "not gradable" : std::to_string(int{grade}); }

std::string grades_of(const Assessment& said) {
    if (!said.under_surveillance) return "-";
    if (said.grade == said.grade_upper) return grade_text(said.grade);
    return grade_text(said.grade) + " (up to " + grade_text(said.grade_upper) + ")";
}

// The facts that were live, by record, as known at one time.
class FactsByRecord {
  public:
    FactsByRecord(const SubjectTimeline& timeline, std::optional<Instant> known_at)
        : known_(timeline.known_facts(known_at.value_or(kNever))) {
        Instant latest = kAlways;
        for (const auto& known : known_) {
            const std::size_t place = known.fact.record.index;
            if (place >= places_.size()) places_.resize(place + 1, nullptr);
            places_[place] = &known.fact;
            if (known.fact.at < latest) continue;
            latest = known.fact.at;
            offset_ = known.fact.offset;
        }
    }
    FactsByRecord(const FactsByRecord&) = delete;
    FactsByRecord& operator=(const FactsByRecord&) = delete;
    const Fact* find(RecordRef record) const { return record.index < places_.size() ? places_[record.index] : nullptr; }
    UtcOffset offset() const { return offset_; }  // of the latest fact: the site's

  private:
    std::vector<SubjectTimeline::KnownFact> known_;
    std::vector<const Fact*> places_;
    UtcOffset offset_{0};
};

std::vector<Fact> facts_in_time(const SubjectTimeline& timeline, std::optional<Instant> known_at) {
    if (!known_at) return timeline.facts();
    std::vector<Fact> facts;
    for (const SubjectTimeline::KnownFact& known : timeline.known_facts(*known_at)) facts.push_back(known.fact);
    std::stable_sort(facts.begin(), facts.end(), [](const Fact& a, const Fact& b) { return a.at < b.at; });
    return facts;
}

Line rendered(const SubjectTimeline& timeline, const Assessment& said, const FactsByRecord& facts,
              const RuleSet& rules) {
    Line line;
    line.said = said;
    line.time = to_rfc3339(said.at, facts.offset());
    line.scale = track_name(said);
    line.grades = grades_of(said);
    for (const RecordRef record : said.evidence) {
        if (record.known()) line.evidence.push_back(timeline.record_text(record));
    }
    Explanation explanation = explain(
        said, [&](RecordRef record) { return facts.find(record); }, facts.offset(), rules);
    line.sentence = std::move(explanation.sentence);
    line.criteria = std::move(explanation.criteria);
    line.remarks = std::move(explanation.remarks);
    line.decisions = std::move(explanation.decisions);
    for (const Criterion& criterion : line.criteria) {
        for (const CitedValue& value : criterion.values) line.records.push_back(timeline.record_text(value.record));
    }
    return line;
}

std::vector<Line> rendered(const SubjectTimeline& timeline, const std::vector<Assessment>& said, const RuleSet& rules,
                           std::optional<Instant> known_at) {
    const FactsByRecord facts(timeline, known_at);
    std::vector<Line> lines;
    for (const Assessment& assessment : said) lines.push_back(rendered(timeline, assessment, facts, rules));
    return lines;
}

Derived derived_for(const SubjectTimeline& timeline, const RuleSet& rules, Instant as_of,
                    std::optional<Instant> known_at) {
    return known_at ? timeline.derived_as_known(rules, *known_at, as_of) : timeline.derived(rules, as_of);
}

}  // namespace

std::vector<Line> lines_of(const SubjectTimeline& timeline, const RuleSet& rules, Instant as_of,
                           std::optional<Instant> known_at) {
    std::vector<Assessment> said = derived_for(timeline, rules, as_of, known_at).assessments;
    if (as_of != kAlways) std::erase_if(said, [&](const Assessment& assessment) { return assessment.at > as_of; });
    return rendered(timeline, said, rules, known_at);
}

std::vector<Line> standing_at(const SubjectTimeline& timeline, const RuleSet& rules, Instant at,
                              std::optional<Instant> known_at) {
    std::vector<Assessment> standing;
    for (const Assessment& said : derived_for(timeline, rules, at, known_at).assessments) {
        if (said.at > at) continue;
        std::erase_if(standing,
                      [&](const Assessment& before) { return before.scale == said.scale && before.term == said.term; });
        standing.push_back(said);
    }
    return rendered(timeline, standing, rules, known_at);
}

std::vector<QualityLine> quality_of(const SubjectTimeline& timeline, const RuleSet& rules, Instant as_of,
                                    std::optional<Instant> known_at) {
    const FactsByRecord facts(timeline, known_at);
    std::vector<QualityLine> lines;
    for (const QualityItem& item : derived_for(timeline, rules, as_of, known_at).quality) {
        if (as_of != kAlways && item.at > as_of) continue;
        QualityLine line;
        line.time = to_rfc3339(item.at, facts.offset());
        line.item = item;
        line.record = timeline.record_text(item.record);
        line.against = timeline.record_text(item.against);
        Assessment moment;  // without a day: what happened on another date is said by its time alone
        moment.at = item.at;
        if (const Fact* fact = facts.find(item.record)) line.sentence = describe_fact(*fact, moment, facts.offset());
        line.sentence += ": " + std::string(meaning_of(item.kind)) + (is_used(item.kind) ? " (used)" : " (not used)");
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<FactLine> timeline_of(const SubjectTimeline& timeline, std::optional<Instant> known_at) {
    const FactsByRecord facts(timeline, known_at);
    std::vector<FactLine> lines;
    for (const SubjectTimeline::KnownFact& known : timeline.known_facts(known_at.value_or(kNever))) {
        FactLine line;
        line.time = to_rfc3339(known.fact.at, facts.offset());
        line.at = known.fact.at;
        line.until = known.fact.until;
        line.record = timeline.record_text(known.fact.record);
        line.version = known.number;
        line.recorded_at = known.fact.recorded_at;
        line.appended_at = known.appended_at;
        Assessment moment;
        moment.at = known.fact.at;
        line.sentence = describe_fact(known.fact, moment, facts.offset());
        lines.push_back(std::move(line));
    }
    std::sort(lines.begin(), lines.end(), [](const FactLine& left, const FactLine& right) {
        return std::tie(left.at, left.record) < std::tie(right.at, right.record);
    });
    return lines;
}

ChangedLines changed_lines(const SubjectTimeline& timeline, const RuleSet& rules, Instant since,
                           std::optional<Instant> known_at, Instant at) {
    const FactsByRecord then(timeline, since);
    const FactsByRecord now(timeline, known_at);
    const Changes changes = changes_between(timeline, rules, since, known_at.value_or(kNever), at);
    ChangedLines lines;
    lines.causes_told_apart = changes.causes_told_apart;
    for (const RecordChange& change : changes.records)
        lines.records.push_back({timeline.record_text(change.record), change});
    for (const StatementChange& change : changes.statements) {
        ChangedLine line;
        if (change.before) line.before = rendered(timeline, *change.before, then, rules);
        if (change.after) line.after = rendered(timeline, *change.after, now, rules);
        for (const RecordRef record : change.because) line.because.push_back(timeline.record_text(record));
        lines.statements.push_back(std::move(line));
    }
    return lines;
}

std::vector<Difference> differences_of(const SubjectTimeline& timeline, const RuleSet& rules, Instant as_of,
                                       std::optional<Instant> known_at) {
    const std::vector<Fact> facts = facts_in_time(timeline, known_at);
    const UtcOffset offset = facts.empty() ? UtcOffset{0} : facts.back().offset;
    std::vector<Difference> differences;
    for (const Disagreement& item : derived_for(timeline, rules, as_of, known_at).disagreements) {
        if (as_of != kAlways && item.at > as_of) continue;
        Difference difference;
        difference.item = item;
        difference.time = to_rfc3339(item.at, offset);
        difference.sentence = render_disagreement(item, facts, offset, rules);
        difference.report = timeline.record_text(item.report);
        for (const RecordRef record : item.evidence) {
            if (record.known()) difference.evidence.push_back(timeline.record_text(record));
        }
        differences.push_back(std::move(difference));
    }
    return differences;
}

}  // namespace cellvigil::views
