// A random subject for the laws of the core: facts for every grader, with corrections, retractions, conflicts and
// re-used ids among its events. The same seed tells the same subject.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "tests/support/fact_story.h"

namespace cellvigil {

// Gives an event that was written or changed its content hash and its place in the log's time.
void seal(story::Told& told, std::mt19937& random);
// The first word on a record of its own: "r<i>", message "m<i>".
story::Told fresh(std::size_t i, std::mt19937& random);
std::vector<story::Told> some_subject(std::uint32_t seed, std::size_t facts);

}  // namespace cellvigil
