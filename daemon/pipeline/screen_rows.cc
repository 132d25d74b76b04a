#include "daemon/pipeline/screen_rows.h"

#include <boost/json.hpp>

#include <map>
#include <utility>

namespace cellvigil::pipeline {
namespace {

namespace json = boost::json;

bool is_of_sites(ScreenMethod method) {
    return method == ScreenMethod::site_outlier || method == ScreenMethod::reporting_delay;
}

std::string payload_of(const ScreenNews& news) {
    json::object payload{{"rule", rule_of(news.spec.method)},
                         {"screen", news.spec.id},
                         {"cohort", news.spec.cohort},
                         {"method", name_of(news.spec.method)},
                         {"revision", news.revision},
                         {"unit", news.unit.unit},
                         {"cause", news.unit.cause},
                         {"side", news.unit.side},
                         {"alpha", static_cast<double>(news.spec.alpha_millionths) / 1e6},
                         {"through_day", news.through},
                         {"clears", news.unit.clears},
                         {"pack", news.pack},
                         {"pack_hash", news.pack_hash}};
    if (counts_endpoint(news.spec.method)) payload["endpoint"] = row_of(news.spec.endpoint).name;
    if (news.unit.p) payload["p"] = *news.unit.p;
    json::object figures;
    for (const ScreenFigure& figure : news.unit.figures)
        figures[figure.name] = figure.value ? json::value(*figure.value) : json::value(nullptr);
    payload["figures"] = std::move(figures);
    return json::serialize(payload);
}

}  // namespace

std::string subjects_text(const std::vector<std::string>& subjects) {
    std::string text;
    for (std::size_t i = 0; i < subjects.size() && i < kMostNamed; ++i) text += (i == 0 ? "" : ", ") + subjects[i];
    if (subjects.size() > kMostNamed) text += " and more";
    return text;
}

void append_screen(Batch& batch, const ScreenNews& news, const EncodeScreen& encode) {
    const char* rule = rule_of(news.spec.method);
    const char* severity = severity_of(news.spec.method);
    std::string body = encode(news);
    batch.commit.alerts.push_back({
        .alert_id = std::string(news.alarm_id),
        .rule = rule,
        .severity = severity,
        .subject_key = {},
        .cohort = news.spec.cohort,
        .site = is_of_sites(news.spec.method) ? news.unit.unit : std::string(),
        .partition = 0,
        .state = news.unit.raised ? store::AlertState::raised : store::AlertState::cleared,
        .revision = news.revision,
        .event_time = start_of(SiteDate(days(news.through)), UtcOffset(0)),
        .position = 0,
        .body = body,
    });
    batch.commit.outbox.push_back({
        .id = std::string(news.alarm_id) + "." + std::to_string(news.revision),
        .alert_id = std::string(news.alarm_id),
        .body = std::move(body),
        .created_at = news.at,
    });
    batch.commit.audit.push_back({
        .at = news.at,
        .who = "cellvigild",
        .what = news.revision == 1 ? "alert.raised" : "alert.updated",
        .object = std::string(news.alarm_id),
        .detail = payload_of(news),
    });
    batch.alerts.push_back(
        {.partition = 0,
         .rule = rule,
         .severity = severity,
         .change = news.revision == 1 ? metrics::AlertChange::raised : metrics::AlertChange::updated});
}

void append_screens(Batch& batch, const Looked& looked, Instant log_time, const std::vector<store::AlertRow>& standing,
                    const RuleSet& rules, const EncodeScreen& encode) {
    if (looked.screens.empty() || !looked.live_through || !encode) return;
    std::map<std::string_view, const store::AlertRow*> alarms;
    for (const store::AlertRow& row : standing) alarms.emplace(row.alert_id, &row);
    for (std::size_t i = 0; i < looked.screens.size(); ++i) {
        const ScreenSpec& spec = looked.prepared->plan.screens.screens[i].spec;
        for (const ScreenUnit& unit : looked.screens[i].units) {
            const std::string id = screen_alarm_id(spec, unit);
            const auto found = alarms.find(id);
            const bool stands = found != alarms.end() && found->second->state == store::AlertState::raised;
            if (unit.raised == stands) continue;
            append_screen(batch,
                          {.spec = spec,
                           .unit = unit,
                           .alarm_id = id,
                           .revision = found == alarms.end() ? 1 : found->second->revision + 1,
                           .through = *looked.live_through,
                           .at = log_time,
                           .pack = rules.pack,
                           .pack_hash = rules.hash},
                          encode);
        }
    }
}

}  // namespace cellvigil::pipeline
