// The subject's facts as the log holds them: every record, every version of it, every message id. Decides which version
// of a record is live, whatever the order of arrival. Used by SubjectTimeline only. Pure.
//
// Of two contents under one version, or under one message id, the live one is the greatest of (version, recorded_at,
// content hash) (settled point 5); the others are kept and say why they are not.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/base/blocks.h"
#include "rules/base/bytes.h"
#include "rules/base/fetch_ahead.h"
#include "rules/base/hash_index.h"
#include "rules/base/text_arena.h"
#include "rules/event/event.h"
#include "rules/timeline/event_keys.h"
#include "rules/timeline/fact.h"

namespace cellvigil {

inline constexpr std::uint32_t kNone = 0xffffffff;

// One cache line: a history is mostly these. What few facts have stands beside: Records::until(), and the next version.
struct Version {
    Instant from{};
    Instant recorded_at{};
    Instant appended_at{};
    std::uint64_t content = 0;
    Quantity value;
    std::uint32_t record = kNone;
    std::uint32_t number = 1;
    std::uint32_t body = kNone;  // place in bodies(), kNone for a plain observation
    std::uint16_t flags = 0;     // EventFlags
    std::int16_t offset_minutes = 0;
    std::uint16_t place = 0;       // cohort and site: index into places()
    std::uint16_t supporters = 0;  // messages whose winning content this is; 0: not eligible
    FactKind kind = FactKind::observation;
    Analyte analyte = Analyte::other;
    RecordAction action : 2 = RecordAction::create;
    TimePrecision precision : 3 = TimePrecision::second;
    Comparator comparator : 3 = Comparator::unspecified;
    DataOrigin origin : 3 = DataOrigin::unspecified;
    bool has_value : 1 = false;
    bool lasts : 1 = false;           // it has an end: Records::until()
    bool followed : 1 = false;        // another version of the same record arrived later
    bool panelled : 1 = false;        // an observation of a panel: Records::panel()
    bool names_infusion : 1 = false;  // Records::infusion_named()
};
static_assert(sizeof(Version) == 64);

struct Record {
    std::uint32_t text = 0;  // offset of "source/record" in the text arena
    std::uint16_t text_size = 0;
    std::uint16_t source_size = 0;
    std::uint32_t first = kNone;  // versions, by arrival
    std::uint32_t live = kNone;
};
static_assert(sizeof(Record) == 16);

struct Place {           // where a message came from
    std::string cohort;  // "study/cohort"
    std::string site;
    bool operator==(const Place&) const = default;
};

enum class Added : std::uint8_t { fresh, duplicate, version_conflict, id_reuse };

class Records {
  public:
    // Takes the event in; `version` is where it is now (for a duplicate: the one it repeats). Says whether the live
    // version of any record may have changed through `changed` (records to look at again; usually one).
    // `keys` are keys_of() the event's source, record and message id.
    Added add(const Event& event, const EventKeys& keys, std::uint32_t& version, std::vector<std::uint32_t>& changed);

    std::string_view text(std::uint32_t record) const {
        return texts_.at(records_[record].text, records_[record].text_size);
    }
    // The record's id, without its source.
    std::string_view id(std::uint32_t record) const { return text(record).substr(records_[record].source_size + 1U); }
    // When the version's fact ends, kNever when it says no end.
    Instant until(std::uint32_t version) const { return versions_[version].lasts ? until_.at(version) : kNever; }
    // Hash of the panel of an observation, 0: none.
    std::uint32_t panel(std::uint32_t version) const;
    // infusion_name() of the infusion that it is counted against by its sender, 0: none.
    std::uint32_t infusion_named(std::uint32_t version) const;
    const Blocks<Record>& records() const { return records_; }
    const Blocks<Version>& versions() const { return versions_; }
    const std::deque<Body>& bodies() const { return bodies_; }
    const std::vector<Place>& places() const { return places_; }
    // The record of "source/record"; kNone when nothing was said about it.
    std::uint32_t find(std::string_view text) const;
    // The version that is live now; kNone when there is none.
    std::uint32_t live(std::uint32_t record) const;
    // The versions of a record by number: of several contents under one the greatest, none that stands behind no
    // message.
    std::vector<std::uint32_t> versions_of(std::uint32_t record) const;
    // The same of what the log held at `known_at`: `eligible` is eligible_at() of that time.
    std::vector<std::uint32_t> versions_of(std::uint32_t record, const std::vector<bool>& eligible) const;
    // By version: does it stand behind a message, as the log was at `known_at`? Looks at every message.
    std::vector<bool> eligible_at(Instant known_at) const;
    // The versions that were live when the log ended at `known_at`, one per record that had one. Looks at every
    // message.
    std::vector<std::uint32_t> live_at(Instant known_at) const;
    // Is it the only word on its record, and was one message alone behind it?
    bool is_only(std::uint32_t version) const {
        const Version& stored = versions_[version];
        return records_[stored.record].first == version && !stored.followed && stored.supporters == 1;
    }
    void set_live(std::uint32_t record, std::uint32_t version) { records_[record].live = version; }
    Fact fact(std::uint32_t version) const;

    // Ask for the memory that the next add() will touch: where the tables are, and then their ends and the indexes'
    // places.
    void prefetch_tables() const { fetch_ahead(this, sizeof *this); }
    void prefetch(const EventKeys& keys) const {
        record_index_.prefetch(keys.record);
        message_index_.prefetch(keys.message);
        fetch_ahead(versions_.last());
        fetch_ahead(versions_.next());
        fetch_ahead(messages_.next());
        fetch_ahead(records_.next());
        fetch_ahead(texts_.end());
        if (!places_.empty()) fetch_ahead(&places_.back(), sizeof places_.back());
    }
    std::size_t memory_bytes() const;
    void write(std::string& out) const;
    static bool read(std::string_view bytes, Records& into);

  private:
    struct Message {
        std::uint64_t hash = 0;
        std::uint32_t check = 0;
        std::uint32_t version : 30 = 0;
        bool reused : 1 = false;   // more than one content came under it: claims_ has them all
        bool repeats : 1 = false;  // did not arrive with its version: arrived_ has when
    };
    static_assert(sizeof(Message) == 16);
    static constexpr std::uint32_t kMostVersions = 1U << 30U;
    struct Panelled {
        std::uint32_t version = kNone;
        std::uint32_t panel = 0;
    };
    struct Naming {
        std::uint32_t version = kNone;
        std::uint32_t infusion = 0;
    };
    struct Claim {  // one content that came under a re-used message id
        std::uint32_t message = kNone;
        std::uint32_t version = kNone;
        Instant appended_at{};
    };
    struct Found {
        std::uint32_t record = kNone;
        bool fresh = false;  // nothing was said about it before
    };
    std::uint64_t record_hash(const Record& record) const;
    Instant arrived(std::uint32_t message) const;
    void set_arrived(std::uint32_t message, Instant at);
    std::uint32_t following(std::uint32_t version) const {
        return versions_[version].followed ? following_.at(version) : kNone;
    }
    bool read_records(ByteReader& in);
    bool read_versions(ByteReader& in);
    bool read_messages(ByteReader& in);
    void reuse(std::uint32_t message, std::uint32_t version, Instant appended_at);
    template <typename Eligible>
    std::vector<std::uint32_t> numbered(std::uint32_t record, Eligible eligible) const;
    template <typename Eligible>
    std::uint32_t greatest(std::uint32_t record, Eligible eligible) const;
    Found record_of(const Event& event, std::uint64_t hash);
    std::uint32_t store(const Event& event, std::uint32_t record);
    std::uint16_t place_of(const Event& event);
    std::uint32_t same_content(std::uint32_t record, const Event& event) const;
    bool has_number(std::uint32_t record, std::uint32_t number) const;
    bool greater(std::uint32_t a, std::uint32_t b) const;
    void link(std::uint32_t version, std::uint32_t record);  // behind the versions of a record that has some

    TextArena texts_;
    Blocks<Record> records_;
    Blocks<Version> versions_;
    Blocks<Message> messages_;
    std::vector<Claim> claims_;
    std::deque<Body> bodies_;
    std::vector<Place> places_;
    std::unordered_map<std::uint32_t, Instant> until_;            // by version
    std::vector<Panelled> panels_;                                // by version, ascending
    std::vector<Naming> namings_;                                 // by version, ascending
    std::unordered_map<std::uint32_t, std::uint32_t> following_;  // version to the next one of its record
    std::unordered_map<std::uint32_t, Instant> arrived_;          // by message
    HashIndex record_index_;
    HashIndex message_index_;
};

// The hash of a record by its text "source/record", as keys_of() has it.
std::uint64_t record_key(std::string_view source, std::string_view record);

// The order of facts in the fold: effective time, then kind (who the subject is, the infusion and verdicts before what
// was measured, measurements before what was given, death last), then what readings of one moment are judged by
// (reading_rank), then "source/record".
int fold_rank(FactKind kind);
bool fold_before(const Records& records, std::uint32_t a, std::uint32_t b);

}  // namespace cellvigil
