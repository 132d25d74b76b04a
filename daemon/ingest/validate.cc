#include "daemon/ingest/validate.h"

#include <cmath>
#include <string>

#include "daemon/ingest/limits.h"

namespace cellvigil::ingest {
namespace {

using wire::FieldKind;
using wire::SentEnvelope;
using wire::SentField;

// ---- field by field
// ----------------------------------------------------------------------------------------------------

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
        const FieldLimit& limit = limit_of(field.ordinal, field.message, field.name);
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

}  // namespace

bool ends_before_it_begins(const SentEnvelope& sent) {
    if (!sent.effective.instant.stated || !sent.effective_end.instant.stated) return false;
    const auto from = instant_of(sent.effective.instant);
    const auto until = instant_of(sent.effective_end.instant);
    // A whole day, month or year may end in the unit in which it begins.
    const auto coarse = std::max(sent.effective.precision, sent.effective_end.precision);
    return from && until && *until < *from && coarse < TimePrecision::day;
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
