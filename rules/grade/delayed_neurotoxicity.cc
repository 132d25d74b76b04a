#include "rules/grade/delayed_neurotoxicity.h"

#include <algorithm>
#include <variant>

#include "rules/grade/ctcae_version.h"
#include "rules/grade/icans_state.h"
#include "rules/grade/part.h"

namespace cellvigil {
namespace {

NeuroSign* sign_of(DelayedNeurotoxicityState& state, NeuroKind kind) {
    const auto place = std::find(kDelayedSigns.begin(), kDelayedSigns.end(), kind);
    if (place == kDelayedSigns.end()) return nullptr;
    return &state.signs[static_cast<std::size_t>(place - kDelayedSigns.begin())];
}

// ICANS has been and is over, or the day is past the limit. What belongs to an open ICANS never is delayed.
bool is_delayed(Instant at, const FoldContext& context) {
    const EpisodeTrack* icans = context.icans == nullptr ? nullptr : &context.icans->episode;
    if (icans != nullptr && icans->open) return false;
    const bool resolved = icans != nullptr && icans->closed > 0;
    return resolved || day_of(at, context) > context.rules.icans.late_day;
}

void observe_sign(DelayedNeurotoxicityState& state, const Fact& fact, const NeuroFinding& said) {
    NeuroSign* sign = sign_of(state, said.kind);
    if (sign == nullptr) return;
    if (!said.present.value_or(true)) {
        *sign = {};
        return;
    }
    if (!sign->present) sign->fresh = true;
    sign->present = true;
    sign->other_cause = said.other_cause.value_or(false);
    sign->record = fact.record;
}

void observe_report(DelayedNeurotoxicityState& state, const Fact& fact, const AdverseEvent& said) {
    if (said.category != AdverseEventCategory::neuro_other) return;
    const bool over = said.outcome == Outcome::recovered || said.outcome == Outcome::recovered_with_sequelae;
    state.reported.present = true;
    state.reported.fresh = true;
    state.reported.other_cause = said.strongest() == Relatedness::not_related;
    state.reported.record = fact.record;
    state.report_ends = fact.until != kNever ? std::max(fact.until, fact.at) : over ? fact.at : kNever;
}

}  // namespace

bool concerns_delayed_neurotoxicity(const Fact& fact) {
    if (fact.kind == FactKind::neuro_finding) return true;
    const auto* event = fact.body == nullptr ? nullptr : std::get_if<AdverseEvent>(fact.body);
    return event != nullptr && event->category == AdverseEventCategory::neuro_other;
}

// A sign that was there before the infusion is not new after it.
void begin_infusion(DelayedNeurotoxicityState& state, const FoldContext&) {
    for (NeuroSign& sign : state.signs) sign.delayed = false;
    state.reported = {};
    state.report_ends = kNever;
}

void observe(DelayedNeurotoxicityState& state, const Fact& fact, const FoldContext& context) {
    if (first_ctcae(context.subject.scales) == Scale::unspecified || fact.body == nullptr) return;
    if (const auto* finding = std::get_if<NeuroFinding>(fact.body)) {
        if (context.infusion.ordinal > 0) return observe_sign(state, fact, *finding);
        if (NeuroSign* sign = sign_of(state, finding->kind)) sign->present = finding->present.value_or(true);
    } else if (const auto* event = std::get_if<AdverseEvent>(fact.body)) {
        if (context.infusion.ordinal > 0) observe_report(state, fact, *event);
    }
}

Instant next_deadline(const DelayedNeurotoxicityState& state, Instant after, const FoldContext&) {
    Instant next = kNever;
    if (state.report_ends != kNever) sooner(next, state.report_ends + milliseconds(1), after);
    return next;
}

void assess(DelayedNeurotoxicityState& state, Instant at, const FoldContext& context,
            std::vector<Assessment>& statements, std::vector<Episode>&) {
    const Scale scale = first_ctcae(context.subject.scales);
    if (scale == Scale::unspecified || context.infusion.ordinal == 0) return;
    if (at > state.report_ends) {
        state.reported = {};
        state.report_ends = kNever;
    }
    Assessment said;
    said.at = at;
    said.scale = scale;
    said.term = Term::delayed_neurotoxicity;
    said.infusion = context.infusion.ordinal;
    said.day = day_of(at, context);
    said.under_surveillance = false;
    const bool delayed_now = is_delayed(at, context);
    const auto add = [&](NeuroSign& sign) {
        if (sign.fresh) sign.delayed = delayed_now;
        sign.fresh = false;
        if (!sign.present || !sign.delayed) return;
        said.under_surveillance = true;
        said.flags.add({Flag::suspicion, Flag::delayed_neurotoxicity});
        if (sign.other_cause) said.flags.add(Flag::alt_cause_suspected);
        said.add_evidence(sign.record);
    };
    for (NeuroSign& sign : state.signs) add(sign);
    add(state.reported);
    statements.push_back(std::move(said));
}

}  // namespace cellvigil
