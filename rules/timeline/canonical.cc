#include "rules/timeline/canonical.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "rules/timeline/body_codec.h"

namespace cellvigil {
namespace {

void write_instant(ByteWriter& out, Instant at) { out.i64(at.time_since_epoch().count()); }
void write_grade(ByteWriter& out, Grade grade) { out.u8(static_cast<std::uint8_t>(grade)); }

template <typename Set>
void write_set(ByteWriter& out, const Set& set) {
    for (const std::uint64_t word : set.words()) out.u64(word);
}

Flags read_flags(ByteReader& in) {
    auto words = Flags{}.words();
    for (std::uint64_t& word : words) word = in.u64();
    return Flags::of_words(words);
}

void write_evidence(ByteWriter& out, const std::array<RecordRef, kMaxEvidence>& records,
                    const std::function<std::string(RecordRef)>& name) {
    std::vector<std::string> evidence;
    for (const RecordRef record : records) {
        if (record.known()) evidence.push_back(name(record));
    }
    std::sort(evidence.begin(), evidence.end());
    out.u64(evidence.size());
    for (const std::string& record : evidence) out.text(record);
}

void write_assessment(ByteWriter& out, const Assessment& said, const std::function<std::string(RecordRef)>& name) {
    write_instant(out, said.at);
    out.u8(static_cast<std::uint8_t>(said.scale));
    out.u8(static_cast<std::uint8_t>(said.term));
    write_grade(out, said.grade);
    write_grade(out, said.grade_upper);
    out.u64(said.infusion);
    out.u64(said.episode);
    out.u8(static_cast<std::uint8_t>((said.episode_open ? 1U : 0U) | (said.under_surveillance ? 2U : 0U)));
    out.i64(said.day);
    write_set(out, said.deciding);
    write_set(out, said.flags);
    for (const Reported& figure : said.figures) {
        out.u8(static_cast<std::uint8_t>(figure.what));
        out.i64(figure.value);
    }
    write_evidence(out, said.evidence, name);
}

void write_episode(ByteWriter& out, const Episode& episode) {
    out.u8(static_cast<std::uint8_t>(episode.scale));
    out.u8(static_cast<std::uint8_t>(episode.term));
    out.u64(episode.infusion);
    out.u64(episode.ordinal);
    write_instant(out, episode.onset);
    write_instant(out, episode.resolved.value_or(kNever));
    write_grade(out, episode.max_grade);
    write_grade(out, episode.max_upper);
    write_instant(out, episode.max_at);
    write_set(out, episode.flags);
}

void write_milestone(ByteWriter& out, const Milestone& milestone, const std::function<std::string(RecordRef)>& name) {
    out.u8(static_cast<std::uint8_t>(milestone.kind));
    out.u64(milestone.infusion);
    out.u8(static_cast<std::uint8_t>(milestone.standing));
    out.i64(milestone.day.value_or(-1));
    write_set(out, milestone.flags);
    write_evidence(out, milestone.evidence, name);
}

void write_quality(ByteWriter& out, const QualityItem& item, const std::function<std::string(RecordRef)>& name) {
    out.u8(static_cast<std::uint8_t>(item.kind));
    write_instant(out, item.at);
    out.text(name(item.record));
    out.text(item.against.known() ? name(item.against) : "");
}

void write_disagreement(ByteWriter& out, const Disagreement& item, const std::function<std::string(RecordRef)>& name) {
    out.u8(static_cast<std::uint8_t>(item.kind));
    out.u8(static_cast<std::uint8_t>(item.why));
    out.u8(static_cast<std::uint8_t>(item.scale));
    out.u8(static_cast<std::uint8_t>(item.term));
    out.u64(item.infusion);
    out.i64(item.day);
    write_instant(out, item.at);
    out.u8(item.imputed ? 1 : 0);
    write_grade(out, item.reported);
    write_grade(out, item.computed);
    write_grade(out, item.computed_upper);
    out.text(name(item.report));
    write_evidence(out, item.evidence, name);
}

void write_summary(ByteWriter& out, const SubjectSummary& summary) {
    for (const CellKey& cell : cells_of(summary)) {
        out.text(cell.measure);
        out.i64(cell.x);
        out.i64(cell.count);
    }
}

void write_fact(ByteWriter& out, const Records& records, std::uint32_t index) {
    const Version& version = records.versions()[index];
    out.text(records.text(version.record));
    out.u64(version.number);
    out.u64(version.content);
    write_instant(out, version.from);
    write_instant(out, records.until(index));
    out.u64(version.flags);
    out.u8(static_cast<std::uint8_t>(version.kind));
    out.u8(static_cast<std::uint8_t>(version.analyte));
    out.u8(version.has_value ? 1 : 0);
    out.i64(version.value.micro);
    out.u8(version.body == kNone ? 0 : 1);
    if (version.body != kNone) write_body(out, records.bodies()[version.body]);
}

// Every version that is not live, by record, number and content: they belong to the set of events too.
void write_not_live(ByteWriter& out, const Records& records, const std::vector<std::uint32_t>& live) {
    std::vector<bool> is_live(records.versions().size(), false);
    for (const std::uint32_t version : live) is_live[version] = true;
    std::vector<std::tuple<std::string_view, std::uint32_t, std::uint64_t, bool>> others;
    for (std::uint32_t i = 0; i < records.versions().size(); ++i) {
        const Version& version = records.versions()[i];
        if (!is_live[i])
            others.emplace_back(records.text(version.record), version.number, version.content, version.supporters > 0);
    }
    std::sort(others.begin(), others.end());
    out.u64(others.size());
    for (const auto& [record, number, content, eligible] : others) {
        out.text(record);
        out.u64(number);
        out.u64(content);
        out.u8(eligible ? 1 : 0);
    }
}

}  // namespace

std::vector<Assessment> settled_assessments(std::vector<Assessment> said) {
    const auto track = [](const Assessment& one) { return std::tuple(one.scale, one.term); };
    const auto order = [&](const Assessment& one) { return std::tuple(one.at, one.scale, one.term); };
    std::stable_sort(said.begin(), said.end(),
                     [&](const Assessment& a, const Assessment& b) { return order(a) < order(b); });
    std::vector<Assessment> changes;
    std::map<std::tuple<Scale, Term>, std::size_t> last;  // of each track, its place in `changes`
    for (std::size_t i = 0; i < said.size(); ++i) {
        const bool another_follows = i + 1 < said.size() && order(said[i + 1]) == order(said[i]);
        if (another_follows) continue;
        const auto before = last.find(track(said[i]));
        if (before != last.end() && changes[before->second].says_same(said[i])) continue;
        last[track(said[i])] = changes.size();
        changes.push_back(said[i]);
    }
    return changes;
}

void write_alert(ByteWriter& out, const SubjectAlert& alert) {
    out.u8(static_cast<std::uint8_t>(alert.rule));
    out.u64(alert.infusion);
    out.u64(alert.ordinal);
    if (alert.rule == SubjectRule::adverse_event) out.fixed(alert.of_record, 8);
    write_instant(out, alert.at);
    out.i64(alert.day);
    write_instant(out, alert.worst_at);
    out.i64(alert.worst_day);
    write_grade(out, alert.grade);
    write_grade(out, alert.grade_upper);
    write_set(out, alert.flags);
    write_set(out, alert.deciding);
    out.u8(static_cast<std::uint8_t>(alert.zoster));
    out.u8(static_cast<std::uint8_t>(alert.scale));
    out.u64(alert.evidence.size());
    for (const std::string& record : alert.evidence) out.text(record);
    out.u8(static_cast<std::uint8_t>(alert.urgency));
    out.i64(alert.weight);
    out.u64(alert.details.size());
    for (const AlertDetail& detail : alert.details) {
        out.u8(static_cast<std::uint8_t>(detail.what));
        write_instant(out, detail.at);
        out.i64(detail.day);
        out.i64(detail.number);
        out.text(detail.text);
        out.text(detail.source);
    }
}

SubjectAlert read_alert(ByteReader& in) {
    SubjectAlert alert;
    alert.rule = static_cast<SubjectRule>(in.u8());
    alert.infusion = static_cast<std::uint16_t>(in.u64());
    alert.ordinal = static_cast<std::uint16_t>(in.u64());
    if (alert.rule == SubjectRule::adverse_event) alert.of_record = in.fixed(8);
    alert.at = Instant(milliseconds(in.i64()));
    alert.day = static_cast<std::int32_t>(in.i64());
    alert.worst_at = Instant(milliseconds(in.i64()));
    alert.worst_day = static_cast<std::int32_t>(in.i64());
    alert.grade = static_cast<Grade>(in.u8());
    alert.grade_upper = static_cast<Grade>(in.u8());
    alert.flags = read_flags(in);
    alert.deciding = Components::of_words({in.u64()});
    alert.zoster = static_cast<ZosterClass>(in.u8());
    alert.scale = static_cast<Scale>(in.u8());
    const std::uint64_t count = in.u64();
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) alert.evidence.emplace_back(in.text());
    alert.urgency = static_cast<Urgency>(in.u8());
    alert.weight = static_cast<std::int32_t>(in.i64());
    const std::uint64_t details = in.u64();
    for (std::uint64_t i = 0; i < details && !in.failed(); ++i) {
        AlertDetail detail;
        detail.what = static_cast<Detail>(in.u8());
        detail.at = Instant(milliseconds(in.i64()));
        detail.day = static_cast<std::int32_t>(in.i64());
        detail.number = in.i64();
        detail.text = in.text();
        detail.source = in.text();
        alert.details.push_back(std::move(detail));
    }
    return alert;
}

std::string canonical_bytes(std::string_view key, const Records& records, const std::vector<std::uint32_t>& live,
                            const Derived& derived, const std::function<std::string(RecordRef)>& name) {
    std::string bytes;
    ByteWriter out(bytes);
    out.text(key);
    out.u64(live.size());
    for (const std::uint32_t version : live) write_fact(out, records, version);
    write_not_live(out, records, live);
    out.u64(derived.assessments.size());
    for (const Assessment& said : derived.assessments) write_assessment(out, said, name);
    out.u64(derived.episodes.size());
    for (const Episode& episode : derived.episodes) write_episode(out, episode);
    out.u64(derived.milestones.size());
    for (const Milestone& milestone : derived.milestones) write_milestone(out, milestone, name);
    out.u64(derived.alerts.size());
    for (const SubjectAlert& alert : derived.alerts) write_alert(out, alert);
    out.u64(derived.quality.size());
    for (const QualityItem& item : derived.quality) write_quality(out, item, name);
    out.u64(derived.disagreements.size());
    for (const Disagreement& item : derived.disagreements) write_disagreement(out, item, name);
    write_summary(out, derived.summary);
    return bytes;
}

}  // namespace cellvigil
