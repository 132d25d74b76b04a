#include "daemon/ingest/clean.h"

#include <cmath>
#include <cstring>
#include <optional>
#include <vector>

#include "daemon/ingest/limits.h"
#include "daemon/ingest/validate.h"
#include "rules/base/ensure.h"
#include "rules/base/short_bytes.h"

namespace cellvigil::ingest {
namespace {

using wire::SentEnvelope;
using wire::StatedMessage;
using wire::StatedPayload;

template <std::size_t N, std::size_t M>
constexpr FieldLimit row(const char (&message)[N], const char (&field)[M]) {
    return limit_of(std::string_view(message, N - 1), std::string_view(field, M - 1));
}
constexpr FieldLimit kMessageId = row("EventEnvelope", "message_id");
constexpr FieldLimit kSourceSystem = row("EventEnvelope", "source_system");
constexpr FieldLimit kProducerVersion = row("EventEnvelope", "producer_version");
constexpr FieldLimit kStudy = row("EventEnvelope", "study_id");
constexpr FieldLimit kCohort = row("EventEnvelope", "cohort_id");
constexpr FieldLimit kSite = row("EventEnvelope", "site_id");
constexpr FieldLimit kSubject = row("EventEnvelope", "subject_id");
constexpr FieldLimit kRecord = row("EventEnvelope", "record_id");
constexpr FieldLimit kActionReason = row("EventEnvelope", "action_reason");
constexpr FieldLimit kSupersedes = row("EventEnvelope", "supersedes_message_id");
constexpr FieldLimit kInfusionRecord = row("EventEnvelope", "infusion_record_id");
constexpr FieldLimit kOffset = row("EventTime", "utc_offset_minutes");
constexpr FieldLimit kSystem = row("Coding", "system");
constexpr FieldLimit kCode = row("Coding", "code");
constexpr FieldLimit kCodeVersion = row("Coding", "version");
constexpr FieldLimit kDisplay = row("Coding", "display");
constexpr FieldLimit kUnit = row("Quantity", "unit");
constexpr FieldLimit kText = row("Observation", "text");
constexpr FieldLimit kNotDone = row("Observation", "not_done_reason");
constexpr FieldLimit kPanel = row("Observation", "panel_id");

// Of ASCII text that is not empty. Short ids are many, and eight bytes are looked at as one number: a visible byte
// reaches 128 when 0x5f is added, and does not when 1 is.
bool is_visible(std::string_view text) {
    constexpr std::uint64_t kEach = 0x0101010101010101U;
    constexpr std::uint64_t kHigh = 0x80 * kEach;
    const std::size_t size = text.size();
    if (size < 4 || size > 16) return all_between(text, kFirstVisible, kLastVisible);
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    if (size >= 8) {
        std::memcpy(&first, text.data(), 8);
        std::memcpy(&last, text.data() + size - 8, 8);
    } else {
        std::uint32_t half = 0;
        std::memcpy(&half, text.data(), 4);
        std::memcpy(&last, &half, 4);
        std::memcpy(&half, text.data() + size - 4, 4);
        first = last |= std::uint64_t{half} << 32U;
    }
    const std::uint64_t reached = (first + 0x5f * kEach) & (last + 0x5f * kEach);
    return (reached & kHigh & ~((first + kEach) | (last + kEach))) == kHigh;
}
bool is_id(const FieldLimit& limit, std::string_view text) {
    return !text.empty() && text.size() <= limit.longest && is_visible(text);
}

// The fast reader takes ASCII only: characters are bytes.
bool keeps(const FieldLimit& limit, std::string_view text) {
    if (text.empty()) return limit.need == Need::optional;
    return text.size() <= limit.longest && (limit.pattern == Pattern::any || fits(limit.pattern, text));
}
bool keeps(const wire::SentTime& time) {
    const bool offset =
        !time.offset_minutes || (*time.offset_minutes >= kOffset.first && *time.offset_minutes <= kOffset.last);
    return offset && time.instant.stated && instant_of(time.instant).has_value();
}
bool keeps(const wire::SentCoding& coding) {
    return keeps(kSystem, coding.system) && keeps(kCode, coding.code) && keeps(kCodeVersion, coding.version) &&
           keeps(kDisplay, coding.display);
}
bool is_finite(const std::optional<double>& number) { return !number || std::isfinite(*number); }

// A heartbeat may leave out what others must say of a subject.
bool keeps_of_beat(const FieldLimit& limit, std::string_view text) { return text.empty() || keeps(limit, text); }
bool ids_are_clean(const SentEnvelope& sent, const KnownClean& known) {
    if (sent.payload != FactKind::site_heartbeat) {
        const bool subject = known.subject || keeps(kSubject, sent.subject);
        return (known.names || names_are_clean(sent)) && subject && is_id(kMessageId, sent.message_id) &&
               is_id(kRecord, sent.record) && sent.version != 0;
    }
    return keeps(kSourceSystem, sent.source_system) && keeps(kStudy, sent.study) && keeps(kSite, sent.site) &&
           keeps_of_beat(kCohort, sent.cohort) && keeps_of_beat(kSubject, sent.subject) &&
           is_id(kMessageId, sent.message_id) && keeps_of_beat(kRecord, sent.record);
}

// All but the payload.
bool envelope_is_clean(const SentEnvelope& sent, const KnownClean& known) {
    if (sent.unknown_enumerator || !ids_are_clean(sent, known)) return false;
    const bool says_more = (sent.infusion_record.size() | sent.producer_version.size() | sent.supersedes.size() |
                            sent.action_reason.size()) != 0;
    if (says_more && !(keeps(kInfusionRecord, sent.infusion_record) && keeps(kProducerVersion, sent.producer_version) &&
                       keeps(kSupersedes, sent.supersedes) && keeps(kActionReason, sent.action_reason))) {
        return false;
    }
    const bool amends = sent.action == RecordAction::amend;
    if (sent.action != RecordAction::create && !(amends && !sent.action_reason.empty())) return false;
    if (sent.effective.stated ? !keeps(sent.effective) : sent.payload != FactKind::site_heartbeat) return false;
    if (sent.effective_end.stated && (!keeps(sent.effective_end) || ends_before_it_begins(sent))) return false;
    if (!sent.recorded_at.stated || !instant_of(sent.recorded_at)) return false;
    return !sent.sent_at.stated || instant_of(sent.sent_at);
}

bool is_clean(const wire::SentObservation& observation, bool code_is_known) {
    if (!code_is_known && (!observation.has_code || observation.code.code.empty() || !keeps(observation.code) ||
                           !keeps(kUnit, observation.unit))) {
        return false;
    }
    const bool without_value =
        observation.status == ResultStatus::not_done || observation.status == ResultStatus::cancelled;
    if (without_value != (observation.result == wire::SentResult::none)) return false;
    if (!std::isfinite(observation.value) || !is_finite(observation.reference_low) ||
        !is_finite(observation.reference_high)) {
        return false;
    }
    const std::size_t more = observation.text.size() | observation.not_done_reason.size() | observation.panel.size();
    return (observation.result != wire::SentResult::coded || keeps(observation.coded)) &&
           (more == 0 || (keeps(kText, observation.text) && keeps(kNotDone, observation.not_done_reason) &&
                          keeps(kPanel, observation.panel)));
}

// ---- other payloads
// ----------------------------------------------------------------------------------------------------

const FieldLimit& limit_of(const wire::SentField& field) {
    return ingest::limit_of(field.ordinal, field.message, field.name);
}

bool keeps_limit(const wire::StatedField& sent) {
    const FieldLimit& limit = limit_of(*sent.field);
    if (sent.field->repeated) return limit.most == 0 || sent.count <= limit.most;
    const bool free = !limit.ranged || limit.outside == Outside::kept;
    switch (sent.field->kind) {
        case wire::FieldKind::text:
            return (limit.longest == 0 || sent.text.size() <= limit.longest) &&
                   (limit.pattern == Pattern::any || fits(limit.pattern, sent.text));
        case wire::FieldKind::number:
            if (!std::isfinite(sent.number)) return false;
            [[fallthrough]];
        case wire::FieldKind::whole_number:
            return free || (sent.number >= limit.first && sent.number <= limit.last);
        case wire::FieldKind::boolean:
        case wire::FieldKind::enumerator:
        case wire::FieldKind::message:
            return true;
    }
    return false;
}

// A bit for each field that must be stated, found out once per thread.
std::uint64_t required_of(const std::vector<wire::SentField>& fields) {
    thread_local std::vector<std::optional<std::uint64_t>> known;  // by the ordinal of a message's first field
    if (fields.empty()) return 0;
    const std::uint32_t ordinal = fields.front().ordinal;
    if (ordinal >= known.size()) known.resize(ordinal + 1);
    auto& required = known[ordinal];
    if (required) return *required;
    required = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (limit_of(fields[i]).need == Need::required) *required |= std::uint64_t{1} << i;
    }
    return *required;
}

// A payload's own field, by its name.
class Own {
  public:
    Own(const StatedPayload& payload, std::string_view name) : payload_(payload) {
        const std::vector<wire::SentField>& fields = *payload.messages.front().fields;
        while (place_ < fields.size() && fields[place_].name != name) ++place_;
        ensure(place_ < fields.size(), "the payload has a field of this name");
    }
    bool stated() const { return payload_.messages.front().states(place_); }
    int number() const {
        const wire::SentField* wanted = &(*payload_.messages.front().fields)[place_];
        for (const wire::StatedField& sent : payload_.fields) {
            if (sent.field == wanted) return static_cast<int>(sent.number);
        }
        return 0;
    }

  private:
    const StatedPayload& payload_;
    std::size_t place_ = 0;
};

// The rules that tie a payload's fields together.
bool fields_agree(FactKind kind, const StatedPayload& payload) {
    if (kind == FactKind::intervention) {
        const auto treatment = static_cast<InterventionKind>(Own(payload, "kind").number());
        return treatment != InterventionKind::oxygen || Own(payload, "oxygen_device").stated() ||
               static_cast<InterventionPhase>(Own(payload, "phase").number()) == InterventionPhase::stop;
    }
    if (kind == FactKind::infection) {
        const int organism = Own(payload, "organism_group").number();
        return organism == 0 || organism == static_cast<int>(Organism::vzv) || !Own(payload, "zoster").stated();
    }
    if (kind == FactKind::infusion) {
        for (const StatedMessage& message : payload.messages) {
            if (message.of == nullptr || message.of->name != "product") continue;
            for (std::size_t i = 0; i < message.fields->size(); ++i) {
                if ((*message.fields)[i].name == "code" && !message.states(i)) return false;
            }
        }
        return true;
    }
    if (kind != FactKind::adjudication) return true;
    const auto verdict = static_cast<Verdict>(Own(payload, "verdict").number());
    if (verdict == Verdict::other_cause && !Own(payload, "other_cause").stated()) return false;
    if (is_on_value(verdict)) return Own(payload, "judged_record").stated();
    return Own(payload, "grading_system").stated() && Own(payload, "component").stated();
}

}  // namespace

bool names_are_clean(const SentEnvelope& sent) {
    return keeps(kSourceSystem, sent.source_system) && keeps(kStudy, sent.study) && keeps(kCohort, sent.cohort) &&
           keeps(kSite, sent.site);
}

bool is_clean(const SentEnvelope& sent, const KnownClean& known) {
    return sent.payload == FactKind::observation && envelope_is_clean(sent, known) &&
           is_clean(sent.observation, known.code);
}

bool is_plain(const SentEnvelope& sent, Instant& effective, Instant& recorded) {
    const std::size_t says_more =
        sent.infusion_record.size() | sent.producer_version.size() | sent.supersedes.size() | sent.action_reason.size();
    if (says_more != 0 || sent.effective_end.stated || sent.sent_at.stated) return false;
    if (sent.action != RecordAction::create || sent.version == 0) return false;
    const wire::SentTime& time = sent.effective;
    if (!time.stated || time.precision >= TimePrecision::day || !keeps(time)) return false;
    if (!time.offset_minutes || !sent.recorded_at.stated) return false;
    if (!is_id(kMessageId, sent.message_id) || !is_id(kRecord, sent.record)) return false;
    if (!std::isfinite(sent.observation.value) || !keeps(kPanel, sent.observation.panel)) return false;
    effective = recorded = *instant_of(time.instant);
    if (sent.recorded_at == time.instant) return true;
    const auto other = instant_of(sent.recorded_at);
    if (other) recorded = *other;
    return other.has_value();
}

bool is_clean(const SentEnvelope& sent, const StatedPayload& payload, const KnownClean& known) {
    if (!sent.payload || !envelope_is_clean(sent, known)) return false;
    for (const StatedMessage& message : payload.messages) {
        if ((required_of(*message.fields) & ~message.stated) != 0) return false;
    }
    for (const wire::StatedField& sent_field : payload.fields) {
        if (!keeps_limit(sent_field)) return false;
    }
    return fields_agree(*sent.payload, payload);
}

}  // namespace cellvigil::ingest
