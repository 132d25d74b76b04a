// Messages between the queue they come off and the receiver. Each is copied here; when many have come, they are handed
// over some at a time: those are announced, then prepared for, then handed over, so that what they touch comes from
// memory at the same time and not one after the other, and so does the code of each step. At last the receiver hears
// that it was all, and works off what it put by. Nothing waits between two calls of a source's take().
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "daemon/ingest/source.h"

namespace cellvigil::ingest {

class Lookahead {
  public:
    void begin(Receiver& receiver) {
        receiver_ = &receiver;
        more_ = true;
        waiting_ = used_ = handed_over_ = 0;
    }
    static bool has_room_for(const MessageView& message) {
        return message.headers.empty() && message.key.size() + message.value.size() <= kLongest;
    }
    // One that there is room for.
    void add(const MessageView& message) {
        const std::size_t size = message.key.size() + message.value.size();
        if (waiting_ == kMost || used_ + size > kBytes) hand_over_all();
        char* const bytes = bytes_.data() + used_;
        std::copy_n(message.key.data(), message.key.size(), bytes);
        std::copy_n(message.value.data(), message.value.size(), bytes + message.key.size());
        used_ += size;
        MessageView& copy = messages_[waiting_++];
        copy = message;
        copy.key = {bytes, message.key.size()};
        copy.value = {bytes + message.key.size(), message.value.size()};
    }
    // One that cannot wait: those before it are handed over first.
    void pass(const Received& received) {
        hand_over_all();
        hand_over(received);
        receiver_->handed_over();
    }
    void hand_over_all() {
        if (waiting_ == 0) return;
        for (std::size_t from = 0; from < waiting_; from += kStep) {
            const std::size_t end = std::min(from + kStep, waiting_);
            for (std::size_t i = from; i < end; ++i) receiver_->expect(messages_[i]);
            for (std::size_t i = from; i < end; ++i) receiver_->prepare(messages_[i]);
            for (std::size_t i = from; i < end; ++i)
                hand_over({.message = messages_[i], .tombstone = false, .reply = nullptr});
        }
        waiting_ = used_ = 0;
        receiver_->handed_over();
    }
    bool more() const { return more_; }                               // the receiver wants more
    std::size_t messages() const { return handed_over_ + waiting_; }  // since begin()

    static constexpr std::size_t kMost = 512;  // messages

  private:
    static constexpr std::size_t kStep = 32;
    static constexpr std::size_t kLongest = 1024;       // bytes, of its key and value
    static constexpr std::size_t kBytes = 128U << 10U;  // of all
    void hand_over(const Received& received) {
        ++handed_over_;
        more_ = receiver_->receive(received) && more_;
    }

    std::array<MessageView, kMost> messages_;
    std::array<char, kBytes> bytes_;
    Receiver* receiver_ = nullptr;
    bool more_ = true;
    std::size_t waiting_ = 0;
    std::size_t used_ = 0;
    std::size_t handed_over_ = 0;
};

}  // namespace cellvigil::ingest
