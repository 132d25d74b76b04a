#include "rules/alert/signal_management.h"

#include <algorithm>
#include <array>

namespace cellvigil {
namespace {

constexpr auto kStageNames =
    std::to_array<const char*>({"detected", "validated", "not_validated", "confirmed", "assessed", "closed"});
constexpr auto kKindNames =
    std::to_array<const char*>({"new_event", "higher_frequency", "higher_severity", "new_subgroup", "longer_duration"});

bool follows(SignalStage from, SignalStage to) {
    switch (from) {
        case SignalStage::detected:
            return to == SignalStage::validated || to == SignalStage::not_validated;
        case SignalStage::validated:
            return to == SignalStage::confirmed;
        case SignalStage::not_validated:
            return to == SignalStage::closed;
        case SignalStage::confirmed:
            return to == SignalStage::assessed;
        case SignalStage::assessed:
            return to == SignalStage::closed;
        case SignalStage::closed:
            return to == SignalStage::detected;
    }
    return false;
}

const SignalStep* last_to(const SignalRecord& record, SignalStage stage) {
    const auto found = std::find_if(record.steps.rbegin(), record.steps.rend(),
                                    [&](const SignalStep& step) { return step.to == stage; });
    return found == record.steps.rend() ? nullptr : &*found;
}

}  // namespace

const char* name_of(SignalStage stage) { return kStageNames[static_cast<std::size_t>(stage)]; }
const char* name_of(SignalKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }
std::optional<SignalStage> signal_stage_named(std::string_view name) {
    const auto found = std::find(kStageNames.begin(), kStageNames.end(), name);
    if (found == kStageNames.end()) return std::nullopt;
    return static_cast<SignalStage>(found - kStageNames.begin());
}

Result<SignalRecord> after(const SignalRecord& record, const SignalStep& step) {
    SignalRecord next = record;
    if (record.steps.empty()) {
        if (step.to != SignalStage::detected) return fail(Errc::conflict, "a signal begins with its detection");
    } else {
        if (!follows(record.stage, step.to)) {
            return fail(Errc::conflict, std::string("a signal that is ") + name_of(record.stage) + " cannot become " +
                                            name_of(step.to));
        }
        if (step.by.person.empty()) return fail(Errc::invalid, "person: a step is somebody's");
        if (step.by.role != Role::safety_lead)
            return fail(Errc::invalid, std::string("the role ") + name_of(step.by.role) + " may not judge signals");
        if (step.reason.empty()) return fail(Errc::invalid, "reason: a step says why");
    }
    const bool validation = step.to == SignalStage::validated || step.to == SignalStage::not_validated;
    if (validation && !step.checklist.complete())
        return fail(Errc::invalid, "checklist: every question needs an answer");
    if (step.to == SignalStage::confirmed) {
        const SignalStep* validated = last_to(record, SignalStage::validated);
        if (validated != nullptr && validated->by.person == step.by.person) {
            return fail(Errc::invalid, "a signal is confirmed by another person than the one who validated it");
        }
    }
    if (step.to == SignalStage::assessed && step.recommendation.empty()) {
        return fail(Errc::invalid, "recommendation: an assessment ends in one, be it none");
    }
    next.stage = step.to;
    next.steps.push_back(step);
    return next;
}

}  // namespace cellvigil
