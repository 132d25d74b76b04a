#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "daemon/store/memory.h"
#include "daemon/store/store.h"

namespace cellvigil::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

OutboxRow notice(const std::string& id, Instant created) { return {id, id.substr(0, 1), "notice " + id, created}; }

std::vector<std::string> left(Store& store) {
    std::vector<std::string> ids;
    const auto entries = store.outbox_after(0, 10);
    EXPECT_TRUE(entries.has_value());
    if (entries)
        for (const OutboxEntry& entry : *entries) ids.push_back(entry.row.id);
    return ids;
}

void prune_and_look(Store& store) {
    Commit commit;
    commit.outbox = {notice("a.1", Instant(hours(2))), notice("b.1", Instant(hours(2))),
                     notice("c.1", Instant(hours(9))), notice("d.1", Instant(hours(2)))};
    ASSERT_TRUE(store.write(commit).has_value());
    const auto all = store.outbox_after(0, 10).value();
    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(store.prune_outbox(all[2].sequence, Instant(hours(2)), 10).value(), 0U)
        << "created at the time is not before it";
    EXPECT_EQ(store.prune_outbox(all[2].sequence, Instant(hours(3)), 1).value(), 1U);
    EXPECT_THAT(left(store), ElementsAre("b.1", "c.1", "d.1"));
    EXPECT_EQ(store.prune_outbox(all[2].sequence, Instant(hours(3)), 10).value(), 1U);
    EXPECT_THAT(left(store), ElementsAre("c.1", "d.1")) << "one is young, one not taken by every sink";
    EXPECT_EQ(store.prune_outbox(all[3].sequence, Instant(hours(10)), 10).value(), 2U);
    EXPECT_THAT(left(store), IsEmpty());
    commit.outbox = {notice("e.1", Instant(hours(9)))};
    ASSERT_TRUE(store.write(commit).has_value());
    EXPECT_EQ(store.outbox_after(0, 10)->at(0).sequence, all[3].sequence + 1) << "no sequence is given anew";
}

TEST(OutboxPruning, in_memory) { prune_and_look(*open_memory(std::make_shared<MemoryDatabase>())); }

TEST(OutboxPruning, in_sqlite) {
    const std::string folder = testing::TempDir() + "/outbox-pruning-" + std::to_string(::getpid());
    std::filesystem::create_directories(folder);
    {
        auto store = open_sqlite({.folder = folder});
        ASSERT_TRUE(store.has_value());
        prune_and_look(**store);
        EXPECT_FALSE(open_sqlite({.folder = folder, .read_only = true})
                         .value()
                         ->prune_outbox(9, Instant(hours(99)), 9)
                         .has_value());
    }
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace cellvigil::store
