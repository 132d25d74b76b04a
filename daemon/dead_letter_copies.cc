#include "daemon/dead_letter_copies.h"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "daemon/ingest/refusal.h"
#include "daemon/journal/frame.h"
#include "daemon/kafka/producer.h"
#include "daemon/log/log.h"
#include "daemon/store/block.h"

namespace cellvigil {
namespace {

constexpr std::string_view kCursor = "dead-letters";
constexpr std::size_t kAtOnce = 100;
constexpr std::size_t kHead = 16U << 10U;  // of an oversize message
constexpr milliseconds kPoll{500};
constexpr milliseconds kLongestWait{30'000};

std::string sha256_hex(std::string_view bytes) {
    store::Codec codec;
    const auto digest = codec.sha256(bytes);
    std::string hex;
    if (!digest) return hex;
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (const char byte : *digest) {
        const auto value = static_cast<unsigned char>(byte);
        hex += kDigits[value >> 4U];
        hex += kDigits[value & 0xFU];
    }
    return hex;
}

kafka::Record record_of(const std::string& of_topic, const store::DeadLetter& letter) {
    kafka::Record record;
    journal::Frame frame;
    journal::FrameReader reader(letter.frame);
    if (reader.next(frame)) {
        record.key = frame.key;
        record.value = letter.oversize ? frame.value.substr(0, kHead) : frame.value;
        for (const auto& header : frame.headers) record.headers.emplace_back(header.name, header.value);
        if (letter.oversize && letter.position >= 0) {  // what was refused at the inlet has them already
            record.headers.emplace_back(ingest::kLengthHeader, std::to_string(frame.value.size()));
            record.headers.emplace_back(ingest::kSha256Header, sha256_hex(frame.value));
        }
    }
    record.headers.emplace_back("cv_reason", letter.reason);
    record.headers.emplace_back("cv_detail", letter.detail);
    record.headers.emplace_back("cv_topic", of_topic);
    if (letter.position >= 0) {  // else it was refused before it was in a topic
        record.headers.emplace_back("cv_partition", std::to_string(letter.partition));
        record.headers.emplace_back("cv_offset", std::to_string(letter.position));
    }
    record.headers.emplace_back("cv_failed_at", to_rfc3339(letter.failed_at));
    return record;
}

class Copies : public DeadLetterCopies {
  public:
    Copies(std::string of_topic, std::unique_ptr<kafka::Producer> producer, std::unique_ptr<store::Store> session)
        : of_topic_(std::move(of_topic)),
          producer_(std::move(producer)),
          session_(std::move(session)),
          thread_([this] { run(); }) {}
    ~Copies() override {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            changed_.notify_one();
        }
        thread_.join();
    }
    Copies(const Copies&) = delete;
    Copies& operator=(const Copies&) = delete;

  private:
    void run() {
        milliseconds wait = kPoll;
        for (;;) {
            const auto copied = copy_some();
            if (!copied) {
                log::warn({"dead_letters", "copy_failed", "dead letters wait in the store"}, {{"err", copied.error()}});
                wait = std::min(wait * 2, kLongestWait);
            } else {
                wait = *copied == kAtOnce ? milliseconds(0) : kPoll;
            }
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, wait, [this] { return stopping_; });
            if (stopping_) return;
        }
    }

    Result<std::size_t> copy_some() {
        const auto from = session_->delivered_upto(kCursor);
        if (!from) return fail(from.error());
        auto letters = session_->dead_letters(*from, kAtOnce);
        if (!letters) return fail(letters.error());
        if (letters->empty()) return std::size_t{0};
        std::vector<kafka::Record> records;
        for (const auto& row : *letters) {
            auto whole = session_->dead_letter(row.id);  // the list leaves the frame out
            if (!whole) return fail(whole.error());
            records.push_back(record_of(of_topic_, whole->letter));
        }
        if (auto sent = producer_->send(records); !sent) return fail(sent.error());
        if (auto moved = session_->set_delivered(kCursor, letters->back().id); !moved) return fail(moved.error());
        return letters->size();
    }

    const std::string of_topic_;
    const std::unique_ptr<kafka::Producer> producer_;
    const std::unique_ptr<store::Store> session_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<DeadLetterCopies>> make_dead_letter_copies(std::string topic, std::string of_topic,
                                                                  std::map<std::string, std::string> properties,
                                                                  pipeline::OpenStore open_store) {
    auto producer = kafka::make_producer({.topic = std::move(topic), .properties = std::move(properties)});
    if (!producer) return fail(producer.error());
    auto session = open_store();
    if (!session) return fail(session.error());
    return std::unique_ptr<DeadLetterCopies>(
        std::make_unique<Copies>(std::move(of_topic), std::move(*producer), std::move(*session)));
}

}  // namespace cellvigil
