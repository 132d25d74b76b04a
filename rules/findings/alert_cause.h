// An alert in the making: what the fold found, with the records by their place in the timeline. Pure values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "rules/grade/assessment.h"
#include "rules/pack/subject_rule.h"

namespace cellvigil {

// How soon to act.
enum class Urgency : std::uint8_t { info, medium, high, immediate };
const char* name_of(Urgency urgency);  // "info", "medium", "high", "immediate"

// What an explanation may state. `form` in detail_table.cc says how a detail's number is read.
enum class Detail : std::uint8_t {
    ended,
    began,
    last_dose,
    minimum_day,
    policy,
    cd4,
    cd4_low,
    cd4_unknown,
    igg,
    b_cells,
    b_cells_since,
    neutrophils,
    neutrophils_unknown,
    recovered,
    temperature,
    haemoglobin,
    platelets,
    medication_complete,
    medication_not_stated,
    infection,
    serious,
    treated,
    infections,
    prophylaxis,
    previous,
    zoster_class,
    dermatomes,
    seriousness,
    clock_7_days,
    clock_15_days,
    growth_factor,
    late_icaht,
    transfusion,
    marrow,
    lineage,
    since,
    grade,
    grade_upper,
    site_grade,
    allowed_minutes,
    antimicrobial,
    antimicrobial_none,
    organism,
    again,
    within_days,
    missing,
    landmark,
    due_since,
    therapy,
    competing,
    steroid_since,
    not_covered,
    cmv_not_tested,
    transgene,
    lifelong,
    malignancy,
    report,
    exposed,
    vaccine,
    crs_atypical,
    fatal,
    category,
    causality,
    expectedness,
    recorded,
    mild,
};
inline constexpr int kDetails = static_cast<int>(Detail::mild) + 1;
const char* name_of(Detail detail);   // "cd4", "policy"
const char* words_of(Detail detail);  // "last CD4 count"

struct AlertDetail {
    Detail what = Detail::ended;
    Instant at = kAlways;     // kAlways: not dated
    std::int32_t day = 0;     // infusion day of `at`
    std::int64_t number = 0;  // millionths of the unit, or a count
    std::string text;
    RecordRef record;    // which fact says so
    std::string source;  // the same as "source/record", once an alert leaves the timeline
    bool operator==(const AlertDetail&) const = default;
};
// "0.15 x 10*9/L", "365", "low": without the date. Empty: nothing but the date.
std::string value_text(const AlertDetail& detail);
const char* unit_of(Detail detail);

struct AlertCause {
    SubjectRule rule = SubjectRule::crs_grade_3;
    std::uint16_t infusion = 0;
    std::uint16_t ordinal = 0;
    Urgency urgency = Urgency::high;
    std::int32_t weight = 0;  // of two with one urgency the higher is worse
    Instant at{};
    std::int32_t day = 0;
    Instant worst_at{};  // when what it says now was first reached
    std::int32_t worst_day = 0;
    Grade grade = kNotGradable;
    Grade grade_upper = kNotGradable;
    Flags flags;
    Components deciding;
    ZosterClass zoster = ZosterClass::unspecified;
    Scale scale = Scale::unspecified;
    std::array<RecordRef, kMaxEvidence> evidence{};
    std::vector<AlertDetail> details;
    std::uint64_t of_record = 0;  // adverse_event: hash of the record's name, which tells it apart; else 0
    bool operator==(const AlertCause&) const = default;

    void add_evidence(RecordRef record) {
        if (!record.known()) return;
        for (RecordRef& slot : evidence) {
            if (slot == record) return;
            if (slot.known()) continue;
            slot = record;
            return;
        }
    }
};

}  // namespace cellvigil
