// Herpes zoster episodes of one subject while the fold runs: reports of one episode are merged by the refractory
// interval from resolution; the class of an episode is the highest of its reports. Source: docs/clinical/zoster.md;
// settled points 43, 44. Pure.
#pragma once

#include <vector>

#include "rules/grade/context.h"

namespace cellvigil {

// The highest class that the report's features support: CNS or visceral > ophthalmic or oticus > disseminated (said so,
// more than 20 vesicles outside, or non-contiguous dermatomes) > multidermatomal (3 or more) > localised. `unspecified`
// when nothing is said.
ZosterClass zoster_class(const Infection& infection);

// A report of disease by varicella zoster virus: not refuted, not viraemia alone.
bool is_zoster(const Infection& infection);

// Post-herpetic neuralgia and nothing of a rash: an event of its own after a zoster, never a new zoster.
bool is_neuralgia_alone(const Infection& infection);

struct ZosterEpisode {
    std::uint16_t infusion = 0;
    std::uint16_t ordinal = 0;  // 1.. within the infusion
    Instant onset{};
    Instant last = kAlways;  // resolution, or the last report while it is not resolved
    bool resolved = false;
    std::int32_t day = 0;  // infusion day of onset
    ZosterClass worst = ZosterClass::unspecified;
    bool imputed = false;
    std::vector<RecordRef> records;  // in fold order, at most 8
    bool operator==(const ZosterEpisode&) const = default;
};

// Takes an infection fact; true when it began or changed an episode.
bool observe_zoster(std::vector<ZosterEpisode>& episodes, const Fact& fact, const FoldContext& context);

}  // namespace cellvigil
