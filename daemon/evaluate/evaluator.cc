#include "daemon/evaluate/evaluator.h"

#include <algorithm>

#include "daemon/wire/decode.h"

namespace cellvigil::evaluate {

class Evaluator::Impl {
  public:
    Impl(std::shared_ptr<const ingest::Directory> directory, RuleSet rules, Options options)
        : admission_(std::move(directory), wire::Reading::reference), rules_(std::move(rules)), options_(options) {}

    void take(const journal::Frame& frame) {
        switch (frame.kind) {
            case journal::FrameKind::tombstone:
                ++counts_.tombstones;
                return;
            case journal::FrameKind::control:
                ++counts_.controls;
                return;
            case journal::FrameKind::message:
                break;
        }
        ++counts_.messages;
        ingest::MessageView message;
        message.partition = frame.partition;
        message.partition_count = options_.partition_count;
        message.position = frame.position;
        message.appended_at = frame.appended_at;
        message.key = frame.key;
        message.headers = frame.headers;
        message.value = frame.value;
        const ingest::Admitted& admitted = admission_.admit(message);
        if (admitted.intake != Intake::accepted) return refuse(frame, admitted);
        if (admitted.event.subject.empty()) {
            ++counts_.heartbeats;
            return;
        }
        Event event = admitted.event;
        if (options_.unlogged == frame.appended_at) event.appended_at = std::min(event.appended_at, event.recorded_at);
        ++counts_.outcomes[name_of(timeline_of(event).collect(event))];
    }

    void finish() {
        for (auto& [key, timeline] : subjects_) timeline.rederive(rules_);
    }

    const RuleSet& rules() const { return rules_; }
    const Counts& counts() const { return counts_; }
    const std::vector<Refusal>& refusals() const { return refusals_; }
    std::map<std::string, SubjectTimeline>& subjects() { return subjects_; }

  private:
    void refuse(const journal::Frame& frame, const ingest::Admitted& admitted) {
        const char* outcome = admitted.intake == Intake::rejected ? "rejected" : "quarantined";
        ++counts_.outcomes[outcome];
        if (!admitted.issues.empty()) ++counts_.reasons[name_of(admitted.issues.front().reason)];
        if (refusals_.size() >= options_.keep_refusals) return;
        refusals_.push_back({frame.partition, frame.position, outcome, admitted.issues});
    }

    SubjectTimeline& timeline_of(const Event& event) {
        key_.assign(event.study).append("/").append(event.subject);
        const auto found = subjects_.find(key_);
        if (found != subjects_.end()) return found->second;
        return subjects_.emplace(key_, SubjectTimeline(key_)).first->second;
    }

    ingest::Admission admission_;
    RuleSet rules_;
    Options options_;
    Counts counts_;
    std::vector<Refusal> refusals_;
    std::map<std::string, SubjectTimeline> subjects_;
    std::string key_;
};

Evaluator::Evaluator(std::shared_ptr<const ingest::Directory> directory, RuleSet rules, Options options)
    : impl_(std::make_unique<Impl>(std::move(directory), std::move(rules), options)) {}
Evaluator::~Evaluator() = default;
void Evaluator::take(const journal::Frame& frame) { impl_->take(frame); }
void Evaluator::finish() { impl_->finish(); }
const RuleSet& Evaluator::rules() const { return impl_->rules(); }
const Counts& Evaluator::counts() const { return impl_->counts(); }
const std::vector<Refusal>& Evaluator::refusals() const { return impl_->refusals(); }
const std::map<std::string, SubjectTimeline>& Evaluator::subjects() const { return impl_->subjects(); }

std::map<std::string, SubjectTimeline> Evaluator::take_subjects() && { return std::move(impl_->subjects()); }

}  // namespace cellvigil::evaluate
