// One live fact as the fold sees it. Pure values; `body` and `name` point into the timeline that holds the fact.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/event/event.h"
#include "rules/grade/assessment.h"
#include "rules/pack/subject_rule.h"

namespace cellvigil {

struct Fact {
    Instant at{};            // effective.from (for a partial date its first instant: conservative for onsets)
    Instant until = kNever;  // effective_end when stated, else kNever
    Instant recorded_at{};
    RecordRef record;
    EventFlags flags = 0;
    UtcOffset offset{0};  // of the message, else of the site
    FactKind kind = FactKind::observation;
    DataOrigin origin = DataOrigin::unspecified;
    // Of an observation, without going to `body`:
    Analyte analyte = Analyte::other;
    Comparator comparator = Comparator::unspecified;
    bool has_value = false;
    std::uint32_t panel = 0;  // hash of the panel that ties readings of one moment; 0: not stated
    std::uint32_t infusion_named =
        0;  // infusion_name() of the infusion that the sender counts it against; 0: none named
    Quantity value;
    // What others may name it by: of an infection "source/record", of an infusion the record without its source; else
    // empty.
    std::string_view name;
    const Body* body = nullptr;  // null for a plain observation, which `analyte` and `value` say in full
};

enum class Disease : std::uint8_t { unknown, large_b_cell_lymphoma, other };

// A signed verdict on one value: it stands whatever other facts say, or it is wrong.
struct JudgedValue {
    RecordRef record;
    bool usable = false;
    RecordRef by;  // the verdict
    bool operator==(const JudgedValue&) const = default;
};

// An infusion that the subject's facts may name. Names are hashes (infusion_name, lot_of), 0: none.
struct KnownInfusion {
    Instant at{};
    RecordRef record;
    std::uint32_t name = 0;
    std::uint32_t names = 0;  // another one that it names
    std::uint64_t lot = 0;
    bool operator==(const KnownInfusion&) const = default;
};
std::uint32_t infusion_name(std::string_view record_id);  // without its source; never 0
std::uint64_t lot_of(const Infusion& infusion);

// What is known of the subject as a whole, whatever the time: from the live Enrollment, verdicts on values, and
// infusions.
struct SubjectContext {
    bool enrolled = false;
    std::optional<std::int32_t> age_days;  // at the first infusion
    std::optional<std::int32_t> age_years;
    bool developmental_delay = false;
    std::optional<Quantity> weight_kg;
    std::optional<std::uint32_t> baseline_ice;
    std::optional<std::uint32_t> baseline_capd;
    Disease disease = Disease::unknown;
    BitSet<Scale> scales;                  // graded for the subject's cohort
    SubjectRuleSet alerts;                 // of those that may be switched, the cohort's
    std::vector<JudgedValue> judged;       // ascending by record
    std::vector<KnownInfusion> infusions;  // live ones, in fold order
    bool operator==(const SubjectContext&) const = default;
};

// The index infusion that the fold is in.
struct InfusionContext {
    std::uint16_t ordinal = 0;  // 0: none yet
    Instant at{};
    SiteDate date{};  // day 0, site-local
    UtcOffset offset{0};
    RecordRef record;
    std::uint64_t lot = 0;  // hash of the lot pseudonym, 0 when not stated
    std::optional<Quantity> weight_kg;
    Instant lymphodepletion = kNever;  // its stated start; kNever: not stated
    bool operator==(const InfusionContext&) const = default;
};

}  // namespace cellvigil
