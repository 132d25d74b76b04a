// What a subject's facts amount to: alerts of the single-subject kind and the subject's share in the cohort's counts.
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/short_bytes.h"
#include "rules/findings/alert_cause.h"
#include "rules/findings/quality.h"
#include "rules/grade/assessment.h"

namespace cellvigil {

const char* name_of(ZosterClass zoster);  // "localised", ..., "unspecified"

// One reason to alert, as the facts now stand. Identity is (rule, infusion, ordinal): the same whatever the order of
// arrival.
struct SubjectAlert {
    SubjectRule rule = SubjectRule::crs_grade_3;
    std::uint16_t infusion = 0;
    std::uint16_t ordinal = 0;  // of the episode within rule and infusion
    Instant at{};               // event time of the first crossing; zoster: onset
    std::int32_t day = 0;
    Instant worst_at{};  // when what it says now was first reached; zoster: onset
    std::int32_t worst_day = 0;
    Grade grade = kNotGradable;  // worst of the episode; the higher of two is a new revision
    Grade grade_upper = kNotGradable;
    Flags flags;  // of the assessment that first reached the worst
    Components deciding;
    ZosterClass zoster = ZosterClass::unspecified;
    Scale scale = Scale::unspecified;
    Urgency urgency = Urgency::high;
    std::int32_t weight = 0;            // of two with one urgency the higher is worse
    std::vector<AlertDetail> details;   // what it rests on, in the order in which it is told; `source` is filled
    std::vector<std::string> evidence;  // "source/record" of the deciding records, sorted
    bool operator==(const SubjectAlert&) const = default;
};

// 32 hex digits from (subject key, rule, infusion, ordinal): the same for the same cause, whoever derives it.
std::string alert_id(std::string_view subject_key, const SubjectAlert& alert);

// A change of one alert since it was last published. `revision` counts from 1 within (subject, rule, infusion,
// ordinal).
enum class AlertChangeKind : std::uint8_t { raised, changed, withdrawn };
struct AlertChange {
    AlertChangeKind kind = AlertChangeKind::raised;
    std::uint32_t revision = 1;
    SubjectAlert alert;    // withdrawn: as last published
    std::string alert_id;  // as alert_id() gives it
    bool worse = false;    // changed: is_worse() than what was last published
};
// Does it need eyes again? A higher severity, grade or highest possible grade, a class of zoster further up, or a
// component that decided nothing before. HOUSE.
bool is_worse(const SubjectAlert& now, const SubjectAlert& before);

enum class SubjectState : std::uint8_t { enrolled, infused, at_risk, off_study, lost, dead, withdrawn, not_enrolled };
const char* name_of(SubjectState state);

// First infusion day on which a grade of 1 or more, and of 3 or more, held after the first infusion, to day 30.
struct FirstDays {
    std::int8_t any = -1;  // -1: none
    std::int8_t severe = -1;
    bool operator==(const FirstDays&) const = default;
};

// What one subject adds to its cohort's counts. Small and comparable: the pipeline subtracts the old and adds the new.
struct SubjectSummary {
    SubjectState state = SubjectState::not_enrolled;
    bool infused = false;
    Grade crs_max = kNotGradable;  // over all episodes of the first infusion; not gradable: no assessment yet
    Grade crs_max_upper = kNotGradable;
    Grade icans_max = kNotGradable;
    Grade icans_max_upper = kNotGradable;
    Grade crs_now = kNotGradable;  // grade of the open episode; not gradable: none open
    Grade icans_now = kNotGradable;
    std::uint8_t zoster_episodes = 0;
    std::uint8_t zoster_past_day_90 = 0;  // episodes with onset day >= 91
    ZosterClass zoster_worst = ZosterClass::unspecified;
    std::uint8_t infections_past_day_90 = 0;
    QualityCounts quality;     // items, whether infused or not
    bool reinfused = false;    // more than one index infusion
    FirstDays crs_days;        // by grade
    FirstDays crs_upper_days;  // by grade_upper
    FirstDays icans_days;
    FirstDays icans_upper_days;
    // Grades that the site reports, beside ours (rules/grade/disagreement.h); at most 255 each:
    std::uint8_t grade_disagreements = 0;
    std::uint8_t grades_left_open = 0;
    std::uint8_t grades_not_computed = 0;
    // Compared after every fact.
    bool operator==(const SubjectSummary& other) const { return same_value(*this, other); }
};

// The cells (measure, x) that a summary counts in, and how much. Measures: docs/cohorts.md.
struct CellKey {
    const char* measure = "";
    std::int32_t x = 0;
    std::int64_t count = 1;
};
std::vector<CellKey> cells_of(const SubjectSummary& summary);

}  // namespace cellvigil
