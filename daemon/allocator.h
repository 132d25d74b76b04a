// What the allocator of shipped builds (mimalloc; CELLVIGIL_MIMALLOC) does with memory that was given back: it keeps it
// for two seconds before the kernel gets it. Fetched messages take and give back some megabytes many times a second;
// returned at once, every byte that the broker sends costs its share of a page fault. Call it first in main(); does
// nothing in builds without mimalloc.
#pragma once

namespace cellvigil {

void keep_freed_memory();

}  // namespace cellvigil
