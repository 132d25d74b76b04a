// A Store that forgets when its process ends: for tests of the pipeline and for tools that keep nothing. The same
// contract as the SQLite store, held to the same suite, and faults on request.
#pragma once

#include <cstdint>
#include <memory>

#include "daemon/store/store.h"

namespace cellvigil::store {

enum class WriteFault : std::uint8_t {
    unavailable,          // nothing is written; the caller may try again
    conflict,             // nothing is written; somebody else owns the partition
    corrupt,              // nothing is written
    unknown_applied,      // the outcome is not learnt at first; the position rows say that it was written: success
    unknown_not_applied,  // the same, and they say that it was not: `unavailable`
};

// What sessions share. Thread-safe.
class MemoryDatabase {
  public:
    MemoryDatabase();
    ~MemoryDatabase();
    // The next `writes` calls of write(), by any session, after `passing` more that go well.
    void fail_writes(WriteFault fault, std::uint64_t writes = 1, std::uint64_t passing = 0);
    void stop_failing();
    std::uint64_t writes() const;  // that succeeded

    struct State;

  private:
    friend class MemoryStore;
    std::unique_ptr<State> state_;
};

// A session on `database`.
std::unique_ptr<Store> open_memory(std::shared_ptr<MemoryDatabase> database = std::make_shared<MemoryDatabase>());

}  // namespace cellvigil::store
