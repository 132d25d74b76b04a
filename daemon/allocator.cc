#include "daemon/allocator.h"

#ifdef CELLVIGIL_MIMALLOC
#include <mimalloc.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <string>
#endif

namespace cellvigil {

#ifdef CELLVIGIL_MIMALLOC

namespace {

constexpr std::uint64_t kSegment = 32U << 20U;  // bytes; mimalloc's unit, and how it wants it aligned

Error refused(const char* what) {
    return {Errc::unavailable, std::string("memory.reserve_bytes: ") + what + ": " + std::strerror(errno)};
}

}  // namespace

void keep_freed_memory() {
    constexpr long kMilliseconds = 2000;
    mi_option_set_default(mi_option_decommit_delay, kMilliseconds);  // MIMALLOC_DECOMMIT_DELAY in the environment wins
}

Result<void> reserve_memory(std::uint64_t bytes) {
    if (bytes == 0) return {};
    const std::uint64_t size = (bytes + kSegment - 1) / kSegment * kSegment;
    void* const mapped =
        mmap(nullptr, size + kSegment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED) return fail(refused("mmap"));
    const auto begin = (reinterpret_cast<std::uintptr_t>(mapped) + kSegment - 1) / kSegment * kSegment;
    auto* const first = reinterpret_cast<char*>(begin);
    madvise(first, size, MADV_HUGEPAGE);  // where the system has such pages; fewer addresses to look up
    if (madvise(first, size, MADV_POPULATE_WRITE) != 0) return fail(refused("madvise"));
    constexpr bool kIsThere = true;
    constexpr bool kStays = true;  // "large" to mimalloc: never given back
    constexpr bool kZero = true;
    if (!mi_manage_os_memory(first, size, kIsThere, kStays, kZero, -1)) {
        return fail(Errc::unavailable, "memory.reserve_bytes: the allocator does not take it");
    }
    return {};
}

#else

void keep_freed_memory() {}
Result<void> reserve_memory(std::uint64_t) { return {}; }

#endif

}  // namespace cellvigil
