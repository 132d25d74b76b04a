// `cellvigilctl verify`: is the store what the daemon wrote, and is its state what the journal amounts to?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/store/store.h"
#include "daemon/tools/commands.h"
#include "rules/base/result.h"

namespace cellvigil::tools {

// The state derived anew from the journal, against the state as stored.
struct StateFindings {
    std::string journal_hash;  // of the state from scratch
    std::string stored_hash;   // of the state as recovery would have it
    std::uint64_t subjects = 0;
    std::vector<std::string> faults = {};  // never name a subject
    std::string looks_hash = {};           // of the monitors' looks, derived anew; empty: nothing is watched
    std::uint64_t looks = 0;               // stored looks that were compared
    std::uint64_t looks_not_compared = 0;  // that could not be: another rule pack took them, or closed days before them
};
// `config` and `rules`: the daemon's configuration file and rule pack; empty: its defaults.
using CheckState = Result<StateFindings> (*)(store::Store& store, const std::string& config, const std::string& rules);

void add_verify(CLI::App& app, Action& chosen);
// As above with the check of the state given; nullptr: the journal, audit trail, snapshots and file alone.
void add_verify_with(CLI::App& app, Action& chosen, CheckState check_state);

}  // namespace cellvigil::tools
