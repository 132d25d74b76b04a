// What one simulated subject adds to one monitor, and when that became known: from the simulator's truth, without the
// messages in between. Days are whole site-local days since 1970-01-01. Definitions: docs/backtest.md. Pure.
#pragma once

#include <optional>

#include "daemon/simulate/truth.h"
#include "rules/monitor/calendar_table.h"
#include "rules/pack/catalogue.h"

namespace cellvigil::backtest {

// Which rates the null has. at_limit: each monitor's endpoint occurs exactly at its limit, whatever else the product
// does, so that the null gives the false-alarm probability and an excess multiplies the limit. product: the rates of
// the simulated product.
enum class Base : std::uint8_t { at_limit, product };
const char* name_of(Base base);

struct Share {
    CalendarDay infused = 0;
    CalendarDay first = 0;  // person-time: both days at risk; first > last: never at risk
    CalendarDay last = 0;   // of the event when there is one
    bool event = false;
    bool left_out = false;                 // binary: not assessable (left before the landmark), replaced
    CalendarDay known = 0;                 // the event's report is in
    std::optional<CalendarDay> excess_on;  // first day on which the scenario raised this subject's risk
};

// Can the endpoint be simulated on this base? With Base::at_limit every endpoint that a monitor can count; with
// Base::product those of which the simulator has a truth.
bool is_simulated(ReportedEndpoint endpoint, Base base);
// Does the scenario change this endpoint's rate?
bool is_raised(ReportedEndpoint endpoint, simulate::Scenario scenario);

// `number` keeps the draws of several monitors of one subject apart. Requires is_simulated().
Share share_of(const simulate::SubjectTruth& truth, const simulate::Parameters& parameters, const MonitorSpec& monitor,
               Base base, std::uint32_t number);

}  // namespace cellvigil::backtest
