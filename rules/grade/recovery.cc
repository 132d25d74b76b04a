#include "rules/grade/recovery.h"

#include <algorithm>
#include <functional>

#include "rules/grade/day_fill.h"

namespace cellvigil {
namespace {

constexpr Quantity kAnc500 = thousandths(500);
constexpr Quantity kAnc1000 = thousandths(1000);
constexpr Quantity kAnc1500 = thousandths(1500);
constexpr std::int32_t kDay90 = 90;
constexpr std::int32_t kFirstOfYear = 335;
constexpr std::int32_t kLastOfYear = 395;
constexpr std::int32_t kAplasticDays = 14;
constexpr int kValues = 3;  // consecutive, on different days

Quantity bound(const DayValue& value) { return as_bound(value.value, value.comparator); }

// The values of infusion days `first` to `last`, and what is asked of them.
struct Course {
    const CourseOfCounts& of;
    const CountsRules& rules;
    std::int32_t last_seen;  // infusion day: of the as-of, or of death

    std::vector<DayValue> values(Lineage lineage, std::int32_t first, std::int32_t last) const {
        std::vector<DayValue> found;
        for (DayValue value : of.lineages[static_cast<std::size_t>(lineage)]->values) {
            value.day -= of.day_0;
            if (value.day >= first && value.day <= std::min(last, last_seen)) found.push_back(value);
        }
        return found;
    }
    bool carried(SupportSet which, std::int32_t day) const {
        return of.support->carrying(which, of.day_0 + day, rules) != nullptr;
    }
    Milestone milestone(MilestoneKind kind) const {
        Milestone said;
        said.kind = kind;
        said.infusion = of.infusion;
        return said;
    }
};

void reach(Milestone& said, const DayValue& value) {
    said.standing = Standing::yes;
    said.day = value.day;
    said.evidence[0] = value.record;
}

void leave_open(Milestone& said, Flag why) {
    said.standing = Standing::unknown;
    said.flags.add(why);
}

struct RecoveryRule {
    MilestoneKind kind;
    Lineage lineage;
    Quantity at_least;
    SupportSet must_be_free_of;
    SupportSet flagged;
};

// The first of three values on different days at or above the limit, after the first value below it.
Milestone recovery(const Course& course, const RecoveryRule& rule) {
    Milestone said = course.milestone(rule.kind);
    const auto values = course.values(rule.lineage, 0, INT32_MAX);
    if (values.empty()) return said;
    const auto low =
        std::find_if(values.begin(), values.end(), [&](const DayValue& v) { return bound(v) < rule.at_least; });
    if (low == values.end()) {
        // Never below, once the acute phase is over: nothing to recover from.
        if (course.last_seen <= kEarlyLastDay) {
            leave_open(said, Flag::window_open);
        } else {
            said.standing = Standing::yes;
        }
        return said;
    }
    std::vector<const DayValue*> run;
    for (auto value = low; value != values.end(); ++value) {
        if (bound(*value) < rule.at_least) {
            run.clear();
            continue;
        }
        if (run.empty() && course.carried(rule.must_be_free_of, value->day)) continue;
        run.push_back(&*value);
        if (run.size() < kValues) continue;
        reach(said, *run.front());
        if (course.carried(rule.flagged, run.front()->day)) said.flags.add(Flag::support_confounds);
        return said;
    }
    said.standing =
        course.last_seen - values.back().day <= course.rules.landmark_margin_days ? Standing::no : Standing::unknown;
    if (said.standing == Standing::unknown) said.flags.add(Flag::data_gap);
    said.evidence[0] = values.back().record;
    return said;
}

// Nothing can be denied before the last day of the course, nor without a late value.
void deny_course(const Course& course, const std::vector<DayValue>& values, Milestone& said) {
    const std::int32_t last = course.rules.course_last_day;
    if (course.last_seen <= last) return leave_open(said, Flag::window_open);
    if (values.empty() || last - values.back().day > course.rules.landmark_margin_days) {
        return leave_open(said, Flag::data_gap);
    }
    said.standing = Standing::no;
}

Milestone aplastic(const Course& course) {
    Milestone said = course.milestone(MilestoneKind::aplastic_course);
    const std::int32_t last = std::min(course.rules.course_last_day, course.last_seen);
    const auto values = course.values(Lineage::neutrophils, 0, last);
    if (values.empty() || last < 0) return said;
    DayLows lows;
    for (const DayValue& value : values) lows.note(value.day, bound(value));
    const auto days = read_days(lows, {0, last}, {kAnc500, LowIs::below});
    bool hidden = false;  // days without values may hide such a run
    std::int32_t length = 0;
    std::int32_t possible = 0;
    for (std::int32_t day = 0; day <= last; ++day) {
        const DayIs read = days[static_cast<std::size_t>(day)];
        length = read == DayIs::low ? length + 1 : 0;
        possible = read == DayIs::above ? 0 : possible + 1;
        hidden = hidden || possible >= kAplasticDays;
        if (length < kAplasticDays) continue;
        said.standing = Standing::yes;
        said.day = day;
        return said;
    }
    if (hidden && course.last_seen > course.rules.course_last_day) {
        leave_open(said, Flag::data_gap);
    } else {
        deny_course(course, values, said);
    }
    return said;
}

Milestone intermittent(const Course& course) {
    Milestone said = course.milestone(MilestoneKind::intermittent_course);
    const auto values = course.values(Lineage::neutrophils, 0, course.rules.course_last_day);
    if (values.empty()) return said;
    bool dipped = false;
    bool recovered = false;
    for (const DayValue& value : values) {
        const bool low = bound(value) < kAnc1000;
        if (recovered && low && value.day > course.rules.dip_after_day) {
            reach(said, value);
            return said;
        }
        dipped = dipped || low;
        recovered = recovered || (dipped && bound(value) > kAnc1500);
    }
    deny_course(course, values, said);
    return said;
}

// Recovered, risen to 1000 per microlitre, and never below that again; not aplastic before.
Milestone quick(const Course& course, const Milestone& recovered, const Milestone& aplastic) {
    Milestone said = course.milestone(MilestoneKind::quick_course);
    const auto values = course.values(Lineage::neutrophils, recovered.day.value_or(0), course.rules.course_last_day);
    if (values.empty() && recovered.standing == Standing::unknown) return said;
    if (aplastic.standing == Standing::yes) {
        said.standing = Standing::no;
        return said;
    }
    const DayValue* risen = nullptr;
    for (const DayValue& value : values) {
        if (recovered.standing != Standing::yes) break;
        if (risen != nullptr && bound(value) < kAnc1000) {
            said.standing = Standing::no;
            said.evidence[0] = value.record;
            return said;
        }
        if (risen == nullptr && bound(value) >= kAnc1000) risen = &value;
    }
    deny_course(course, values, said);
    const bool over = said.standing == Standing::no;
    if (!over || risen == nullptr || recovered.standing != Standing::yes) return said;
    if (aplastic.standing == Standing::unknown) {
        leave_open(said, Flag::data_gap);
    } else {
        said.standing = Standing::yes;
        said.day = recovered.day;
        said.evidence[0] = recovered.evidence[0];
    }
    return said;
}

// One lineage of "recovered by day 90"; yes without a day: it never was severe.
Milestone lineage_recovered(const Course& course, Lineage lineage) {
    Milestone said = course.milestone(MilestoneKind::cytopenia_recovered_day_90);
    const std::int32_t margin = course.rules.landmark_margin_days;
    const auto values = course.values(lineage, 0, kDay90 + margin);
    std::ptrdiff_t from = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i].severe && values[i].day <= kDay90) from = static_cast<std::ptrdiff_t>(i) + 1;
    }
    const bool severe = from > 0;
    const bool seen_late = !values.empty() && values.back().day >= kDay90 - margin;
    if (!seen_late) {
        leave_open(said, course.last_seen <= kDay90 + margin ? Flag::window_open : Flag::data_gap);
        return said;
    }
    if (!severe) {
        said.standing = Standing::yes;
        return said;
    }
    for (auto first = values.begin() + from; first != values.end() && first->day <= kDay90; ++first) {
        if (course.carried(kCountSupport, first->day)) continue;
        const auto end = std::find_if(first, values.end(), [](const DayValue& v) { return v.severe; });
        if (end - first < kValues) break;
        reach(said, *first);
        if (course.carried(kCountSupport, (first + kValues - 1)->day)) said.flags.add(Flag::support_confounds);
        return said;
    }
    if (course.last_seen <= kDay90 + margin) {
        leave_open(said, Flag::window_open);
    } else {
        said.standing = Standing::no;
    }
    said.evidence[0] = values.back().record;
    return said;
}

void flag_exclusion(const Course& course, std::int32_t by_day, Milestone& said) {
    if (course.of.excluded_from <= std::min(by_day, course.last_seen)) said.flags.add(Flag::relapse_possible);
}

Milestone recovered_by_day_90(const Course& course) {
    Milestone said = course.milestone(MilestoneKind::cytopenia_recovered_day_90);
    if (course.last_seen < kDay90) {
        if (course.of.died == CourseOfCounts::kNoDay || course.of.died > course.last_seen)
            said.flags.add(Flag::window_open);
        return said;
    }
    said.standing = Standing::yes;
    std::size_t evidence = 0;
    for (const Lineage lineage : {Lineage::neutrophils, Lineage::platelets, Lineage::haemoglobin}) {
        const Milestone one = lineage_recovered(course, lineage);
        if (one.standing == Standing::no || said.standing == Standing::no) {
            said.standing = Standing::no;
        } else if (one.standing == Standing::unknown) {
            said.standing = Standing::unknown;
        }
        said.flags.add(one.flags);
        if (one.day) said.day = std::max(said.day.value_or(0), *one.day);
        if (one.evidence[0].known()) said.evidence[evidence++] = one.evidence[0];
    }
    if (said.standing != Standing::yes) said.day.reset();
    flag_exclusion(course, kDay90, said);
    return said;
}

// Two severe values far enough apart with none milder between them.
const DayValue* persisting(const std::vector<DayValue>& values, std::int32_t apart) {
    const DayValue* first = nullptr;
    for (const DayValue& value : values) {
        if (!value.severe) {
            first = nullptr;
        } else if (first == nullptr) {
            first = &value;
        } else if (value.day - first->day >= apart) {
            return &value;
        }
    }
    return nullptr;
}

// A support of one kind on two days of the window far enough apart.
const SupportSpan* dependence(const Course& course, std::int32_t last, std::int32_t apart) {
    for (std::size_t kind = 0; kind < kSupports; ++kind) {
        const auto what = static_cast<Support>(kind);
        if (!kCountSupport.has(what)) continue;
        std::int32_t earliest = INT32_MAX;
        for (const SupportSpan& span : course.of.support->spans) {
            if (span.what != what) continue;
            const std::int32_t from = std::max(span.first - course.of.day_0, kFirstOfYear);
            const std::int32_t to =
                span.last == SupportSpan::kGoesOn ? last : std::min(span.last - course.of.day_0, last);
            if (from > to) continue;
            earliest = std::min(earliest, from);
            if (to - earliest >= apart) return &span;
        }
    }
    return nullptr;
}

Milestone persistent_at_day_365(const Course& course) {
    Milestone said = course.milestone(MilestoneKind::persistent_cytopenia_day_365);
    const bool excluded = course.of.excluded_from <= std::min(course.last_seen, kLastOfYear);
    const std::int32_t last =
        std::min({kLastOfYear, course.last_seen, excluded ? course.of.excluded_from - 1 : kLastOfYear});
    bool all_seen = true;
    for (const Lineage lineage : {Lineage::neutrophils, Lineage::platelets, Lineage::haemoglobin}) {
        const auto values = course.values(lineage, kFirstOfYear, last);
        all_seen = all_seen && !values.empty();
        if (const DayValue* value = persisting(values, course.rules.persistent_apart_days)) {
            reach(said, *value);
            return said;
        }
    }
    if (const SupportSpan* span = dependence(course, last, course.rules.persistent_apart_days)) {
        said.standing = Standing::yes;
        said.flags.add(Flag::support_confounds);
        said.evidence[0] = span->record;
        return said;
    }
    if (excluded) {
        leave_open(said, Flag::relapse_possible);
    } else if (course.last_seen <= kLastOfYear) {
        if (course.of.died > course.last_seen) leave_open(said, Flag::window_open);
    } else if (!all_seen) {
        leave_open(said, Flag::data_gap);
    } else {
        said.standing = Standing::no;
    }
    return said;
}

}  // namespace

std::vector<Milestone> milestones_of(const CourseOfCounts& of, const CountsRules& rules) {
    const Course course{of, rules, std::min(of.as_of, of.died)};
    const Milestone neutrophils = recovery(
        course, {MilestoneKind::neutrophil_recovery, Lineage::neutrophils, kAnc500, SupportSet{}, kGrowthFactors});
    const Milestone platelets = recovery(course, {MilestoneKind::platelet_recovery, Lineage::platelets, whole(20),
                                                  SupportSet{Support::platelets}, SupportSet{Support::tpo_agonist}});
    const Milestone aplasia = aplastic(course);
    return {neutrophils,
            platelets,
            quick(course, neutrophils, aplasia),
            intermittent(course),
            aplasia,
            recovered_by_day_90(course),
            persistent_at_day_365(course)};
}

}  // namespace cellvigil
