// What a tool reads of subjects in a data folder is entered into the folder's audit trail before it is shown, beside a
// daemon that may be running. Where that cannot be written (another user's folder, a copy on a read-only medium), and
// only there, one JSON line is appended to the regular file that CELLVIGIL_AUDIT_FILE names. Without either nothing is
// shown.
#pragma once

#include <string>

#include "rules/base/result.h"

namespace cellvigil::tools {

struct ReadEntry {
    std::string what;    // "explain", "alert.history"
    std::string object;  // "study/subject", an alert's id, "*"
    bool is_subject = false;
    std::string arguments;  // JSON: what was asked
};

// "os:kim", by the process's user; behind sudo "os:kim as root".
std::string os_user();
// `unavailable`, `invalid`: it could not be entered, and why; the detail says what to do.
Result<void> enter_read(const std::string& folder, const ReadEntry& entry);

}  // namespace cellvigil::tools
