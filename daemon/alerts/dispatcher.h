// Takes notifications from the store's outbox to the sinks. One thread and one store session per sink: each keeps its
// own cursor and order, and a sink that is down, slow or gone delays no other. The cursor moves after the sink has
// taken a notification, so a crash between the two repeats it under the same id (the Kafka sink reads its topic back
// and does not even that).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alerts/sink.h"
#include "daemon/metrics/counters.h"
#include "daemon/store/store.h"
#include "rules/alert/escalation.h"
#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::alerts {

// The daily "still watching", to the sinks that take it.
struct DigestPlan {
    std::uint32_t hour = 8;  // 0..23, of the day by `offset`
    UtcOffset offset{};
    std::function<Result<Announcement>(store::Store&)> make;  // title and facts; on a courier's thread
};

// Levels of alerts that nobody acknowledges.
struct EscalationDue {
    std::string alert_id;
    std::size_t level = 0;      // 0: the first
    Instant fired_at{};         // of the alert: another firing is told anew
    Announcement announcement;  // title and facts
};
struct EscalationPlan {
    milliseconds look_every = seconds(5);
    // What is due now for the sink of that name; on a courier's thread.
    std::function<Result<std::vector<EscalationDue>>(store::Store&, std::string_view sink, Instant now)> due;
};

// Notifications below a severity wait for the team's working time, at sinks that people read.
struct QuietPlan {
    TeamCalendar calendar;
    Severity below = Severity::immediate;  // immediate ones never wait
};

struct DispatcherOptions {
    std::function<Result<std::unique_ptr<store::Store>>()> open_store;
    std::function<metrics::ChannelCounters&(std::string_view sink)> counters;
    milliseconds poll = milliseconds(500);   // how long at most until an outbox row is seen without a wake()
    milliseconds first_wait = seconds(1);    // back-off doubles from here, with jitter
    milliseconds longest_wait = minutes(5);  // also the most that a Retry-After is heeded
    std::size_t batch = 256;                 // most rows taken from the outbox at once
    std::uint32_t refusals = 8;        // tries of one notification that the endpoint refuses before it is passed over
    milliseconds give_up = hours(72);  // of one notification that the endpoint answers but does not take, with other
                                       // answers than a refusal; one that is not reached is tried for ever
    milliseconds keep{0};              // age from which notifications that every sink is past are pruned; 0: never
    std::optional<DigestPlan> digest = std::nullopt;
    std::optional<EscalationPlan> escalation = std::nullopt;
    FloodPolicy flood{.most = 0};  // of sinks that people read; most 0: nothing is held back
    std::optional<QuietPlan> quiet = std::nullopt;
    std::function<Severity(std::string_view body)> severity_of = {};  // of an outbox row; needed by the flood's limit
    std::function<std::string(std::string_view body)> kind_of = {};   // and its rule and title; for both
    std::function<Instant()> now;                                     // the wall clock
};

struct SinkStatus {
    std::string name;
    std::int64_t delivered_upto = 0;
    bool disabled = false;
    std::uint32_t failures = 0;     // in a row
    std::uint64_t passed_over = 0;  // since the start
    std::string last_error;         // empty: none
};

class Dispatcher {
  public:
    Dispatcher(DispatcherOptions options, std::vector<std::unique_ptr<Sink>> sinks);
    ~Dispatcher();  // stops
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    void start();
    void wake();  // after a commit that wrote to the outbox; cheap, any thread
    // Waits until every enabled sink has delivered what is in the outbox, at most so long. True: it has.
    bool drain(milliseconds at_most);
    void stop();  // cancels running deliveries; what was not taken is sent after the next start
    std::vector<SinkStatus> status() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cellvigil::alerts
