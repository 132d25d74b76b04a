#include "daemon/tools/derived_state.h"

#include <utility>

#include "daemon/evaluate/stored.h"
#include "daemon/tools/deployment.h"

namespace cellvigil::tools {

Result<StateFindings> derived_state(store::Store& store, const std::string& config, const std::string& rules) {
    const auto deployment = read_deployment(config, rules, false);
    if (!deployment) return fail(deployment.error());
    auto compared = evaluate::compare_with_journal(store, deployment->directory, deployment->rules, deployment->plan);
    StateFindings findings;
    if (!compared && compared.error().code == Errc::unavailable) return fail(compared.error());
    if (!compared) {
        findings.faults.push_back(compared.error().detail);
        return findings;
    }
    findings.journal_hash = std::move(compared->journal_hash);
    findings.stored_hash = std::move(compared->recovered_hash);
    findings.subjects = compared->subjects;
    findings.looks_hash = std::move(compared->looks_hash);
    findings.looks = compared->looks;
    findings.looks_not_compared = compared->looks_not_compared;
    findings.faults = std::move(compared->faults);
    return findings;
}

}  // namespace cellvigil::tools
