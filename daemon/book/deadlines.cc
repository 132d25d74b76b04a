#include "daemon/book/deadlines.h"

#include <algorithm>

#include "daemon/book/case_words.h"

namespace cellvigil::book {
namespace {

// What the alert's own step is for its case; nullopt: nothing.
std::optional<CaseEventKind> kind_of(const AlertAction& action) {
    switch (action.kind) {
        case ActionKind::raise:
        case ActionKind::confirm:
        case ActionKind::worsen:
            if (action.provisional) return std::nullopt;
            return CaseEventKind::information;
        case ActionKind::change:
            return CaseEventKind::minor_information;
        case ActionKind::withdraw:
            return CaseEventKind::nullified;
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
            return std::nullopt;
    }
    return std::nullopt;
}

CaseState first_known(std::string_view rule) {
    CaseState state;
    state.valid = true;
    if (rule == "toxicity_death") {
        state.serious = true;
        state.fatal_or_life_threatening = true;
    }
    return state;
}

}  // namespace

std::vector<CaseEvent> case_of(std::span<const store::ActionRow> history, std::string_view rule, Instant as_of) {
    std::vector<CaseEvent> events;
    CaseState known = first_known(rule);
    for (const store::ActionRow& row : history) {
        const AlertAction& action = row.action;
        if (action.at > as_of) break;
        CaseEvent event;
        if (action.kind == ActionKind::comment && is_of_case(action.reason)) {
            const auto said = case_event(action.reason, action.at, known);
            if (!said || events.empty()) continue;
            event = *said;
        } else if (const auto kind = kind_of(action)) {
            event.kind = *kind;
            event.at = action.at;
            event.state = known;
        } else {
            continue;
        }
        // A case that was nullified and turns out to be one after all is a new one, from then.
        if (event.kind == CaseEventKind::information && !events.empty() &&
            events.back().kind == CaseEventKind::nullified) {
            events.clear();
            event.state = first_known(rule);
        }
        known = event.state;
        events.push_back(event);
    }
    return events;
}

CaseClocks clocks_of_alert(std::span<const store::ActionRow> history, std::string_view rule, Instant as_of,
                           const Reporting& reporting) {
    return clocks_of(case_of(history, rule, as_of), reporting.rules, reporting.offset);
}

CaseClocks clocks_of_signal(std::span<const store::ActionRow> history, std::span<const store::SignalStepRow> steps,
                            Instant as_of, const Reporting& reporting) {
    CaseClocks clocks;
    const bool asked = std::ranges::any_of(
        reporting.rules, [](const ReportingRule& rule) { return rule.jurisdiction == Jurisdiction::us_trial; });
    if (!asked || history.empty() || history.front().action.at > as_of) return clocks;
    const Instant raised = history.front().action.at;
    std::optional<Instant> confirmed;
    bool dismissed = false;
    for (const store::SignalStepRow& row : steps) {
        if (row.step.at > as_of) break;
        if (row.step.to == SignalStage::confirmed && !confirmed) confirmed = row.step.at;
        if (row.step.to == SignalStage::not_validated) dismissed = true;
        if (row.step.to == SignalStage::detected) dismissed = false;
    }
    clocks.first_awareness = raised;
    clocks.most_recent = raised;
    if (dismissed && !confirmed) return clocks;
    Deadline deadline = rate_increase_deadline(confirmed.value_or(raised), reporting.offset);
    if (!confirmed) deadline.assumed.emplace_back("determination");
    for (const store::ActionRow& row : history) {
        if (row.action.at > as_of) break;
        if (row.action.kind != ActionKind::comment || !is_of_case(row.action.reason)) continue;
        const auto said = case_event(row.action.reason, row.action.at, {});
        if (said && said->kind == CaseEventKind::report_sent && said->jurisdiction == Jurisdiction::us_trial &&
            !deadline.met_at)
            deadline.met_at = said->at;
    }
    clocks.deadlines.push_back(std::move(deadline));
    return clocks;
}

Result<CaseClocks> clocks_of(store::Store& store, const Standing& standing, std::optional<Instant> as_of,
                             const Reporting& reporting) {
    const auto history = store.actions_of(standing.row.alert_id);
    if (!history) return fail(history.error());
    const Instant until = as_of.value_or(kNever);
    if (!standing.row.subject_key.empty()) return clocks_of_alert(*history, standing.row.rule, until, reporting);
    const auto steps = store.signal_steps(standing.row.alert_id);
    if (!steps) return fail(steps.error());
    return clocks_of_signal(*history, *steps, until, reporting);
}

}  // namespace cellvigil::book
