#include "daemon/pipeline/checkpointer.h"

#include <pthread.h>

#include <utility>

namespace cellvigil::pipeline {

Checkpointer::Checkpointer(std::unique_ptr<store::Store> session, milliseconds every, std::int64_t restart_bytes)
    : session_(std::move(session)), every_(every), restart_bytes_(restart_bytes), thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_one();
    }
    thread_.join();
}

// A checkpoint that fails is tried again by the next round; a store that is away is the committer's to report.
void Checkpointer::run() {
    pthread_setname_np(pthread_self(), "cv:checkpoint");
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        const auto left = session_->checkpoint(false);
        if (left && left->log_bytes > restart_bytes_) static_cast<void>(session_->checkpoint(true));
        lock.lock();
        changed_.wait_for(lock, every_, [this] { return stopping_; });
    }
}

}  // namespace cellvigil::pipeline
