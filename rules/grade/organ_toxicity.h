// Organ toxicity as the older CRS scales count it: liver and kidney by CTCAE 5.0, dialysis, plasma products. A value
// equal to a multiple has the milder grade. Without the laboratory's upper limit of normal nothing is graded literally
// (creatinine by its baseline apart); the upper grade uses the least limit that any laboratory prints
// (legacy.least_uln_..., HOUSE). Source: CTCAE 5.0; docs/clinical/legacy-crs.md. Pure.
#pragma once

#include <array>
#include <optional>

#include "rules/grade/context.h"
#include "rules/grade/part.h"

namespace cellvigil {

enum class OrganLab : std::uint8_t { alt, ast, bilirubin, creatinine };
inline constexpr std::size_t kOrganLabs = 4;

struct OrganLabValue {
    Quantity value;                         // canonical unit
    std::optional<Quantity> upper_limit;    // of normal
    std::optional<Quantity> baseline;       // last before the infusion
    std::optional<bool> baseline_abnormal;  // above its own limit
};
struct OrganLabGrade {
    Grade grade = 0;  // 0..4
    Grade upper = 0;
    bool reference_missing = false;
    bool operator==(const OrganLabGrade&) const = default;
};
OrganLabGrade grade_organ_lab(OrganLab lab, const OrganLabValue& measured, const LegacyRules& rules);

struct OrganMeasure {
    Instant at = kAlways;  // kAlways: none
    Quantity value;
    std::optional<Quantity> upper_limit;
    Source source;
    bool operator==(const OrganMeasure&) const = default;
};
struct OrganCourse {          // dialysis, plasma products
    Instant at = kAlways;     // last start or dose
    Instant since = kAlways;  // running; kAlways: not
    Instant until = kNever;   // stated end
    bool before = false;      // began before the infusion: the subject's own
    Source source;
    bool operator==(const OrganCourse&) const = default;
};
struct OrganTrack {
    std::array<OrganMeasure, kOrganLabs> now{};
    std::array<OrganMeasure, kOrganLabs> before{};  // last before the infusion
    OrganCourse dialysis;
    OrganCourse plasma;
    bool operator==(const OrganTrack&) const = default;
};

bool concerns_organs(Analyte analyte);
void begin_infusion(OrganTrack& track, const FoldContext& context);
bool observe_organs(OrganTrack& track, const Fact& fact);  // false: nothing of interest

struct OrganReading {
    Grade transaminases = 0, bilirubin = 0, creatinine = 0;  // literal
    Grade transaminases_upper = 0, bilirubin_upper = 0, creatinine_upper = 0;
    bool dialysis = false;
    bool plasma = false;
    bool reference_missing = false;
    Part part;  // flags and records
};
OrganReading read_organs(const OrganTrack& track, Instant at, const FoldContext& context);
Instant next_organ_deadline(const OrganTrack& track, Instant after, const FoldContext& context);

}  // namespace cellvigil
