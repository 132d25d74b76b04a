#include "daemon/alerts/backoff.h"

#include <algorithm>

#include "rules/base/ensure.h"

namespace cellvigil::alerts {

milliseconds wait_before(std::uint32_t failures, milliseconds first, milliseconds longest, double jitter) {
    ensure(failures >= 1, "a wait follows a failure");
    ensure(jitter >= 0 && jitter <= 1, "jitter is a share");
    const std::uint32_t doublings = std::min(failures - 1, 30U);
    const auto full = std::min<std::int64_t>(first.count() << doublings, longest.count());
    return milliseconds(full / 2 + static_cast<std::int64_t>(static_cast<double>(full - full / 2) * jitter));
}

}  // namespace cellvigil::alerts
