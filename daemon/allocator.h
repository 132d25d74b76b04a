// What the allocator of shipped builds (mimalloc; CELLVIGIL_MIMALLOC) does with the kernel's memory. Builds without it:
// both do nothing.
#pragma once

#include <cstdint>

#include "rules/base/result.h"

namespace cellvigil {

// What was given back is kept for two seconds before the kernel gets it. Fetched messages take and give back some
// megabytes many times a second; returned at once, every byte that the broker sends costs its share of a page fault.
// Call it first in main().
void keep_freed_memory();

// Takes so much from the kernel now, touches all of it and keeps it for what is allocated from here on: a history that
// grows then meets no page fault. Rounded up to 32 MiB; once, before threads are started. 0: nothing. `unavailable`
// when the kernel has not so much; a limit below it (a container's) ends the process instead.
Result<void> reserve_memory(std::uint64_t bytes);

}  // namespace cellvigil
