// One thread that does one thing after the other, with a bounded queue in front. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace cellvigil::http {

class TaskQueue {
  public:
    explicit TaskQueue(std::size_t at_most_waiting);
    ~TaskQueue();  // finishes what waits
    TaskQueue(const TaskQueue&) = delete;
    TaskQueue& operator=(const TaskQueue&) = delete;

    // False: the queue is full; the task was not taken.
    bool add(std::function<void()> task);

  private:
    void run();

    const std::size_t at_most_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace cellvigil::http
