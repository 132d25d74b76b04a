// The graders beside ASTCT CRS and ICANS, behind one face: the fold tells them facts and asks them, and knows none by
// name. A new grader is a state with the functions of the contract in context.h, one member here and one line in
// panel.cc. Each state is copied on write: a checkpoint shares what a stretch of facts left alone. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "rules/base/copy_on_write.h"
#include "rules/grade/context.h"
#include "rules/grade/counts.h"
#include "rules/grade/cres.h"
#include "rules/grade/ctcae_signs.h"
#include "rules/grade/delayed_neurotoxicity.h"
#include "rules/grade/febrile_neutropenia.h"
#include "rules/grade/hbv.h"
#include "rules/grade/iec_hs.h"
#include "rules/grade/immunity.h"
#include "rules/grade/infections.h"
#include "rules/grade/lab_terms.h"
#include "rules/grade/legacy_crs.h"
#include "rules/grade/milestone.h"
#include "rules/grade/registered.h"

namespace cellvigil {

enum class PanelGrader : std::uint8_t {
    counts,
    lab_terms,
    febrile,
    immunity,
    legacy_crs,
    ctcae_signs,
    cres,
    infections,
    iec_hs,
    hbv,
    delayed_neurotoxicity,
    registered
};
inline constexpr std::size_t kPanelGraders = static_cast<std::size_t>(PanelGrader::registered) + 1;

// A set of graders, a bit each.
using PanelMask = std::uint32_t;
constexpr PanelMask mask_of(PanelGrader grader) { return PanelMask{1} << static_cast<unsigned>(grader); }
inline constexpr PanelMask kWholePanel = (PanelMask{1} << kPanelGraders) - 1;
// Graders that read the CRS state: asked again whenever CRS was.
inline constexpr PanelMask kFollowCrs = mask_of(PanelGrader::legacy_crs) | mask_of(PanelGrader::ctcae_signs);

struct PanelState {
    PanelState() { deadlines.fill(kNever); }
    std::array<Instant, kPanelGraders> deadlines{};
    PanelMask awaiting_vitals = 0;  // graders for which an unremarkable vital sign is news
    CopyOnWrite<CountsState> counts;
    CopyOnWrite<LabState> lab_terms;
    CopyOnWrite<FebrileState> febrile;
    CopyOnWrite<ImmunityState> immunity;
    CopyOnWrite<LegacyCrsState> legacy_crs;
    CopyOnWrite<CtcaeSignsState> ctcae_signs;
    CopyOnWrite<CresState> cres;
    CopyOnWrite<InfectionsState> infections;
    CopyOnWrite<IecHsState> iec_hs;
    CopyOnWrite<HbvState> hbv;
    CopyOnWrite<DelayedNeurotoxicityState> delayed_neurotoxicity;
    CopyOnWrite<RegisteredState> registered;
    CopyOnWrite<std::vector<Assessment>> said;  // the last statement of each (scale, term), in that order
    bool operator==(const PanelState&) const = default;
};

// The graders that a fact concerns. Most vital signs concern none.
PanelMask panel_concerned(const PanelState& panel, const Fact& fact);
void begin_infusion(PanelState& panel, const FoldContext& context);
void observe(PanelState& panel, PanelMask graders, const Fact& fact, const FoldContext& context);
// Appends what the graders say at `at`, changed or not, and the episodes that ended.
void ask(PanelState& panel, PanelMask graders, Instant at, const FoldContext& context,
         std::vector<Assessment>& statements, std::vector<Episode>& ended);
// Keeps a statement as the last of its scale and term; false when it says what the last one said. Nothing is kept, and
// false, of a first statement that is not under surveillance.
bool keep_statement(PanelState& panel, const Assessment& said);

// After a reading that left the picture of CRS as it was, of which every grader has been asked: the graders that have
// something of their own to say. CTCAE's signs hear every saturation, and most say what the last one said.
inline PanelMask without_resting(const PanelState& panel, PanelMask graders) {
    const PanelMask signs = mask_of(PanelGrader::ctcae_signs);
    return (graders & signs) != 0 && !has_news(*panel.ctcae_signs) ? graders & ~signs : graders;
}

// Of `graders`, who would be asked at `at` although nothing was told, those that may have something new to say.
// Readings since their last answers may have put off what the others' deadlines hung on: those are moved.
PanelMask still_due(PanelState& panel, PanelMask graders, Instant at, const FoldContext& context);
Instant earliest_deadline(const PanelState& panel);
PanelMask due(const PanelState& panel, Instant at);  // whose deadline is at or before `at`

// What a grader may say of itself beside the contract; these answers hold for those that do not. At rest: assess()
// would say nothing new, so that its state is not copied for asking. Awaits vitals: see PanelState.
template <typename State>
bool at_rest(const State&, Instant, const FoldContext&) {
    return false;
}
template <typename State>
bool awaits_vitals(const State&) {
    return false;
}

// For the whole derivation, as of the state's time.
void append_open_episodes(const PanelState& panel, std::vector<Episode>& episodes);
// Those among them that begin_infusion() drops.
void append_unfinished(const PanelState& panel, std::vector<Episode>& episodes);
void append_milestones(const PanelState& panel, Instant as_of, const FoldContext& context,
                       std::vector<Milestone>& milestones);

}  // namespace cellvigil
