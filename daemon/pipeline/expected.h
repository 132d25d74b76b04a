// What is known of messages that are announced but not yet taken, in order: their subjects, and of most how they were
// judged. A message then need not look its subject up again, and is not read and judged between what is done for
// others. What is said here is checked against the message's own partition and key, so that it is at worst of no use.
// Of no use after anything that lets subjects go: forget() then.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/pipeline/roster.h"

namespace cellvigil::pipeline {

class Expected {
  public:
    struct Entry {
        Subject* subject = nullptr;
        std::uint32_t partition = 0;
        std::int64_t admitted_at = -1;  // the position of the message that was judged ahead; -1: none was
        ingest::Admitted admitted;      // then: the answer, and the hashes of its ids
        EventKeys keys;
        bool has(const ingest::MessageView& message) const {
            return admitted_at == message.position && partition == message.partition;
        }
    };
    void add(std::uint32_t partition, Subject* subject) {
        Entry& entry = at(added_++);
        entry.subject = subject;
        entry.partition = partition;
        entry.admitted_at = -1;
    }
    // Of the first message that was announced and not asked for here; nullptr: its subject is not known.
    Entry* to_prepare() {
        if (prepared_ == added_) return nullptr;
        Entry& entry = at(prepared_++);
        return entry.subject != nullptr ? &entry : nullptr;
    }
    // The subject of a message that was prepared for a few messages ago; nullptr: of none.
    const Subject* prepared_before() {
        constexpr std::size_t kFew = 3;
        return prepared_ >= taken_ + kFew ? at(prepared_ - kFew).subject : nullptr;
    }
    // nullptr: not known here.
    const Entry* next(std::uint32_t partition, std::string_view key) {
        if (taken_ == added_) return nullptr;
        const Entry& entry = at(taken_++);
        if (entry.subject == nullptr || entry.partition != partition) return nullptr;
        return entry.subject->short_key.is(key, entry.subject->timeline) ? &entry : nullptr;
    }
    void forget() { added_ = prepared_ = taken_ = 0; }

  private:
    static constexpr std::size_t kMost = 32;
    Entry& at(std::size_t place) { return entries_[place % kMost]; }
    std::array<Entry, kMost> entries_{};
    std::size_t added_ = 0;
    std::size_t prepared_ = 0;
    std::size_t taken_ = 0;
};

}  // namespace cellvigil::pipeline
