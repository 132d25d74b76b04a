#include "daemon/alerts/post_sink.h"
#include "daemon/alerts/sinks.h"
#include "daemon/alerts/standard_webhook.h"
#include "rules/base/ensure.h"

namespace cellvigil::alerts {
namespace {

Posting signed_posting(std::string_view key, const std::string& id, Instant now, std::string body) {
    const std::int64_t timestamp = std::chrono::floor<seconds>(now).time_since_epoch().count();
    std::string signature = webhook_signature(key, id, timestamp, body);
    return {std::move(body),
            {{"webhook-id", id},
             {"webhook-timestamp", std::to_string(timestamp)},
             {"webhook-signature", std::move(signature)}}};
}

}  // namespace

Result<std::unique_ptr<Sink>> make_webhook_sink(WebhookOptions options, Describe describe) {
    ensure(static_cast<bool>(options.now), "a webhook's attempts bear a time");
    auto address = address_of(options.url);
    if (!address) return fail(std::move(address).error());
    auto key = webhook_key(options.secret);
    if (!key) return fail(std::move(key).error());
    auto client = make_http_client(std::move(*address), options.ca_file, options.reach);
    if (!client) return fail(std::move(client).error());
    PostOptions post;
    post.name = "webhook:" + options.name;
    post.timeout = options.timeout;
    post.digest = options.digest;
    post.inside = options.inside;
    post.now = options.now;
    post.alert = [key = *key, now = options.now, link_base = options.link_base](
                     const Notification& notification, const Thin& thin, const Inside* inside) {
        return signed_posting(key, notification.id, now(), webhook_payload(notification, thin, link_base, inside));
    };
    post.announcement = [key = *key, now = options.now](const Announcement& announcement) {
        return signed_posting(key, announcement.id, now(), announcement_payload(announcement));
    };
    return make_post_sink(std::move(post), std::move(*client), std::move(describe));
}

}  // namespace cellvigil::alerts
