// Random facts about support and organs, for the laws: vasopressor rates, inspired oxygen, liver and kidney values with
// and without their range, dialysis, plasma, boluses, stays, intravenous antimicrobials, verdicts on the older CRS
// scales, neurological findings in detail.
#pragma once

#include <random>

#include "rules/event/body.h"

namespace cellvigil::sample {

Body some_support(std::mt19937& random);

}  // namespace cellvigil::sample
