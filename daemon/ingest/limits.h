// What each field of the contract may hold: the one table that the validator reads and docs/wire.md is checked against.
// A value outside is rejected with its path, except where `outside` says that it is kept, flagged and not used.
// Cross-field rules are in validate.h. Units are those of the contract's comments.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace cellvigil::ingest {

enum class Need : std::uint8_t {
    optional,
    required,           // set, and not the default
    required_but_beat,  // of the envelope: required unless the payload is a site heartbeat
};
enum class Pattern : std::uint8_t {
    any,
    name,     // [A-Za-z0-9._-]
    source,   // [a-z0-9._-]
    visible,  // visible ASCII
};
inline constexpr char kFirstVisible = 0x21;
inline constexpr char kLastVisible = 0x7e;
enum class Outside : std::uint8_t { rejected, kept };

struct FieldLimit {
    std::string_view message;  // "EventEnvelope"
    std::string_view field;    // "message_id"
    Need need = Need::optional;
    std::uint16_t longest = 0;  // characters; 0: no text
    Pattern pattern = Pattern::any;
    std::uint16_t most = 0;  // elements of a repeated field; 0: not repeated
    bool ranged = false;
    double first = 0;
    double last = 0;
    Outside outside = Outside::rejected;
};

namespace limit {
constexpr FieldLimit text(std::string_view message, std::string_view field, std::uint16_t longest,
                          Pattern pattern = Pattern::any, Need need = Need::optional) {
    return {message, field, need, longest, pattern, 0, false, 0, 0, Outside::rejected};
}
constexpr FieldLimit range(std::string_view message, std::string_view field, double first, double last,
                           Need need = Need::optional, Outside outside = Outside::rejected) {
    return {message, field, need, 0, Pattern::any, 0, true, first, last, outside};
}
constexpr FieldLimit kept(std::string_view message, std::string_view field, double first, double last) {
    return range(message, field, first, last, Need::optional, Outside::kept);
}
constexpr FieldLimit needed(std::string_view message, std::string_view field, Need need = Need::required) {
    return {message, field, need, 0, Pattern::any, 0, false, 0, 0, Outside::rejected};
}
constexpr FieldLimit list(std::string_view message, std::string_view field, std::uint16_t most) {
    return {message, field, Need::optional, 0, Pattern::any, most, false, 0, 0, Outside::rejected};
}
}  // namespace limit

inline constexpr double kLargestCount = 4294967295.0;

inline constexpr auto kFieldLimits = std::to_array<FieldLimit>({
    limit::text("EventEnvelope", "message_id", 64, Pattern::visible, Need::required),
    limit::text("EventEnvelope", "source_system", 64, Pattern::source, Need::required),
    limit::text("EventEnvelope", "producer_version", 64),
    limit::text("EventEnvelope", "study_id", 64, Pattern::name, Need::required),
    limit::text("EventEnvelope", "cohort_id", 64, Pattern::name, Need::required_but_beat),
    limit::text("EventEnvelope", "site_id", 64, Pattern::name, Need::required),
    limit::text("EventEnvelope", "subject_id", 64, Pattern::name, Need::required_but_beat),
    limit::text("EventEnvelope", "record_id", 128, Pattern::visible, Need::required_but_beat),
    limit::range("EventEnvelope", "record_version", 1, kLargestCount, Need::required_but_beat),
    limit::needed("EventEnvelope", "action"),
    limit::text("EventEnvelope", "action_reason", 2000),
    limit::text("EventEnvelope", "supersedes_message_id", 64, Pattern::visible),
    limit::needed("EventEnvelope", "recorded_at"),
    limit::text("EventEnvelope", "infusion_record_id", 128, Pattern::visible),
    limit::needed("EventTime", "instant"),
    limit::range("EventTime", "utc_offset_minutes", -840, 840),
    limit::range("Timestamp", "seconds", -2208988800, 7258118399),  // 1900 to 2199
    limit::range("Timestamp", "nanos", 0, 999999999),
    limit::text("Coding", "system", 256),
    limit::text("Coding", "code", 64),
    limit::text("Coding", "version", 64),
    limit::text("Coding", "display", 256),
    limit::text("Quantity", "unit", 32),
    limit::range("SiteGrade", "grade", 0, 5),

    limit::needed("Observation", "code"),
    limit::text("Observation", "text", 4000),
    limit::text("Observation", "not_done_reason", 256),
    limit::text("Observation", "panel_id", 64),

    limit::kept("IceAssessment", "orientation", 0, 4),
    limit::kept("IceAssessment", "naming", 0, 3),
    limit::kept("IceAssessment", "commands", 0, 1),
    limit::kept("IceAssessment", "writing", 0, 1),
    limit::kept("IceAssessment", "attention", 0, 1),
    limit::kept("IceAssessment", "total", 0, 10),
    limit::kept("IceAssessment", "capd_total", 0, 32),
    limit::kept("IceAssessment", "capd_items_answered", 0, 8),
    limit::kept("IceAssessment", "rass", -5, 4),
    limit::kept("IceAssessment", "head_of_government", 0, 1),

    limit::needed("NeuroFinding", "kind"),
    limit::range("NeuroFinding", "duration_seconds", 0, 2592000),
    limit::range("NeuroFinding", "papilloedema_stage", 1, 5),

    limit::needed("Intervention", "kind"),
    limit::needed("Intervention", "phase"),
    limit::kept("Intervention", "oxygen_flow_l_min", 0, 80),
    limit::kept("Intervention", "fio2_fraction", 0.21, 1),
    limit::text("Intervention", "course_id", 64),
    limit::range("Intervention", "volume_ml", 0, 100000),
    limit::range("Intervention", "duration_min", 0, 1440),
    limit::text("Intervention", "policy_id", 64),

    limit::range("Enrollment", "age_years", 0, 130),
    limit::range("Enrollment", "age_days", 0, 6940),
    limit::kept("Enrollment", "weight_kg", 0.3, 700),
    limit::range("Enrollment", "baseline_ice", 0, 10),
    limit::range("Enrollment", "baseline_capd", 0, 32),
    limit::text("Enrollment", "dose_level", 64),

    limit::needed("Infusion", "product"),
    limit::range("Infusion", "infusion_number", 1, 100, Need::required),
    limit::text("Infusion", "lot_pseudonym", 64),
    limit::list("Infusion", "lymphodepletion_agents", 16),
    limit::kept("Infusion", "weight_kg", 0.3, 700),

    limit::needed("AdverseEventReport", "category"),
    limit::list("AdverseEventReport", "codes", 16),
    limit::text("AdverseEventReport", "verbatim_term", 1000),
    limit::range("AdverseEventReport", "grade", 0, 5),
    limit::list("AdverseEventReport", "causality", 16),

    limit::range("Infection", "severity_grade", 0, 5),
    limit::list("Infection", "severities", 8),
    limit::list("Infection", "treatment_routes", 8),
    limit::text("Infection", "linked_record_id", 128, Pattern::visible),
    limit::range("Zoster", "dermatomes", 0, 31),
    limit::range("Zoster", "outside_lesions", 0, 10000),

    limit::needed("DiseaseStatus", "response"),
    limit::needed("SubsequentTherapy", "kind"),
    limit::list("Death", "cause_codes", 16),
    limit::list("Death", "contributing", 10),
    limit::needed("FollowUpContact", "status"),
    limit::list("FollowUpContact", "surveillance", 16),
    limit::needed("Surveillance", "domain"),
    limit::needed("Surveillance", "complete_through"),
    limit::needed("ConsentChange", "scope"),

    limit::needed("Adjudication", "verdict"),
    limit::text("Adjudication", "other_cause", 1000),
    limit::text("Adjudication", "clinician_id", 64, Pattern::any, Need::required),
    limit::text("Adjudication", "clinician_role", 64, Pattern::any, Need::required),
    limit::text("Adjudication", "reason", 2000),
    limit::needed("Adjudication", "signed_at"),
    limit::text("Adjudication", "assessment_id", 64),
    limit::text("Adjudication", "judged_record", 200),
});

// The row of a field; a default one (no limit) for a field that has none.
constexpr FieldLimit limit_of(std::string_view message, std::string_view field) {
    for (const FieldLimit& row : kFieldLimits) {
        if (row.message == message && row.field == field) return row;
    }
    return {message, field, Need::optional, 0, Pattern::any, 0, false, 0, 0, Outside::rejected};
}

// The same, found again by the field's ordinal. Once per thread it is looked up by name.
const FieldLimit& limit_of(std::uint32_t ordinal, std::string_view message, std::string_view field);

const char* name_of(Pattern pattern);  // "[A-Za-z0-9._-]"; "" for any
// Does text of any length keep to the pattern?
bool fits(Pattern pattern, std::string_view text);

}  // namespace cellvigil::ingest
