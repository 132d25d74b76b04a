#include "rules/timeline/records.h"

#include <algorithm>
#include <tuple>

#include "rules/base/hash.h"
#include "rules/timeline/body_codec.h"

namespace cellvigil {
namespace {

constexpr std::uint64_t kCheckSeed = 0x9e3779b97f4a7c15;

// Source and id joined for hashing without building text: the source's hash seeds the id's.
std::uint64_t source_seed(const Event& event) { return hash64(event.source_system); }

// A plain observation says everything in analyte, comparator and value.
bool is_plain(const Event& event) {
    const auto* observation = std::get_if<Observation>(&event.body);
    if (observation == nullptr) return false;
    return observation->analyte != Analyte::other && !observation->value_as_sent && !observation->truth &&
           !observation->reference_low && !observation->reference_high && observation->text.empty() &&
           !observation->in_mmol_per_litre &&
           (observation->status == ResultStatus::final || observation->status == ResultStatus::preliminary ||
            observation->status == ResultStatus::unspecified);
}

bool usable(const Observation& observation) {
    return observation.value.has_value() && observation.status != ResultStatus::not_done &&
           observation.status != ResultStatus::cancelled;
}

}  // namespace

bool Records::greater(std::uint32_t a, std::uint32_t b) const {
    const Version& left = versions_[a];
    const Version& right = versions_[b];
    return std::tuple(left.number, left.recorded_at, left.content) > std::tuple(right.number, right.recorded_at, right.content);
}

std::uint32_t Records::find(std::string_view text_of_record) const {
    const std::size_t slash = text_of_record.find('/');
    if (slash == std::string_view::npos) return kNone;
    const std::uint64_t hash = hash64(text_of_record.substr(slash + 1), hash64(text_of_record.substr(0, slash)));
    const std::uint32_t found =
        record_index_.find(hash, [&](std::uint32_t record) { return text(record) == text_of_record; });
    return found == HashIndex::kAbsent ? kNone : found;
}

std::uint32_t Records::record_of(const Event& event) {
    const std::uint64_t hash = hash64(event.record, source_seed(event));
    const auto matches = [&](std::uint32_t record) {
        const std::string_view known = text(record);
        return known.size() == event.source_system.size() + 1 + event.record.size() &&
               known.substr(0, event.source_system.size()) == event.source_system && known.ends_with(event.record);
    };
    const std::uint32_t found = record_index_.find(hash, matches);
    if (found != HashIndex::kAbsent) return found;
    Record record;
    record.hash = hash;
    record.text = static_cast<std::uint32_t>(texts_.size());
    record.text_size = static_cast<std::uint16_t>(event.source_system.size() + 1 + event.record.size());
    texts_.append(event.source_system).append("/").append(event.record);
    const auto index = static_cast<std::uint32_t>(records_.size());
    records_.push_back(record);
    record_index_.insert(hash, index);
    return index;
}

std::uint16_t Records::place_of(const Event& event) {
    const auto same = [&](const Place& place) {
        return place.site == event.site && place.cohort.size() == event.study.size() + 1 + event.cohort.size() &&
               place.cohort.starts_with(event.study) && place.cohort.ends_with(event.cohort);
    };
    if (!places_.empty() && same(places_.back())) return static_cast<std::uint16_t>(places_.size() - 1);
    const auto found = std::find_if(places_.begin(), places_.end(), same);
    if (found != places_.end()) return static_cast<std::uint16_t>(found - places_.begin());
    places_.push_back({std::string(event.study) + "/" + std::string(event.cohort), std::string(event.site)});
    return static_cast<std::uint16_t>(places_.size() - 1);
}

void Records::link(std::uint32_t version, std::uint32_t record) {
    std::uint32_t* place = &records_[record].first;
    while (*place != kNone) place = &versions_[*place].next;
    *place = version;
}

std::uint32_t Records::store(const Event& event, std::uint32_t record) {
    Version version;
    version.from = event.effective.from;
    version.until = event.effective_end ? event.effective_end->from : kNever;
    version.recorded_at = event.recorded_at;
    version.appended_at = event.appended_at;
    version.content = event.content_hash;
    version.record = record;
    version.number = event.version;
    version.flags = event.flags;
    version.offset_minutes = static_cast<std::int16_t>(event.effective.offset.value_or(UtcOffset{0}).count());
    version.place = place_of(event);
    version.kind = kind_of(event.body);
    version.origin = event.origin;
    version.action = event.action;
    version.precision = event.effective.precision;
    if (const auto* observation = std::get_if<Observation>(&event.body)) {
        version.analyte = observation->analyte;
        version.comparator = observation->comparator;
        version.has_value = usable(*observation);
        version.value = observation->value.value_or(Quantity{});
        if (!observation->panel.empty()) version.panel = static_cast<std::uint32_t>(hash64(observation->panel)) | 1U;
    }
    if (!is_plain(event) && event.action != RecordAction::retract) {
        version.body = static_cast<std::uint32_t>(bodies_.size());
        bodies_.push_back(event.body);
    }
    const auto index = static_cast<std::uint32_t>(versions_.size());
    versions_.push_back(version);
    link(index, record);
    return index;
}

std::uint32_t Records::same_content(std::uint32_t record, const Event& event) const {
    for (std::uint32_t at = records_[record].first; at != kNone; at = versions_[at].next) {
        if (versions_[at].number == event.version && versions_[at].content == event.content_hash) return at;
    }
    return kNone;
}

bool Records::has_number(std::uint32_t record, std::uint32_t number) const {
    for (std::uint32_t at = records_[record].first; at != kNone; at = versions_[at].next) {
        if (versions_[at].number == number) return true;
    }
    return false;
}

Added Records::add(const Event& event, std::uint32_t& version, std::vector<std::uint32_t>& changed) {
    const std::uint32_t record = record_of(event);
    const std::uint64_t seed = source_seed(event);
    const std::uint64_t hash = hash64(event.message_id, seed + 1);
    const std::uint64_t check = hash64(event.message_id, seed ^ kCheckSeed);
    const auto is_message = [&](std::uint32_t message) {
        return messages_[message].hash == hash && messages_[message].check == check;
    };
    version = same_content(record, event);
    const bool known_content = version != kNone;
    const bool conflict = !known_content && has_number(record, event.version);
    const std::uint32_t message = message_index_.find(hash, is_message);
    if (message != HashIndex::kAbsent && known_content && messages_[message].version == version) return Added::duplicate;
    if (!known_content) version = store(event, record);
    if (message == HashIndex::kAbsent) {
        message_index_.insert(hash, static_cast<std::uint32_t>(messages_.size()));
        messages_.push_back({hash, check, event.appended_at, version, false});
        ++versions_[version].supporters;
        changed.push_back(record);
        if (known_content) return Added::duplicate;
        return conflict ? Added::version_conflict : Added::fresh;
    }
    // One message id, two contents: the greater of the two stands behind the id.
    const std::uint32_t before = messages_[message].version;
    reuse(message, version, event.appended_at);
    if (greater(version, before)) {
        --versions_[before].supporters;
        ++versions_[version].supporters;
        messages_[message].version = version;
        changed.push_back(record);
        changed.push_back(versions_[before].record);
    }
    return Added::id_reuse;
}

void Records::reuse(std::uint32_t message, std::uint32_t version, Instant appended_at) {
    Message& known = messages_[message];
    if (!known.reused) {
        known.reused = true;
        claims_.push_back({message, known.version, known.appended_at});
    }
    const bool claimed = std::any_of(claims_.begin(), claims_.end(), [&](const Claim& claim) {
        return claim.message == message && claim.version == version;
    });
    if (!claimed) claims_.push_back({message, version, appended_at});
}

template <typename Eligible>
std::uint32_t Records::greatest(std::uint32_t record, Eligible eligible) const {
    std::uint32_t best = kNone;
    for (std::uint32_t at = records_[record].first; at != kNone; at = versions_[at].next) {
        if (eligible(at) && (best == kNone || greater(at, best))) best = at;
    }
    return best;
}

std::uint32_t Records::live(std::uint32_t record) const {
    return greatest(record, [this](std::uint32_t version) { return versions_[version].supporters > 0; });
}

std::vector<bool> Records::eligible_at(Instant known_at) const {
    std::vector<bool> eligible(versions_.size(), false);
    for (std::size_t i = 0; i < messages_.size(); ++i) {
        const Message& message = messages_[i];
        if (!message.reused && message.appended_at <= known_at) eligible[message.version] = true;
    }
    std::vector<std::uint32_t> winner(messages_.size(), kNone);
    for (const Claim& claim : claims_) {
        if (claim.appended_at > known_at) continue;
        std::uint32_t& best = winner[claim.message];
        if (best == kNone || greater(claim.version, best)) best = claim.version;
    }
    for (const std::uint32_t version : winner) {
        if (version != kNone) eligible[version] = true;
    }
    return eligible;
}

std::vector<std::uint32_t> Records::live_at(Instant known_at) const {
    const std::vector<bool> eligible = eligible_at(known_at);
    std::vector<std::uint32_t> live;
    for (std::uint32_t record = 0; record < records_.size(); ++record) {
        const std::uint32_t version = greatest(record, [&](std::uint32_t at) { return eligible[at]; });
        if (version != kNone) live.push_back(version);
    }
    return live;
}

Fact Records::fact(std::uint32_t index) const {
    const Version& version = versions_[index];
    Fact fact;
    fact.at = version.from;
    fact.until = version.until;
    fact.recorded_at = version.recorded_at;
    fact.record = {version.record};
    fact.flags = version.flags;
    fact.offset = UtcOffset{version.offset_minutes};
    fact.kind = version.kind;
    fact.origin = version.origin;
    fact.analyte = version.analyte;
    fact.comparator = version.comparator;
    fact.has_value = version.has_value;
    fact.value = version.value;
    fact.panel = version.panel;
    fact.body = version.body == kNone ? nullptr : &bodies_[version.body];
    if (version.kind == FactKind::infection) fact.name = text(version.record);
    return fact;
}

std::size_t Records::memory_bytes() const {
    return texts_.capacity() + records_.memory_bytes() + versions_.memory_bytes() + messages_.memory_bytes() + bodies_.size() * sizeof(Body) + record_index_.memory_bytes() +
           message_index_.memory_bytes();
}

namespace {

void write_version(ByteWriter& out, const Version& version) {
    out.i64(version.from.time_since_epoch().count());
    out.u8(version.until == kNever ? 0 : 1);
    if (version.until != kNever) out.i64((version.until - version.from).count());
    out.i64((version.recorded_at - version.from).count());
    out.i64((version.appended_at - version.from).count());
    out.u64(version.content);
    out.i64(version.value.micro);
    out.u64(version.record);
    out.u64(version.number);
    out.u8(version.body == kNone ? 0 : 1);
    out.u64(version.flags);
    out.i64(version.offset_minutes);
    out.u64(version.place);
    out.u64(version.supporters);
    out.u8(static_cast<std::uint8_t>(version.kind));
    out.u8(static_cast<std::uint8_t>(version.origin));
    out.u8(static_cast<std::uint8_t>(version.action));
    out.u8(static_cast<std::uint8_t>(version.precision));
    out.u8(static_cast<std::uint8_t>(version.analyte));
    out.u8(static_cast<std::uint8_t>(version.comparator));
    out.u8(version.has_value ? 1 : 0);
    out.u64(version.panel);
}

Version read_version(ByteReader& in, bool& has_body) {
    Version version;
    version.from = Instant(milliseconds(in.i64()));
    if (in.u8() != 0) version.until = version.from + milliseconds(in.i64());
    version.recorded_at = version.from + milliseconds(in.i64());
    version.appended_at = version.from + milliseconds(in.i64());
    version.content = in.u64();
    version.value.micro = in.i64();
    version.record = static_cast<std::uint32_t>(in.u64());
    version.number = static_cast<std::uint32_t>(in.u64());
    has_body = in.u8() != 0;
    version.flags = static_cast<EventFlags>(in.u64());
    version.offset_minutes = static_cast<std::int16_t>(in.i64());
    version.place = static_cast<std::uint16_t>(in.u64());
    version.supporters = static_cast<std::uint16_t>(in.u64());
    version.kind = static_cast<FactKind>(in.u8());
    version.origin = static_cast<DataOrigin>(in.u8());
    version.action = static_cast<RecordAction>(in.u8());
    version.precision = static_cast<TimePrecision>(in.u8());
    version.analyte = static_cast<Analyte>(in.u8());
    version.comparator = static_cast<Comparator>(in.u8());
    version.has_value = in.u8() != 0;
    version.panel = static_cast<std::uint32_t>(in.u64());
    return version;
}

}  // namespace

void Records::write(std::string& bytes) const {
    ByteWriter out(bytes);
    out.u64(places_.size());
    for (const Place& place : places_) {
        out.text(place.cohort);
        out.text(place.site);
    }
    out.u64(records_.size());
    for (std::uint32_t i = 0; i < records_.size(); ++i) {
        out.u64(records_[i].hash);
        out.text(text(i));
    }
    out.u64(versions_.size());
    for (std::size_t i = 0; i < versions_.size(); ++i) {
        const Version& version = versions_[i];
        write_version(out, version);
        if (version.body != kNone) write_body(out, bodies_[version.body]);
    }
    out.u64(messages_.size());
    for (std::size_t i = 0; i < messages_.size(); ++i) {
        const Message& message = messages_[i];
        out.u64(message.hash);
        out.u64(message.check);
        out.i64(message.appended_at.time_since_epoch().count());
        out.u64(message.version);
        out.u8(message.reused ? 1 : 0);
    }
    out.u64(claims_.size());
    for (const Claim& claim : claims_) {
        out.u64(claim.message);
        out.u64(claim.version);
        out.i64(claim.appended_at.time_since_epoch().count());
    }
}

bool Records::read(std::string_view bytes, Records& into) {
    ByteReader in(bytes);
    const std::uint64_t places = in.u64();
    for (std::uint64_t i = 0; i < places && !in.failed(); ++i) {
        Place place;
        place.cohort = std::string(in.text());
        place.site = std::string(in.text());
        into.places_.push_back(std::move(place));
    }
    const std::uint64_t records = in.u64();
    for (std::uint64_t i = 0; i < records && !in.failed(); ++i) {
        Record record;
        record.hash = in.u64();
        const std::string_view name = in.text();
        record.text = static_cast<std::uint32_t>(into.texts_.size());
        record.text_size = static_cast<std::uint16_t>(name.size());
        into.texts_.append(name);
        into.record_index_.insert(record.hash, static_cast<std::uint32_t>(into.records_.size()));
        into.records_.push_back(record);
    }
    const std::uint64_t versions = in.u64();
    std::vector<std::uint32_t> last(into.records_.size(), kNone);
    for (std::uint64_t i = 0; i < versions && !in.failed(); ++i) {
        bool has_body = false;
        Version version = read_version(in, has_body);
        if (version.record >= into.records_.size() || version.place >= into.places_.size()) return false;
        if (has_body) {
            version.body = static_cast<std::uint32_t>(into.bodies_.size());
            into.bodies_.push_back(read_body(in));
            if (kind_of(into.bodies_.back()) != version.kind) return false;
        }
        const auto index = static_cast<std::uint32_t>(into.versions_.size());
        into.versions_.push_back(version);
        std::uint32_t& tail = last[version.record];
        (tail == kNone ? into.records_[version.record].first : into.versions_[tail].next) = index;
        tail = index;
    }
    const std::uint64_t messages = in.u64();
    for (std::uint64_t i = 0; i < messages && !in.failed(); ++i) {
        Message message;
        message.hash = in.u64();
        message.check = in.u64();
        message.appended_at = Instant(milliseconds(in.i64()));
        message.version = static_cast<std::uint32_t>(in.u64());
        message.reused = in.u8() != 0;
        if (message.version >= into.versions_.size()) return false;
        into.message_index_.insert(message.hash, static_cast<std::uint32_t>(into.messages_.size()));
        into.messages_.push_back(message);
    }
    const std::uint64_t claims = in.u64();
    for (std::uint64_t i = 0; i < claims && !in.failed(); ++i) {
        Claim claim;
        claim.message = static_cast<std::uint32_t>(in.u64());
        claim.version = static_cast<std::uint32_t>(in.u64());
        claim.appended_at = Instant(milliseconds(in.i64()));
        if (claim.message >= into.messages_.size() || claim.version >= into.versions_.size()) return false;
        into.claims_.push_back(claim);
    }
    return !in.failed() && in.at_end();
}

}  // namespace cellvigil
