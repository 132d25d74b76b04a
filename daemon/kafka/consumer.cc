#include "daemon/kafka/consumer.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <mutex>
#include <thread>

#include "daemon/kafka/conf.h"
#include "daemon/kafka/ends.h"
#include "daemon/kafka/feed.h"
#include "daemon/kafka/statistics.h"
#include "rules/base/ensure.h"

namespace cellvigil::kafka {
namespace {

using Clock = std::chrono::steady_clock;

const ConfPlan& consumer_plan() {
    static const ConfPlan plan{
        .fixed = {{"enable.auto.commit", "false"},
                  {"enable.auto.offset.store", "false"},
                  {"auto.offset.reset", "error"},
                  {"isolation.level", "read_committed"},
                  {"allow.auto.create.topics", "false"}},
        .usual = {{"partition.assignment.strategy", "cooperative-sticky"},
                  {"session.timeout.ms", "10000"},
                  {"fetch.wait.max.ms", "20"},
                  {"fetch.message.max.bytes", "2097152"},
                  {"fetch.max.bytes", "8388608"},
                  {"receive.message.max.bytes", "100000000"},
                  {"queued.min.messages", "10000"},
                  {"queued.max.messages.kbytes", "262144"},
                  {"socket.nagle.disable", "true"},
                  {"statistics.interval.ms", "5000"}},
        .optional = {{"fetch.queue.backoff.ms", "5"}},
    };
    return plan;
}

class GroupConsumer : public Consumer {
  public:
    GroupConsumer(ConsumerOptions options, ConsumerEvents events)
        : options_(std::move(options)), events_(std::move(events)), view_(std::make_shared<EndsView>()) {}

    ~GroupConsumer() override { ensure(!polling_.joinable(), "a consumer is closed before it is destroyed"); }
    GroupConsumer(const GroupConsumer&) = delete;
    GroupConsumer& operator=(const GroupConsumer&) = delete;

    Result<void> make() {
        auto conf = make_conf(consumer_plan(), options_.properties);
        if (!conf) return fail(conf.error());
        rd_kafka_conf_set_opaque(conf->get(), this);
        rd_kafka_conf_set_rebalance_cb(conf->get(), on_rebalance);
        rd_kafka_conf_set_error_cb(conf->get(), on_error);
        rd_kafka_conf_set_log_cb(conf->get(), on_log);
        rd_kafka_conf_set_stats_cb(conf->get(), on_statistics);
        rd_kafka_conf_set_offset_commit_cb(conf->get(), on_committed);
        auto client = make_client(RD_KAFKA_CONSUMER, std::move(*conf));
        if (!client) return fail(client.error());
        rd_kafka_poll_set_consumer(client->get());
        client_ = std::shared_ptr<rd_kafka_t>(std::move(*client));
        for (std::uint32_t i = 0; i < options_.workers; ++i) {
            feeds_.push_back(std::make_unique<Feed>(client_.get(), events_));
        }
        view_->client = client_;
        view_->topic = options_.topic;
        view_->poke_interval = options_.poke_interval;
        return {};
    }

    ingest::Source& source(std::uint32_t worker) override { return *feeds_.at(worker); }

    void start(PartitionOwner& owner) override {
        owner_ = &owner;
        ends_ = std::make_unique<Ends>(view_);
        auto left = left_.get_future();
        has_left_ = std::move(left);
        polling_ = std::thread([this] { poll(); });
    }

    bool close(milliseconds limit) override;
    ConsumerStatus status() const override;

  private:
    static GroupConsumer& self(void* opaque) { return *static_cast<GroupConsumer*>(opaque); }
    static void on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t* list,
                             void* opaque) {
        self(opaque).rebalance(error, *list);
    }
    static void on_error(rd_kafka_t*, int error, const char* reason, void* opaque);
    static void on_log(const rd_kafka_t* client, int level, const char* facility, const char* text);
    static int on_statistics(rd_kafka_t*, char* json, std::size_t size, void* opaque);
    static void on_committed(rd_kafka_t*, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t*, void* opaque);

    void poll();
    bool find_topic();
    void subscribe();
    void serve_group();
    void observe_flow();
    void commit_advisory();
    void rebalance(rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t& list);
    void assign(rd_kafka_topic_partition_list_t& list);
    void revoke(rd_kafka_topic_partition_list_t& list);
    std::vector<Placement> placements_of(const std::vector<std::uint32_t>& partitions);
    bool cooperative() const { return std::string_view(rd_kafka_rebalance_protocol(client_.get())) == "COOPERATIVE"; }
    void log(int level, std::string_view event, std::string_view text) const {
        if (events_.log) events_.log(level, event, text);
    }
    void fatal(Errc code, std::string text);

    const ConsumerOptions options_;
    const ConsumerEvents events_;
    const std::shared_ptr<EndsView> view_;
    std::shared_ptr<rd_kafka_t> client_;
    std::vector<std::unique_ptr<Feed>> feeds_;
    PartitionOwner* owner_ = nullptr;
    std::unique_ptr<Ends> ends_;
    std::thread polling_;
    std::promise<void> left_;
    std::future<void> has_left_;
    std::atomic<bool> stopping_{false};
    bool failed_ = false;  // poll thread
    std::uint32_t partition_count_ = 0;
    Clock::time_point last_commit_ = Clock::now();
    Clock::time_point last_rebalance_ = Clock::now();
    Clock::time_point last_flow_{};
    std::uint64_t flow_seen_ = 0;

    std::atomic<std::uint64_t> rebalances_{0};
    std::atomic<std::uint64_t> lost_{0};
    std::atomic<std::uint64_t> commit_failures_{0};
    std::atomic<std::uint64_t> broker_errors_{0};
    mutable std::mutex statistics_mutex_;
    Statistics statistics_;
};

std::vector<std::uint32_t> partitions_of(const rd_kafka_topic_partition_list_t& list) {
    std::vector<std::uint32_t> partitions;
    for (int i = 0; i < list.cnt; ++i) partitions.push_back(static_cast<std::uint32_t>(list.elems[i].partition));
    return partitions;
}

// ---- the poll thread
// ----------------------------------------------------------------------------------------------------

void GroupConsumer::poll() {
    if (find_topic()) {
        subscribe();
        serve_group();
    }
    rd_kafka_consumer_close(client_.get());  // revokes what is assigned
    left_.set_value();
}

bool GroupConsumer::find_topic() {
    const TopicHandle topic(rd_kafka_topic_new(client_.get(), options_.topic.c_str(), nullptr));
    bool said = false;
    while (!stopping_) {
        const rd_kafka_metadata_t* metadata = nullptr;
        const auto error = rd_kafka_metadata(client_.get(), 0, topic.get(), &metadata, 2000);
        std::string why = rd_kafka_err2str(error);
        if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
            const bool found = metadata->topic_cnt == 1 && metadata->topics[0].err == RD_KAFKA_RESP_ERR_NO_ERROR &&
                               metadata->topics[0].partition_cnt > 0;
            if (metadata->topic_cnt == 1) why = rd_kafka_err2str(metadata->topics[0].err);
            if (found) partition_count_ = static_cast<std::uint32_t>(metadata->topics[0].partition_cnt);
            rd_kafka_metadata_destroy(metadata);
            if (found) break;
        }
        if (!said) log(4, "kafka_topic_missing", options_.topic + ": " + why);
        said = true;
        rd_kafka_poll(client_.get(), 0);
        std::this_thread::sleep_for(milliseconds(200));
    }
    if (partition_count_ == 0) return false;
    view_->connected = true;
    for (auto& feed : feeds_) feed->set_partition_count(partition_count_);
    if (auto sized = owner_->sized(partition_count_); !sized) {
        fatal(sized.error().code, sized.error().detail);
        return false;
    }
    return true;
}

void GroupConsumer::subscribe() {
    const PartitionsHandle topics(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(topics.get(), options_.topic.c_str(), RD_KAFKA_PARTITION_UA);
    const auto error = rd_kafka_subscribe(client_.get(), topics.get());
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) fatal(Errc::invalid, rd_kafka_err2str(error));
}

void GroupConsumer::serve_group() {
    while (!stopping_ && !failed_) {
        const MessageHandle message(rd_kafka_consumer_poll(client_.get(), 20));
        if (message && message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            fatal(Errc::corrupt, "kafka: a message came past the workers' queues");
        } else if (message) {
            broker_errors_.fetch_add(1);
            log(4, "kafka_group_error", rd_kafka_message_errstr(message.get()));
        }
        observe_flow();
        commit_advisory();
    }
}

void GroupConsumer::observe_flow() {
    std::uint64_t taken = 0;
    std::size_t waiting = 0;
    for (const auto& feed : feeds_) {
        taken += feed->taken();
        waiting += feed->waiting();
    }
    const auto now = Clock::now();
    if (taken != flow_seen_) last_flow_ = now;
    flow_seen_ = taken;
    view_->flowing = now - last_flow_ < milliseconds(1200) && waiting < options_.low_queue * feeds_.size();
}

// Not within a while of a rebalance: a commit that meets one costs the assignment on 2.0.2.
void GroupConsumer::commit_advisory() {
    const auto now = Clock::now();
    if (options_.commit_interval.count() <= 0 || now - last_commit_ < options_.commit_interval) return;
    if (now - last_rebalance_ < options_.commit_interval) return;
    last_commit_ = now;
    const auto positions = owner_->committed();
    if (positions.empty()) return;
    const PartitionsHandle list(rd_kafka_topic_partition_list_new(static_cast<int>(positions.size())));
    for (const auto& [partition, next] : positions) {
        rd_kafka_topic_partition_list_add(list.get(), options_.topic.c_str(), static_cast<std::int32_t>(partition))
            ->offset = next;
    }
    rd_kafka_commit(client_.get(), list.get(), 1);
}

// ---- group events
// -------------------------------------------------------------------------------------------------------

void GroupConsumer::rebalance(rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t& list) {
    last_rebalance_ = Clock::now();
    rebalances_.fetch_add(1);
    if (error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        assign(list);
    } else if (error == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
        revoke(list);
    } else {
        log(3, "kafka_rebalance_failed", rd_kafka_err2str(error));
        rd_kafka_assign(client_.get(), nullptr);
    }
}

std::vector<Placement> GroupConsumer::placements_of(const std::vector<std::uint32_t>& partitions) {
    auto wait = milliseconds(20);
    while (!stopping_) {
        auto placements = owner_->assigned(partitions);
        if (placements) return std::move(*placements);
        if (placements.error().code != Errc::unavailable) {
            fatal(placements.error().code, placements.error().detail);
            return {};
        }
        std::this_thread::sleep_for(wait);
        wait = std::min(wait * 2, milliseconds(1000));
    }
    return {};
}

void GroupConsumer::assign(rd_kafka_topic_partition_list_t& list) {
    const auto partitions = partitions_of(list);
    for (const auto partition : partitions) {
        if (partition >= partition_count_)
            return fatal(Errc::invalid, "kafka: the topic's partition count has changed");
    }
    const auto placements = partitions.empty() ? std::vector<Placement>{} : placements_of(partitions);
    if (placements.size() != partitions.size()) {
        rd_kafka_assign(client_.get(), nullptr);
        return;
    }
    for (std::size_t i = 0; i < partitions.size(); ++i) {
        feeds_.at(placements[i].worker)->forward(options_.topic, partitions[i]);
        list.elems[i].offset = placements[i].next == 0 ? RD_KAFKA_OFFSET_BEGINNING : placements[i].next;
    }
    if (cooperative()) {
        const ErrorHandle error(rd_kafka_incremental_assign(client_.get(), &list));
        if (error) fatal(Errc::unavailable, rd_kafka_error_string(error.get()));
    } else {
        rd_kafka_assign(client_.get(), &list);
    }
    const std::lock_guard lock(view_->mutex);
    if (!cooperative()) view_->ends.clear();
    for (const auto partition : partitions) view_->ends.push_back({.partition = partition, .high = -1});
}

void GroupConsumer::revoke(rd_kafka_topic_partition_list_t& list) {
    const bool lost = rd_kafka_assignment_lost(client_.get()) != 0;
    if (lost) lost_.fetch_add(1);
    const auto partitions = partitions_of(list);
    owner_->revoked(partitions, lost);
    if (cooperative()) {
        const ErrorHandle error(rd_kafka_incremental_unassign(client_.get(), &list));
        if (error) log(4, "kafka_unassign_failed", rd_kafka_error_string(error.get()));
    } else {
        rd_kafka_assign(client_.get(), nullptr);
    }
    const std::lock_guard lock(view_->mutex);
    for (const auto partition : partitions) {
        std::erase_if(view_->ends, [&](const PartitionLag& end) { return end.partition == partition; });
    }
}

void GroupConsumer::fatal(Errc code, std::string text) {
    failed_ = true;
    log(3, "kafka_fatal", text);
    if (events_.fatal) events_.fatal({code, std::move(text)});
}

// ---- librdkafka's callbacks
// ---------------------------------------------------------------------------------------------

void GroupConsumer::on_error(rd_kafka_t* client, int error, const char* reason, void* opaque) {
    auto& consumer = self(opaque);
    consumer.broker_errors_.fetch_add(1);
    if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) consumer.view_->connected = false;
    if (error == RD_KAFKA_RESP_ERR__FATAL) {
        std::array<char, 512> text{};
        rd_kafka_fatal_error(client, text.data(), text.size());
        return consumer.fatal(Errc::conflict, std::string("kafka: ") + text.data());
    }
    consumer.log(4, "kafka_error", reason);
}

void GroupConsumer::on_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
    self(rd_kafka_opaque(client)).log(level, "kafka_client", std::string(facility) + ": " + text);
}

int GroupConsumer::on_statistics(rd_kafka_t*, char* json, std::size_t size, void* opaque) {
    auto& consumer = self(opaque);
    auto read = read_statistics({json, size});
    const std::lock_guard lock(consumer.statistics_mutex_);
    consumer.statistics_ = std::move(read);
    return 0;
}

void GroupConsumer::on_committed(rd_kafka_t*, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t*,
                                 void* opaque) {
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR__NO_OFFSET) return;
    self(opaque).commit_failures_.fetch_add(1);
}

// ---- from other threads
// -------------------------------------------------------------------------------------------------

bool GroupConsumer::close(milliseconds limit) {
    stopping_ = true;
    if (!polling_.joinable()) {
        feeds_.clear();
        view_->client.reset();
        return true;
    }
    if (has_left_.wait_for(limit) != std::future_status::ready) {
        polling_.detach();
        static_cast<void>(ends_.release());  // its thread still uses the client
        return false;
    }
    polling_.join();
    ends_.reset();
    for (auto& feed : feeds_) feed->release();
    view_->client.reset();
    std::promise<void> destroyed;
    auto done = destroyed.get_future();
    std::thread destroying([client = std::move(client_), promise = std::move(destroyed)]() mutable {
        client.reset();
        promise.set_value();
    });
    if (done.wait_for(limit) == std::future_status::ready) {
        destroying.join();
        return true;
    }
    destroying.detach();
    return false;
}

ConsumerStatus GroupConsumer::status() const {
    ConsumerStatus status;
    status.connected = view_->connected;
    status.rebalances = rebalances_;
    status.lost_assignments = lost_;
    status.commit_failures = commit_failures_;
    status.broker_errors = broker_errors_;
    status.pokes = view_->pokes;
    for (const auto& feed : feeds_) {
        status.messages += feed->taken();
        status.broker_errors += feed->errors();
    }
    {
        const std::lock_guard lock(statistics_mutex_);
        status.fetched_messages = statistics_.fetched_messages;
        status.fetched_bytes = statistics_.fetched_bytes;
        status.brokers = statistics_.brokers;
    }
    const std::lock_guard lock(view_->mutex);
    status.ends = view_->ends;
    return status;
}

}  // namespace

Result<std::unique_ptr<Consumer>> Consumer::open(ConsumerOptions options, ConsumerEvents events) {
    auto consumer = std::make_unique<GroupConsumer>(std::move(options), std::move(events));
    if (auto made = consumer->make(); !made) return fail(made.error());
    return Result<std::unique_ptr<Consumer>>(std::move(consumer));
}

}  // namespace cellvigil::kafka
