// Screens looked at after each other: what stayed the same is not computed again. A look is a function of its counts
// and of its place in the calendar, so remembering it changes nothing but the time it takes: one more fact costs the
// screens that count it. The looks are those of look_at_screens, to the bit. Not thread-safe: whoever looks owns one.
#pragma once

#include <memory>
#include <vector>

#include "rules/monitor/evaluation.h"

namespace cellvigil {

class ScreenMemo {
  public:
    explicit ScreenMemo(std::shared_ptr<const Prepared> prepared);

    const Prepared* prepared() const { return prepared_.get(); }
    // In the order of the plan's screens; valid until the next call.
    const std::vector<ScreenLook>& look(std::vector<ScreenTable> tables, CalendarDay through);
    std::size_t computed() const { return computed_; }  // looks that were not remembered

  private:
    std::shared_ptr<const Prepared> prepared_;
    std::vector<ScreenTable> tables_;
    std::vector<std::int32_t> places_;  // by screen; empty: nothing was looked at yet
    std::vector<PairFit> fits_;
    std::vector<ScreenLook> looks_;
    std::size_t computed_ = 0;
};

}  // namespace cellvigil
