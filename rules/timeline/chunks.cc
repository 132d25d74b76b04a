#include "rules/timeline/chunks.h"

#include <algorithm>

#include "rules/base/ensure.h"

namespace cellvigil {

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
        if (last.versions.size() >= kTarget) {
            Chunk next;
            next.start = std::make_unique<FoldState>(end_);
            chunks_.push_back(std::move(next));
        }
        chunks_.back().versions.push_back(version);
        step(end_, records.fact(version), subject, rules, chunks_.back().out);
        return;
    }
    const std::size_t index = chunk_for(version, records);
    auto& versions = chunks_[index].versions;
    const auto place = std::upper_bound(versions.begin(), versions.end(), version,
                                        [&](std::uint32_t a, std::uint32_t b) { return fold_before(records, a, b); });
    versions.insert(place, version);
    if (versions.size() > 2 * kTarget) split(index);
    refold(index, records, subject, rules);
}

void Chunks::remove(std::uint32_t version, const Records& records, const SubjectContext& subject,
                    const RuleSet& rules) {
    const std::size_t index = chunk_for(version, records);
    auto& versions = chunks_[index].versions;
    const auto place = std::find(versions.begin(), versions.end(), version);
    ensure(place != versions.end(), "a live version stands in its chunk");
    versions.erase(place);
    if (versions.empty() && chunks_.size() > 1) {
        // The next chunk takes over this one's start; with none left after it, the fold ends where this chunk began.
        if (index + 1 < chunks_.size()) {
            chunks_[index + 1].start = std::move(chunks_[index].start);
            chunks_.erase(chunks_.begin() + static_cast<std::ptrdiff_t>(index));
            return refold(index, records, subject, rules);
        }
        end_ = *chunks_[index].start;
        chunks_.pop_back();
        return;
    }
    refold(index, records, subject, rules);
}

void Chunks::split(std::size_t index) {
    Chunk second;
    auto& versions = chunks_[index].versions;
    const auto half = versions.begin() + static_cast<std::ptrdiff_t>(versions.size() / 2);
    second.versions.assign(half, versions.end());
    versions.erase(half, versions.end());
    second.start = std::make_unique<FoldState>();  // never a state that the fold reaches: refold() goes on past it
    second.start->held_after_death = kNone;
    chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(second));
}

void Chunks::refold(std::size_t from, const Records& records, const SubjectContext& subject, const RuleSet& rules) {
    FoldState state = chunks_[from].start ? *chunks_[from].start : FoldState{};
    for (std::size_t i = from;; ++i) {
        Chunk& chunk = chunks_[i];
        chunk.out = {};
        for (const std::uint32_t version : chunk.versions)
            step(state, records.fact(version), subject, rules, chunk.out);
        if (i + 1 == chunks_.size()) break;
        if (*chunks_[i + 1].start == state) return;
        *chunks_[i + 1].start = state;
    }
    end_ = std::move(state);
}

void Chunks::rebuild(std::vector<std::uint32_t> versions, const Records& records, const SubjectContext& subject,
                     const RuleSet& rules) {
    std::sort(versions.begin(), versions.end(),
              [&](std::uint32_t a, std::uint32_t b) { return fold_before(records, a, b); });
    chunks_.clear();
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
    for (const Chunk& chunk : chunks_) {
        all.assessments.insert(all.assessments.end(), chunk.out.assessments.begin(), chunk.out.assessments.end());
        all.episodes.insert(all.episodes.end(), chunk.out.episodes.begin(), chunk.out.episodes.end());
        all.quality.insert(all.quality.end(), chunk.out.quality.begin(), chunk.out.quality.end());
    }
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
