// Where a partition worker gets its messages from: the worker's queue of a Kafka consumer, or the embedded log. One
// Source serves one worker and is used by that worker's thread only, except for wake().
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/ingest/admission.h"
#include "daemon/ingest/ticket.h"
#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::ingest {

// One message as its log holds it. Everything it points to lives until receive() returns.
struct Received {
    const MessageView& message;
    bool tombstone = false;          // it has no value at all
    const ReplyTo* reply = nullptr;  // who waits for its fate; nullptr: nobody
    bool copy = false;               // a heartbeat that stands in another partition: it takes no position here
};

class Receiver {
  public:
    virtual ~Receiver() = default;
    // This message will be handed over soon, after those announced before: time to ask for its subject's memory, and,
    // when that has had time to come, for what the message itself will touch of it. Both change nothing and need not be
    // called; what the message points to is the same until handed_over().
    virtual void expect(const MessageView& message) = 0;
    virtual void prepare(const MessageView& message) = 0;
    // false: enough for now, take() shall return, once it has handed over what it has announced.
    virtual bool receive(const Received& received) = 0;
    // What was announced has been handed over, all of it: what the messages point to goes.
    virtual void handed_over() {}
    // The partition cannot be read on from its position (retention has passed it, the topic is gone or forbidden).
    // Nothing more comes from it until it is assigned anew.
    virtual void broken(std::uint32_t partition, const Error& error) = 0;
};

class Source {
  public:
    virtual ~Source() = default;
    // Hands over at most `at_most` waiting messages, in order within each partition, and returns how many they were.
    // Waits up to `wait` for the first one, unless wake() is called.
    virtual std::size_t take(std::size_t at_most, milliseconds wait, Receiver& receiver) = 0;
    // Messages waiting here; an estimate.
    virtual std::size_t waiting() const = 0;
    // Ends a take() that waits, or the next one. Any thread.
    virtual void wake() = 0;
};

}  // namespace cellvigil::ingest
