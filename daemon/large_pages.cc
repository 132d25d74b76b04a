#include "daemon/large_pages.h"

#ifdef CELLVIGIL_MIMALLOC
#include <mimalloc.h>
#include <sys/mman.h>

#include <memory>
#endif

namespace cellvigil {

#ifdef CELLVIGIL_MIMALLOC

void use_large_pages() {
    constexpr std::size_t kBlock = std::size_t{32} << 20U;  // the allocator's unit
    constexpr std::size_t kSize = std::size_t{64} << 30U;   // addresses, not memory
    std::size_t room = kSize + kBlock;
    void* start = ::mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED) return;
    std::align(kBlock, kSize, start, room);
    ::madvise(start, kSize, MADV_HUGEPAGE);
    // "Large": never given back piece by piece, which would break the pages up again.
    static_cast<void>(mi_manage_os_memory(start, kSize, true, true, true, -1));
}

#else

void use_large_pages() {}

#endif

}  // namespace cellvigil
