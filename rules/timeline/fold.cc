#include "rules/timeline/fold.h"

#include <algorithm>
#include <variant>

#include "rules/timeline/infusion_links.h"

namespace cellvigil {
namespace {

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

bool concerns_icans(const Fact& fact) {
    if (fact.kind != FactKind::observation) return true;
    return fact.analyte == Analyte::rass || fact.analyte == Analyte::gcs || fact.analyte == Analyte::csf_opening;
}

AlertCause& cause_for(FoldState& state, SubjectRule rule, std::uint16_t infusion, std::uint16_t ordinal, bool& fresh) {
    const auto key = [](const AlertCause& cause) { return std::tuple(cause.rule, cause.infusion, cause.ordinal); };
    const auto wanted = std::tuple(rule, infusion, ordinal);
    const auto place =
        std::lower_bound(state.causes.begin(), state.causes.end(), wanted,
                         [&](const AlertCause& cause, const auto& sought) { return key(cause) < sought; });
    fresh = place == state.causes.end() || key(*place) != wanted;
    if (!fresh) return *place;
    AlertCause cause;
    cause.rule = rule;
    cause.infusion = infusion;
    cause.ordinal = ordinal;
    return *state.causes.insert(place, cause);
}

void note_cause(FoldState& state, SubjectRule rule, std::uint16_t ordinal, const Assessment& said) {
    bool fresh = false;
    AlertCause& cause = cause_for(state, rule, said.infusion, ordinal, fresh);
    // Either grade: after "could be 4, not testable", a literal 3 is news although its upper grade is lower.
    const bool worse = said.grade_upper > cause.grade_upper || said.grade > cause.grade;
    if (!fresh && !worse) return;
    if (fresh) {
        cause.at = said.at;
        cause.day = said.day;
        cause.scale = said.scale;
    }
    cause.worst_at = said.at;
    cause.worst_day = said.day;
    cause.grade = std::max(cause.grade, said.grade);
    cause.grade_upper = std::max(cause.grade_upper, said.grade_upper);
    cause.urgency = rule == SubjectRule::toxicity_death ? Urgency::immediate : Urgency::high;
    cause.flags = said.flags;
    cause.deciding = said.deciding;
    cause.evidence = said.evidence;
}

bool is_immune_toxicity(Scale scale) { return scale == Scale::astct_crs_2019 || scale == Scale::astct_icans_2019; }

void note_causes(FoldState& state, const Assessment& said) {
    if (!is_immune_toxicity(said.scale) || !said.under_surveillance || said.grade_upper < 3) return;
    const bool crs = said.scale == Scale::astct_crs_2019;
    note_cause(state, crs ? SubjectRule::crs_grade_3 : SubjectRule::icans_grade_3, said.episode, said);
    if (said.grade_upper == 5) note_cause(state, SubjectRule::toxicity_death, crs ? 1 : 2, said);
}

void note_first_days(FirstDays& first, Grade grade, std::int32_t day) {
    const auto on = static_cast<std::int8_t>(std::max(day, 0));
    if (grade >= 1 && first.any < 0) first.any = on;
    if (grade >= 3 && first.severe < 0) first.severe = on;
}

// Cohort counts use the first infusion and its first 30 days (settled point 36).
void note_summary(FoldState& state, const Assessment& said) {
    constexpr std::int32_t kLastDay = 30;
    if (!is_immune_toxicity(said.scale)) return;
    SubjectSummary& summary = state.summary;
    const bool crs = said.scale == Scale::astct_crs_2019;
    Grade& now = crs ? summary.crs_now : summary.icans_now;
    now = said.episode_open ? said.grade : kNotGradable;
    if (!said.under_surveillance || said.infusion != 1 || said.day > kLastDay) return;
    Grade& max = crs ? summary.crs_max : summary.icans_max;
    Grade& upper = crs ? summary.crs_max_upper : summary.icans_max_upper;
    max = std::max(max, said.grade);
    upper = std::max(upper, said.grade_upper);
    note_first_days(crs ? summary.crs_days : summary.icans_days, said.grade, said.day);
    note_first_days(crs ? summary.crs_upper_days : summary.icans_upper_days, said.grade_upper, said.day);
}

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
    note_causes(state, said);
    note_summary(state, said);
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
    track.deadline = next_deadline(scale, state.now, context);
}

void ask_panel(FoldState& state, PanelMask graders, const SubjectContext& subject, const RuleSet& rules,
               FoldOutput& out) {
    if (graders == 0) return;
    std::vector<Assessment> statements;
    const std::size_t ended = out.episodes.size();
    ask(state.panel, graders, state.now, context_of(state, subject, rules), statements, out.episodes);
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
    ask(state, state.crs, state.crs_said, subject, rules, out);
    ask(state, state.icans, state.icans_said, subject, rules, out);
    ask_panel(state, kWholePanel, subject, rules, out);
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

// States other than an exit follow from where the subject is in time.
void move_standing(FoldState& state, const SubjectContext& subject, const RuleSet& rules) {
    SubjectState& standing = state.summary.state;
    if (state.dead) {
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
    const auto day = infusion_day(state.infusion.date, site_date(state.now, state.infusion.offset)).value;
    standing = day > rules.infection.delayed_after_day ? SubjectState::at_risk : SubjectState::infused;
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
    if (fact.kind != FactKind::observation) {
        // The setting and the infusion decide how long vital signs hold, so both scales see them first.
        const FoldContext context = context_of(state, subject, rules);
        observe(state.crs, fact, context);
        observe(state.icans, fact, context);
        observe(state.panel, graders, fact, context);
    }
    return zoster;
}

// What the graders make of a fact.
void use(FoldState& state, const Fact& fact, const SubjectContext& subject, const RuleSet& rules, FoldOutput& out) {
    const bool crs = concerns_crs(fact);
    const bool icans = concerns_icans(fact);
    const PanelMask graders = panel_concerned(state.panel, fact);
    bool zoster = false;
    if (fact.kind == FactKind::observation) {
        const FoldContext context = context_of(state, subject, rules);
        if (crs) observe(state.crs, fact, context);
        if (icans) observe(state.icans, fact, context);
        if (graders != 0) observe(state.panel, graders, fact, context);
    } else {
        zoster = take(state, fact, graders, subject, rules);
    }
    // The deadline set before may then come early: it asks again, and nothing is said twice.
    const bool unchanged =
        crs && state.crs_said.said && is_quiet(state.crs_said.last) && is_unremarkable(fact, rules.crs);
    if (crs && !unchanged) ask(state, state.crs, state.crs_said, subject, rules, out);
    if (icans) ask(state, state.icans, state.icans_said, subject, rules, out);
    ask_panel(state, crs && !unchanged ? graders | kFollowCrs : graders, subject, rules, out);
    const bool watched = concerns_watch(fact);
    if (watched) {
        const FoldContext context = context_of(state, subject, rules);
        watch(state.watch, fact, zoster, {context, state.panel, state.zoster, state.summary.state});
    }
    if ((crs && !unchanged) || icans || watched || graders != 0 || fact.kind != FactKind::observation)
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
        if (state.crs_said.deadline <= next) {
            ask(state, state.crs, state.crs_said, subject, rules, out);
            graders |= kFollowCrs;
        }
        if (state.icans_said.deadline <= next) ask(state, state.icans, state.icans_said, subject, rules, out);
        ask_panel(state, graders, subject, rules, out);
        if (state.watch.wake <= next) run_watch(state.watch, state, next, subject, rules);
        note_expiry(state);
    }
}

bool step(FoldState& state, const Fact& told, const SubjectContext& subject, const RuleSet& rules, FoldOutput& out) {
    run_timers(state, told.at, subject, rules, out);
    state.now = std::max(state.now, told.at);
    if (state.dead && told.at > state.died && !exempt_after_death(told.kind)) {
        ++state.held_after_death;
        out.quality.push_back({QualityKind::after_death, told.at, told.record, {}});
        state.summary.quality.add(QualityKind::after_death);
        return false;
    }
    if (const auto item = check_link(told, state.infusion, subject, rules)) {
        out.quality.push_back(*item);
        state.summary.quality.add(item->kind);
    }
    if (concerns_cross_check(told, subject) && !passes(state, told, subject, rules, out)) {
        use(state, without_value(told), subject, rules, out);
    } else {
        use(state, told, subject, rules, out);
    }
    return true;
}

}  // namespace cellvigil
