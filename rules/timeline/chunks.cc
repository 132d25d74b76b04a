#include "rules/timeline/chunks.h"

#include <algorithm>

#include "rules/base/ensure.h"

namespace cellvigil {
namespace {

void append(FoldOutput& all, const FoldOutput& more) {
    all.assessments.insert(all.assessments.end(), more.assessments.begin(), more.assessments.end());
    all.episodes.insert(all.episodes.end(), more.episodes.begin(), more.episodes.end());
    all.quality.insert(all.quality.end(), more.quality.begin(), more.quality.end());
}

}  // namespace

std::size_t Chunks::chunk_for(std::uint32_t version, const Records& records) const {
    // The last chunk whose first fact is not after this one.
    std::size_t low = 0;
    std::size_t high = chunks_.size();
    while (high - low > 1) {
        const std::size_t middle = (low + high) / 2;
        if (fold_before(records, version, chunks_[middle].versions.front())) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return low;
}

void Chunks::insert(std::uint32_t version, const Records& records, const SubjectContext& subject,
                    const RuleSet& rules) {
    if (chunks_.empty()) chunks_.emplace_back();
    Chunk& last = chunks_.back();
    const auto is_last = [&](std::uint32_t before) {
        // Most facts come in order of time, and then nothing else need be compared.
        return records.versions()[before].from < records.versions()[version].from ||
               fold_before(records, before, version);
    };
    if (last.versions.empty() || is_last(last.versions.back())) {
        if (last.versions.size() >= limit_) begin_chunk();
        chunks_.back().versions.push_back(version);
        step(end_, records.fact(version), subject, rules, chunks_.back().out);
        return;
    }
    const std::size_t index = place(version, records);
    fold_late(index, index, records, subject, rules);
}

// Into the chunk whose index it returns; nothing is folded.
std::size_t Chunks::place(std::uint32_t version, const Records& records) {
    const std::size_t index = chunk_for(version, records);
    auto& versions = chunks_[index].versions;
    versions.insert(std::upper_bound(versions.begin(), versions.end(), version,
                                     [&](std::uint32_t a, std::uint32_t b) { return fold_before(records, a, b); }),
                    version);
    return index;
}

void Chunks::take_out(std::size_t index, std::uint32_t version) {
    auto& versions = chunks_[index].versions;
    const auto place = std::find(versions.begin(), versions.end(), version);
    ensure(place != versions.end(), "a live version stands in its chunk");
    versions.erase(place);
}

// A fact was placed in one chunk, and what changed begins in `from`, at or before or after it.
void Chunks::fold_late(std::size_t placed, std::size_t from, const Records& records, const SubjectContext& subject,
                       const RuleSet& rules) {
    limit_ = kFine;
    begun_ = 0;
    const std::size_t first = std::min(placed, from);
    std::size_t last = std::max(placed, from);
    const bool large = chunks_[placed].versions.size() > 2 * most_in(placed);
    if (large) {
        split(placed);
        ++last;
    }
    refold(first, last, records, subject, rules);
    if (large) join();
}

std::size_t Chunks::most_in(std::size_t index) const {
    std::size_t after = 0;
    for (std::size_t i = chunks_.size() - 1; i > index && after < kTarget; --i) after += chunks_[i].versions.size();
    return most_before(after);
}

void Chunks::begin_chunk() {
    Chunk next;
    next.start = std::make_unique<FoldState>(end_);
    chunks_.push_back(std::move(next));
    if (++begun_ > kCalm) limit_ = kTarget;
    join();
}

// Makes one of neighbours that are small for where they stand by now. What is further back was joined before.
void Chunks::join() {
    std::size_t after = chunks_.back().versions.size();
    for (std::size_t i = chunks_.size() - 1; i >= 2 && after < 3 * kTarget;) {
        Chunk& first = chunks_[i - 2];
        Chunk& second = chunks_[i - 1];
        if (first.versions.size() + second.versions.size() > most_before(after) * 3 / 2) {
            after += second.versions.size();
            --i;
            continue;
        }
        first.versions.insert(first.versions.end(), second.versions.begin(), second.versions.end());
        append(first.out, second.out);
        chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(i) - 1);
        --i;
    }
}

void Chunks::remove(std::uint32_t version, const Records& records, const SubjectContext& subject,
                    const RuleSet& rules) {
    const std::size_t index = chunk_for(version, records);
    take_out(index, version);
    if (chunks_[index].versions.empty() && chunks_.size() > 1) {
        // The next chunk takes over this one's start; with none left after it, the fold ends where this chunk began.
        if (index + 1 < chunks_.size()) {
            chunks_[index + 1].start = std::move(chunks_[index].start);
            chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(index));
            return refold(index, index, records, subject, rules);
        }
        end_ = *chunks_[index].start;
        chunks_.pop_back();
        return;
    }
    refold(index, index, records, subject, rules);
}

void Chunks::replace(std::uint32_t before, std::uint32_t now, const Records& records, const SubjectContext& subject,
                     const RuleSet& rules) {
    if (before == kNone && now == kNone) return;
    if (before == kNone) return insert(now, records, subject, rules);
    if (now == kNone) return remove(before, records, subject, rules);
    const std::size_t index = chunk_for(before, records);
    if (chunks_[index].versions.size() < 2) {  // it would leave an empty chunk
        remove(before, records, subject, rules);
        return insert(now, records, subject, rules);
    }
    take_out(index, before);
    fold_late(place(now, records), index, records, subject, rules);
}

void Chunks::split(std::size_t index) {
    Chunk second;
    auto& versions = chunks_[index].versions;
    const auto half = versions.begin() + static_cast<std::ptrdiff_t>(versions.size() / 2);
    second.versions.assign(half, versions.end());
    versions.erase(half, versions.end());
    chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(second));
}

// Folds the chunks between these two, and the following ones as long as the states differ from before.
void Chunks::refold(std::size_t from, std::size_t through, const Records& records, const SubjectContext& subject,
                    const RuleSet& rules) {
    FoldState state = chunks_[from].start ? *chunks_[from].start : FoldState{};
    for (std::size_t i = from;; ++i) {
        Chunk& chunk = chunks_[i];
        chunk.out = {};
        folded_again_ += chunk.versions.size();
        for (const std::uint32_t version : chunk.versions)
            step(state, records.fact(version), subject, rules, chunk.out);
        if (i + 1 == chunks_.size()) break;
        auto& next = chunks_[i + 1].start;
        if (next && *next == state) {
            if (i >= through) return;
        } else if (next) {
            *next = state;
        } else {
            next = std::make_unique<FoldState>(state);
        }
    }
    end_ = std::move(state);
}

void Chunks::rebuild(std::vector<std::uint32_t> versions, const Records& records, const SubjectContext& subject,
                     const RuleSet& rules) {
    std::sort(versions.begin(), versions.end(),
              [&](std::uint32_t a, std::uint32_t b) { return fold_before(records, a, b); });
    chunks_.clear();
    limit_ = kTarget;
    begun_ = 0;
    end_ = FoldState{};
    for (const std::uint32_t version : versions) {
        if (chunks_.empty() || chunks_.back().versions.size() >= kTarget) {
            Chunk next;
            if (!chunks_.empty()) next.start = std::make_unique<FoldState>(end_);
            chunks_.push_back(std::move(next));
        }
        chunks_.back().versions.push_back(version);
        step(end_, records.fact(version), subject, rules, chunks_.back().out);
    }
}

std::vector<std::uint32_t> Chunks::versions() const {
    std::vector<std::uint32_t> all;
    for (const Chunk& chunk : chunks_) all.insert(all.end(), chunk.versions.begin(), chunk.versions.end());
    return all;
}

FoldOutput Chunks::output() const {
    FoldOutput all;
    for (const Chunk& chunk : chunks_) append(all, chunk.out);
    return all;
}

std::optional<QualityKind> Chunks::held_as(RecordRef record) const {
    for (auto chunk = chunks_.rbegin(); chunk != chunks_.rend(); ++chunk) {
        for (const QualityItem& item : chunk->out.quality) {
            if (item.record == record && !is_used(item.kind)) return item.kind;
        }
    }
    return std::nullopt;
}

std::size_t Chunks::memory_bytes() const {
    std::size_t bytes = 0;
    for (const Chunk& chunk : chunks_) {
        bytes += sizeof(Chunk) + (chunk.start ? sizeof(FoldState) + sizeof(WatchState) : 0) +
                 chunk.versions.capacity() * sizeof(std::uint32_t) +
                 chunk.out.assessments.capacity() * sizeof(Assessment) +
                 chunk.out.episodes.capacity() * sizeof(Episode) + chunk.out.quality.capacity() * sizeof(QualityItem);
    }
    return bytes;
}

}  // namespace cellvigil
