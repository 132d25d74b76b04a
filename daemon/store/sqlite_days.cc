// The days that partitions closed, and the looks that were taken at them.
#include <limits>

#include "daemon/store/sql.h"
#include "daemon/store/sqlite_store.h"

namespace cellvigil::store {
namespace {

std::int64_t limit_of(std::size_t at_most) {
    constexpr std::size_t kMost = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(at_most < kMost ? at_most : kMost);
}

CellDelta read_delta(const Query& query) {
    return {query.string_at(0), query.string_at(1), static_cast<std::int32_t>(query.integer_at(2)),
            query.integer_at(3)};
}

LookRow read_look(const Query& query) {
    LookRow row;
    row.day = static_cast<std::int32_t>(query.integer_at(0));
    row.log_time = query.instant_at(1);
    row.late = query.integer_at(2);
    row.pack = query.string_at(3);
    row.pack_hash = query.string_at(4);
    row.sums = query.string_at(5);
    row.outcome = query.string_at(6);
    return row;
}

}  // namespace

Result<void> SqliteStore::put_days(const Commit& commit) {
    for (const DayCloseRow& row : commit.day_closes) {
        std::int64_t sequence = 0;
        {
            Query query = connection_->query(sql::kPutDayClose);
            query.integer(row.partition).integer(row.first_day).integer(row.through).integer(row.position);
            query.instant(row.log_time).integer(row.late).integer(row.silent ? 1 : 0).text(row.rules);
            const auto put = query.next();
            if (!put) return fail(put.error());
            if (!*put) continue;  // stored already
            sequence = query.integer_at(0);
        }
        for (const CellDelta& delta : row.deltas) {
            Query query = connection_->query(sql::kPutDayCell);
            query.integer(sequence).text(delta.cohort).text(delta.measure).integer(delta.x).integer(delta.by);
            if (auto put = query.run(); !put) return put;
        }
    }
    for (const LookRow& row : commit.looks) {
        Query query = connection_->query(sql::kPutLook);
        query.integer(row.day).instant(row.log_time).integer(row.late).text(row.pack).text(row.pack_hash);
        if (auto put = query.text(row.sums).text(row.outcome).run(); !put) return put;
    }
    return {};
}

Result<std::vector<StoredClose>> SqliteStore::day_closes(std::int64_t after, std::size_t at_most) {
    std::vector<StoredClose> closes;
    {
        Query query = connection_->query(sql::kDayCloses);
        query.integer(after).integer(limit_of(at_most));
        for (;;) {
            const auto more = query.next();
            if (!more) return fail(more.error());
            if (!*more) break;
            StoredClose close;
            close.sequence = query.integer_at(0);
            close.row.partition = static_cast<std::uint32_t>(query.integer_at(1));
            close.row.first_day = static_cast<std::int32_t>(query.integer_at(2));
            close.row.through = static_cast<std::int32_t>(query.integer_at(3));
            close.row.position = query.integer_at(4);
            close.row.log_time = query.instant_at(5);
            close.row.late = query.integer_at(6);
            close.row.silent = query.integer_at(7) != 0;
            close.row.rules = query.string_at(8);
            closes.push_back(std::move(close));
        }
    }
    for (StoredClose& close : closes) {
        Query query = connection_->query(sql::kDayCells);
        query.integer(close.sequence);
        for (;;) {
            const auto more = query.next();
            if (!more) return fail(more.error());
            if (!*more) break;
            close.row.deltas.push_back(read_delta(query));
        }
    }
    return closes;
}

Result<ClosedCells> SqliteStore::closed_cells(std::uint32_t partition) {
    ClosedCells closed;
    {
        Query query = connection_->query(sql::kLastClose);
        const auto found = query.integer(partition).next();
        if (!found) return fail(found.error());
        if (!*found) return closed;
        closed.through = static_cast<std::int32_t>(query.integer_at(0));
        closed.late = query.integer_at(1);
    }
    Query query = connection_->query(sql::kClosedCells);
    query.integer(partition);
    for (;;) {
        const auto more = query.next();
        if (!more) return fail(more.error());
        if (!*more) return closed;
        closed.cells.push_back(read_delta(query));
    }
}

Result<std::vector<LookRow>> SqliteStore::looks(std::int32_t after, std::size_t at_most) {
    std::vector<LookRow> rows;
    Query query = connection_->query(sql::kLooksAfter);
    query.integer(after).integer(limit_of(at_most));
    for (;;) {
        const auto more = query.next();
        if (!more) return fail(more.error());
        if (!*more) return rows;
        rows.push_back(read_look(query));
    }
}

Result<std::optional<LookRow>> SqliteStore::last_look() {
    Query query = connection_->query(sql::kLastLook);
    const auto found = query.next();
    if (!found) return fail(found.error());
    return *found ? std::optional(read_look(query)) : std::nullopt;
}

}  // namespace cellvigil::store
