#include "rules/monitor/screen.h"

#include <algorithm>

#include "rules/base/ensure.h"
#include "rules/monitor/screen_text.h"

namespace cellvigil {
namespace {

// Raised ones first, so that the bound never cuts one off before a quiet one.
void bound(ScreenLook& look) {
    std::stable_sort(look.units.begin(), look.units.end(), [](const ScreenUnit& a, const ScreenUnit& b) {
        return a.raised != b.raised ? a.raised : a.unit < b.unit;
    });
    if (look.units.size() <= kMostUnits) return;
    look.left_out = look.units.size() - kMostUnits;
    look.units.resize(kMostUnits);
}

ScreenLook by_method(const ScreenSpec& spec, const std::vector<const ScreenTable*>& tables, CalendarDay through,
                     PairFit& fit) {
    switch (spec.method) {
        case ScreenMethod::site_outlier:
            ensure(tables.size() == 2, "sites are looked at by rates and by reports");
            return look_at_sites(spec, *tables[0], *tables[1]);
        case ScreenMethod::lot_scan:
            return look_at_lots(spec, *tables.at(0));
        case ScreenMethod::reporting_delay:
            return look_at_delays(spec, *tables.at(0), through);
        case ScreenMethod::completeness:
            return look_at_completeness(spec, *tables.at(0));
        case ScreenMethod::ic:
        case ScreenMethod::eb05:
        case ScreenMethod::prr:
        case ScreenMethod::ror:
            return look_at_pairs(spec, *tables.at(0), through, fit);
    }
    return {};
}

}  // namespace

std::int32_t calendar_place(ScreenMethod method, CalendarDay through) {
    switch (method) {
        case ScreenMethod::reporting_delay:
            return through / kQuarterDays;
        case ScreenMethod::ic:
        case ScreenMethod::eb05:
        case ScreenMethod::prr:
        case ScreenMethod::ror:
            return through / kMonthDays;
        case ScreenMethod::site_outlier:
        case ScreenMethod::lot_scan:
        case ScreenMethod::completeness:
            return 0;
    }
    return through;
}

ScreenLook look_at(const ScreenSpec& spec, const std::vector<const ScreenTable*>& tables, CalendarDay through,
                   PairFit& fit) {
    ScreenLook look = by_method(spec, tables, through, fit);
    bound(look);
    return look;
}

std::string screen_alarm_id(const ScreenSpec& spec, const ScreenUnit& unit) {
    return id_of("screen\n" + line_of(spec) + unit.unit + "\n" + unit.cause);
}

ScreenLook look_at_completeness(const ScreenSpec& spec, const ScreenTable& person_days) {
    ScreenLook look;
    const auto found = person_days.units().find("");
    const std::int64_t all = found == person_days.units().end() ? 0 : found->second.total(ScreenColumn::at_risk);
    if (all <= 0) {
        look.cannot_signal = "nobody has been at risk past day 90 yet";
        return look;
    }
    const std::int64_t known = found->second.total(ScreenColumn::known);
    const double share = static_cast<double>(known) / static_cast<double>(all);
    // In whole numbers: a share equal to the floor is enough.
    const bool enough = known * 1'000'000 >= all * spec.floor_millionths;
    ScreenUnit unit;
    unit.raised = !enough;
    unit.cause = "completeness";
    unit.side = "incomplete";
    unit.figures = {{"person_days", static_cast<double>(all)},
                    {"known_person_days", static_cast<double>(known)},
                    {"share", share},
                    {"floor", static_cast<double>(spec.floor_millionths) / 1e6}};
    unit.words = "Prophylaxis and a CD4 count that is not too old are known for " + percent_text(share) + " of " +
                 std::to_string(all) + " person-days at risk past day 90, " +
                 percent_text(static_cast<double>(spec.floor_millionths) / 1e6) + " are asked for.";
    if (unit.raised) {
        const std::int64_t wanted = (all * spec.floor_millionths + 999'999) / 1'000'000;
        unit.clears = "Prophylaxis and CD4 become known for " + std::to_string(wanted - known) + " more person-days.";
    }
    look.units.push_back(std::move(unit));
    return look;
}

}  // namespace cellvigil
