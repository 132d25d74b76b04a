// The cohort counts of one partition: what its subjects add up to. Absolute values, as the store keeps them.
// Not thread-safe; one worker owns it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/store/store.h"
#include "rules/findings/findings.h"

namespace cellvigil::pipeline {

class Cells {
  public:
    explicit Cells(std::uint32_t partition) : partition_(partition) {}

    // As committed; nothing of it counts as changed.
    void load(const std::vector<store::Cell>& stored);

    // One subject counts in a cohort ("study/cohort") with this summary; or no longer.
    void add(std::string_view cohort, const SubjectSummary& summary) { count(cohort, summary, 1); }
    void remove(std::string_view cohort, const SubjectSummary& summary) { count(cohort, summary, -1); }

    // Every count back to 0, for counting anew.
    void clear();

    // The rules that the counted subjects were judged by; empty: none counted yet. Kept as a cell of its own, because it has to
    // change in the same transaction.
    std::string rules_hash() const;
    void set_rules_hash(std::string_view hash);

    // Appends the cells that differ from what was last drained or loaded.
    void drain_changes(std::vector<store::Cell>& out);

  private:
    struct Key {
        std::string cohort;
        std::string measure;
        std::int32_t x = 0;
        auto operator<=>(const Key&) const = default;
    };
    struct Count {
        std::int64_t value = 0;
        std::int64_t stored = 0;
        bool listed = false;  // in changed_
    };
    using Counts = std::map<Key, Count>;

    void count(std::string_view cohort, const SubjectSummary& summary, std::int64_t by);
    void set(Counts::iterator cell, std::int64_t value);

    std::uint32_t partition_;
    Counts counts_;
    std::vector<Counts::iterator> changed_;
};

}  // namespace cellvigil::pipeline
