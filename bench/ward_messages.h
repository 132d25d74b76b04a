// A ward's messages, made once and fed from memory (daemon/simulate/ward_load.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/clock.h"
#include "daemon/simulate/ward_load.h"
#include "rules/base/hash.h"

namespace cellvigil::bench {

inline constexpr std::uint32_t kPartitions = 12;

// Messages laid end to end in memory.
class Messages {
  public:
    Messages(std::uint64_t count, std::uint32_t subjects) {
        simulate::WardLoad load;
        load.messages = count;
        load.subjects = subjects;
        load.now = wall_clock();
        simulate::WardGenerator generator(load);
        simulate::Outgoing out;
        while (generator.next(out)) {
            entries_.push_back({.at = bytes_.size(),
                                .key = static_cast<std::uint32_t>(out.key.size()),
                                .value = static_cast<std::uint32_t>(out.value.size()),
                                .partition = partition_of(out.key, kPartitions)});
            bytes_.append(out.key).append(out.value);
        }
    }
    // As a broker's answers bring them: of one partition so many, then of the next.
    void arrange() {
        constexpr std::size_t kRun = 10'000;
        std::array<std::vector<Entry>, kPartitions> waiting;
        std::vector<Entry> arranged;
        arranged.reserve(entries_.size());
        for (const Entry& entry : entries_) {
            auto& run = waiting[entry.partition];
            run.push_back(entry);
            if (run.size() < kRun) continue;
            arranged.insert(arranged.end(), run.begin(), run.end());
            run.clear();
        }
        for (const auto& run : waiting) arranged.insert(arranged.end(), run.begin(), run.end());
        entries_ = std::move(arranged);
    }
    std::size_t size() const { return entries_.size(); }
    double mean_bytes() const { return static_cast<double>(bytes_.size()) / static_cast<double>(entries_.size()); }
    std::string_view key(std::size_t i) const {
        return std::string_view(bytes_).substr(entries_[i].at, entries_[i].key);
    }
    std::string_view value(std::size_t i) const {
        return std::string_view(bytes_).substr(entries_[i].at + entries_[i].key, entries_[i].value);
    }
    std::uint32_t partition(std::size_t i) const { return entries_[i].partition; }

  private:
    struct Entry {
        std::size_t at;
        std::uint32_t key;
        std::uint32_t value;
        std::uint32_t partition;
    };
    std::string bytes_;
    std::vector<Entry> entries_;
};

}  // namespace cellvigil::bench
