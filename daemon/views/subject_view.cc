#include "daemon/views/subject_view.h"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "rules/grade/disagreement_words.h"

namespace cellvigil::views {
namespace {

namespace json = boost::json;

std::string scale_name(Scale scale) {
    if (scale == Scale::astct_crs_2019) return "CRS";
    if (scale == Scale::astct_icans_2019) return "ICANS";
    return name_of(scale);
}

std::string track_name(const Assessment& said) {
    return said.term == Term::none ? scale_name(said.scale) : scale_name(said.scale) + " " + name_of(said.term);
}

std::string grade_text(Grade grade) { return grade == kNotGradable ? "not gradable" : std::to_string(int{grade}); }

std::string grades_of(const Assessment& said) {
    if (!said.under_surveillance) return "-";
    if (said.grade == said.grade_upper) return grade_text(said.grade);
    return grade_text(said.grade) + " (up to " + grade_text(said.grade_upper) + ")";
}

json::value grade_json(Grade grade) { return grade == kNotGradable ? json::value(nullptr) : json::value(int{grade}); }

template <typename Enum, std::size_t Words>
json::array names_json(const BitSet<Enum, Words>& set, int count) {
    json::array names;
    for (int i = 0; i < count; ++i) {
        if (set.has(static_cast<Enum>(i))) names.emplace_back(name_of(static_cast<Enum>(i)));
    }
    return names;
}

json::object line_json(const Line& line) {
    const Assessment& said = line.said;
    json::object object{{"at", to_rfc3339(said.at)},
                        {"local_time", line.time},
                        {"scale", name_of(said.scale)},
                        {"term", name_of(said.term)},
                        {"infusion", said.infusion},
                        {"day", said.day},
                        {"under_surveillance", said.under_surveillance}};
    object["grade"] = grade_json(said.grade);
    object["grade_upper"] = grade_json(said.grade_upper);
    object["needs_adjudication"] = said.needs_adjudication();
    object["deciding"] = names_json(said.deciding, kComponents);
    object["flags"] = names_json(said.flags, kFlags);
    object["episode"] = said.episode;
    object["episode_open"] = said.episode_open;
    json::array criteria;
    for (const Criterion& criterion : line.criteria) {
        criteria.push_back(json::object{{"component", name_of(criterion.component)}, {"criterion", criterion.text}});
    }
    object["criteria"] = std::move(criteria);
    json::array evidence;
    for (const std::string& record : line.evidence) evidence.emplace_back(record);
    object["evidence"] = std::move(evidence);
    object["sentence"] = line.sentence;
    return object;
}

json::object episode_json(const Episode& episode) {
    json::object object{{"scale", name_of(episode.scale)},
                        {"term", name_of(episode.term)},
                        {"infusion", episode.infusion},
                        {"ordinal", episode.ordinal},
                        {"onset", to_rfc3339(episode.onset)}};
    object["resolved"] = episode.resolved ? json::value(to_rfc3339(*episode.resolved)) : json::value(nullptr);
    object["max_grade"] = grade_json(episode.max_grade);
    object["max_grade_upper"] = grade_json(episode.max_upper);
    object["flags"] = names_json(episode.flags, kFlags);
    return object;
}

json::object milestone_json(const Milestone& milestone) {
    json::object object{{"milestone", name_of(milestone.kind)}, {"infusion", milestone.infusion}};
    object["standing"] = milestone.standing == Standing::unknown ? json::value(nullptr)
                                                                 : json::value(milestone.standing == Standing::yes);
    object["day"] = milestone.day ? json::value(*milestone.day) : json::value(nullptr);
    object["flags"] = names_json(milestone.flags, kFlags);
    return object;
}

json::object alert_json(const SubjectAlert& alert) {
    json::object object{{"rule", name_of(alert.rule)}, {"severity", severity_of(alert.rule, alert.zoster)},
                        {"infusion", alert.infusion},  {"ordinal", alert.ordinal},
                        {"at", to_rfc3339(alert.at)},  {"day", alert.day}};
    object["grade"] = grade_json(alert.grade);
    object["grade_upper"] = grade_json(alert.grade_upper);
    object["flags"] = names_json(alert.flags, kFlags);
    if (alert.rule == SubjectRule::herpes_zoster) object["zoster_class"] = name_of(alert.zoster);
    json::array evidence;
    for (const std::string& record : alert.evidence) evidence.emplace_back(record);
    object["evidence"] = std::move(evidence);
    return object;
}

json::object difference_json(const Difference& difference) {
    const Disagreement& item = difference.item;
    json::object object{{"kind", name_of(item.kind)},
                        {"at", to_rfc3339(item.at)},
                        {"local_time", difference.time},
                        {"scale", name_of(item.scale)},
                        {"term", name_of(item.term)},
                        {"infusion", item.infusion},
                        {"day", item.day}};
    object["not_computed"] = item.why == NotComputed::none ? json::value(nullptr) : json::value(name_of(item.why));
    object["imputed_date"] = item.imputed;
    object["reported"] = grade_json(item.reported);
    object["computed"] = grade_json(item.computed);
    object["computed_upper"] = grade_json(item.computed_upper);
    object["report"] = difference.report;
    json::array evidence;
    for (const std::string& record : difference.evidence) evidence.emplace_back(record);
    object["evidence"] = std::move(evidence);
    object["sentence"] = difference.sentence;
    return object;
}

json::array differences_json(const std::vector<Difference>& differences) {
    json::array array;
    for (const Difference& difference : differences) array.push_back(difference_json(difference));
    return array;
}

UtcOffset offset_of(const SubjectTimeline& timeline) {
    const auto facts = timeline.facts();
    return facts.empty() ? UtcOffset{0} : facts.back().offset;
}

std::vector<Line> rendered(const SubjectTimeline& timeline, const std::vector<Assessment>& said, const RuleSet& rules) {
    const std::vector<Fact> facts = timeline.facts();
    const UtcOffset offset = offset_of(timeline);
    std::vector<Line> lines;
    for (const Assessment& assessment : said) {
        Line line;
        line.said = assessment;
        line.time = to_rfc3339(assessment.at, offset);
        line.scale = track_name(assessment);
        line.grades = grades_of(assessment);
        for (const RecordRef record : assessment.evidence) {
            if (record.known()) line.evidence.push_back(timeline.record_text(record));
        }
        const auto look_up = [&](RecordRef record) {
            const auto found =
                std::find_if(facts.begin(), facts.end(), [&](const Fact& fact) { return fact.record == record; });
            return found == facts.end() ? nullptr : &*found;
        };
        Explanation explanation = explain(assessment, look_up, offset, rules);
        line.sentence = std::move(explanation.sentence);
        line.criteria = std::move(explanation.criteria);
        lines.push_back(std::move(line));
    }
    return lines;
}

Derived derived_for(const SubjectTimeline& timeline, const RuleSet& rules, Instant as_of,
                    std::optional<Instant> known_at) {
    return known_at ? timeline.derived_as_known(rules, *known_at, as_of) : timeline.derived(rules, as_of);
}

json::object header(const SubjectTimeline& timeline, const RuleSet& rules) {
    const std::string& key = timeline.key();
    const auto slash = key.find('/');
    return json::object{{"study", key.substr(0, slash)},
                        {"subject", key.substr(slash + 1)},
                        {"cohort", timeline.cohort()},
                        {"site", timeline.site()},
                        {"pack", rules.pack},
                        {"pack_hash", rules.hash}};
}

json::array lines_json(const std::vector<Line>& lines) {
    json::array array;
    for (const Line& line : lines) array.push_back(line_json(line));
    return array;
}

}  // namespace

std::vector<Line> lines_of(const SubjectTimeline& timeline, const RuleSet& rules, Instant as_of,
                           std::optional<Instant> known_at) {
    std::vector<Assessment> said = derived_for(timeline, rules, as_of, known_at).assessments;
    if (as_of != kAlways) std::erase_if(said, [&](const Assessment& assessment) { return assessment.at > as_of; });
    return rendered(timeline, said, rules);
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
    return rendered(timeline, standing, rules);
}

std::vector<Difference> differences_of(const SubjectTimeline& timeline, const RuleSet& rules, Instant as_of,
                                       std::optional<Instant> known_at) {
    const std::vector<Fact> facts = timeline.facts();
    const UtcOffset offset = offset_of(timeline);
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

std::string subject_json(const SubjectTimeline& timeline, const RuleSet& rules, Instant as_of) {
    const Derived derived = timeline.derived(rules, as_of);
    json::object object = header(timeline, rules);
    object["as_of"] = as_of == kAlways ? json::value(nullptr) : json::value(to_rfc3339(as_of));
    object["assessments"] = lines_json(lines_of(timeline, rules, as_of));
    json::array episodes;
    for (const Episode& episode : derived.episodes) episodes.push_back(episode_json(episode));
    object["episodes"] = std::move(episodes);
    json::array milestones;
    for (const Milestone& milestone : derived.milestones) milestones.push_back(milestone_json(milestone));
    object["milestones"] = std::move(milestones);
    json::array alerts;
    for (const SubjectAlert& alert : derived.alerts) alerts.push_back(alert_json(alert));
    object["alerts"] = std::move(alerts);
    object["disagreements"] = differences_json(differences_of(timeline, rules, as_of));
    return json::serialize(object);
}

std::string explanation_json(const SubjectTimeline& timeline, const RuleSet& rules, Instant at,
                             std::optional<Instant> known_at) {
    json::object object = header(timeline, rules);
    object["at"] = to_rfc3339(at);
    object["known_at"] = known_at ? json::value(to_rfc3339(*known_at)) : json::value(nullptr);
    object["standing"] = lines_json(standing_at(timeline, rules, at, known_at));
    object["disagreements"] = differences_json(differences_of(timeline, rules, at, known_at));
    return json::serialize(object);
}

}  // namespace cellvigil::views
