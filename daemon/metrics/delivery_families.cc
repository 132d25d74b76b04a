#include <algorithm>

#include "daemon/metrics/state.h"

namespace cellvigil::metrics {
namespace {

void add_notifications(Families& out, const State& state, Instant now) {
    out.counter("cellvigil_notifications_total", "Attempts to tell a sink, by what became of them.");
    for (const auto& [channel, counters] : state.channels)
        for (const Delivery outcome : {Delivery::delivered, Delivery::retried, Delivery::failed, Delivery::suppressed})
            out.add({{"channel", channel}, {"outcome", name_of(outcome)}},
                    counters.notifications[static_cast<std::size_t>(outcome)].get());
    out.histogram("cellvigil_notification_delay_seconds",
                  "From the commit that made a notification until the sink took it.");
    for (const auto& [channel, counters] : state.channels) {
        HistogramSum<kDelayBounds> total;
        total.take(counters.delay);
        total.add_to(out, {{"channel", channel}});
    }
    out.gauge("cellvigil_notification_queue_entries",
              "Notifications not yet delivered, counted up to the size of a batch.");
    for (const auto& [channel, counters] : state.channels)
        out.add({{"channel", channel}}, counters.queue_entries.get());
    out.gauge("cellvigil_notification_oldest_seconds",
              "Age of the oldest notification not yet delivered; 0: none waits.");
    for (const auto& [channel, counters] : state.channels) {
        const std::int64_t oldest = counters.oldest_created_ms.get();
        const double age = static_cast<double>(now.time_since_epoch().count() - oldest) / 1000.0;
        out.add({{"channel", channel}}, oldest == 0 ? 0.0 : std::max(0.0, age));
    }
    out.gauge("cellvigil_notification_channel_disabled", "1 when the endpoint said that it is gone.");
    for (const auto& [channel, counters] : state.channels) out.add({{"channel", channel}}, counters.disabled.get());
}

}  // namespace

void add_delivery(Families& out, const State& state, Instant now) {
    out.counter("cellvigil_alert_transitions_total", "Alerts raised, updated and withdrawn.");
    for (const auto& [id, count] : state.alerts)
        out.add({{"rule", std::get<0>(id)}, {"severity", std::get<1>(id)}, {"to", name_of(std::get<2>(id))}}, count);
    add_notifications(out, state, now);
    out.counter("cellvigil_http_requests_total", "Requests answered.");
    for (const auto& [id, count] : state.requests)
        out.add({{"route", std::get<0>(id)}, {"method", std::get<1>(id)}, {"code", std::to_string(std::get<2>(id))}},
                count);
    out.histogram("cellvigil_http_request_seconds", "From the end of a request until its answer was written.");
    for (const auto& [route, histogram] : state.request_seconds) {
        HistogramSum<kProcessingBounds> total;
        total.take(histogram);
        total.add_to(out, {{"route", route}});
    }
}

}  // namespace cellvigil::metrics
