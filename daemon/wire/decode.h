// From the bytes of an EventEnvelope to what was sent, by one of two readers that agree on everything: our own, which
// takes observations straight from the bytes, and libprotobuf's, which takes the rest and all that the first is in
// doubt about.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/wire/fast_reader.h"
#include "daemon/wire/sent.h"
#include "rules/event/admit.h"
#include "rules/event/body.h"
#include "rules/event/event.h"

namespace cellvigil::wire {

enum class Reading : std::uint8_t {
    fast,       // our own reader first
    reference,  // libprotobuf only: the offline oracle
};

enum class FieldKind : std::uint8_t { text, number, whole_number, boolean, enumerator, message };

// One field of a message that was visited, set or not, for the table of limits. Text is a view into the decoder's
// message.
struct SentField {
    std::uint32_t ordinal = 0;  // the same for the same field of the same kind of message, and small
    std::string_view message;   // "Quantity"
    std::string_view name;      // "value"
    std::int32_t parent = -1;   // place of the message's own field in the list; -1: of the envelope
    std::int32_t index = -1;    // of an element of a repeated field
    FieldKind kind = FieldKind::text;
    bool stated = false;    // has presence and is set; without presence: differs from the default
    bool repeated = false;  // the whole of a repeated field: `count`; its elements follow, with their index
    bool known = true;      // of an enumerator: one that this version knows
    std::uint32_t count = 0;
    std::string_view text;
    double number = 0;  // numbers, enumerators, booleans; whole numbers exactly up to 2^53
};
// "observation.quantity.value", "follow_up_contact.surveillance[2].domain".
std::string path_of(const std::vector<SentField>& fields, std::size_t place);

struct StatedPayload;  // daemon/wire/stated.h

// Holds what was read: views of a SentEnvelope live until the next read(). Not thread-safe.
class Decoder {
  public:
    explicit Decoder(Reading reading = Reading::fast);
    ~Decoder();
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    // False: not an envelope; problem() says why. `bytes` must outlive what is asked afterwards. `known`: how parts of
    // it looked before.
    bool read(std::string_view bytes, SentEnvelope& sent, const Known& known = {});
    bool read_by_fast_reader() const;
    // Of a payload other than an observation that was read by it: what it states.
    const StatedPayload& stated() const;

    // Why the last bytes could not be read: the innermost field that is cut short, malformed or not UTF-8.
    Issue problem() const;

    // The payload of the last envelope: numbers canonical, what cannot be used left out and flagged. An observation is
    // empty here: it stands in what was sent. Retraction when there is no payload.
    Body body(const SiteTerms& terms, EventFlags& flags);

    // Every field of the last envelope and of the messages in it, in the order of their declaration. Until the next
    // call.
    const std::vector<SentField>& fields();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cellvigil::wire
