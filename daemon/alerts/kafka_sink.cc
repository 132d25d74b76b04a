#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "daemon/alerts/sinks.h"

namespace cellvigil::alerts {
namespace {

constexpr std::size_t kBatch = 256;

std::string mark_of(int partition) { return "offset/" + std::to_string(partition); }

class KafkaSink final : public Sink {
  public:
    explicit KafkaSink(KafkaSinkOptions options) : options_(std::move(options)) {}

    std::string name() const override { return "kafka:" + options_.topic; }
    std::size_t batch() const override { return kBatch; }
    void cancel() override {}  // the producer's own time limit bounds a delivery

    Attempt deliver(const std::vector<Notification>& batch, Marks& marks) override {
        Attempt attempt;
        if (const auto ready = prepare(marks); !ready) return failed(std::move(attempt), ready.error());
        const std::vector<kafka::Record> records = unsent(batch);
        if (!records.empty()) {
            if (const auto sent = producer_->send(records); !sent) {
                certain_ = false;  // some may have arrived
                return failed(std::move(attempt), sent.error());
            }
        }
        seen_.clear();  // what a former run may have sent began at the same cursor: it was all in this batch
        read_upto_ = std::exchange(next_read_upto_, {});
        attempt.delivered = batch.size();
        return attempt;
    }

  private:
    // In order, without what the topic has. When it has a later revision of an alert it has had the earlier ones, even
    // if compaction removed them.
    std::vector<kafka::Record> unsent(const std::vector<Notification>& batch) const {
        std::vector<kafka::Record> records;
        std::set<std::string_view> there;
        for (auto notification = batch.rbegin(); notification != batch.rend(); ++notification) {
            if (seen_.contains({notification->alert_id, notification->body})) there.insert(notification->alert_id);
            if (!there.contains(notification->alert_id))
                records.push_back({notification->alert_id, notification->body, {{"webhook-id", notification->id}}});
        }
        std::ranges::reverse(records);
        return records;
    }

    static Attempt failed(Attempt attempt, const Error& error) {
        attempt.fate = Fate::again;
        attempt.detail = error.detail;
        return attempt;
    }

    Result<void> prepare(Marks& marks) {
        for (const auto& [partition, offset] : std::exchange(read_upto_, {}))
            if (auto kept = marks.set(mark_of(partition), offset); !kept) return kept;
        if (!producer_) {
            auto made = options_.make_producer({options_.topic, options_.properties});
            if (!made) return fail(std::move(made).error());
            producer_ = std::move(*made);
        }
        if (certain_) return {};
        return read_back(marks);
    }

    Result<void> read_back(Marks& marks) {
        const auto partitions = options_.partition_count(options_.properties, options_.topic);
        if (!partitions) return fail(partitions.error());
        std::map<int, std::int64_t> from;
        for (int partition = 0; partition < *partitions; ++partition) {
            const auto mark = marks.get(mark_of(partition));
            if (!mark) return fail(mark.error());
            from.emplace(partition, *mark);
        }
        auto found = options_.read_topic(options_.properties, options_.topic, from, options_.read_back_at_most);
        if (!found) return fail(std::move(found).error());
        std::map<int, std::int64_t> upto;
        seen_.clear();
        for (kafka::ReadBack& record : *found) {
            std::int64_t& offset = upto[record.partition];
            offset = std::max(offset, record.offset + 1);
            seen_.insert({std::move(record.key), std::move(record.value)});
        }
        next_read_upto_ = std::move(upto);
        certain_ = true;
        return {};
    }

    const KafkaSinkOptions options_;
    std::unique_ptr<kafka::Producer> producer_;
    bool certain_ = false;  // nothing is in the topic that we do not know of
    std::set<std::pair<std::string, std::string>> seen_;
    std::map<int, std::int64_t> next_read_upto_;  // read back; not yet passed by the cursor
    std::map<int, std::int64_t> read_upto_;       // passed by the cursor once deliver is called again
};

}  // namespace

std::unique_ptr<Sink> make_kafka_sink(KafkaSinkOptions options) {
    return std::make_unique<KafkaSink>(std::move(options));
}

}  // namespace cellvigil::alerts
