// Which cells of a cohort's table a subject counts in, and how; for rules/cohort/cohort_*.cc only. `Days` is what takes
// entries, censorings and events by day: a DayTable, or what gathers them for one.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "rules/cohort/cohort_table.h"

namespace cellvigil {

// What one subject puts into one cell, its day table apart from the rest.
template <typename Days>
class CellCount {
  public:
    CellCount(Days& table, TableCell& cell, std::int64_t sign) : table_(table), cell_(cell), sign_(sign) {}
    ~CellCount() {
        cell_.squares.events_squared += sign_ * events_ * events_;
        cell_.squares.events_times_days += sign_ * events_ * days_;
        cell_.squares.days_squared += sign_ * days_ * days_;
        if (counted_) cell_.subjects += sign_;
    }
    CellCount(const CellCount&) = delete;
    CellCount& operator=(const CellCount&) = delete;

    // Is there, also without a day at risk.
    void be_there() { counted_ = true; }
    // `whole`: the spell's end is the real one; else it goes on in another stratum.
    void take(const Spell& spell, Day origin, Day exit, bool whole) {
        table_.enter(origin, sign_);
        if (whole && spell.ended_in_cause) {
            table_.have_event(exit, spell.cause, sign_);
        } else {
            table_.censor(exit, sign_);
        }
        if (whole) cell_.exits[static_cast<std::size_t>(spell.why)] += sign_;
        counted_ = true;
        days_ += exit - origin;
        if (whole && spell.ended_in_cause && spell.cause == kEventCause) ++events_;
    }

  private:
    Days& table_;
    TableCell& cell_;
    std::int64_t sign_;
    std::int64_t events_ = 0;
    std::int64_t days_ = 0;
    bool counted_ = false;
};

inline bool is_split_by_day(Endpoint endpoint) {
    return endpoint >= Endpoint::zoster_past_day_90 && endpoint <= Endpoint::second_malignancy;
}

// in_cell(key, take): makes a CellCount of the cell and gives it to `take`.
template <typename InCell>
void each_cell(const IndexShare& index, const InCell& in_cell) {
    std::vector<std::pair<Stratum, std::vector<const StratumRun*>>> strata;
    for (const StratumRun& run : index.runs) {
        auto same =
            std::find_if(strata.begin(), strata.end(), [&](const auto& one) { return one.first == run.stratum; });
        if (same == strata.end()) same = strata.insert(strata.end(), {run.stratum, {}});
        same->second.push_back(&run);
    }
    TableKey key;
    key.reinfusion = index.ordinal > 1;
    const auto in_set = [&](AnalysisSet set) {
        key.set = set;
        for (const Contribution& contribution : index.contributions) {
            key.endpoint = contribution.key;
            const auto take_all = [&](auto& counting) {
                counting.be_there();
                for (const Spell& spell : contribution.spells) counting.take(spell, spell.origin, spell.exit, true);
            };
            key.stratum = {};
            in_cell(key, take_all);
            for (const Stratum& stratum : index.fixed) {
                key.stratum = stratum;
                in_cell(key, take_all);
            }
            if (!is_split_by_day(contribution.key.endpoint)) continue;
            for (const auto& [stratum, runs] : strata) {
                key.stratum = stratum;
                in_cell(key, [&, &runs = runs](auto& counting) {
                    for (const StratumRun* run : runs) {
                        for (const Spell& spell : contribution.spells) {
                            const Day origin = std::max(spell.origin, run->first - 1);
                            const Day exit = std::min(spell.exit, run->last);
                            if (origin < exit) counting.take(spell, origin, exit, exit == spell.exit);
                        }
                    }
                });
            }
        }
    };
    in_set(AnalysisSet::safety);
    if (index.efficacy) in_set(AnalysisSet::efficacy);
}

}  // namespace cellvigil
