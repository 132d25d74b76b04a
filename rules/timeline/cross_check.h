// What no message can tell alone: does a value fit with the subject's other values? A step of the fold in front of the
// graders. A value that does not fit is held: it stays a fact, it is listed (rules/findings/quality.h), and no grader
// sees it. Nothing is corrected. As the fold goes in order of time, what is held depends on the set of facts alone.
//
// - Systolic not above (<=) diastolic of one reading: both are held. One reading: the same panel where both name one,
// else
//   the same instant. Diastolic pressures come first within an instant (fold order), and nothing is graded by them.
// - Neutrophils or lymphocytes above 105 % of the leukocytes of one reading: held, and so is what comes later of the
// same
//   differential. Leukocytes come first, then lymphocytes, then neutrophils: a misfit never leaves a neutrophil count
//   that it puts in doubt; a lymphocyte count that itself fits is kept.
// - Unit slip: the ratio to the last accepted exact value of the same quantity, at most 72 h before, is 500 to 2000 or
// its
//   inverse (cell counts), or 9 to 11 or its inverse (haemoglobin, CRP); both ends belong to the range. The value is
//   held and does not become the one that later values are compared with.
// - Interleukin-6 after tocilizumab, siltuximab or sarilumab: used, marked.
// "<0.2" and its like are compared only where they prove a misfit. A signed verdict on a value (SubjectContext::judged)
// goes before all of this. Source: docs/clinical/units.md (HOUSE; the limits are keys quality.*). Pure.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "rules/base/copy_on_write.h"
#include "rules/findings/quality.h"
#include "rules/pack/rule_set.h"
#include "rules/timeline/fact.h"

namespace cellvigil {

// Readings of one instant that another is judged by; of more than two, the last two.
struct PairedReadings {
    struct Reading {
        Quantity value;
        RecordRef record;
        std::uint32_t panel = 0;
        Comparator comparator = Comparator::unspecified;
        bool listed = false;  // held already
        bool operator==(const Reading&) const = default;
    };
    Instant at = kAlways;
    std::array<Reading, 2> readings{};
    bool operator==(const PairedReadings&) const = default;
};

inline constexpr std::size_t kSlipAnalytes = 8;

// What of laboratory values is remembered.
struct LabMemory {
    struct Last {
        Instant at = kAlways;  // none yet
        Quantity value;
        RecordRef record;
        bool operator==(const Last&) const = default;
    };
    PairedReadings leukocytes;
    Instant misfit_at = kAlways;  // of the last differential that did not fit
    std::uint32_t misfit_panel = 0;
    RecordRef misfit_against;
    std::array<Last, kSlipAnalytes> last{};  // accepted
    Instant il6_blocked_until = kAlways;
    RecordRef il6_blocker;
    bool operator==(const LabMemory&) const = default;
};

struct CrossCheckState {
    PairedReadings diastolic;
    CopyOnWrite<LabMemory> labs;
    bool operator==(const CrossCheckState&) const = default;
};

// Has the check anything to do with it? A look-up: most vital signs are none of its business.
bool concerns_cross_check(const Fact& fact, const SubjectContext& subject);

// False: no grader may see the value. Appends what is to be listed.
bool cross_check(CrossCheckState& state, const Fact& fact, const SubjectContext& subject, const RuleSet& rules,
                 std::vector<QualityItem>& items);

// A held observation as graders see it: without a value.
Fact without_value(const Fact& fact);

// Place of an observation among those of one instant: what others are judged by comes first.
int reading_rank(Analyte analyte);

}  // namespace cellvigil
