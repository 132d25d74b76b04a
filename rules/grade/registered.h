// What is registered from the site's reports: second malignancies (any time, always serious; T-cell malignancy beside),
// LICATS and enterocolitis, by the grader contract of context.h. Graded as far as the report goes; a clinician judges.
// docs/clinical/other-toxicities.md. Pure.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "rules/grade/context.h"

namespace cellvigil {

struct RegisteredEvent {
    Term term = Term::none;  // secondary_malignancy, licats, enterocolitis
    bool t_cell = false;     // a malignancy of T cells
    std::uint16_t infusion = 0;
    std::uint16_t ordinal = 0;  // 1.. within the infusion and term
    SiteDate day_0{};
    UtcOffset offset{0};
    Instant onset{};
    Instant ends = kNever;
    bool recovered = false;
    bool admitted = false;
    bool intensive_care = false;
    bool steroid = false;
    bool life_threatening = false;
    bool fatal = false;
    bool infection_near = false;  // an infection was reported about then
    bool imputed = false;
    std::array<RecordRef, 4> records{};  // the report, then what was done; known ones first
    bool holds(Instant at) const { return onset <= at && at <= ends; }
    bool operator==(const RegisteredEvent&) const = default;
};

struct RegisteredState {
    std::vector<RegisteredEvent> events;  // at most kMaxEvents
    Instant infection_until = kAlways;    // of the latest infection report; 14 days where no end is stated
    BitSet<Scale> scales;                 // graded for the subject
    bool operator==(const RegisteredState&) const = default;
    static constexpr std::size_t kMaxEvents = 256;  // further reports of one subject are not registered
};

struct RegisteredGrade {
    Grade grade = kNotGradable;
    Grade upper = kNotGradable;
    Flags flags;
};
// Second malignancy: 3, life-threatening 4, fatal 5. LICATS 2025: 1 resolves alone, 2 glucocorticoid for more than a
// week of symptoms, 3 admission, 4 intensive care; it has no 5. Enterocolitis: 3 admission, 4 life-threatening, 5
// fatal.
RegisteredGrade grade_registered(const RegisteredEvent& event);

bool concerns_registered(const Fact& fact);
void begin_infusion(RegisteredState& state, const FoldContext& context);
void observe(RegisteredState& state, const Fact& fact, const FoldContext& context);
Instant next_deadline(const RegisteredState& state, Instant after, const FoldContext& context);
void assess(const RegisteredState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended);
// Every event, ended or not.
void append_episodes(const RegisteredState& state, std::vector<Episode>& episodes);

}  // namespace cellvigil
