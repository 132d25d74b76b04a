#include <limits>
#include <string>

#include "daemon/store/sql.h"
#include "daemon/store/sqlite_store.h"
#include "rules/base/hash.h"

namespace cellvigil::store {
namespace {

std::int64_t limit_of(std::size_t at_most) {
    constexpr std::size_t kMost = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(at_most < kMost ? at_most : kMost);
}

std::uint32_t number_at(const Query& query, int column) { return static_cast<std::uint32_t>(query.integer_at(column)); }

// Every row of a query, in its order.
template <typename Row, typename Read>
Result<std::vector<Row>> all(Query& query, Read read) {
    std::vector<Row> rows;
    for (;;) {
        const auto more = query.next();
        if (!more) return fail(more.error());
        if (!*more) return rows;
        rows.push_back(read(query));
    }
}

Claim read_claim(const Query& query) {
    return {number_at(query, 0), query.integer_at(1), query.integer_at(2), query.instant_at(3), query.instant_at(4)};
}

AlertRow read_alert(const Query& query) {
    AlertRow row;
    row.alert_id = query.string_at(0);
    row.rule = query.string_at(1);
    row.severity = query.string_at(2);
    row.subject_key = query.string_at(3);
    row.cohort = query.string_at(4);
    row.site = query.string_at(5);
    row.partition = number_at(query, 6);
    row.state = static_cast<AlertState>(query.integer_at(7));
    row.revision = number_at(query, 8);
    row.event_time = query.instant_at(9);
    row.position = query.integer_at(10);
    row.body = query.string_at(11);
    return row;
}

AlertRevision read_revision(const Query& query) { return {read_alert(query), query.instant_at(12)}; }

DeadLetterRow read_letter(const Query& query) {
    DeadLetterRow row;
    row.id = query.integer_at(0);
    row.letter.partition = number_at(query, 1);
    row.letter.position = query.integer_at(2);
    row.letter.reason = query.string_at(3);
    row.letter.detail = query.string_at(4);
    row.letter.failed_at = query.instant_at(5);
    row.letter.oversize = query.integer_at(6) != 0;
    row.requeued = query.integer_at(7) != 0;
    return row;
}

}  // namespace

Result<std::string> SqliteStore::unpack(std::string_view body, std::int64_t codec, std::int64_t raw_size) {
    if (codec == 0) return std::string(body);
    return codec_.decompress_block(body, static_cast<BlockCodec>(codec), static_cast<std::uint64_t>(raw_size));
}

Result<std::string> SqliteStore::unpack_frame(std::string_view body, std::int64_t raw_size) {
    return unpack(body, static_cast<std::int64_t>(BlockCodec::zstd), raw_size);
}

// Columns: raw_size, compressed, checksum, body.
Result<std::string> SqliteStore::checked_snapshot(const Query& query, int first_column) {
    auto bytes =
        unpack(query.bytes_at(first_column + 3), query.integer_at(first_column + 1), query.integer_at(first_column));
    if (!bytes) return bytes;
    if (static_cast<std::int64_t>(hash64(*bytes)) != query.integer_at(first_column + 2)) {
        return fail(Errc::corrupt, "a snapshot's checksum does not match");
    }
    return bytes;
}

Result<std::optional<Snapshot>> SqliteStore::load_subject(std::uint32_t partition, std::string_view subject_key) {
    Query query = connection_->query(sql::kGetSnapshot);
    const auto row = query.integer(partition).text(subject_key).next();
    if (!row) return fail(row.error());
    if (!*row) return std::optional<Snapshot>();
    auto bytes = checked_snapshot(query, 1);
    if (!bytes) return fail(bytes.error());
    return std::optional(
        Snapshot{partition, std::string(subject_key), query.integer_at(0), std::move(*bytes), query.instant_at(5)});
}

Result<std::vector<SubjectIndex>> SqliteStore::subjects_of(std::uint32_t partition) {
    Query query = connection_->query(sql::kSubjectsOf);
    query.integer(partition);
    return all<SubjectIndex>(query, [](const Query& row) {
        return SubjectIndex{row.string_at(0), number_at(row, 1), row.integer_at(2), row.instant_at(3)};
    });
}

Result<std::optional<SqliteStore::StoredSegment>> SqliteStore::segment_at(std::uint32_t partition, std::int64_t next,
                                                                          std::int64_t number) {
    Query query = connection_->query(sql::kSegmentFrom);
    const auto row = query.integer(partition).integer(next).integer(number).next();
    if (!row) return fail(row.error());
    if (!*row) return std::optional<StoredSegment>();
    StoredSegment segment;
    SegmentHeader& header = segment.header;
    header.partition = partition;
    header.number = query.integer_at(0);
    header.base = query.integer_at(1);
    header.next = query.integer_at(2);
    header.messages = number_at(query, 3);
    header.controls = number_at(query, 4);
    header.first_append = query.instant_at(5);
    header.last_append = query.instant_at(6);
    header.raw_size = static_cast<std::uint64_t>(query.integer_at(7));
    header.codec = static_cast<BlockCodec>(query.integer_at(8));
    const auto chain = digest_of(query.bytes_at(9));
    if (!chain) return fail(chain.error());
    segment.chain = *chain;
    segment.body = query.string_at(10);
    return std::optional(std::move(segment));
}

Result<Digest> SqliteStore::chain_before(std::uint32_t partition, std::int64_t next, std::int64_t number) {
    Query query = connection_->query(sql::kChainBefore);
    const auto row = query.integer(partition).integer(next).integer(number).next();
    if (!row) return fail(row.error());
    return *row ? digest_of(query.bytes_at(0)) : Result<Digest>(Digest{});
}

Result<std::string> SqliteStore::frames_of(const StoredSegment& segment, const Digest& previous) {
    const SegmentHeader& header = segment.header;
    const auto damaged = [&](const std::string& what) {
        return fail(Errc::corrupt, "partition " + std::to_string(header.partition) + ", segment " +
                                       std::to_string(header.number) + " (positions " + std::to_string(header.base) +
                                       " to " + std::to_string(header.next) + "): " + what);
    };
    const auto chain = codec_.chain(previous, header, segment.body);
    if (!chain) return fail(chain.error());
    if (*chain != segment.chain) {
        const auto erased = erased_to(header.partition, header.number, segment.chain);
        if (!erased) return fail(erased.error());
        if (!*erased || **erased != *chain) return damaged("its hash is not the chain's");
    }
    auto frames = codec_.decompress_block(segment.body, header.codec, header.raw_size);
    if (!frames) return damaged(frames.error().detail);
    return frames;
}

// A journal whose last segments are gone reads well to its end: the partition's row knows how many there were.
Result<void> SqliteStore::check_journal_end(std::uint32_t partition) {
    std::int64_t written = 0;
    {
        Query position = connection_->query(sql::kPosition);
        const auto row = position.integer(partition).next();
        if (!row) return fail(row.error());
        if (*row) written = position.integer_at(2);
    }
    Query last = connection_->query(sql::kLastNumber);
    const auto row = last.integer(partition).next();
    if (!row) return fail(row.error());
    const std::int64_t there = *row ? last.integer_at(0) + 1 : 0;
    if (there >= written) return {};  // more: committed since the position was read
    return fail(Errc::corrupt, "partition " + std::to_string(partition) + ": " + std::to_string(written) +
                                   " segments were written, the journal ends after " + std::to_string(there));
}

// One short read per segment: a reader that stayed in one transaction would keep the write-ahead log from starting
// anew.
Result<void> SqliteStore::read_segments(std::uint32_t partition, std::int64_t from,
                                        const std::function<Result<void>(const SegmentRow&)>& visit) {
    if (auto whole = check_journal_end(partition); !whole) return whole;
    std::int64_t next = 0;
    std::int64_t number = 0;
    {
        Query first = connection_->query(sql::kFirstNumberFrom);
        const auto row = first.integer(partition).integer(from).next();
        if (!row) return fail(row.error());
        if (!*row) return {};
        next = first.integer_at(0);
        number = first.integer_at(1);
    }
    auto previous = chain_before(partition, next, number);
    if (!previous) return fail(previous.error());
    for (;;) {
        const auto segment = segment_at(partition, next, number);
        if (!segment) return fail(segment.error());
        if (!*segment) return {};
        const SegmentHeader& header = (*segment)->header;
        auto frames = frames_of(**segment, *previous);
        if (!frames) return fail(frames.error());
        if (auto visited = visit({partition, header.base, header.next, header.messages, std::move(*frames)});
            !visited) {
            return visited;
        }
        previous = (*segment)->chain;
        next = header.next;
        number = header.number + 1;
    }
}

Result<std::int64_t> SqliteStore::recovery_point(std::uint32_t partition) {
    Query query = connection_->query(sql::kRecoveryPoint);
    const auto row = query.integer(partition).next();
    if (!row) return fail(row.error());
    return *row ? query.integer_at(0) : std::int64_t{0};
}

Result<std::vector<Cell>> SqliteStore::cells_of(std::uint32_t partition) {
    Query query = connection_->query(sql::kCellsOf);
    query.integer(partition);
    return all<Cell>(query, [&](const Query& row) {
        return Cell{partition,
                    row.string_at(0),
                    row.string_at(1),
                    static_cast<std::int32_t>(row.integer_at(2)),
                    static_cast<std::int32_t>(row.integer_at(3)),
                    row.integer_at(4)};
    });
}

Result<std::vector<CellSum>> SqliteStore::cell_sums() {
    Query query = connection_->query(sql::kCellSums);
    return all<CellSum>(query, [](const Query& row) {
        return CellSum{row.string_at(0), row.string_at(1), static_cast<std::int32_t>(row.integer_at(2)),
                       static_cast<std::int32_t>(row.integer_at(3)), row.integer_at(4)};
    });
}

Result<std::vector<std::string>> SqliteStore::named(std::string_view cohort, std::string_view table,
                                                    std::size_t at_most) {
    Query query = connection_->query(sql::kNamed);
    const std::string prefix = kWho + std::string(table);
    query.text(cohort).text(prefix).integer(limit_of(at_most));
    return all<std::string>(query, [&](const Query& row) { return row.string_at(0).substr(prefix.size() + 1); });
}

Result<std::vector<std::uint32_t>> SqliteStore::partitions() {
    Query query = connection_->query(sql::kPartitions);
    return all<std::uint32_t>(query, [](const Query& row) { return number_at(row, 0); });
}

Result<std::vector<Claim>> SqliteStore::positions() {
    Query query = connection_->query(sql::kPositions);
    return all<Claim>(query, read_claim);
}

Result<std::optional<AlertRow>> SqliteStore::alert(std::string_view alert_id) {
    Query query = connection_->query(sql::kAlert);
    const auto there = query.text(alert_id).next();
    if (!there) return fail(there.error());
    if (!*there) return std::optional<AlertRow>();
    return std::optional(read_alert(query));
}

Result<std::vector<AlertRow>> SqliteStore::alerts(std::size_t at_most, std::string_view after_id) {
    Query query = connection_->query(sql::kAlertsAfter);
    query.text(after_id).integer(limit_of(at_most));
    return all<AlertRow>(query, read_alert);
}

Result<std::vector<AlertRow>> SqliteStore::alerts_of(std::string_view subject_key) {
    Query query = connection_->query(sql::kAlertsOf);
    query.text(subject_key);
    return all<AlertRow>(query, read_alert);
}

Result<std::vector<AlertRevision>> SqliteStore::alert_history(std::string_view alert_id) {
    Query query = connection_->query(sql::kAlertHistory);
    query.text(alert_id);
    return all<AlertRevision>(query, read_revision);
}

Result<std::vector<AlertRevision>> SqliteStore::alerts_as_of(Instant log_time) {
    Query query = connection_->query(sql::kAlertsAsOf);
    query.instant(log_time);
    return all<AlertRevision>(query, read_revision);
}

Result<std::vector<OutboxEntry>> SqliteStore::outbox_after(std::int64_t sequence, std::size_t at_most) {
    Query query = connection_->query(sql::kOutboxAfter);
    query.integer(sequence).integer(limit_of(at_most));
    return all<OutboxEntry>(query, [](const Query& row) {
        return OutboxEntry{row.integer_at(0),
                           {row.string_at(1), row.string_at(2), row.string_at(3), row.instant_at(4)}};
    });
}

Result<std::int64_t> SqliteStore::delivered_upto(std::string_view sink) {
    Query query = connection_->query(sql::kDeliveredUpto);
    const auto row = query.text(sink).next();
    if (!row) return fail(row.error());
    return *row ? query.integer_at(0) : std::int64_t{0};
}

Result<std::vector<DeadLetterRow>> SqliteStore::dead_letters(std::int64_t after_id, std::size_t at_most) {
    Query query = connection_->query(sql::kDeadLetters);
    query.integer(after_id).integer(limit_of(at_most));
    return all<DeadLetterRow>(query, read_letter);
}

Result<DeadLetterRow> SqliteStore::dead_letter(std::int64_t id) {
    Query query = connection_->query(sql::kDeadLetter);
    const auto row = query.integer(id).next();
    if (!row) return fail(row.error());
    if (!*row) return fail(Errc::not_found, "no dead letter has id " + std::to_string(id));
    DeadLetterRow letter = read_letter(query);
    auto frame = unpack_frame(query.bytes_at(9), query.integer_at(8));
    if (!frame) return fail(frame.error());
    letter.letter.frame = std::move(*frame);
    return letter;
}

Result<std::vector<Held>> SqliteStore::held(std::uint32_t partition) {
    Query query = connection_->query(sql::kHeld);
    query.integer(partition);
    std::vector<Held> held;
    for (;;) {
        const auto more = query.next();
        if (!more) return fail(more.error());
        if (!*more) return held;
        auto frame = unpack_frame(query.bytes_at(8), query.integer_at(7));
        if (!frame) return fail(frame.error());
        held.push_back({number_at(query, 0), query.integer_at(1), query.string_at(2), query.string_at(3),
                        query.string_at(4), query.instant_at(5), static_cast<HeldState>(query.integer_at(6)),
                        std::move(*frame)});
    }
}

Result<Counts> SqliteStore::counts() {
    Query alert_query = connection_->query(sql::kAlertCounts);
    auto alerts = all<Counts::Alerts>(alert_query, [](const Query& row) {
        return Counts::Alerts{row.string_at(0), row.string_at(1), row.string_at(2), row.integer_at(3)};
    });
    if (!alerts) return fail(alerts.error());
    Query held_query = connection_->query(sql::kHeldCounts);
    auto held = all<Counts::Held>(held_query, [](const Query& row) {
        return Counts::Held{row.string_at(0), row.integer_at(1)};
    });
    if (!held) return fail(held.error());
    return Counts{std::move(*alerts), std::move(*held)};
}

Result<std::vector<AuditRow>> SqliteStore::audit(std::size_t at_most) {
    Query query = connection_->query(sql::kAudit);
    query.integer(limit_of(at_most));
    return all<AuditRow>(query, [](const Query& row) {
        return AuditRow{row.instant_at(0), row.string_at(1), row.string_at(2), row.string_at(3), row.string_at(4)};
    });
}

}  // namespace cellvigil::store
