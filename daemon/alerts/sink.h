// The seam to whatever is told of alerts. A sink gets bytes and answers with what became of them; the dispatcher
// decides when to try again.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::alerts {

// What may leave in a thin payload: no subject, no pseudonym, no free text.
struct Thin {
    std::string state;  // "raised", "updated", "withdrawn"
    std::uint32_t revision = 1;
    std::string rule;
    std::uint32_t rule_version = 0;  // 0: not stated
    std::string severity;
    std::string study;
    std::string cohort;
    std::uint32_t sites = 0;  // how many
    Instant event_time{};     // when the condition was first true
    std::string title;        // of the rule, from the rule pack
};
// From the bytes of a cellvigil.v1.Alert; given by the folder that knows the contract.
using Describe = std::function<Result<Thin>(std::string_view alert)>;

// What only a sink marked `internal` is given besides.
struct Inside {
    std::string subject;  // "study/subject", the pseudonym
    std::string site;
    std::string explanation;  // why it was raised, in words
};
// Empty: the sink is not internal, and has no way to learn it.
using DescribeInside = std::function<Result<Inside>(std::string_view alert)>;

// One row of the outbox. `id` stays the same over retries and restarts.
struct Notification {
    std::int64_t sequence = 0;
    std::string id;
    std::string alert_id;
    std::string body;  // cellvigil.v1.Alert, serialised
    Instant created_at{};
};

// What is told besides alerts: that a sink works, once a day that somebody is still watching, that nobody has
// acknowledged an alert, how many notifications were held back. No subject.
struct Announcement {
    enum class Kind : std::uint8_t { test, digest, escalation, held };
    Kind kind = Kind::test;
    std::string id;  // as Notification::id; a digest's is made of its date alone
    Instant at{};
    std::string title;
    std::vector<std::pair<std::string, std::string>> facts;  // name in snake_case, text
};
const char* name_of(Announcement::Kind kind);  // "test", "digest", "escalation", "held"

enum class Fate : std::uint8_t {
    delivered,
    again,    // not taken: try again later
    refused,  // the endpoint does not want this one (400, 406, 409, 413, 415, 422): tried some more, then passed over
    gone,     // the endpoint says that it is no more (410): the sink is disabled until restart
};
struct Attempt {
    std::size_t delivered = 0;                // how many of the given, from the front, need not be sent again
    Fate fate = Fate::delivered;              // of the first that was not delivered
    std::optional<milliseconds> retry_after;  // what the endpoint asked for
    bool answered = false;                    // `again`: the endpoint was reached, and said so
    std::string detail;                       // for the log; never names a subject
};

// Numbers that a sink keeps over restarts, by a name of its own ("offset/3"); kept in the store. 0: never set.
class Marks {
  public:
    virtual ~Marks() = default;
    // Every alert that stands now, whatever has been delivered of it; `sequence` is not set.
    virtual Result<std::vector<Notification>> raised() = 0;
    virtual Result<std::int64_t> get(std::string_view name) = 0;
    virtual Result<void> set(std::string_view name, std::int64_t value) = 0;
};

// `deliver` is called from one thread, the dispatcher's for this sink, and may block up to the sink's own time limit.
class Sink {
  public:
    virtual ~Sink() = default;
    virtual std::string name()
        const = 0;  // stable: the cursor's name; "log", "webhook:safety", "kafka:cellvigil.alerts.v1"
    virtual std::size_t batch() const = 0;  // how many it takes at once, >= 1
    virtual Attempt deliver(const std::vector<Notification>& batch, Marks& marks) = 0;
    virtual void cancel() = 0;  // from another thread: a running deliver returns soon, later ones at once

    // Tells it, as deliver does for one notification. `refused` by sinks that have no words for it.
    virtual Attempt announce(const Announcement& announcement);
    virtual bool takes_digest() const { return false; }
    virtual bool is_read_by_people() const { return false; }  // a flood of notifications would bury them
    // What is told by the clock, such as alerts that still stand; called between deliveries, several times a minute.
    // nullopt: nothing was due. The sink keeps its own times; a failure delays no delivery.
    virtual std::optional<Attempt> upkeep(Marks&) { return std::nullopt; }
};

}  // namespace cellvigil::alerts
