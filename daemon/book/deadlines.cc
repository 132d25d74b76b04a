#include "daemon/book/deadlines.h"

#include <algorithm>

#include "daemon/book/case_words.h"

namespace cellvigil::book {
namespace {

// The rule whose case is the site's own report: told by its versions, not by what the alert did.
constexpr std::string_view kReported = "adverse_event";

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
        case ActionKind::assess:
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

// Older histories have it as a comment.
bool speaks_of_case(const AlertAction& action) {
    return action.kind == ActionKind::assess || (action.kind == ActionKind::comment && is_of_case(action.reason));
}

struct Known {
    std::vector<CaseEvent> events;
    CaseState state;
};

// What the alert or the site's report tells, and when we learnt it: what a source wrote before a report was sent and we
// were told after it is news all the same.
struct Own {
    CaseEvent event;
    Instant learnt{};
};

// What people said, on top of that, in the order in which it was learnt. Of one moment the source comes first.
Known told(const std::vector<Own>& own, std::span<const store::ActionRow> history, const CaseState& first,
           Instant as_of) {
    Known known{{}, first};
    CaseState before = first;
    std::size_t next = 0;
    const auto begin_anew = [&](const CaseEvent& event) {
        return event.kind == CaseEventKind::information && !known.events.empty() &&
               known.events.back().kind == CaseEventKind::nullified;
    };
    const auto take_own = [&](Instant until) {
        for (; next < own.size() && own[next].learnt <= until; ++next) {
            CaseEvent event = own[next].event;
            // A case that was nullified and turns out to be one after all is a new one, from then.
            if (begin_anew(event)) {
                known.events.clear();
                known.state = before = first;
            }
            if (event.kind != CaseEventKind::nullified) {
                const CaseState said = event.state;
                event.state = taken_over(known.state, before, said);
                before = said;
                known.state = event.state;
            }
            known.events.push_back(event);
        }
    };
    for (const store::ActionRow& row : history) {
        const AlertAction& action = row.action;
        if (action.at > as_of) break;
        if (!speaks_of_case(action)) continue;
        take_own(action.at);
        const auto said = case_event(action.reason, action.at, known.state);
        if (!said || known.events.empty()) continue;
        known.state = said->state;
        known.events.push_back(*said);
    }
    take_own(kNever);
    return known;
}

// What the alert's own steps are for its case. Each tells nothing that the alert did not say before.
std::vector<Own> steps_of(std::span<const store::ActionRow> history, const CaseState& state, Instant as_of) {
    std::vector<Own> events;
    for (const store::ActionRow& row : history) {
        if (row.action.at > as_of) break;
        const auto kind = kind_of(row.action);
        if (!kind) continue;
        CaseEvent event;
        event.kind = *kind;
        event.at = row.action.at;
        event.state = state;
        events.push_back({event, event.at});
    }
    return events;
}

std::vector<Own> reported(std::span<const CaseVersion> report, Instant as_of) {
    std::vector<Own> events;
    std::size_t next = 0;
    Instant learnt = kAlways;
    for (const CaseEvent& event : case_events(report, as_of)) {
        while (report[next].appended_at > as_of) ++next;
        learnt = std::max(learnt, report[next++].appended_at);
        events.push_back({event, learnt});
    }
    return events;
}

Known case_told(std::span<const store::ActionRow> history, std::string_view rule, std::span<const CaseVersion> report,
                Instant as_of) {
    if (rule == kReported) return told(reported(report, as_of), history, {}, as_of);
    const CaseState first = first_known(rule);
    return told(steps_of(history, first, as_of), history, first, as_of);
}

Result<std::vector<CaseVersion>> report_of(store::Store& store, const Standing& standing) {
    if (standing.row.rule != kReported) return std::vector<CaseVersion>();
    const auto bytes = store.case_of(standing.row.alert_id);
    if (!bytes) return fail(bytes.error());
    auto versions = case_versions(*bytes);
    if (!versions) return fail(Errc::corrupt, "alert " + standing.row.alert_id + ": its case report cannot be read");
    return std::move(*versions);
}

}  // namespace

std::vector<CaseEvent> case_of(std::span<const store::ActionRow> history, std::string_view rule,
                               std::span<const CaseVersion> report, Instant as_of) {
    return case_told(history, rule, report, as_of).events;
}

CaseClocks clocks_of_alert(std::span<const store::ActionRow> history, std::string_view rule,
                           std::span<const CaseVersion> report, Instant as_of, const Reporting& reporting) {
    return clocks_of(case_of(history, rule, report, as_of), reporting.rules, reporting.offset);
}

Result<std::optional<CaseState>> case_known(store::Store& store, const Standing& standing,
                                            std::optional<Instant> as_of) {
    if (standing.row.subject_key.empty()) return std::optional<CaseState>();
    const auto history = store.actions_of(standing.row.alert_id);
    if (!history) return fail(history.error());
    const auto report = report_of(store, standing);
    if (!report) return fail(report.error());
    return std::optional(case_told(*history, standing.row.rule, *report, as_of.value_or(kNever)).state);
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
        if (!speaks_of_case(row.action)) continue;
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
    if (!standing.row.subject_key.empty()) {
        const auto report = report_of(store, standing);
        if (!report) return fail(report.error());
        return clocks_of_alert(*history, standing.row.rule, *report, until, reporting);
    }
    const auto steps = store.signal_steps(standing.row.alert_id);
    if (!steps) return fail(steps.error());
    return clocks_of_signal(*history, *steps, until, reporting);
}

}  // namespace cellvigil::book
