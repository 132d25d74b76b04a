#include "daemon/allocator.h"

#include <gtest/gtest.h>
#include <mimalloc.h>
#include <sys/resource.h>

#include <thread>
#include <vector>

namespace cellvigil {
namespace {

long faults() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return used.ru_minflt + used.ru_majflt;
}

constexpr std::size_t kPage = 4096;
constexpr std::size_t kPiece = 64 * kPage;

// Page faults of a thread that takes and writes so many pages.
long faults_of(std::size_t pages) {
    long met = 0;
    std::thread worker([&] {
        std::vector<char*> pieces;
        pieces.reserve(pages);
        pieces.push_back(static_cast<char*>(mi_malloc(kPiece)));  // a thread's first segment is its own
        const long before = faults();
        for (std::size_t taken = 0; taken < pages; taken += kPiece / kPage) {
            pieces.push_back(static_cast<char*>(mi_malloc(kPiece)));
            for (std::size_t at = 0; at < kPiece; at += kPage) pieces.back()[at] = 1;
        }
        met = faults() - before;
        for (char* piece : pieces) mi_free(piece);
    });
    worker.join();
    return met;
}

TEST(Allocator, growth_within_what_is_reserved_meets_few_page_faults) {
    keep_freed_memory();
    constexpr std::size_t kPages = 24'000;  // 94 MiB
    const long plain = faults_of(kPages);
    ASSERT_GT(plain, static_cast<long>(kPages / 2));
    const auto reserved = reserve_memory(256U << 20U);
    ASSERT_TRUE(reserved) << reserved.error().detail;
    EXPECT_LT(faults_of(2 * kPages), static_cast<long>(kPages));
}

TEST(Allocator, what_the_kernel_has_not_is_refused_with_the_setting_named) {
    const auto reserved = reserve_memory(std::uint64_t{1} << 50U);
    ASSERT_FALSE(reserved);
    EXPECT_EQ(reserved.error().code, Errc::unavailable);
    EXPECT_TRUE(reserved.error().detail.starts_with("memory.reserve_bytes: ")) << reserved.error().detail;
    EXPECT_TRUE(reserve_memory(0));
}

}  // namespace
}  // namespace cellvigil
