#include "rules/timeline/fold.h"

#include <algorithm>
#include <variant>

#include "rules/timeline/immune_toxicity.h"
#include "rules/timeline/infusion_links.h"

namespace cellvigil {

FoldContext context_of(const FoldState& state, const SubjectContext& subject, const RuleSet& rules) {
    return {rules,
            subject,
            state.infusion,
            state.setting,
            state.dead,
            &state.crs,
            &state.icans,
            state.crs_said.said ? &state.crs_said.last : nullptr,
            state.icans_said.said ? &state.icans_said.last : nullptr};
}

namespace {

constexpr BitSet<Analyte> kIcansReadings{Analyte::rass, Analyte::gcs, Analyte::csf_opening};

void flag_enrolment(Assessment& said, const SubjectContext& subject) {
    if (!subject.enrolled && said.under_surveillance) said.flags.add(Flag::not_enrolled);
}

void say(FoldState& state, ScaleTrack& track, Assessment said, const SubjectContext& subject, FoldOutput& out) {
    flag_enrolment(said, subject);
    if (!track.said && !said.under_surveillance) return;
    if (track.said && track.last.says_same(said)) return;
    track.said = true;
    track.last = said;
    out.assessments.push_back(said);
    note_statement(state.ledger, said);
    state.ledger_moved = true;
    note_immune_toxicity(state, said);
}

template <typename State>
void ask(FoldState& state, State& scale, ScaleTrack& track, const SubjectContext& subject, const RuleSet& rules,
         FoldOutput& out) {
    const FoldContext context = context_of(state, subject, rules);
    const Assessment said = assess(scale, state.now, context);
    if (scale.episode.just_closed) {
        out.episodes.push_back(*scale.episode.just_closed);
        note_resolution(state.ledger, *scale.episode.just_closed);
        state.ledger_moved = true;
        scale.episode.just_closed.reset();
    }
    say(state, track, said, subject, out);
}

// Tells the graders that are asked after it what it found out for them.
CrsEnds ask_crs(FoldState& state, const SubjectContext& subject, const RuleSet& rules, FoldOutput& out) {
    ask(state, state.crs, state.crs_said, subject, rules, out);
    FoldContext context = context_of(state, subject, rules);
    context.crs_ends = crs_ends_after(state.crs, state.now, context);
    state.crs_said.deadline = next_deadline(state.crs, state.now, context);
    return context.crs_ends;
}

void ask_icans(FoldState& state, const SubjectContext& subject, const RuleSet& rules, FoldOutput& out) {
    ask(state, state.icans, state.icans_said, subject, rules, out);
    state.icans_said.deadline = next_deadline(state.icans, state.now, context_of(state, subject, rules));
}

void ask_panel(FoldState& state, PanelMask graders, const SubjectContext& subject, const RuleSet& rules,
               FoldOutput& out, const CrsEnds& crs_ends = {}) {
    if (graders == 0) return;
    std::vector<Assessment> statements;
    constexpr std::size_t kSmall = 1024;              // bytes: what an allocator has at hand
    statements.reserve(kSmall / sizeof(Assessment));  // most answers fit, and none is copied to make room
    const std::size_t ended = out.episodes.size();
    FoldContext context = context_of(state, subject, rules);
    context.crs_ends = crs_ends;
    ask(state.panel, graders, state.now, context, statements, out.episodes);
    for (Assessment& said : statements) {
        // A suspicion has no published scale, and is raised whatever a cohort grades.
        if (said.scale != Scale::unspecified && !subject.scales.has(said.scale)) continue;
        flag_enrolment(said, subject);
        if (!keep_statement(state.panel, said)) continue;
        out.assessments.push_back(said);
        note_statement(state.ledger, said);
        state.ledger_moved = true;
    }
    for (std::size_t i = ended; i < out.episodes.size(); ++i) {
        note_resolution(state.ledger, out.episodes[i]);
        state.ledger_moved = true;
    }
}

// After death nothing of a course runs out: nobody measures, and no stay ends.
void note_expiry(FoldState& state) {
    state.next_expiry = std::min({state.crs_said.deadline, state.icans_said.deadline, state.watch.wake});
    if (state.dead) return;
    state.next_expiry = std::min({state.next_expiry, earliest_deadline(state.panel), state.stay_until});
}

void ask_all(FoldState& state, const SubjectContext& subject, const RuleSet& rules, FoldOutput& out) {
    const CrsEnds ends = ask_crs(state, subject, rules, out);
    ask_icans(state, subject, rules, out);
    ask_panel(state, kWholePanel, subject, rules, out, ends);
}

// What nobody follows any further once another index has begun. Other graders keep theirs themselves.
void append_unfinished(const FoldState& state, std::vector<Episode>& episodes) {
    if (state.crs.episode.open) episodes.push_back(state.crs.episode.current);
    if (state.icans.episode.open) episodes.push_back(state.icans.episode.current);
    append_unfinished(state.panel, episodes);
}

void infuse(FoldState& state, const Fact& fact, const SubjectContext& subject, const RuleSet& rules) {
    const auto& given = std::get<Infusion>(*fact.body);
    const std::uint64_t lot = lot_of(given);
    if (is_fraction(fact, lot, state.infusion, subject, rules)) return;
    InfusionContext next;
    next.ordinal = static_cast<std::uint16_t>(state.infusion.ordinal + 1);
    next.at = fact.at;
    next.offset = fact.offset;
    next.date = site_date(fact.at, fact.offset);
    next.record = fact.record;
    next.lot = lot;
    next.weight_kg = given.weight_kg;
    if (given.lymphodepletion_start) next.lymphodepletion = given.lymphodepletion_start->from;
    append_unfinished(state, state.unfinished);
    state.infusion = next;
    const FoldContext context = context_of(state, subject, rules);
    begin_infusion(state.crs, context);
    begin_infusion(state.icans, context);
    begin_infusion(state.panel, context);
    state.summary.infused = true;
    state.summary.reinfused = next.ordinal > 1;
}

void observe_stay(FoldState& state, const Fact& fact) {
    const auto* stay = std::get_if<Intervention>(fact.body);
    if (stay == nullptr) return;
    if (stay->kind != InterventionKind::hospital_stay && stay->kind != InterventionKind::icu_stay) return;
    if (stay->phase == InterventionPhase::stop) {
        // Leaving intensive care is not leaving the hospital.
        if (stay->kind == InterventionKind::hospital_stay) state.setting = Setting::outpatient;
        return;
    }
    state.setting = Setting::inpatient;
    if (stay->kind == InterventionKind::hospital_stay) state.stay_until = fact.until;
}

void observe_exit(FoldState& state, const Fact& fact) {
    SubjectState& standing = state.summary.state;
    if (const auto* contact = std::get_if<Contact>(fact.body)) {
        if (contact->status == ContactStatus::lost_to_follow_up) standing = SubjectState::lost;
        if (contact->status == ContactStatus::completed) standing = SubjectState::off_study;
    }
    if (const auto* consent = std::get_if<ConsentChange>(fact.body)) {
        if (consent->scope == ConsentScope::stop_collection || consent->scope == ConsentScope::erase) {
            standing = SubjectState::withdrawn;
        }
        if (consent->scope == ConsentScope::resumed) standing = SubjectState::enrolled;
    }
}

// States other than an exit follow from where the subject is in time. Sets until when time alone changes nothing.
void move_standing(FoldState& state, const SubjectContext& subject, const RuleSet& rules) {
    SubjectState& standing = state.summary.state;
    state.standing_until = kNever;
    if (state.dead) {
        state.standing_until = kAlways;  // a statement after it may have told of an open episode again
        standing = SubjectState::dead;
        state.summary.crs_now = kNotGradable;
        state.summary.icans_now = kNotGradable;
        return;
    }
    if (standing == SubjectState::lost || standing == SubjectState::off_study || standing == SubjectState::withdrawn)
        return;
    if (state.infusion.ordinal == 0) {
        standing = subject.enrolled ? SubjectState::enrolled : SubjectState::not_enrolled;
        return;
    }
    const Instant at_risk =
        start_of(state.infusion.date + days(rules.infection.delayed_after_day + 1), state.infusion.offset);
    standing = state.now >= at_risk ? SubjectState::at_risk : SubjectState::infused;
    if (state.now < at_risk) state.standing_until = at_risk;
}

// True when it began or changed a zoster episode.
bool observe_infection(FoldState& state, const Fact& fact, const SubjectContext& subject, const RuleSet& rules) {
    const auto& infection = std::get<Infection>(*fact.body);
    const FoldContext context = context_of(state, subject, rules);
    const bool past = state.infusion.ordinal > 0 && day_of(fact.at, context) > rules.infection.delayed_after_day;
    if (past && infection.certainty != Certainty::refuted && !infection.viraemia_only.value_or(false) &&
        state.summary.infections_past_day_90 < 255) {
        ++state.summary.infections_past_day_90;
    }
    const std::size_t before = state.zoster.size();
    if (!observe_zoster(state.zoster, fact, context)) return false;
    const ZosterEpisode& episode = state.zoster.back();
    SubjectSummary& summary = state.summary;
    summary.zoster_worst = std::max(summary.zoster_worst, episode.worst);
    if (state.zoster.size() == before) return true;
    if (summary.zoster_episodes < 255) ++summary.zoster_episodes;
    if (episode.infusion > 0 && episode.day > rules.infection.delayed_after_day && summary.zoster_past_day_90 < 255) {
        ++summary.zoster_past_day_90;
    }
    return true;
}

// Infections and registered events are compared by record: any fact of theirs may change what was computed.
constexpr PanelMask kComparedByRecord = mask_of(PanelGrader::infections) | mask_of(PanelGrader::registered);

void count_disagreements(FoldState& state, const SubjectContext& subject, const RuleSet& rules) {
    if (!state.ledger_moved) return;
    state.ledger_moved = false;
    if (state.ledger->reports.empty()) return;
    std::array<std::size_t, kDisagreementKinds> counts{};
    for (const Disagreement& item : disagreements_of(state, subject, rules)) {
        ++counts[static_cast<std::size_t>(item.kind)];
    }
    const auto small = [&](DisagreementKind kind) {
        return static_cast<std::uint8_t>(std::min<std::size_t>(255, counts[static_cast<std::size_t>(kind)]));
    };
    state.summary.grade_disagreements = small(DisagreementKind::differs);
    state.summary.grades_left_open = small(DisagreementKind::left_open);
    state.summary.grades_not_computed = small(DisagreementKind::not_computed);
}

// True when a zoster episode began or changed.
bool take(FoldState& state, const Fact& fact, PanelMask graders, const SubjectContext& subject, const RuleSet& rules) {
    bool zoster = false;
    if (fact.kind == FactKind::infusion) {
        infuse(state, fact, subject, rules);
    } else if (fact.kind == FactKind::intervention) {
        observe_stay(state, fact);
    } else if (fact.kind == FactKind::infection) {
        zoster = observe_infection(state, fact, subject, rules);
    } else if (fact.kind == FactKind::death && !state.dead) {
        state.dead = true;
        state.died = fact.at;
    } else if (fact.body != nullptr) {
        observe_exit(state, fact);
    }
    if (note_report(state.ledger, fact, state.infusion) || (graders & kComparedByRecord) != 0)
        state.ledger_moved = true;
    // The setting and the infusion decide how long vital signs hold, so both scales see them first.
    const FoldContext context = context_of(state, subject, rules);
    observe(state.crs, fact, context);
    observe(state.icans, fact, context);
    observe(state.panel, graders, fact, context);
    return zoster;
}

void tell_watch(FoldState& state, const Fact& fact, bool zoster, const SubjectContext& subject, const RuleSet& rules) {
    const FoldContext context = context_of(state, subject, rules);
    watch(state.watch, fact, zoster, {context, state.panel, state.zoster, state.summary.state});
}

// Need CRS not be asked about this reading? After a quiet statement the unremarkable says nothing; after another one,
// or while a sign that follows CRS has an open episode, what leaves the state as it was. A deadline that was set before
// may then come early: it asks again, and nothing is said twice.
bool spares_crs(const FoldState& state, const Fact& fact, const FoldContext& context, bool quiet) {
    if (!state.crs_said.said) return false;
    return quiet ? is_unremarkable(fact, context.rules.crs) : changes_nothing(state.crs, fact, context);
}

// Most facts are readings that concern few graders or none.
void use_reading(FoldState& state, const Fact& fact, const SubjectContext& subject, const RuleSet& rules,
                 FoldOutput& out) {
    const bool crs = kCrsReadings.has(fact.analyte);
    const bool icans = kIcansReadings.has(fact.analyte);
    const bool watched = concerns_watch(fact);
    PanelMask graders = panel_concerned(state.panel, fact);
    bool spared = true;
    if (crs || icans || graders != 0) {
        const FoldContext context = context_of(state, subject, rules);
        const bool quiet = is_quiet(state.crs_said.last) && (state.panel.awaiting_vitals & kFollowCrs) == 0;
        if (crs) {
            spared = spares_crs(state, fact, context, quiet);
            observe(state.crs, fact, context);
        }
        if (icans) observe(state.icans, fact, context);
        if (graders != 0) observe(state.panel, graders, fact, context);
        if (crs && spared && !quiet) graders = without_resting(state.panel, graders);
    }
    CrsEnds ends;
    if (!spared) {
        ends = ask_crs(state, subject, rules, out);
        graders |= kFollowCrs;
    }
    if (icans) ask_icans(state, subject, rules, out);
    if (graders != 0) ask_panel(state, graders, subject, rules, out, ends);
    if (watched) tell_watch(state, fact, false, subject, rules);
    if (!spared || icans || watched || graders != 0) note_expiry(state);
    if (state.now >= state.standing_until) move_standing(state, subject, rules);
    if (state.ledger_moved) count_disagreements(state, subject, rules);
}

// What the graders make of a fact.
void use(FoldState& state, const Fact& fact, const SubjectContext& subject, const RuleSet& rules, FoldOutput& out) {
    if (fact.kind == FactKind::observation) return use_reading(state, fact, subject, rules, out);
    const bool crs = concerns_crs(fact);
    const PanelMask graders = panel_concerned(state.panel, fact);
    const bool zoster = take(state, fact, graders, subject, rules);
    CrsEnds ends;
    if (crs) ends = ask_crs(state, subject, rules, out);
    ask_icans(state, subject, rules, out);
    ask_panel(state, crs ? graders | kFollowCrs : graders, subject, rules, out, ends);
    if (concerns_watch(fact)) tell_watch(state, fact, zoster, subject, rules);
    note_expiry(state);
    move_standing(state, subject, rules);
    count_disagreements(state, subject, rules);
}

// Does the value fit with the subject's other values?
bool passes(FoldState& state, const Fact& fact, const SubjectContext& subject, const RuleSet& rules, FoldOutput& out) {
    const std::size_t before = out.quality.size();
    const bool fits = cross_check(state.cross, fact, subject, rules, out.quality);
    for (std::size_t i = before; i < out.quality.size(); ++i) state.summary.quality.add(out.quality[i].kind);
    return fits;
}

}  // namespace

void run_watch(SubjectWatch& watch, const FoldState& state, Instant until, const SubjectContext& subject,
               const RuleSet& rules) {
    const FoldContext context = context_of(state, subject, rules);
    run_checks(watch, until, {context, state.panel, state.zoster, state.summary.state});
}

std::vector<AlertCause> all_causes(const FoldState& state, const SubjectWatch& watch) {
    std::vector<AlertCause> all = state.causes;
    all.insert(all.end(), watch.causes->begin(), watch.causes->end());
    std::sort(all.begin(), all.end(), [](const AlertCause& a, const AlertCause& b) {
        return std::tuple(a.rule, a.infusion, a.ordinal) < std::tuple(b.rule, b.infusion, b.ordinal);
    });
    return all;
}

void append_open_episodes(const FoldState& state, std::vector<Episode>& episodes) {
    episodes.insert(episodes.end(), state.unfinished.begin(), state.unfinished.end());
    if (state.crs.episode.open) episodes.push_back(state.crs.episode.current);
    if (state.icans.episode.open) episodes.push_back(state.icans.episode.current);
    append_open_episodes(state.panel, episodes);
}

std::vector<Milestone> milestones_of(const FoldState& state, Instant as_of, const SubjectContext& subject,
                                     const RuleSet& rules) {
    std::vector<Milestone> milestones;
    append_milestones(state.panel, as_of, context_of(state, subject, rules), milestones);
    return milestones;
}

std::vector<Disagreement> disagreements_of(const FoldState& state, const SubjectContext& subject,
                                           const RuleSet& rules) {
    return disagreements_of(*state.ledger, state.panel, subject, rules);
}

namespace {

// Is CRS to be asked at `next`, and `graders`, which are due then? Most deadlines come early: readings since the last
// answer have put off what they hung on. Those are moved, and nobody is asked.
bool is_crs_due(FoldState& state, PanelMask& graders, CrsEnds& ends, Instant next, const SubjectContext& subject,
                const RuleSet& rules) {
    const bool due = state.crs_said.deadline <= next;
    if (state.dead || state.infusion.ordinal == 0 || (!due && (graders & kFollowCrs) == 0)) return due;
    FoldContext context = context_of(state, subject, rules);
    const Instant before = next - milliseconds(1);
    context.crs_ends = ends = crs_ends_after(state.crs, before, context);
    if (due) {
        const Instant present = next_deadline(state.crs, before, context);
        if (!state.crs_said.said || !may_be_put_off(state.crs) || present <= next) return true;
        state.crs_said.deadline = present;
    }
    graders = still_due(state.panel, due ? graders | kFollowCrs : graders, next, context);
    return false;
}

}  // namespace

void run_timers(FoldState& state, Instant until, const SubjectContext& subject, const RuleSet& rules, FoldOutput& out) {
    for (;;) {
        const Instant next = state.next_expiry;
        if (next == kNever || next > until) return count_disagreements(state, subject, rules);
        state.now = std::max(state.now, next);
        if (!state.dead && state.stay_until <= next) {
            state.setting = Setting::outpatient;
            state.stay_until = kNever;
            ask_all(state, subject, rules, out);
            note_expiry(state);
            continue;
        }
        PanelMask graders = state.dead ? PanelMask{0} : due(state.panel, next);
        CrsEnds ends;
        if (is_crs_due(state, graders, ends, next, subject, rules)) {
            ends = ask_crs(state, subject, rules, out);
            graders |= kFollowCrs;
        }
        if (state.icans_said.deadline <= next) ask_icans(state, subject, rules, out);
        if (graders != 0) ask_panel(state, graders, subject, rules, out, ends);
        if (state.watch.wake <= next) run_watch(state.watch, state, next, subject, rules);
        note_expiry(state);
    }
}

bool step(FoldState& state, const Fact& told, const SubjectContext& subject, const RuleSet& rules, FoldOutput& out) {
    if (state.next_expiry <= told.at) run_timers(state, told.at, subject, rules, out);
    state.now = std::max(state.now, told.at);
    if (state.dead && told.at > state.died && !exempt_after_death(told.kind)) {
        ++state.held_after_death;
        out.quality.push_back({QualityKind::after_death, told.at, told.record, {}});
        state.summary.quality.add(QualityKind::after_death);
        return false;
    }
    if (told.infusion_named != 0) {
        if (const auto item = check_link(told, state.infusion, subject, rules)) {
            out.quality.push_back(*item);
            state.summary.quality.add(item->kind);
        }
    }
    if (concerns_cross_check(told, subject) && !passes(state, told, subject, rules, out)) {
        use(state, without_value(told), subject, rules, out);
    } else {
        use(state, told, subject, rules, out);
    }
    return true;
}

}  // namespace cellvigil
