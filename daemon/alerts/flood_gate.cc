#include "daemon/alerts/flood_gate.h"

#include "daemon/log/log.h"

namespace cellvigil::alerts {
namespace {

constexpr std::string_view kHeld = "flood/held";
constexpr std::string_view kSince = "flood/since";
constexpr std::string_view kLast = "flood/last";
constexpr std::string_view kSlots = "flood/kinds";

std::string mark_of(std::int64_t slot, const char* what) { return "flood/kind/" + std::to_string(slot) + "/" + what; }
std::string example_mark(std::int64_t slot) { return mark_of(slot, "example"); }
std::string count_mark(std::int64_t slot) { return mark_of(slot, "count"); }

}  // namespace

FloodGate::FloodGate(const DispatcherOptions& options, Sink& sink, metrics::ChannelCounters& counters)
    : options_(options), sink_(sink), counters_(counters) {}

bool FloodGate::holds() const {
    return options_.flood.most > 0 && options_.severity_of && options_.kind_of && sink_.is_read_by_people();
}

Result<void> FloodGate::recall(Marks& marks) {
    if (recalled_) return {};
    const auto held = marks.get(kHeld);
    if (!held) return fail(held.error());
    const auto since = marks.get(kSince);
    if (!since) return fail(since.error());
    const auto last = marks.get(kLast);
    if (!last) return fail(last.error());
    const auto slots = marks.get(kSlots);
    if (!slots) return fail(slots.error());
    state_.held = static_cast<std::uint32_t>(*held);
    if (*held > 0) {
        state_.held_since = Instant(milliseconds(*since));
        slots_ = *slots;
    }
    if (*last > 0) asked_upto_ = last_held_ = *last;
    recalled_ = true;
    return {};
}

Result<void> FloodGate::keep_kind(const Notification& held, Severity severity, Marks& marks) {
    const auto key = std::pair(severity, options_.kind_of(held.body));
    const auto there = kinds_.find(key);
    Kind kind = there == kinds_.end() ? Kind{slots_, 0} : there->second;
    ++kind.count;
    if (auto kept = marks.set(count_mark(kind.slot), kind.count); !kept) return kept;
    if (there == kinds_.end()) {
        if (auto kept = marks.set(example_mark(kind.slot), held.sequence); !kept) return kept;
        if (auto kept = marks.set(kSlots, slots_ + 1); !kept) return kept;
        ++slots_;
    }
    kinds_.insert_or_assign(key, kind);
    return {};
}

Result<bool> FloodGate::passes(const Notification& notification, Marks& marks) {
    if (!holds()) return true;
    if (auto known = recall(marks); !known) return fail(known.error());
    if (notification.sequence <= asked_upto_) return notification.sequence != last_held_;
    FloodState next = state_;
    const Severity severity = options_.severity_of(notification.body);
    const FloodVerdict verdict = admit(next, severity, options_.now(), options_.flood);
    if (verdict == FloodVerdict::hold) {
        if (auto kept = marks.set(kSince, next.held_since.time_since_epoch().count()); !kept) return fail(kept.error());
        if (auto kept = keep_kind(notification, severity, marks); !kept) return fail(kept.error());
        if (auto kept = marks.set(kHeld, next.held); !kept) return fail(kept.error());
        if (auto kept = marks.set(kLast, notification.sequence); !kept) return fail(kept.error());
        counters_.count(metrics::Delivery::suppressed);
        last_held_ = notification.sequence;
    }
    state_ = std::move(next);
    asked_upto_ = notification.sequence;
    return verdict == FloodVerdict::send;
}

Result<Announcement> FloodGate::summary_of(std::uint32_t held, store::Store& session, Marks& marks) const {
    HeldKinds kinds;
    for (std::int64_t slot = 0; slot < slots_; ++slot) {
        const auto count = marks.get(count_mark(slot));
        if (!count) return fail(count.error());
        const auto example = marks.get(example_mark(slot));
        if (!example) return fail(example.error());
        const auto rows = session.outbox_after(*example - 1, 1);
        if (!rows) return fail(rows.error());
        if (rows->empty() || rows->front().sequence != *example) continue;  // pruned
        const std::string& body = rows->front().row.body;
        kinds.add(options_.severity_of(body), options_.kind_of(body), static_cast<std::uint64_t>(*count));
    }
    Announcement summary;
    summary.kind = Announcement::Kind::held;
    summary.id = "held." + std::to_string(state_.held_since.time_since_epoch().count());
    summary.title = std::to_string(held) + " notifications were held back";
    summary.facts = {{"held_back", std::to_string(held)},
                     {"since", to_rfc3339(state_.held_since)},
                     {"limit", std::to_string(options_.flood.most) + " in " +
                                   std::to_string(options_.flood.within.count()) + " minutes"}};
    kinds.append_to(summary);
    if (kinds.total() < held)
        summary.facts.emplace_back("of_a_kind_no_longer_kept", std::to_string(held - kinds.total()));
    summary.facts.emplace_back("where_they_are", "in the list of alerts");
    return summary;
}

void FloodGate::forget_told(Marks& marks) {
    kinds_.clear();
    slots_ = 0;
    for (const std::string_view name : {kHeld, kSlots})
        if (auto kept = marks.set(name, 0); !kept)
            log::warn({"alerts", "flood_summary_not_kept", "that it was told is not stored; a restart tells it again"},
                      {{"channel", sink_.name()}, {"err", kept.error()}});
}

void FloodGate::turn(store::Store& session, Marks& marks) {
    if (!holds()) return;
    const Instant now = options_.now();
    if (now < not_before_ || !recall(marks)) return;
    FloodState next = state_;
    const std::uint32_t held = take_summary(next, now, options_.flood);
    if (held == 0) return;
    auto summary = summary_of(held, session, marks);
    if (!summary) {
        not_before_ = now + options_.first_wait;
        log::error({"alerts", "flood_summary_not_made", "what was held back cannot be read; trying again"},
                   {{"channel", sink_.name()}, {"err", summary.error()}});
        return;
    }
    summary->at = now;
    const Attempt attempt = sink_.announce(*summary);
    if (attempt.fate != Fate::delivered) {
        counters_.count(metrics::Delivery::retried);
        not_before_ = now + options_.first_wait;
        log::warn({"alerts", "flood_summary_not_taken", "a sink does not take what was held back; trying again"},
                  {{"channel", sink_.name()}, {"held", held}, {"detail", attempt.detail}});
        return;
    }
    counters_.count(metrics::Delivery::delivered);
    state_ = std::move(next);
    forget_told(marks);
}

}  // namespace cellvigil::alerts
