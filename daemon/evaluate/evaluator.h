// The offline batch evaluation: a log's frames in, every subject's findings out. It is the oracle that the daemon is
// tested against: it reads envelopes with the reference reader and derives every subject from scratch, once, at the
// end. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ingest/admission.h"
#include "daemon/journal/frame.h"
#include "rules/timeline/subject_timeline.h"

namespace cellvigil::evaluate {

struct Counts {
    std::uint64_t messages = 0;
    std::uint64_t tombstones = 0;
    std::uint64_t controls = 0;
    std::uint64_t heartbeats = 0;
    std::map<std::string, std::uint64_t>
        outcomes;  // "applied", "duplicate", "superseded", ..., "quarantined", "rejected"
    std::map<std::string, std::uint64_t> reasons;  // of quarantined and rejected messages
};

// One message that was not accepted, for people.
struct Refusal {
    std::uint32_t partition = 0;
    std::int64_t position = 0;
    std::string outcome;
    std::vector<Issue> issues;
};

struct Options {
    std::uint32_t partition_count = 0;  // 0: keys are not checked
    std::size_t keep_refusals = 1000;   // at most; the counts are of all
    // Messages with this append time came through no log (a file of JSON): they count as known since they were
    // recorded.
    std::optional<Instant> unlogged = {};
};

class Evaluator {
  public:
    Evaluator(std::shared_ptr<const ingest::Directory> directory, RuleSet rules, Options options);
    ~Evaluator();

    void take(const journal::Frame& frame);
    // Derives every subject. Call once, after the last frame.
    void finish();

    const RuleSet& rules() const;
    const Counts& counts() const;
    const std::vector<Refusal>& refusals() const;
    const std::map<std::string, SubjectTimeline>& subjects() const;  // by "study/subject"
    std::map<std::string, SubjectTimeline> take_subjects() &&;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

// SHA-256 over the canonical form of every subject, in key order: 64 hex digits.
class StateHash {
  public:
    StateHash();
    ~StateHash();
    void add(const SubjectTimeline& timeline, const RuleSet& rules);  // keys must rise
    std::string hex();                                                // ends it

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};
std::string state_hash(const std::map<std::string, SubjectTimeline>& subjects, const RuleSet& rules);

}  // namespace cellvigil::evaluate
