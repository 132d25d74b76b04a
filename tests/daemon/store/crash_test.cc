// kill -9 at random points: whatever the moment, a reopened store holds whole commits, all that were acknowledged, and
// every table tells of the same ones.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "daemon/store/store.h"
#include "tests/daemon/store/store_story.h"

namespace cellvigil::store {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr std::uint32_t kPartitions = 2;

std::string alert_id(const Advance& advance) {
    return std::to_string(advance.partition) + "-" + std::to_string(1'000'000 + advance.next);
}

// What one commit of the victim changes: the same fact in every table.
Commit everything(Claim& claim, std::int64_t next) {
    Commit commit = messages(claim, next);
    const Advance advance = commit.advances[0];
    commit.snapshots.push_back(
        {claim.partition, "S1/001", next, std::string(static_cast<std::size_t>(next % 3000), 's')});
    commit.cells.push_back({claim.partition, "S1/a", "next", 0, 0, next});
    commit.alerts.push_back(alert(alert_id(advance), 1, claim.partition));
    commit.outbox.push_back(notice(alert_id(advance) + ".1"));
    commit.dead_letters.push_back({claim.partition, next - 1, "malformed", "[]", {}, "frame", false});
    commit.held.push_back(held(next - 1, "frame"));
    commit.held.back().partition = claim.partition;
    commit.audit.push_back({Instant(seconds(next)), "worker", "commit", alert_id(advance), "{}"});
    return commit;
}

// Writes until it is killed, telling every acknowledged position through `told`.
[[noreturn]] void victim(const std::string& folder, int told, unsigned seed) {
    std::mt19937 random(seed);
    SqliteOptions options;
    options.folder = folder;
    auto store = open_sqlite(options);
    if (!store) _exit(1);
    std::array<Claim, kPartitions> claims;
    for (std::uint32_t p = 0; p < kPartitions; ++p) {
        auto claim = (*store)->claim(p, "victim");
        if (!claim) _exit(2);
        claims[p] = *claim;
    }
    for (int i = 0;; ++i) {
        Claim& claim = claims[random() % kPartitions];
        const std::int64_t next = claim.next + 1 + static_cast<std::int64_t>(random() % 400);
        if (!(*store)->write(everything(claim, next))) _exit(3);
        const std::array<std::int64_t, 2> word{claim.partition, next};
        if (write(told, word.data(), sizeof word) != sizeof word) _exit(4);
        if (i % 16 == 15 && !(*store)->checkpoint(i % 48 == 47)) _exit(5);
    }
}

class Crash : public testing::Test {
  protected:
    // One life of the victim: it is killed so long after that many commits were acknowledged. Keeps what it was told in
    // `acknowledged_`. False: it ended by itself.
    bool live_and_die(unsigned seed, int commits, std::chrono::microseconds then) {
        std::array<int, 2> ends{};
        EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
        const pid_t child = fork();
        if (child == 0) victim(folder_.path(), ends[1], seed);
        close(ends[1]);
        while (commits > 0 && hear(ends[0])) --commits;
        std::this_thread::sleep_for(then);
        kill(child, SIGKILL);
        while (hear(ends[0])) {
        }
        close(ends[0]);
        int status = 0;
        waitpid(child, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status)) << "the victim gave up with code " << WEXITSTATUS(status);
        return WIFSIGNALED(status);
    }

    // The next acknowledgement; false when the victim is gone and has said all.
    bool hear(int end) {
        std::array<std::int64_t, 2> word{};
        if (read(end, word.data(), sizeof word) != sizeof word) return false;
        acknowledged_[static_cast<std::size_t>(word[0])] = word[1];
        return true;
    }

    void expect_the_same_story_everywhere() {
        SqliteOptions options;
        options.folder = folder_.path();
        const auto store = take(open_sqlite(options));
        EXPECT_THAT(take(store->verify()).faults, IsEmpty());
        std::size_t commits = 0;
        for (const Claim& claim : take(store->positions())) {
            SCOPED_TRACE("partition " + std::to_string(claim.partition));
            EXPECT_GE(claim.next, acknowledged_[claim.partition]) << "acknowledged and lost";
            std::size_t segments = 0;
            EXPECT_TRUE(fine(store->read_segments(claim.partition, 0, [&](const SegmentRow& row) {
                EXPECT_EQ(row.frames, frames(claim.partition, row.base, row.next));
                ++segments;
                return Result<void>{};
            })));
            commits += segments;
            const auto cells = take(store->cells_of(claim.partition));
            const auto snapshot = take(store->load_subject(claim.partition, "S1/001"));
            EXPECT_EQ(snapshot.has_value(), claim.next > 0);
            EXPECT_EQ(cells.empty() ? 0 : cells[0].value, claim.next);
            EXPECT_EQ(snapshot ? snapshot->upto : 0, claim.next);
            EXPECT_THAT(take(store->held(claim.partition)), SizeIs(segments));
        }
        EXPECT_THAT(take(store->alerts(1'000'000)), SizeIs(commits));
        EXPECT_THAT(take(store->outbox_after(0, 1'000'000)), SizeIs(commits));
        EXPECT_THAT(take(store->dead_letters(0, 1'000'000)), SizeIs(commits));
        EXPECT_THAT(take(store->audit(1'000'000)), SizeIs(commits));
    }

    TemporaryFolder folder_;
    std::array<std::int64_t, kPartitions> acknowledged_{};
};

TEST_F(Crash, forty_kills_at_random_points_lose_nothing_and_halve_nothing) {
    std::mt19937 random(20260105);
    for (unsigned life = 0; life < 40; ++life) {
        SCOPED_TRACE(life);
        const int commits = static_cast<int>(random() % 20);
        if (!live_and_die(life, commits, std::chrono::microseconds(random() % 3'000))) break;
        expect_the_same_story_everywhere();
        if (HasFailure()) break;
    }
}

TEST_F(Crash, a_store_killed_while_it_is_made_opens) {
    std::mt19937 random(7);
    for (unsigned life = 0; life < 20; ++life) {
        SCOPED_TRACE(life);
        std::filesystem::remove_all(folder_.path());
        acknowledged_ = {};
        if (!live_and_die(life, 0, std::chrono::microseconds(random() % 12'000))) break;
        expect_the_same_story_everywhere();
    }
}

}  // namespace
}  // namespace cellvigil::store
