#include "daemon/book/trail.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace cellvigil::book {

class Trail::Impl {
  public:
    Impl(Open open, std::size_t at_most) : open_(std::move(open)), at_most_(at_most), thread_([this] { run(); }) {}
    ~Impl() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            changed_.notify_one();
        }
        thread_.join();
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    bool enter(store::AuditRow row, Done done) {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() >= at_most_) return false;
        waiting_.push_back({std::move(row), std::move(done)});
        changed_.notify_one();
        return true;
    }

  private:
    struct Entry {
        store::AuditRow row;
        Done done;
    };

    void run() {
        for (;;) {
            std::deque<Entry> taken;
            {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
                if (waiting_.empty()) return;
                taken = std::exchange(waiting_, {});
            }
            store::Commit commit;
            for (Entry& entry : taken) commit.audit.push_back(std::move(entry.row));
            const auto written = write(commit);
            for (Entry& entry : taken) {
                if (entry.done) entry.done(written);
            }
        }
    }

    Result<void> write(const store::Commit& commit) {
        if (!store_) {
            auto opened = open_();
            if (!opened) return fail(opened.error());
            store_ = std::move(*opened);
        }
        return store_->write(commit);
    }

    Open open_;
    const std::size_t at_most_;
    std::unique_ptr<store::Store> store_;
    std::mutex mutex_;  // guards the next three
    std::condition_variable changed_;
    std::deque<Entry> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

Trail::Trail(Open open, std::size_t at_most_waiting)
    : impl_(std::make_unique<Impl>(std::move(open), at_most_waiting)) {}
Trail::~Trail() = default;
bool Trail::enter(store::AuditRow row, Done done) { return impl_->enter(std::move(row), std::move(done)); }

}  // namespace cellvigil::book
