// A few messages between the queue they come off and the receiver. Each is copied here; when so many have come, all are
// announced, then all prepared for, then all handed over: what they touch comes from memory at the same time and not
// one after the other, and so does the code of each step. Nothing waits between two calls of a source's take().
#pragma once

#include <array>
#include <cstddef>
#include <cstring>

#include "daemon/ingest/source.h"

namespace cellvigil::ingest {

class Lookahead {
  public:
    void begin(Receiver& receiver) {
        receiver_ = &receiver;
        more_ = true;
        waiting_ = handed_over_ = 0;
    }
    static bool has_room_for(const MessageView& message) {
        return message.headers.empty() && message.key.size() + message.value.size() <= kRoom;
    }
    // One that there is room for.
    void add(const MessageView& message) {
        Copy& copy = copies_[waiting_++];
        char* const bytes = copy.bytes.data();
        std::memcpy(bytes, message.key.data(), message.key.size());
        std::memcpy(bytes + message.key.size(), message.value.data(), message.value.size());
        copy.message = message;
        copy.message.key = {bytes, message.key.size()};
        copy.message.value = {bytes + message.key.size(), message.value.size()};
        if (waiting_ == kAhead) hand_over_all();
    }
    // One that cannot wait: those before it are handed over first.
    void pass(const Received& received) {
        hand_over_all();
        hand_over(received);
    }
    void hand_over_all() {
        for (std::size_t i = 0; i < waiting_; ++i) receiver_->expect(copies_[i].message);
        for (std::size_t i = 0; i < waiting_; ++i) receiver_->prepare(copies_[i].message);
        for (std::size_t i = 0; i < waiting_; ++i)
            hand_over({.message = copies_[i].message, .tombstone = false, .reply = nullptr});
        waiting_ = 0;
    }
    bool more() const { return more_; }                               // the receiver wants more
    std::size_t messages() const { return handed_over_ + waiting_; }  // since begin()

  private:
    static constexpr std::size_t kAhead = 32;
    static constexpr std::size_t kRoom = 1024;  // bytes
    struct Copy {
        MessageView message;
        std::array<char, kRoom> bytes;  // of its key and value
    };
    void hand_over(const Received& received) {
        ++handed_over_;
        more_ = receiver_->receive(received) && more_;
    }

    std::array<Copy, kAhead> copies_;
    Receiver* receiver_ = nullptr;
    bool more_ = true;
    std::size_t waiting_ = 0;
    std::size_t handed_over_ = 0;
};

}  // namespace cellvigil::ingest
