#include <mutex>
#include <optional>

#include "daemon/kafka/producer.h"
#include "daemon/outlet/outlet.h"

namespace cellvigil::outlet {
namespace {

// Above what the daemon takes, so that the broker or the daemon refuses and not the client.
constexpr const char* kLargestMessage = "10000000";

// Messages wait in the client's own queue. What the broker will not have (a message above its size limit) is counted as
// refused; any other delivery that fails stops the rest.
class KafkaOutlet final : public Outlet {
  public:
    KafkaOutlet(std::unique_ptr<kafka::Producer> producer, milliseconds give_up)
        : producer_(std::move(producer)), give_up_(give_up) {}

    Result<void> put(const Message& message) override {
        if (auto fine = first_error(); !fine) return fine;
        ++sent_.messages;
        sent_.bytes += message.value.size();
        const auto fate = fate_;
        producer_->send_async({std::string(message.key), std::string(message.value), {}}, [fate](Result<void> done) {
            if (done) return;
            const std::lock_guard lock(fate->mutex);
            if (done.error().code == Errc::invalid) {
                ++fate->refused;
            } else if (!fate->error) {
                fate->error = done.error();
            }
        });
        return {};
    }
    Result<void> flush() override { return {}; }
    Result<void> finish() override {
        if (auto flushed = producer_->flush(static_cast<int>(give_up_.count())); !flushed) return flushed;
        if (auto fine = first_error(); !fine) return fine;
        const std::lock_guard lock(fate_->mutex);
        if (fate_->refused > 0) sent_.outcomes[std::string(kRefused)] = fate_->refused;
        return {};
    }
    const Sent& sent() const override { return sent_; }

  private:
    // Outlives the outlet: the client's thread may still hold it.
    struct Fate {
        std::mutex mutex;
        std::optional<Error> error;
        std::uint64_t refused = 0;
    };
    Result<void> first_error() const {
        const std::lock_guard lock(fate_->mutex);
        if (fate_->error) return fail(*fate_->error);
        return {};
    }
    std::shared_ptr<Fate> fate_ = std::make_shared<Fate>();
    std::unique_ptr<kafka::Producer> producer_;
    milliseconds give_up_;
    Sent sent_;
};

}  // namespace

Result<std::unique_ptr<Outlet>> open_kafka(const Target& target, const Options& options) {
    kafka::ProducerOptions asked;
    asked.topic = target.topic;
    asked.properties = options.kafka;
    asked.properties.try_emplace("message.max.bytes", kLargestMessage);
    asked.properties["bootstrap.servers"] = target.servers;
    asked.delivery_timeout_ms = static_cast<int>(options.give_up.count());
    auto producer = kafka::make_producer(std::move(asked));
    if (!producer) return fail(producer.error());
    return std::make_unique<KafkaOutlet>(std::move(*producer), options.give_up);
}

}  // namespace cellvigil::outlet
