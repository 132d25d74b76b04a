#include "daemon/http/live.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "daemon/http/identity.h"
#include "daemon/store/memory.h"

namespace cellvigil::http {
namespace {

using testing::HasSubstr;
using testing::Not;

class LiveEvents : public testing::Test {
  protected:
    LiveEvents() {
        LiveOptions options;
        options.open = [this] { return Result<std::unique_ptr<store::Store>>(store::open_memory(database_)); };
        options.alert = [](std::string_view body) {
            return Result<AlertTold>(
                AlertTold{.json = "{\"alert\":\"" + std::string(body) + "\"}", .subject_key = "S/001"});
        };
        options.most_waiting = 10;
        live_ = std::make_unique<Live>(std::move(options));
    }
    void raise(int first, int count) {
        store::Commit commit;
        for (int i = first; i < first + count; ++i)
            commit.outbox.push_back({"a." + std::to_string(i), "a", std::to_string(i), Instant{}});
        ASSERT_TRUE(store::open_memory(database_)->write(commit).has_value());
        live_->wake();
    }
    static auth::Identity viewer() {
        auth::Identity identity;
        identity.roles = {Role::viewer};
        identity.studies = {"*"};
        return identity;
    }

    // All that comes until it holds `wanted`, or the source is over.
    static std::string until(EventSource& source, const std::string& wanted) {
        std::mutex mutex;
        std::condition_variable changed;
        bool ready = false;
        source.on_ready([&] {
            const std::lock_guard lock(mutex);
            ready = true;
            changed.notify_one();
        });
        std::string text;
        std::unique_lock lock(mutex);
        for (int i = 0; i < 50; ++i) {
            lock.unlock();
            text += source.take();
            const bool done = text.find(wanted) != std::string::npos || source.over();
            lock.lock();
            if (done || !changed.wait_for(lock, seconds(5), [&] { return ready; })) break;
            ready = false;
        }
        lock.unlock();
        source.on_ready({});
        return text + source.take();
    }

    std::shared_ptr<store::MemoryDatabase> database_ = std::make_shared<store::MemoryDatabase>();
    std::unique_ptr<Live> live_;
};

TEST_F(LiveEvents, alerts_come_with_their_position_and_the_subject_for_who_may_see_it) {
    const auto all = live_->join(local_identity(), std::nullopt);
    const auto few = live_->join(viewer(), std::nullopt);
    until(*all, "event: quality");
    until(*few, "event: quality");
    raise(1, 1);
    EXPECT_EQ(until(*all, "event: alert"), "event: alert\nid: 1\ndata: {\"alert\":\"1\",\"subject\":\"S/001\"}\n\n");
    EXPECT_EQ(until(*few, "event: alert"), "event: alert\nid: 1\ndata: {\"alert\":\"1\"}\n\n");
}

TEST_F(LiveEvents, a_client_that_comes_back_misses_nothing_and_hears_nothing_twice) {
    raise(1, 5);
    const auto back = live_->join(viewer(), 3);
    const std::string text = until(*back, "event: quality");
    EXPECT_THAT(text, Not(HasSubstr("id: 3\ndata: {\"alert\"")));
    EXPECT_THAT(text, HasSubstr("id: 4\ndata: {\"alert\":\"4\"}\n\nevent: alert\nid: 5\ndata: {\"alert\":\"5\"}"));
    const auto fresh = live_->join(viewer(), std::nullopt);
    EXPECT_THAT(until(*fresh, "event: quality"), Not(HasSubstr("event: alert")));
}

TEST_F(LiveEvents, a_client_that_does_not_keep_up_is_let_go_with_what_it_has) {
    const auto slow = live_->join(viewer(), std::nullopt);
    until(*slow, "event: quality");
    const auto quick = live_->join(viewer(), std::nullopt);
    until(*quick, "event: quality");
    raise(1, 8);
    EXPECT_THAT(until(*quick, "id: 8"), HasSubstr("id: 1\n"));
    raise(9, 8);
    EXPECT_THAT(until(*quick, "id: 16"), HasSubstr("id: 9\n"));
    EXPECT_FALSE(quick->over());
    EXPECT_TRUE(slow->over());
    const std::string text = slow->take();
    EXPECT_THAT(text, HasSubstr("id: 10\n"));
    EXPECT_THAT(text, Not(HasSubstr("id: 11\n"))) << "it comes back with 10";
}

TEST_F(LiveEvents, end_with_the_server) {
    const auto client = live_->join(viewer(), std::nullopt);
    until(*client, "event: quality");
    live_.reset();
    EXPECT_TRUE(client->over());
}

}  // namespace
}  // namespace cellvigil::http
