#include "daemon/alerts/mail_client.h"
#include "daemon/alerts/mail_message.h"
#include "daemon/alerts/sinks.h"
#include "daemon/log/log.h"
#include "rules/base/ensure.h"

namespace cellvigil::alerts {
namespace {

class MailSink final : public Sink {
  public:
    MailSink(MailOptions options, Describe describe)
        : options_(std::move(options)),
          describe_(std::move(describe)),
          client_(options_.server),
          domain_(domain_of(options_.from)) {
        ensure(static_cast<bool>(options_.now), "a mail has a date");
    }

    std::string name() const override { return "email:" + options_.name; }
    std::size_t batch() const override { return 1; }  // a crash repeats one mail at most
    void cancel() override { client_.cancel(); }
    bool takes_digest() const override { return options_.digest; }
    bool is_read_by_people() const override { return true; }

    Attempt deliver(const std::vector<Notification>& batch, Marks&) override {
        const Notification& notification = batch.front();
        const auto thin = describe_(notification.body);
        if (!thin) {
            Attempt attempt;
            attempt.fate = Fate::refused;
            attempt.detail = "the alert cannot be read: " + thin.error().detail;
            return attempt;
        }
        std::optional<Inside> inside;
        if (options_.inside)
            if (auto read = options_.inside(notification.body)) inside = std::move(*read);
        MailHead head = head_of(notification.id, notification.created_at);
        // One thread per alert: the first revision began it.
        const auto revision = [&](std::uint32_t number) {
            return notification.alert_id + "." + std::to_string(number) + "@" + domain_;
        };
        if (thin->revision > 1) head.references.push_back(revision(1));
        if (thin->revision > 2) head.references.push_back(revision(thin->revision - 1));
        return send(head, wording_of(notification, *thin, options_.link_base, inside ? &*inside : nullptr));
    }

    Attempt announce(const Announcement& announcement) override {
        return send(head_of(announcement.id, announcement.at), wording_of(announcement));
    }

  private:
    MailHead head_of(const std::string& id, Instant date) const {
        return {
            .from = options_.from, .to = options_.to, .message_id = id + "@" + domain_, .references = {}, .date = date};
    }

    Attempt send(const MailHead& head, const Wording& wording) {
        const MailAnswer answer =
            client_.send(options_.from, options_.to, mail_message(head, wording), options_.timeout);
        Attempt attempt;
        attempt.answered = answer.answered;
        attempt.detail = answer.detail;
        switch (answer.outcome) {
            case MailAnswer::Outcome::taken:
                attempt.delivered = 1;
                if (answer.refused_recipients > 0)
                    log::error({"alerts", "recipients_refused", "the mail went out, but not to every recipient"},
                               {{"channel", name()},
                                {"refused", answer.refused_recipients},
                                {"recipients", options_.to.size()}});
                break;
            case MailAnswer::Outcome::later:
                attempt.fate = Fate::again;
                break;
            case MailAnswer::Outcome::refused:
                attempt.fate = Fate::refused;
                break;
        }
        return attempt;
    }

    const MailOptions options_;
    const Describe describe_;
    MailClient client_;
    const std::string domain_;
};

}  // namespace

Result<std::unique_ptr<Sink>> make_mail_sink(MailOptions options, Describe describe) {
    if (!is_mail_address(options.from))
        return fail(Errc::invalid, "from: expected an address such as cellvigil@hospital.example");
    if (options.to.empty()) return fail(Errc::invalid, "to: expected at least one address");
    for (const std::string& one : options.to)
        if (!is_mail_address(one)) return fail(Errc::invalid, "to: expected addresses such as safety@hospital.example");
    return std::make_unique<MailSink>(std::move(options), std::move(describe));
}

}  // namespace cellvigil::alerts
