// What people are told of an adverse event report's category: the same words wherever it is named. Pure.
#pragma once

#include "rules/event/body.h"

namespace cellvigil {

const char* words_of(AdverseEventCategory category);

}  // namespace cellvigil
