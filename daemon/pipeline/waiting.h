// Events that are accepted and in the journal, and wait to be applied to their subjects: one subject's one after the
// other, so that its memory is fetched once for several of them. Of one subject they keep their order; between subjects
// there is none to keep as long as no day ends and nothing falls due.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "daemon/pipeline/expected.h"

namespace cellvigil::pipeline {

struct WaitingEvent {
    const Expected::Entry* what = nullptr;
    const ingest::MessageView* message = nullptr;
    std::size_t frame_at = 0;  // in the open segment of its partition
    std::size_t frame_size = 0;
    Instant log_time{};               // the partition's when it was recorded
    std::uint32_t next = kNoneWaits;  // of the same subject
};

class Waiting {
  public:
    bool empty() const { return events_.empty(); }
    std::size_t size() const { return events_.size(); }
    void add(Subject& subject, const WaitingEvent& event) {
        const auto place = static_cast<std::uint32_t>(events_.size());
        events_.push_back(event);
        if (subject.first_waiting == kNoneWaits) {
            subject.first_waiting = place;
            subjects_.push_back(&subject);
        } else {
            events_[subject.last_waiting].next = place;
        }
        subject.last_waiting = place;
    }
    const WaitingEvent& operator[](std::uint32_t place) const { return events_[place]; }
    // Those that something waits for, or waited for, in the order in which they came.
    const std::vector<Subject*>& subjects() const { return subjects_; }
    void clear() {
        events_.clear();
        subjects_.clear();
    }

  private:
    std::vector<WaitingEvent> events_;
    std::vector<Subject*> subjects_;
};

}  // namespace cellvigil::pipeline
