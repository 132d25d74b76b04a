// Screens: sites, lots, reporting delay, completeness, products against each other. Each look is a function of the sums
// and the day. A screen points at where to look: its alpha is for one look over all its units, not for looking every
// day. Sources and formulas: docs/statistics/sites.md, docs/statistics/disproportionality.md. Pure; microseconds per
// site, lot or pair, whatever the number of subjects.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/monitor/calendar_table.h"
#include "rules/monitor/screen_table.h"
#include "rules/stats/mgps_fit.h"

namespace cellvigil {

struct ScreenFigure {
    const char* name;
    std::optional<double> value;  // nullopt: undefined
};

// A site, a lot, a product and a kind of event, or the whole cohort.
struct ScreenUnit {
    std::string unit;
    bool raised = false;
    const char* cause = "rate";  // what is looked at; with the unit it names the alarm: "rate", "reports", "delay", ...
    const char* side = "";       // "high", "low", "late", "incomplete"
    std::optional<double> p;     // for all units of the look: already multiplied or adjusted
    std::vector<ScreenFigure> figures;
    std::string words;   // one sentence
    std::string clears;  // what single change would clear it; empty: not raised
};

struct ScreenLook {
    std::string cannot_signal;      // why; empty: it can
    std::vector<ScreenUnit> units;  // raised ones first, then by unit; at most kMostUnits
    std::size_t left_out = 0;
};
inline constexpr std::size_t kMostUnits = 200;

// The prior that was fitted last, and to which counts: tens of milliseconds that the same counts need not cost again.
struct PairFit {
    PairCounts counts;
    MgpsPrior prior;
};

// `tables` as the screen's groups list them. `fit` spares a fit and changes no look.
ScreenLook look_at(const ScreenSpec& spec, const std::vector<const ScreenTable*>& tables, CalendarDay through,
                   PairFit& fit);

// All that a look takes of its day: on two days of one place the same counts give the same look.
std::int32_t calendar_place(ScreenMethod method, CalendarDay through);

// The parts, by method.
ScreenLook look_at_sites(const ScreenSpec& spec, const ScreenTable& rates, const ScreenTable& reports);
ScreenLook look_at_lots(const ScreenSpec& spec, const ScreenTable& rates);
ScreenLook look_at_delays(const ScreenSpec& spec, const ScreenTable& delays, CalendarDay through);
ScreenLook look_at_completeness(const ScreenSpec& spec, const ScreenTable& days);
ScreenLook look_at_pairs(const ScreenSpec& spec, const ScreenTable& pairs, CalendarDay through, PairFit& fit);

// Of its alarm: of the screen's definition, the cohort, the unit and the cause alone, so it is raised once.
std::string screen_alarm_id(const ScreenSpec& spec, const ScreenUnit& unit);

}  // namespace cellvigil
