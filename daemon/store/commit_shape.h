// What a Commit must be like before any store looks at its own state. Shared by the implementations.
#pragma once

#include "daemon/store/store.h"
#include "rules/base/result.h"

namespace cellvigil::store {

// `invalid` unless: one advance at most per partition, not backwards; a partition's segments lie end to end and cover
// just its advance; nothing has a negative position except dead letters; no snapshot is ahead of the advance of its
// partition.
Result<void> check_shape(const Commit& commit);

}  // namespace cellvigil::store
