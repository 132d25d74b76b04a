#include "rules/timeline/reported_cases.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "rules/base/hash.h"
#include "rules/event/report_words.h"
#include "rules/findings/findings.h"
#include "rules/findings/reported_case.h"

namespace cellvigil {
namespace {

const AdverseEvent* event_in(const Records& records, std::uint32_t version) {
    const std::uint32_t body = records.versions()[version].body;
    return body == kNone ? nullptr : std::get_if<AdverseEvent>(&records.bodies()[body]);
}

bool is_case(const Records& records, std::uint32_t record) {
    for (const std::uint32_t version : records.versions_of(record))
        if (event_in(records, version) != nullptr) return true;
    return false;
}

std::uint64_t name_of_record(const Records& records, std::uint32_t record) { return hash64(records.text(record)) | 1U; }

std::vector<CaseVersion> versions_in(const Records& records, const std::vector<std::uint32_t>& places,
                                     std::uint32_t last_number) {
    std::vector<CaseVersion> versions;
    for (const std::uint32_t place : places) {
        const Version& stored = records.versions()[place];
        const AdverseEvent* event = event_in(records, place);
        const bool retracted = stored.action == RecordAction::retract;
        if (stored.number > last_number || (event == nullptr && !retracted)) continue;
        CaseVersion version;
        if (event != nullptr) version = case_version(*event, stored.from, records.until(place));
        version.number = stored.number;
        version.retracted = retracted;
        version.recorded_at = stored.recorded_at;
        version.appended_at = stored.appended_at;
        versions.push_back(version);
    }
    return versions;
}

AlertDetail detail(Detail what, std::string text) {
    AlertDetail detail;
    detail.what = what;
    detail.text = std::move(text);
    return detail;
}

const char* expectedness_words(const std::optional<bool>& expected) {
    if (!expected) return "not stated";
    return *expected ? "expected by the reference safety information" : "unexpected";
}

// nullopt: nothing is live, or no jurisdiction ever had a clock for it.
std::optional<AlertCause> cause_of(const Records& records, const std::vector<std::uint32_t>& versions,
                                   std::uint32_t record, std::uint32_t live, const RuleSet& rules) {
    if (live == kNone) return std::nullopt;
    const AdverseEvent* event = event_in(records, live);
    if (event == nullptr) return std::nullopt;
    const Version& stored = records.versions()[live];
    ReportLevel highest = ReportLevel::none;
    for (const CaseVersion& version : versions_in(records, versions, stored.number))
        if (!version.retracted) highest = std::max(highest, level_of(version.state, rules.reporting));
    if (highest == ReportLevel::none) return std::nullopt;
    const CaseState state = case_version(*event, stored.from, records.until(live)).state;
    const ReportLevel now = level_of(state, rules.reporting);
    AlertCause cause;
    cause.rule = SubjectRule::adverse_event;
    cause.of_record = name_of_record(records, record);
    cause.urgency = urgency_of(state, now);
    cause.weight = static_cast<std::int32_t>(now);
    cause.at = cause.worst_at = stored.from;
    cause.add_evidence({record});
    cause.details.push_back(detail(Detail::category, words_of(event->category)));
    cause.details.push_back(detail(Detail::seriousness, seriousness_words(*event)));
    cause.details.push_back(detail(Detail::causality, causality_words(*event)));
    cause.details.push_back(detail(Detail::expectedness, expectedness_words(event->expected)));
    if (event->reported) {
        cause.details.push_back(detail(Detail::site_grade, {}));
        cause.details.back().number = event->reported->grade;
    }
    cause.details.push_back(detail(Detail::recorded, {}));
    cause.details.back().at = stored.recorded_at;
    cause.details.back().record = {record};
    return cause;
}

bool before(const AlertCause& cause, std::uint64_t name) { return cause.of_record < name; }

}  // namespace

bool ReportedCases::note(const Records& records, std::uint32_t record, const RuleSet& rules) {
    if (rules.reporting.empty()) return false;
    const std::uint64_t name = name_of_record(records, record);
    const auto at = std::lower_bound(causes_.begin(), causes_.end(), name, before);
    const bool there = at != causes_.end() && at->of_record == name;
    // One that is there may have lost its last version to another record, by a message id that came twice.
    if (!there && !is_case(records, record)) return false;
    if (std::find(told_.begin(), told_.end(), record) == told_.end()) told_.push_back(record);
    auto cause = cause_of(records, records.versions_of(record), record, records.live(record), rules);
    if (cause && there) {
        *at = std::move(*cause);
    } else if (cause) {
        causes_.insert(at, std::move(*cause));
    } else if (there) {
        causes_.erase(at);
    }
    return true;
}

void ReportedCases::note_all(const Records& records, const RuleSet& rules) {
    causes_.clear();
    told_.clear();
    if (rules.reporting.empty()) return;
    for (std::uint32_t record = 0; record < records.records().size(); ++record)
        static_cast<void>(note(records, record, rules));
}

std::vector<CaseReport> ReportedCases::take(const Records& records, std::string_view subject_key) {
    std::vector<CaseReport> reports;
    for (const std::uint32_t record : std::exchange(told_, {})) {
        SubjectAlert named;
        named.rule = SubjectRule::adverse_event;
        named.of_record = name_of_record(records, record);
        reports.push_back(
            {alert_id(subject_key, named), versions_in(records, records.versions_of(record), 0xffffffff)});
    }
    return reports;
}

std::vector<AlertCause> reported_cases(const Records& records, const std::vector<std::uint32_t>& live, Instant known_at,
                                       const RuleSet& rules) {
    std::vector<AlertCause> causes;
    if (rules.reporting.empty()) return causes;
    const std::vector<bool> eligible = records.eligible_at(known_at);
    for (const std::uint32_t version : live) {
        if (event_in(records, version) == nullptr) continue;
        const std::uint32_t record = records.versions()[version].record;
        if (auto cause = cause_of(records, records.versions_of(record, eligible), record, version, rules))
            causes.push_back(std::move(*cause));
    }
    std::sort(causes.begin(), causes.end(),
              [](const AlertCause& a, const AlertCause& b) { return a.of_record < b.of_record; });
    return causes;
}

}  // namespace cellvigil
