// One process owns a store's folder: a lock on <folder>/LOCK, which holds the owner's process number for people to
// read. The kernel drops it when the process ends, however it ends. Sessions of one process share it.
#pragma once

#include <memory>
#include <string>

#include "rules/base/result.h"

namespace cellvigil::store {

class FolderLock {
  public:
    // `conflict` ("in use by process 4711") when another process has it. Thread-safe.
    static Result<std::shared_ptr<FolderLock>> take(const std::string& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    FolderLock(int fd, int owner) : fd_(fd), owner_(owner) {}

    int fd_;
    int owner_;  // process that took it
};

}  // namespace cellvigil::store
