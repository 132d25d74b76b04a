#include "daemon/alerts/pruner.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "daemon/log/log.h"

namespace cellvigil::alerts {
namespace {

constexpr std::size_t kAtOnce = 500;
constexpr hours kEvery{1};

}  // namespace

Pruner::Pruner(const DispatcherOptions& options, std::vector<std::string> sinks)
    : options_(options), sinks_(std::move(sinks)) {}

void Pruner::turn(store::Store& session) {
    const Instant now = options_.now();
    if (options_.keep.count() == 0 || sinks_.empty() || now < next_) return;
    next_ = now + kEvery;
    std::int64_t upto = std::numeric_limits<std::int64_t>::max();
    for (const std::string& sink : sinks_) {
        const auto delivered = session.delivered_upto(sink);
        if (!delivered) return;
        upto = std::min(upto, *delivered);
    }
    const auto pruned = session.prune_outbox(upto, now - options_.keep, kAtOnce);
    if (!pruned) {
        log::warn({"alerts", "outbox_not_pruned", "old notifications stay for now"}, {{"err", pruned.error()}});
        return;
    }
    if (*pruned == kAtOnce) next_ = now;
    if (*pruned > 0)
        log::info({"alerts", "outbox_pruned", "old notifications that every sink is past were taken away"},
                  {{"entries", *pruned}});
}

}  // namespace cellvigil::alerts
