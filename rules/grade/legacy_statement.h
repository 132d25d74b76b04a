// What one of the older CRS scales says of a picture: the gate of its own text, the grade, what decided, remarks. Pure.
#pragma once

#include "rules/grade/legacy_picture.h"

namespace cellvigil {

Assessment legacy_statement(const ScaleTerm& scale, const LegacyPicture& picture, Instant at,
                            const FoldContext& context);

}  // namespace cellvigil
