// The tables of one cohort for the API: every subject of the store is read and derived, so an answer takes as long as
// there are subjects. It is bounded, and says what it cost.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "daemon/http/api.h"
#include "daemon/ingest/admission.h"
#include "daemon/store/store.h"
#include "rules/base/result.h"
#include "rules/pack/rule_set.h"

namespace cellvigil {

inline constexpr std::size_t kMostSubjectsOfAnAnswer = 20'000;

// {"cohort","as_of","known_at","log_time",..the tables of docs/cohorts.md..,"cost":{"subjects_read"}}. `not_found`:
// nobody was in the cohort by then, or no such table; `invalid`: there are more subjects than an answer may read.
Result<std::string> cohort_answer(std::shared_ptr<const ingest::Directory> directory, const RuleSet& rules,
                                  store::Store& session, const http::CohortQuestion& question);

}  // namespace cellvigil
