// The book of alerts: every alert's record is the fold over its stored history (rules/alert/lifecycle.h), now or as of
// any time. People act through act(): read, fold, judge, and one short transaction that succeeds only on the history
// that was read. The engine's steps come in the pipeline's own commits and are numbered by the store under the same
// lock, so neither can overwrite or miss the other's (docs/alert-lifecycle.md).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/store/store.h"
#include "rules/alert/lifecycle.h"
#include "rules/base/result.h"

namespace cellvigil::book {

struct Standing {
    store::AlertRow row;  // the revision that stood then
    AlertRecord record;
    std::uint32_t steps = 0;  // of its history, up to then
};
// What If-Match names: changes with every revision and every step. "3-7": revision 3, after 7 steps.
std::string tag_of(const Standing& standing);

// `not_found`: no such alert, or not yet then. nullopt: now.
Result<Standing> standing_of(store::Store& store, std::string_view alert_id, std::optional<Instant> as_of);

struct Choice {
    std::string after;  // ids above this one
    std::size_t at_most = 100;
    std::optional<Instant> as_of;
    std::optional<Stage> stage;                              // at `now`, or at `as_of`
    bool waiting = false;                                    // only those that somebody has to look at
    std::function<bool(const store::AlertRow&)> shown = {};  // to whoever asks; empty: all
};
// By id.
Result<std::vector<Standing>> standings(store::Store& store, const Choice& choice, Instant now);

struct Ask {
    std::string alert_id;
    AlertAction action;       // `at`: now; revision and severity are filled in: what the person had before them
    std::string tag;          // If-Match; empty: whatever stands
    std::string request_key;  // Idempotency-Key; empty: none
};

enum class Verdict : std::uint8_t {
    done,
    repeated,    // the same request came before: nothing was done again
    unknown,     // no such alert
    stale,       // the alert is no longer as `tag` says
    forbidden,   // not this role
    impossible,  // not in this stage; the detail says which it is and what is possible
    incomplete,  // something is missing or wrong in the request
    reused,      // the key came before with another request
};

struct Outcome {
    Verdict verdict = Verdict::done;
    std::string detail;
    std::optional<Standing> standing;  // as it stands now; absent when unknown
};

// Errors are the store's alone: `unavailable` (nothing was written), `corrupt`. After success the step and its audit
// row are on the disk.
Result<Outcome> act(store::Store& store, const Ask& ask, const AlertPolicy& policy);

// A person's action as the API's paths and the command line name it: "close" proposes a closure. Empty: the engine's.
const char* verb_of(ActionKind kind);
// What can be done next in this stage, by whoever may, as verbs. Judged by asking the lifecycle.
std::vector<std::string> possible(const AlertRecord& record, Instant at, const AlertPolicy& policy);

}  // namespace cellvigil::book
