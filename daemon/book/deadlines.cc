#include "daemon/book/deadlines.h"

namespace cellvigil::book {

std::vector<CaseEvent> case_of(std::span<const store::ActionRow> history, std::string_view rule, Instant as_of) {
    std::vector<CaseEvent> events;
    for (const store::ActionRow& row : history) {
        const AlertAction& action = row.action;
        if (action.at > as_of) break;
        CaseEvent event;
        event.at = action.at;
        event.state.valid = true;
        if (rule == "toxicity_death") {
            event.state.serious = true;
            event.state.fatal_or_life_threatening = true;
        }
        switch (action.kind) {
            case ActionKind::raise:
            case ActionKind::confirm:
            case ActionKind::worsen:
                if (action.provisional) continue;
                event.kind = CaseEventKind::information;
                break;
            case ActionKind::change:
                event.kind = CaseEventKind::minor_information;
                break;
            case ActionKind::withdraw:
                event.kind = CaseEventKind::nullified;
                break;
            case ActionKind::clear:  // recovery does not unmake the case
            case ActionKind::acknowledge:
            case ActionKind::comment:
            case ActionKind::assign:
            case ActionKind::shelve:
            case ActionKind::unshelve:
            case ActionKind::propose_closure:
            case ActionKind::confirm_closure:
            case ActionKind::reject_closure:
            case ActionKind::reopen:
                continue;
        }
        // A case that was nullified and turns out to be one after all is a new one, from then.
        if (event.kind == CaseEventKind::information && !events.empty() && events.back().kind == CaseEventKind::nullified)
            events.clear();
        events.push_back(event);
    }
    return events;
}

CaseClocks clocks_of_alert(std::span<const store::ActionRow> history, std::string_view rule, Instant as_of,
                           const Reporting& reporting) {
    return clocks_of(case_of(history, rule, as_of), reporting.rules, reporting.offset);
}

}  // namespace cellvigil::book
