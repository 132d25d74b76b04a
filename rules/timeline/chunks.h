// The live facts in fold order, in chunks with the fold's state at each chunk's start, so that a late fact re-folds
// little: its chunk, and the following ones only as long as their start states differ from before. What is late is
// mostly late by a few facts, so a subject that has late facts gets chunks that are the smaller the nearer they are to
// the end; one whose facts come in order has large ones only. Where chunks begin never changes what the fold says. Used
// by SubjectTimeline only. Pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "rules/timeline/fold.h"
#include "rules/timeline/records.h"

namespace cellvigil {

class Chunks {
  public:
    // Places a live version and folds what it changes.
    void insert(std::uint32_t version, const Records& records, const SubjectContext& subject, const RuleSet& rules);
    // Takes one out and places the other, as a correction does, and folds once what they change. Either may be kNone.
    void replace(std::uint32_t before, std::uint32_t now, const Records& records, const SubjectContext& subject,
                 const RuleSet& rules);
    // Everything anew from these versions, which need no order.
    void rebuild(std::vector<std::uint32_t> versions, const Records& records, const SubjectContext& subject,
                 const RuleSet& rules);

    const FoldState& end() const { return end_; }
    std::vector<std::uint32_t> versions() const;
    std::uint32_t last() const {
        return chunks_.empty() || chunks_.back().versions.empty() ? kNone : chunks_.back().versions.back();
    }
    // What the fold said, in order.
    FoldOutput output() const;
    // Why a live record's value is not used; nullopt: it is. Looks through everything that is listed.
    std::optional<QualityKind> held_as(RecordRef record) const;
    std::size_t memory_bytes() const;
    std::uint64_t folded_again() const { return folded_again_; }  // facts, by refold()
    // Asks for the memory that a fact in order will touch, in the order in which it does: the front of the state now;
    // what lies further back, and behind pointers that are here by then, some hundred nanoseconds later.
    void prefetch_front() const {
        fetch_ahead(&chunks_);
        constexpr std::size_t kFront = 896;
        fetch_ahead(&end_, kFront);
        fetch_ahead(&end_.panel, sizeof end_.panel + sizeof end_.cross + sizeof end_.ledger);
    }
    void prefetch_rest() const {
        fetch_ahead(&end_.crs.oxygen, sizeof end_.crs.oxygen + sizeof end_.crs.masking);
        fetch_ahead(&end_.crs.episode, sizeof end_.crs.episode);
        const LegacyCrsState& older = *end_.panel.legacy_crs;
        fetch_ahead(&older);
        fetch_ahead(&older.attribution);
        fetch_ahead(&older.episode);
        fetch_ahead(&*end_.panel.ctcae_signs, sizeof(CtcaeSignsState));
        if (!chunks_.empty()) fetch_ahead(&chunks_.back());
        fetch_ahead(&*end_.panel.said);
        fetch_ahead(&*end_.ledger);
    }
    // What is behind those, again some hundred nanoseconds later.
    void prefetch_last() const {
        constexpr std::size_t kMost = 1536;  // bytes
        const auto& said = *end_.panel.said;
        fetch_by_fours(said.data(), std::min(said.size() * sizeof said[0], kMost));
        const auto& computed = end_.ledger->computed;
        fetch_by_fours(computed.data(), std::min(computed.size() * sizeof computed[0], kMost));
        if (!chunks_.empty()) fetch_ahead(chunks_.back().versions.data() + chunks_.back().versions.size());
    }

    std::size_t chunks() const { return chunks_.size(); }

    // In facts. A chunk holds no more than kGrowth times the facts that stand after it, at least kFine, at most
    // kTarget; twice as many split it, and two that together hold at most one and a half times as many become one.
    static constexpr std::size_t kTarget = 256;
    static constexpr std::size_t kFine = 8;
    static constexpr std::size_t kGrowth = 4;
    // So many chunks begun in order since the last late fact, and the next ones are large from the start.
    static constexpr std::size_t kCalm = 16;

  private:
    // Of many lines: counting them costs more than asking.
    static void fetch_by_fours(const void* from, std::size_t bytes) {
        constexpr std::size_t kFour = 4 * kCacheLine;
        const auto* at = static_cast<const char*>(from);
        for (; bytes >= kFour; bytes -= kFour, at += kFour) fetch_ahead(at, kFour);
        fetch_ahead(at, bytes);
    }
    struct Chunk {
        std::unique_ptr<FoldState> start;  // null: the beginning of everything; of a later chunk: refold() sets it
        std::vector<std::uint32_t> versions;
        FoldOutput out;
    };
    void remove(std::uint32_t version, const Records& records, const SubjectContext& subject, const RuleSet& rules);
    std::size_t chunk_for(std::uint32_t version, const Records& records) const;
    std::size_t place(std::uint32_t version, const Records& records);
    void take_out(std::size_t index, std::uint32_t version);
    void fold_late(std::size_t placed, std::size_t from, const Records& records, const SubjectContext& subject,
                   const RuleSet& rules);
    void refold(std::size_t from, std::size_t through, const Records& records, const SubjectContext& subject,
                const RuleSet& rules);
    static std::size_t most_before(std::size_t after) { return std::clamp(kGrowth * after, kFine, kTarget); }
    std::size_t most_in(std::size_t index) const;
    void begin_chunk();
    void split(std::size_t index);
    void join();

    std::vector<Chunk> chunks_;
    std::size_t limit_ =
        kTarget;  // facts in the last chunk before another begins; beside what a fact in order looks at
    FoldState end_;
    std::size_t begun_ = 0;  // chunks, since the last late fact
    std::uint64_t folded_again_ = 0;
};

}  // namespace cellvigil
