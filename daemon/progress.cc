#include "daemon/progress.h"

namespace cellvigil {

std::size_t Progress::standing_still(const std::vector<std::uint64_t>& turns, Time now) {
    std::size_t still = 0;
    const std::size_t known = seen_.size();
    seen_.resize(turns.size());
    for (std::size_t i = 0; i < turns.size(); ++i) {
        if (i >= known || seen_[i].turns != turns[i]) seen_[i] = {.turns = turns[i], .since = now};
        if (now - seen_[i].since >= limit_) ++still;
    }
    return still;
}

}  // namespace cellvigil
