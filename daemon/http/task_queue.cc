#include "daemon/http/task_queue.h"

#include <utility>

namespace cellvigil::http {

TaskQueue::TaskQueue(std::size_t at_most_waiting) : at_most_(at_most_waiting), thread_([this] { run(); }) {}

TaskQueue::~TaskQueue() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

bool TaskQueue::add(std::function<void()> task) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ || waiting_.size() >= at_most_) return false;
        waiting_.push_back(std::move(task));
    }
    changed_.notify_one();
    return true;
}

void TaskQueue::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        const auto task = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        task();
        lock.lock();
    }
}

}  // namespace cellvigil::http
