#include "daemon/kafka/producer.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "daemon/kafka/conf.h"
#include "rules/base/time.h"

namespace cellvigil::kafka {
namespace {

using Done = std::function<void(Result<void>)>;

// Idempotence keeps order and drops the broker's duplicates; the partitioner is the Java client's, not librdkafka's.
const ConfPlan& producer_plan() {
    static const ConfPlan plan{
        .fixed = {{"enable.idempotence", "true"}, {"acks", "all"}, {"partitioner", "murmur2_random"}},
        .usual = {{"linger.ms", "2"}, {"socket.nagle.disable", "true"}, {"queue.buffering.max.messages", "200000"}},
        .optional = {},
    };
    return plan;
}

Result<void> fate_of(rd_kafka_resp_err_t error) {
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
    const bool ours = error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || error == RD_KAFKA_RESP_ERR_INVALID_RECORD;
    return fail(ours ? Errc::invalid : Errc::unavailable, std::string("kafka: ") + rd_kafka_err2str(error));
}

void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
    const std::unique_ptr<Done> done(static_cast<Done*>(message->_private));
    if (done && *done) (*done)(fate_of(message->err));
}

HeadersHandle headers_of(const Record& record) {
    if (record.headers.empty()) return {};
    HeadersHandle headers(rd_kafka_headers_new(record.headers.size()));
    for (const auto& [name, value] : record.headers) {
        rd_kafka_header_add(headers.get(), name.data(), static_cast<ssize_t>(name.size()), value.data(),
                            static_cast<ssize_t>(value.size()));
    }
    return headers;
}

// One librdkafka producer and the thread that serves its delivery reports. A fatal error of librdkafka (2.0.2 can raise
// a false one) ends this client; its owner then makes another.
class Client {
  public:
    static Result<std::shared_ptr<Client>> open(const ProducerOptions& options) {
        auto conf = make_conf(producer_plan(), options.properties);
        if (!conf) return fail(conf.error());
        const auto timeout = std::to_string(options.delivery_timeout_ms);
        if (rd_kafka_conf_set(conf->get(), "delivery.timeout.ms", timeout.c_str(), nullptr, 0) != RD_KAFKA_CONF_OK) {
            return fail(Errc::invalid, "kafka.delivery.timeout.ms: " + timeout);
        }
        rd_kafka_conf_set_dr_msg_cb(conf->get(), on_delivery);
        rd_kafka_conf_set_log_cb(conf->get(), nullptr);
        auto handle = make_client(RD_KAFKA_PRODUCER, std::move(*conf));
        if (!handle) return fail(handle.error());
        return std::make_shared<Client>(std::move(*handle), options.topic);
    }

    Client(ClientHandle handle, std::string topic)
        : handle_(std::move(handle)), topic_(std::move(topic)), polling_([this] { poll(); }) {}

    ~Client() {
        rd_kafka_flush(handle_.get(), 1000);
        rd_kafka_purge(handle_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        rd_kafka_flush(handle_.get(), 1000);  // hands the purged ones to their callbacks
        stopping_ = true;
        polling_.join();
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // Always answers through `done`, at the latest after the delivery timeout.
    void send(const Record& record, Done done) {
        auto opaque = std::make_unique<Done>(std::move(done));
        for (;;) {
            HeadersHandle headers = headers_of(record);
            const auto error = produce(record, headers.get(), opaque.get());
            if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
                headers.release();  // librdkafka took both
                opaque.release();
                return;
            }
            if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) return (*opaque)(fate_of(error));
            std::this_thread::sleep_for(milliseconds(2));  // the poll thread makes room
        }
    }

    Result<void> flush(int timeout_ms) { return fate_of(rd_kafka_flush(handle_.get(), timeout_ms)); }
    bool fatal() const { return rd_kafka_fatal_error(handle_.get(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR; }

  private:
    rd_kafka_resp_err_t produce(const Record& record, rd_kafka_headers_t* headers, Done* opaque) {
        // rd_kafka_producev, not produceva: the latter frees headers twice in 2.0.2.
        return rd_kafka_producev(handle_.get(), RD_KAFKA_VTYPE_TOPIC, topic_.c_str(),  //
                                 RD_KAFKA_VTYPE_MSGFLAGS, RD_KAFKA_MSG_F_COPY,         //
                                 RD_KAFKA_VTYPE_KEY, record.key.data(), record.key.size(), RD_KAFKA_VTYPE_VALUE,
                                 record.value.data(), record.value.size(), RD_KAFKA_VTYPE_HEADERS, headers,  //
                                 RD_KAFKA_VTYPE_OPAQUE, opaque, RD_KAFKA_VTYPE_END);
    }
    void poll() {
        while (!stopping_) rd_kafka_poll(handle_.get(), 50);
    }

    ClientHandle handle_;
    std::string topic_;
    std::atomic<bool> stopping_{false};
    std::thread polling_;
};

// Counts the answers of one send().
class Tally {
  public:
    explicit Tally(std::size_t expected) : open_(expected) {}
    void answer(const Result<void>& fate) {
        const std::lock_guard lock(mutex_);
        if (!fate && first_failure_) first_failure_ = fail(fate.error());
        if (--open_ == 0) all_in_.notify_all();
    }
    Result<void> wait() {
        std::unique_lock lock(mutex_);
        all_in_.wait(lock, [this] { return open_ == 0; });
        return first_failure_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable all_in_;
    std::size_t open_;
    Result<void> first_failure_;
};

class RdProducer : public Producer {
  public:
    explicit RdProducer(ProducerOptions options, std::shared_ptr<Client> client)
        : options_(std::move(options)), client_(std::move(client)) {}

    Result<void> send(const std::vector<Record>& records) override {
        if (records.empty()) return {};
        auto client = usable();
        if (!client) return fail(client.error());
        const auto tally = std::make_shared<Tally>(records.size());
        for (const auto& record : records) {
            (*client)->send(record, [tally](const Result<void>& fate) { tally->answer(fate); });
        }
        return tally->wait();
    }

    void send_async(Record record, Done done) override {
        auto client = usable();
        if (!client) return done(fail(client.error()));
        (*client)->send(record, std::move(done));
    }

    Result<void> flush(int timeout_ms) override {
        auto client = usable();
        if (!client) return fail(client.error());
        return (*client)->flush(timeout_ms);
    }

  private:
    // Users of a replaced client keep it alive until their records are answered.
    Result<std::shared_ptr<Client>> usable() {
        const std::lock_guard lock(mutex_);
        if (client_->fatal()) {
            auto fresh = Client::open(options_);
            if (!fresh) return fail(Errc::unavailable, fresh.error().detail);
            client_ = *fresh;
        }
        return client_;
    }

    const ProducerOptions options_;
    std::mutex mutex_;
    std::shared_ptr<Client> client_;
};

}  // namespace

Result<std::unique_ptr<Producer>> make_producer(ProducerOptions options) {
    auto client = Client::open(options);
    if (!client) return fail(client.error());
    return std::make_unique<RdProducer>(std::move(options), std::move(*client));
}

}  // namespace cellvigil::kafka
