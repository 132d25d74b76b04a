// What is known of messages that are announced but not yet taken: their subjects, and of most how they were judged. A
// message then need not look its subject up again, and is not read and judged between what is done for others. Each is
// known by its place in the log, so that messages that are announced and never come, or come and were not announced, do
// no harm. Of no use after anything that lets subjects go: forget() then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "daemon/pipeline/roster.h"

namespace cellvigil::pipeline {

class Expected {
  public:
    static constexpr std::size_t kMost = 512;  // messages; one is forgotten when so many more are announced

    struct Entry {
        std::uint32_t partition = 0;  // of the message that was announced: no other one is its
        std::int64_t position = -1;
        Subject* subject = nullptr;  // under its key; nullptr: not known
        bool judged = false;
        ingest::Admitted admitted;  // when judged: the answer, and the hashes of its ids
        EventKeys keys;
        bool is_of(const ingest::MessageView& message) const {
            return position == message.position && partition == message.partition;
        }
    };
    void add(const ingest::MessageView& message, Subject* subject) {
        Entry& entry = at(added_++);
        entry.partition = message.partition;
        entry.position = message.position;
        entry.subject = subject;
        entry.judged = false;
    }
    // Of a message that comes to be prepared for; nullptr: it was not announced here, or its subject is not known.
    Entry* to_prepare(const ingest::MessageView& message) {
        Entry* entry = find(message, prepared_);
        return entry != nullptr && entry->subject != nullptr ? entry : nullptr;
    }
    // Of the message that comes now, and is past; nullptr likewise.
    const Entry* next(const ingest::MessageView& message) {
        const Entry* entry = find(message, taken_);
        return entry != nullptr && entry->subject != nullptr ? entry : nullptr;
    }
    // Entries of messages that have come are kept until release(); the next add() may write over one of them.
    bool full() const { return added_ - kept_ >= kMost; }
    void release() { kept_ = taken_; }
    void forget() { added_ = prepared_ = taken_ = kept_ = 0; }

  private:
    Entry& at(std::size_t place) { return entries_[place % kMost]; }
    // The message's own among those not yet passed by `from`, which then stands behind it. Most often it is the first.
    Entry* find(const ingest::MessageView& message, std::size_t& from) {
        if (added_ - from > kMost) from = added_ - kMost;
        for (std::size_t i = from; i < added_; ++i) {
            if (!at(i).is_of(message)) continue;
            from = i + 1;
            return &at(i);
        }
        return nullptr;
    }
    std::vector<Entry> entries_{kMost};
    std::size_t added_ = 0;
    std::size_t prepared_ = 0;
    std::size_t taken_ = 0;
    std::size_t kept_ = 0;
};

}  // namespace cellvigil::pipeline
