// From the domain to the contract's bytes: envelopes that the simulator, the importers and tests send, and what leaves
// the daemon. Bytes are deterministic: equal values give equal bytes. No protobuf type is seen here. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/quantity.h"
#include "rules/base/result.h"
#include "rules/base/time.h"
#include "rules/event/event.h"

namespace cellvigil::wire {

// A number in a unit of the source, written as it is.
struct NumberAsSent {
    double value = 0;
    std::string unit;
    std::optional<double> reference_low;  // in `unit`
    std::optional<double> reference_high;
};

// What an envelope says beside the Event.
struct EnvelopeExtras {
    std::optional<Instant> sent_at;
    std::string producer_version;
    std::string supersedes_message_id;
    std::optional<NumberAsSent> number;  // of an Observation, instead of the canonical value and unit
    std::string code_system;             // of Observation::code, instead of LOINC
    bool omit_offset = false;            // leaves utc_offset_minutes out even where the event has one
};

// A serialised EventEnvelope. An Observation is written with its analyte's LOINC (or our own code) unless `code` is
// set, and with the canonical unit; an Intervention's agent with its ATC unless it is `other`. Flags, content_hash and
// appended_at are not written: admission computes them.
std::string encode(const Event& event, const EnvelopeExtras& extras = {});

// The key of an event's message: "study/subject", of a heartbeat "study/site/<site>".
std::string key_of(const Event& event);
// Name of the CloudEvents type of a payload: "org.cellvigil.event.v1.observation".
std::string cloud_event_type(FactKind kind);

// ---- what leaves the daemon: field for field the messages of proto/cellvigil/v1/alert.proto
// -----------------------------

struct Assessment {
    std::string assessment_id;
    std::string subject_key;
    Scale scale = Scale::unspecified;
    Instant at{};
    std::optional<std::uint32_t> grade;
    std::optional<std::uint32_t> grade_upper;
    std::vector<Component> deciding;
    std::vector<std::string> flags;
    std::vector<std::string> evidence;
    bool needs_adjudication = false;
    std::uint32_t infusion = 0;
    std::uint32_t episode = 0;
    bool episode_open = false;
    std::int32_t day = 0;
    std::string pack_hash;
    bool operator==(const Assessment&) const = default;
};

struct Episode {
    std::string episode_id;
    std::string subject_key;
    Scale scale = Scale::unspecified;
    std::uint32_t infusion = 0;
    std::uint32_t ordinal = 0;
    Instant onset{};
    std::optional<Instant> resolved;
    std::optional<std::uint32_t> max_grade;
    std::optional<std::uint32_t> max_grade_upper;
    std::optional<Instant> max_at;
    std::vector<std::string> flags;
    std::string pack_hash;
    bool operator==(const Episode&) const = default;
};

enum class AlertSeverity : std::uint8_t { unspecified, info, medium, high, immediate };
enum class AlertState : std::uint8_t { unspecified, raised, updated, withdrawn };
const char* name_of(AlertSeverity severity);             // "info", "medium", "high", "immediate"
const char* name_of(AlertState state);                   // "raised", "updated", "withdrawn"
AlertSeverity alert_severity_of(std::string_view name);  // `unspecified` for any other name

struct AlertDetail {
    std::string name;
    std::string value;
    std::string unit;
    std::optional<Instant> at;
    std::optional<std::int32_t> day;
    std::string record;
    bool operator==(const AlertDetail&) const = default;
};

struct Alert {
    std::string alert_id;
    std::uint32_t revision = 1;
    std::string rule;
    std::uint32_t rule_version = 0;
    AlertSeverity severity = AlertSeverity::unspecified;
    AlertState state = AlertState::unspecified;
    std::string subject_key;
    std::string study;
    std::string cohort;
    std::string site;
    std::uint32_t sites = 0;
    Instant event_time{};
    std::uint32_t partition = 0;
    std::int64_t position = 0;
    Instant raised_at{};
    std::string title;
    std::string explanation;
    Scale scale = Scale::unspecified;
    std::optional<std::uint32_t> grade;
    std::optional<std::uint32_t> grade_upper;
    bool needs_adjudication = false;
    std::int32_t day = 0;
    ZosterClass zoster = ZosterClass::unspecified;
    std::vector<Component> deciding;
    std::vector<std::string> flags;
    std::vector<std::string> evidence;
    std::string pack_hash;
    std::uint32_t infusion = 0;
    std::uint32_t episode = 0;
    std::string code;  // "P01" to "P18"; empty: another rule
    std::vector<AlertDetail> details;
    bool operator==(const Alert&) const = default;
};

std::string encode(const Assessment& assessment);
std::string encode(const Episode& episode);
std::string encode(const Alert& alert);
// `invalid`: not the bytes of one.
Result<Alert> alert_of(std::string_view bytes);

}  // namespace cellvigil::wire
