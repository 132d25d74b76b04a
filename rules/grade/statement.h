// How a statement of the panel begins. Pure.
#pragma once

#include "rules/grade/context.h"

namespace cellvigil {

// Not under surveillance and not gradable until the grader says more; with the infusion and its day, when there is one.
inline Assessment begun(Scale scale, Term term, Instant at, const FoldContext& context) {
    Assessment said;
    said.at = at;
    said.scale = scale;
    said.term = term;
    said.infusion = context.infusion.ordinal;
    said.under_surveillance = false;
    if (context.infusion.ordinal > 0) said.day = day_of(at, context);
    return said;
}

}  // namespace cellvigil
