// Memory of segments that are stored, kept for the next ones: fresh memory costs a page fault every four kilobytes, and
// more on a virtual machine. Bounded: as many as were in use at once, none of unusual size. Not thread-safe; one worker
// owns it.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace cellvigil::pipeline {

class Buffers {
  public:
    static constexpr std::size_t kMostKept = 4096;
    static constexpr std::size_t kLargest = 4U << 20U;  // bytes

    // Empty; the one that came back last, whose memory is the likeliest to be in the cache.
    std::string take() {
        if (idle_.empty()) return {};
        std::string buffer = std::move(idle_.back());
        idle_.pop_back();
        return buffer;
    }
    void give(std::vector<std::string> buffers) {
        for (std::string& buffer : buffers) {
            if (buffer.capacity() > kLargest || idle_.size() >= kMostKept) continue;
            buffer.clear();
            idle_.push_back(std::move(buffer));
        }
    }
    std::size_t idle() const { return idle_.size(); }

  private:
    std::vector<std::string> idle_;
};

}  // namespace cellvigil::pipeline
