// What the daily "still watching" says: that, and what, is watched. Counts only, no subject.
#pragma once

#include <vector>

#include "daemon/alerts/sink.h"
#include "daemon/config/config.h"
#include "daemon/metrics/metrics.h"
#include "daemon/store/store.h"
#include "rules/base/result.h"

namespace cellvigil {

// A site of the directory is silent when nothing was heard of it for this long; after a start, until it is heard of.
inline constexpr hours kSilentAfter{72};

Result<alerts::Announcement> make_digest(store::Store& store, const config::Config& config,
                                         const std::vector<metrics::SiteSeen>& sites, Instant now);

}  // namespace cellvigil
