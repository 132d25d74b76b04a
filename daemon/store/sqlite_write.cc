#include <algorithm>
#include <map>
#include <string>

#include "daemon/store/commit_shape.h"
#include "daemon/store/history.h"
#include "daemon/store/sql.h"
#include "daemon/store/sqlite_store.h"
#include "rules/base/ensure.h"
#include "rules/base/hash.h"

namespace cellvigil::store {
namespace {

constexpr std::size_t kWorthCompressing = 512;  // bytes; below, little is saved

Error taken_over(std::uint32_t partition) {
    return {Errc::conflict, "partition " + std::to_string(partition) + ": somebody else has advanced or claimed it"};
}

}  // namespace

Result<void> SqliteStore::bind(std::string_view input, std::uint32_t partitions) {
    if (partitions == 0) return fail(Errc::invalid, "a deployment has partitions");
    auto transaction = access_ == Access::owner ? std::optional(Transaction::begin(*connection_)) : std::nullopt;
    if (transaction && !*transaction) return fail(transaction->error());
    {
        Query known = connection_->query(sql::kReadDeployment);
        const auto row = known.next();
        if (!row) return fail(row.error());
        if (*row) {
            if (known.bytes_at(0) != input) {
                return fail(Errc::invalid,
                            "the store was made for input " + known.string_at(0) + ", asked " + std::string(input));
            }
            if (known.integer_at(1) != partitions) {
                return fail(Errc::invalid, "the store was made for partitions " + std::to_string(known.integer_at(1)) +
                                               ", asked " + std::to_string(partitions));
            }
            return {};
        }
    }
    if (!transaction) return require(Access::owner);
    auto written = connection_->query(sql::kWriteDeployment).text(input).integer(partitions).run();
    return written ? (*transaction)->commit() : written;
}

Result<Shape> SqliteStore::shape() {
    Query known = connection_->query(sql::kReadDeployment);
    const auto row = known.next();
    if (!row) return fail(row.error());
    if (!*row) return Shape{};
    return Shape{known.string_at(0), static_cast<std::uint32_t>(known.integer_at(1))};
}

Result<Claim> SqliteStore::claim(std::uint32_t partition, std::string_view owner) {
    if (auto allowed = require(Access::owner); !allowed) return fail(allowed.error());
    auto transaction = Transaction::begin(*connection_);
    if (!transaction) return fail(transaction.error());
    {
        Query known = connection_->query(sql::kReadDeployment);
        const auto row = known.next();
        if (!row) return fail(row.error());
        if (*row && partition >= known.integer_at(1)) {
            return fail(Errc::invalid,
                        "partition " + std::to_string(partition) + " of " + std::to_string(known.integer_at(1)));
        }
    }
    Claim claim;
    {
        Query query = connection_->query(sql::kClaim);
        query.integer(partition).text(owner).instant(kAlways).instant(kAlways);
        const auto row = query.next();
        if (!row) return fail(row.error());
        ensure(*row, "a claim answers with its row");
        claim = {partition, query.integer_at(1), query.integer_at(2), query.instant_at(3), query.instant_at(4)};
    }
    if (auto committed = transaction->commit(); !committed) return fail(committed.error());
    return claim;
}

Result<void> SqliteStore::write(const Commit& commit) {
    // A tool beside the daemon may enter what it reads.
    if (auto allowed = require(is_audit_alone(commit) ? Access::beside : Access::owner); !allowed) return allowed;
    if (auto shape = check_shape(commit); !shape) return shape;
    // Outside the transaction: the other sessions wait for the lock, not for the compressor.
    const auto blocks = packed(commit.segments);
    if (!blocks) return fail(blocks.error());
    return write_in_transaction(commit, *blocks);
}

Result<std::vector<PackedBlock>> SqliteStore::packed(const std::vector<Segment>& segments) {
    std::size_t bound = 0;
    for (const Segment& segment : segments) bound += Codec::pack_bound(segment.frames.size());
    if (bound > room_size_) {
        room_.reset(new char[bound]);  // not make_unique, which would fill it
        room_size_ = bound;
    }
    std::vector<PackedBlock> blocks;
    blocks.reserve(segments.size());
    char* at = room_.get();
    for (const Segment& segment : segments) {
        const auto block = codec_.pack_block(segment.frames, at);
        if (!block) return fail(block.error());
        blocks.push_back(*block);
        at += block->bytes.data() - at + static_cast<std::ptrdiff_t>(block->bytes.size());
    }
    return blocks;
}

Result<void> SqliteStore::write_in_transaction(const Commit& commit, const std::vector<PackedBlock>& blocks) {
    auto transaction = Transaction::begin(*connection_);
    if (!transaction) return fail(transaction.error());
    auto tails = tails_of(commit);
    if (!tails) return fail(tails.error());
    if (auto put = put_segments(commit, blocks, *tails); !put) return put;
    if (auto put = put_advances(commit, *tails); !put) return put;
    if (auto put = put_snapshots(commit.snapshots); !put) return put;
    if (auto put = put_cells(commit.cells); !put) return put;
    if (auto put = put_alerts(commit); !put) return put;
    if (auto put = put_histories(commit); !put) return put;
    if (auto put = put_cases(commit.cases); !put) return put;
    if (auto put = put_dead_letters(commit.dead_letters); !put) return put;
    if (auto put = put_held(commit.held); !put) return put;
    if (auto put = put_audit(commit.audit); !put) return put;
    if (auto put = put_days(commit); !put) return put;
    auto committed = transaction->commit();
    if (committed) return committed;
    // Busy: the transaction is still there and is rolled back. Anything else may have happened on either side of the
    // disk.
    if (connection_->in_transaction()) return committed;
    return resolve(commit, committed.error());
}

Result<void> SqliteStore::resolve(const Commit& commit, const Error& error) {
    bool all = !commit.advances.empty();
    for (const Advance& advance : commit.advances) {
        Query query = connection_->query(sql::kPosition);
        const auto row = query.integer(advance.partition).next();
        if (!row || !*row) return fail(error);
        const std::int64_t next = query.integer_at(0);
        if (query.integer_at(1) != advance.epoch) return fail(taken_over(advance.partition));
        if (next != advance.expected && next != advance.next) return fail(taken_over(advance.partition));
        all = all && next == advance.next && advance.next != advance.expected;
    }
    return all ? Result<void>{} : Result<void>(fail(error));
}

// Compares before anything is written; put_advances then swaps under the same lock.
Result<std::map<std::uint32_t, SqliteStore::Tail>> SqliteStore::tails_of(const Commit& commit) {
    std::map<std::uint32_t, Tail> tails;
    for (const Advance& advance : commit.advances) {
        Query query = connection_->query(sql::kPosition);
        const auto row = query.integer(advance.partition).next();
        if (!row) return fail(row.error());
        if (!*row || query.integer_at(0) != advance.expected || query.integer_at(1) != advance.epoch) {
            return fail(taken_over(advance.partition));
        }
        const auto chain = digest_of(query.bytes_at(3));
        if (!chain) return fail(chain.error());
        tails[advance.partition] = {query.integer_at(2), *chain};
    }
    return tails;
}

Result<void> SqliteStore::put_segments(const Commit& commit, const std::vector<PackedBlock>& blocks,
                                       std::map<std::uint32_t, Tail>& tails) {
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Segment& segment = commit.segments[i];
        Tail& tail = tails[segment.partition];
        SegmentHeader header;
        header.partition = segment.partition;
        header.number = tail.segments;
        header.base = segment.base;
        header.next = segment.next;
        header.messages = segment.messages;
        header.controls = segment.controls;
        header.first_append = segment.first_append;
        header.last_append = segment.last_append;
        header.raw_size = segment.frames.size();
        header.codec = blocks[i].codec;
        const auto chain = codec_.chain(tail.chain, header, blocks[i].bytes);
        if (!chain) return fail(chain.error());
        Query query = connection_->query(sql::kInsertSegment);
        query.integer(header.partition).integer(header.number).integer(header.base).integer(header.next);
        query.integer(header.messages)
            .integer(header.controls)
            .instant(header.first_append)
            .instant(header.last_append);
        query.integer(static_cast<std::int64_t>(header.raw_size)).integer(static_cast<std::int64_t>(header.codec));
        query.bytes(view(*chain)).bytes(blocks[i].bytes);
        if (auto put = query.run(); !put) return put;
        tail = {tail.segments + 1, *chain};
    }
    return {};
}

Result<void> SqliteStore::put_advances(const Commit& commit, const std::map<std::uint32_t, Tail>& tails) {
    for (const Advance& advance : commit.advances) {
        const Tail& tail = tails.at(advance.partition);
        Query query = connection_->query(sql::kAdvance);
        query.integer(advance.next).instant(advance.log_time).instant(advance.watermark);
        query.integer(tail.segments).bytes(view(tail.chain));
        query.integer(advance.partition).integer(advance.expected).integer(advance.epoch);
        if (auto put = query.run(); !put) return put;
        if (connection_->changed_rows() != 1) return fail(taken_over(advance.partition));
    }
    return {};
}

Result<SqliteStore::Packed> SqliteStore::pack(std::string_view bytes) {
    Packed packed{0, {}, bytes, static_cast<std::int64_t>(hash64(bytes))};
    if (bytes.size() <= kWorthCompressing) return packed;
    auto body = codec_.compress_block(bytes, BlockCodec::lz4);
    if (!body) return fail(body.error());
    packed.codec = static_cast<std::int64_t>(BlockCodec::lz4);
    packed.buffer = std::move(*body);
    return packed;
}

Result<void> SqliteStore::put_snapshots(const std::vector<Snapshot>& snapshots) {
    for (const Snapshot& snapshot : snapshots) {
        const auto packed = pack(snapshot.bytes);
        if (!packed) return fail(packed.error());
        Query query = connection_->query(sql::kPutSnapshot);
        query.integer(snapshot.partition).text(snapshot.subject_key).integer(snapshot.upto);
        query.integer(static_cast<std::int64_t>(snapshot.bytes.size())).integer(packed->codec);
        query.integer(packed->checksum).bytes(packed->codec != 0 ? std::string_view(packed->buffer) : packed->bytes);
        query.instant(snapshot.due);
        if (auto put = query.run(); !put) return put;
    }
    return {};
}

Result<void> SqliteStore::put_cells(const std::vector<Cell>& cells) {
    for (const Cell& cell : cells) {
        Query query = connection_->query(cell.value == 0 ? sql::kDropCell : sql::kPutCell);
        query.integer(cell.partition).text(cell.cohort).text(cell.measure).integer(cell.x).integer(cell.y);
        if (cell.value != 0) query.integer(cell.value);
        if (auto put = query.run(); !put) return put;
    }
    return {};
}

Result<void> SqliteStore::put_alerts(const Commit& commit) {
    const auto fields = [](Query& query, const AlertRow& row) {
        query.text(row.alert_id)
            .text(row.rule)
            .text(row.severity)
            .text(row.subject_key)
            .text(row.cohort)
            .text(row.site);
        query.integer(row.partition).integer(static_cast<std::int64_t>(row.state)).integer(row.revision);
        query.instant(row.event_time).integer(row.position).bytes(row.body);
    };
    for (const AlertRow& row : commit.alerts) {
        std::optional<AlertState> before;
        {
            Query known = connection_->query(sql::kAlertState);
            const auto there = known.text(row.alert_id).next();
            if (!there) return fail(there.error());
            if (*there) before = static_cast<AlertState>(known.integer_at(0));
        }
        Query current = connection_->query(sql::kPutAlert);
        fields(current, row);
        if (auto put = current.run(); !put) return put;
        if (connection_->changed_rows() == 0) continue;  // not newer than what is stored
        const Instant at = recorded_at(commit, row);
        Query revision = connection_->query(sql::kKeepRevision);
        revision.instant(at);
        fields(revision, row);
        if (auto put = revision.run(); !put) return put;
        if (auto put = put_engine_action(before, row, at); !put) return put;
    }
    for (const OutboxRow& row : commit.outbox) {
        Query query = connection_->query(sql::kPutOutbox);
        if (auto put = query.text(row.id).text(row.alert_id).bytes(row.body).instant(row.created_at).run(); !put)
            return put;
    }
    return {};
}

Result<void> SqliteStore::put_dead_letters(const std::vector<DeadLetter>& letters) {
    for (const DeadLetter& letter : letters) {
        const auto body = codec_.compress(letter.frame);
        if (!body) return fail(body.error());
        Query query = connection_->query(sql::kPutDeadLetter);
        query.integer(letter.partition).integer(letter.position).text(letter.reason).text(letter.detail);
        query.instant(letter.failed_at).integer(letter.oversize ? 1 : 0);
        query.integer(static_cast<std::int64_t>(letter.frame.size())).bytes(*body);
        if (auto put = query.run(); !put) return put;
    }
    return {};
}

Result<void> SqliteStore::put_held(const std::vector<Held>& held) {
    for (const Held& one : held) {
        const auto state = static_cast<std::int64_t>(one.state);
        if (one.frame.empty()) {
            Query query = connection_->query(sql::kChangeHeld);
            query.integer(state).text(one.reason).text(one.detail).integer(one.partition).integer(one.position);
            if (auto put = query.run(); !put) return put;
            if (connection_->changed_rows() == 1) continue;
            return fail(Errc::invalid, "no message is held at partition " + std::to_string(one.partition) +
                                           ", position " + std::to_string(one.position));
        }
        const auto body = codec_.compress(one.frame);
        if (!body) return fail(body.error());
        Query query = connection_->query(sql::kPutHeld);
        query.integer(one.partition).integer(one.position).text(one.reason).text(one.detail).text(one.subject_key);
        query.instant(one.since).integer(state).integer(static_cast<std::int64_t>(one.frame.size())).bytes(*body);
        if (auto put = query.run(); !put) return put;
    }
    return {};
}

Result<void> SqliteStore::put_audit(const std::vector<AuditRow>& rows) {
    if (rows.empty()) return {};
    std::int64_t number = 0;
    Digest chain{};
    {
        Query last = connection_->query(sql::kLastAudit);
        const auto row = last.next();
        if (!row) return fail(row.error());
        if (*row) {
            const auto stored = digest_of(last.bytes_at(1));
            if (!stored) return fail(stored.error());
            number = last.integer_at(0) + 1;
            chain = *stored;
        }
    }
    for (const AuditRow& given : rows) {
        std::map<std::string, std::string> tokens;
        for (const std::string& subject : given.subjects) {
            auto token = token_of(subject);
            if (!token) return fail(token.error());
            tokens.emplace(subject, std::move(*token));
        }
        const AuditRow row = with_tokens(given, tokens);
        const auto link = codec_.chain(chain, number, row);
        if (!link) return fail(link.error());
        Query query = connection_->query(sql::kPutAudit);
        query.integer(number).instant(row.at).text(row.who).text(row.what).text(row.object).text(row.detail);
        if (auto put = query.bytes(view(*link)).run(); !put) return put;
        chain = *link;
        ++number;
    }
    return connection_->query(sql::kPutAuditEnd).integer(number - 1).bytes(view(chain)).run();
}

Result<std::string> SqliteStore::token_of(const std::string& subject_key) {
    if (auto put = connection_->query(sql::kPutToken).text(subject_key).text(random_token()).run(); !put)
        return fail(put.error());
    Query query = connection_->query(sql::kToken);
    const auto there = query.text(subject_key).next();
    if (!there) return fail(there.error());
    return query.string_at(0);
}

Result<void> SqliteStore::set_recovery_point(std::uint32_t partition, std::int64_t position) {
    if (auto allowed = require(Access::owner); !allowed) return allowed;
    auto set = connection_->query(sql::kSetRecoveryPoint).integer(position).integer(partition).run();
    if (!set || connection_->changed_rows() == 1) return set;
    return fail(Errc::not_found, "partition " + std::to_string(partition) + " was never claimed");
}

Result<void> SqliteStore::set_delivered(std::string_view sink, std::int64_t sequence) {
    if (auto allowed = require(Access::beside); !allowed) return allowed;
    return connection_->query(sql::kSetDelivered).text(sink).integer(sequence).run();
}

Result<std::size_t> SqliteStore::prune_outbox(std::int64_t upto, Instant created_before, std::size_t at_most) {
    if (auto allowed = require(Access::owner); !allowed) return fail(allowed.error());
    Query query = connection_->query(sql::kPruneOutbox);
    query.integer(upto).instant(created_before).integer(static_cast<std::int64_t>(at_most));
    if (auto done = query.run(); !done) return fail(done.error());
    return static_cast<std::size_t>(connection_->changed_rows());
}

Result<void> SqliteStore::mark_requeued(std::int64_t id) {
    if (auto allowed = require(Access::beside); !allowed) return allowed;
    auto marked = connection_->query(sql::kMarkRequeued).integer(id).run();
    if (!marked || connection_->changed_rows() == 1) return marked;
    return fail(Errc::not_found, "no dead letter has id " + std::to_string(id));
}

}  // namespace cellvigil::store
