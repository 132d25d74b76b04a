// From bytes to an accepted Event, or the reasons why not. Framing, decoding, every limit of the limits table, units,
// plausibility, configuration, clocks: all that one message and its append time can tell. Decides nothing clinical.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/journal/frame.h"
#include "daemon/wire/known_head.h"
#include "rules/event/admit.h"

namespace cellvigil::wire {
enum class Reading : std::uint8_t;  // daemon/wire/decode.h
}  // namespace cellvigil::wire

namespace cellvigil::ingest {

// What the deployment knows: from the configuration, replaced as a whole on reload.
struct Site {
    std::optional<UtcOffset> offset;                  // used where a message states none
    std::map<std::string, std::string> unit_aliases;  // "THOU/uL" -> "10*3/uL"
    std::map<std::string, std::string> code_aliases;  // "ANC" -> "751-8", "NORAD" -> "norepinephrine"
};
struct Study {
    std::set<std::string> cohorts;
    std::map<std::string, Site> sites;
};
struct Directory {
    std::map<std::string, Study> studies;
    bool accept_any = false;                     // tools: every study, cohort and site is known
    milliseconds clock_tolerance = minutes(10);  // beyond it: flag
    milliseconds clock_limit = hours(24);        // beyond it: quarantine
    std::size_t max_value_bytes = 1 << 20;
    std::size_t max_headers = 64;
};

struct MessageView {
    std::uint32_t partition = 0;
    std::uint32_t partition_count = 0;  // 0: the key is not checked (files)
    std::int64_t position = 0;
    Instant appended_at{};
    std::string_view key;
    std::span<const journal::Header> headers;
    std::string_view value;
};

struct Admitted {
    Intake intake = Intake::rejected;
    Event event;                    // filled as far as it could be read; meaningful when accepted or quarantined
    std::vector<Issue> issues;      // every reason, not only the first; empty when accepted
    std::uint64_t source_hash = 0;  // hash64() of the event's source; of what was admitted ahead only, else 0
};

// What a subject's messages have in common, kept beside the subject; made and understood by one Admission.
struct Head {
    wire::KnownHead text;
    std::uint32_t sender = 0;  // its place, and which one was there
    std::uint32_t serial = 0;
};

// One per worker: reuses its buffers. Not thread-safe.
class Admission {
  public:
    explicit Admission(std::shared_ptr<const Directory> directory);
    // The offline oracle reads with Reading::reference.
    Admission(std::shared_ptr<const Directory> directory, wire::Reading reading);
    ~Admission();
    Admission(const Admission&) = delete;
    Admission& operator=(const Admission&) = delete;

    void replace(std::shared_ptr<const Directory> directory);
    // The answer lives until the next call; its views point into `message` and into buffers of this object.
    const Admitted& admit(const MessageView& message);

    // The same in two steps with the same message, for those who have something to do between: which event it says it
    // is, or nullopt when it cannot be read, and then the answer.
    struct Ids {
        std::string_view source;
        std::string_view record;
        std::string_view message;
    };
    // `head`: of the subject under the message's key; nullptr: not known.
    std::optional<Ids> read(const MessageView& message, const Head* head = nullptr);
    // `key_is_here`: under this key an accepted message came before, in this partition of so many.
    const Admitted& judge(const MessageView& message, bool key_is_here = false);
    // The answer, ahead of its turn and kept in `into` as long as the message's bytes are: an observation that is like
    // the head and is accepted. False: it is not one of these, and `into` is in no particular state.
    bool admit_ahead(const MessageView& message, const Head& head, bool key_is_here, Admitted& into);
    // Whether the last message was like the head that was given; if not, and it was an accepted one of the subject
    // whose head it is, remembering makes the next one like it cheaper.
    bool head_was_enough() const;
    void remember(Head& head);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

// JSON (one object, an array, or lines) to serialised envelopes, with the reasons per item where it does not fit.
// Defined in daemon/ingest_json (component daemon_ingest_json).
struct JsonItem {
    std::string envelope;  // serialised protobuf; empty when issues is not
    std::vector<Issue> issues;
    std::string_view text = {};  // the item as it was written, a part of the text given; only where there are issues
};
std::vector<JsonItem> envelopes_of_json(std::string_view text);

}  // namespace cellvigil::ingest
