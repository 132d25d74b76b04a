// P07 and P08: neutropenia that is late or comes again, cytopenia that lasts to a landmark.
#include <array>

#include "rules/findings/watch_parts.h"
#include "rules/grade/ctcae_lab.h"
#include "rules/grade/lab_limit.h"

namespace cellvigil {
namespace {

constexpr std::uint16_t kTwoLow = 1;
constexpr std::uint16_t kSecondDip = 2;
constexpr std::array<std::int32_t, 3> kLandmarks{90, 180, 365};

struct Watched {
    Analyte analyte;
    LabTerm term;
    Detail detail;
    const char* name;
};
constexpr std::array<Watched, kWatchedLineages> kLineages{
    {{Analyte::neutrophils, LabTerm::neutrophil_count_decreased, Detail::neutrophils, "neutrophils"},
     {Analyte::platelets, LabTerm::platelet_count_decreased, Detail::platelets, "platelets"},
     {Analyte::haemoglobin, LabTerm::anaemia, Detail::haemoglobin, "haemoglobin"}}};

bool by_growth_factor(const Watching& w, Instant at) {
    const Cover& cover = w.state.cover(CoverKind::growth_factor);
    return !cover.running.empty() ||
           (cover.covered_until != kAlways && at - cover.covered_until <= days(w.rules().counts.filgrastim_days));
}

void add_growth_factor(const Watching& w, AlertCause& cause) {
    const Cover& cover = w.state.cover(CoverKind::growth_factor);
    if (cover.began != kAlways) add_at(w, cause, Detail::growth_factor, cover.began, cover.began_by);
}

void add_late_icaht(const Watching& w, AlertCause& cause) {
    for (const Assessment& said : *w.scene.panel.said) {
        if (said.scale != Scale::icaht_late || said.infusion != w.state.infusion) continue;
        const auto text = [](Grade grade) { return grade == kNotGradable ? "not gradable" : std::to_string(grade); };
        const bool open = said.grade_upper != said.grade;
        add(cause, Detail::late_icaht, 0, text(said.grade) + (open ? ", could be " + text(said.grade_upper) : ""));
    }
}

void raise_neutropenia(const Watching& w, std::uint16_t ordinal, Instant at) {
    const NeutrophilWatch& seen = w.state.neutrophil;
    AlertCause* cause = raise(w, {SubjectRule::late_neutropenia, ordinal, Urgency::high, at});
    if (cause == nullptr) return;
    if (ordinal == kTwoLow) add_test(w, *cause, Detail::neutrophils, seen.lowest_late);
    if (ordinal == kSecondDip) add_test(w, *cause, Detail::recovered, seen.recovered);
    if (ordinal == kSecondDip && seen.supported) cause->flags.add(Flag::support_confounds);
    add_test(w, *cause, Detail::neutrophils, w.state.neutrophils);
    add_growth_factor(w, *cause);
    add_late_icaht(w, *cause);
}

void watch_neutrophils(const Watching& w, const Fact& fact) {
    NeutrophilWatch& seen = w.state.neutrophil;
    const std::optional<bool> below = is_below(fact, per_ul(w.limits().p07_below_per_ul));
    if (below == true) {
        const std::int32_t day = w.day(fact.at);
        const bool late = day > w.limits().p07_after_day;
        if (late && day != seen.low_day) {
            ++seen.low_days;
            seen.low_day = day;
            if (seen.low_days >= 2) raise_neutropenia(w, kTwoLow, fact.at);
            seen.lowest_late = test_of(fact);
        }
        if (seen.dipped && seen.recovered.known()) raise_neutropenia(w, kSecondDip, fact.at);
        seen.dipped = true;
    } else if (seen.dipped && is_above(fact, per_ul(w.limits().p07_recovered_per_ul)) == true) {
        // A recovery without growth factor is the better one to tell of.
        const bool supported = by_growth_factor(w, fact.at);
        if (seen.recovered.known() && supported && !seen.supported) return;
        seen.recovered = test_of(fact);
        seen.supported = supported;
    }
}

void judge_run(const Watching& w, std::size_t lineage, std::int32_t landmark_place, Instant at) {
    const SevereRun& run = w.state.severe[lineage];
    const std::int32_t landmark = kLandmarks[static_cast<std::size_t>(landmark_place)];
    const std::int32_t slack = w.rules().cohorts.landmark_slack;
    if (run.since == kAlways) return;
    const std::int32_t last = w.day(run.last.at);
    if (last < landmark - slack || last > landmark + slack) return;
    if (last - w.day(run.since) < w.rules().counts.persistent_apart_days) return;
    const auto ordinal =
        static_cast<std::uint16_t>(static_cast<std::size_t>(landmark_place) * kWatchedLineages + lineage + 1);
    AlertCause* cause = raise(w, {SubjectRule::lasting_cytopenia, ordinal, Urgency::medium, at});
    if (cause == nullptr) return;
    cause->grade = run.grade;
    cause->grade_upper = run.upper;
    add(*cause, Detail::landmark, landmark);
    add(*cause, Detail::lineage, 0, kLineages[lineage].name);
    add_at(w, *cause, Detail::since, run.since, run.first);
    add_test(w, *cause, kLineages[lineage].detail, run.last);
    if (run.grade < 3) {
        add(*cause, Detail::grade_upper, run.upper);
        cause->flags.add(Flag::boundary);
    } else {
        add(*cause, Detail::grade, run.grade);
    }
    if (w.state.transfused != kAlways) add_at(w, *cause, Detail::transfusion, w.state.transfused);
    add_growth_factor(w, *cause);
    add(*cause, Detail::marrow, 0);
}

// By a growth factor or a transfusion: such a value is no recovery.
bool may_be_carried(const Watching& w, std::size_t lineage, Instant at) {
    if (kLineages[lineage].analyte == Analyte::neutrophils) return by_growth_factor(w, at);
    return w.state.transfused != kAlways && at - w.state.transfused <= days(w.rules().counts.transfusion_days);
}

void watch_lineage(const Watching& w, std::size_t lineage, const Fact& fact) {
    SevereRun& run = w.state.severe[lineage];
    const LabGrade graded = grade_lab(kLineages[lineage].term, CtcaeVersion::v5_0, lab_value_of(fact), fact.comparator);
    if (graded.upper < 3) {
        run = {};
        if (graded.upper <= 1 && !may_be_carried(w, lineage, fact.at)) w.state.mild[lineage] = fact.at;
        return;
    }
    if (run.since == kAlways) {
        run.since = fact.at;
        run.first = fact.record;
    }
    run.last = test_of(fact);
    run.grade = graded.grade;
    run.upper = graded.upper;
    const std::int32_t day = w.day(fact.at);
    for (std::int32_t place = 0; place < static_cast<std::int32_t>(kLandmarks.size()); ++place) {
        if (day >= kLandmarks[static_cast<std::size_t>(place)]) judge_run(w, lineage, place, fact.at);
    }
    watch_new_cytopenia(w, lineage, fact);
}

}  // namespace

void watch_counts(const Watching& w, const Fact& fact) {
    if (!w.infused()) return;
    if (w.state.check(WatchCheck::cytopenia) == kNever && w.state.cytopenia_landmark == 0)
        w.state.check(WatchCheck::cytopenia) = w.start_of_day(kLandmarks[0]);
    if (fact.analyte == Analyte::neutrophils) watch_neutrophils(w, fact);
    for (std::size_t i = 0; i < kWatchedLineages; ++i) {
        if (kLineages[i].analyte == fact.analyte) watch_lineage(w, i, fact);
    }
}

void check_cytopenia(const Watching& w, Instant at) {
    std::int32_t& place = w.state.cytopenia_landmark;
    for (std::size_t i = 0; i < kWatchedLineages; ++i) judge_run(w, i, place, at);
    ++place;
    if (place < static_cast<std::int32_t>(kLandmarks.size()))
        w.state.check(WatchCheck::cytopenia) = w.start_of_day(kLandmarks[static_cast<std::size_t>(place)]);
}

}  // namespace cellvigil
