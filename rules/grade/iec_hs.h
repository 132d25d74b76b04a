// Suspicion of IEC-HS (Hines 2023) by a rule of ours, and of a ferritin that reads falsely low (hook effect), by the
// grader contract of context.h. Never a diagnosis: the grade is not gradable until a clinician confirms, by an adverse
// event report of the category or an adjudication of the scale; then the published ladder is read from the report.
// docs/clinical/iec-hs.md. Pure.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "rules/grade/context.h"
#include "rules/grade/episode_track.h"

namespace cellvigil {

// Ferritin is required; of the three others, two. Tissue haemophagocytosis is in no message.
enum class IecItem : std::uint8_t { ferritin, aminotransferase, fibrinogen, cytopenia };
inline constexpr std::size_t kIecItems = static_cast<std::size_t>(IecItem::cytopenia) + 1;

// What an item is read from.
enum class IecSource : std::uint8_t { ferritin, alt, ast, fibrinogen, neutrophils, platelets };
inline constexpr std::size_t kIecSources = static_cast<std::size_t>(IecSource::platelets) + 1;
IecItem item_of(IecSource source);
std::optional<IecSource> iec_source_of(Analyte analyte);

struct IecReading {
    Instant met = kAlways;             // last time above (below) its limit since day 0
    Instant judged = kAlways;          // last time it could be told
    bool standing = false;             // the last one that could be told met it
    RecordRef record;                  // of `met`
    std::optional<Quantity> latest;    // value, whatever it says
    std::optional<Quantity> baseline;  // the last before the infusion
    bool baseline_abnormal = false;    // aminotransferase above its range, lineage of grade 4, before the infusion
    bool latest_abnormal = false;
    bool operator==(const IecReading&) const = default;
};

struct FerritinPoint {
    Instant at{};
    Quantity value;
    RecordRef record;
    bool operator==(const FerritinPoint&) const = default;
};

// From confirming reports, verdicts and what was done for it.
struct IecConfirmed {
    bool reported = false;
    bool signed_due = false;
    bool signed_other = false;  // a signed other cause; a later report or verdict replaces it
    bool treated = false;
    bool admitted = false;
    bool life_threatening = false;
    bool fatal = false;
    RecordRef record;
    bool operator==(const IecConfirmed&) const = default;
    bool holds() const { return reported || signed_due; }
};

struct IecHsState {
    std::array<IecReading, kIecSources> readings{};
    std::vector<FerritinPoint> ferritin;  // of the last hours that a rise or a fall looks back, at most 32
    BitSet<Agent, 2> running;             // treatments that explain a fall
    Instant treated = kAlways;            // last charted
    bool hook = false;
    std::array<RecordRef, 2> hook_records{};
    IecConfirmed confirmed;
    Instant ends = kNever;  // of the confirming report
    Instant infection_until = kAlways;
    bool relapse = false;
    EpisodeTrack episode;
    bool operator==(const IecHsState&) const = default;
};

// One result: whether it meets its item, and for ferritin whether it can be believed.
void observe_iec_value(IecHsState& state, IecSource source, const Fact& fact, const FoldContext& context);

bool concerns_iec_hs(const Fact& fact);
void begin_infusion(IecHsState& state, const FoldContext& context);
void observe(IecHsState& state, const Fact& fact, const FoldContext& context);
Instant next_deadline(const IecHsState& state, Instant after, const FoldContext& context);
void assess(IecHsState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended);

// The published ladder, once confirmed: 1 observation, 2 intervention, 3 admission, 4 life-threatening, 5 death. What
// the data leave open is a range.
struct IecSeverity {
    Grade grade = kNotGradable;
    Grade upper = kNotGradable;
    Flags flags;
};
IecSeverity severity_of(const IecConfirmed& confirmed);

}  // namespace cellvigil
