// Alertmanager's API v2: an alert is its labels; it lives for as long as it is told again.
#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <utility>

#include "daemon/alerts/post_sink.h"
#include "daemon/alerts/sinks.h"
#include "rules/base/ensure.h"

namespace cellvigil::alerts {
namespace {

namespace json = boost::json;

constexpr std::size_t kBatch = 64;
constexpr std::size_t kMostAtOnce = 500;  // alerts of one post when telling again
constexpr minutes kLives{5};              // without being told again
constexpr minutes kTellsEnd{15};          // as Prometheus does: a restart of Alertmanager misses no end
constexpr seconds kAfterFailure{10};

struct Standing {
    json::object labels;
    json::object annotations;
    std::string link;
    Instant starts{};
    std::optional<Instant> ended;
};

class AlertmanagerSink final : public Sink {
  public:
    AlertmanagerSink(AlertmanagerOptions options, std::unique_ptr<HttpClient> client, Describe describe)
        : options_(std::move(options)), client_(std::move(client)), describe_(std::move(describe)) {
        ensure(static_cast<bool>(options_.now), "Alertmanager is told times");
    }

    std::string name() const override { return "alertmanager:" + options_.name; }
    std::size_t batch() const override { return kBatch; }
    void cancel() override { client_->cancel(); }

    Attempt deliver(const std::vector<Notification>& batch, Marks&) override {
        Attempt together = tell(batch);
        if (together.fate != Fate::refused || together.delivered > 0 || batch.size() == 1) return together;
        Attempt singly;  // one of them is refused: which one?
        for (const Notification& notification : batch) {
            const Attempt one = tell({notification});
            if (one.fate != Fate::delivered) {
                const std::size_t delivered = singly.delivered;
                singly = one;
                singly.delivered = delivered;
                return singly;
            }
            ++singly.delivered;
        }
        return singly;
    }

    Attempt announce(const Announcement& announcement) override {
        const Instant now = options_.now();
        Standing test;
        test.labels = {{"alertname", "CellvigilTest"}, {"plane", "test"}, {"severity", "info"}};
        test.annotations = {{"summary", announcement.title}};
        test.starts = now;
        Attempt attempt;
        json::array told;
        told.push_back(as_json(test, now));
        attempt.fate = post(told, attempt);
        if (attempt.fate == Fate::delivered) attempt.delivered = 1;
        return attempt;
    }

    std::optional<Attempt> upkeep(Marks& marks) override {
        const Instant now = options_.now();
        if (next_ && now < *next_ && *next_ - now <= options_.resend) return std::nullopt;
        Attempt attempt;
        if (!recalled_ && !recall(marks, now, attempt)) {
            next_ = now + kAfterFailure;
            attempt.fate = Fate::again;
            return attempt;
        }
        next_ = now + options_.resend;
        std::erase_if(standing_,
                      [&](const auto& one) { return one.second.ended && now - *one.second.ended > kTellsEnd; });
        json::array told;
        std::size_t left = standing_.size();
        for (const auto& [id, standing] : standing_) {
            told.push_back(as_json(standing, now));
            if (--left > 0 && told.size() < kMostAtOnce) continue;
            attempt.fate = post(std::exchange(told, {}), attempt);
            if (attempt.fate == Fate::delivered) continue;
            next_ = now + kAfterFailure;
            return attempt;
        }
        if (standing_.empty()) return std::nullopt;
        return attempt;
    }

  private:
    Attempt tell(const std::vector<Notification>& batch) {
        Attempt attempt;
        std::size_t readable = 0;
        std::map<std::string, Standing> changed;
        json::array told;
        const Instant now = options_.now();
        for (; readable < batch.size(); ++readable) {
            const Notification& notification = batch[readable];
            const auto thin = describe_(notification.body);
            if (!thin) {
                attempt.detail = "the alert cannot be read: " + thin.error().detail;
                break;
            }
            Standing fresh = standing_of(notification, *thin, now);
            if (const auto known = standing_.find(notification.alert_id); known != standing_.end() &&
                                                                          known->second.labels != fresh.labels &&
                                                                          !changed.contains(notification.alert_id)) {
                Standing old = known->second;  // Alertmanager sees another alert: this one has ended
                old.ended = now;
                told.push_back(as_json(old, now));
            }
            changed.insert_or_assign(notification.alert_id, std::move(fresh));
        }
        for (const auto& [id, standing] : changed) told.push_back(as_json(standing, now));
        if (!told.empty()) attempt.fate = post(told, attempt);
        if (attempt.fate != Fate::delivered) return attempt;
        for (auto& [id, standing] : changed) standing_.insert_or_assign(id, std::move(standing));
        attempt.delivered = readable;
        if (readable < batch.size()) attempt.fate = Fate::refused;
        return attempt;
    }

    Standing standing_of(const Notification& notification, const Thin& thin, Instant now) const {
        Standing standing;
        standing.labels = {{"alertname", thin.rule}, {"plane", "clinical"},   {"severity", thin.severity},
                           {"study", thin.study},    {"cohort", thin.cohort}, {"alert_id", notification.alert_id}};
        standing.annotations = {{"summary", thin.title},
                                {"revision", std::to_string(thin.revision)},
                                {"sites", std::to_string(thin.sites)}};
        if (!options_.link_base.empty()) standing.link = options_.link_base + notification.alert_id;
        if (options_.inside) {
            if (const auto inside = options_.inside(notification.body)) {
                standing.annotations["subject"] = inside->subject;
                standing.annotations["site"] = inside->site;
                standing.annotations["description"] = inside->explanation;
            }
        }
        standing.starts = std::min(thin.event_time, now);
        if (thin.state == "withdrawn") standing.ended = now;
        return standing;
    }

    static json::object as_json(const Standing& standing, Instant now) {
        json::object alert{{"labels", standing.labels},
                           {"annotations", standing.annotations},
                           {"startsAt", to_rfc3339(standing.starts)},
                           {"endsAt", to_rfc3339(standing.ended ? *standing.ended : now + kLives)}};
        if (!standing.link.empty()) alert["generatorURL"] = standing.link;
        return alert;
    }

    // After a start: what stands, from the store. What was withdrawn meanwhile still comes as a notification.
    bool recall(Marks& marks, Instant now, Attempt& attempt) {
        const auto raised = marks.raised();
        if (!raised) {
            attempt.detail = "the alerts that stand cannot be read: " + raised.error().detail;
            return false;
        }
        for (const Notification& one : *raised) {
            const auto thin = describe_(one.body);
            if (thin && thin->state != "withdrawn") standing_.try_emplace(one.alert_id, standing_of(one, *thin, now));
        }
        recalled_ = true;
        return true;
    }

    Fate post(const json::array& told, Attempt& attempt) {
        std::map<std::string, std::string> headers{{"content-type", "application/json"}, {"user-agent", "cellvigil"}};
        if (!options_.token.empty()) headers["authorization"] = "Bearer " + options_.token;
        return fate_of(client_->post(json::serialize(told), headers, options_.timeout), options_.now(), attempt);
    }

    const AlertmanagerOptions options_;
    const std::unique_ptr<HttpClient> client_;
    const Describe describe_;
    std::map<std::string, Standing> standing_;  // by alert id
    std::optional<Instant> next_;               // when all of them are told again
    bool recalled_ = false;
};

}  // namespace

Result<std::unique_ptr<Sink>> make_alertmanager_sink(AlertmanagerOptions options, Describe describe) {
    std::string url = options.url;
    while (url.ends_with('/')) url.pop_back();
    auto address = address_of(url + "/api/v2/alerts");
    if (!address) return fail(std::move(address).error());
    auto client = make_http_client(std::move(*address), options.ca_file, Reach::everywhere());
    if (!client) return fail(std::move(client).error());
    return std::make_unique<AlertmanagerSink>(std::move(options), std::move(*client), std::move(describe));
}

}  // namespace cellvigil::alerts
