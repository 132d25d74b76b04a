#include "rules/grade/panel.h"

#include <algorithm>
#include <tuple>

namespace cellvigil {
namespace {

template <typename Panel, typename Do>
void each(Panel& panel, Do&& apply) {
    apply(PanelGrader::icaht, panel.icaht);
    apply(PanelGrader::infections, panel.infections);
    apply(PanelGrader::iec_hs, panel.iec_hs);
    apply(PanelGrader::hbv, panel.hbv);
    apply(PanelGrader::delayed_neurotoxicity, panel.delayed_neurotoxicity);
    apply(PanelGrader::registered, panel.registered);
}

bool has(PanelMask graders, PanelGrader grader) { return (graders & mask_of(grader)) != 0; }

}  // namespace

PanelMask panel_concerned(const Fact& fact) {
    PanelMask graders = 0;
    if (concerns_counts(fact)) graders |= mask_of(PanelGrader::icaht);
    if (concerns_infections(fact)) graders |= mask_of(PanelGrader::infections);
    if (concerns_iec_hs(fact)) graders |= mask_of(PanelGrader::iec_hs);
    if (concerns_hbv(fact)) graders |= mask_of(PanelGrader::hbv);
    if (concerns_delayed_neurotoxicity(fact)) graders |= mask_of(PanelGrader::delayed_neurotoxicity);
    if (concerns_registered(fact)) graders |= mask_of(PanelGrader::registered);
    return graders;
}

void begin_infusion(PanelState& panel, const FoldContext& context) {
    each(panel, [&](PanelGrader, auto& box) { begin_infusion(box.edit(), context); });
}

void observe(PanelState& panel, PanelMask graders, const Fact& fact, const FoldContext& context) {
    each(panel, [&](PanelGrader grader, auto& box) {
        if (has(graders, grader)) observe(box.edit(), fact, context);
    });
}

void ask(PanelState& panel, PanelMask graders, Instant at, const FoldContext& context,
         std::vector<Assessment>& statements, std::vector<Episode>& ended) {
    each(panel, [&](PanelGrader grader, auto& box) {
        if (!has(graders, grader)) return;
        assess(box.edit(), at, context, statements, ended);
        panel.deadlines[static_cast<std::size_t>(grader)] = next_deadline(*box, at, context);
    });
}

bool keep_statement(PanelState& panel, const Assessment& said) {
    const auto before = [](const Assessment& a, const Assessment& b) {
        return std::tie(a.scale, a.term) < std::tie(b.scale, b.term);
    };
    const auto& kept = *panel.said;
    const auto place = std::lower_bound(kept.begin(), kept.end(), said, before);
    const bool known = place != kept.end() && place->scale == said.scale && place->term == said.term;
    if (known ? place->says_same(said) : !said.under_surveillance) return false;
    const auto index = place - kept.begin();
    auto& edited = panel.said.edit();
    if (known) {
        edited[static_cast<std::size_t>(index)] = said;
    } else {
        edited.insert(edited.begin() + index, said);
    }
    return true;
}

Instant earliest_deadline(const PanelState& panel) {
    return *std::min_element(panel.deadlines.begin(), panel.deadlines.end());
}

PanelMask due(const PanelState& panel, Instant at) {
    PanelMask graders = 0;
    for (std::size_t i = 0; i < kPanelGraders; ++i) {
        if (panel.deadlines[i] <= at) graders |= PanelMask{1} << i;
    }
    return graders;
}

void append_open_episodes(const PanelState& panel, std::vector<Episode>& episodes) {
    append_episodes(*panel.infections, episodes);
    append_episodes(*panel.registered, episodes);
    if (panel.iec_hs->episode.open) episodes.push_back(panel.iec_hs->episode.current);
    if (panel.hbv->episode.open) episodes.push_back(panel.hbv->episode.current);
}

void append_milestones(const PanelState&, Instant, const FoldContext&, std::vector<Milestone>&) {}

}  // namespace cellvigil
