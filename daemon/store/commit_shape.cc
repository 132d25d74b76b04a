#include "daemon/store/commit_shape.h"

#include <map>

namespace cellvigil::store {
namespace {

tl::unexpected<Error> refuse(std::uint32_t partition, const std::string& why) {
    return fail(Errc::invalid, "commit, partition " + std::to_string(partition) + ": " + why);
}

}  // namespace

Result<void> check_shape(const Commit& commit) {
    struct Covered {
        const Advance* advance;
        std::int64_t journal;  // where the segments seen so far end
        bool any = false;
    };
    std::map<std::uint32_t, Covered> covered;
    for (const Advance& advance : commit.advances) {
        if (advance.expected < 0 || advance.next < advance.expected)
            return refuse(advance.partition, "moves backwards");
        if (!covered.try_emplace(advance.partition, Covered{&advance, advance.expected}).second) {
            return refuse(advance.partition, "advanced twice");
        }
    }
    for (const Segment& segment : commit.segments) {
        const auto at = covered.find(segment.partition);
        if (at == covered.end()) return refuse(segment.partition, "a segment without an advance");
        if (segment.base != at->second.journal || segment.next < segment.base) {
            return refuse(segment.partition, "a segment from " + std::to_string(segment.base) + " to " +
                                                 std::to_string(segment.next) + ", expected to begin at " +
                                                 std::to_string(at->second.journal));
        }
        at->second.journal = segment.next;
        at->second.any = true;
    }
    for (const auto& [partition, one] : covered) {
        if (one.any && one.journal != one.advance->next) {
            return refuse(partition, "segments end at " + std::to_string(one.journal) + ", the advance at " +
                                         std::to_string(one.advance->next));
        }
    }
    for (const Snapshot& snapshot : commit.snapshots) {
        const auto at = covered.find(snapshot.partition);
        if (at != covered.end() && snapshot.upto > at->second.advance->next) {
            return refuse(snapshot.partition, "a snapshot ahead of the position");
        }
    }
    for (const Held& held : commit.held) {
        if (held.position < 0) return refuse(held.partition, "a held message without a position");
    }
    return {};
}

}  // namespace cellvigil::store
