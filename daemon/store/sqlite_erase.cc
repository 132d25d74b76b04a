#include <array>
#include <limits>
#include <string>
#include <utility>

#include "daemon/store/erase.h"
#include "daemon/store/sql.h"
#include "daemon/store/sqlite_store.h"
#include "rules/base/ensure.h"

namespace cellvigil::store {
namespace {

std::string hex(const Digest& digest) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const char byte : digest) {
        const auto value = static_cast<unsigned char>(byte);
        out += kDigits[value >> 4U];
        out += kDigits[value & 0xFU];
    }
    return out;
}

// The frames without those of the subject; how many those were.
struct Rewritten {
    std::string frames;
    std::uint64_t erased = 0;
};

Result<Rewritten> without(std::string_view frames, const Erasure& erasure) {
    Rewritten rewritten;
    journal::FrameReader reader(frames);
    journal::Frame frame;
    while (!reader.at_end()) {
        if (auto read = reader.next(frame); !read) return fail(read.error());
        if (frame.kind == journal::FrameKind::message && erasure.concerns(frame)) {
            ++rewritten.erased;
            frame.kind = journal::FrameKind::tombstone;
            frame.key = {};
            frame.headers.clear();
            frame.value = {};
        }
        journal::append_frame(rewritten.frames, frame);
    }
    return rewritten;
}

// A JSON string; control characters become spaces.
std::string json_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out + "\"";
}

// The part of an audit row and of a control record that says what became of a segment.
std::string change_json(std::int64_t number, const Digest& before, const Digest& now) {
    return R"({"segment":)" + std::to_string(number) + R"(,"old":")" + hex(before) + R"(","new":")" + hex(now) + "\"}";
}

// Whole names only: S/001 is no part of S/0011.
bool overwrite_name(std::string& body, const std::string& name) {
    const auto is_of_name = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-';
    };
    bool found = false;
    for (auto at = body.find(name); at != std::string::npos; at = body.find(name, at + name.size())) {
        const auto end = at + name.size();
        const bool begins = at == 0 || !is_of_name(body[at - 1]);
        // A full stop may end a sentence behind the name.
        const bool ends = end == body.size() || !is_of_name(body[end]) ||
                          (body[end] == '.' && (end + 1 == body.size() || !is_of_name(body[end + 1])));
        if (!begins || !ends) continue;
        body.replace(at, name.size(), name.size(), 'x');
        found = true;
    }
    return found;
}

}  // namespace

Result<void> SqliteStore::verify_erasures(VerifyReport& report) {
    Query query = connection_->query(sql::kErasures);
    for (;;) {
        const auto more = query.next();
        if (!more) return fail(more.error());
        if (!*more) return {};
        const auto now = digest_of(query.bytes_at(2));
        if (!now) return fail(now.error());
        const std::string place = std::to_string(query.integer_at(0)) + "/" + std::to_string(query.integer_at(1));
        Query audit = connection_->query(sql::kLastAuditOf);
        const auto told = audit.text(kSegmentErased).text(place).next();
        if (!told) return fail(told.error());
        const std::string sought = R"("new":")" + hex(*now) + "\"";
        if (*told && audit.bytes_at(0).find(sought) != std::string_view::npos) continue;
        report.faults.push_back("segment " + place + ": an erasure that the audit trail does not know");
    }
}

Result<std::optional<Digest>> SqliteStore::erased_to(std::uint32_t partition, std::int64_t number, const Digest& link) {
    Query query = connection_->query(sql::kErasureOf);
    const auto row = query.integer(partition).integer(number).next();
    if (!row) return fail(row.error());
    if (!*row || query.bytes_at(0) != view(link)) return std::optional<Digest>();
    const auto now = digest_of(query.bytes_at(1));
    if (!now) return fail(now.error());
    return std::optional(*now);
}

Result<std::string> SqliteStore::erase_in(const StoredSegment& segment, const Digest& previous, const Erasure& erasure,
                                          Erased& erased) {
    const auto frames = frames_of(segment, previous);
    if (!frames) return fail(frames.error());
    const auto rewritten = without(*frames, erasure);
    if (!rewritten) return fail(rewritten.error());
    if (rewritten->erased == 0) return std::string();
    SegmentHeader header = segment.header;
    header.raw_size = rewritten->frames.size();
    std::string room(Codec::pack_bound(header.raw_size), '\0');
    const auto block = codec_.pack_block(rewritten->frames, room.data());
    if (!block) return fail(block.error());
    header.codec = block->codec;
    const auto before = erased_to(header.partition, header.number, segment.chain);
    if (!before) return fail(before.error());
    const auto now = codec_.chain(previous, header, block->bytes);
    if (!now) return fail(now.error());
    {
        Query query = connection_->query(sql::kRewriteSegment);
        query.integer(static_cast<std::int64_t>(header.raw_size))
            .integer(static_cast<std::int64_t>(header.codec))
            .bytes(block->bytes);
        query.integer(header.partition).integer(header.next).integer(header.number);
        if (auto done = query.run(); !done) return fail(done.error());
        ensure(connection_->changed_rows() == 1, "the segment is the one that was read");
    }
    Query query = connection_->query(sql::kPutErasure);
    query.integer(header.partition).integer(header.number).bytes(view(segment.chain)).bytes(view(*now));
    if (auto done = query.run(); !done) return fail(done.error());
    std::string change = change_json(header.number, *before ? **before : segment.chain, *now);
    if (auto told = put_audit({{.at = erasure.at,
                                .who = erasure.who,
                                .what = kSegmentErased,
                                .object = std::to_string(header.partition) + "/" + std::to_string(header.number),
                                .detail = change}});
        !told) {
        return fail(told.error());
    }
    ++erased.segments;
    erased.messages += rewritten->erased;
    return change;
}

// The control record that says so stands at the partition's position, in a segment of its own.
Result<void> SqliteStore::record_erasure(std::uint32_t partition, const std::string& changes) {
    Commit commit;
    {
        Query query = connection_->query(sql::kPosition);
        const auto row = query.integer(partition).next();
        if (!row) return fail(row.error());
        ensure(*row, "a partition with segments has a position");
        commit.advances.push_back({.partition = partition,
                                   .expected = query.integer_at(0),
                                   .next = query.integer_at(0),
                                   .epoch = query.integer_at(1)});
    }
    Advance& advance = commit.advances.front();
    const auto claims = positions();
    if (!claims) return fail(claims.error());
    for (const Claim& claim : *claims) {
        if (claim.partition != partition) continue;
        advance.log_time = claim.log_time;
        advance.watermark = claim.watermark;
    }
    const std::string record = R"({"control":"erase","segments":[)" + changes + "]}";
    Segment segment{.partition = partition,
                    .base = advance.next,
                    .next = advance.next,
                    .messages = 0,
                    .controls = 1,
                    .first_append = advance.log_time == kAlways ? Instant{} : advance.log_time,
                    .last_append = advance.log_time == kAlways ? Instant{} : advance.log_time,
                    .frames = {}};
    journal::Frame frame;
    frame.kind = journal::FrameKind::control;
    frame.partition = partition;
    frame.position = advance.next;
    frame.appended_at = segment.first_append;
    frame.value = record;
    journal::append_frame(segment.frames, frame);
    commit.segments.push_back(std::move(segment));
    const auto blocks = packed(commit.segments);
    if (!blocks) return fail(blocks.error());
    auto tails = tails_of(commit);
    if (!tails) return fail(tails.error());
    if (auto put = put_segments(commit, *blocks, *tails); !put) return put;
    return put_advances(commit, *tails);
}

Result<void> SqliteStore::erase_journal(std::uint32_t partition, const Erasure& erasure, Erased& erased) {
    Digest previous{};
    std::int64_t next = std::numeric_limits<std::int64_t>::min();
    std::int64_t number = 0;
    std::string changes;
    for (;;) {
        const auto segment = segment_at(partition, next, number);
        if (!segment) return fail(segment.error());
        if (!*segment) break;
        const auto change = erase_in(**segment, previous, erasure, erased);
        if (!change) return fail(change.error());
        if (!change->empty()) changes += (changes.empty() ? "" : ",") + *change;
        previous = (*segment)->chain;
        next = (*segment)->header.next;
        number = (*segment)->header.number + 1;
    }
    return changes.empty() ? Result<void>{} : record_erasure(partition, changes);
}

Result<std::uint64_t> SqliteStore::erase_letters(const Erasure& erasure) {
    std::uint64_t erased = 0;
    for (std::int64_t after = 0;;) {
        const auto page = dead_letters(after, 1000);
        if (!page) return fail(page.error());
        for (const DeadLetterRow& row : *page) {
            after = row.id;
            const auto whole = dead_letter(row.id);
            if (!whole) return fail(whole.error());
            journal::Frame frame;
            journal::FrameReader reader(whole->letter.frame);
            if (auto read = reader.next(frame); !read) return fail(read.error());
            if (!erasure.concerns(frame)) continue;
            if (auto done = connection_->query(sql::kDropDeadLetter).integer(row.id).run(); !done)
                return fail(done.error());
            ++erased;
        }
        if (page->size() < 1000) return erased;
    }
}

Result<std::uint64_t> SqliteStore::erase_held(const Erasure& erasure) {
    std::vector<std::pair<std::int64_t, std::int64_t>> places;
    {
        Query query = connection_->query(sql::kAllHeld);
        for (;;) {
            const auto more = query.next();
            if (!more) return fail(more.error());
            if (!*more) break;
            const auto bytes = query.integer_at(3) == 0 ? Result<std::string>(std::string())
                                                        : unpack_frame(query.bytes_at(4), query.integer_at(3));
            if (!bytes) return fail(bytes.error());
            bool concerned = query.bytes_at(2) == erasure.subject_key;
            journal::Frame frame;
            journal::FrameReader reader(*bytes);
            if (!concerned && !reader.at_end()) {
                if (auto read = reader.next(frame); !read) return fail(read.error());
                concerned = erasure.concerns(frame);
            }
            if (concerned) places.emplace_back(query.integer_at(0), query.integer_at(1));
        }
    }
    for (const auto& [partition, position] : places) {
        auto done = connection_->query(sql::kDropHeld).integer(partition).integer(position).run();
        if (!done) return fail(done.error());
    }
    return places.size();
}

Result<std::uint64_t> SqliteStore::drop_rows_of(const char* statement, const std::string& subject_key) {
    if (auto done = connection_->query(statement).text(subject_key).run(); !done) return fail(done.error());
    return static_cast<std::uint64_t>(connection_->changed_rows());
}

Result<Erased> SqliteStore::erase_rows(const Erasure& erasure) {
    Erased erased;
    const auto ends = chain_ends();
    if (!ends) return fail(ends.error());
    for (const ChainEnd& end : *ends) {
        if (auto whole = check_journal_end(end.partition); !whole) return fail(whole.error());
        if (auto done = erase_journal(end.partition, erasure, erased); !done) return fail(done.error());
    }
    const auto letters = erase_letters(erasure);
    if (!letters) return fail(letters.error());
    const auto held = erase_held(erasure);
    if (!held) return fail(held.error());
    if (auto done = blot_out(erasure.subject_key); !done) return fail(done.error());
    // Notifications and what people did know their alert, and alerts their subject: in this order.
    for (const char* statement : {sql::kDropOutboxOf, sql::kDropActionsOf, sql::kDropCasesOf, sql::kDropChangesOf,
                                  sql::kDropTokenOf, sql::kDropRevisionsOf}) {
        if (auto done = drop_rows_of(statement, erasure.subject_key); !done) return fail(done.error());
    }
    const auto alerts = drop_rows_of(sql::kDropAlertsOf, erasure.subject_key);
    if (!alerts) return fail(alerts.error());
    const auto snapshots = drop_rows_of(sql::kDropSnapshotsOf, erasure.subject_key);
    if (!snapshots) return fail(snapshots.error());
    for (const Cell& cell : erasure.cells) {
        for (const char* statement : {sql::kChangeCell, sql::kDropEmptyCell}) {
            Query query = connection_->query(statement);
            if (statement == sql::kChangeCell) query.integer(cell.value);
            query.integer(cell.partition).text(cell.cohort).text(cell.measure).integer(cell.x).integer(cell.y);
            if (auto done = query.run(); !done) return fail(done.error());
        }
    }
    erased.dead_letters = *letters;
    erased.held = *held;
    erased.alerts = *alerts;
    erased.snapshots = *snapshots;
    return erased;
}

// Alarms of cohorts name who had the event: the name is overwritten in place, so that nothing around it moves.
Result<void> SqliteStore::blot_out(const std::string& subject_key) {
    constexpr std::array kWhere{std::pair(sql::kCohortBodies, sql::kSetCohortBody),
                                std::pair(sql::kCohortRevisionBodies, sql::kSetCohortRevisionBody),
                                std::pair(sql::kOutboxBodies, sql::kSetOutboxBody)};
    for (const auto& [find, set] : kWhere) {
        std::vector<std::pair<std::int64_t, std::string>> bodies;
        {
            Query query = connection_->query(find);
            query.bytes(subject_key);
            for (;;) {
                const auto there = query.next();
                if (!there) return fail(there.error());
                if (!*there) break;
                bodies.emplace_back(query.integer_at(0), query.string_at(1));
            }
        }
        for (auto& [row, body] : bodies) {
            if (!overwrite_name(body, subject_key)) continue;
            if (auto done = connection_->query(set).bytes(body).integer(row).run(); !done) return done;
        }
    }
    return {};
}

Result<Erased> SqliteStore::erase(const Erasure& erasure) {
    if (auto allowed = require(Access::owner); !allowed) return fail(allowed.error());
    if (auto set = connection_->script("PRAGMA secure_delete = ON"); !set) return fail(set.error());
    auto transaction = Transaction::begin(*connection_);
    if (!transaction) return fail(transaction.error());
    auto erased = erase_rows(erasure);
    if (!erased) return erased;
    if (*erased == Erased{}) return fail(Errc::not_found, "the store has nothing of this subject");
    const std::string detail = R"({"messages":)" + std::to_string(erased->messages) + R"(,"segments":)" +
                               std::to_string(erased->segments) + R"(,"reason":)" + json_text(erasure.reason) + "}";
    auto told =
        put_audit({{.at = erasure.at, .who = erasure.who, .what = "subject.erased", .object = "", .detail = detail}});
    if (!told) return fail(told.error());
    if (auto committed = transaction->commit(); !committed) return fail(committed.error());
    // The write-ahead log still holds pages from before: it ends here.
    if (auto emptied = connection_->script("PRAGMA wal_checkpoint(TRUNCATE)"); !emptied) return fail(emptied.error());
    return erased;
}

Result<Erased> erase_subject(const Erasure& erasure) {
    SqliteOptions options;
    options.folder = erasure.folder;
    auto store = SqliteStore::open(options);
    if (!store) return fail(store.error());
    return static_cast<SqliteStore&>(**store).erase(erasure);
}

}  // namespace cellvigil::store
