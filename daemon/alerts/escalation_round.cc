#include "daemon/alerts/escalation_round.h"

#include "daemon/log/log.h"

namespace cellvigil::alerts {

EscalationRound::EscalationRound(const DispatcherOptions& options, Sink& sink, metrics::ChannelCounters& counters)
    : options_(options), sink_(sink), counters_(counters) {}

void EscalationRound::turn(store::Store& session, Marks& marks) {
    if (!options_.escalation) return;
    const Instant now = options_.now();
    if (now < next_look_) return;
    next_look_ = now + options_.escalation->look_every;
    const auto due = options_.escalation->due(session, sink_.name(), now);
    if (!due) {
        log::error({"alerts", "escalation_not_known", "who has to be told cannot be read; trying again"},
                   {{"channel", sink_.name()}, {"err", due.error()}});
        return;
    }
    for (const EscalationDue& one : *due)
        if (!tell(one, marks, now)) return;
}

bool EscalationRound::tell(const EscalationDue& due, Marks& marks, Instant now) {
    const std::string mark = "escalated/" + due.alert_id + "/" + std::to_string(due.level);
    const std::int64_t firing = due.fired_at.time_since_epoch().count();
    const auto told = marks.get(mark);
    if (!told) return false;
    if (*told == firing) return true;
    Announcement announcement = due.announcement;
    announcement.kind = Announcement::Kind::escalation;
    announcement.id = due.alert_id + ".escalation." + std::to_string(due.level) + "." + std::to_string(firing);
    announcement.at = now;
    const Attempt attempt = sink_.announce(announcement);
    if (attempt.fate != Fate::delivered) {
        counters_.count(metrics::Delivery::retried);
        log::warn({"alerts", "escalation_not_taken", "a sink does not take an escalation; trying again"},
                  {{"channel", sink_.name()}, {"level", due.level}, {"detail", attempt.detail}});
        return false;
    }
    counters_.count(metrics::Delivery::delivered);
    if (auto kept = marks.set(mark, firing); !kept)
        log::warn({"alerts", "escalation_not_kept", "that somebody was told is not stored; a restart tells it again"},
                  {{"channel", sink_.name()}, {"err", kept.error()}});
    return true;
}

}  // namespace cellvigil::alerts
