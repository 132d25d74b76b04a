// What people do with a cohort signal after it was detected (Implementing Regulation 520/2012 Art. 21, GVP module IX):
// validation, confirmation by a second person, prioritisation, assessment, recommendation. Immutable steps with who and
// why; a closed signal can be reopened. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/alert/lifecycle.h"

namespace cellvigil {

enum class SignalStage : std::uint8_t { detected, validated, not_validated, confirmed, assessed, closed };
const char* name_of(SignalStage stage);
std::optional<SignalStage> signal_stage_named(std::string_view name);

// Regulation's own kinds: a known event at a higher frequency is a signal.
enum class SignalKind : std::uint8_t { new_event, higher_frequency, higher_severity, new_subgroup, longer_duration };
const char* name_of(SignalKind kind);

// What validation has looked at. Each must be answered before a signal is validated or not.
struct ValidationChecklist {
    std::optional<bool> duplicates_removed;
    std::optional<bool> data_quality_sufficient;
    std::optional<bool> alternative_causes_considered;
    std::optional<bool> already_known;
    bool complete() const {
        return duplicates_removed && data_quality_sufficient && alternative_causes_considered && already_known;
    }
    bool operator==(const ValidationChecklist&) const = default;
};

struct SignalStep {
    SignalStage to = SignalStage::detected;
    Instant at{};
    Actor by;
    std::string reason;             // why; never empty but for detection
    ValidationChecklist checklist;  // of a validation
    std::string recommendation;     // of an assessment: RSI change, protocol amendment, prophylaxis policy, none
    bool operator==(const SignalStep&) const = default;
};

struct SignalRecord {
    SignalStage stage = SignalStage::detected;
    std::vector<SignalStep> steps;
    bool operator==(const SignalRecord&) const = default;
};

// `conflict`: not from the present stage; `invalid`: something is missing, or the person who validated would confirm.
//   detected -> validated | not_validated; validated -> confirmed; confirmed -> assessed; assessed | not_validated ->
//   closed; closed -> detected (reopened)
Result<SignalRecord> after(const SignalRecord& record, const SignalStep& step);

}  // namespace cellvigil
