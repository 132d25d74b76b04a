#include "daemon/alerts/sinks.h"
#include "daemon/log/log.h"

namespace cellvigil::alerts {
namespace {

constexpr std::size_t kBatch = 256;

constexpr log::What kRaised{"alerts", "alert_raised", "an alert was raised", log::Repeats::all};
constexpr log::What kUpdated{"alerts", "alert_updated", "an alert has changed", log::Repeats::all};
constexpr log::What kWithdrawn{"alerts", "alert_withdrawn", "corrections took an alert's cause away",
                               log::Repeats::all};
constexpr log::What kTest{"alerts", "test_notification", "somebody asked for a test", log::Repeats::all};
constexpr log::What kDigest{"alerts", "still_watching", "the daily digest", log::Repeats::all};
constexpr log::What kEscalation{"alerts", "not_acknowledged", "an alert waits for somebody", log::Repeats::all};
constexpr log::What kHeld{"alerts", "held_back", "notifications were held back", log::Repeats::all};

const log::What& what_of(Announcement::Kind kind) {
    switch (kind) {
        case Announcement::Kind::test:
            return kTest;
        case Announcement::Kind::digest:
            return kDigest;
        case Announcement::Kind::escalation:
            return kEscalation;
        case Announcement::Kind::held:
            return kHeld;
    }
    return kTest;
}

class LogSink final : public Sink {
  public:
    explicit LogSink(Describe describe) : describe_(std::move(describe)) {}

    std::string name() const override { return "log"; }
    std::size_t batch() const override { return kBatch; }
    void cancel() override {}

    Attempt deliver(const std::vector<Notification>& batch, Marks&) override {
        Attempt attempt;
        for (const Notification& notification : batch) {
            const auto thin = describe_(notification.body);
            if (!thin) {
                attempt.fate = Fate::refused;
                attempt.detail = "the alert cannot be read: " + thin.error().detail;
                return attempt;
            }
            tell(notification, *thin);
            ++attempt.delivered;
        }
        return attempt;
    }

    Attempt announce(const Announcement& announcement) override {
        std::string facts;
        for (const auto& [name, text] : announcement.facts) facts += (facts.empty() ? "" : "; ") + name + ": " + text;
        log::info(what_of(announcement.kind), {{"title", announcement.title}, {"facts", facts}});
        Attempt attempt;
        attempt.delivered = 1;
        return attempt;
    }

  private:
    static void tell(const Notification& notification, const Thin& thin) {
        const log::What& what = thin.state == "withdrawn" ? kWithdrawn : thin.state == "updated" ? kUpdated : kRaised;
        log::warn(what, {{"alert_id", notification.alert_id},
                         {"revision", thin.revision},
                         {"rule", thin.rule},
                         {"severity", thin.severity},
                         {"study", thin.study},
                         {"cohort", thin.cohort},
                         {"sites", thin.sites},
                         {"event_time", to_rfc3339(thin.event_time)},
                         {"title", thin.title}});
    }

    const Describe describe_;
};

}  // namespace

std::unique_ptr<Sink> make_log_sink(Describe describe) { return std::make_unique<LogSink>(std::move(describe)); }

}  // namespace cellvigil::alerts
