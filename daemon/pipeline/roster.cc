#include "daemon/pipeline/roster.h"

#include <utility>

#include "rules/base/ensure.h"

namespace cellvigil::pipeline {

Subject* Roster::find(std::string_view key, std::uint64_t hash) {
    const auto found = entries_.find(Sought{.hash = hash, .key = key});
    if (found == entries_.end()) return nullptr;
    found->subject->used = true;
    return found->subject;
}

Subject& Roster::add(std::uint64_t hash, SubjectTimeline timeline) {
    clock_.push_back(std::make_unique<Subject>(hash, std::move(timeline)));
    Subject& subject = *clock_.back();
    subject.place = clock_.size() - 1;
    entries_.insert(Entry{.hash = hash, .subject = &subject});
    recount(subject);
    return subject;
}

void Roster::mark_dirty(Subject& subject, std::int64_t position) {
    if (subject.dirty()) return;
    ensure(last_dirty_ == nullptr || last_dirty_->dirty_since <= position, "positions never go back");
    subject.dirty_since = position;
    subject.dirty_before = last_dirty_;
    (last_dirty_ != nullptr ? last_dirty_->dirty_after : first_dirty_) = &subject;
    last_dirty_ = &subject;
    ++dirty_count_;
}

void Roster::unlink_dirty(Subject& subject) {
    (subject.dirty_before != nullptr ? subject.dirty_before->dirty_after : first_dirty_) = subject.dirty_after;
    (subject.dirty_after != nullptr ? subject.dirty_after->dirty_before : last_dirty_) = subject.dirty_before;
    subject.dirty_before = nullptr;
    subject.dirty_after = nullptr;
    subject.dirty_since = -1;
    --dirty_count_;
}

void Roster::mark_written(Subject& subject) {
    if (subject.dirty()) unlink_dirty(subject);
    ++subject.snapshots_in_flight;
}

void Roster::grew(Subject& subject) {
    ++subject.uncounted;
    if (subject.uncounted >= 16 && subject.uncounted * 8 >= subject.timeline.records()) recount(subject);
}

void Roster::recount(Subject& subject) {
    subject.uncounted = 0;
    const std::size_t now = subject.timeline.memory_bytes() + sizeof(Subject);
    bytes_ += now - subject.bytes;
    subject.bytes = now;
}

void Roster::remove(Subject& subject) {
    entries_.erase(Sought{.hash = subject.hash, .key = subject.timeline.key()});
    bytes_ -= subject.bytes;
    const std::size_t place = subject.place;
    if (place + 1 != clock_.size()) {
        std::swap(clock_[place], clock_.back());
        clock_[place]->place = place;
    }
    clock_.pop_back();
}

std::size_t Roster::evict(std::size_t limit, std::size_t at_most, std::vector<Subject*>& wanted) {
    std::size_t left = 0;
    std::size_t steps = 2 * clock_.size();  // the first round may only clear marks
    while (bytes_ > limit && steps-- > 0 && !clock_.empty() && wanted.size() < at_most) {
        if (hand_ >= clock_.size()) hand_ = 0;
        Subject& subject = *clock_[hand_];
        if (subject.used) {
            subject.used = false;
            ++hand_;
        } else if (subject.may_leave()) {
            remove(subject);  // another one now stands at the hand's place
            ++left;
        } else {
            if (subject.dirty()) wanted.push_back(&subject);
            ++hand_;
        }
    }
    return left;
}

}  // namespace cellvigil::pipeline
