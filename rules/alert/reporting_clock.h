// When a case has to be reported, by jurisdiction, from the history of what was known of it. What restarts a clock and
// what does not is the point: new significant information from a primary source and upgrades do, an internal correction
// never does, and the earliest awareness of anybody acting for the sponsor counts. Unknown is treated as reportable and
// said so. Day counts are of calendar days, weekends and holidays included, except where a rule says working days.
// Pure; a due date is no legal advice. Sources: GVP VI.B.7 and VI.C.3; Regulation (EU) 536/2014 Art. 42; UK SI
// 2004/1031 reg. 34; 21 CFR 312.32, 600.80; the rules for China are a configurable placeholder.
// docs/reporting-clocks.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "rules/alert/calendar.h"
#include "rules/base/time.h"

namespace cellvigil {

enum class Jurisdiction : std::uint8_t {
    eu_trial,
    eu_marketed,
    uk_trial,
    us_trial,
    us_marketed,
    china_trial,
    china_marketed
};
inline constexpr int kJurisdictions = static_cast<int>(Jurisdiction::china_marketed) + 1;
const char* name_of(Jurisdiction jurisdiction);

// What a jurisdiction asks for, in days; 0: nothing.
struct ReportingRule {
    Jurisdiction jurisdiction = Jurisdiction::eu_trial;
    bool unexpected_only = true;  // serious and unexpected, or serious alone
    bool related_only = true;     // a suspected reaction
    std::int32_t fatal_days = 7;  // fatal or life-threatening
    std::int32_t serious_days = 15;
    std::int32_t completion_days = 8;  // after the fatal one's due date, when its report was incomplete
    std::int32_t non_serious_days = 0;
    std::int32_t follow_up_days = 15;
    bool from_determination =
        false;             // the serious clock starts when the sponsor determines that it qualifies (US trials)
    bool verified = true;  // false: a placeholder of ours
    bool operator==(const ReportingRule&) const = default;
};
std::span<const ReportingRule> reporting_rules();  // the defaults, one per jurisdiction
const ReportingRule& default_rule(Jurisdiction jurisdiction);

// What was known of a case after an event. nullopt: not known.
struct CaseState {
    bool valid = false;  // patient, reporter, event and suspect product are identifiable
    std::optional<bool> serious;
    std::optional<bool> fatal_or_life_threatening;
    std::optional<bool> unexpected;
    std::optional<bool> related_by_investigator;
    std::optional<bool> related_by_sponsor;
    bool operator==(const CaseState&) const = default;
};

// What one state asks for in one jurisdiction, without regard to time.
enum class ReportLevel : std::uint8_t { none, non_serious, serious, fatal };
ReportLevel level_of(const CaseState& state, const ReportingRule& rule);
// The highest over the rules.
ReportLevel level_of(const CaseState& state, std::span<const ReportingRule> rules);

enum class CaseEventKind : std::uint8_t {
    information,          // significant, from a primary source
    minor_information,    // a typing error, an address
    internal_correction,  // recoding, medical review
    determination,        // the sponsor has determined that the case qualifies
    duplicate_found,  // another case is this one: `at` is when that was found, `earlier_awareness` the other's first
    report_sent,      // to `jurisdiction`
    nullified,        // the whole case was wrong
};

struct CaseEvent {
    CaseEventKind kind = CaseEventKind::information;
    Instant at{};                              // first awareness by anybody acting for the sponsor
    CaseState state;                           // after it
    std::optional<Instant> earlier_awareness;  // duplicate_found
    std::optional<Jurisdiction> jurisdiction;  // report_sent
    bool complete = true;                      // report_sent: nothing is missing from it
    bool operator==(const CaseEvent&) const = default;
};

enum class DeadlineKind : std::uint8_t { fatal, serious, completion, non_serious, follow_up, closing, emerging_issue };
const char* name_of(DeadlineKind kind);

struct Deadline {
    Jurisdiction jurisdiction = Jurisdiction::eu_trial;
    DeadlineKind kind = DeadlineKind::serious;
    SiteDate clock_start{};  // day 0, in the sponsor's zone
    SiteDate due{};          // the last day
    Instant due_at{};        // end of that day
    std::string because;
    std::vector<std::string> assumed;  // what was not known and taken as reportable: "unexpected", "related", ...
    std::optional<Instant> met_at;     // a report was sent
    bool void_by_nullification = false;
    bool verified = true;  // its rule: ReportingRule::verified
    bool open() const { return !met_at && !void_by_nullification; }
    bool operator==(const Deadline&) const = default;
};

struct CaseClocks {
    std::vector<Deadline> deadlines;         // by due date, then jurisdiction
    std::optional<Instant> first_awareness;  // of the minimum criteria (C.1.4)
    std::optional<Instant> most_recent;      // of information from a source (C.1.5): internal corrections never move it
    bool pending_validity = false;           // something is known, the minimum criteria are not met: no clock
    bool send_without_delay = false;         // an internal correction changed what is reportable
    bool operator==(const CaseClocks&) const = default;
};

// `events` by time. `offset` is the sponsor's.
CaseClocks clocks_of(std::span<const CaseEvent> events, std::span<const ReportingRule> rules, UtcOffset offset);
// The same rules, the same digits.
std::string digest_of(std::span<const ReportingRule> rules);
// The earliest open one; nullptr: none.
const Deadline* next_due(const CaseClocks& clocks);

// A clinically important increase of a rate over protocol or investigator's brochure (21 CFR 312.32(c)(1)(iv)): 15
// calendar days from determination.
Deadline rate_increase_deadline(Instant determined_at, UtcOffset offset);
// An emerging safety issue of a marketed product (GVP IX): 3 working days after the day on which it was established, by
// the team's calendar; until the end of that day in the team's zone.
Deadline emerging_issue_deadline(Instant established_at, const TeamCalendar& calendar);

}  // namespace cellvigil
