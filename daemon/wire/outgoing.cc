// What leaves the daemon: Assessment, Episode, Alert.
#include <array>

#include "cellvigil/v1/alert.pb.h"
#include "daemon/wire/encode.h"
#include "daemon/wire/enumerators.h"
#include "daemon/wire/put_body.h"

namespace cellvigil::wire {
namespace {

constexpr auto kSeverities = std::to_array<const char*>({"unspecified", "info", "medium", "high", "immediate"});
constexpr auto kStates = std::to_array<const char*>({"unspecified", "raised", "updated", "withdrawn"});

v1::GradingSystem grading_system(Scale scale) { return static_cast<v1::GradingSystem>(number_of(scale)); }

Instant instant_of(const google::protobuf::Timestamp& timestamp) {
    return Instant(seconds(timestamp.seconds())) + milliseconds(timestamp.nanos() / 1'000'000);
}

void put(const std::vector<Component>& from, google::protobuf::RepeatedField<int>& to) {
    for (const Component component : from) to.Add(number_of(component));
}
void put(const std::vector<std::string>& from, google::protobuf::RepeatedPtrField<std::string>& to) {
    to.Assign(from.begin(), from.end());
}

void put(const AlertDetail& from, v1::AlertDetail& to) {
    to.set_name(from.name);
    to.set_value(from.value);
    to.set_unit(from.unit);
    if (from.at) put_time(*from.at, *to.mutable_at());
    if (from.day) to.set_day(*from.day);
    to.set_record_id(from.record);
}
AlertDetail detail_of(const v1::AlertDetail& from) {
    AlertDetail to{from.name(), from.value(), from.unit(), std::nullopt, std::nullopt, from.record_id()};
    if (from.has_at()) to.at = instant_of(from.at());
    if (from.has_day()) to.day = from.day();
    return to;
}

}  // namespace

const char* name_of(AlertSeverity severity) { return kSeverities[static_cast<std::size_t>(severity)]; }
const char* name_of(AlertState state) { return kStates[static_cast<std::size_t>(state)]; }
AlertSeverity alert_severity_of(std::string_view name) {
    for (std::size_t i = 1; i < kSeverities.size(); ++i) {
        if (name == kSeverities[i]) return static_cast<AlertSeverity>(i);
    }
    return AlertSeverity::unspecified;
}

std::string encode(const Assessment& from) {
    v1::Assessment to;
    to.set_assessment_id(from.assessment_id);
    to.set_subject_key(from.subject_key);
    to.set_grading_system(grading_system(from.scale));
    put_time(from.at, *to.mutable_at());
    if (from.grade) to.set_grade(*from.grade);
    if (from.grade_upper) to.set_grade_upper(*from.grade_upper);
    put(from.deciding, *to.mutable_deciding());
    put(from.flags, *to.mutable_flags());
    put(from.evidence, *to.mutable_evidence());
    to.set_needs_adjudication(from.needs_adjudication);
    to.set_infusion(from.infusion);
    to.set_episode(from.episode);
    to.set_episode_open(from.episode_open);
    to.set_day(from.day);
    to.set_pack_hash(from.pack_hash);
    return to.SerializeAsString();
}

std::string encode(const Episode& from) {
    v1::Episode to;
    to.set_episode_id(from.episode_id);
    to.set_subject_key(from.subject_key);
    to.set_grading_system(grading_system(from.scale));
    to.set_infusion(from.infusion);
    to.set_ordinal(from.ordinal);
    put_time(from.onset, *to.mutable_onset());
    if (from.resolved) put_time(*from.resolved, *to.mutable_resolved());
    if (from.max_grade) to.set_max_grade(*from.max_grade);
    if (from.max_grade_upper) to.set_max_grade_upper(*from.max_grade_upper);
    if (from.max_at) put_time(*from.max_at, *to.mutable_max_at());
    put(from.flags, *to.mutable_flags());
    to.set_pack_hash(from.pack_hash);
    return to.SerializeAsString();
}

std::string encode(const Alert& from) {
    v1::Alert to;
    to.set_alert_id(from.alert_id);
    to.set_revision(from.revision);
    to.set_rule(from.rule);
    to.set_rule_version(from.rule_version);
    to.set_severity(static_cast<v1::AlertSeverity>(from.severity));
    to.set_state(static_cast<v1::AlertState>(from.state));
    to.set_subject_key(from.subject_key);
    to.set_study_id(from.study);
    to.set_cohort_id(from.cohort);
    to.set_site_id(from.site);
    to.set_site_count(from.sites);
    put_time(from.event_time, *to.mutable_event_time());
    to.set_partition(from.partition);
    to.set_position(from.position);
    put_time(from.raised_at, *to.mutable_raised_at());
    to.set_title(from.title);
    to.set_explanation(from.explanation);
    to.set_grading_system(grading_system(from.scale));
    if (from.grade) to.set_grade(*from.grade);
    if (from.grade_upper) to.set_grade_upper(*from.grade_upper);
    to.set_needs_adjudication(from.needs_adjudication);
    to.set_day(from.day);
    to.set_zoster_class(static_cast<v1::ZosterClass>(number_of(from.zoster)));
    put(from.deciding, *to.mutable_deciding());
    put(from.flags, *to.mutable_flags());
    put(from.evidence, *to.mutable_evidence_record_ids());
    to.set_pack_hash(from.pack_hash);
    to.set_infusion(from.infusion);
    to.set_episode(from.episode);
    to.set_code(from.code);
    for (const AlertDetail& detail : from.details) put(detail, *to.add_details());
    return to.SerializeAsString();
}

Result<Alert> alert_of(std::string_view bytes) {
    v1::Alert from;
    if (!from.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return fail(Errc::invalid, "not an alert");
    bool unknown = false;
    Alert to;
    to.alert_id = from.alert_id();
    to.revision = from.revision();
    to.rule = from.rule();
    to.rule_version = from.rule_version();
    to.severity = known(from.severity(), AlertSeverity::immediate, unknown);
    to.state = known(from.state(), AlertState::withdrawn, unknown);
    to.subject_key = from.subject_key();
    to.study = from.study_id();
    to.cohort = from.cohort_id();
    to.site = from.site_id();
    to.sites = from.site_count();
    to.event_time = instant_of(from.event_time());
    to.partition = from.partition();
    to.position = from.position();
    to.raised_at = instant_of(from.raised_at());
    to.title = from.title();
    to.explanation = from.explanation();
    to.scale = scale(from.grading_system(), AdverseEventCategory::unspecified, unknown);
    if (from.has_grade()) to.grade = from.grade();
    if (from.has_grade_upper()) to.grade_upper = from.grade_upper();
    to.needs_adjudication = from.needs_adjudication();
    to.day = from.day();
    to.zoster = known(from.zoster_class(), ZosterClass::cns_or_visceral, unknown);
    for (const int component : from.deciding()) to.deciding.push_back(known(component, Component::organ, unknown));
    to.flags.assign(from.flags().begin(), from.flags().end());
    to.evidence.assign(from.evidence_record_ids().begin(), from.evidence_record_ids().end());
    to.pack_hash = from.pack_hash();
    to.infusion = from.infusion();
    to.episode = from.episode();
    to.code = from.code();
    for (const v1::AlertDetail& detail : from.details()) to.details.push_back(detail_of(detail));
    return to;
}

}  // namespace cellvigil::wire
