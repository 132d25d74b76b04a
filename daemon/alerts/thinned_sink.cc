#include <utility>

#include "daemon/alerts/sinks.h"

namespace cellvigil::alerts {
namespace {

class ThinnedSink final : public Sink {
  public:
    ThinnedSink(std::unique_ptr<Sink> inner, Thinning thinning)
        : inner_(std::move(inner)), thinning_(std::move(thinning)) {}

    std::string name() const override { return inner_->name(); }
    std::size_t batch() const override { return inner_->batch(); }
    void cancel() override { inner_->cancel(); }
    Attempt announce(const Announcement& announcement) override { return inner_->announce(announcement); }
    bool takes_digest() const override { return inner_->takes_digest(); }
    bool is_read_by_people() const override { return inner_->is_read_by_people(); }
    std::optional<Attempt> upkeep(Marks& marks) override { return inner_->upkeep(marks); }

    Attempt deliver(const std::vector<Notification>& batch, Marks& marks) override {
        std::vector<Notification> thinned;
        std::string fault;
        for (const Notification& notification : batch) {
            auto body = thinning_(notification.body);
            if (!body) {
                fault = "the alert cannot be read: " + body.error().detail;
                break;
            }
            thinned.push_back(notification);
            thinned.back().body = std::move(*body);
        }
        Attempt attempt;
        if (!thinned.empty()) attempt = inner_->deliver(thinned, marks);
        if (attempt.fate == Fate::delivered && !fault.empty()) {
            attempt.fate = Fate::refused;
            attempt.detail = std::move(fault);
        }
        return attempt;
    }

  private:
    const std::unique_ptr<Sink> inner_;
    const Thinning thinning_;
};

}  // namespace

std::unique_ptr<Sink> make_thinned_sink(std::unique_ptr<Sink> inner, Thinning thinning) {
    return std::make_unique<ThinnedSink>(std::move(inner), std::move(thinning));
}

}  // namespace cellvigil::alerts
