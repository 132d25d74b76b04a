#include "daemon/book/signals.h"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "daemon/book/book_json.h"

namespace cellvigil::book {
namespace {

Result<Signal> folded(std::string_view id, std::vector<store::SignalStepRow> rows) {
    Signal signal{std::string(id), {}, std::move(rows)};
    for (const store::SignalStepRow& row : signal.steps) {
        if (row.number == 1) {  // the detection itself
            signal.record.steps.push_back(row.step);
            continue;
        }
        auto next = after(signal.record, row.step);
        if (!next) return fail(Errc::corrupt, "signal " + std::string(id) + ": its history: " + next.error().detail);
        signal.record = std::move(*next);
    }
    return signal;
}

bool same_step(const SignalStep& a, const SignalStep& b) {
    return a.to == b.to && a.by == b.by && a.reason == b.reason && a.checklist == b.checklist &&
           a.recommendation == b.recommendation;
}

}  // namespace

Result<Signal> signal_of(store::Store& store, std::string_view id) {
    auto rows = store.signal_steps(id);
    if (!rows) return fail(rows.error());
    if (rows->empty()) return fail(Errc::not_found, "no signal " + std::string(id));
    return folded(id, std::move(*rows));
}

store::SignalStepRow open_signal(std::string id, Instant at, std::string why) {
    SignalStep step;
    step.at = at;
    step.by = {"engine", Role::engine};
    step.reason = std::move(why);
    return {std::move(id), 1, std::move(step), {}};
}

Result<StepOutcome> take_step(store::Store& store, std::string id, SignalStep step, std::string request_key) {
    auto rows = store.signal_steps(id);
    if (!rows) return fail(rows.error());
    auto signal = folded(id, std::move(*rows));
    if (!signal) return fail(signal.error());
    if (!request_key.empty()) {
        const auto before = std::find_if(signal->steps.begin(), signal->steps.end(),
                                         [&](const auto& row) { return row.request_key == request_key; });
        if (before != signal->steps.end()) {
            const bool same = same_step(before->step, step);
            return StepOutcome{same ? StepVerdict::repeated : StepVerdict::reused,
                               same ? "" : "this key came before with another request", std::move(*signal)};
        }
    }
    if (step.by.role != Role::safety_lead)
        return StepOutcome{StepVerdict::forbidden, "signals are judged by safety leads", std::nullopt};
    if (signal->steps.empty()) {
        if (step.to != SignalStage::detected) return StepOutcome{StepVerdict::unknown, "no signal " + id, std::nullopt};
        if (step.reason.empty())
            return StepOutcome{StepVerdict::incomplete, "reason: what was seen, by which rule or review", std::nullopt};
        signal->record.steps.push_back(step);
    } else {
        step.at = std::max(step.at, signal->steps.back().step.at);
        auto next = after(signal->record, step);
        if (!next) {
            return StepOutcome{next.error().code == Errc::conflict ? StepVerdict::impossible : StepVerdict::incomplete,
                               next.error().detail, std::move(*signal)};
        }
        signal->record = std::move(*next);
    }
    store::SignalStepRow row{id, static_cast<std::uint32_t>(signal->steps.size()) + 1, step, std::move(request_key)};
    store::Commit commit;
    commit.audit.push_back({step.at, step.by.person, std::string("signal.") + name_of(step.to), id,
                            boost::json::serialize(step_json(row))});
    commit.signal_steps.push_back(row);
    if (auto written = store.write(commit); !written) {
        if (written.error().code == Errc::conflict)
            return StepOutcome{StepVerdict::impossible, "somebody took a step at the same time: look again",
                               std::nullopt};
        return fail(written.error());
    }
    signal->steps.push_back(std::move(row));
    return StepOutcome{StepVerdict::done, "", std::move(*signal)};
}

}  // namespace cellvigil::book
