#include "daemon/alerts/chat_payload.h"
#include "daemon/alerts/post_sink.h"
#include "daemon/alerts/sinks.h"

namespace cellvigil::alerts {

Result<std::unique_ptr<Sink>> make_chat_sink(ChatOptions options, Describe describe) {
    auto address = address_of(options.url);
    if (!address) return fail(std::move(address).error());
    auto client = make_http_client(std::move(*address), options.ca_file, options.reach);
    if (!client) return fail(std::move(client).error());
    const auto payload = options.kind == ChatKind::teams ? teams_payload : slack_payload;
    PostOptions post;
    post.name = std::string(options.kind == ChatKind::teams ? "teams:" : "slack:") + options.name;
    post.timeout = options.timeout;
    post.digest = options.digest;
    post.read_by_people = true;
    post.inside = options.inside;
    post.now = options.now;
    post.alert = [payload, link_base = options.link_base](const Notification& notification, const Thin& thin,
                                                          const Inside* inside) {
        return Posting{payload(wording_of(notification, thin, link_base, inside))};
    };
    post.announcement = [payload](const Announcement& announcement) {
        return Posting{payload(wording_of(announcement))};
    };
    return make_post_sink(std::move(post), std::move(*client), std::move(describe));
}

}  // namespace cellvigil::alerts
