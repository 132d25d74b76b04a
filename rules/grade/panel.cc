#include "rules/grade/panel.h"

#include <algorithm>
#include <array>

namespace cellvigil {
namespace {

template <typename Panel, typename Do>
void each(Panel& panel, Do&& apply) {
    apply(PanelGrader::counts, panel.counts);
    apply(PanelGrader::lab_terms, panel.lab_terms);
    apply(PanelGrader::febrile, panel.febrile);
    apply(PanelGrader::immunity, panel.immunity);
    apply(PanelGrader::legacy_crs, panel.legacy_crs);
    apply(PanelGrader::ctcae_signs, panel.ctcae_signs);
    apply(PanelGrader::cres, panel.cres);
    apply(PanelGrader::infections, panel.infections);
    apply(PanelGrader::iec_hs, panel.iec_hs);
    apply(PanelGrader::hbv, panel.hbv);
    apply(PanelGrader::delayed_neurotoxicity, panel.delayed_neurotoxicity);
    apply(PanelGrader::registered, panel.registered);
}

bool has(PanelMask graders, PanelGrader grader) { return (graders & mask_of(grader)) != 0; }

PanelMask asked_of_each(const Fact& fact) {
    PanelMask graders = 0;
    if (concerns_counts(fact)) graders |= mask_of(PanelGrader::counts);
    if (concerns_lab_terms(fact)) graders |= mask_of(PanelGrader::lab_terms);
    if (concerns_febrile(fact)) graders |= mask_of(PanelGrader::febrile);
    if (concerns_immunity(fact)) graders |= mask_of(PanelGrader::immunity);
    if (concerns_legacy_crs(fact)) graders |= mask_of(PanelGrader::legacy_crs);
    if (concerns_ctcae_signs(fact)) graders |= mask_of(PanelGrader::ctcae_signs);
    if (concerns_cres(fact)) graders |= mask_of(PanelGrader::cres);
    if (concerns_infections(fact)) graders |= mask_of(PanelGrader::infections);
    if (concerns_iec_hs(fact)) graders |= mask_of(PanelGrader::iec_hs);
    if (concerns_hbv(fact)) graders |= mask_of(PanelGrader::hbv);
    if (concerns_delayed_neurotoxicity(fact)) graders |= mask_of(PanelGrader::delayed_neurotoxicity);
    if (concerns_registered(fact)) graders |= mask_of(PanelGrader::registered);
    return graders;
}

// Whom an observation concerns follows from its analyte, and from whether it has a value.
using ByAnalyte = std::array<std::array<PanelMask, kAnalytes>, 2>;
ByAnalyte observations_by_analyte() {
    ByAnalyte graders{};
    for (const bool has_value : {false, true}) {
        for (std::size_t i = 0; i < static_cast<std::size_t>(kAnalytes); ++i) {
            Fact fact;
            fact.kind = FactKind::observation;
            fact.analyte = static_cast<Analyte>(i);
            fact.has_value = has_value;
            graders[has_value ? 1 : 0][i] = asked_of_each(fact);
        }
    }
    return graders;
}

}  // namespace

PanelMask panel_concerned(const PanelState& panel, const Fact& fact) {
    if (fact.kind != FactKind::observation) return asked_of_each(fact);
    if (fact.analyte == Analyte::temperature) {
        constexpr Quantity kUnremarkable = thousandths(37995);                       // rounds to less than 38.00
        if (fact.value < kUnremarkable) return panel.awaiting_vitals & ~kFollowCrs;  // those see what CRS saw
    }
    static const ByAnalyte kObservations = observations_by_analyte();
    return kObservations[fact.has_value ? 1 : 0][static_cast<std::size_t>(fact.analyte)];
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
        if (!at_rest(*box, at, context)) assess(box.edit(), at, context, statements, ended);
        if (awaits_vitals(*box)) {
            panel.awaiting_vitals |= mask_of(grader);
        } else {
            panel.awaiting_vitals &= ~mask_of(grader);
        }
        panel.deadlines[static_cast<std::size_t>(grader)] = next_deadline(*box, at, context);
    });
}

PanelMask still_due(PanelState& panel, PanelMask graders, Instant at, const FoldContext& context) {
    const auto look = [&](PanelGrader grader, auto& box) {
        if (!has(graders, grader)) return;
        Instant& deadline = panel.deadlines[static_cast<std::size_t>(grader)];
        const bool rests = deadline <= at ? put_off_beyond(box, at, context) : at_rest(*box, at, context);
        if (!rests) return;
        graders &= ~mask_of(grader);
        deadline = next_deadline(*box, at, context);
    };
    look(PanelGrader::legacy_crs, panel.legacy_crs);
    look(PanelGrader::ctcae_signs, panel.ctcae_signs);
    return graders;
}

namespace {

unsigned key_of(const Assessment& said) {
    return static_cast<unsigned>(said.scale) << 16U | static_cast<unsigned>(said.term);
}

// Where a statement under the key stands, or belongs: by halves, without a jump that depends on the outcome.
std::size_t place_in(const std::vector<Assessment>& kept, unsigned key) {
    const Assessment* from = kept.data();
    for (std::size_t left = kept.size(); left > 0;) {
        const std::size_t half = (left + 1) / 2;
        from += key_of(from[half - 1]) < key ? half : 0;
        left -= half;
    }
    return static_cast<std::size_t>(from - kept.data());
}

}  // namespace

bool keep_statement(PanelState& panel, const Assessment& said) {
    const unsigned key = key_of(said);
    const std::vector<Assessment>& kept = *panel.said;
    const std::size_t place = place_in(kept, key);
    const bool known = place < kept.size() && key_of(kept[place]) == key;
    if (known ? kept[place].says_same(said) : !said.under_surveillance) return false;
    std::vector<Assessment>& edited = panel.said.edit();
    if (known) {
        edited[place] = said;
    } else {
        edited.insert(edited.begin() + static_cast<std::ptrdiff_t>(place), said);
    }
    return true;
}

Instant earliest_deadline(const PanelState& panel) {
    Instant earliest = kNever;
    for (const Instant deadline : panel.deadlines) earliest = std::min(earliest, deadline);
    return earliest;
}

PanelMask due(const PanelState& panel, Instant at) {
    PanelMask graders = 0;
    for (std::size_t i = 0; i < kPanelGraders; ++i) {
        if (panel.deadlines[i] <= at) graders |= PanelMask{1} << i;
    }
    return graders;
}

void append_unfinished(const PanelState& panel, std::vector<Episode>& episodes) {
    append_open_episodes(*panel.legacy_crs, episodes);
    append_open_episodes(*panel.cres, episodes);
    if (panel.iec_hs->episode.open) episodes.push_back(panel.iec_hs->episode.current);
    if (panel.hbv->episode.open) episodes.push_back(panel.hbv->episode.current);
}

void append_open_episodes(const PanelState& panel, std::vector<Episode>& episodes) {
    append_open_episodes(*panel.lab_terms, episodes);
    append_open_episodes(*panel.febrile, episodes);
    append_open_episodes(*panel.ctcae_signs, episodes);
    append_episodes(*panel.infections, episodes);
    append_episodes(*panel.registered, episodes);
    append_unfinished(panel, episodes);
}

void append_milestones(const PanelState& panel, Instant as_of, const FoldContext& context,
                       std::vector<Milestone>& milestones) {
    append_milestones(*panel.counts, as_of, context, milestones);
}

}  // namespace cellvigil
