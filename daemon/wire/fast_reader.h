// Reads an envelope straight from its bytes, without allocation: its own fields, and an Observation. It takes only
// bytes that are exactly what a serialiser writes (each field once, shortest varints, no defaults, ASCII text,
// enumerators that we know; the fields of the observation in any order) and leaves everything else to libprotobuf:
// agreement by construction, held to by a differential test and a fuzzer.
#pragma once

#include <cstdint>
#include <string_view>

#include "daemon/wire/known_head.h"
#include "daemon/wire/known_payload.h"
#include "daemon/wire/sent.h"

namespace cellvigil::wire {

// How parts of messages looked before; nullptr: not known.
struct Known {
    const KnownHead* head = nullptr;
    const KnownPayloads* payloads = nullptr;
    std::size_t speaker = 0;  // see KnownPayloads::find
};

// A payload that is not an observation.
struct OtherPayload {
    std::uint32_t number = 0;  // of its field in the envelope; 0: it is an observation
    std::string_view bytes;
};

// False: not of that kind; `sent` is then in no particular state. Of a payload other than an observation only the kind
// is read: what was read then holds only if list_stated() takes its bytes as well.
bool read_fast(std::string_view bytes, SentEnvelope& sent, OtherPayload& other, const Known& known = {});

// The same of an observation whose head is known.head; false at once of everything else. Nothing of `known` is nullptr.
// Of an observation like a known payload only the number and the panel are filled; KnownPayloads::complete() does the
// rest.
bool read_like(std::string_view bytes, SentEnvelope& sent, const Known& known);

// The hash of an envelope's content: its serialised bytes without message_id, producer_version, supersedes_message_id,
// sent_at and producer_sequence.
std::uint64_t content_hash_of(std::string_view content);

}  // namespace cellvigil::wire
