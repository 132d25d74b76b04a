#include "daemon/book/deadlines.h"

#include <algorithm>
#include <utility>

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

// What people have made of a signal.
struct Judged {
    std::optional<Instant> confirmed;  // the first time
    bool not_validated = false;
    bool dismissed() const { return not_validated && !confirmed; }
};

Judged judged_of(std::span<const store::SignalStepRow> steps, Instant as_of) {
    Judged judged;
    for (const store::SignalStepRow& row : steps) {
        if (row.step.at > as_of) break;
        if (row.step.to == SignalStage::confirmed && !judged.confirmed) judged.confirmed = row.step.at;
        if (row.step.to == SignalStage::not_validated) judged.not_validated = true;
        if (row.step.to == SignalStage::detected) judged.not_validated = false;
    }
    return judged;
}

// When a report was entered as sent there, from `from` on.
std::optional<Instant> sent_to(Jurisdiction where, std::span<const store::ActionRow> history, Instant from,
                               Instant as_of) {
    for (const store::ActionRow& row : history) {
        if (row.action.at > as_of) break;
        if (row.action.at < from || !speaks_of_case(row.action)) continue;
        const auto said = case_event(row.action.reason, row.action.at, {});
        if (said && said->kind == CaseEventKind::report_sent && said->jurisdiction == where) return said->at;
    }
    return std::nullopt;
}

// The last word counts; of several times "yes" in a row the first is when it was established.
std::optional<Deadline> emerging_issue_of(std::span<const store::ActionRow> history, const Judged& judged,
                                          Instant as_of, const TeamCalendar& calendar) {
    std::optional<bool> is_one;
    Instant established{};
    for (const store::ActionRow& row : history) {
        if (row.action.at > as_of) break;
        if (row.action.kind != ActionKind::assess) continue;
        const auto said = emerging_issue_said(row.action.reason);
        if (!said) continue;
        if (*said && !is_one.value_or(false)) established = row.action.at;
        is_one = said;
    }
    if (is_one ? !*is_one : !judged.confirmed) return std::nullopt;
    if (!is_one) established = *judged.confirmed;
    Deadline deadline = emerging_issue_deadline(established, calendar);
    if (!is_one) deadline.assumed.emplace_back("emerging");
    deadline.met_at = sent_to(deadline.jurisdiction, history, established, as_of);
    return deadline;
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
    if (history.empty() || history.front().action.at > as_of) return clocks;
    const Instant raised = history.front().action.at;
    const Judged judged = judged_of(steps, as_of);
    const auto runs = [&](Jurisdiction where) {
        return std::ranges::any_of(reporting.rules,
                                   [&](const ReportingRule& rule) { return rule.jurisdiction == where; });
    };
    if (runs(Jurisdiction::us_trial) && !judged.dismissed()) {
        Deadline deadline = rate_increase_deadline(judged.confirmed.value_or(raised), reporting.offset);
        if (!judged.confirmed) deadline.assumed.emplace_back("determination");
        deadline.met_at = sent_to(deadline.jurisdiction, history, kAlways, as_of);
        clocks.deadlines.push_back(std::move(deadline));
    }
    if (runs(Jurisdiction::eu_marketed))
        if (auto deadline = emerging_issue_of(history, judged, as_of, reporting.calendar))
            clocks.deadlines.push_back(std::move(*deadline));
    if (runs(Jurisdiction::us_trial) || runs(Jurisdiction::eu_marketed))
        clocks.first_awareness = clocks.most_recent = raised;
    std::ranges::sort(clocks.deadlines, {}, [](const Deadline& one) { return std::pair(one.due, one.jurisdiction); });
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
