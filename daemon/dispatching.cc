#include "daemon/dispatching.h"

#include "daemon/clock.h"
#include "daemon/digest.h"
#include "daemon/escalation.h"
#include "daemon/outgoing_alert.h"

namespace cellvigil {

alerts::DispatcherOptions dispatcher_options(const config::Config& config, const Team& team, BookGauges& book,
                                             metrics::Metrics& metrics) {
    alerts::DispatcherOptions options;
    options.counters = [&metrics](std::string_view sink) -> metrics::ChannelCounters& { return metrics.channel(sink); };
    options.now = wall_clock;
    options.keep = hours(24) * config.sinks.keep_days;
    const auto digest = [&metrics, config](store::Store& store) {
        return make_digest(store, config, metrics.sites(), wall_clock());
    };
    options.digest = {.hour = config.sinks.digest_hour, .offset = config.sinks.digest_offset, .make = digest};
    options.escalation = {.due = [team, &book](store::Store& store, std::string_view sink, Instant now) {
        if (!is_told(team, sink)) return Result<std::vector<alerts::EscalationDue>>();
        const auto waiting = book.waiting(now);  // nullopt: soon after a start; the next look has it
        if (!waiting) return Result<std::vector<alerts::EscalationDue>>();
        return escalations_due(store, team, *waiting, sink, now);
    }};
    options.flood = config.sinks.flood;
    options.severity_of = severity_of_alert;
    options.kind_of = kind_of_alert;
    if (config.escalation.quiet_hold_below)
        options.quiet = alerts::QuietPlan{team.calendar, *config.escalation.quiet_hold_below};
    return options;
}

}  // namespace cellvigil
