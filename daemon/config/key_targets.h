// Where the keys of names and sections put their values. For daemon/config/keys.cc only.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/keys.h"

namespace cellvigil::config {

template <typename T>
T as(const Value& value) {
    return static_cast<T>(value.number);
}

inline ingest::Site& site(Config& c, const Names& names) { return c.studies[names[0]].sites[names[1]]; }

template <typename Sink>
Sink& named(std::vector<Sink>& sinks, const Names& names) {
    const auto found = std::ranges::find(sinks, names[0], &Sink::name);
    if (found != sinks.end()) return *found;
    Sink fresh;
    fresh.name = names[0];
    return sinks.emplace_back(std::move(fresh));
}
inline WebhookSink& webhook(Config& c, const Names& names) { return named(c.sinks.webhooks, names); }
inline PostedSink& slack(Config& c, const Names& names) { return named(c.sinks.slack, names); }
inline PostedSink& teams(Config& c, const Names& names) { return named(c.sinks.teams, names); }
inline AlertmanagerSink& alertmanager(Config& c, const Names& names) { return named(c.sinks.alertmanagers, names); }
inline EmailSink& email(Config& c, const Names& names) { return named(c.sinks.emails, names); }

constexpr std::string_view kInternal =
    "The receiver may learn pseudonyms, sites and explanations; else they are left out. false when not stated.";
constexpr std::string_view kDigest = "The daily digest goes there, too; false when not stated.";
constexpr std::string_view kTimeout = "Time for one delivery; 15000 when not stated.";
constexpr std::string_view kLink = "Prefix of the link to an alert; the alert's id follows.";
constexpr std::string_view kAuthorities = "Certificate authorities for TLS; else the system's.";

inline MachineAccess& machine(Config& c, const Names& names) {
    const auto found = std::ranges::find(c.http.machines, names[0], &MachineAccess::name);
    if (found != c.http.machines.end()) return *found;
    MachineAccess fresh;
    fresh.name = names[0];
    return c.http.machines.emplace_back(std::move(fresh));
}
inline Severity severity_in(const Value& value) { return severity_named(value.text).value_or(Severity::immediate); }
inline EscalationLevel& level(Config& c, const Names& names) {
    constexpr BySeverity<minutes> kAfter{{minutes(7 * 24 * 60), minutes(24 * 60), minutes(60), minutes(15)}};
    return c.escalation.levels.try_emplace(names[0], EscalationLevel{kAfter, {}}).first->second;
}

inline OwnReportingRule& own_rule(Config& c, const Names& names) {
    OwnReportingRule fresh;
    for (const ReportingRule& rule : reporting_rules())
        if (names[0] == name_of(rule.jurisdiction)) fresh.rule = rule;
    return c.reporting.rules.try_emplace(names[0], fresh).first->second;
}
template <auto Field>
void own_days(Config& c, const Names& names, const Value& value) {
    own_rule(c, names).rule.*Field = as<std::int32_t>(value);
}
template <auto Field>
void own_truth(Config& c, const Names& names, const Value& value) {
    own_rule(c, names).rule.*Field = value.truth;
}
template <Severity Of>
void shelf(Config& c, const Names&, const Value& value) {
    c.alerts.longest_shelf[Of] = hours(value.number);
}

}  // namespace cellvigil::config
