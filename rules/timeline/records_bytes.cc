// A subject's records as bytes and back. The form says little where a fact is as most are: one version that came
// with one message, shortly after the fact before it.
#include "rules/timeline/body_codec.h"
#include "rules/timeline/records.h"

namespace cellvigil {
namespace {

std::int64_t ticks(Instant at) { return at.time_since_epoch().count(); }
Instant instant(std::int64_t ticks) { return Instant(milliseconds(ticks)); }

enum Mark : std::uint8_t {
    kLasts = 1,    // its end follows
    kHasBody = 2,  // its body follows
    kHasValue = 4,
    kNextRecord = 8,       // of the record after the former version's; else the record's number follows
    kFirstNumber = 16,     // its number is 1; else the number follows
    kOneSupporter = 32,    // else the number of supporters follows
    kPanelled = 64,        // its panel follows
    kNamesInfusion = 128,  // the infusion's name follows
};

// What stands before a version, from which it says its difference.
struct Before {
    Instant from{};
    Instant appended_at{};
    std::uint32_t record = kNone;
    explicit Before() = default;
    explicit Before(const Version& version)
        : from(version.from), appended_at(version.appended_at), record(version.record) {}
};

std::uint8_t mark_of(const Version& version, const Before& before) {
    unsigned mark = 0;
    if (version.lasts) mark |= kLasts;
    if (version.body != kNone) mark |= kHasBody;
    if (version.has_value) mark |= kHasValue;
    if (version.record == before.record + 1) mark |= kNextRecord;
    if (version.number == 1) mark |= kFirstNumber;
    if (version.supporters == 1) mark |= kOneSupporter;
    if (version.panelled) mark |= kPanelled;
    if (version.names_infusion) mark |= kNamesInfusion;
    return static_cast<std::uint8_t>(mark);
}

// What stands beside a version.
struct Beside {
    Instant until = kNever;
    std::uint32_t panel = 0;
    std::uint32_t infusion = 0;
};

void write_version(ByteWriter& out, const Version& version, const Beside& beside, const Before& before) {
    const std::uint8_t mark = mark_of(version, before);
    out.u8(mark);
    out.u8(static_cast<std::uint8_t>(version.kind));
    out.u8(static_cast<std::uint8_t>(version.analyte));
    out.u8(static_cast<std::uint8_t>(static_cast<unsigned>(version.action) |
                                     static_cast<unsigned>(version.precision) << 2U |
                                     static_cast<unsigned>(version.comparator) << 5U));
    out.u8(static_cast<std::uint8_t>(version.origin));
    out.i64(ticks(version.from) - ticks(before.from));
    out.i64(ticks(version.recorded_at) - ticks(version.from));
    out.i64(ticks(version.appended_at) - ticks(before.appended_at));
    out.fixed(version.content, 8);
    out.i64(version.value.micro);
    out.u64(version.flags);
    out.i64(version.offset_minutes);
    out.u64(version.place);
    if ((mark & kLasts) != 0) out.i64(ticks(beside.until) - ticks(version.from));
    if ((mark & kNextRecord) == 0) out.u64(version.record);
    if ((mark & kFirstNumber) == 0) out.u64(version.number);
    if ((mark & kOneSupporter) == 0) out.u64(version.supporters);
    if ((mark & kPanelled) != 0) out.u64(beside.panel);
    if ((mark & kNamesInfusion) != 0) out.u64(beside.infusion);
}

Version read_version(ByteReader& in, const Before& before, Beside& beside, bool& has_body) {
    Version version;
    const std::uint8_t mark = in.u8();
    version.lasts = (mark & kLasts) != 0;
    has_body = (mark & kHasBody) != 0;
    version.has_value = (mark & kHasValue) != 0;
    version.kind = static_cast<FactKind>(in.u8());
    version.analyte = static_cast<Analyte>(in.u8());
    const unsigned packed = in.u8();
    version.action = static_cast<RecordAction>(packed & 3U);
    version.precision = static_cast<TimePrecision>(packed >> 2U & 7U);
    version.comparator = static_cast<Comparator>(packed >> 5U);
    version.origin = static_cast<DataOrigin>(in.u8() & 7U);
    version.from = instant(ticks(before.from) + in.i64());
    version.recorded_at = instant(ticks(version.from) + in.i64());
    version.appended_at = instant(ticks(before.appended_at) + in.i64());
    version.content = in.fixed(8);
    version.value.micro = in.i64();
    version.flags = static_cast<std::uint16_t>(in.u64());
    version.offset_minutes = static_cast<std::int16_t>(in.i64());
    version.place = static_cast<std::uint16_t>(in.u64());
    if (version.lasts) beside.until = instant(ticks(version.from) + in.i64());
    version.record = (mark & kNextRecord) != 0 ? before.record + 1 : static_cast<std::uint32_t>(in.u64());
    version.number = (mark & kFirstNumber) != 0 ? 1 : static_cast<std::uint32_t>(in.u64());
    version.supporters = (mark & kOneSupporter) != 0 ? std::uint16_t{1} : static_cast<std::uint16_t>(in.u64());
    version.panelled = (mark & kPanelled) != 0;
    if (version.panelled) beside.panel = static_cast<std::uint32_t>(in.u64());
    version.names_infusion = (mark & kNamesInfusion) != 0;
    if (version.names_infusion) beside.infusion = static_cast<std::uint32_t>(in.u64());
    return version;
}

}  // namespace

void Records::write(std::string& bytes) const {
    constexpr std::size_t kUsual = 80;  // bytes of a fact with its record and message
    bytes.reserve(bytes.size() + versions_.size() * kUsual);
    ByteWriter out(bytes);
    out.u64(places_.size());
    for (const Place& place : places_) {
        out.text(place.cohort);
        out.text(place.site);
    }
    out.u64(records_.size());
    for (std::uint32_t i = 0; i < records_.size(); ++i) {
        out.u64(records_[i].source_size);
        out.text(text(i));
    }
    out.u64(versions_.size());
    Before before;
    for (std::uint32_t i = 0; i < versions_.size(); ++i) {
        const Version& version = versions_[i];
        write_version(out, version, {until(i), panel(i), infusion_named(i)}, before);
        if (version.body != kNone) write_body(out, bodies_[version.body]);
        before = Before(version);
    }
    out.u64(messages_.size());
    for (std::uint32_t i = 0; i < messages_.size(); ++i) {
        const Message& message = messages_[i];
        out.fixed(message.hash, 8);
        out.fixed(message.check, 4);
        out.i64(std::int64_t{message.version} - std::int64_t{i});
        out.u8(static_cast<std::uint8_t>((message.reused ? 1U : 0U) | (message.repeats ? 2U : 0U)));
        if (message.repeats) out.i64(ticks(arrived(i)));
    }
    out.u64(claims_.size());
    for (const Claim& claim : claims_) {
        out.u64(claim.message);
        out.u64(claim.version);
        out.i64(ticks(claim.appended_at));
    }
}

std::uint64_t Records::record_hash(const Record& record) const {
    const std::string_view whole = texts_.at(record.text, record.text_size);
    return record_key(whole.substr(0, record.source_size), whole.substr(record.source_size + 1U));
}

bool Records::read_records(ByteReader& in) {
    const std::uint64_t records = in.u64();
    for (std::uint64_t i = 0; i < records && !in.failed(); ++i) {
        Record record;
        const std::uint64_t source_size = in.u64();
        const std::string_view name = in.text();
        record.text = static_cast<std::uint32_t>(texts_.size());
        record.text_size = static_cast<std::uint16_t>(name.size());
        texts_.append(name);
        if (source_size >= name.size() || name[source_size] != '/') return false;
        record.source_size = static_cast<std::uint16_t>(source_size);
        record_index_.insert(record_hash(record), static_cast<std::uint32_t>(records_.size()));
        records_.push_back(record);
    }
    return true;
}

bool Records::read_versions(ByteReader& in) {
    const std::uint64_t versions = in.u64();
    std::vector<std::uint32_t> last(records_.size(), kNone);
    Before before;
    for (std::uint64_t i = 0; i < versions && !in.failed(); ++i) {
        bool has_body = false;
        Beside beside;
        Version version = read_version(in, before, beside, has_body);
        if (version.record >= records_.size() || version.place >= places_.size()) return false;
        before = Before(version);
        if (has_body) {
            version.body = static_cast<std::uint32_t>(bodies_.size());
            bodies_.push_back(read_body(in));
            if (kind_of(bodies_.back()) != version.kind) return false;
        }
        const auto index = static_cast<std::uint32_t>(versions_.size());
        if (index >= kMostVersions) return false;
        if (version.lasts) until_[index] = beside.until;
        if (version.panelled) panels_.push_back({index, beside.panel});
        if (version.names_infusion) namings_.push_back({index, beside.infusion});
        versions_.push_back(version);
        std::uint32_t& tail = last[version.record];
        if (tail == kNone) {
            records_[version.record].first = index;
        } else {
            versions_[tail].followed = true;
            following_[tail] = index;
        }
        tail = index;
    }
    return true;
}

bool Records::read_messages(ByteReader& in) {
    const std::uint64_t messages = in.u64();
    for (std::uint64_t i = 0; i < messages && !in.failed(); ++i) {
        Message message;
        message.hash = in.fixed(8);
        message.check = static_cast<std::uint32_t>(in.fixed(4));
        const std::uint64_t version = i + static_cast<std::uint64_t>(in.i64());
        const unsigned mark = in.u8();
        message.reused = (mark & 1U) != 0;
        const bool repeats = (mark & 2U) != 0;
        const Instant arrival = repeats ? instant(in.i64()) : Instant{};
        if (version >= versions_.size()) return false;
        message.version = static_cast<std::uint32_t>(version) & (kMostVersions - 1);
        const auto index = static_cast<std::uint32_t>(messages_.size());
        message_index_.insert(message.hash, index);
        messages_.push_back(message);
        if (repeats) set_arrived(index, arrival);
    }
    return true;
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
    if (!into.read_records(in) || !into.read_versions(in) || !into.read_messages(in)) return false;
    const std::uint64_t claims = in.u64();
    for (std::uint64_t i = 0; i < claims && !in.failed(); ++i) {
        Claim claim;
        claim.message = static_cast<std::uint32_t>(in.u64());
        claim.version = static_cast<std::uint32_t>(in.u64());
        claim.appended_at = instant(in.i64());
        if (claim.message >= into.messages_.size() || claim.version >= into.versions_.size()) return false;
        into.claims_.push_back(claim);
    }
    return !in.failed() && in.at_end();
}

}  // namespace cellvigil
