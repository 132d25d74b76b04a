#include <limits>
#include <string>

#include "daemon/journal/frame.h"
#include "daemon/store/sql.h"
#include "daemon/store/sqlite_store.h"

namespace cellvigil::store {
namespace {

std::string name_of_partition(std::uint32_t partition) { return "partition " + std::to_string(partition); }

std::string name_of_segment(const SegmentHeader& header) {
    return name_of_partition(header.partition) + ", segment " + std::to_string(header.number);
}

struct Counted {
    std::uint32_t messages = 0;
    std::uint32_t controls = 0;
};

// Reads every frame of a segment; a fault in words, or nothing.
std::string check_frames(const SegmentHeader& header, std::string_view frames) {
    journal::FrameReader reader(frames);
    journal::Frame frame;
    Counted counted;
    std::int64_t at_least = header.base;
    while (!reader.at_end()) {
        if (auto read = reader.next(frame); !read) return read.error().detail;
        if (frame.partition != header.partition) return "holds a frame of partition " + std::to_string(frame.partition);
        if (frame.kind == journal::FrameKind::control) {
            ++counted.controls;
            continue;
        }
        ++counted.messages;
        if (frame.position < at_least || frame.position >= header.next) {
            return "holds position " + std::to_string(frame.position) + ", expected from " + std::to_string(at_least) +
                   " and below " + std::to_string(header.next);
        }
        at_least = frame.position + 1;
    }
    if (counted.messages != header.messages || counted.controls != header.controls) {
        return "holds " + std::to_string(counted.messages) + " messages and " + std::to_string(counted.controls) +
               " control records, says " + std::to_string(header.messages) + " and " + std::to_string(header.controls);
    }
    return {};
}

// How a segment must follow the one before; a fault in words, or nothing.
std::string check_place(const SegmentHeader& header, std::int64_t number, std::int64_t next, bool first) {
    if (header.number != number) return "follows segment " + std::to_string(number - 1);
    if (first || header.base == next) return {};
    return std::string(header.base < next ? "overlaps" : "leaves a gap after") + " position " + std::to_string(next) +
           ": it begins at " + std::to_string(header.base);
}

}  // namespace

Result<std::vector<SqliteStore::ChainEnd>> SqliteStore::chain_ends() {
    Query query = connection_->query(sql::kChainEnds);
    std::vector<ChainEnd> ends;
    for (;;) {
        const auto more = query.next();
        if (!more) return fail(more.error());
        if (!*more) return ends;
        const auto chain = digest_of(query.bytes_at(3));
        if (!chain) return fail(chain.error());
        ends.push_back(
            {static_cast<std::uint32_t>(query.integer_at(0)), query.integer_at(1), {query.integer_at(2), *chain}});
    }
}

Result<void> SqliteStore::verify_journal(const ChainEnd& end, VerifyReport& report) {
    Digest previous{};
    std::int64_t next = 0;
    std::int64_t number = 0;
    // Segments that came after the ends were read are another verification's.
    while (number < end.tail.segments) {
        const auto found =
            segment_at(end.partition, number == 0 ? std::numeric_limits<std::int64_t>::min() : next, number);
        if (!found) return fail(found.error());
        if (!*found) break;
        const StoredSegment& segment = **found;
        const SegmentHeader& header = segment.header;
        if (std::string fault = check_place(header, number, next, number == 0); !fault.empty()) {
            report.faults.push_back(name_of_segment(header) + ": " + fault);
        }
        if (const auto frames = frames_of(segment, previous); !frames) {
            if (frames.error().code != Errc::corrupt) return fail(frames.error());
            report.faults.push_back(frames.error().detail);
        } else if (std::string fault = check_frames(header, *frames); !fault.empty()) {
            report.faults.push_back(name_of_segment(header) + ": " + fault);
        }
        ++report.segments;
        report.messages += header.messages;
        previous = segment.chain;
        next = header.next;
        number = header.number + 1;
    }
    if (number != end.tail.segments || previous != end.tail.chain) {
        report.faults.push_back(name_of_partition(end.partition) + ": the journal ends with segment " +
                                std::to_string(number - 1) + ", " + std::to_string(end.tail.segments) +
                                " were written, or the last hash differs");
    } else if (number > 0 && next != end.next) {
        report.faults.push_back(name_of_partition(end.partition) + ": the journal ends at " + std::to_string(next) +
                                ", the position is " + std::to_string(end.next));
    }
    return {};
}

Result<void> SqliteStore::check_audit(VerifyReport& report) {
    Query query = connection_->query(sql::kWholeAudit);
    Digest previous{};
    std::int64_t last = -1;
    for (std::int64_t number = 0;; ++number) {
        const auto more = query.next();
        if (!more) return fail(more.error());
        if (!*more) return check_audit_end(last, previous, report);
        const AuditRow row{query.instant_at(0), query.string_at(1), query.string_at(2), query.string_at(3),
                           query.string_at(4)};
        const auto stored = digest_of(query.bytes_at(6));
        if (!stored) return fail(stored.error());
        const auto chain = codec_.chain(previous, number, row);
        if (!chain) return fail(chain.error());
        if (query.integer_at(5) != number || *chain != *stored) {
            report.faults.push_back("audit row " + std::to_string(query.integer_at(5)) +
                                    ": its hash is not the chain's");
        }
        number = query.integer_at(5);
        last = number;
        previous = *stored;
    }
}

// A trail whose last entries are gone reads well to its end; where it ended is kept apart.
Result<void> SqliteStore::check_audit_end(std::int64_t last, const Digest& chain, VerifyReport& report) {
    Query end = connection_->query(sql::kAuditEnd);
    const auto there = end.next();
    if (!there) return fail(there.error());
    const std::int64_t written = *there ? end.integer_at(0) : -1;
    if (written != last) {
        report.faults.push_back("audit: " + std::to_string(written + 1) + " rows were written, " +
                                std::to_string(last + 1) + " are there");
    } else if (*there && end.bytes_at(1) != view(chain)) {
        report.faults.push_back("audit: the last row is not the one that was written last");
    }
    return {};
}

Result<VerifyReport> SqliteStore::verify_audit() {
    VerifyReport report;
    if (auto checked = check_audit(report); !checked) return fail(checked.error());
    Query count = connection_->query("SELECT count(*) FROM audit");
    const auto there = count.next();
    if (!there) return fail(there.error());
    report.messages = static_cast<std::uint64_t>(count.integer_at(0));
    return report;
}

Result<void> SqliteStore::verify_snapshots(VerifyReport& report) {
    Query query = connection_->query(sql::kAllSnapshots);
    for (;;) {
        const auto more = query.next();
        if (!more) return fail(more.error());
        if (!*more) return {};
        const std::string name =
            "snapshot " + std::to_string(query.integer_at(0)) + " of partition " + std::to_string(query.integer_at(1));
        if (const auto bytes = checked_snapshot(query, 3); !bytes)
            report.faults.push_back(name + ": " + bytes.error().detail);
    }
}

Result<void> SqliteStore::verify_file(VerifyReport& report) {
    Query query = connection_->query(sql::kQuickCheck);
    for (;;) {
        const auto more = query.next();
        if (!more) return fail(more.error());
        if (!*more) return {};
        if (query.bytes_at(0) != "ok") report.faults.push_back("database file: " + query.string_at(0));
    }
}

Result<VerifyReport> SqliteStore::verify() {
    VerifyReport report;
    const auto check = [&](Result<void> done) -> Result<void> {
        // Damage so great that SQLite itself cannot read on is a finding like the others.
        if (!done && done.error().code == Errc::corrupt) {
            report.faults.push_back(done.error().detail);
            return {};
        }
        return done;
    };
    if (auto done = check(verify_file(report)); !done) return fail(done.error());
    const auto ends = chain_ends();
    if (!ends) return fail(ends.error());
    for (const ChainEnd& end : *ends) {
        if (auto done = check(verify_journal(end, report)); !done) return fail(done.error());
    }
    if (auto done = check(check_audit(report)); !done) return fail(done.error());
    if (auto done = check(verify_erasures(report)); !done) return fail(done.error());
    if (auto done = check(verify_snapshots(report)); !done) return fail(done.error());
    return report;
}

}  // namespace cellvigil::store
