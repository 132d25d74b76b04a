#include "rules/grade/counts.h"

#include <algorithm>
#include <variant>

#include "rules/grade/ctcae_lab.h"
#include "rules/grade/recovery.h"
#include "rules/grade/statement.h"

namespace cellvigil {
namespace {

constexpr std::int32_t kLastKept = 395;  // infusion day: the window of "persistent at day 365"
constexpr std::int32_t kSameLymphodepletion = 14;

std::optional<HematotoxItem> item_of(Analyte analyte) {
    for (std::size_t i = 0; i < kHematotoxItems; ++i) {
        if (analyte_of(static_cast<HematotoxItem>(i)) == analyte) return static_cast<HematotoxItem>(i);
    }
    return std::nullopt;
}

bool is_lymphodepletion(const Fact& fact) {
    if (fact.kind != FactKind::intervention || fact.body == nullptr) return false;
    const auto& given = std::get<Intervention>(*fact.body);
    const bool agent = given.agent == Agent::cyclophosphamide || given.agent == Agent::fludarabine ||
                       given.agent == Agent::bendamustine;
    return agent && given.phase != InterventionPhase::stop;
}

UtcOffset offset_for(const Fact& fact, const FoldContext& context) {
    return context.infusion.ordinal > 0 ? context.infusion.offset : fact.offset;
}

LabTerm term_of(HematotoxItem item) {
    if (item == HematotoxItem::platelets) return LabTerm::platelet_count_decreased;
    return item == HematotoxItem::haemoglobin ? LabTerm::anaemia : LabTerm::neutrophil_count_decreased;
}

bool is_severe(const Fact& fact, HematotoxItem item) {
    if (item == HematotoxItem::crp || item == HematotoxItem::ferritin) return false;
    return grade_lab(term_of(item), CtcaeVersion::v5_0, lab_value_of(fact), fact.comparator).grade >= 3;
}

void observe_value(CountsState& state, const Fact& fact, const FoldContext& context) {
    const auto item = item_of(fact.analyte);
    if (!item || !fact.has_value) return;
    const std::int32_t day = absolute_day(site_date(fact.at, offset_for(fact, context)));
    DaySeries& series = state.series[static_cast<std::size_t>(*item)];
    // What no window reaches back to is let go: the days before the next infusion's window, but for the year after this
    // one.
    const std::int32_t window = context.rules.counts.hematotox_window_days;
    const bool before_any = context.infusion.ordinal == 0;
    const bool count = *item != HematotoxItem::crp && *item != HematotoxItem::ferritin;
    if (before_any || !count) {
        series.forget_within(INT32_MIN, day - window);
    } else if (day - state.day_0 > kLastKept) {
        series.forget_within(state.day_0 + kLastKept + 1, day - window);
    }
    // Everything is said of the worst of each day: another value of a day that is no worse is no news.
    const bool news = series.note({day, fact.record, fact.value, fact.comparator, is_severe(fact, *item)},
                                  count ? WorstOfDay::lowest : WorstOfDay::highest);
    if (!news) return;
    if (day - state.day_0 <= kEarlyLastDay) state.early_news = true;
    if (*item == HematotoxItem::neutrophils) state.neutrophils_news = true;
    if (*item == HematotoxItem::platelets) state.platelets_news = true;
}

void observe_lymphodepletion(CountsState& state, const Fact& fact, const FoldContext& context) {
    const std::int32_t day = absolute_day(site_date(fact.at, offset_for(fact, context)));
    const bool same = state.lymphodepletion != INT32_MIN && day - state.lymphodepletion_last <= kSameLymphodepletion;
    if (!same) state.lymphodepletion = day;
    state.lymphodepletion_last = day;
}

void end_follow_up(CountsState& state, std::int32_t day) {
    if (day < 0) return;
    state.follow_up_ends = state.follow_up_ends < 0 ? day : std::min(state.follow_up_ends, day);
}

void note_exclusion(CountsState& state, std::int32_t day) {
    if (day >= 0) state.excluded_from = std::min(state.excluded_from, day);
    if (day > kEarlyLastDay) state.late_ends = state.late_ends < 0 ? day : std::min(state.late_ends, day);
}

void observe_follow_up(CountsState& state, const Fact& fact, const FoldContext& context) {
    const std::int32_t day = day_of(fact.at, context);
    if (fact.kind == FactKind::death) {
        state.died = std::min(state.died, std::max(day, 0));
        return end_follow_up(state, day);
    }
    if (fact.body == nullptr) return;
    if (const auto* contact = std::get_if<Contact>(fact.body)) {
        const bool over = contact->status == ContactStatus::lost_to_follow_up ||
                          contact->status == ContactStatus::completed || contact->status == ContactStatus::transferred;
        if (over) end_follow_up(state, day);
    } else if (const auto* disease = std::get_if<DiseaseStatus>(fact.body)) {
        const bool back = disease->response == Response::progressive || disease->response == Response::relapse;
        if (back) note_exclusion(state, day);
    } else if (std::get_if<SubsequentTherapy>(fact.body) != nullptr) {
        note_exclusion(state, day);
    }
}

struct ItemChosen {
    const DayValue* value = nullptr;
    bool after_lymphodepletion = false;
};

// The last value up to the day on which lymphodepletion began; for want of one, the first after it.
ItemChosen chosen(const DaySeries& series, std::int32_t from, std::int32_t lymphodepletion, std::int32_t day_0) {
    const DayValue* before = series.last_up_to(lymphodepletion);
    if (before != nullptr && before->day >= from) return {before, false};
    const DayValue* after = series.first_from(std::max(from, lymphodepletion + 1));
    if (after != nullptr && after->day <= day_0) return {after, true};
    return {};
}

Component component_of(HematotoxItem item) {
    if (item == HematotoxItem::platelets) return Component::platelets;
    if (item == HematotoxItem::neutrophils) return Component::neutrophils;
    return item == HematotoxItem::haemoglobin ? Component::haemoglobin : Component::none;
}

void score_hematotox(CountsState& state, const FoldContext& context) {
    const std::int32_t from = state.day_0 - context.rules.counts.hematotox_window_days;
    std::int32_t lymphodepletion = state.day_0;
    if (context.infusion.lymphodepletion != kNever) {
        lymphodepletion = absolute_day(site_date(context.infusion.lymphodepletion, context.infusion.offset));
    } else if (state.lymphodepletion >= from) {
        lymphodepletion = state.lymphodepletion;
    }
    Assessment said = begun(Scale::car_hematotox, Term::none, context.infusion.at, context);
    std::array<std::optional<ItemValue>, kHematotoxItems> items;
    for (std::size_t i = 0; i < kHematotoxItems; ++i) {
        const ItemChosen item = chosen(state.series[i], from, std::min(lymphodepletion, state.day_0), state.day_0);
        if (item.value == nullptr) continue;
        said.under_surveillance = true;
        items[i] = ItemValue{item.value->value, item.value->comparator};
        said.add_evidence(item.value->record);
        if (item.after_lymphodepletion) said.flags.add(Flag::after_lymphodepletion);
        const auto what = static_cast<HematotoxItem>(i);
        if (points_of(what, items[i]).least > 0 && component_of(what) != Component::none) {
            said.deciding.add(component_of(what));
        }
    }
    const HematotoxScore score = car_hematotox(items);
    said.grade = score.grade;
    said.grade_upper = score.upper;
    said.flags.add(score.flags);
    if (context.subject.disease == Disease::other) said.flags.add(Flag::outside_validation);
    state.hematotox = said;
    state.hematotox_news = said.under_surveillance;
}

CourseOfCounts course_of(const CountsState& state, std::int32_t as_of) {
    CourseOfCounts course;
    course.lineages = {&state.of(HematotoxItem::neutrophils), &state.of(HematotoxItem::platelets),
                       &state.of(HematotoxItem::haemoglobin)};
    course.support = &state.support;
    course.day_0 = state.day_0;
    course.infusion = state.infusion;
    course.as_of = as_of;
    course.died = state.died;
    course.excluded_from = state.excluded_from;
    return course;
}

bool has_counts(const CountsState& state) {
    return std::any_of(state.series.begin(), state.series.begin() + kLineages,
                       [&](const DaySeries& series) { return series.any_within(state.day_0, INT32_MAX); });
}

}  // namespace

bool concerns_counts(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::observation:
            return item_of(fact.analyte).has_value();
        case FactKind::intervention:
            return support_of(fact).has_value() || is_lymphodepletion(fact);
        case FactKind::infusion:
        case FactKind::death:
        case FactKind::contact:
        case FactKind::disease_status:
        case FactKind::subsequent_therapy:
            return true;
        case FactKind::ice_assessment:
        case FactKind::neuro_finding:
        case FactKind::enrollment:
        case FactKind::adverse_event:
        case FactKind::infection:
        case FactKind::consent_change:
        case FactKind::site_heartbeat:
        case FactKind::adjudication:
        case FactKind::retraction:
            return false;
    }
    return false;
}

void begin_infusion(CountsState& state, const FoldContext& context) {
    const std::int32_t day_0 = absolute_day(context.infusion.date);
    if (state.infusion > 0 && has_counts(state)) {
        const auto reached = milestones_of(course_of(state, day_0 - state.day_0), context.rules.counts);
        state.past.insert(state.past.end(), reached.begin(), reached.end());
    }
    CountsState next;
    next.past = std::move(state.past);
    next.series = std::move(state.series);
    next.support = std::move(state.support);
    next.lymphodepletion = state.lymphodepletion;
    next.lymphodepletion_last = state.lymphodepletion_last;
    next.day_0 = day_0;
    next.infusion = context.infusion.ordinal;
    for (DaySeries& series : next.series) {
        series.forget_within(INT32_MIN, day_0 - context.rules.counts.hematotox_window_days);
    }
    next.support.forget_before(day_0 - kSameLymphodepletion);
    next.neutrophils_news = next.platelets_news = next.early_news = true;
    state = std::move(next);
    if (context.subject.scales.has(Scale::car_hematotox)) score_hematotox(state, context);
}

void observe(CountsState& state, const Fact& fact, const FoldContext& context) {
    if (fact.kind == FactKind::observation) return observe_value(state, fact, context);
    if (fact.kind == FactKind::intervention) {
        if (is_lymphodepletion(fact)) return observe_lymphodepletion(state, fact, context);
        state.support.observe(fact, offset_for(fact, context));
        state.neutrophils_news = state.early_news = true;  // reported beside the grade
        return;
    }
    if (context.infusion.ordinal == 0) return;
    observe_follow_up(state, fact, context);
    state.neutrophils_news = state.platelets_news = state.early_news = true;
}

void append_milestones(const CountsState& state, Instant as_of, const FoldContext& context,
                       std::vector<Milestone>& milestones) {
    milestones.insert(milestones.end(), state.past.begin(), state.past.end());
    if (state.infusion == 0 || !has_counts(state)) return;
    const auto reached = milestones_of(course_of(state, day_of(as_of, context)), context.rules.counts);
    milestones.insert(milestones.end(), reached.begin(), reached.end());
}

}  // namespace cellvigil
