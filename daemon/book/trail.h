// Enters rows into the audit trail for whoever must not go on before it is written: reads of subjects, exports, starts
// and stops. One thread with a session of its own; all rows that wait go into one transaction. Nothing turns it off.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "daemon/store/store.h"
#include "rules/base/result.h"

namespace cellvigil::book {

class Trail {
  public:
    using Open = std::function<Result<std::unique_ptr<store::Store>>()>;
    using Done = std::function<void(Result<void>)>;

    explicit Trail(Open open, std::size_t at_most_waiting = 1024);
    ~Trail();  // what waits is written
    Trail(const Trail&) = delete;
    Trail& operator=(const Trail&) = delete;

    // `done` is called once on the trail's thread, with success only after the row is on the disk. False: too many
    // wait; the row was not taken and `done` is not called.
    bool enter(store::AuditRow row, Done done);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cellvigil::book
