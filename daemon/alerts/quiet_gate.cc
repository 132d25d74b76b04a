#include "daemon/alerts/quiet_gate.h"

#include <algorithm>

#include "daemon/alerts/held_kinds.h"
#include "daemon/log/log.h"

namespace cellvigil::alerts {
namespace {

constexpr std::string_view kFirst = "quiet/first";
constexpr std::string_view kLast = "quiet/last";
constexpr std::string_view kSince = "quiet/since";
constexpr std::size_t kPage = 500;

}  // namespace

QuietGate::QuietGate(const DispatcherOptions& options, Sink& sink, metrics::ChannelCounters& counters)
    : options_(options), sink_(sink), counters_(counters) {}

bool QuietGate::holds() const {
    return options_.quiet && options_.severity_of && options_.kind_of && sink_.is_read_by_people();
}

Result<void> QuietGate::recall(Marks& marks) {
    if (recalled_) return {};
    for (const auto& [name, into] : {std::pair(kFirst, &first_), std::pair(kLast, &last_)}) {
        const auto kept = marks.get(name);
        if (!kept) return fail(kept.error());
        *into = *kept;
    }
    const auto since = marks.get(kSince);
    if (!since) return fail(since.error());
    if (first_ > 0) since_ = Instant(milliseconds(*since));
    recalled_ = true;
    return {};
}

Result<bool> QuietGate::passes(const Notification& notification, Marks& marks) {
    if (!holds()) return true;
    if (auto known = recall(marks); !known) return fail(known.error());
    if (notification.sequence <= asked_upto_) return notification.sequence != last_;
    const Instant now = options_.now();
    const Severity severity = options_.severity_of(notification.body);
    const bool may_wait = severity < std::min(options_.quiet->below, Severity::immediate);
    if (may_wait && !is_working_time(options_.quiet->calendar, now)) {
        if (first_ == 0) {
            if (auto kept = marks.set(kSince, now.time_since_epoch().count()); !kept) return fail(kept.error());
            if (auto kept = marks.set(kFirst, notification.sequence); !kept) return fail(kept.error());
            first_ = notification.sequence;
            since_ = now;
        }
        if (auto kept = marks.set(kLast, notification.sequence); !kept) return fail(kept.error());
        last_ = notification.sequence;
        counters_.count(metrics::Delivery::suppressed);
    }
    asked_upto_ = notification.sequence;
    return last_ != notification.sequence;
}

Result<Announcement> QuietGate::digest_of_held(store::Store& session) const {
    HeldKinds kinds;
    for (std::int64_t after = first_ - 1; after < last_;) {
        const auto rows = session.outbox_after(after, kPage);
        if (!rows) return fail(rows.error());
        for (const store::OutboxEntry& entry : *rows) {
            after = entry.sequence;
            if (entry.sequence > last_) break;
            const Severity severity = options_.severity_of(entry.row.body);
            if (severity >= std::min(options_.quiet->below, Severity::immediate)) continue;
            kinds.add(severity, options_.kind_of(entry.row.body), 1);
        }
        if (rows->size() < kPage) break;
    }
    Announcement digest;
    digest.kind = Announcement::Kind::held;
    digest.id = "quiet." + std::to_string(since_.time_since_epoch().count());
    const std::string held = std::to_string(kinds.total());
    digest.title = held + " notifications came in quiet hours";
    digest.facts = {{"held_back", held}, {"since", to_rfc3339(since_)}};
    kinds.append_to(digest);
    digest.facts.emplace_back("where_they_are", "in the list of alerts");
    return digest;
}

void QuietGate::turn(store::Store& session, Marks& marks) {
    if (!holds()) return;
    const Instant now = options_.now();
    if (now < not_before_ || !recall(marks) || first_ == 0 || !is_working_time(options_.quiet->calendar, now)) return;
    auto digest = digest_of_held(session);
    if (!digest) {
        not_before_ = now + options_.first_wait;
        log::error({"alerts", "quiet_digest_not_made", "what came in quiet hours cannot be read; trying again"},
                   {{"channel", sink_.name()}, {"err", digest.error()}});
        return;
    }
    digest->at = now;
    const Attempt attempt = sink_.announce(*digest);
    if (attempt.fate != Fate::delivered) {
        counters_.count(metrics::Delivery::retried);
        not_before_ = now + options_.first_wait;
        log::warn({"alerts", "quiet_digest_not_taken", "a sink does not take what came in quiet hours; trying again"},
                  {{"channel", sink_.name()}, {"detail", attempt.detail}});
        return;
    }
    counters_.count(metrics::Delivery::delivered);
    first_ = last_ = 0;
    since_ = kNever;
    for (const std::string_view name : {kFirst, kLast})
        if (auto kept = marks.set(name, 0); !kept)
            log::warn({"alerts", "quiet_digest_not_kept", "that it was told is not stored; a restart tells it again"},
                      {{"channel", sink_.name()}, {"err", kept.error()}});
}

}  // namespace cellvigil::alerts
