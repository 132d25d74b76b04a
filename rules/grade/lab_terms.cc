#include "rules/grade/lab_terms.h"

#include <algorithm>
#include <tuple>
#include <variant>

#include "rules/grade/statement.h"

namespace cellvigil {
namespace {

constexpr days kBaselineWindow{28};
constexpr days kSameLymphodepletion{14};

std::optional<CountAnalyte> count_of(Analyte analyte) {
    if (analyte == Analyte::neutrophils) return CountAnalyte::neutrophils;
    if (analyte == Analyte::leukocytes) return CountAnalyte::leukocytes;
    if (analyte == Analyte::lymphocytes) return CountAnalyte::lymphocytes;
    if (analyte == Analyte::platelets) return CountAnalyte::platelets;
    if (analyte == Analyte::haemoglobin) return CountAnalyte::haemoglobin;
    return analyte == Analyte::cd4 ? std::optional(CountAnalyte::cd4) : std::nullopt;
}

CountAnalyte count_of(LabTerm term) { return count_of(*analyte_of(term)).value(); }

Component component_of(CountAnalyte analyte) {
    switch (analyte) {
        case CountAnalyte::neutrophils:
            return Component::neutrophils;
        case CountAnalyte::leukocytes:
            return Component::leukocytes;
        case CountAnalyte::lymphocytes:
        case CountAnalyte::cd4:
            return Component::lymphocytes;
        case CountAnalyte::platelets:
            return Component::platelets;
        case CountAnalyte::haemoglobin:
            return Component::haemoglobin;
    }
    return Component::none;
}

SupportSet carried_by(CountAnalyte analyte) {
    switch (analyte) {
        case CountAnalyte::neutrophils:
        case CountAnalyte::leukocytes:
            return kGrowthFactors;
        case CountAnalyte::platelets:
            return kPlateletSupport;
        case CountAnalyte::haemoglobin:
            return SupportSet{Support::red_cells};
        case CountAnalyte::lymphocytes:
        case CountAnalyte::cd4:
            return {};
    }
    return {};
}

bool is_decrease(LabTerm term) { return term != LabTerm::lymphocyte_count_increased && term != LabTerm::leukocytosis; }

CytopeniaTrack& track_of(LabState& state, Scale scale, Term term) {
    const auto place = std::lower_bound(
        state.tracks.begin(), state.tracks.end(), std::tuple(scale, term),
        [](const CytopeniaTrack& track, const auto& wanted) { return std::tuple(track.scale, track.term) < wanted; });
    if (place != state.tracks.end() && place->scale == scale && place->term == term) return *place;
    CytopeniaTrack track;
    track.scale = scale;
    track.term = term;
    return *state.tracks.insert(place, track);
}

void observe_early(LabState& state, CountAnalyte analyte, const HeldLab& held) {
    std::erase_if(state.early, [&](const EarlyLab& early) { return held.at - early.held.at > kBaselineWindow; });
    state.early.push_back({analyte, held});
}

void observe_value(LabState& state, const Fact& fact, const FoldContext& context) {
    const auto analyte = count_of(fact.analyte);
    if (!analyte || !fact.has_value) return;
    HeldLab held{fact.at, lab_value_of(fact), fact.comparator, fact.record};
    if (context.infusion.ordinal == 0) return observe_early(state, *analyte, held);
    const std::int32_t day = absolute_day(site_date(fact.at, context.infusion.offset));
    held.carried = state.support.carries(carried_by(*analyte), day, context.rules.counts);
    state.last[static_cast<std::size_t>(*analyte)] = held;
    state.news.add(*analyte);
    if (*analyte == CountAnalyte::haemoglobin) state.red_cells = {};
}

bool is_lymphodepletion(const Intervention& given) {
    const bool agent = given.agent == Agent::cyclophosphamide || given.agent == Agent::fludarabine ||
                       given.agent == Agent::bendamustine;
    return agent && given.phase != InterventionPhase::stop;
}

void observe_intervention(LabState& state, const Fact& fact, const FoldContext& context) {
    const auto& given = std::get<Intervention>(*fact.body);
    if (is_lymphodepletion(given)) {
        const bool same =
            state.lymphodepletion != kNever && fact.at - state.lymphodepletion_last <= kSameLymphodepletion;
        if (!same) state.lymphodepletion = fact.at;
        state.lymphodepletion_last = fact.at;
        return;
    }
    const bool infused = context.infusion.ordinal > 0;
    state.support.observe(fact, infused ? context.infusion.offset : fact.offset);
    const bool red_cells = support_of(fact) == Support::red_cells && given.phase != InterventionPhase::stop;
    if (!infused || !red_cells) return;
    state.red_cells = fact.record;
    state.news.add(CountAnalyte::haemoglobin);
}

// The last value before lymphodepletion, where its start is known and a value precedes it; else the last before the
// infusion.
void fix_baseline(LabState& state, const FoldContext& context) {
    Instant start = context.infusion.lymphodepletion;
    const bool charted =
        state.lymphodepletion != kNever && context.infusion.at - state.lymphodepletion <= kBaselineWindow;
    if (start == kNever && charted) start = state.lymphodepletion;
    std::array<HeldLab, kCountAnalytes> before{};
    for (const EarlyLab& early : state.early) {
        if (context.infusion.at - early.held.at > kBaselineWindow) continue;
        const auto i = static_cast<std::size_t>(early.analyte);
        state.baseline[i] = early.held;
        if (early.held.at <= start) before[i] = early.held;
    }
    for (std::size_t i = 0; i < kCountAnalytes; ++i) {
        if (before[i].record.known()) state.baseline[i] = before[i];
    }
}

LabGrade graded(LabTerm term, CtcaeVersion version, const HeldLab& held) {
    return grade_lab(term, version, held.lab, held.comparator);
}

void add_baseline(Assessment& said, LabTerm term, CtcaeVersion version, const HeldLab& baseline) {
    if (!baseline.record.known()) return;
    const Grade grade = graded(term, version, baseline).grade;
    if (grade == kNotGradable) return;
    said.report(Figure::baseline_grade, grade);
    if (grade == 0) return;
    said.flags.add(Flag::baseline_abnormal);
    said.add_evidence(baseline.record);
}

// One term of one version. Red cells since the last haemoglobin say that a transfusion was indicated.
Assessment statement(const LabState& state, LabTerm term, CtcaeVersion version, Instant at,
                     const FoldContext& context) {
    Assessment said = begun(scale_of(version), term_of(term), at, context);
    const CountAnalyte analyte = count_of(term);
    const auto i = static_cast<std::size_t>(analyte);
    const HeldLab& held = state.last[i];
    const bool transfused = term == LabTerm::anaemia && state.red_cells.known();
    if (!held.record.known() && !transfused) return said;
    said.under_surveillance = true;
    if (held.record.known()) {
        const LabGrade grade = graded(term, version, held);
        said.grade = grade.grade;
        said.grade_upper = grade.upper;
        said.flags = grade.flags;
        said.add_evidence(held.record);
        const bool open_below = is_decrease(term) && grade.grade == kNotGradable && !held.lab.reference_low;
        if (open_below) said.flags.add(Flag::reference_range_missing);
        if (is_decrease(term) && grade.grade < 3 && held.carried) said.flags.add(Flag::support_confounds);
    }
    if (transfused && said.grade < 3) {
        said.grade = 3;
        said.grade_upper = std::max(said.grade_upper, Grade{3});
        said.flags.add(Flag::transfusion_indicated);
        said.add_evidence(state.red_cells);
    }
    if (said.grade >= 1 || said.grade_upper >= 1) said.deciding.add(component_of(analyte));
    add_baseline(said, term, version, state.baseline[i]);
    return said;
}

CytopeniaLimits limits_of(Term term, const FoldContext& context) {
    const EpisodeRules& episode = context.rules.episode;
    return {context.rules.counts.resolve_values,
            term == Term::cd4_decreased ? episode.unobserved_cd4 : episode.unobserved_values};
}

void say_episode(const CytopeniaTrack& track, Assessment& said) {
    said.episode_open = track.open;
    said.episode = static_cast<std::uint16_t>(track.closed + 1);
    if (track.open && track.closed > 0) said.flags.add(Flag::recurrence);
    if (track.open) say_gap(track.watch, said);
}

void note_episode(LabState& state, Assessment& said, LabTerm term, const FoldContext& context,
                  std::vector<Episode>& ended) {
    CytopeniaTrack& track = track_of(state, said.scale, said.term);
    GradedValue value;
    value.at = said.at;
    value.day = absolute_day(site_date(said.at, context.infusion.offset));
    value.grade = said.grade;
    value.upper = said.grade_upper;
    const HeldLab& held = state.last[static_cast<std::size_t>(count_of(term))];
    value.carried = held.carried;
    value.record = held.record;
    const auto closed = note_value(track, value, context.infusion.ordinal, limits_of(said.term, context));
    if (closed) ended.push_back(*closed);
    say_episode(track, said);
}

// What stands is said again with the remark where nobody has measured for longer than the limit.
std::optional<Assessment> silence_of(LabState& state, LabTerm term, CtcaeVersion version, Instant at,
                                     const FoldContext& context) {
    const auto track = std::find_if(state.tracks.begin(), state.tracks.end(), [&](const CytopeniaTrack& one) {
        return one.scale == scale_of(version) && one.term == term_of(term);
    });
    if (track == state.tracks.end() || !note_silence(*track, at, limits_of(track->term, context))) return std::nullopt;
    Assessment said = statement(state, term, version, at, context);
    say_episode(*track, said);
    return said;
}

Instant wake_of(const LabState& state, Instant after, const FoldContext& context) {
    Instant next = kNever;
    if (context.dead) return next;
    for (const CytopeniaTrack& track : state.tracks) {
        if (track.open) sooner(next, silence_from(track.watch, limits_of(track.term, context).unobserved), after);
    }
    return next;
}

}  // namespace

bool concerns_lab_terms(const Fact& fact) {
    if (fact.kind == FactKind::observation) return count_of(fact.analyte).has_value();
    if (fact.kind != FactKind::intervention || fact.body == nullptr) return fact.kind == FactKind::infusion;
    const auto support = support_of(fact);
    return (support && *support != Support::immunoglobulin) || is_lymphodepletion(std::get<Intervention>(*fact.body));
}

void begin_infusion(LabState& state, const FoldContext& context) {
    LabState next;
    next.support = state.support;
    next.unfinished = std::move(state.unfinished);
    for (const CytopeniaTrack& track : state.tracks) {
        if (track.open) next.unfinished.push_back(track.current);
    }
    next.baseline = state.last;
    next.early = std::move(state.early);
    next.lymphodepletion = state.lymphodepletion;
    next.lymphodepletion_last = state.lymphodepletion_last;
    fix_baseline(next, context);
    next.early = {};
    state = std::move(next);
}

void observe(LabState& state, const Fact& fact, const FoldContext& context) {
    if (fact.kind == FactKind::observation) observe_value(state, fact, context);
    if (fact.kind == FactKind::intervention && fact.body != nullptr) observe_intervention(state, fact, context);
}

Instant next_deadline(const LabState& state, Instant after, const FoldContext&) {
    return state.wake > after ? state.wake : kNever;
}

bool at_rest(const LabState& state, Instant at, const FoldContext& context) {
    return context.infusion.ordinal == 0 || (state.news.empty() && at < state.wake);
}

void assess(LabState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended) {
    if (at_rest(state, at, context)) return;
    for (const CtcaeVersion version : {CtcaeVersion::v5_0, CtcaeVersion::v6_0}) {
        if (!context.subject.scales.has(scale_of(version))) continue;
        for (int i = 0; i < kLabTerms; ++i) {
            const auto term = static_cast<LabTerm>(i);
            if (!state.news.has(count_of(term))) {
                if (at < state.wake || context.dead) continue;
                if (const auto silent = silence_of(state, term, version, at, context)) statements.push_back(*silent);
                continue;
            }
            Assessment said = statement(state, term, version, at, context);
            if (!said.under_surveillance) continue;
            if (is_decrease(term)) note_episode(state, said, term, context, ended);
            statements.push_back(said);
        }
    }
    state.news = {};
    state.wake = wake_of(state, at, context);
}

void append_open_episodes(const LabState& state, std::vector<Episode>& episodes) {
    episodes.insert(episodes.end(), state.unfinished.begin(), state.unfinished.end());
    for (const CytopeniaTrack& track : state.tracks) {
        if (track.open) episodes.push_back(track.current);
    }
}

}  // namespace cellvigil
