// A pack's screens as work: which counts by site, lot or product have to be kept, and which screen reads which. Pure
// values. Source: docs/packs.md, docs/cohorts.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/pack/catalogue.h"

namespace cellvigil {

enum class ScreenGroup : std::uint8_t {
    site_rates,    // events and days at risk, by site
    site_reports,  // subjects by number of infections on days 0 to 90, of those followed through day 90, by site
    lot_rates,     // events and days at risk, and subjects by day of infusion, by lot
    site_delays,   // reports by quarter of receipt and by days since onset, by site
    completeness,  // days at risk, and those on which prophylaxis and CD4 are known
    pairs,         // subjects with a kind of event, by month of its onset, by product and kind
};
const char* name_of(ScreenGroup group);

struct ScreenTableSpec {
    CohortFilter cohort;
    ScreenGroup group = ScreenGroup::site_rates;
    ReportedEndpoint endpoint = ReportedEndpoint::zoster_past_day_90;  // of site_rates and lot_rates
    bool operator==(const ScreenTableSpec&) const = default;
};
std::string name_of(const ScreenTableSpec& table);  // "site_rates.zoster_past_day_90", "site_reports"

enum class ScreenColumn : std::uint8_t { events, at_risk, subjects, known };
inline constexpr int kScreenColumns = static_cast<int>(ScreenColumn::known) + 1;
const char* name_of(ScreenColumn column);

// The measure that a store keeps a count under: "screen/site_rates.crs_3/events/site-04". The unit is last: a site's or
// a lot's name may hold any character.
std::string screen_measure(const ScreenTableSpec& table, ScreenColumn column, std::string_view unit);

struct Screen {
    ScreenSpec spec;  // its cohort is one cohort's id, never "*"
    std::vector<std::size_t> tables;
};

struct ScreenPlan {
    std::vector<ScreenTableSpec> tables;
    std::vector<Screen> screens;
};
// A screen of "*" becomes one for every cohort of the pack.
ScreenPlan screen_plan(const Catalogue& catalogue);

const char* rule_of(ScreenMethod method);      // "C07" to "C10"; "C13" (ours): products against each other
const char* severity_of(ScreenMethod method);  // "high", "medium"
const char* words_of(ScreenMethod method);     // "site outlier"

}  // namespace cellvigil
