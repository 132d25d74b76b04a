// Memory for the allocator that the kernel may back with large pages (2 MiB): the subjects' facts lie far apart, so every look at
// one costs a walk through the page tables, and first touches come in thousands instead of hundreds of thousands.
#pragma once

#include <cstdint>

namespace cellvigil {

// Gives the allocator its address space; memory is used only as it is needed, and once used it stays with the process for its
// further use. Without the allocator, or where the system grants no address space or knows no large pages, nothing changes.
// Once, before the threads start.
void use_large_pages();

}  // namespace cellvigil
