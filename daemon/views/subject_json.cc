#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/views/subject_view.h"

namespace cellvigil::views {
namespace {

namespace json = boost::json;

json::value grade_json(Grade grade) { return grade == kNotGradable ? json::value(nullptr) : json::value(int{grade}); }

template <typename Enum, std::size_t Words>
json::array names_json(const BitSet<Enum, Words>& set, int count) {
    json::array names;
    for (int i = 0; i < count; ++i) {
        if (set.has(static_cast<Enum>(i))) names.emplace_back(name_of(static_cast<Enum>(i)));
    }
    return names;
}

// `cited` goes on over the criteria of one line: the place of the next value among `records`.
json::object criterion_json(const Criterion& criterion, const std::vector<std::string>& records, std::size_t& cited) {
    json::array limits;
    for (const Limit& limit : criterion.limits) {
        json::object one{{"what", limit.what}, {"holds", limit.holds}, {"value", limit.value}, {"unit", limit.unit}};
        if (!limit.key.empty()) one["key"] = limit.key;
        limits.push_back(std::move(one));
    }
    json::array values;
    for (const CitedValue& value : criterion.values) {
        values.push_back(json::object{{"record", records[cited++]},
                                      {"at", to_rfc3339(value.at)},
                                      {"what", value.value.what},
                                      {"value", value.value.value},
                                      {"unit", value.value.unit}});
    }
    return json::object{{"component", name_of(criterion.component)},
                        {"criterion", criterion.text},
                        {"limits", std::move(limits)},
                        {"values", std::move(values)}};
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
    json::object figures;
    for (const Reported& figure : said.figures) {
        if (figure.what != Figure::none) figures[name_of(figure.what)] = figure.value;
    }
    object["figures"] = std::move(figures);
    object["episode"] = said.episode;
    object["episode_open"] = said.episode_open;
    json::array criteria;
    std::size_t cited = 0;
    for (const Criterion& criterion : line.criteria) {
        criteria.push_back(criterion_json(criterion, line.records, cited));
    }
    object["criteria"] = std::move(criteria);
    json::array evidence;
    for (const std::string& record : line.evidence) evidence.emplace_back(record);
    object["evidence"] = std::move(evidence);
    json::array decisions;
    for (const DecisionUse& use : line.decisions) {
        decisions.push_back(json::object{{"key", use.key}, {"value", use.value}, {"unit", use.unit}});
    }
    object["decisions"] = std::move(decisions);
    json::array remarks;
    for (const Remark& remark : line.remarks) {
        remarks.push_back(json::object{{"flag", name_of(remark.flag)}, {"meaning", remark.meaning}});
    }
    object["remarks"] = std::move(remarks);
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

json::array details_json(const std::vector<AlertDetail>& details) {
    json::array list;
    for (const AlertDetail& detail : details) {
        json::object one{
            {"name", name_of(detail.what)}, {"words", words_of(detail.what)}, {"value", value_text(detail)}};
        if (unit_of(detail.what)[0] != '\0') one["unit"] = unit_of(detail.what);
        if (detail.at != kAlways) one["at"] = to_rfc3339(detail.at);
        if (detail.at != kAlways) one["day"] = detail.day;
        if (!detail.source.empty()) one["record"] = detail.source;
        list.push_back(std::move(one));
    }
    return list;
}

json::object alert_json(const SubjectAlert& alert) {
    json::object object{{"rule", name_of(alert.rule)}, {"severity", name_of(alert.urgency)},
                        {"infusion", alert.infusion},  {"ordinal", alert.ordinal},
                        {"at", to_rfc3339(alert.at)},  {"day", alert.day}};
    object["grade"] = grade_json(alert.grade);
    object["grade_upper"] = grade_json(alert.grade_upper);
    object["flags"] = names_json(alert.flags, kFlags);
    if (const char* code = code_of(alert.rule); code[0] != '\0') object["code"] = code;
    object["title"] = title_of(alert.rule);
    object["details"] = details_json(alert.details);
    if (alert.zoster != ZosterClass::unspecified || alert.rule == SubjectRule::herpes_zoster)
        object["zoster_class"] = name_of(alert.zoster);
    json::array evidence;
    for (const std::string& record : alert.evidence) evidence.emplace_back(record);
    object["evidence"] = std::move(evidence);
    return object;
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

json::array texts_json(const std::vector<std::string>& texts) {
    json::array array;
    for (const std::string& text : texts) array.emplace_back(text);
    return array;
}

json::array quality_json(const SubjectTimeline& timeline, const RuleSet& rules, Instant as_of,
                         std::optional<Instant> known_at) {
    json::array items;
    for (const QualityLine& line : quality_of(timeline, rules, as_of, known_at)) {
        json::object item{{"at", to_rfc3339(line.item.at)},  {"local_time", line.time},
                          {"kind", name_of(line.item.kind)}, {"used", is_used(line.item.kind)},
                          {"record", line.record},           {"sentence", line.sentence}};
        item["against"] = line.against.empty() ? json::value(nullptr) : json::value(line.against);
        items.push_back(std::move(item));
    }
    return items;
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

}  // namespace

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
    object["quality"] = quality_json(timeline, rules, as_of, std::nullopt);
    object["disagreements"] = differences_json(differences_of(timeline, rules, as_of));
    return json::serialize(object);
}

std::string explanation_json(const SubjectTimeline& timeline, const RuleSet& rules, Instant at,
                             std::optional<Instant> known_at) {
    json::object object = header(timeline, rules);
    object["at"] = to_rfc3339(at);
    object["known_at"] = known_at ? json::value(to_rfc3339(*known_at)) : json::value(nullptr);
    object["standing"] = lines_json(standing_at(timeline, rules, at, known_at));
    object["quality"] = quality_json(timeline, rules, at, known_at);
    object["disagreements"] = differences_json(differences_of(timeline, rules, at, known_at));
    return json::serialize(object);
}

std::string changes_json(const SubjectTimeline& timeline, const RuleSet& rules, Instant since,
                         std::optional<Instant> known_at, Instant at) {
    const ChangedLines changed = changed_lines(timeline, rules, since, known_at, at);
    json::object object = header(timeline, rules);
    object["since"] = to_rfc3339(since);
    object["known_at"] = known_at ? json::value(to_rfc3339(*known_at)) : json::value(nullptr);
    object["at"] = to_rfc3339(at);
    object["causes_told_apart"] = changed.causes_told_apart;
    json::array records;
    for (const ChangedRecord& one : changed.records) {
        records.push_back(json::object{{"record", one.record},
                                       {"change", name_of(one.change.kind)},
                                       {"version_before", one.change.before},
                                       {"version_after", one.change.after}});
    }
    object["records"] = std::move(records);
    json::array statements;
    for (const ChangedLine& line : changed.statements) {
        json::object one;
        one["before"] = line.before ? json::value(line_json(*line.before)) : json::value(nullptr);
        one["after"] = line.after ? json::value(line_json(*line.after)) : json::value(nullptr);
        one["because"] = texts_json(line.because);
        statements.push_back(std::move(one));
    }
    object["statements"] = std::move(statements);
    return json::serialize(object);
}

std::string timeline_json(const SubjectTimeline& timeline, Instant log_time, std::optional<Instant> known_at) {
    json::array facts;
    for (const FactLine& line : timeline_of(timeline, known_at)) {
        json::object fact{{"at", to_rfc3339(line.at)},
                          {"local_time", line.time},
                          {"record", line.record},
                          {"version", line.version},
                          {"recorded_at", to_rfc3339(line.recorded_at)},
                          {"appended_at", to_rfc3339(line.appended_at)},
                          {"sentence", line.sentence}};
        fact["until"] = line.until == kNever ? json::value(nullptr) : json::value(to_rfc3339(line.until));
        facts.push_back(std::move(fact));
    }
    const std::string& key = timeline.key();
    const auto slash = key.find('/');
    json::object object{{"study", key.substr(0, slash)},
                        {"subject", key.substr(slash + 1)},
                        {"as_of", to_rfc3339(log_time)},
                        {"facts", std::move(facts)}};
    object["known_at"] = known_at ? json::value(to_rfc3339(*known_at)) : json::value(nullptr);
    return json::serialize(object) + "\n";
}

}  // namespace cellvigil::views
