// When a day is over in one partition: a function of what its log holds and of the pack's values, never of the wall
// clock.
//
// Every site's clock stands at the newest time at which it wrote a record (or the log took it, whichever is earlier),
// in whole hours, rounded down. A site is active while its clock is at most `activity` behind the most advanced one,
// and its last record was taken at most `activity` before the newest that was taken at all; equal counts as active. The
// watermark is the earliest clock of an active site less `lateness`. Day D is over once the watermark is at least the
// end of D (midnight UTC) plus `grace`. A tick is the deployment's word that a day is over elsewhere: it moves the most
// advanced clock and decides alone only where no site is active. Settled: 1, 7, 8; docs/cohorts.md. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/time.h"
#include "rules/monitor/calendar_table.h"
#include "rules/pack/rule_set.h"

namespace cellvigil {

using EpochHours = std::chrono::sys_time<hours>;

struct SiteClock {
    std::string study;  // of a tick both are empty
    std::string site;
    EpochHours recorded = EpochHours::min();
    EpochHours appended = EpochHours::min();
    bool is_tick() const { return study.empty() && site.empty(); }
    bool operator==(const SiteClock&) const = default;
};

class DayClock {
  public:
    // A record of the site; not one that was backfilled. True: a clock moved, so a day may be over. `place`: where the
    // site's clock may be, any number when nothing is known, and then where it is.
    bool see(std::string_view study, std::string_view site, Instant recorded, Instant appended, std::uint32_t& place);
    bool see(std::string_view study, std::string_view site, Instant recorded, Instant appended) {
        std::uint32_t anywhere = 0;
        return see(study, site, recorded, appended, anywhere);
    }
    // Elsewhere `through` is over; the others' log stood at `log_time`.
    bool tick(CalendarDay through, Instant log_time, const DayCloseRules& rules);
    // As it was kept: for recovery.
    void restore(SiteClock clock);

    // nullopt: nobody has said anything that counts.
    std::optional<CalendarDay> over(const DayCloseRules& rules) const;
    bool has_active_site(const DayCloseRules& rules) const;
    const std::vector<SiteClock>& clocks() const { return clocks_; }

  private:
    std::uint32_t place_of(std::string_view study, std::string_view site);
    SiteClock& clock_of(std::string_view study, std::string_view site) { return clocks_[place_of(study, site)]; }

    std::vector<SiteClock> clocks_;  // ascending by site and study: looked up with every message
};

// Days are UTC here; when the last site's local day has ended, `grace` has passed.
Instant end_of(CalendarDay day);
CalendarDay utc_day(Instant at);

}  // namespace cellvigil
