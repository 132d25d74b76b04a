// Infections by CTCAE 5.0 and 6.0, whichever of the two is graded for the subject, by the grader contract of
// context.h: one episode for a report and what is linked to it. docs/clinical/infection-grades.md. Pure.
//
// Episodes. Zoster: reports within infection.zoster_refractory_d of the episode's resolution are one episode (as
// findings/zoster.h has it). Other infections: a report and the reports that name its record. An adverse event report
// of the same term joins the episode whose span, widened by infection.join_h on both sides, holds its time; so does an
// infection's report when the episode is known from adverse event reports only.
#pragma once

#include <vector>

#include "rules/grade/context.h"
#include "rules/grade/infection_ladder.h"

namespace cellvigil {

struct GradedInfection {
    Term reported = Term::infection;  // bacteraemia: bacteria in blood, graded as term() says
    std::uint16_t infusion = 0;
    std::uint16_t ordinal = 0;  // 1.. within infusion and term; bacteraemia and sepsis count together
    SiteDate day_0{};
    UtcOffset offset{0};
    Instant onset{};
    Instant resolved = kNever;     // last instant of it; kNever: not said
    Instant last = kAlways;        // resolution, or the last report while it is not resolved
    bool from_events_only = true;  // known from adverse event reports alone
    bool imputed = false;
    PathogenClass pathogen = PathogenClass::unspecified;
    Organism organism = Organism::unspecified;
    InfectionPicture picture;
    Grade max_grade = kNotGradable;
    Instant max_at{};
    std::vector<RecordRef> reports;        // of the site, at most 32
    std::vector<std::uint64_t> names;      // hashes of the records that belong to it, at most 64
    std::array<RecordRef, 4> treatment{};  // courses and stays that decided, known ones first
    Term term() const { return reported == Term::bacteraemia ? term_in_blood(picture) : reported; }
    bool holds(Instant at) const { return onset <= at && at <= resolved; }
    bool operator==(const GradedInfection&) const = default;
};

// A course against an infection, or a stay, that began before the episode was reported.
struct InfectionCourse {
    Instant at{};
    RecordRef record;
    Intervention given;
    bool operator==(const InfectionCourse&) const = default;
};

struct InfectionsState {
    std::vector<GradedInfection> episodes;  // by order of appearance, at most kMaxEpisodes
    std::vector<InfectionCourse> recent;    // of the last infection.course_before_h, at most 32
    BitSet<Scale> scales;                   // graded for the subject
    bool operator==(const InfectionsState&) const = default;
    static constexpr std::size_t kMaxEpisodes = 512;  // further reports of one subject are not graded
};

bool concerns_infections(const Fact& fact);
void begin_infusion(InfectionsState& state, const FoldContext& context);
void observe(InfectionsState& state, const Fact& fact, const FoldContext& context);
Instant next_deadline(const InfectionsState& state, Instant after, const FoldContext& context);
// For each term the worst of the episodes that hold at `at`, of equals the latest.
void assess(const InfectionsState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended);

// Every episode, ended or not, for each of the versions.
void append_episodes(const InfectionsState& state, std::vector<Episode>& episodes);
// The episode that a site's record belongs to; nullptr: none.
const GradedInfection* episode_of(const InfectionsState& state, RecordRef report);
std::array<RecordRef, kMaxEvidence> evidence_of(const GradedInfection& episode);

}  // namespace cellvigil
