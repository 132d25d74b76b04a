#include "daemon/evaluate/stored_alarms.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>

#include <boost/json.hpp>

#include "rules/monitor/watch_plan.h"

namespace cellvigil::oracle {
namespace {

namespace json = boost::json;

constexpr std::size_t kAtOnce = 1000;

// What a look says of one monitor: a line of its outcome.
struct Said {
    std::vector<std::int64_t> counts;  // events, subjects, person-days
    double statistic = 0;
    double threshold = 0;
    std::string told;  // events with which it last fired; "-": it does not stand
    bool crossed = false;
};

struct Revision {
    std::int32_t day = 0;
    Instant at{};
    Said said;
};

std::vector<std::string> fields_of(std::string_view line) {
    std::vector<std::string> fields;
    while (true) {
        const std::size_t end = line.find('\t');
        fields.emplace_back(line.substr(0, end));
        if (end == std::string_view::npos) return fields;
        line.remove_prefix(end + 1);
    }
}

template <typename T>
T number_in(const std::string& text) {
    T number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

constexpr std::size_t kFields = 10;  // rules/monitor/day_looks.h

std::map<std::string, Said> said_in(std::string_view outcome) {
    std::map<std::string, Said> said;
    while (!outcome.empty()) {
        const std::size_t end = std::min(outcome.find('\n'), outcome.size());
        const std::vector<std::string> fields = fields_of(outcome.substr(0, end));
        outcome.remove_prefix(std::min(end + 1, outcome.size()));
        if (fields.size() != kFields) continue;
        Said one;
        for (std::size_t i = 3; i < 6; ++i) one.counts.push_back(number_in<std::int64_t>(fields[i]));
        one.statistic = number_in<double>(fields[6]);
        one.threshold = number_in<double>(fields[7]);
        one.told = fields[8];
        one.crossed = fields[9] == "crossed";
        said.emplace(fields[0], std::move(one));
    }
    return said;
}

std::map<std::string, std::vector<Revision>> revisions_of(const std::vector<store::LookRow>& looks) {
    std::map<std::string, std::vector<Revision>> all;
    for (const store::LookRow& look : looks) {
        for (auto& [id, said] : said_in(look.outcome)) {
            const auto known = all.find(id);
            const std::string stood = known == all.end() ? "-" : known->second.back().said.told;
            if (said.told != stood) all[id].push_back({look.day, look.log_time, std::move(said)});
        }
    }
    return all;
}

// By alarm and revision: what the audit keeps of it.
using Kept = std::map<std::pair<std::string, std::int64_t>, json::object>;

Result<Kept> kept_in_audit(store::Store& store, const std::map<std::string, std::vector<Revision>>& wanted) {
    Kept kept;
    for (std::int64_t first = 0;;) {
        const auto page = store.audit_from(first, kAtOnce);
        if (!page) return fail(page.error());
        for (const store::AuditEntry& entry : *page) {
            first = entry.number + 1;
            if (!entry.row.what.starts_with("alert.") || !wanted.contains(entry.row.object)) continue;
            json::error_code error;
            json::value detail = json::parse(entry.row.detail, error);
            const json::object* object = error ? nullptr : detail.if_object();
            const json::value* number = object == nullptr ? nullptr : object->if_contains("revision");
            if (number == nullptr || !number->is_int64()) continue;  // a person's step
            kept.emplace(std::pair{entry.row.object, number->get_int64()}, *object);
        }
        if (page->size() < kAtOnce) return kept;
    }
}

bool is_near(const json::object& detail, const char* name, double wanted) {
    const json::value* value = detail.if_contains(name);
    if (value == nullptr) return false;
    json::error_code error;
    const auto have = value->to_number<double>(error);
    // What JSON's reader may be off by.
    return !error && std::fabs(have - wanted) <= 1e-14 * std::max(std::fabs(wanted), 1.0);
}

std::string difference(const json::object& detail, const Revision& revision) {
    const Said& said = revision.said;
    const auto& counts = said.counts;
    if (!is_near(detail, "through_day", revision.day)) return "the day";
    if (!is_near(detail, "events", static_cast<double>(counts[0]))) return "the events";
    if (!is_near(detail, "subjects", static_cast<double>(counts[1]))) return "the subjects";
    if (!is_near(detail, "person_days", static_cast<double>(counts[2]))) return "the person-days";
    if (!is_near(detail, "statistic", said.statistic)) return "the statistic";
    if (!is_near(detail, "threshold", said.threshold)) return "the threshold";
    return detail.contains("crossing") == said.crossed ? "" : "the crossing";
}

}  // namespace

Result<void> compare_alarms(store::Store& store, const std::vector<store::LookRow>& looks,
                            const std::vector<PreparedWatch>& watches, std::vector<std::string>& faults) {
    const auto revisions = revisions_of(looks);
    const auto kept = kept_in_audit(store, revisions);
    if (!kept) return fail(kept.error());
    const auto rows = store.alerts_of("");
    if (!rows) return fail(rows.error());
    std::map<std::string, const store::AlertRow*> there;
    for (const store::AlertRow& row : *rows) there.emplace(row.alert_id, &row);
    for (const PreparedWatch& watch : watches) {
        const std::string named = "alarm " + watch.alarm_id + " of " + watch.watch.monitor.id + ": ";
        const auto wanted = revisions.find(watch.alarm_id);
        const auto found = there.find(watch.alarm_id);
        if (wanted == revisions.end()) {
            if (found != there.end()) faults.push_back(named + "stored, but no look crossed");
            continue;
        }
        if (found == there.end()) {
            faults.push_back(named + "a look crossed, not stored");
            continue;
        }
        const store::AlertRow& row = *found->second;
        const auto& all = wanted->second;
        if (row.revision != all.size())
            faults.push_back(named + std::to_string(row.revision) + " revisions, the looks bring " +
                             std::to_string(all.size()));
        if (row.event_time != start_of(SiteDate(std::chrono::days(all.back().day)), UtcOffset(0)))
            faults.push_back(named + "its time is not that of the look that brought its last revision");
        if (row.cohort != watch.watch.monitor.cohort || row.rule != cohort_rule_of(watch.watch.monitor.endpoint))
            faults.push_back(named + "its cohort or its rule is another one");
        if (row.state != (all.back().said.crossed ? store::AlertState::raised : store::AlertState::cleared))
            faults.push_back(named + "its state is not what the last of these looks makes it");
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto detail = kept->find({watch.alarm_id, static_cast<std::int64_t>(i) + 1});
            const std::string revision = "revision " + std::to_string(i + 1);
            if (detail == kept->end()) {
                faults.push_back(named + revision + " is not in the audit");
                continue;
            }
            const std::string differs = difference(detail->second, all[i]);
            if (!differs.empty()) faults.push_back(named + differs + " of " + revision + " is not what the look has");
        }
    }
    return {};
}

}  // namespace cellvigil::oracle
