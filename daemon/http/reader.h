// Reads of the store for handlers: one thread with a session of its own, a bounded queue in front.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "daemon/store/store.h"
#include "rules/base/result.h"

namespace cellvigil::http {

class Reader {
  public:
    using Open = std::function<Result<std::unique_ptr<store::Store>>()>;
    using Job = std::function<void(Result<store::Store*> session)>;

    // The session is opened at the first job and again after a failure.
    explicit Reader(Open open, std::size_t at_most_waiting = 64);
    ~Reader();  // jobs that still wait are called with `unavailable`
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    // False: the queue is full; the job was not taken.
    bool run(Job job);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cellvigil::http
