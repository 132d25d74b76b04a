#include "daemon/kafka/feed.h"

#include <algorithm>
#include <string>
#include <thread>

namespace cellvigil::kafka {
namespace {

std::string_view bytes_of(const void* data, std::size_t size) {
    return data == nullptr ? std::string_view{} : std::string_view(static_cast<const char*>(data), size);
}

constexpr std::size_t kOwnBytes = 100;  // that the library keeps beside a waiting message's own, about

// Errors after which the partition cannot be read on without losing something.
bool ends_partition(rd_kafka_resp_err_t error) {
    return error == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || error == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE ||
           error == RD_KAFKA_RESP_ERR__BAD_MSG || error == RD_KAFKA_RESP_ERR__BAD_COMPRESSION ||
           error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || error == RD_KAFKA_RESP_ERR_INVALID_MSG;
}

}  // namespace

Feed::Feed(rd_kafka_t* client, const ConsumerEvents& events)
    : client_(client), events_(events), queue_(QueueHandle(rd_kafka_queue_new(client))) {}

std::shared_ptr<rd_kafka_queue_t> Feed::queue() const {
    const std::lock_guard lock(handle_);
    return queue_;
}

void Feed::release() {
    std::shared_ptr<rd_kafka_queue_t> mine;
    {
        const std::lock_guard lock(handle_);
        mine.swap(queue_);
    }
    if (mine) rd_kafka_queue_yield(mine.get());  // a take() that waits for messages comes back
    const std::lock_guard lock(serving_);
    mine.reset();
}

// A queue that is served as a whole is taken empty first, so that to the library there is room while it is being
// served: it then fetches on. Of a short queue that costs one more fetch's memory and spares two locks and two looks at
// the clock for each message; a long one is read message by message until it is short again. The library does not say
// how many bytes wait, only how many messages: they are taken to be as large as the last ones were.
std::size_t Feed::take(std::size_t at_most, milliseconds wait, ingest::Receiver& receiver) {
    const std::lock_guard lock(serving_);
    const auto queue = this->queue();
    if (!queue) {  // the consumer is closed, the worker not yet stopped
        std::this_thread::sleep_for(std::min(wait, milliseconds(5)));
        return 0;
    }
    ahead_.begin(receiver);
    taken_bytes_ = 0;
    if (rd_kafka_queue_length(queue.get()) * mean_bytes_ <= kShort) {
        serve(queue.get(), at_most, wait, receiver);
    } else {
        while (ahead_.more() && ahead_.messages() < at_most) {
            const MessageHandle message(
                rd_kafka_consume_queue(queue.get(), ahead_.messages() == 0 ? static_cast<int>(wait.count()) : 0));
            if (!message) break;
            arrive(*message, receiver);
        }
    }
    ahead_.hand_over_all();
    const std::size_t messages = ahead_.messages();
    if (messages > 0) mean_bytes_ = taken_bytes_ / messages + kOwnBytes;
    taken_.fetch_add(messages, std::memory_order_relaxed);
    return messages;
}

// Everything that waits, or as much as the receiver wants.
void Feed::serve(rd_kafka_queue_t* queue, std::size_t at_most, milliseconds wait, ingest::Receiver& receiver) {
    struct Serving {
        Feed& feed;
        ingest::Receiver& receiver;
        std::size_t at_most;
    } serving{*this, receiver, at_most};
    const auto take_one = [](rd_kafka_message_t* message, void* opaque) {
        const auto& own = *static_cast<Serving*>(opaque);
        own.feed.arrive(*message, own.receiver);
        if (!own.feed.ahead_.more() || own.feed.ahead_.messages() >= own.at_most) rd_kafka_yield(own.feed.client_);
    };
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"  // what replaces it loses messages on 2.0.2 (decision 0012)
    rd_kafka_consume_callback_queue(queue, static_cast<int>(wait.count()), take_one, &serving);
#pragma GCC diagnostic pop
}

void Feed::arrive(const rd_kafka_message_t& message, ingest::Receiver& receiver) {
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        ahead_.hand_over_all();
        return report(message, receiver);
    }
    taken_bytes_ += message.key_len + message.len;
    read_headers(message);
    rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const auto stamp = rd_kafka_message_timestamp(&message, &type);
    const ingest::MessageView view{
        .partition = static_cast<std::uint32_t>(message.partition),
        .partition_count = partition_count_.load(std::memory_order_relaxed),
        .position = message.offset,
        .appended_at = Instant(milliseconds(type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? 0 : stamp)),
        .key = bytes_of(message.key, message.key_len),
        .headers = headers_,
        .value = bytes_of(message.payload, message.len),
    };
    if (message.payload != nullptr && ingest::Lookahead::has_room_for(view)) return ahead_.add(view);
    ahead_.pass({.message = view, .tombstone = message.payload == nullptr, .reply = nullptr});
}

void Feed::read_headers(const rd_kafka_message_t& message) {
    headers_.clear();
    rd_kafka_headers_t* found = nullptr;
    if (rd_kafka_message_headers(&message, &found) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    while (rd_kafka_header_get_all(found, headers_.size(), &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        headers_.push_back({.name = name, .value = bytes_of(value, size)});
    }
}

void Feed::report(const rd_kafka_message_t& message, ingest::Receiver& receiver) {
    errors_.fetch_add(1, std::memory_order_relaxed);
    const std::string text = std::string(rd_kafka_err2name(message.err)) + ": " + rd_kafka_message_errstr(&message);
    if (ends_partition(message.err) && message.partition >= 0) {
        receiver.broken(static_cast<std::uint32_t>(message.partition), {Errc::corrupt, text});
    } else if (events_.log) {
        events_.log(4, "kafka_partition_error", text);
    }
}

void Feed::forward(const std::string& topic, std::uint32_t partition) {
    const QueueHandle of_partition(
        rd_kafka_queue_get_partition(client_, topic.c_str(), static_cast<std::int32_t>(partition)));
    const auto queue = this->queue();
    if (of_partition && queue) rd_kafka_queue_forward(of_partition.get(), queue.get());
}

std::size_t Feed::waiting() const {
    const std::lock_guard lock(handle_);
    return queue_ ? rd_kafka_queue_length(queue_.get()) : 0;
}

void Feed::wake() {
    const std::lock_guard lock(handle_);
    if (queue_) rd_kafka_queue_yield(queue_.get());
}

}  // namespace cellvigil::kafka
