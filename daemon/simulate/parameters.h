// Everything the site simulator can be told, with the figures of the reference products. Times named `days` count from
// the infusion, shares are 0..1, hazards are per 1000 person-years where they say so. docs/simulator.md says where each
// figure comes from and which are assumptions. Plain values; nothing here draws a number.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/simulate/random.h"
#include "rules/base/result.h"
#include "rules/base/time.h"
#include "rules/event/body.h"

namespace cellvigil::simulate {

// Changes with any difference in what a seed produces; written into every truth ledger.
inline constexpr std::string_view kSimulatorVersion = "2";

// How patients leave: relapse, death, loss, data cut.
struct Exits {
    double cured = 0;
    Lognormal relapse_months;
    double survival_after_relapse_median_months = 0;
    double other_death_to_day_28 = 0;  // non-relapse mortality, cumulative
    double other_death_day_28_to_365 = 0;
    double other_death_per_later_year = 0;
    double treated_after_relapse = 0.75;
    Lognormal treatment_after_relapse_days{21, 0.5};
    Lognormal follow_up_months;  // to the data cut
    Span follow_up_limits_months{3.1, 72.2};
    double lost = 0;  // uniform over lost_days
    Span lost_days{120, 1461};
};

// Best response, of everybody. Who is cured is in complete remission; who is not answers so much less often that the
// shares come out as they stand here.
struct Responses {
    double overall = 1;
    double complete = 0.85;
};

// CRS or ICANS.
struct AcuteToxicity {
    double any = 0;
    double severe = 0;           // grade 3 or 4, share of all patients
    double grade_1_of_mild = 0;  // share of grade 1 among grades 1 and 2
    double grade_4_of_severe = 0;
    Lognormal onset_days;
    double onset_below_day = 15;
    double late_onset = 0;  // share of cases that begin between onset_below_day and day 28 instead
    Lognormal duration_days;
};

struct VitalSigns {
    int every_minutes = 240;  // inpatient charting
    double fall_after_tocilizumab = 0.70;
    double missed_night_assessment = 0.08;  // ICE or CAPD
    double missed_reading = 0.03;
    double outpatient = 0.15;  // share treated as outpatients: daily readings until CRS brings them in
    double unit_error = 0.01;  // a Fahrenheit or kPa figure under the usual unit
    double digit_slip = 0.005;
    double wrong_day = 0.02;
    double error_corrected = 0.8;  // share of those three that the ward amends later
};

enum class Phenotype : std::uint8_t { mild, quick, intermittent, aplastic };
inline constexpr int kPhenotypes = 4;
struct BloodCounts {
    std::array<double, kPhenotypes> shares{};  // in the order of Phenotype
    double growth_factor = 0.40;
    Lognormal platelets_recover_days{29.4, 0.87};    // 51 % by day 30, 90 % by day 90
    Lognormal haemoglobin_recover_days{23.2, 0.92};  // 61 % and 93 %
    Lognormal lymphocytes_recover_days{66, 1.35};    // 28 % and 59 %: carries the white cells
    double redraw = 0.02;                            // a second sample on the same day
    double white_cells_spared = 0;  // share whose other white cells keep the leukocytes from falling below 2 * 10*9/L
};

struct ImmuneRecovery {
    Lognormal b_cells_recover_months{13, 0.7};
    Lognormal igg_baseline{6.5, 0.4};                 // g/L
    double igg_nadir_factor = 0.6;                    // at day 180
    double immunoglobulin_given = 0.65;               // of those below 4 g/L
    std::array<double, 3> missing{0.30, 0.45, 0.40};  // tests at day 90, day 180, one year and later
};

struct Infections {
    std::array<double, 4> per_100_days{1.19, 0.67, 0.35, 0.12};  // days 0-28, 29-90, 91-365, later
    double frailty_variance = 1;                                 // gamma, mean 1
    std::array<double, 2> severe{0.35, 0.20};                    // to day 28, later
    double seen = 1;  // share that the site reports; 0.4 looks like a registry
};

struct ZosterRisk {
    // Hazard without prophylaxis per 1000 person-years: days 0-30, 30-90, 90-365, year 2, year 3, later.
    std::array<double, 6> per_1000_years{60, 90, 150, 95, 50, 25};
    double hazard_ratio_on_prophylaxis = 0.19;
    Lognormal prophylaxis_stop_days{180, 0.6};
    // localised, multidermatomal, disseminated, ophthalmic or oticus, CNS or visceral
    std::array<double, 5> classes{0.70, 0.10, 0.10, 0.08, 0.02};
    double neuralgia = 0.20;
    double serious = 0.25;
    double recurrence_per_year = 0.05;
};

// How what happened becomes messages (docs/simulator.md, "The message stream").
struct MessageStream {
    Lognormal inpatient_days{0.5, 0.8};  // onset to the site's record
    Lognormal outpatient_days{7, 1.13};
    double only_at_next_visit = 0.20;
    Lognormal serious_days{1, 0.7};  // the site's knowledge to the sponsor
    Lognormal other_days{7, 0.8};    // after the next visit
    double expedited_late = 0.09;
    double expedited_late_fatal = 0.12;
    double serious_versions = 2.2;  // mean number of versions of a serious report
    double nullified = 0.0033;
    double reported_twice = 0.025;  // the same happening under another record
    double sent_twice = 0.01;       // the same bytes again
    double out_of_order = 0.05;
    double far_out_of_order = 0.005;  // by more than 30 days
    double onset_corrected = 0.08;
    double grade_corrected = 0.06;
    double term_corrected = 0.04;
    double causality_corrected = 0.05;
    double lot_corrected = 0.01;
    double month_only = 0.04;
    double year_only = 0.005;
    double clock_skew_s = 40;  // standard deviation over sites
    double wrong_zone = 0.01;
    double malformed = 0.003;
    bool wrong_keys = true;  // among the malformed; off where the way to the daemon carries no keys
    double outage = 0.02;    // share of site-days
    int heartbeat_every_days = 1;
};

enum class Scenario : std::uint8_t {
    none,                   // the null: nothing out of the ordinary
    hazard_doubled,         // zoster hazard doubled from a date
    lot_doubled,            // doubled in one lot
    site_tripled,           // tripled at one site
    prophylaxis_shortened,  // stopped at a median of 60 days
    crs_tripled,            // CRS of grade 3 and 4; any grade at least as often
    icans_tripled,          // the same of ICANS
};
inline constexpr int kScenarios = 7;
const char* name_of(Scenario scenario);  // "none", "hazard-doubled", ...
// Also "null", "one-lot" and "one-site", and each with underscores. `not_found` names them all.
Result<Scenario> scenario_of(std::string_view name);

struct Product {
    Coding code;
    Coding indication;
    double dose_millions = 0;  // of cells, or per kg
    bool dose_per_kg = false;
};

struct Parameters {
    std::string preset;
    std::string study;
    std::string cohort;
    std::string subject_prefix;  // "C039-": subjects are C039-0001, ...
    Product product;
    std::uint64_t seed = 1;
    Instant now{};  // nothing is recorded at or after it
    std::uint32_t subjects = 48;
    std::uint32_t sites = 4;  // "site-01", "site-02", ...
    UtcOffset site_offset = hours(8);
    std::uint32_t lots = 6;
    double paediatric = 0;  // share under 12 years: CAPD instead of ICE
    Scenario scenario = Scenario::none;
    Instant scenario_from{};  // hazard_doubled only; by default two years before now
    Exits exits;
    Responses responses;
    AcuteToxicity crs;
    AcuteToxicity icans;
    VitalSigns vitals;
    BloodCounts counts;
    ImmuneRecovery immune;
    Infections infections;
    ZosterRisk zoster;
    MessageStream stream;
};

// "c-car039", "axi-cel" or "relma-cel"; `now` is left at 1970 and must be set. `not_found` for any other name.
Result<Parameters> preset(std::string_view name);
std::vector<std::string> preset_names();

}  // namespace cellvigil::simulate
