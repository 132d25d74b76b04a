#include "daemon/pipeline/committer.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "tests/daemon/store/store_story.h"

namespace cellvigil::pipeline {
namespace {

using namespace std::chrono_literals;

Batch with_an_audit_row() {
    Batch batch;
    batch.commit.audit.push_back(
        {.at = Instant(seconds(1)), .who = "test", .what = "made", .object = "it", .detail = "{}"});
    return batch;
}

// Another process that holds the database's write lock from its construction to its end.
class Holder {
  public:
    explicit Holder(const std::string& database)
        : shell_(::popen(("sqlite3 -bail -cmd '.timeout 60000' '" + database + "' >/dev/null").c_str(), "w"),
                 &::pclose) {
        std::fputs("BEGIN IMMEDIATE;\n", shell_.get());
        std::fflush(shell_.get());
    }

  private:
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> shell_;
};

template <typename Condition>
bool comes_true(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

TEST(CommitterSilence, grows_while_the_store_does_not_answer_and_ends_with_the_answer) {
    if (std::system("command -v sqlite3 > /dev/null 2>&1") != 0) {
        ASSERT_EQ(std::getenv("CI"), nullptr) << "sqlite3 is not installed, and must be here";
        GTEST_SKIP() << "sqlite3 is not installed";
    }
    const store::TemporaryFolder folder;
    auto store = store::open_sqlite({.folder = folder.path(), .busy_timeout_ms = 60'000});
    ASSERT_TRUE(store) << store.error().detail;
    metrics::ProcessCounters process;
    Committer committer(std::move(*store), process, {});
    EXPECT_EQ(committer.silent_for(), 0ms);
    {
        const Holder holder(folder.database());
        // The holder has the lock when a commit does not come through: those before it are answered.
        ASSERT_TRUE(comes_true([&] {
            const auto answered = process.commits.get();
            committer.submit(with_an_audit_row());
            comes_true([&] { return process.commits.get() > answered || committer.silent_for() > 200ms; });
            return committer.silent_for() > 200ms;
        }));
        EXPECT_TRUE(comes_true([&] { return committer.silent_for() > 400ms; })) << "the same silence goes on";
    }
    EXPECT_TRUE(comes_true([&] { return committer.silent_for() == 0ms; }));
    EXPECT_EQ(process.commit_failures.get(), 0U) << "it was silent, not away";
}

}  // namespace
}  // namespace cellvigil::pipeline
