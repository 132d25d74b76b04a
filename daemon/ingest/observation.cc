#include "daemon/ingest/observation.h"

#include "rules/event/codes.h"
#include "rules/event/plausibility.h"
#include "rules/event/units.h"

namespace cellvigil::ingest {
namespace {

std::optional<Quantity> canonical(double value, const UnitRule& rule) {
    const auto amount = quantity_of(value);
    return amount ? to_canonical(*amount, rule) : std::nullopt;
}

// A range that is none, or that lies outside what can be, is left out.
void take_reference(const wire::SentObservation& sent, const UnitRule& rule, Observation& to, EventFlags& flags) {
    if (!sent.reference_low && !sent.reference_high) return;
    std::optional<Quantity> low;
    std::optional<Quantity> high;
    if (sent.reference_low) low = canonical(*sent.reference_low, rule);
    if (sent.reference_high) high = canonical(*sent.reference_high, rule);
    const bool converted =
        low.has_value() == sent.reference_low.has_value() && high.has_value() == sent.reference_high.has_value();
    const bool ordered = !low || !high || *low < *high;
    const bool plausible = !low || plausibility_of(to.analyte, *low) != Plausibility::implausible;
    if (converted && ordered && plausible) {
        to.reference_low = low;
        to.reference_high = high;
    } else {
        flags |= bit(EventFlag::unusual);
    }
}

void take_value(const wire::SentObservation& sent, double number, const UnitRule* rule, Observation& to,
                EventFlags& flags) {
    to.comparator = sent.comparator;
    if (to.analyte == Analyte::other) return;
    if (rule == nullptr) {
        flags |= bit(EventFlag::unit_unknown);
        return;
    }
    const auto value = canonical(number, *rule);
    const Plausibility plausibility = value ? plausibility_of(to.analyte, *value) : Plausibility::implausible;
    if (plausibility == Plausibility::implausible) {
        flags |= bit(EventFlag::implausible);
        return;
    }
    if (plausibility == Plausibility::unusual) flags |= bit(EventFlag::unusual);
    to.value = value;
    if (to.analyte == Analyte::haemoglobin && rule->unit == "mmol/L") {
        const auto as_sent = quantity_of(number);
        to.in_mmol_per_litre = true;
        if (as_sent) to.value_as_sent = *as_sent;
    }
    take_reference(sent, *rule, to, flags);
}

}  // namespace

void clear(Observation& to) {
    to.analyte = Analyte::other;
    to.comparator = Comparator::unspecified;
    to.status = ResultStatus::unspecified;
    to.in_mmol_per_litre = false;
    to.value.reset();
    to.value_as_sent.reset();
    to.truth.reset();
    to.reference_low.reset();
    to.reference_high.reset();
    to.code.clear();
    to.text.clear();
    to.panel.clear();
}

MeantCode meant_by(const wire::SentObservation& sent, const wire::SiteTerms& terms) {
    MeantCode meant;
    meant.analyte = wire::analyte_at_site(sent.code.system, sent.code.code, terms);
    if (meant.analyte == Analyte::other) {
        meant.at_site = wire::code_at_site(sent.code.system, sent.code.code, terms);
        return meant;
    }
    meant.is_its_loinc = sent.code.code == loinc_of(meant.analyte);
    if (sent.result == wire::SentResult::quantity) {
        meant.unit = find_unit(meant.analyte, unit_at_site(sent.unit, terms));
    }
    return meant;
}

void take_observation(const wire::SentObservation& sent, const MeantCode& meant, Observation& to, EventFlags& flags) {
    clear(to);
    to.analyte = meant.analyte;
    to.status = sent.status;
    if (!sent.panel.empty()) to.panel = sent.panel;
    if (!meant.is_its_loinc) to.code = sent.code.code;
    if (to.analyte == Analyte::other) {
        const bool loinc = sent.code.system.empty() || sent.code.system == kLoincSystem;
        if (is_cmv_test(meant.at_site)) {
            to.code = meant.at_site;
        } else if (!loinc || !is_cmv_test(sent.code.code)) {
            flags |= bit(EventFlag::code_unknown);
            if (loinc && !has_loinc_check_digit(sent.code.code)) flags |= bit(EventFlag::check_digit);
        }
    }
    switch (sent.result) {
        case wire::SentResult::none:
            break;
        case wire::SentResult::quantity:
            take_value(sent, sent.value, meant.unit, to, flags);
            break;
        case wire::SentResult::boolean:
            to.truth = sent.boolean;
            break;
        case wire::SentResult::coded:
            to.text = sent.coded.display.empty() ? sent.coded.code : sent.coded.display;
            to.truth = truth_of(sent.coded.code);
            if (!to.truth) to.truth = truth_of(to.text);
            break;
        case wire::SentResult::text:
            to.text = sent.text;
            to.truth = truth_of(to.text);
            break;
    }
}

void take_number(const wire::SentObservation& like, double value, std::string_view panel, const MeantCode& meant,
                 Observation& to, EventFlags& flags) {
    clear(to);
    to.analyte = meant.analyte;
    to.status = like.status;
    if (!panel.empty()) to.panel = panel;
    if (!meant.is_its_loinc) to.code = like.code.code;
    take_value(like, value, meant.unit, to, flags);
}

}  // namespace cellvigil::ingest
