#include "daemon/alerts/post_sink.h"

#include <utility>

#include "rules/base/ensure.h"

namespace cellvigil::alerts {
namespace {

constexpr std::size_t kBatch = 16;  // what a crash repeats at most, under the same ids

// A status that speaks of this message, not of the endpoint.
bool is_about_the_message(int status) {
    return status == 400 || status == 406 || status == 409 || status == 413 || status == 415 || status == 422;
}

class PostSink final : public Sink {
  public:
    PostSink(PostOptions options, std::unique_ptr<HttpClient> client, Describe describe)
        : options_(std::move(options)), client_(std::move(client)), describe_(std::move(describe)) {
        ensure(options_.now && options_.alert && options_.announcement, "a posting has a time and a form");
    }

    std::string name() const override { return options_.name; }
    std::size_t batch() const override { return kBatch; }
    void cancel() override { client_->cancel(); }
    bool takes_digest() const override { return options_.digest; }
    bool is_read_by_people() const override { return options_.read_by_people; }

    Attempt deliver(const std::vector<Notification>& batch, Marks&) override {
        Attempt attempt;
        for (const Notification& notification : batch) {
            attempt.fate = send(notification, attempt);
            if (attempt.fate != Fate::delivered) return attempt;
            ++attempt.delivered;
        }
        return attempt;
    }

    Attempt announce(const Announcement& announcement) override {
        Attempt attempt;
        attempt.fate = post(options_.announcement(announcement), attempt);
        if (attempt.fate == Fate::delivered) attempt.delivered = 1;
        return attempt;
    }

  private:
    Fate send(const Notification& notification, Attempt& attempt) {
        const auto thin = describe_(notification.body);
        if (!thin) {
            attempt.detail = "the alert cannot be read: " + thin.error().detail;
            return Fate::refused;
        }
        std::optional<Inside> inside;
        if (options_.inside)
            if (auto read = options_.inside(notification.body)) inside = std::move(*read);
        return post(options_.alert(notification, *thin, inside ? &*inside : nullptr), attempt);
    }

    Fate post(Posting posting, Attempt& attempt) {
        posting.headers.emplace("content-type", "application/json");
        posting.headers.emplace("user-agent", "cellvigil");
        return fate_of(client_->post(posting.body, posting.headers, options_.timeout), options_.now(), attempt);
    }

    const PostOptions options_;
    const std::unique_ptr<HttpClient> client_;
    const Describe describe_;
};

}  // namespace

Fate fate_of(const Result<HttpAnswer>& answer, Instant now, Attempt& attempt) {
    attempt.answered = answer.has_value();
    if (!answer) {
        attempt.detail = answer.error().detail;
        return Fate::again;
    }
    if (answer->status >= 200 && answer->status < 300) return Fate::delivered;
    attempt.detail = "answered " + std::to_string(answer->status);
    attempt.retry_after = retry_after(answer->retry_after, now);
    if (answer->status == 410) return Fate::gone;
    return is_about_the_message(answer->status) ? Fate::refused : Fate::again;
}

std::unique_ptr<Sink> make_post_sink(PostOptions options, std::unique_ptr<HttpClient> client, Describe describe) {
    return std::make_unique<PostSink>(std::move(options), std::move(client), std::move(describe));
}

}  // namespace cellvigil::alerts
