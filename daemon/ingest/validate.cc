#include "daemon/ingest/validate.h"

#include <cmath>
#include <cstring>
#include <optional>
#include <string>

#include "daemon/ingest/limits.h"

namespace cellvigil::ingest {
namespace {

using wire::FieldKind;
using wire::SentEnvelope;
using wire::SentField;

// ---- field by field
// ----------------------------------------------------------------------------------------------------

// Rows by the field's ordinal, looked up by name once per thread.
const FieldLimit& limit_for(const SentField& field) {
    thread_local std::vector<std::optional<FieldLimit>> rows;
    if (field.ordinal >= rows.size()) rows.resize(field.ordinal + 1);
    auto& row = rows[field.ordinal];
    if (!row) row = limit_of(field.message, field.name);
    return *row;
}

std::size_t characters(std::string_view text) {
    std::size_t count = 0;
    for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U ? 1 : 0;
    return count;
}

std::string shown(double number) {
    const auto whole_number = static_cast<std::int64_t>(number);
    if (static_cast<double>(whole_number) == number) return std::to_string(whole_number);
    std::string text = std::to_string(number);
    text.erase(text.find_last_not_of('0') + 1);
    return text;
}

class Checking {
  public:
    Checking(const SentEnvelope& sent, const std::vector<SentField>& fields, EventFlags& flags,
             std::vector<Issue>& issues)
        : beat_(sent.payload == FactKind::site_heartbeat), fields_(fields), flags_(flags), issues_(issues) {}

    void check_all() {
        for (std::size_t place = 0; place < fields_.size(); ++place) check(place);
    }

  private:
    void add(std::size_t place, Reason reason, std::string detail) {
        issues_.push_back({path_of(fields_, place), reason, std::move(detail)});
    }

    void check(std::size_t place) {
        const SentField& field = fields_[place];
        const FieldLimit& limit = limit_for(field);
        if (!field.stated) {
            const bool required = limit.need == Need::required || (limit.need == Need::required_but_beat && !beat_);
            if (required) add(place, Reason::missing_field, "required");
            return;
        }
        if (field.repeated) {
            if (limit.most != 0 && field.count > limit.most) {
                add(place, Reason::out_of_range, "at most " + std::to_string(limit.most));
            }
            return;
        }
        switch (field.kind) {
            case FieldKind::text:
                check_text(place, limit);
                break;
            case FieldKind::number:
                if (!std::isfinite(field.number)) {
                    add(place, Reason::not_finite, "a number is expected");
                } else {
                    check_range(place, limit);
                }
                break;
            case FieldKind::whole_number:
                check_range(place, limit);
                break;
            case FieldKind::enumerator:
                if (!field.known) flags_ |= bit(EventFlag::unknown_enumerator);
                break;
            case FieldKind::boolean:
            case FieldKind::message:
                break;
        }
    }

    void check_text(std::size_t place, const FieldLimit& limit) {
        const SentField& field = fields_[place];
        if (limit.longest != 0 && characters(field.text) > limit.longest) {
            add(place, Reason::out_of_range, "at most " + std::to_string(limit.longest) + " characters");
        }
        if (!fits(limit.pattern, field.text))
            add(place, Reason::bad_field, std::string("only ") + name_of(limit.pattern));
    }

    void check_range(std::size_t place, const FieldLimit& limit) {
        const double number = fields_[place].number;
        if (!limit.ranged || limit.outside == Outside::kept) return;
        if (number >= limit.first && number <= limit.last) return;
        const Reason reason = limit.message == "Timestamp" ? Reason::bad_time : Reason::out_of_range;
        add(place, reason, shown(limit.first) + ".." + shown(limit.last));
    }

    bool beat_;
    const std::vector<SentField>& fields_;
    EventFlags& flags_;
    std::vector<Issue>& issues_;
};

// ---- across fields
// -----------------------------------------------------------------------------------------------------

// The place of a field in the list; the list's size when it is absent.
class Finding {
  public:
    explicit Finding(const std::vector<SentField>& fields) : fields_(fields) {}
    const SentField* at(std::string_view message, std::string_view name) const {
        for (const SentField& field : fields_) {
            if (field.name == name && field.message == message && field.index < 0) return &field;
        }
        return nullptr;
    }
    bool stated(std::string_view message, std::string_view name) const {
        const SentField* field = at(message, name);
        return field != nullptr && field->stated;
    }
    int number(std::string_view message, std::string_view name) const {
        const SentField* field = at(message, name);
        return field != nullptr && field->stated ? static_cast<int>(field->number) : 0;
    }

  private:
    const std::vector<SentField>& fields_;
};

void check_action(const SentEnvelope& sent, const Finding& find, std::vector<Issue>& issues) {
    const SentField* action = find.at("EventEnvelope", "action");
    if (action != nullptr && action->stated && !action->known) {
        issues.push_back({"action", Reason::bad_field, "CREATE, AMEND or RETRACT"});
    }
    const bool corrects = sent.action == RecordAction::amend || sent.action == RecordAction::retract;
    if (corrects && sent.action_reason.empty()) {
        issues.push_back({"action_reason", Reason::missing_field, "required for AMEND and RETRACT"});
    }
    const bool retracts = sent.action == RecordAction::retract;
    if (retracts && sent.payload) {
        issues.push_back({name_of(*sent.payload), Reason::bad_field, "a RETRACT has no payload"});
    }
    if (!retracts && !sent.payload) issues.push_back({"payload", Reason::missing_field, "exactly one payload"});
    if (!retracts && !sent.effective.stated && sent.payload != FactKind::site_heartbeat) {
        issues.push_back({"effective", Reason::missing_field, "required"});
    }
}

bool ends_before_it_begins(const SentEnvelope& sent) {
    if (!sent.effective.instant.stated || !sent.effective_end.instant.stated) return false;
    const auto from = instant_of(sent.effective.instant);
    const auto until = instant_of(sent.effective_end.instant);
    // A whole day, month or year may end in the unit in which it begins.
    const auto coarse = std::max(sent.effective.precision, sent.effective_end.precision);
    return from && until && *until < *from && coarse < TimePrecision::day;
}

void check_observation(const SentEnvelope& sent, std::vector<Issue>& issues) {
    const wire::SentObservation& observation = sent.observation;
    if (observation.has_code && observation.code.code.empty()) {
        issues.push_back({"observation.code.code", Reason::missing_field, "required"});
    }
    const bool without_value =
        observation.status == ResultStatus::not_done || observation.status == ResultStatus::cancelled;
    const bool has_value = observation.result != wire::SentResult::none;
    if (without_value && has_value) {
        issues.push_back({"observation.status", Reason::bad_field, "NOT_DONE and CANCELLED have no value"});
    }
    if (!without_value && !has_value) {
        issues.push_back({"observation.value", Reason::missing_field, "one of quantity, boolean, coded, text"});
    }
}

void check_intervention(const Finding& find, std::vector<Issue>& issues) {
    const auto kind = static_cast<InterventionKind>(find.number("Intervention", "kind"));
    const auto phase = static_cast<InterventionPhase>(find.number("Intervention", "phase"));
    if (kind == InterventionKind::oxygen && phase != InterventionPhase::stop &&
        !find.stated("Intervention", "oxygen_device")) {
        issues.push_back({"intervention.oxygen_device", Reason::missing_field, "required for OXYGEN"});
    }
}

void check_infection(const Finding& find, std::vector<Issue>& issues) {
    const int organism = find.number("Infection", "organism_group");
    const bool may_be_zoster = organism == 0 || organism == static_cast<int>(Organism::vzv);
    if (find.stated("Infection", "zoster") && !may_be_zoster) {
        issues.push_back({"infection.zoster", Reason::bad_field, "only where organism_group is VZV"});
    }
}

void check_adjudication(const Finding& find, std::vector<Issue>& issues) {
    const bool other = find.number("Adjudication", "verdict") == static_cast<int>(Verdict::other_cause);
    if (other && !find.stated("Adjudication", "other_cause")) {
        issues.push_back({"adjudication.other_cause", Reason::missing_field, "required with OTHER_CAUSE"});
    }
    if (is_on_value(static_cast<Verdict>(find.number("Adjudication", "verdict")))) {
        if (!find.stated("Adjudication", "judged_record")) {
            issues.push_back(
                {"adjudication.judged_record", Reason::missing_field, "required for a verdict on a value"});
        }
        return;
    }
    for (const char* field : {"grading_system", "component"}) {
        if (find.stated("Adjudication", field)) continue;
        issues.push_back({std::string("adjudication.") + field, Reason::missing_field, "required"});
    }
}

void check_payload(const SentEnvelope& sent, const std::vector<SentField>& fields, std::vector<Issue>& issues) {
    if (!sent.payload) return;
    const Finding find(fields);
    if (*sent.payload == FactKind::observation) check_observation(sent, issues);
    if (*sent.payload == FactKind::intervention) check_intervention(find, issues);
    if (*sent.payload == FactKind::infection) check_infection(find, issues);
    if (*sent.payload == FactKind::adjudication) check_adjudication(find, issues);
    if (*sent.payload == FactKind::infusion && find.stated("Infusion", "product")) {
        for (std::size_t place = 0; place < fields.size(); ++place) {
            const SentField& field = fields[place];
            const bool of_product =
                field.parent >= 0 && fields[static_cast<std::size_t>(field.parent)].name == "product";
            if (of_product && field.name == "code" && !field.stated) {
                issues.push_back({"infusion.product.code", Reason::missing_field, "required"});
            }
        }
    }
}

// ---- the short way
// -----------------------------------------------------------------------------------------------------

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
    if (size < 4 || size > 16) return fits(Pattern::visible, text);
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
    const std::size_t more =
        observation.text.size() | observation.not_done_reason.size() | observation.panel.size();
    return (observation.result != wire::SentResult::coded || keeps(observation.coded)) &&
           (more == 0 || (keeps(kText, observation.text) && keeps(kNotDone, observation.not_done_reason) &&
                          keeps(kPanel, observation.panel)));
}

}  // namespace

bool names_are_clean(const SentEnvelope& sent) {
    return keeps(kSourceSystem, sent.source_system) && keeps(kStudy, sent.study) && keeps(kCohort, sent.cohort) &&
           keeps(kSite, sent.site);
}

bool is_clean(const SentEnvelope& sent, const KnownClean& known) {
    if (sent.payload != FactKind::observation || sent.unknown_enumerator) return false;
    const bool subject = known.subject || keeps(kSubject, sent.subject);
    const bool ids = (known.names || names_are_clean(sent)) && subject && is_id(kMessageId, sent.message_id) &&
                     is_id(kRecord, sent.record);
    if (!ids || sent.version == 0) return false;
    const bool says_more = (sent.infusion_record.size() | sent.producer_version.size() | sent.supersedes.size() |
                            sent.action_reason.size()) != 0;
    if (says_more && !(keeps(kInfusionRecord, sent.infusion_record) && keeps(kProducerVersion, sent.producer_version) &&
                       keeps(kSupersedes, sent.supersedes) && keeps(kActionReason, sent.action_reason))) {
        return false;
    }
    const bool amends = sent.action == RecordAction::amend;
    if (sent.action != RecordAction::create && !(amends && !sent.action_reason.empty())) return false;
    if (!sent.effective.stated || !keeps(sent.effective)) return false;
    if (sent.effective_end.stated && (!keeps(sent.effective_end) || ends_before_it_begins(sent))) return false;
    if (!sent.recorded_at.stated || !instant_of(sent.recorded_at)) return false;
    if (sent.sent_at.stated && !instant_of(sent.sent_at)) return false;
    return is_clean(sent.observation, known.code);
}

void validate(const SentEnvelope& sent, const std::vector<SentField>& fields, EventFlags& flags,
              std::vector<Issue>& issues) {
    Checking(sent, fields, flags, issues).check_all();
    check_action(sent, Finding(fields), issues);
    if (ends_before_it_begins(sent)) {
        issues.push_back({"effective_end", Reason::bad_time, "not before effective"});
    }
    check_payload(sent, fields, issues);
}

}  // namespace cellvigil::ingest
