// Where messages come in that did not come from the topic: the HTTP API hands them over here and learns what became of
// each. Embedded mode: the partition workers take them, and the answer comes after the commit that made them durable.
// Kafka mode: they are produced to the topic, and the answer (`queued`) comes after acks=all. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "rules/base/result.h"
#include "rules/event/admit.h"

namespace cellvigil::ingest {

struct Submission {
    std::string key;    // "study/subject"; heartbeats "study/site/site_id"
    std::string value;  // serialised EventEnvelope, framed or bare
};

enum class Outcome : std::uint8_t { accepted, duplicate, superseded, quarantined, rejected, queued };
const char* name_of(Outcome outcome);

struct Answer {
    Outcome outcome = Outcome::rejected;
    std::vector<Issue> issues;
    EventFlags flags = 0;  // data quality marks of a message that was taken
    std::uint32_t partition = 0;
    std::int64_t position = -1;  // -1: not stored
};

class Inlet {
  public:
    virtual ~Inlet() = default;
    // `done` is called once, from any thread, with one answer per submission in their order, or with `unavailable`
    // (nothing was taken: the caller answers 503). Bounded: a full queue is `unavailable` at once.
    virtual void submit(std::vector<Submission> messages, std::function<void(Result<std::vector<Answer>>)> done) = 0;
};

}  // namespace cellvigil::ingest
