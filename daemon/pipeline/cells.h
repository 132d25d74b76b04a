// The cohort counts of one partition: what its subjects add up to. Absolute values, as the store keeps them.
// Not thread-safe; one worker owns it.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/store/store.h"
#include "rules/findings/findings.h"

namespace cellvigil::pipeline {

// Says by which rules the partition's subjects were counted. Without it they are judged and counted anew.
bool is_rules_cell(const store::Cell& cell);

class Cells {
  public:
    explicit Cells(std::uint32_t partition) : partition_(partition) {}

    // As committed, names of subjects left out; nothing of it counts as changed.
    void load(const std::vector<store::Cell>& stored);

    // One subject counts in a cohort ("study/cohort") with this summary; or no longer.
    void add(std::string_view cohort, const SubjectSummary& summary) { count(cohort, summary, 1); }
    void remove(std::string_view cohort, const SubjectSummary& summary) { count(cohort, summary, -1); }

    // One place by its names.
    void change(std::string_view cohort, std::string_view measure, std::int32_t x, std::int64_t by);
    void put(std::string_view cohort, std::string_view measure, std::int32_t x, std::int64_t value);

    // Every count back to 0, for counting anew.
    void clear();

    // The rules that the counted subjects were judged by; empty: none counted yet. Kept as a cell of its own, because
    // it has to change in the same transaction.
    std::string rules_hash() const;
    void set_rules_hash(std::string_view hash);

    // Appends the cells that differ from what was last drained or loaded.
    void drain_changes(std::vector<store::Cell>& out);

    // What the last day close had of the cells of monitors, by change(). After load().
    void load_closed(const std::vector<store::CellDelta>& stored);
    // By how much they differ from the last close, ascending by name and x; the next close goes on from here.
    std::vector<store::CellDelta> drain_closed();

  private:
    // Cohort, measure and x in one number: names stand in tables.
    using Key = std::uint64_t;
    struct Count {
        std::int64_t value = 0;
        std::int64_t stored = 0;
        bool listed = false;      // in changed_
        bool open = false;        // in open_
        std::int64_t closed = 0;  // of monitors: as of the last day close
    };
    struct Literal {  // a measure's name as rules/findings gives it, by its address
        const char* text = nullptr;
        std::uint32_t measure = 0;
    };
    // Names in the order in which they were first met, and their places.
    struct Names {
        std::vector<std::string> list;
        boost::unordered_flat_map<std::string, std::uint32_t> places;
        std::uint32_t place_of(std::string_view name);
    };

    void count(std::string_view cohort, const SubjectSummary& summary, std::int64_t by);
    void set(Key key, Count& count, std::int64_t value);
    std::uint32_t cohort_number(std::string_view cohort);
    std::uint32_t measure_number(std::string_view measure);
    std::uint32_t measure_number(const char* literal);

    std::uint32_t partition_;
    Names cohorts_;
    Names measures_;
    std::vector<Literal> literals_;
    boost::unordered_flat_map<Key, Count> counts_;
    void open(Key key, Count& count);

    std::vector<Key> changed_;
    std::vector<Key> open_;
};

}  // namespace cellvigil::pipeline
