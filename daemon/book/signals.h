// The assessment of cohort signals, kept step by step (rules/alert/signal_management.h). A signal is opened by whoever
// detects it: the monitors' alerts through open_signal(), or a person.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/store/store.h"
#include "rules/alert/signal_management.h"

namespace cellvigil::book {

struct Signal {
    std::string id;
    SignalRecord record;
    std::vector<store::SignalStepRow> steps;
};
// `not_found`: no such signal.
Result<Signal> signal_of(store::Store& store, std::string_view id);

// The step that opens a signal, for a commit of its detector. Written only when the signal has none yet.
store::SignalStepRow open_signal(std::string id, Instant at, std::string why);

enum class StepVerdict : std::uint8_t { done, repeated, unknown, forbidden, impossible, incomplete, reused };
struct StepOutcome {
    StepVerdict verdict = StepVerdict::done;
    std::string detail;
    std::optional<Signal> signal;
};
// A person's step. `detected` opens a signal that is not there yet, or a closed one again. Safety leads alone.
Result<StepOutcome> take_step(store::Store& store, std::string id, SignalStep step, std::string request_key);

}  // namespace cellvigil::book
