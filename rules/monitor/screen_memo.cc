#include "rules/monitor/screen_memo.h"

#include <algorithm>
#include <utility>

#include "rules/base/ensure.h"

namespace cellvigil {

ScreenMemo::ScreenMemo(std::shared_ptr<const Prepared> prepared) : prepared_(std::move(prepared)) {
    const std::size_t screens = prepared_->plan.screens.screens.size();
    fits_.resize(screens);
    looks_.resize(screens);
}

const std::vector<ScreenLook>& ScreenMemo::look(std::vector<ScreenTable> tables, CalendarDay through) {
    ensure(tables.size() == prepared_->plan.screens.tables.size(), "the tables are those of the plan");
    std::vector<bool> same(tables.size());
    for (std::size_t i = 0; i < tables.size(); ++i) same[i] = !tables_.empty() && tables[i] == tables_[i];
    const bool first = places_.empty();
    tables_ = std::move(tables);
    places_.resize(looks_.size());
    for (std::size_t i = 0; i < looks_.size(); ++i) {
        const Screen& screen = prepared_->plan.screens.screens[i];
        const std::int32_t place = calendar_place(screen.spec.method, through);
        const bool known =
            !first && place == places_[i] &&
            std::all_of(screen.tables.begin(), screen.tables.end(), [&](std::size_t t) { return same[t]; });
        places_[i] = place;
        if (known) continue;
        std::vector<const ScreenTable*> read;
        for (const std::size_t t : screen.tables) read.push_back(&tables_[t]);
        looks_[i] = look_at(screen.spec, read, through, fits_[i]);
        ++computed_;
    }
    return looks_;
}

}  // namespace cellvigil
