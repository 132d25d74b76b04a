// A random subject for the laws of the core: facts for every grader, with corrections, retractions, conflicts and re-used
// ids among its events. The same seed tells the same subject.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/support/fact_story.h"

namespace cellvigil {

std::vector<story::Told> some_subject(std::uint32_t seed, std::size_t facts);

}  // namespace cellvigil
