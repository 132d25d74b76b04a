// A grade as the site reports it beside the one computed on the same scale and term. Neither overwrites the other;
// where they differ, or only one exists, a person must look. docs/clinical/disagreement.md. Pure.
//
// Which computed grade a report is about (HOUSE): reports of infections, second malignancies, LICATS and enterocolitis
// are compared with the episode that their own record belongs to; scales of a fixed window (ICAHT, T-ICAHT,
// CAR-HEMATOTOX; a score reported before the first infusion is about that one) with what the window of the same
// infusion says at last; every other report with the highest grade of
// the episodes whose span [onset - report.tolerance_h, resolution + report.tolerance_h], both ends included, holds the
// report's time.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rules/base/copy_on_write.h"
#include "rules/grade/assessment.h"
#include "rules/pack/rule_set.h"
#include "rules/timeline/fact.h"

namespace cellvigil {

struct PanelState;

enum class DisagreementKind : std::uint8_t {
    differs,       // the reported grade is outside of what was computed: [computed, computed_upper]
    left_open,     // not the computed grade, but one that the data leave possible
    not_computed,  // reported, and there is nothing computed to compare it with
};
inline constexpr int kDisagreementKinds = static_cast<int>(DisagreementKind::not_computed) + 1;
const char* name_of(DisagreementKind kind);

enum class NotComputed : std::uint8_t {
    none,
    scale,    // the scale is not computed, or not for this subject
    term,     // the scale has no computed term for what is reported
    episode,  // computed, and no episode holds the report's time
    grade,    // an episode, and it cannot be graded
};
const char* name_of(NotComputed why);

struct Disagreement {
    DisagreementKind kind = DisagreementKind::differs;
    NotComputed why = NotComputed::none;
    Scale scale = Scale::unspecified;
    Term term = Term::none;
    std::uint16_t infusion = 0;
    std::int32_t day = 0;
    Instant at{};          // event time of the report
    bool imputed = false;  // of which only the day, month or year is known
    Grade reported = kNotGradable;
    Grade computed = kNotGradable;  // the highest of the episode, or of the window, that the report is about
    Grade computed_upper = kNotGradable;
    RecordRef report;                                // the site's record
    std::array<RecordRef, kMaxEvidence> evidence{};  // what the computed grade rests on
    bool operator==(const Disagreement&) const = default;
};

// One grade of one report.
struct ReportedGrade {
    RecordRef record;
    Scale scale = Scale::unspecified;
    Term term = Term::none;
    bool has_term = false;
    std::uint16_t infusion = 0;
    std::int32_t day = 0;
    Instant at{};
    bool imputed = false;
    Grade grade = kNotGradable;
    bool operator==(const ReportedGrade&) const = default;
};

// A stretch of one scale and term in which something was graded above 0, or an episode was open.
struct ComputedStretch {
    Scale scale = Scale::unspecified;
    Term term = Term::none;
    std::uint16_t infusion = 0;
    std::uint16_t episode = 0;  // 0: no episode, only statements
    Instant onset{};
    Instant end = kNever;  // kNever: still open
    Grade max = kNotGradable;
    Grade max_upper = kNotGradable;
    std::array<RecordRef, kMaxEvidence> evidence{};  // of the highest
    // As it was before the last instant that said something: of several statements at one instant the last counts.
    Instant told = kAlways;
    Grade max_before = kNotGradable;
    Grade upper_before = kNotGradable;
    std::array<RecordRef, kMaxEvidence> evidence_before{};
    bool operator==(const ComputedStretch&) const = default;
};

// What the fold keeps to compare.
struct GradeLedger {
    std::vector<ReportedGrade> reports;     // in fold order; at most kMaxReports
    std::vector<ComputedStretch> computed;  // by onset; at most kMaxStretches, then the oldest go
    bool operator==(const GradeLedger&) const = default;
    static constexpr std::size_t kMaxReports = 512;
    static constexpr std::size_t kMaxStretches = 1024;
};

// Takes the grades of an adverse event report or an infection that is not refuted; true when there was one.
bool note_report(CopyOnWrite<GradeLedger>& ledger, const Fact& fact, const InfusionContext& infusion);
// Takes a statement of any scale, in order of time.
void note_statement(CopyOnWrite<GradeLedger>& ledger, const Assessment& said);
// The end of an episode is the last sign, which is known only later.
void note_resolution(CopyOnWrite<GradeLedger>& ledger, const Episode& episode);

// In the order of the reports. Equal grades are no item; nor is a reported 0 where nothing was computed.
std::vector<Disagreement> disagreements_of(const GradeLedger& ledger, const PanelState& panel,
                                           const SubjectContext& subject, const RuleSet& rules);

}  // namespace cellvigil
