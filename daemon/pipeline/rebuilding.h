// Subjects that are stored in the form of another version of the program are derived anew from the partition's journal.
// The journal alone gives their facts; what was given out about their alerts is read from the alerts' own rows.
#pragma once

#include <functional>
#include <string_view>

#include "rules/base/result.h"
#include "rules/findings/findings.h"

namespace cellvigil::pipeline {

struct Rebuilding {
    bool allowed = false;  // else such a subject is `invalid`, and nothing is changed
    // What a stored alert's body said. `now` is the same alert as it is derived now, nullptr when it is not any more:
    // when the body says just that, the answer is *now.
    std::function<Result<SubjectAlert>(std::string_view body, const SubjectAlert* now)> told;
};

}  // namespace cellvigil::pipeline
