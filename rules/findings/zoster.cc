#include "rules/findings/zoster.h"

#include <algorithm>
#include <variant>

namespace cellvigil {
namespace {

constexpr std::size_t kMaxRecords = 8;

Instant resolution_of(const Fact& fact, const Infection& infection) {
    if (fact.until != kNever) return fact.until;
    const bool over = infection.outcome == Outcome::recovered || infection.outcome == Outcome::recovered_with_sequelae;
    return over ? fact.at : kNever;
}

bool continues(const ZosterEpisode& episode, const Fact& fact, const FoldContext& context) {
    if (episode.infusion != context.infusion.ordinal) return false;
    return fact.at - episode.last <= days(context.rules.infection.zoster_refractory_days);
}

}  // namespace

bool is_zoster(const Infection& infection) {
    if (infection.certainty == Certainty::refuted) return false;
    if (infection.viraemia_only.value_or(false)) return false;
    return infection.organism == Organism::vzv || infection.zoster.has_value();
}

bool is_neuralgia_alone(const Infection& infection) {
    if (!infection.zoster || !infection.zoster->postherpetic_neuralgia.value_or(false)) return false;
    const bool rash = infection.zoster->dermatomes || zoster_class(infection) != ZosterClass::unspecified;
    return !rash && !infection.zoster->sine_herpete.value_or(false);
}

ZosterClass zoster_class(const Infection& infection) {
    if (!infection.zoster) return ZosterClass::unspecified;
    const Zoster& zoster = *infection.zoster;
    if (zoster.cns.value_or(false) || zoster.visceral.value_or(false)) return ZosterClass::cns_or_visceral;
    if (zoster.ophthalmic.value_or(false) || zoster.oticus.value_or(false)) return ZosterClass::ophthalmic_or_oticus;
    if (zoster.disseminated.value_or(false) || zoster.non_contiguous.value_or(false) ||
        zoster.outside_lesions.value_or(0) > 20) {
        return ZosterClass::disseminated;
    }
    if (!zoster.dermatomes) return ZosterClass::unspecified;
    return *zoster.dermatomes >= 3 ? ZosterClass::multidermatomal : ZosterClass::localised;
}

bool observe_zoster(std::vector<ZosterEpisode>& episodes, const Fact& fact, const FoldContext& context) {
    const auto* infection = fact.body == nullptr ? nullptr : std::get_if<Infection>(fact.body);
    if (infection == nullptr || !is_zoster(*infection) || is_neuralgia_alone(*infection)) return false;
    if (episodes.empty() || !continues(episodes.back(), fact, context)) {
        ZosterEpisode next;
        next.infusion = context.infusion.ordinal;
        const bool first = episodes.empty() || episodes.back().infusion != next.infusion;
        next.ordinal = first ? std::uint16_t{1} : static_cast<std::uint16_t>(episodes.back().ordinal + 1);
        next.onset = fact.at;
        next.last = fact.at;
        next.day = context.infusion.ordinal == 0 ? 0 : day_of(fact.at, context);
        episodes.push_back(std::move(next));
    }
    ZosterEpisode& episode = episodes.back();
    const Instant end = resolution_of(fact, *infection);
    episode.resolved = end != kNever;
    episode.last = std::max(episode.last, episode.resolved ? end : fact.at);
    episode.worst = std::max(episode.worst, zoster_class(*infection));
    if ((fact.flags & bit(EventFlag::imputed_date)) != 0) episode.imputed = true;
    if (episode.records.size() < kMaxRecords) episode.records.push_back(fact.record);
    return true;
}

}  // namespace cellvigil
