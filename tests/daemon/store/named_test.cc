// Cells that name who stands in a table: no sums, and found by cohort and table. The same for SQLite and for memory.
#include <gtest/gtest.h>

#include <memory>

#include "daemon/store/memory.h"
#include "daemon/store/store.h"
#include "tests/daemon/store/store_story.h"

namespace cellvigil::store {
namespace {

void tell_who(Store& store) {
    take(store.claim(0, "worker"));
    take(store.claim(1, "worker"));
    Commit commit;
    commit.cells = {{1, "c", "who/crs_3/S/001", 0, 0, 1},       {0, "c", "who/crs_3/S/002", 0, 0, 1},
                    {0, "c", "who/crs_3.upper/S/003", 0, 0, 1}, {0, "d", "who/crs_3/S/004", 0, 0, 1},
                    {0, "c", "who/crs_30/S/005", 0, 0, 1},      {0, "c", "who/crs_3/S/006", 0, 0, 1}};
    EXPECT_TRUE(fine(store.write(commit)));
    commit.cells = {{0, "c", "who/crs_3/S/006", 0, 0, 0}};
    EXPECT_TRUE(fine(store.write(commit)));
    EXPECT_TRUE(take(store.cell_sums()).empty());
    EXPECT_EQ(take(store.cells_of(0)).size(), 4U);
    EXPECT_EQ(take(store.named("c", "crs_3", 10)), (std::vector<std::string>{"S/001", "S/002"}));
    EXPECT_EQ(take(store.named("c", "crs_3", 1)), (std::vector<std::string>{"S/001"}));
    EXPECT_TRUE(take(store.named("c", "icans_3", 10)).empty());
}

TEST(Named, in_memory) { tell_who(*open_memory(std::make_shared<MemoryDatabase>())); }

TEST(Named, in_sqlite) {
    TemporaryFolder folder;
    tell_who(*take(open_sqlite({folder.path()})));
}

}  // namespace
}  // namespace cellvigil::store
