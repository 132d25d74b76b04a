#include "rules/cohort/spells.h"

#include <algorithm>

namespace cellvigil {
namespace {

struct End {
    Day day = kOpenEnd;
    Exit why = Exit::window_end;
    bool cause = false;
};

// The earlier end stands; on one day the one considered first.
void consider(End& end, std::optional<Day> day, Exit why, bool cause) {
    if (day && *day < end.day) end = {*day, why, cause};
}

// What is known to have happened to the subject, beside the event: the first of it ends the time at risk.
void consider_exits(End& end, const IndexCourse& index, const RiskQuestion& question) {
    if (question.death_competes) consider(end, index.death, Exit::death, true);
    consider(end, question.progression, Exit::progression, true);
    if (!question.therapies_end) return;
    const bool before = question.estimand == Estimand::before_next_therapy;
    consider(end, index.transplant, Exit::transplant, before);
    consider(end, index.cell_therapy, Exit::cell_therapy, before);
    if (before) consider(end, index.systemic_therapy, Exit::systemic_therapy, true);
}

// A dated event stands behind the last verified day unless the subject had left by then.
bool may_reach(const IndexCourse& index, const RiskQuestion& question, Day day) {
    if (index.withdrawn && day > *index.withdrawn) return false;
    return !question.lost_ends || !index.lost || day <= std::max(*index.lost, question.follow_up.last);
}

Spell spell_of(Day origin, const End& end) {
    Spell spell;
    spell.origin = origin;
    spell.exit = end.day;
    spell.why = end.why;
    spell.ended_in_cause = end.cause;
    if (end.cause) spell.cause = static_cast<std::uint8_t>(end.why);
    return spell;
}

// Where time ends when nothing happens: at the known exits, the end of follow-up or of the window.
End end_without_event(const IndexCourse& index, const RiskQuestion& question) {
    End exit;
    consider_exits(exit, index, question);
    Day verified = question.follow_up.last;
    if (exit.day < kOpenEnd && may_reach(index, question, exit.day)) {
        if (exit.day <= question.window.last) return exit;
        verified = std::max(verified, exit.day);
    }
    if (verified >= question.window.last) return {question.window.last, Exit::window_end, false};
    return {question.follow_up.last, question.follow_up.why, false};
}

}  // namespace

std::optional<Spell> time_at_risk(const IndexCourse& index, const RiskQuestion& question) {
    const Day origin = std::max(question.window.first, index.entry) - 1;
    End end = end_without_event(index, question);
    const bool in_window = question.event && *question.event > origin && *question.event <= question.window.last;
    if (in_window && may_reach(index, question, *question.event)) {
        End exit;
        consider_exits(exit, index, question);
        if (*question.event <= exit.day) end = {*question.event, Exit::event, true};
    }
    if (end.day <= origin) return std::nullopt;
    return spell_of(origin, end);
}

std::vector<Spell> recurrent_time(const IndexCourse& index, const RiskQuestion& question,
                                  const std::vector<Occurrence>& occurrences) {
    std::vector<Spell> spells;
    RiskQuestion next = question;
    for (std::size_t i = 0; i <= occurrences.size(); ++i) {
        next.event = i < occurrences.size() ? std::optional<Day>(occurrences[i].onset) : std::nullopt;
        // What came before the time at risk still blocks the time after it.
        const bool before = next.event && *next.event < std::max(next.window.first, index.entry);
        if (!before) {
            const auto spell = time_at_risk(index, next);
            if (spell) spells.push_back(*spell);
            if (!spell || spell->why != Exit::event) return spells;
        }
        next.window.first = std::max(next.window.first, occurrences[i].blocked_through + 1);
    }
    return spells;
}

}  // namespace cellvigil
