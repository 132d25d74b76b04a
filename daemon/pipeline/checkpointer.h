// Empties the store's write-ahead log in the background, so that no commit has to.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "daemon/store/store.h"

namespace cellvigil::pipeline {

class Checkpointer {
  public:
    // `restart_bytes`: a log that passed this is begun anew, which holds the next commit up for a moment.
    Checkpointer(std::unique_ptr<store::Store> session, milliseconds every, std::int64_t restart_bytes);
    ~Checkpointer();
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

  private:
    void run();

    const std::unique_ptr<store::Store> session_;
    const milliseconds every_;
    const std::int64_t restart_bytes_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace cellvigil::pipeline
