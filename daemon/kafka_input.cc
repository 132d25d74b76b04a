#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "daemon/input.h"
#include "daemon/kafka/consumer.h"
#include "daemon/kafka/producer.h"
#include "daemon/log/log.h"

namespace cellvigil {
namespace {

// What HTTP hands in goes to the topic and comes back through it like everybody else's messages.
class TopicInlet : public ingest::Inlet {
  public:
    explicit TopicInlet(std::unique_ptr<kafka::Producer> producer) : producer_(std::move(producer)) {}

    void submit(std::vector<ingest::Submission> messages,
                std::function<void(Result<std::vector<ingest::Answer>>)> done) override {
        if (closed_) return done(fail(Errc::unavailable, "the daemon is stopping"));
        if (messages.empty()) return done(std::vector<ingest::Answer>{});
        if (under_way_ + messages.size() > kMostUnderWay)
            return done(fail(Errc::unavailable, "the broker does not keep up"));
        under_way_ += messages.size();
        const auto ticket = std::make_shared<ingest::Ticket>(messages.size(), std::move(done));
        for (std::uint32_t i = 0; i < messages.size(); ++i) {
            ticket->note(i, {.outcome = ingest::Outcome::queued, .issues = {}, .partition = 0, .position = -1});
            producer_->send_async(
                {.key = std::move(messages[i].key), .value = std::move(messages[i].value), .headers = {}},
                [this, ticket](const Result<void>& fate) {
                    --under_way_;
                    fate ? ticket->settle() : ticket->fail(fate.error());
                });
        }
    }
    void close() { closed_ = true; }
    std::size_t under_way() const { return under_way_; }

  private:
    static constexpr std::size_t kMostUnderWay = 100'000;  // below the producer's own queue: sending never blocks
    std::unique_ptr<kafka::Producer> producer_;
    std::atomic<std::size_t> under_way_{0};
    std::atomic<bool> closed_{false};
};

class KafkaInput : public Input, private kafka::PartitionOwner {
  public:
    KafkaInput(InputParts parts, std::unique_ptr<kafka::Consumer> consumer, std::unique_ptr<kafka::Producer> producer)
        : parts_(std::move(parts)), consumer_(std::move(consumer)), inlet_(std::move(producer)) {}

    std::string name() const override { return "kafka:" + topic(); }
    std::string topic_label() const override { return topic(); }
    std::uint32_t partitions() const override { return partitions_; }
    ingest::Inlet& inlet() override { return inlet_; }
    void placed(const store::Claim&) override {}

    std::vector<ingest::Source*> sources() override {
        std::vector<ingest::Source*> sources;
        for (std::uint32_t i = 0; i < parts_.workers; ++i) sources.push_back(&consumer_->source(i));
        return sources;
    }

    Result<void> start(pipeline::Pipeline& pipeline) override {
        pipeline_ = &pipeline;
        consumer_->start(*this);
        return {};
    }
    bool close(milliseconds limit) override {
        inlet_.close();
        closing_ = true;
        return consumer_->close(limit);
    }
    void finish() override {}

    std::vector<http::Check> checks(const pipeline::PipelineStatus& status) const override;
    void tick(const pipeline::PipelineStatus& status) override;

  private:
    const std::string& topic() const { return parts_.config.input.topics.front(); }

    Result<void> sized(std::uint32_t partitions) override;
    Result<std::vector<kafka::Placement>> assigned(const std::vector<std::uint32_t>& partitions) override;
    void revoked(const std::vector<std::uint32_t>& partitions, bool lost) override;
    std::vector<kafka::Position> committed() override;

    const InputParts parts_;
    std::unique_ptr<kafka::Consumer> consumer_;
    TopicInlet inlet_;
    pipeline::Pipeline* pipeline_ = nullptr;
    std::atomic<std::uint32_t> partitions_{0};
    std::atomic<bool> joined_{false};
    std::atomic<bool> closing_{false};
    std::vector<std::uint32_t> shown_;  // partitions that have gauges; the ticking thread's
    kafka::ConsumerStatus before_;      // likewise
};

Result<void> KafkaInput::sized(std::uint32_t partitions) {
    auto session = parts_.open_store();
    if (!session) return fail(session.error());
    if (auto bound = (*session)->bind(name(), partitions); !bound) return bound;
    partitions_ = partitions;
    pipeline_->set_partitions(partitions);
    return {};
}

Result<std::vector<kafka::Placement>> KafkaInput::assigned(const std::vector<std::uint32_t>& partitions) {
    auto claims = pipeline_->claim(partitions);
    if (!claims) return fail(claims.error());
    parts_.metrics.process().count(metrics::Rebalance::assigned);
    joined_ = true;
    log::info({"kafka", "partitions_assigned", "this instance reads further partitions"},
              {{"count", partitions.size()}});
    std::vector<kafka::Placement> placements;
    for (const auto& claim : *claims) {
        placements.push_back({.worker = pipeline_->worker_of(claim.partition), .next = claim.next});
    }
    return placements;
}

void KafkaInput::revoked(const std::vector<std::uint32_t>& partitions, bool lost) {
    parts_.metrics.process().count(lost ? metrics::Rebalance::lost : metrics::Rebalance::revoked);
    pipeline_->revoke(partitions, lost, closing_);
    log::info({"kafka", "partitions_revoked", "this instance has let go of partitions"},
              {{"count", partitions.size()}, {"lost", lost}});
}

std::vector<kafka::Position> KafkaInput::committed() {
    std::vector<kafka::Position> positions;
    for (const auto& partition : pipeline_->status().partitions) {
        positions.push_back({.partition = partition.partition, .next = partition.next});
    }
    return positions;
}

std::vector<http::Check> KafkaInput::checks(const pipeline::PipelineStatus& status) const {
    return {{.name = "broker_connected", .passed = consumer_->status().connected, .detail = topic()},
            {.name = "partitions_assigned",
             .passed = joined_,
             .detail = std::to_string(status.partitions.size()) + " of " + std::to_string(partitions_.load())}};
}

void KafkaInput::tick(const pipeline::PipelineStatus& status) {
    const auto now = consumer_->status();
    for (const auto partition : shown_) {
        const auto owned = std::find_if(status.partitions.begin(), status.partitions.end(),
                                        [&](const auto& row) { return row.partition == partition; });
        if (owned == status.partitions.end()) parts_.metrics.forget_partition(topic(), partition);
    }
    shown_.clear();
    for (const auto& row : status.partitions) {
        const auto end = std::find_if(now.ends.begin(), now.ends.end(),
                                      [&](const kafka::PartitionLag& lag) { return lag.partition == row.partition; });
        if (end == now.ends.end() || end->high < 0) continue;
        const std::int64_t lag = std::max<std::int64_t>(end->high - row.next, 0);
        parts_.metrics.set_partition(topic(), row.partition, lag, lag > 0 ? row.log_time : kNever);
        shown_.push_back(row.partition);
    }
    auto& process = parts_.metrics.process();
    process.kafka_commit_failures.add(now.commit_failures - before_.commit_failures);
    for (auto more = now.broker_errors - before_.broker_errors; more > 0; --more) {
        process.count(metrics::BrokerError::other);
    }
    process.inlet_queue.set(static_cast<std::int64_t>(inlet_.under_way()));
    before_ = now;
}

kafka::ConsumerEvents consumer_events(const InputParts& parts) {
    return {.log =
                [](int level, std::string_view event, std::string_view text) {
                    const log::What what{"kafka", "client", "librdkafka says"};
                    if (level <= 3) {
                        log::error(what, {{"what", event}, {"text", text}});
                    } else if (level == 4) {
                        log::warn(what, {{"what", event}, {"text", text}});
                    } else {
                        log::debug(what, {{"what", event}, {"text", text}});
                    }
                },
            .fatal = parts.fatal};
}

}  // namespace

Result<std::unique_ptr<Input>> make_kafka_input(InputParts parts) {
    const auto& input = parts.config.input;
    if (input.topics.size() != 1) return fail(Errc::invalid, "input.kafka.topics: one topic per deployment");
    kafka::ConsumerOptions options;
    options.topic = input.topics.front();
    options.properties = input.properties;
    options.properties["group.id"] = input.group;
    options.workers = parts.workers;
    auto consumer = kafka::Consumer::open(std::move(options), consumer_events(parts));
    if (!consumer) return fail(consumer.error());
    auto producer = kafka::make_producer({.topic = input.topics.front(), .properties = parts.config.kafka});
    if (!producer) {
        (*consumer)->close(seconds(5));
        return fail(producer.error());
    }
    return std::unique_ptr<Input>(
        std::make_unique<KafkaInput>(std::move(parts), std::move(*consumer), std::move(*producer)));
}

}  // namespace cellvigil
