// What a pack watches beside rates against a limit: sites, lots, reporting delay, how complete the data are, and
// products against each other. A screen points at a place to look; it is no sequential test of a rate. Pure values.
// Source: docs/packs.md, docs/statistics/sites.md, docs/statistics/disproportionality.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rules/pack/reported_endpoint.h"

namespace cellvigil {

enum class ScreenMethod : std::uint8_t {
    site_outlier,  // C07: a site's rate against all sites', both tails; and fewer infection reports than chance allows
    lot_scan,      // C08: a lot, or neighbouring lots, with more than its share of the events
    reporting_delay,  // C09: a site has begun to report later
    completeness,     // C10: the share of time at risk with prophylaxis and CD4 known
    ic,               // products against each other: IC025 > 0 in two months in a row
    eb05,             // EB05 >= 2, zeros-included MGPS
    prr,              // Evans' criteria
    ror,              // lower end of the reporting odds ratio above 1
};
inline constexpr ScreenMethod kLastScreenMethod = ScreenMethod::ror;
const char* name_of(ScreenMethod method);
bool compares_products(ScreenMethod method);
bool counts_endpoint(ScreenMethod method);  // site_outlier and lot_scan: of the spec's endpoint

struct ScreenSpec {
    std::string id;
    std::string cohort;  // CohortFilter::id; "*": each cohort of the pack
    ScreenMethod method = ScreenMethod::site_outlier;
    ReportedEndpoint endpoint = ReportedEndpoint::zoster_past_day_90;
    std::int64_t alpha_millionths = 50'000;  // over all sites, lots or pairs of one look
    std::int64_t least = 0;   // 0: the method's own; fewest subjects (sites), events (lots), reports (delay, pairs)
    std::int64_t widest = 1;  // lot_scan: so many neighbouring lots at most are looked at together, 1 to 16
    std::int64_t floor_millionths = 700'000;  // completeness: a lower share is too little
    bool operator==(const ScreenSpec&) const = default;
};

std::string line_of(const ScreenSpec& screen);  // for the pack's hash

}  // namespace cellvigil
