#include "rules/timeline/records.h"

#include <algorithm>
#include <tuple>

#include "rules/base/ensure.h"
#include "rules/base/hash.h"

namespace cellvigil {
namespace {

constexpr std::uint64_t kCheckSeed = 0x9e3779b97f4a7c15;

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
    return std::tuple(left.number, left.recorded_at, left.content) >
           std::tuple(right.number, right.recorded_at, right.content);
}

std::uint32_t Records::find(std::string_view text_of_record) const {
    const std::size_t slash = text_of_record.find('/');
    if (slash == std::string_view::npos) return kNone;
    const std::uint64_t hash = record_key(text_of_record.substr(0, slash), text_of_record.substr(slash + 1));
    const std::uint32_t found =
        record_index_.find(hash, [&](std::uint32_t record) { return text(record) == text_of_record; });
    return found == HashIndex::kAbsent ? kNone : found;
}

// Source and id joined for hashing without building text: the source's hash seeds the id's.
std::uint64_t record_key(std::string_view source, std::string_view record) { return hash64(record, hash64(source)); }

EventKeys keys_of(std::string_view source, std::string_view record, std::string_view message) {
    return keys_by(hash64(source), record, message);
}

EventKeys keys_by(std::uint64_t source_hash, std::string_view record, std::string_view message) {
    const TwoHashes of_message = hash64_by_two(message, source_hash + 1, source_hash ^ kCheckSeed);
    return {.record = hash64(record, source_hash),
            .message = of_message.first,
            .check = static_cast<std::uint32_t>(of_message.second)};
}

Records::Found Records::record_of(const Event& event, std::uint64_t hash) {
    const std::string_view source = event.source_system;
    const auto matches = [&](std::uint32_t record) {
        const std::string_view known = text(record);
        return records_[record].source_size == source.size() &&
               known.size() == source.size() + 1 + event.record.size() && same_short(known.data(), source) &&
               same_short(known.data() + source.size() + 1, event.record);
    };
    const auto next = static_cast<std::uint32_t>(records_.size());
    const std::uint32_t found = record_index_.find_or_insert(hash, matches, next);
    if (found != HashIndex::kAbsent) return {found, false};
    Record& record = records_.append();
    record.text = static_cast<std::uint32_t>(texts_.size());
    record.source_size = static_cast<std::uint16_t>(source.size());
    record.text_size = static_cast<std::uint16_t>(source.size() + 1 + event.record.size());
    texts_.append(source);
    texts_.append("/");
    texts_.append(event.record);
    return {next, true};
}

std::uint16_t Records::place_of(const Event& event) {
    const auto same = [&](const Place& place) {
        const std::string_view cohort = place.cohort;
        return same_short(place.site, event.site) && cohort.size() == event.study.size() + 1 + event.cohort.size() &&
               same_short(cohort.data(), event.study) &&
               same_short(cohort.data() + event.study.size() + 1, event.cohort);
    };
    if (!places_.empty() && same(places_.back())) return static_cast<std::uint16_t>(places_.size() - 1);
    const auto found = std::find_if(places_.begin(), places_.end(), same);
    if (found != places_.end()) return static_cast<std::uint16_t>(found - places_.begin());
    places_.push_back({std::string(event.study) + "/" + std::string(event.cohort), std::string(event.site)});
    return static_cast<std::uint16_t>(places_.size() - 1);
}

void Records::link(std::uint32_t version, std::uint32_t record) {
    std::uint32_t last = records_[record].first;
    while (versions_[last].followed) last = following_.at(last);
    versions_[last].followed = true;
    following_[last] = version;
}

Instant Records::arrived(std::uint32_t message) const {
    const Message& known = messages_[message];
    return known.repeats ? arrived_.at(message) : versions_[known.version].appended_at;
}

// After its version is set.
void Records::set_arrived(std::uint32_t message, Instant at) {
    Message& known = messages_[message];
    known.repeats = at != versions_[known.version].appended_at;
    if (known.repeats) {
        arrived_[message] = at;
    } else {
        arrived_.erase(message);
    }
}

// Made as a whole and put down once: a line of the table that is only now coming from memory is not read back for each
// of the small fields.
std::uint32_t Records::store(const Event& event, std::uint32_t record) {
    const auto index = static_cast<std::uint32_t>(versions_.size());
    ensure(index < kMostVersions, "a subject's versions can be numbered");
    ensure(event.flags <= 0xffff, "an event's flags fit into 16 bits");
    const auto* observation = std::get_if<Observation>(&event.body);
    const bool retracts = event.action == RecordAction::retract;
    const bool has_body = !retracts && !is_plain(event);
    const std::uint32_t panel = observation != nullptr && !observation->panel.empty()
                                    ? static_cast<std::uint32_t>(hash64(observation->panel)) | 1U
                                    : 0;
    const Version version{
        .from = event.effective.from,
        .recorded_at = event.recorded_at,
        .appended_at = event.appended_at,
        .content = event.content_hash,
        .value = observation != nullptr ? observation->value.value_or(Quantity{}) : Quantity{},
        .record = record,
        .number = event.version,
        .body = has_body ? static_cast<std::uint32_t>(bodies_.size()) : kNone,
        .flags = static_cast<std::uint16_t>(event.flags),
        .offset_minutes = static_cast<std::int16_t>(event.effective.offset.value_or(UtcOffset{0}).count()),
        .place = place_of(event),
        .supporters = 0,
        .kind = kind_of(event.body),
        .analyte = observation != nullptr ? observation->analyte : Analyte::other,
        .action = event.action,
        .precision = event.effective.precision,
        .comparator = observation != nullptr ? observation->comparator : Comparator::unspecified,
        .origin = event.origin,
        .has_value = observation != nullptr && usable(*observation),
        .lasts = event.effective_end.has_value() && event.effective_end->from != kNever,
        .followed = false,
        .panelled = panel != 0,
        .names_infusion = !event.infusion_record.empty() && !retracts,
    };
    versions_.push_back(version);
    if (has_body) bodies_.push_back(event.body);
    if (version.lasts) until_[index] = event.effective_end->from;
    if (version.panelled) panels_.push_back({index, panel});
    if (version.names_infusion) namings_.push_back({index, infusion_name(event.infusion_record)});
    if (records_[record].first == kNone) {
        records_[record].first = index;
    } else {
        link(index, record);
    }
    return index;
}

std::uint32_t Records::same_content(std::uint32_t record, const Event& event) const {
    for (std::uint32_t at = records_[record].first; at != kNone; at = following(at)) {
        if (versions_[at].number == event.version && versions_[at].content == event.content_hash) return at;
    }
    return kNone;
}

bool Records::has_number(std::uint32_t record, std::uint32_t number) const {
    for (std::uint32_t at = records_[record].first; at != kNone; at = following(at)) {
        if (versions_[at].number == number) return true;
    }
    return false;
}

Added Records::add(const Event& event, const EventKeys& keys, std::uint32_t& version,
                   std::vector<std::uint32_t>& changed) {
    const Found found = record_of(event, keys.record);
    const std::uint32_t record = found.record;
    version = found.fresh ? kNone : same_content(record, event);
    const bool known_content = version != kNone;
    const bool conflict = !known_content && !found.fresh && has_number(record, event.version);
    const auto is_message = [&](std::uint32_t message) {
        return messages_[message].hash == keys.message && messages_[message].check == keys.check;
    };
    const auto next = static_cast<std::uint32_t>(messages_.size());
    const std::uint32_t message = message_index_.find_or_insert(keys.message, is_message, next);
    if (message != HashIndex::kAbsent && known_content && messages_[message].version == version)
        return Added::duplicate;
    if (!known_content) version = store(event, record);
    if (message == HashIndex::kAbsent) {
        Message& added = messages_.append();
        added.hash = keys.message;
        added.check = keys.check;
        added.version = version & (kMostVersions - 1);
        if (known_content) set_arrived(next, event.appended_at);
        ++versions_[version].supporters;
        changed.push_back(record);
        if (known_content) return Added::duplicate;
        return conflict ? Added::version_conflict : Added::fresh;
    }
    // One message id, two contents: the greater of the two stands behind the id.
    const std::uint32_t before = messages_[message].version;
    const Instant arrival = arrived(message);
    reuse(message, version, event.appended_at);
    if (greater(version, before)) {
        --versions_[before].supporters;
        ++versions_[version].supporters;
        messages_[message].version = version & (kMostVersions - 1);
        set_arrived(message, arrival);
        changed.push_back(record);
        changed.push_back(versions_[before].record);
    }
    return Added::id_reuse;
}

void Records::reuse(std::uint32_t message, std::uint32_t version, Instant appended_at) {
    Message& known = messages_[message];
    if (!known.reused) {
        known.reused = true;
        claims_.push_back({message, known.version, arrived(message)});
    }
    const bool claimed = std::any_of(claims_.begin(), claims_.end(), [&](const Claim& claim) {
        return claim.message == message && claim.version == version;
    });
    if (!claimed) claims_.push_back({message, version, appended_at});
}

template <typename Eligible>
std::uint32_t Records::greatest(std::uint32_t record, Eligible eligible) const {
    std::uint32_t best = kNone;
    for (std::uint32_t at = records_[record].first; at != kNone; at = following(at)) {
        if (eligible(at) && (best == kNone || greater(at, best))) best = at;
    }
    return best;
}

std::uint32_t Records::live(std::uint32_t record) const {
    return greatest(record, [this](std::uint32_t version) { return versions_[version].supporters > 0; });
}

template <typename Eligible>
std::vector<std::uint32_t> Records::numbered(std::uint32_t record, Eligible eligible) const {
    std::vector<std::uint32_t> all;
    for (std::uint32_t at = records_[record].first; at != kNone; at = following(at)) {
        if (eligible(at)) all.push_back(at);
    }
    std::sort(all.begin(), all.end(), [this](std::uint32_t a, std::uint32_t b) { return greater(b, a); });
    std::vector<std::uint32_t> one_each;
    for (const std::uint32_t version : all) {
        if (!one_each.empty() && versions_[one_each.back()].number == versions_[version].number) one_each.pop_back();
        one_each.push_back(version);
    }
    return one_each;
}

std::vector<std::uint32_t> Records::versions_of(std::uint32_t record) const {
    return numbered(record, [this](std::uint32_t version) { return versions_[version].supporters > 0; });
}

std::vector<std::uint32_t> Records::versions_of(std::uint32_t record, const std::vector<bool>& eligible) const {
    return numbered(record, [&](std::uint32_t version) { return eligible[version]; });
}

std::vector<bool> Records::eligible_at(Instant known_at) const {
    std::vector<bool> eligible(versions_.size(), false);
    for (std::uint32_t i = 0; i < messages_.size(); ++i) {
        if (!messages_[i].reused && arrived(i) <= known_at) eligible[messages_[i].version] = true;
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
    if (version.lasts) fact.until = until_.at(index);
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
    if (version.panelled) fact.panel = panel(index);
    if (version.names_infusion) fact.infusion_named = infusion_named(index);
    if (version.body == kNone) return fact;
    fact.body = &bodies_[version.body];
    if (version.kind == FactKind::infection) fact.name = text(version.record);
    if (version.kind == FactKind::infusion) fact.name = id(version.record);
    return fact;
}

std::uint32_t Records::panel(std::uint32_t version) const {
    if (!versions_[version].panelled) return 0;
    return std::lower_bound(panels_.begin(), panels_.end(), version,
                            [](const Panelled& one, std::uint32_t sought) { return one.version < sought; })
        ->panel;
}

std::uint32_t Records::infusion_named(std::uint32_t version) const {
    if (!versions_[version].names_infusion) return 0;
    return std::lower_bound(namings_.begin(), namings_.end(), version,
                            [](const Naming& one, std::uint32_t sought) { return one.version < sought; })
        ->infusion;
}

std::size_t Records::memory_bytes() const {
    constexpr std::size_t kMapEntry = 40;  // roughly
    return texts_.memory_bytes() + records_.memory_bytes() + versions_.memory_bytes() + messages_.memory_bytes() +
           bodies_.size() * sizeof(Body) + record_index_.memory_bytes() + message_index_.memory_bytes() +
           (until_.size() + following_.size() + arrived_.size()) * kMapEntry + panels_.capacity() * sizeof(Panelled) +
           namings_.capacity() * sizeof(Naming);
}

}  // namespace cellvigil
