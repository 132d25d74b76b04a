// The subject alerts P01 to P18 while the fold runs: a state of bounded size that facts of interest move, and the
// causes found so far. What fires because time has passed is a check: a point in time that the fold inserts before any
// later fact, as it does for expiries. Same facts and same time reached, same causes, whatever the order of arrival. A
// cause stays: it changes when it gets worse, and goes when the facts that made it are corrected. docs/alerts.md has
// the table. Pure; no wall clock.
//
// "Not recorded" is never "not given": an alert about something missing states whether the site has said that its
// medication reports are complete.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "rules/base/copy_on_write.h"
#include "rules/findings/alert_cause.h"
#include "rules/findings/cover.h"
#include "rules/findings/findings.h"
#include "rules/findings/infection_kind.h"
#include "rules/findings/zoster.h"
#include "rules/grade/panel.h"

namespace cellvigil {

// A value as last measured.
struct WatchedTest {
    Instant at = kAlways;
    Quantity value;
    Comparator bound = Comparator::unspecified;
    RecordRef record;
    bool known() const { return at != kAlways; }
    bool operator==(const WatchedTest&) const = default;
};

// An infection as P02, P11 and P17 count it, by the rules of cohort infection episodes.
struct WatchedInfection {
    Instant onset{};
    Instant last{};
    std::uint16_t ordinal = 0;
    std::vector<Pathogen> pathogens;
    std::vector<std::uint64_t> sites;  // hashes
    std::vector<std::uint64_t> names;  // of its reports, hashes
    bool sinopulmonary = false;
    bool treated = false;
    bool serious = false;
    bool only_viraemia = true;
    RecordRef record;
    std::uint16_t repeat = 0;         // ordinal of its P11; 0: none
    std::uint16_t after_therapy = 0;  // ordinal of its P17
    bool operator==(const WatchedInfection&) const = default;
};

// Neutrophils after this infusion, for P07.
struct NeutrophilWatch {
    std::int32_t low_day = INT32_MIN;  // last late day with a low value
    std::int32_t low_days = 0;
    WatchedTest lowest_late;  // the one before the last
    bool dipped = false;
    WatchedTest recovered;   // after a dip
    bool supported = false;  // that recovery, by a growth factor
    bool operator==(const NeutrophilWatch&) const = default;
};

// An unbroken run of values of grade 3 or more, for P08.
struct SevereRun {
    Instant since = kAlways;  // kAlways: none runs
    WatchedTest last;
    Grade grade = kNotGradable;
    Grade upper = kNotGradable;
    RecordRef first;
    bool operator==(const SevereRun&) const = default;
};
inline constexpr std::size_t kWatchedLineages = 3;  // neutrophils, platelets, haemoglobin

enum class WatchCheck : std::uint8_t {
    prophylaxis_ended,
    cover_gap,
    hepatitis_b,
    steroid,
    cmv_test,
    neuralgia,
    fever,
    cytopenia,
    landmark,
    landmark_late,
    vaccine,
    zoster_vaccine,
};
inline constexpr std::size_t kWatchChecks = static_cast<std::size_t>(WatchCheck::zoster_vaccine) + 1;
inline constexpr std::size_t kLandmarkTests = 4;  // neutrophils, IgG, CD4, B cells

struct WatchState {
    WatchState() {
        checks.fill(kNever);
        tested.fill(kAlways);
        mild.fill(kAlways);
    }
    std::array<Instant, kWatchChecks> checks{};
    std::array<Cover, kCoverKinds> covers;
    std::array<Instant, kLandmarkTests> tested{};  // last result of each
    WatchedTest igg, cd4, b_cells, neutrophils, temperature;
    Instant b_cells_absent_since = kAlways;
    Instant exposed_to_hepatitis_b = kAlways;
    RecordRef exposure;
    Instant medication_complete = kAlways;
    Instant entered = kNever;  // first enrolment
    Instant therapy = kNever;  // first other therapy against the disease after this infusion
    RecordRef therapy_record;
    Instant cmv_tested = kAlways;
    Instant transfused = kAlways;
    bool over = false;  // dead: nothing fires any more
    std::uint16_t infusion = 0;
    // Of this infusion:
    NeutrophilWatch neutrophil;
    std::array<SevereRun, kWatchedLineages> severe;
    std::array<Instant, kWatchedLineages> mild{};  // last value of grade 1 or less
    std::int32_t landmark = 0;                     // next one, by its place in the list
    std::int32_t late_landmark = 0;                // the one that landmark_late asks about
    std::int32_t cytopenia_landmark = 0;
    Instant hot_at = kAlways;  // last temperature of 38.0 or more
    std::uint16_t late_fevers = 0;
    Instant fever_since = kAlways;  // febrile neutropenia; kAlways: none yet
    Instant fever_last = kAlways;
    bool fever_certain = false;
    bool fever_told = false;
    std::uint16_t fevers = 0;
    Instant steroid_since = kAlways;
    std::uint16_t steroids = 0;
    std::uint16_t cmv_asked = 0;  // the stretch whose CMV test is asked about
    // Across infusions:
    std::vector<WatchedInfection> infections;  // the latest, at most kMostInfections
    std::uint16_t infections_begun = 0;
    // Alerts are counted among their own kind, so that a mild infection that is reported late renames none of them:
    std::uint16_t repeats = 0;
    std::uint16_t after_therapies = 0;
    std::vector<std::uint32_t> severe_infections;  // by place among the graded episodes
    Instant neuralgia_rash = kAlways;
    std::uint16_t neuralgia_ordinal = 0;
    WatchedTest neuralgia;  // its last report
    bool operator==(const WatchState&) const = default;
    static constexpr std::size_t kMostInfections = 64;
    Cover& cover(CoverKind kind) { return covers[static_cast<std::size_t>(kind)]; }
    const Cover& cover(CoverKind kind) const { return covers[static_cast<std::size_t>(kind)]; }
    Instant& check(WatchCheck check) { return checks[static_cast<std::size_t>(check)]; }
};

struct SubjectWatch {
    Instant wake = kNever;  // the next check
    CopyOnWrite<WatchState> state;
    CopyOnWrite<std::vector<AlertCause>> causes;  // by (rule, infusion, ordinal)
    bool operator==(const SubjectWatch&) const = default;
};

// What a fact may be asked about beside itself.
struct WatchScene {
    const FoldContext& context;
    const PanelState& panel;
    const std::vector<ZosterEpisode>& zoster;
    SubjectState standing = SubjectState::not_enrolled;
};

// Most facts concern no alert: no vital sign but a temperature of 38.0 or more does.
bool concerns_watch(const Fact& fact);
// After the graders have seen the fact. `zoster_changed`: it began or changed the last zoster episode.
void watch(SubjectWatch& watch, const Fact& fact, bool zoster_changed, const WatchScene& scene);
// Every check up to and including `until`.
void run_checks(SubjectWatch& watch, Instant until, const WatchScene& scene);

}  // namespace cellvigil
