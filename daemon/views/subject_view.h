// A subject's findings for people and programs: the same words and the same JSON for the command line, the API and
// tests. Statements are rendered by rules/grade/render.h. Pure but for Boost.JSON behind it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/grade/criteria.h"
#include "rules/timeline/changes.h"
#include "rules/timeline/subject_timeline.h"

namespace cellvigil::views {

// One line per statement of one subject: time at the site, day, scale, grade, deciding components, flags, the sentence.
struct Line {
    Assessment said;
    std::string time;      // site-local, RFC 3339
    std::string scale;     // "CRS", "ICANS"
    std::string grades;    // "3", "1 (up to 2)", "not gradable", "-"
    std::string sentence;  // what a physician reads
    std::vector<std::string> evidence;
    std::vector<Criterion> criteria;  // the rows of the table that the deciding components meet, with limits and values
    std::vector<std::string> records;  // of the values of all criteria, in their order
    std::vector<Remark> remarks;
    std::vector<DecisionUse> decisions;  // keys of the register that had a say
};
// Every change of every statement up to `as_of`, in order of time. As the log knew it at `known_at`; nullopt: as known
// now.
std::vector<Line> lines_of(const SubjectTimeline& timeline, const RuleSet& rules, Instant as_of,
                           std::optional<Instant> known_at = std::nullopt);
// The statement of each scale that stands at `at`.
std::vector<Line> standing_at(const SubjectTimeline& timeline, const RuleSet& rules, Instant at,
                              std::optional<Instant> known_at = std::nullopt);

// A fact that was live at `known_at`, in order of time.
struct FactLine {
    std::string time;  // site-local, RFC 3339
    Instant at{};
    Instant until = kNever;
    std::string record;
    std::uint32_t version = 0;
    Instant recorded_at{};
    Instant appended_at{};
    std::string sentence;  // "temperature 38.6 °C at 09:00"
};
std::vector<FactLine> timeline_of(const SubjectTimeline& timeline, std::optional<Instant> known_at);
std::string timeline_json(const SubjectTimeline& timeline, Instant log_time, std::optional<Instant> known_at);

// A line of `quality`: a value that is not used, or marked, and why.
struct QualityLine {
    std::string time;  // site-local, RFC 3339
    QualityItem item;
    std::string record;
    std::string against;   // empty: the message alone
    std::string sentence;  // "haemoglobin 12 g/L at 08:00: differs from ... (held)"
};
std::vector<QualityLine> quality_of(const SubjectTimeline& timeline, const RuleSet& rules, Instant as_of,
                                    std::optional<Instant> known_at = std::nullopt);

// What was said otherwise with what was known at `since`: each statement before and after, and the records that made it
// so.
struct ChangedRecord {
    std::string record;
    RecordChange change;
};
struct ChangedLine {
    std::optional<Line> before;
    std::optional<Line> after;
    std::vector<std::string> because;
};
struct ChangedLines {
    std::vector<ChangedRecord> records;
    std::vector<ChangedLine> statements;
    bool causes_told_apart = true;
};
ChangedLines changed_lines(const SubjectTimeline& timeline, const RuleSet& rules, Instant since,
                           std::optional<Instant> known_at, Instant at);
// {"study","subject","since","known_at","at","pack_hash","records":[..],"statements":[{"before","after","because"}]}
std::string changes_json(const SubjectTimeline& timeline, const RuleSet& rules, Instant since,
                         std::optional<Instant> known_at, Instant at);

// A grade of the site beside ours.
struct Difference {
    Disagreement item;
    std::string time;      // of the report, site-local, RFC 3339
    std::string sentence;  // "site says CRS 2; computed 3: norepinephrine 14:20 to 18:05"
    std::string report;    // the site's record
    std::vector<std::string> evidence;
};
// As the facts up to `as_of` have it, reports later than that left out; kAlways: all. In fold order of the reports.
std::vector<Difference> differences_of(const SubjectTimeline& timeline, const RuleSet& rules, Instant as_of,
                                       std::optional<Instant> known_at = std::nullopt);

// {"study","subject","as_of","pack","pack_hash","assessments":[..],"episodes":[..],"alerts":[..],"quality":[..],
// "disagreements":[..]}
std::string subject_json(const SubjectTimeline& timeline, const RuleSet& rules, Instant as_of);
// {"study","subject","at","known_at","pack_hash","standing":[..],"disagreements":[..]}: why each grade stands as it
// does.
std::string explanation_json(const SubjectTimeline& timeline, const RuleSet& rules, Instant at,
                             std::optional<Instant> known_at);

}  // namespace cellvigil::views
