#include "daemon/alerts/flood_gate.h"

#include "daemon/log/log.h"

namespace cellvigil::alerts {
namespace {

constexpr std::string_view kHeld = "flood/held";
constexpr std::string_view kSince = "flood/since";

}  // namespace

FloodGate::FloodGate(const DispatcherOptions& options, Sink& sink, metrics::ChannelCounters& counters)
    : options_(options), sink_(sink), counters_(counters) {}

bool FloodGate::holds() const { return options_.flood.most > 0 && options_.severity_of && sink_.is_read_by_people(); }

Result<void> FloodGate::recall(Marks& marks) {
    if (recalled_) return {};
    const auto held = marks.get(kHeld);
    if (!held) return fail(held.error());
    const auto since = marks.get(kSince);
    if (!since) return fail(since.error());
    state_.held = static_cast<std::uint32_t>(*held);
    if (*held > 0) state_.held_since = Instant(milliseconds(*since));
    recalled_ = true;
    return {};
}

Result<bool> FloodGate::passes(const Notification& notification, Marks& marks) {
    if (!holds()) return true;
    if (notification.sequence <= asked_upto_) return notification.sequence != last_held_;
    if (auto known = recall(marks); !known) return fail(known.error());
    FloodState next = state_;
    const FloodVerdict verdict = admit(next, options_.severity_of(notification.body), options_.now(), options_.flood);
    if (verdict == FloodVerdict::hold) {
        if (auto kept = marks.set(kSince, next.held_since.time_since_epoch().count()); !kept) return fail(kept.error());
        if (auto kept = marks.set(kHeld, next.held); !kept) return fail(kept.error());
        counters_.count(metrics::Delivery::suppressed);
        last_held_ = notification.sequence;
    }
    state_ = std::move(next);
    asked_upto_ = notification.sequence;
    return verdict == FloodVerdict::send;
}

void FloodGate::turn(Marks& marks) {
    if (!holds()) return;
    const Instant now = options_.now();
    if (now < not_before_ || !recall(marks)) return;
    FloodState next = state_;
    const Instant since = state_.held_since;
    const std::uint32_t held = take_summary(next, now, options_.flood);
    if (held == 0) return;
    Announcement summary;
    summary.kind = Announcement::Kind::held;
    summary.id = "held." + std::to_string(since.time_since_epoch().count());
    summary.at = now;
    summary.title = std::to_string(held) + " notifications were held back";
    summary.facts = {{"held_back", std::to_string(held)},
                     {"since", to_rfc3339(since)},
                     {"limit", std::to_string(options_.flood.most) + " in " +
                                   std::to_string(options_.flood.within.count()) + " minutes"},
                     {"where_they_are", "in the list of alerts"}};
    const Attempt attempt = sink_.announce(summary);
    if (attempt.fate != Fate::delivered) {
        counters_.count(metrics::Delivery::retried);
        not_before_ = now + options_.first_wait;
        log::warn({"alerts", "flood_summary_not_taken", "a sink does not take how many were held back; trying again"},
                  {{"channel", sink_.name()}, {"held", held}, {"detail", attempt.detail}});
        return;
    }
    counters_.count(metrics::Delivery::delivered);
    state_ = std::move(next);
    if (auto kept = marks.set(kHeld, 0); !kept)
        log::warn({"alerts", "flood_summary_not_kept", "that it was told is not stored; a restart tells it again"},
                  {{"channel", sink_.name()}, {"err", kept.error()}});
}

}  // namespace cellvigil::alerts
