#include "daemon/allocator.h"

#ifdef CELLVIGIL_MIMALLOC
#include <mimalloc.h>
#endif

namespace cellvigil {

void keep_freed_memory() {
#ifdef CELLVIGIL_MIMALLOC
    constexpr long kMilliseconds = 2000;
    mi_option_set_default(mi_option_decommit_delay, kMilliseconds);  // MIMALLOC_DECOMMIT_DELAY in the environment wins
#endif
}

}  // namespace cellvigil
