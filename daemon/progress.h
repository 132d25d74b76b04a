// Whether several loops go on: each has a count that grows while it turns. Pure; one thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cellvigil {

class Progress {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // A loop that has not turned for `limit` stands still; exactly `limit` does.
    explicit Progress(std::chrono::milliseconds limit) : limit_(limit) {}

    // How many of the loops stand still as of `now`. A loop counts from when it was first looked at, so whoever asks
    // rarely learns late, never wrongly. `now` does not go back.
    std::size_t standing_still(const std::vector<std::uint64_t>& turns, Time now);

  private:
    struct Seen {
        std::uint64_t turns = 0;
        Time since;
    };
    std::chrono::milliseconds limit_;
    std::vector<Seen> seen_;
};

}  // namespace cellvigil
