#include "rules/cohort/cohort_table.h"

#include <algorithm>

namespace cellvigil {
namespace {

// What one subject puts into one cell.
class CellCount {
  public:
    CellCount(TableCell& cell, std::int64_t sign) : cell_(cell), sign_(sign) {}
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
        cell_.days.enter(origin, sign_);
        if (whole && spell.ended_in_cause) {
            cell_.days.have_event(exit, spell.cause, sign_);
        } else {
            cell_.days.censor(exit, sign_);
        }
        if (whole) cell_.exits[static_cast<std::size_t>(spell.why)] += sign_;
        counted_ = true;
        days_ += exit - origin;
        if (whole && spell.ended_in_cause && spell.cause == kEventCause) ++events_;
    }

  private:
    TableCell& cell_;
    std::int64_t sign_;
    std::int64_t events_ = 0;
    std::int64_t days_ = 0;
    bool counted_ = false;
};

bool is_split_by_day(Endpoint endpoint) {
    return endpoint >= Endpoint::zoster_past_day_90 && endpoint <= Endpoint::second_malignancy;
}

template <typename Map>
void drop_if_zero(Map& cells, typename Map::iterator at) {
    if (at->second.is_zero()) cells.erase(at);
}

}  // namespace

void CohortTable::count(const SubjectShare& share, std::int64_t sign) {
    for (const IndexShare& index : share.indexes) {
        count(index, AnalysisSet::safety, sign);
        if (index.efficacy) count(index, AnalysisSet::efficacy, sign);
    }
}

void CohortTable::count(const IndexShare& index, AnalysisSet set, std::int64_t sign) {
    TableKey key;
    key.set = set;
    key.reinfusion = index.ordinal > 1;
    const auto in_cell = [&](const Stratum& stratum, const auto& take) {
        key.stratum = stratum;
        const auto at = cells_.try_emplace(key).first;
        {
            CellCount counting(at->second, sign);
            take(counting);
        }
        drop_if_zero(cells_, at);
    };
    for (const Contribution& contribution : index.contributions) {
        key.endpoint = contribution.key;
        const auto take_all = [&](CellCount& counting) {
            counting.be_there();
            for (const Spell& spell : contribution.spells) counting.take(spell, spell.origin, spell.exit, true);
        };
        in_cell({}, take_all);
        for (const Stratum& stratum : index.fixed) in_cell(stratum, take_all);
        if (!is_split_by_day(contribution.key.endpoint)) continue;
        std::vector<Stratum> strata;
        for (const StratumRun& run : index.runs) {
            if (std::find(strata.begin(), strata.end(), run.stratum) == strata.end()) strata.push_back(run.stratum);
        }
        for (const Stratum& stratum : strata) {
            in_cell(stratum, [&](CellCount& counting) {
                for (const StratumRun& run : index.runs) {
                    if (!(run.stratum == stratum)) continue;
                    for (const Spell& spell : contribution.spells) {
                        const Day origin = std::max(spell.origin, run.first - 1);
                        const Day exit = std::min(spell.exit, run.last);
                        if (origin < exit) counting.take(spell, origin, exit, exit == spell.exit);
                    }
                }
            });
        }
    }
}

void CohortTable::combine(const CohortTable& other, std::int64_t sign) {
    if (&other == this) {
        const CohortTable copy = other;
        combine(copy, sign);
        return;
    }
    for (const auto& [key, cell] : other.cells_) {
        const auto at = cells_.try_emplace(key).first;
        TableCell& mine = at->second;
        if (sign > 0) {
            mine.days.merge(cell.days);
        } else {
            mine.days.subtract(cell.days);
        }
        for (std::size_t i = 0; i < kExits; ++i) mine.exits[i] += sign * cell.exits[i];
        mine.squares.events_squared += sign * cell.squares.events_squared;
        mine.squares.events_times_days += sign * cell.squares.events_times_days;
        mine.squares.days_squared += sign * cell.squares.days_squared;
        mine.subjects += sign * cell.subjects;
        drop_if_zero(cells_, at);
    }
}

const TableCell* CohortTable::find(const TableKey& key) const {
    const auto found = cells_.find(key);
    return found == cells_.end() ? nullptr : &found->second;
}

void CohortTable::drop_zeros() {
    std::erase_if(cells_, [](const auto& entry) { return entry.second.is_zero(); });
}

}  // namespace cellvigil
