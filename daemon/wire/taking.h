// How payloads are taken: enumerators, amounts and times with their marks. For the sources of this folder only.
#pragma once

#include <optional>
#include <vector>

#include "cellvigil/v1/envelope.pb.h"
#include "daemon/wire/enumerators.h"
#include "daemon/wire/sent.h"
#include "daemon/wire/take_body.h"
#include "rules/event/plausibility.h"
#include "rules/event/units.h"

namespace cellvigil::wire {

// What a mapping needs beside the message: the site's terms, and where to put marks.
class Taking {
  public:
    Taking(const SiteTerms& terms, EventFlags& flags) : terms_(terms), flags_(flags) {}

    template <typename Enum>
    Enum one_of(int number, Enum last) {
        bool unknown = false;
        const Enum value = known(number, last, unknown);
        if (unknown) flag(EventFlag::unknown_enumerator);
        return value;
    }
    Scale scale_of(int number, AdverseEventCategory category = AdverseEventCategory::unspecified) {
        bool unknown = false;
        const Scale value = scale(number, category, unknown);
        if (unknown) flag(EventFlag::unknown_enumerator);
        return value;
    }
    DeathCause cause_of(int number) {
        bool unknown = false;
        const DeathCause value = death_cause(number, unknown);
        if (unknown) flag(EventFlag::unknown_enumerator);
        return value;
    }
    OxygenDevice device_of(int number) {
        bool unknown = false;
        const OxygenDevice value = oxygen_device(number, unknown);
        if (unknown) flag(EventFlag::unknown_enumerator);
        return value;
    }
    // Marks of dates are about when the fact was true: a time inside the payload sets none.
    std::optional<EffectiveTime> time(const v1::EventTime& sent) {
        bool unknown = false;
        EventFlags ignored = 0;
        const auto time = effective_time(sent_time(sent, unknown), terms_, ignored);
        if (unknown) flag(EventFlag::unknown_enumerator);
        return time;
    }
    // A number in the field's own unit; nullopt and flagged when it does not fit.
    std::optional<Quantity> amount(double value) {
        const auto quantity = quantity_of(value);
        if (quantity) return *quantity;
        flag(EventFlag::implausible);
        return std::nullopt;
    }
    // The same within hard limits; outside the soft ones it is marked.
    std::optional<Quantity> judged(std::optional<Quantity> value, Plausibility plausibility) {
        if (plausibility == Plausibility::unusual) flag(EventFlag::unusual);
        if (plausibility != Plausibility::implausible) return value;
        flag(EventFlag::implausible);
        return std::nullopt;
    }
    std::optional<Quantity> canonical(Analyte analyte, const v1::Quantity& sent) {
        const auto value = amount(sent.value());
        if (!value) return std::nullopt;
        const UnitRule* rule = find_unit(analyte, unit(sent.unit()));
        if (rule == nullptr) {
            flag(EventFlag::unit_unknown);
            return std::nullopt;
        }
        const auto converted = to_canonical(*value, *rule);
        if (!converted) flag(EventFlag::implausible);
        return converted ? judged(converted, plausibility_of(analyte, *converted)) : std::nullopt;
    }
    std::optional<Quantity> weight(double value) {
        const auto kg = amount(value);
        return kg ? judged(kg, plausibility_of(Analyte::weight, *kg)) : std::nullopt;
    }
    std::string_view unit(std::string_view sent) const { return unit_at_site(sent, terms_); }
    Agent agent(const v1::Coding& sent) const { return agent_at_site(sent.system(), sent.code(), terms_); }
    void flag(EventFlag mark) { flags_ |= bit(mark); }

  private:
    const SiteTerms& terms_;
    EventFlags& flags_;
};

inline Coding coding(const v1::Coding& sent) { return {sent.system(), sent.code(), sent.display()}; }

inline std::vector<Coding> codings(const google::protobuf::RepeatedPtrField<v1::Coding>& sent) {
    std::vector<Coding> all;
    all.reserve(static_cast<std::size_t>(sent.size()));
    for (const v1::Coding& one : sent) all.push_back(coding(one));
    return all;
}

// The value of a field with presence.
template <typename T, typename Message>
std::optional<T> stated(const Message& sent, bool (Message::*has)() const, T (Message::*get)() const) {
    if (!(sent.*has)()) return std::nullopt;
    return (sent.*get)();
}

// One payload each.
IceAssessment take(const v1::IceAssessment& sent, Taking& taking);
NeuroFinding take(const v1::NeuroFinding& sent, Taking& taking);
Intervention take(const v1::Intervention& sent, Taking& taking);
AdverseEvent take(const v1::AdverseEventReport& sent, Taking& taking);
Infection take(const v1::Infection& sent, Taking& taking);
Adjudication take(const v1::Adjudication& sent, Taking& taking);

}  // namespace cellvigil::wire
