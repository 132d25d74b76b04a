#include <atomic>

#include "daemon/alerts/http_client.h"
#include "daemon/alerts/sinks.h"
#include "daemon/alerts/standard_webhook.h"
#include "rules/base/ensure.h"

namespace cellvigil::alerts {
namespace {

constexpr std::size_t kBatch = 16;  // what a crash repeats at most, under the same ids

// A status that speaks of this message, not of the endpoint.
bool is_about_the_message(int status) {
    return status == 400 || status == 406 || status == 409 || status == 413 || status == 415 || status == 422;
}

class WebhookSink final : public Sink {
  public:
    WebhookSink(WebhookOptions options, std::string key, std::unique_ptr<HttpClient> client, Describe describe)
        : options_(std::move(options)),
          key_(std::move(key)),
          client_(std::move(client)),
          describe_(std::move(describe)) {
        ensure(static_cast<bool>(options_.now), "a webhook's attempts bear a time");
    }

    std::string name() const override { return "webhook:" + options_.name; }
    std::size_t batch() const override { return kBatch; }
    void cancel() override { client_->cancel(); }

    Attempt deliver(const std::vector<Notification>& batch, Marks&) override {
        Attempt attempt;
        for (const Notification& notification : batch) {
            attempt.fate = send(notification, attempt);
            if (attempt.fate != Fate::delivered) return attempt;
            ++attempt.delivered;
        }
        return attempt;
    }

  private:
    Fate send(const Notification& notification, Attempt& attempt) {
        const auto thin = describe_(notification.body);
        if (!thin) {
            attempt.detail = "the alert cannot be read: " + thin.error().detail;
            return Fate::refused;
        }
        const std::string body = thin_payload(notification, *thin, options_.link_base);
        const std::int64_t timestamp = std::chrono::floor<seconds>(options_.now()).time_since_epoch().count();
        const auto answer =
            client_->post(body,
                          {{"content-type", "application/json"},
                           {"user-agent", "cellvigil"},
                           {"webhook-id", notification.id},
                           {"webhook-timestamp", std::to_string(timestamp)},
                           {"webhook-signature", webhook_signature(key_, notification.id, timestamp, body)}},
                          options_.timeout);
        if (!answer) {
            attempt.detail = answer.error().detail;
            return Fate::again;
        }
        if (answer->status >= 200 && answer->status < 300) return Fate::delivered;
        attempt.detail = "answered " + std::to_string(answer->status);
        attempt.retry_after = retry_after(answer->retry_after, options_.now());
        if (answer->status == 410) return Fate::gone;
        return is_about_the_message(answer->status) ? Fate::refused : Fate::again;
    }

    const WebhookOptions options_;
    const std::string key_;
    const std::unique_ptr<HttpClient> client_;
    const Describe describe_;
};

}  // namespace

Result<std::unique_ptr<Sink>> make_webhook_sink(WebhookOptions options, Describe describe) {
    auto address = address_of(options.url);
    if (!address) return fail(std::move(address).error());
    auto key = webhook_key(options.secret);
    if (!key) return fail(std::move(key).error());
    auto client = make_http_client(std::move(*address), options.ca_file);
    if (!client) return fail(std::move(client).error());
    return std::make_unique<WebhookSink>(std::move(options), std::move(*key), std::move(*client), std::move(describe));
}

}  // namespace cellvigil::alerts
